package oracle

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

func someGap() netmodel.Gap {
	return netmodel.Gap{Origin: netmodel.Origin{Address: "a"}, Why: netmodel.UntilApply, Code: netmodel.UnknownValue}
}

func TestOdometerTriesEverySequence(t *testing.T) {
	var got []string
	o := &odometer{}
	for more := true; more; more = o.advance() {
		first := o.pick(2)
		seq := fmt.Sprint(first)
		for range first + 1 { // how many choices follow depends on the first
			seq += fmt.Sprint(o.pick(2))
		}
		got = append(got, seq)
	}
	want := []string{"00", "01", "100", "101", "110", "111"}
	if !slices.Equal(got, want) {
		t.Errorf("tried %v, want %v", got, want)
	}
}

// Each gap spans the values that it allows.
func TestCompletions(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*lab)
		value  func(*netmodel.Network) string
		want   []string
	}{
		{"nothing open", func(*lab) {}, func(*netmodel.Network) string { return "one" }, []string{"one"}},
		{"closed link", func(l *lab) { l.net.Subnets[0].Table = netmodel.OneOf(someGap(), "left-table", "right-table") },
			func(n *netmodel.Network) string { return n.Subnet("left").Table.String() }, []string{"left-table", "right-table"}},
		{"open link", func(l *lab) { l.a2.Groups.Links[0] = netmodel.Unsettled(someGap()) },
			func(n *netmodel.Network) string { return fmt.Sprint(n.Interface("a2").Groups.Links) },
			[]string{"[]", "[elsewhere.group]", "[ga]", "[gb]", "[gx]"}},
		{"statement", func(l *lab) { l.nat.Public = netmodel.Open(someGap()) },
			func(n *netmodel.Network) string { return n.NATGateway("nat").Public.String() }, []string{"no", "yes"}},
		{"doubt", func(l *lab) { l.groups["ga"].Egress.Rules[1].Doubt = someGap() },
			func(n *netmodel.Network) string { return fmt.Sprint(len(n.Group("ga").Egress.Rules)) }, []string{"1", "2"}},
		{"traffic", func(l *lab) { l.groups["ga"].Egress.Rules[0].Match = headerspace.AtMost(https) },
			func(n *netmodel.Network) string { return n.Group("ga").Egress.Rules[0].Match.String() }, []string{"none", "tcp/443"}},
		{"hidden permit of a group", func(l *lab) { l.groups["ga"].Egress.Hidden = []netmodel.Gap{someGap()} },
			func(n *netmodel.Network) string { return fmt.Sprint(len(n.Group("ga").Egress.Rules)) }, []string{"2", "4"}},
		{"hidden rule of an ACL", func(l *lab) { l.leftACL.Egress.Rules, l.leftACL.Egress.Hidden = nil, []netmodel.Gap{someGap()} },
			func(n *netmodel.Network) string {
				if rules := n.ACL("left-acl").Egress.Rules; len(rules) > 0 {
					return rules[0].Action.String()
				}
				return "none"
			}, []string{"allow", "deny", "none"}},
		{"address", func(l *lab) {
			l.a2.IPv4 = nil
			l.groups["ga"].Egress.Rules = append(l.groups["ga"].Egress.Rules, rule(permit, https, "10.0.0.8/29"))
		}, func(n *netmodel.Network) string { return n.Interface("a2").IPv4[0].String() }, []string{"10.0.0.5", "10.0.0.8"}},
		{"CIDR", func(l *lab) { l.a1.IPv4, l.a2.IPv4, l.net.Subnets[0].IPv4 = nil, nil, netip.Prefix{} },
			func(n *netmodel.Network) string { return n.Subnet("left").IPv4.String() }, []string{"10.0.0.0/28", "10.0.0.32/28", "10.0.0.48/28"}},
		{"blackhole", func(l *lab) { l.route(l.left, "0.0.0.0/0", "igw").Blackhole = netmodel.Open(someGap()) },
			func(n *netmodel.Network) string { return n.RouteTable("left-table").Routes[0].Blackhole.String() }, []string{"no", "yes"}},
		{"foreign target", func(l *lab) { l.route(l.left, "0.0.0.0/0", "vgw") },
			func(n *netmodel.Network) string { return n.RouteTable("left-table").Routes[0].Blackhole.String() }, []string{"no", "yes"}},
		{"appliance", func(l *lab) { l.a2.SourceCheck = netmodel.Fails },
			func(n *netmodel.Network) string { i := n.Interface("a2"); return fmt.Sprint(i.SourceCheck, i.Notes) },
			[]string{"no [NGW_SOURCE_ADDRESS_REASSIGN]", "no []", "yes []"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab()
			c.change(l)
			worlds, all := Completions(l.net.Seal(), 1000)
			if !all {
				t.Fatal("not all were tried")
			}
			var got []string
			for _, n := range worlds {
				if v := c.value(n); !slices.Contains(got, v) {
					got = append(got, v)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
