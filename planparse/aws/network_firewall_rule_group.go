package aws

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var acceptsFirewallGroup = []string{"aws_networkfirewall_rule_group"}

// networkFirewallRuleGroup is read with the policies that use it.
var networkFirewallRuleGroup = &planparse.ResourceType{
	Name:    "aws_networkfirewall_rule_group",
	Doc:     "rules of a firewall: by addresses, protocol and ports; others may decide anything",
	Reads:   []string{"rule_group", "rules"},
	Ignores: []string{"arn", "capacity", "description", "encryption_configuration", "id", "name", "region", "tags", "tags_all", "type", "update_token"},
	Sets: []string{
		"rule_group.rule_variables.ip_sets", "rule_group.rule_variables.ip_sets.ip_set.definition", "rule_group.rule_variables.port_sets",
		"rule_group.rule_variables.port_sets.port_set.definition", "rule_group.rules_source.rules_source_list.target_types",
		"rule_group.rules_source.rules_source_list.targets", "rule_group.rules_source.stateless_rules_and_custom_actions.stateless_rule",
		"rule_group.rules_source.stateless_rules_and_custom_actions.custom_action",
		"rule_group.rules_source.stateless_rules_and_custom_actions.stateless_rule.rule_definition.actions",
		"rule_group.rules_source.stateless_rules_and_custom_actions.stateless_rule.rule_definition.match_attributes.protocols",
	},
	StaleBlocks: []string{"rule_group"},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		n.Get("rule_group")
		n.Get("rules")
	},
}

var everyTraffic = headerspace.Exactly(headerspace.All())

// A groupReader reads one rule group.
type groupReader struct {
	block
	sources   []planparse.Block // its rules_source blocks
	gap       netmodel.Gap      // why they are not all known
	addresses map[string]netmodel.AddressSet
	ports     map[string]portSet
}

func newGroupReader(r *planparse.Resource, p policyReader) groupReader {
	g := groupReader{block: newBlock(r, p.b), addresses: map[string]netmodel.AddressSet{"HOME_NET": p.home}, ports: map[string]portSet{}}
	groups, more := g.Blocks("rule_group")
	g.gap = more
	for _, x := range groups {
		variables, unclear := x.Blocks("rule_variables")
		for _, v := range variables {
			sets, gap := variablesIn(v, "ip_sets")
			maps.Copy(g.addresses, sets)
			if unclear.IsZero() {
				unclear = gap
			}
			g.readPorts(v)
		}
		sources, more := x.Blocks("rules_source")
		g.sources = append(g.sources, sources...)
		for _, gap := range []netmodel.Gap{more, unclear} {
			if g.gap.IsZero() {
				g.gap = gap
			}
		}
	}
	return g
}

// variablesIn are the sets of addresses that the blocks called name define; gap
// says why there may be others.
func variablesIn(v planparse.Block, name string) (out map[string]netmodel.AddressSet, gap netmodel.Gap) {
	out = map[string]netmodel.AddressSet{}
	sets, gap := v.Blocks(name)
	for _, s := range sets {
		key, ok := s.String("key").Get()
		if !ok && gap.IsZero() {
			gap = s.String("key").Gap()
		}
		blocks, more := s.Blocks("ip_set")
		set := netmodel.AddressSet{Open: more}
		for _, x := range blocks {
			elements, more := x.Strings("definition")
			if set.Open.IsZero() {
				set.Open = more
			}
			for _, e := range elements {
				one := parseAddresses(e.Or(""), nil, e.Origin)
				if e.IsOpen() {
					one.Open = e.Gap()
				}
				set = united(set, one)
			}
		}
		if ok {
			out[key] = set
		}
	}
	return out, gap
}

func (g groupReader) readPorts(v planparse.Block) {
	sets, _ := v.Blocks("port_sets")
	for _, s := range sets {
		key, _ := s.String("key").Get()
		blocks, more := s.Blocks("port_set")
		out := portSet{open: !more.IsZero()}
		for _, x := range blocks {
			elements, more := x.Strings("definition")
			out.open = out.open || !more.IsZero()
			for _, e := range elements {
				one := parsePorts(e.Or("?"), nil)
				out.ranges, out.open = append(out.ranges, one.ranges...), out.open || one.open
			}
		}
		g.ports[key] = out
	}
}

// opaqueSource is the rule that stands for what cannot be read; no rule if all
// can.
func (g groupReader) opaqueSource() []netmodel.FirewallRule {
	if g.gap.IsZero() {
		return nil
	}
	return []netmodel.FirewallRule{opaque(g.gap)}
}

// stateless is the rules of a stateless group by priority (NFW-3).
func (g groupReader) stateless() []netmodel.FirewallRule {
	out := g.opaqueSource()
	for _, s := range g.sources {
		lists, more := s.Blocks("stateless_rules_and_custom_actions")
		for _, l := range lists {
			rules, open := l.Blocks("stateless_rule")
			if more.IsZero() {
				more = open
			}
			slices.SortStableFunc(rules, func(a, b planparse.Block) int { return cmp.Compare(a.Int("priority").Or(0), b.Int("priority").Or(0)) })
			for _, r := range rules {
				if p := r.Int("priority"); p.IsOpen() && more.IsZero() {
					more = p.Gap()
				}
				out = append(out, g.statelessRules(r)...)
			}
		}
		if !more.IsZero() { // the order counts
			return []netmodel.FirewallRule{opaque(more)}
		}
	}
	return out
}

// statelessRules is one rule, as one for each of its protocols' worth of
// addresses.
func (g groupReader) statelessRules(r planparse.Block) []netmodel.FirewallRule {
	definitions, more := r.Blocks("rule_definition")
	if len(definitions) != 1 {
		return []netmodel.FirewallRule{opaque(more)}
	}
	actions, open := definitions[0].Strings("actions")
	action, gap := statelessAction(actions, open, definitions[0].Origin("actions"))
	out := netmodel.FirewallRule{Action: action, Match: everyTraffic, From: netmodel.Anywhere(), To: netmodel.Anywhere(), Origin: r.Origin("")}
	if !gap.IsZero() {
		out.Gaps = append(out.Gaps, gap)
	}
	matches, more := definitions[0].Blocks("match_attributes")
	if !more.IsZero() {
		out.Match, out.Gaps = headerspace.Tri{}, append(out.Gaps, more)
	}
	for _, m := range matches {
		g.restrict(&out, m)
	}
	return []netmodel.FirewallRule{out}
}

// restrict narrows a stateless rule to its match attributes.
func (g groupReader) restrict(r *netmodel.FirewallRule, m planparse.Block) {
	r.From, r.To = blockAddresses(m, "source"), blockAddresses(m, "destination")
	match, doubts := protocolsIn(m.Get("protocols"))
	if to := blockPorts(m, "destination_port"); to.isSet {
		match = match.Intersect(to.traffic(headerspace.TCP).Union(to.traffic(headerspace.UDP)))
		doubts = doubts || to.open
	}
	from := blockPorts(m, "source_port")
	flags, more := m.Blocks("tcp_flag")
	if from.isSet && !from.isAll() || len(flags) > 0 || !more.IsZero() {
		doubts = true
	}
	r.Match = headerspace.Exactly(match)
	if doubts {
		r.Match = headerspace.AtMost(match)
		r.Gaps = append(r.Gaps, netmodel.Gap{Origin: r.Origin, Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedOption,
			Detail: "source ports and flags of a stateless rule are not followed"})
	}
}

// protocolsIn is the traffic of a set of protocol numbers, all if it is empty;
// open if they are not all known.
func protocolsIn(v planparse.Value) (t headerspace.Traffic, open bool) {
	if v.IsNone() || v.Kind() == planparse.List && len(v.Elements()) == 0 {
		return headerspace.All(), false
	}
	for _, e := range v.Elements() {
		n, err := strconv.ParseUint(e.Text(), 10, 8)
		if err != nil {
			return headerspace.All(), true
		}
		t = t.Union(headerspace.Whole(headerspace.Proto(n)))
	}
	return t, v.Kind() != planparse.List
}

// blockAddresses is the addresses of source or destination blocks; without any,
// all.
func blockAddresses(m planparse.Block, name string) netmodel.AddressSet {
	blocks, more := m.Blocks(name)
	if len(blocks) == 0 && more.IsZero() {
		return netmodel.Anywhere()
	}
	out := netmodel.AddressSet{Open: more}
	for _, x := range blocks {
		text := x.String("address_definition")
		one := parseAddresses(text.Or(""), nil, x.Origin("address_definition"))
		if text.IsOpen() {
			one.Open = text.Gap()
		}
		out = united(out, one)
	}
	return out
}

func blockPorts(m planparse.Block, name string) portSet {
	blocks, more := m.Blocks(name)
	out := portSet{isSet: len(blocks) > 0 || !more.IsZero(), open: !more.IsZero()}
	for _, x := range blocks {
		from, to := x.Int("from_port"), x.Int("to_port")
		out.open = out.open || from.IsOpen() || to.IsOpen()
		out.ranges = append(out.ranges, [2]uint16{port(from.Or(0)), port(max(from.Or(0), to.Or(from.Or(0))))})
	}
	return out
}

func port(n int) uint16 { return uint16(min(max(n, 0), 65535)) }
