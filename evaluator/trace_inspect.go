package evaluator

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// inspect traces a middlebox or an appliance that is declared transparent, and
// the way on from its subnet.
func (t *tracer) inspect(b *inspector, from, to station, p headerspace.Packet, via *natHop, detours int, returning bool) lane {
	hop := Hop{Address: b.address, Kind: b.kind, Result: HopPass, Step: Passed{}, Packet: p, Origin: b.origin}
	at := station{inside: true}
	a, ok := t.w.follow(b.address, "subnet", b.subnet)
	if at.s = t.n.Subnet(a); ok && at.s != nil {
		at.vpc, _ = t.w.follow(at.s.Address, "VPC", at.s.VPC)
	}
	fail := func(code netmodel.Code) lane {
		hop.Result, hop.Code = HopBlock, code
		t.add(hop)
		return lane{ended: true}
	}
	beside := at.s == nil || at.s == from.s
	switch {
	case slices.Contains(from.through, b.address):
		return fail(netmodel.ForwardingLoop)
	case at.vpc != "" && at.vpc != from.vpc:
		return fail(netmodel.NoRouteToDestination)
	case b.iface != nil && !t.w.holds(b.address, "attached", b.iface.Attached):
		return fail(netmodel.UnassociatedComponent)
	case b.iface != nil && t.w.holds(b.address, "source check", b.iface.SourceCheck):
		return fail(netmodel.ENISourceDestCheck)
	case at.s == nil, at.vpc == "", !b.unknown.IsZero():
		if beside {
			t.dropLastACL() // EV-13
		}
		hop.Result, hop.Gaps = HopUnknown, t.whyNot(b, at)
		hop.Code = codeOf(hop.Gaps)
		t.add(hop)
		return lane{inbound: maybe, outbound: maybe, strange: true, beside: beside}
	case beside:
		t.dropLastACL() // EV-13
	default:
		t.acl(at.s, netmodel.Ingress, p, aclCode(returning))
	}
	if m := t.n.Middlebox(b.address); m != nil {
		hop.Notes = m.Notes
	}
	switch {
	case b.policy != nil:
		hop = t.policyHop(hop, b.policy, p, returning)
		t.add(hop)
	case b.iface != nil && !returning:
		t.applianceGroups(b.iface, from, to, p)
		t.add(hop)
	default:
		t.add(hop)
	}
	next := from
	next.s, next.vpc, next.arrived, next.strict = at.s, at.vpc, false, false
	next.through = append(slices.Clone(from.through), b.address)
	rest := t.lane(next, to, p, via, detours-1, returning)
	rest.peered, rest.outbound = false, min(rest.outbound, maybe)
	rest.inbound, rest.noInbound = no, netmodel.SGReferencesNotPreserved
	rest.through = append([]netmodel.Address{b.address}, rest.through...)
	return rest
}

// whyNot is why it is not known what an inspector does.
func (t *tracer) whyNot(b *inspector, at station) []netmodel.Gap {
	switch {
	case at.s == nil && !b.subnet.IsSettled():
		return []netmodel.Gap{b.subnet.Gap()}
	case at.s == nil:
		a, _ := b.subnet.Exact()
		return []netmodel.Gap{t.foreign(a)}
	case at.vpc == "":
		return []netmodel.Gap{at.s.VPC.Gap()}
	}
	return []netmodel.Gap{b.unknown}
}

// applianceGroups traces the groups of an appliance, in and out again.
func (t *tracer) applianceGroups(i *netmodel.Interface, from, to station, p headerspace.Packet) {
	own := t.station(i, i.Address, netip.Addr{})
	for _, d := range []netmodel.Direction{netmodel.Ingress, netmodel.Egress} {
		far := from
		if d == netmodel.Egress {
			far = to
		}
		hop := t.groupsHop(own, d, p, far)
		if other := t.groupsHop(own, d, p, far.nameless()); other.Result != hop.Result {
			hop = unsure(hop, other.Gaps)
		}
		t.add(hop)
	}
}

// policyHop is what a firewall policy does with a packet, or with a reply.
func (t *tracer) policyHop(hop Hop, policy *netmodel.FirewallPolicy, p headerspace.Packet, returning bool) Hop {
	v := t.firstRule(policy.Stateless, policy.StatelessDefault, p)
	if returning {
		t.replyByPolicy(&v, policy, p)
	} else if v.may(netmodel.FirewallInspect) {
		v.hand(t.firstRule(policy.Stateful, policy.StatefulDefault, p))
	}
	if v.origin.Address != "" {
		hop.Origin = v.origin
	}
	pass, drop := v.may(netmodel.FirewallPass), v.may(netmodel.FirewallDrop)
	switch {
	case pass && !drop:
	case drop && !pass:
		hop.Result, hop.Code = HopBlock, netmodel.FirewallRulesRestriction
	default:
		hop.Result, hop.Gaps = HopUnknown, append(v.gaps, policy.Gaps...)
		if len(hop.Gaps) == 0 {
			hop.Gaps = []netmodel.Gap{{Origin: policy.Origin, Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedRules,
				Detail: "packets and replies may take different ways through the policy"}}
		}
		hop.Code = codeOf(hop.Gaps)
	}
	return hop
}

// A firewallVerdict is what rules do with one packet.
type firewallVerdict struct {
	actions map[netmodel.FirewallAction]bool // what may happen
	origin  netmodel.Origin                  // of the rule that decides; zero: the default
	gaps    []netmodel.Gap
}

func (v *firewallVerdict) may(a netmodel.FirewallAction) bool { return v.actions[a] }

// add notes that an action may happen.
func (v *firewallVerdict) add(a netmodel.FirewallAction) {
	if a != netmodel.FirewallUnclear {
		v.actions[a] = true
		return
	}
	for _, x := range []netmodel.FirewallAction{netmodel.FirewallPass, netmodel.FirewallDrop, netmodel.FirewallInspect} {
		v.actions[x] = true
	}
}

// hand puts what the stateful rules do in the place of handing on to them.
func (v *firewallVerdict) hand(next firewallVerdict) {
	delete(v.actions, netmodel.FirewallInspect)
	for _, a := range []netmodel.FirewallAction{netmodel.FirewallPass, netmodel.FirewallDrop} {
		if next.may(a) {
			v.actions[a] = true
		}
	}
	v.gaps = append(v.gaps, next.gaps...)
	if next.origin.Address != "" {
		v.origin = next.origin
	}
}

// firstRule is what the first rule that names a packet does with it, and those
// before that may.
func (t *tracer) firstRule(rules []netmodel.FirewallRule, otherwise netmodel.FirewallAction, p headerspace.Packet) firewallVerdict {
	v := firewallVerdict{actions: map[netmodel.FirewallAction]bool{}}
	for k := range rules {
		r := &rules[k]
		fit := t.firewallFits(r, p)
		if fit == no {
			continue
		}
		v.add(r.Action)
		if v.origin.Address == "" {
			v.origin = r.Origin
		}
		if fit == yes && r.Action != netmodel.FirewallUnclear {
			return v
		}
		v.gaps = append(v.gaps, r.Gaps...)
		for _, s := range []netmodel.AddressSet{r.From, r.To} {
			if !s.Open.IsZero() {
				v.gaps = append(v.gaps, s.Open)
			}
		}
	}
	v.add(otherwise)
	return v
}

// firewallFits reports whether a rule names a packet.
func (t *tracer) firewallFits(r *netmodel.FirewallRule, p headerspace.Packet) tri {
	fit := no
	if t.among(&r.From, p.Src) != no {
		fit = min(t.among(&r.From, p.Src), t.among(&r.To, p.Dst))
	}
	if r.EitherWay {
		fit = max(fit, min(t.among(&r.From, p.Dst), t.among(&r.To, p.Src)))
	}
	switch {
	case r.Match.No().Contains(p):
		return no
	case !r.Match.Yes().Contains(p):
		return min(fit, maybe)
	}
	return fit
}

// among reports whether an address is in a set.
func (t *tracer) among(s *netmodel.AddressSet, a netip.Addr) tri {
	if !s.Open.IsZero() {
		return maybe
	}
	in, out := no, no
	for _, q := range s.In {
		in = max(in, holdsAddr(q, station{addr: a}, t.is6))
	}
	for _, q := range s.Except {
		out = max(out, holdsAddr(q, station{addr: a}, t.is6))
	}
	return min(in, yes-out)
}

// replyByPolicy turns what the stateless rules do with the reply p into what
// becomes of it.
func (t *tracer) replyByPolicy(v *firewallVerdict, policy *netmodel.FirewallPolicy, p headerspace.Packet) {
	of := familyOf(p.Proto)
	switch inspected, passed := v.may(netmodel.FirewallInspect), v.may(netmodel.FirewallPass); policy.Ways(of) {
	case netmodel.FirewallPass:
		if inspected {
			v.add(netmodel.FirewallUnclear)
		}
	case netmodel.FirewallInspect:
		if inspected && policy.StatefulDefault != netmodel.FirewallDrop {
			back := t.firstRule(policy.Stateful, netmodel.FirewallPass, p)
			if back.may(netmodel.FirewallDrop) {
				v.add(netmodel.FirewallUnclear)
				v.gaps = append(v.gaps, back.gaps...)
			}
		}
		if passed {
			v.add(netmodel.FirewallUnclear)
		} else if inspected {
			v.add(netmodel.FirewallPass)
		}
	case netmodel.FirewallDrop, netmodel.FirewallUnclear:
		if inspected || passed {
			v.add(netmodel.FirewallUnclear)
		}
	}
}

// familyOf is the traffic that policies judge alike with a protocol.
func familyOf(p headerspace.Proto) headerspace.Traffic {
	for _, f := range families {
		if f.Overlaps(headerspace.Whole(p)) {
			return f
		}
	}
	panic("evaluator: a protocol of no family")
}

// retraced demands that replies came back by the inspectors of the way there.
func (t *tracer) retraced(back lane, there []netmodel.Address, p headerspace.Packet) {
	if back.ended || back.strange || back.nat == nil && retraces(back.through, there) {
		return
	}
	missed := append(slices.Clone(there), back.through...)[0]
	t.add(Hop{Address: missed, Kind: t.kindOf(missed), Result: HopBlock, Code: netmodel.ReturnAsymmetric, Step: Passed{}, Packet: p, Origin: netmodel.Origin{Address: missed}})
}

func (t *tracer) kindOf(a netmodel.Address) HopKind {
	if b := inspectorAt(t.n, a, t.applianceAt(a)); b != nil {
		return b.kind
	}
	return Outside
}

// readmitBy traces the reply p to a packet that has left by gw through
// inspectors, of which the route table of gw must lead to the last (GRT-9).
// translated says that from is a NAT gateway.
func (t *tracer) readmitBy(gw *doorway, from station, p headerspace.Packet, through []netmodel.Address, translated bool) {
	if gw == nil || gw.table.IsNone() {
		t.retraced(lane{}, through, p)
		return
	}
	target, res := t.tableOf(gw.origin, gw.address, gw.table, from.vpc, from.addr, true, p, true)
	if res != HopPass {
		return
	}
	hop := Hop{Address: target, Kind: t.kindOf(target), Result: HopBlock, Code: netmodel.ReturnAsymmetric, Step: Passed{}, Packet: p, Origin: netmodel.Origin{Address: target}}
	b := inspectorAt(t.n, target, t.applianceAt(target))
	switch {
	case target == netmodel.LocalTarget:
		t.retraced(lane{}, through, p)
		return
	case translated:
		hop.Result, hop.Code = HopUnknown, netmodel.ApplianceRouteBack
		hop.Gaps = []netmodel.Gap{{Origin: gw.origin, Why: netmodel.NotModelled, Code: netmodel.ApplianceRouteBack}}
	case b == nil || b.address != through[len(through)-1]:
	case gw.online && b.iface != nil && !t.is6 && !t.isPublic(t.station(b.iface, "", from.addr), nil):
		hop.Code = netmodel.IngressNoPublicIP
	default:
		back := t.inspect(b, station{inside: true, vpc: from.vpc, addr: p.Src}, from, p, nil, maxDetours, true)
		t.retraced(back, through, p)
		return
	}
	t.add(hop)
}
