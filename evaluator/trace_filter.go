package evaluator

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A decision is what a filter does with one packet.
type decision struct {
	result  HopResult
	rule    *netmodel.Rule // the first that certainly matched, or the first that may
	gaps    []netmodel.Gap
	closest *Closest
	empty   bool // it has no rules at all
}

func groupQuestion(k int) string { return fmt.Sprintf("group %d", k) }

// decide reads the rules of f for one packet, whose far end is far.
func (t *tracer) decide(f *netmodel.Filter, p headerspace.Packet, far station) decision {
	d := decision{empty: len(f.Rules) == 0 && len(f.Hidden) == 0}
	var pending []*netmodel.Rule // may match, before the one that does
	var decided *netmodel.Rule
	for k := range f.Rules {
		r := &f.Rules[k]
		fit, gaps := t.fits(r, p, far)
		if fit == no {
			d.closest = closer(d.closest, t.mismatch(r, p, far))
			continue
		}
		if fit == yes {
			decided = r
			break
		}
		pending = append(pending, r)
		d.gaps = append(d.gaps, gaps...)
	}
	action := f.Default
	if decided != nil {
		action = decided.Action
	}
	open := slices.ContainsFunc(pending, func(r *netmodel.Rule) bool { return r.Action != action })
	if len(f.Hidden) > 0 && (!f.Stateful || action == netmodel.Deny) {
		open = true
		d.gaps = append(d.gaps, f.Hidden...)
	}
	d.rule = decided
	switch {
	case open:
		d.result = HopUnknown
		if len(pending) > 0 {
			d.rule = pending[0]
		}
	case action == netmodel.Permit:
		d.result, d.gaps = HopPass, nil
	default:
		d.result, d.gaps = HopBlock, nil
	}
	return d
}

// fits reports whether a rule matches a packet, and why not for certain.
func (t *tracer) fits(r *netmodel.Rule, p headerspace.Packet, far station) (tri, []netmodel.Gap) {
	var gaps []netmodel.Gap
	fit := yes
	switch {
	case r.Match.No().Contains(p):
		return no, nil
	case !r.Match.Yes().Contains(p):
		fit = maybe
		gaps = append(gaps, r.Gaps...)
	}
	switch who, g := t.means(&r.Peer, far, t.is6); who {
	case no:
		return no, nil
	case maybe:
		fit = maybe
		gaps = append(gaps, g...)
	case yes:
	}
	if !r.Doubt.IsZero() {
		fit = maybe
		gaps = append(gaps, r.Doubt)
	}
	return fit, gaps
}

// means reports whether a peer is the given station.
func (t *tracer) means(p *netmodel.Peer, s station, is6 bool) (tri, []netmodel.Gap) {
	switch p.Kind {
	case netmodel.PeerPrefix:
		return holdsAddr(p.Prefix, s, is6), addressGaps(s)
	case netmodel.PeerGroup:
		return t.wears(p.Ref, s)
	case netmodel.PeerPrefixList:
		a, ok := p.Ref.Exact()
		list := t.n.PrefixList(a)
		if !ok || list == nil {
			return maybe, []netmodel.Gap{refOrForeign(t.n, p.Ref)}
		}
		best, gaps := no, append([]netmodel.Gap(nil), list.Hidden...)
		if len(list.Hidden) > 0 {
			best = maybe
		}
		for _, e := range list.Entries {
			in := holdsAddr(e.Prefix, s, is6)
			if in == yes && !e.Doubt.IsZero() {
				in, gaps = maybe, append(gaps, e.Doubt)
			}
			best = max(best, in)
		}
		return best, append(gaps, addressGaps(s)...)
	case netmodel.PeerOpen:
		return t.meansHost(p, s, is6)
	}
	panic("evaluator: rule without a peer")
}

// meansHost reports whether a station is what an open peer names: perhaps the
// address of a single object.
func (t *tracer) meansHost(p *netmodel.Peer, s station, is6 bool) (tri, []netmodel.Gap) {
	gap := []netmodel.Gap{p.Gap}
	host, single := p.Host.Exact()
	home := t.home(host)
	switch {
	case is6 && !p.V6, !is6 && !p.V4:
		return no, nil
	case p.Own && (s.self != "" || s.unowned || s.addr.IsValid() && !internetHolds(s.addr)):
		return no, nil
	case p.Own, !single, home == "":
		return maybe, gap
	case s.self == host:
		return yes, nil
	case s.unowned, s.self != "" && t.home(s.self) == home:
		return no, nil
	case s.self == "" && s.addr.IsValid() && internetHolds(s.addr) && !t.covers(home, s.addr):
		return no, nil
	}
	return maybe, gap
}

// home is the VPC of an interface or NAT gateway that has one private IPv4
// address; empty if that is not certain.
func (t *tracer) home(a netmodel.Address) netmodel.Address {
	var at netmodel.Ref
	if g := t.n.NATGateway(a); g != nil {
		at = g.Subnet
	}
	if i := t.n.Interface(a); i != nil && len(i.IPv4) < 2 && i.HasIPv4.IsTrue() {
		at = i.Subnet
	}
	subnet, _ := at.Exact()
	if s := t.n.Subnet(subnet); s != nil {
		vpc, _ := s.VPC.Exact()
		return vpc
	}
	return ""
}

// covers reports whether an address lies in the known ranges of a VPC.
func (t *tracer) covers(vpc netmodel.Address, a netip.Addr) bool {
	v := t.n.VPC(vpc)
	return v != nil && slices.ContainsFunc(v.IPv4, func(p netip.Prefix) bool { return p.Contains(a) })
}

func refOrForeign(n *netmodel.Network, r netmodel.Ref) netmodel.Gap {
	if a, ok := r.Exact(); ok {
		return n.Foreign[a]
	}
	return r.Gap()
}

func holdsAddr(p netip.Prefix, s station, is6 bool) tri {
	switch {
	case p.Addr().Is6() != is6:
		return no
	case p.Bits() == 0:
		return yes
	case !s.addr.IsValid():
		return maybe
	case p.Contains(s.addr):
		return yes
	}
	return no
}

func addressGaps(s station) []netmodel.Gap {
	if s.addr.IsValid() || s.i == nil {
		return nil
	}
	return []netmodel.Gap{{Origin: s.i.Origin, Why: netmodel.UntilApply, Code: netmodel.UnknownAddress}}
}

// wears reports whether a station carries the group that r leads to.
func (t *tracer) wears(r netmodel.Ref, s station) (tri, []netmodel.Gap) {
	var gaps []netmodel.Gap
	if s.moreGroups && s.i != nil {
		gaps = append(gaps, groupGaps(s.i)...)
	}
	if a, ok := r.Exact(); ok {
		switch {
		case slices.Contains(s.groups, a):
			return yes, nil
		case s.moreGroups:
			return maybe, gaps
		}
		return no, nil
	}
	for _, g := range s.groups {
		if r.MayBe(g) {
			return maybe, append(gaps, r.Gap())
		}
	}
	if s.moreGroups && !r.IsNone() {
		return maybe, append(gaps, r.Gap())
	}
	return no, nil
}

func groupGaps(i *netmodel.Interface) []netmodel.Gap {
	var out []netmodel.Gap
	if !i.Groups.More.IsZero() {
		out = append(out, i.Groups.More)
	}
	for _, r := range i.Groups.Links {
		if !r.IsSettled() {
			out = append(out, r.Gap())
		}
	}
	return out
}

// mismatch is on how many fields a rule fails for a packet, and the last of
// them; nil for a rule of the other family, which cannot be close.
func (t *tracer) mismatch(r *netmodel.Rule, p headerspace.Packet, far station) *rated {
	if r.Action != netmodel.Permit {
		return nil
	}
	out := &rated{Closest: Closest{Rule: r}}
	who, _ := t.means(&r.Peer, far, t.is6)
	if who == no {
		out.fails++
		out.Field = FieldAddress
		if r.Peer.Kind == netmodel.PeerPrefix && r.Peer.Prefix.Addr().Is6() != t.is6 {
			out.Field = FieldFamily
			out.fails++
		}
	}
	if r.Match.No().Contains(p) {
		out.fails++
		out.Field = FieldPort
		if !r.Match.May().Overlaps(headerspace.Whole(p.Proto)) {
			out.fails++
			out.Field = FieldProtocol
		}
	}
	return out
}

type rated struct {
	Closest
	fails int
}

// closer is the better of the best so far and a new rule; rules that fail on
// more than two counts explain nothing.
func closer(best *Closest, r *rated) *Closest {
	if r == nil || r.fails > 2 {
		return best
	}
	if best == nil || r.fails < best.fails {
		return &Closest{Rule: r.Rule, Field: r.Field, fails: r.fails}
	}
	return best
}

// groups traces the security groups of an interface in one direction.
func (t *tracer) groups(own station, d netmodel.Direction, p headerspace.Packet, far station) {
	t.add(t.groupsHop(own, d, p, far))
}

func (t *tracer) groupsHop(own station, d netmodel.Direction, p headerspace.Packet, far station) Hop {
	if own.i.Unfiltered {
		return Hop{Address: own.i.Address, Kind: NetworkInterface, Direction: d, Subnet: own.subnet(), Packet: p, Result: HopPass, Step: Passed{}, Origin: own.i.Origin,
			Notes: []netmodel.Code{netmodel.NLBHasNoGroup}}
	}
	hop := Hop{Address: own.i.Address, Kind: SecurityGroup, Direction: d, Subnet: own.subnet(), Packet: p, Result: HopBlock, Origin: own.i.Origin,
		Code: netmodel.ENISGRulesMismatch, Step: Filtered{}}
	var gaps []netmodel.Gap
	var closest *Closest
	empty := true
	first := true
	for _, a := range own.groups {
		g := t.n.Group(a)
		if g == nil {
			gaps = append(gaps, t.foreign(a))
			continue
		}
		v := t.decide(g.Filter(d), p, far)
		empty = empty && v.empty
		switch v.result {
		case HopPass:
			out := Hop{Address: a, Kind: SecurityGroup, Direction: d, Subnet: own.subnet(), Packet: p, Result: HopPass, Step: Filtered{Rule: v.rule}, Origin: v.rule.Origin}
			return out
		case HopUnknown:
			gaps = append(gaps, v.gaps...)
			if hop.Result == HopBlock {
				hop.Address, hop.Origin, hop.Result, hop.Step = a, g.Origin, HopUnknown, Filtered{Rule: v.rule}
				if v.rule != nil {
					hop.Origin = v.rule.Origin
				}
			}
		case HopBlock:
			if hop.Result != HopUnknown && (first || v.closest != nil && (closest == nil || v.closest.fails < closest.fails)) {
				hop.Address, hop.Origin, hop.Notes = a, g.Origin, g.Notes
			}
			if v.closest != nil && (closest == nil || v.closest.fails < closest.fails) {
				closest = v.closest
			}
		}
		first = false
	}
	if own.moreGroups || len(own.groups) == 0 {
		gaps = append(gaps, groupGaps(own.i)...)
		hop.Result = HopUnknown
	}
	if len(gaps) > 0 {
		hop.Result = HopUnknown
	}
	if hop.Result == HopUnknown {
		hop.Gaps, hop.Code = gaps, codeOf(gaps)
		return hop
	}
	if empty {
		hop.Code = netmodel.SGHasNoRules
	}
	hop.Step = Filtered{Closest: closest}
	return hop
}

func codeOf(gaps []netmodel.Gap) netmodel.Code {
	for _, g := range gaps {
		if g.Code != "" {
			return g.Code
		}
	}
	return netmodel.UnknownValue
}

// acl traces the ACL of a subnet; code is what a block is called.
func (t *tracer) acl(s *netmodel.Subnet, d netmodel.Direction, p headerspace.Packet, code netmodel.Code) {
	t.add(t.aclHop(s, d, p, code))
}

func (t *tracer) aclHop(s *netmodel.Subnet, d netmodel.Direction, p headerspace.Packet, code netmodel.Code) Hop {
	far := station{addr: p.Dst}
	if d == netmodel.Ingress {
		far.addr = p.Src
	}
	hop := Hop{Address: s.Address, Kind: NetworkACL, Direction: d, Subnet: s.Address, Packet: p, Result: HopUnknown, Code: netmodel.UnknownNetworkACLRules,
		Step: Filtered{}, Origin: s.Origin}
	a, ok := t.w.follow(s.Address, "network ACL", s.ACL)
	if !ok {
		hop.Gaps = []netmodel.Gap{s.ACL.Gap()}
		return hop
	}
	acl := t.n.ACL(a)
	if acl == nil {
		hop.Address, hop.Gaps = a, []netmodel.Gap{t.foreign(a)}
		return hop
	}
	v := t.decide(acl.Filter(d), p, far)
	hop.Address, hop.Origin, hop.Result, hop.Step, hop.Code = acl.Address, acl.Origin, v.result, Filtered{Rule: v.rule, Closest: v.closest}, ""
	if v.rule != nil {
		hop.Origin = v.rule.Origin
	}
	switch v.result {
	case HopBlock:
		hop.Code, hop.Notes = code, acl.Notes
	case HopUnknown:
		hop.Gaps, hop.Code = v.gaps, codeOf(v.gaps)
	case HopPass:
	}
	return hop
}

// portsOfInterest is the ports of a NAT gateway at which some rule of an ACL or
// firewall changes its mind, ascending.
func (t *tracer) portsOfInterest(proto headerspace.Proto) []uint16 {
	ports := []uint16{natPortLo, natPortHi}
	for _, acl := range t.n.ACLs {
		for _, f := range []*netmodel.Filter{&acl.Ingress, &acl.Egress} {
			for k := range f.Rules {
				for _, r := range append(f.Rules[k].Match.Yes().PortRanges(proto), f.Rules[k].Match.Open().PortRanges(proto)...) {
					ports = append(ports, r[0], r[1], r[0]-1, r[1]+1)
				}
			}
		}
	}
	for _, m := range t.n.Middleboxes {
		for _, r := range m.Policy.Rules() {
			for _, q := range append(r.Match.Yes().PortRanges(proto), r.Match.Open().PortRanges(proto)...) {
				ports = append(ports, q[0], q[1], q[0]-1, q[1]+1)
			}
		}
	}
	slices.Sort(ports)
	return slices.DeleteFunc(slices.Compact(ports), func(port uint16) bool { return port < natPortLo })
}
