package aws

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var acceptsFirewallPolicy = []string{"aws_networkfirewall_firewall_policy"}

// networkFirewallPolicy is read with the firewalls that use it.
var networkFirewallPolicy = &planparse.ResourceType{
	Name:    "aws_networkfirewall_firewall_policy",
	Doc:     "which rule groups a firewall asks, in which order, and what it does without a match",
	Reads:   []string{"firewall_policy"},
	Ignores: []string{"arn", "description", "encryption_configuration", "id", "name", "region", "tags", "tags_all", "update_token"},
	Sets: []string{
		"firewall_policy.stateful_default_actions", "firewall_policy.stateful_rule_group_reference",
		"firewall_policy.stateless_custom_action", "firewall_policy.stateless_default_actions",
		"firewall_policy.stateless_fragment_default_actions", "firewall_policy.stateless_rule_group_reference",
		"firewall_policy.policy_variables.rule_variables", "firewall_policy.policy_variables.rule_variables.ip_set.definition",
	},
	Accepts: map[string][]string{
		"firewall_policy.stateful_rule_group_reference.resource_arn":  acceptsFirewallGroup,
		"firewall_policy.stateless_rule_group_reference.resource_arn": acceptsFirewallGroup,
	},
	Build: func(r *planparse.Resource, b *planparse.Builder) { newBlock(r, b).Get("firewall_policy") },
}

// A policyReader reads one policy with its rule groups, for the firewall n.
type policyReader struct {
	b        *planparse.Builder
	firewall block
	home     netmodel.AddressSet // $HOME_NET, unless a group says otherwise
}

// firewallPolicyAt is the policy that a link leads to, or why it is not known.
// It may be asked from Check on.
func firewallPolicyAt(b *planparse.Builder, link netmodel.Ref, firewall block) (*netmodel.FirewallPolicy, netmodel.Gap) {
	a, ok := link.Exact()
	if !ok {
		return nil, link.Gap()
	}
	r := b.Resource(a)
	if r == nil || r.Mode == planparse.Data {
		return nil, netmodel.Gap{Origin: firewall.Origin("firewall_policy_arn"), Why: netmodel.OutsidePlan, Code: netmodel.UnknownApplianceBehavior,
			Detail: "the plan does not describe the firewall policy"}
	}
	n := newBlock(r, b)
	blocks, more := n.Blocks("firewall_policy")
	if !more.IsZero() || len(blocks) != 1 {
		return nil, more
	}
	p := policyReader{b, firewall, homeOf(b, firewall)}
	return p.read(n, block{blocks[0], r, b}), netmodel.Gap{}
}

// homeOf is what $HOME_NET means by itself: the CIDRs of the firewall's VPC.
func homeOf(b *planparse.Builder, firewall block) netmodel.AddressSet {
	a, ok := b.CanonicalRef(firewall.Ref("vpc_id")).Exact()
	if v := b.VPC(a); ok && v != nil && v.Open4.IsZero() && v.Open6.IsZero() {
		return netmodel.AddressSet{In: slices.Concat(v.IPv4, v.IPv6)}
	}
	return netmodel.AddressSet{Open: netmodel.Gap{Origin: firewall.Origin("vpc_id"), Why: netmodel.UntilApply, Code: netmodel.UnknownValue,
		Detail: "$HOME_NET is the CIDR of a VPC that is not known"}}
}

func (p policyReader) read(n, v block) *netmodel.FirewallPolicy {
	out := &netmodel.FirewallPolicy{Address: n.r.Address, Origin: n.Origin("")}
	out.StatelessDefault, out.Gaps = p.statelessDefault(v, out.Gaps)
	variables, more := v.Blocks("policy_variables")
	for _, x := range variables {
		sets, gap := variablesIn(x, "rule_variables")
		if set, ok := sets["HOME_NET"]; ok {
			p.home = set
		}
		if more.IsZero() {
			more = gap
		}
	}
	if !more.IsZero() { // it may be defined there
		p.home = netmodel.AddressSet{Open: more}
	}
	out.Stateless = p.stateless(v)
	p.stateful(v, out)
	return out
}

func (p policyReader) statelessDefault(v block, gaps []netmodel.Gap) (netmodel.FirewallAction, []netmodel.Gap) {
	actions, more := v.Strings("stateless_default_actions")
	action, gap := statelessAction(actions, more, v.Origin("stateless_default_actions"))
	if !gap.IsZero() {
		gaps = append(gaps, gap)
	}
	return action, gaps
}

// statelessAction is the one action among others that only publish metrics.
func statelessAction(actions []planparse.Listed[string], more netmodel.Gap, o netmodel.Origin) (netmodel.FirewallAction, netmodel.Gap) {
	for _, a := range actions {
		switch a.Or("") {
		case "aws:pass":
			return netmodel.FirewallPass, netmodel.Gap{}
		case "aws:drop":
			return netmodel.FirewallDrop, netmodel.Gap{}
		case "aws:forward_to_sfe":
			return netmodel.FirewallInspect, netmodel.Gap{}
		}
		if a.IsOpen() {
			more = a.Gap()
		}
	}
	if more.IsZero() {
		more = netmodel.Gap{Origin: o, Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedOption, Detail: "no action that is known"}
	}
	return netmodel.FirewallUnclear, more
}

// A groupReference is a rule group that a policy names.
type groupReference struct {
	priority planparse.Known[int]
	group    netmodel.Ref
	origin   netmodel.Origin
	// onlyAlerts: what would be dropped is not.
	onlyAlerts bool
}

// references are the rule groups of one kind by priority; a gap says why they
// are not all known, or not their order.
func (p policyReader) references(v block, name string, ordered bool) ([]groupReference, netmodel.Gap) {
	blocks, gap := v.Blocks(name)
	var out []groupReference
	for _, x := range blocks {
		r := groupReference{priority: x.Int("priority"), group: p.b.CanonicalRef(x.Ref("resource_arn")), origin: x.Origin("")}
		overrides, more := x.Blocks("override")
		for _, o := range overrides {
			r.onlyAlerts = o.String("action").Or("") == "DROP_TO_ALERT"
		}
		if gap.IsZero() && (!more.IsZero() || ordered && r.priority.IsOpen()) {
			gap = more
			if gap.IsZero() {
				gap = r.priority.Gap()
			}
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b groupReference) int { return cmp.Compare(a.priority.Or(0), b.priority.Or(0)) })
	return out, gap
}

func (p policyReader) stateless(v block) []netmodel.FirewallRule {
	refs, gap := p.references(v, "stateless_rule_group_reference", true)
	var out []netmodel.FirewallRule
	for _, r := range refs {
		out = append(out, p.group(r, groupReader.stateless)...)
	}
	if !gap.IsZero() {
		return []netmodel.FirewallRule{opaque(gap)}
	}
	return out
}

// stateful adds the stateful rules and their default, by the order that the
// policy sets (NFW-5 to NFW-10).
func (p policyReader) stateful(v block, out *netmodel.FirewallPolicy) {
	options, more := v.Blocks("stateful_engine_options")
	strict := false
	for _, o := range options {
		order := o.String("rule_order")
		strict = order.Or("") == "STRICT_ORDER"
		if order.IsOpen() {
			more = order.Gap()
		}
	}
	refs, gap := p.references(v, "stateful_rule_group_reference", strict)
	var rules []netmodel.FirewallRule
	for _, r := range refs {
		for _, x := range p.group(r, groupReader.stateful) {
			if x.Action != netmodel.FirewallDrop || !r.onlyAlerts {
				rules = append(rules, x)
			}
		}
	}
	if gap.IsZero() {
		gap = more
	}
	if !gap.IsZero() {
		rules = []netmodel.FirewallRule{opaque(gap)}
	}
	out.StatefulDefault = netmodel.FirewallPass // NFW-7
	if strict {
		p.strictDefault(v, out)
	} else {
		slices.SortStableFunc(rules, func(a, b netmodel.FirewallRule) int { return cmp.Compare(inTurn(a.Action), inTurn(b.Action)) })
	}
	for i, r := range rules {
		if r.Action == netmodel.FirewallDrop && namesAll(r) {
			rules, out.StatefulDefault = rules[:i], netmodel.FirewallDrop
			break
		}
	}
	out.Stateful = rules
}

// inTurn is when a rule is asked in the default order (NFW-5). A rule that is not
// understood cannot take back what another one passes.
func inTurn(a netmodel.FirewallAction) int {
	return slices.Index([]netmodel.FirewallAction{netmodel.FirewallPass, netmodel.FirewallUnclear, netmodel.FirewallDrop}, a)
}

// namesAll reports whether a rule names every packet.
func namesAll(r netmodel.FirewallRule) bool {
	all := func(s netmodel.AddressSet) bool {
		return s.Open.IsZero() && len(s.Except) == 0 && slices.ContainsFunc(s.In, func(p netip.Prefix) bool { return p.Bits() == 0 && p.Addr().Is4() }) &&
			slices.ContainsFunc(s.In, func(p netip.Prefix) bool { return p.Bits() == 0 && p.Addr().Is6() })
	}
	return r.Match.No().IsEmpty() && r.Match.Open().IsEmpty() && all(r.From) && all(r.To)
}

// strictDefault is what a policy in strict order does without a match: the
// actions that drop also drop what follows a handshake (NFW-8, NFW-9).
func (p policyReader) strictDefault(v block, out *netmodel.FirewallPolicy) {
	actions, more := v.Strings("stateful_default_actions")
	for _, a := range actions {
		if a.IsOpen() {
			more = a.Gap()
		}
		if strings.Contains(a.Or(""), "drop") {
			out.StatefulDefault = netmodel.FirewallDrop
		}
	}
	if !more.IsZero() {
		out.StatefulDefault, out.Gaps = netmodel.FirewallUnclear, append(out.Gaps, more)
	}
}

// group is the rules of a rule group as read says; if it cannot be read, one
// rule that may do anything.
func (p policyReader) group(r groupReference, read func(groupReader) []netmodel.FirewallRule) []netmodel.FirewallRule {
	a, ok := r.group.Exact()
	x := p.b.Resource(a)
	switch {
	case !ok:
		return []netmodel.FirewallRule{opaque(r.group.Gap())}
	case x == nil || x.Type != networkFirewallRuleGroup.Name || x.Mode == planparse.Data:
		return []netmodel.FirewallRule{opaque(netmodel.Gap{Origin: r.origin, Why: netmodel.OutsidePlan, Code: netmodel.FirewallUnsupportedGroup,
			Detail: "the plan does not describe the rule group"})}
	}
	return read(newGroupReader(x, p))
}

// opaque is a rule of which it is not known what it does.
func opaque(g netmodel.Gap) netmodel.FirewallRule {
	return netmodel.FirewallRule{Action: netmodel.FirewallUnclear, Match: everyTraffic, From: netmodel.Anywhere(), To: netmodel.Anywhere(),
		Origin: g.Origin, Gaps: []netmodel.Gap{g}}
}
