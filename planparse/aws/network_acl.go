package aws

import (
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var networkACL = &planparse.ResourceType{
	Name:        "aws_network_acl",
	Doc:         "stateless filter on the edge of its subnets",
	Reads:       []string{"egress", "ingress", "subnet_ids", "vpc_id"},
	Ignores:     []string{"arn", "id", "owner_id", "region", "tags", "tags_all"},
	Accepts:     map[string][]string{"subnet_ids": acceptsSubnet, "vpc_id": acceptsVPC},
	Sets:        []string{"egress", "ingress", "subnet_ids"},
	StaleBlocks: []string{"egress", "ingress", "subnet_ids"},
	Build:       buildNetworkACL,
}

func buildNetworkACL(r *planparse.Resource, b *planparse.Builder) {
	v := r.Block(b.World())
	a := &netmodel.ACL{Address: r.Address, VPC: v.Ref("vpc_id"), Origin: v.Origin(""),
		Ingress: inlineACL(r, b, v, "ingress"), Egress: inlineACL(r, b, v, "egress")}
	b.SetInline(&a.Ingress, b.Inline(r, "ingress"), netmodel.ConflictACLRules, v.Origin("ingress"))
	b.SetInline(&a.Egress, b.Inline(r, "egress"), netmodel.ConflictACLRules, v.Origin("egress"))
	b.AddACL(a)
	if !isUnset(r, b, "subnet_ids") {
		associateSubnets(r, b)
	}
	b.Check(func() {
		if len(a.Ingress.Rules)+len(a.Egress.Rules)+len(a.Ingress.Hidden)+len(a.Egress.Hidden) == 0 {
			a.Notes = append(a.Notes, netmodel.ACLNewWithoutRules)
		}
	})
}

// inlineACL is the filter that the blocks of an ACL make; what no rule decides
// is denied (NACL-4).
func inlineACL(r *planparse.Resource, b *planparse.Builder, v planparse.Block, name string) netmodel.Filter {
	f := netmodel.Filter{Default: netmodel.Deny}
	blocks, more := inlineBlocks(r, b, v, name)
	for _, block := range blocks {
		f = withEntry(f, aclEntry{block: block, number: "rule_no", action: "action"}, b)
	}
	if !more.IsZero() {
		more.Code = netmodel.UnknownNetworkACLRules
		f.Hidden = append(f.Hidden, more)
	}
	return f
}

func withEntry(f netmodel.Filter, e aclEntry, b *planparse.Builder) netmodel.Filter {
	rules, hidden := e.rules(b)
	f.Rules = append(f.Rules, rules...)
	f.Hidden = append(f.Hidden, hidden...)
	return f
}

// associateSubnets gives the subnets of subnet_ids this ACL. Where the
// configuration does not set the argument, or the world is only a record, it
// shows what associations made by other resources were.
func associateSubnets(r *planparse.Resource, b *planparse.Builder) {
	v := r.Block(b.World())
	associate := b.AssociateACL
	if k := b.Inline(r, "subnet_ids"); k == planparse.InlineObserved || k != planparse.InlineConfigured && !isConfigured(r, b, "subnet_ids") {
		associate = b.ShowACL
	}
	subnets := v.Refs("subnet_ids")
	for _, s := range subnets.Links {
		associate(s, netmodel.To(r.Address), v.Origin("subnet_ids"))
	}
	if !subnets.More.IsZero() {
		associate(netmodel.Unsettled(subnets.More), netmodel.To(r.Address), v.Origin("subnet_ids"))
	}
}

// isConfigured reports whether the configuration certainly sets an argument that
// is not written as a block.
func isConfigured(r *planparse.Resource, b *planparse.Builder, name string) bool {
	set, ok := b.Plan().Configured(r, name)
	return ok && set
}

// An aclEntry is an inline block, or a resource, that is one ACL rule.
type aclEntry struct {
	block          planparse.Block
	number, action string // names of the arguments
	portsFrom0     bool
}

// rules is the entry as a rule, or as a gap if its place in the order or what it
// does is open.
func (e aclEntry) rules(b *planparse.Builder) ([]netmodel.Rule, []netmodel.Gap) {
	number, action := e.block.Int(e.number), e.block.String(e.action)
	for _, g := range []netmodel.Gap{number.Gap(), action.Gap()} {
		if !g.IsZero() {
			g.Code = netmodel.UnknownNetworkACLRules
			return nil, []netmodel.Gap{g}
		}
	}
	n, _ := number.Get()
	if n >= 32767 {
		return nil, nil // the API shows the final rules so (TFB-17)
	}
	s := trafficSpec{block: e.block, protocol: "protocol", from: "from_port", to: "to_port",
		icmpType: "icmp_type", icmpCode: "icmp_code", portsFrom0: e.portsFrom0}
	rule := netmodel.Rule{Number: n, Action: netmodel.Deny, Origin: e.block.Origin("")}
	if a, _ := action.Get(); strings.EqualFold(a, "allow") {
		rule.Action = netmodel.Permit
	}
	rule.Match, rule.Gaps = s.match()
	if rule.Sensitive = s.isSensitive(); rule.Sensitive {
		b.AddSensitiveTraffic(rule.Match.May())
	}
	if e.meansTypeZero() {
		rule.Notes = append(rule.Notes, netmodel.ACLICMPTypeZero)
	}
	return e.peers(b, rule), nil
}

// meansTypeZero: an ICMP rule without a type is one for echo replies (TFV-8).
func (e aclEntry) meansTypeZero() bool {
	text, _ := e.block.String("protocol").Get()
	p, ok := protocol(text)
	if !ok || p != 1 && p != 58 {
		return false
	}
	typ := e.block.Int("icmp_type")
	return typ.IsNull() || !e.portsFrom0 && typ.Or(-1) == 0 && e.block.Int("icmp_code").Or(-1) == 0
}

// peers is rule with each far end that the entry names: one of the two CIDRs.
func (e aclEntry) peers(b *planparse.Builder, rule netmodel.Rule) []netmodel.Rule {
	v4, v6 := e.block.Prefix("cidr_block"), e.block.Prefix("ipv6_cidr_block")
	var out []netmodel.Rule
	if !v4.IsNull() {
		rule.Peer = prefixPeer(b, v4, false)
		out = append(out, rule)
	}
	if !v6.IsNull() {
		rule.Peer = prefixPeer(b, v6, true)
		out = append(out, rule)
	}
	return out
}
