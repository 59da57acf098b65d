package report

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

func TestSets(t *testing.T) {
	all4, all6 := netmodel.Internet(false), netmodel.Internet(true)
	both := slices.Concat(all4, all6)
	without := headerspace.Subtract(both, []netip.Prefix{prefix("198.51.100.0/24")})
	tcp443 := ports(443, 443)
	for _, c := range []struct {
		set  evaluator.Set
		want string
	}{
		{nil, "none"},
		{evaluator.Set{{}}, "none"},
		{evaluator.Set{{Traffic: tcp443}}, "tcp/443"},
		{evaluator.Set{{Traffic: tcp443, From: []netip.Prefix{prefix("203.0.113.0/24")}}}, "tcp/443 from 203.0.113.0/24"},
		{evaluator.Set{{Traffic: tcp443, From: without}}, "tcp/443 from internet minus 198.51.100.0/24"},
		{evaluator.Set{{Traffic: tcp443, From: all4}}, "tcp/443 from internet.v4"},
		{evaluator.Set{{Traffic: tcp443, From: both}}, "tcp/443 from internet"},
		{evaluator.Set{{Traffic: tcp443, From: append(slices.Clone(all6), prefix("203.0.113.0/24"))}}, "tcp/443 from internet.v6, 203.0.113.0/24"},
		{evaluator.Set{{Traffic: tcp443, SourcePorts: []assertions.PortRange{{Lo: 32768, Hi: 60999}}}}, "tcp/443 with source port 32768-60999"},
		{evaluator.Set{
			{Traffic: tcp443, From: all6},
			{Traffic: ports(80, 80), From: []netip.Prefix{prefix("203.0.113.7/32")}, To: []netip.Prefix{prefix("10.0.0.0/8")}},
		}, "tcp/443 from internet.v6; tcp/80 from 203.0.113.7/32 to 10.0.0.0/8"},
	} {
		if got := facts().set(c.set, headerspace.All(), internet, endpoint(appB)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// A part of a CIDR that was asked for is written against that CIDR where that
// is shorter.
func TestSetOfACIDR(t *testing.T) {
	asked := assertions.End{Kind: assertions.PrefixEnd, Prefix: prefix("10.0.0.0/8")}
	rest := headerspace.Subtract([]netip.Prefix{asked.Prefix}, []netip.Prefix{prefix("10.1.0.0/16")})
	s := evaluator.Set{{Traffic: ports(22, 22), From: rest}}
	if got, want := facts().set(s, headerspace.All(), asked, endpoint(appB)), "tcp/22 from 10.0.0.0/8 minus 10.1.0.0/16"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A port of a sensitive rule is written only where it was asked for.
func TestSensitivePorts(t *testing.T) {
	f := facts()
	f.Network.SensitiveTraffic = []headerspace.Traffic{ports(7777, 7777)}
	for _, c := range []struct {
		passes, asked headerspace.Traffic
		want          string
	}{
		{ports(22, 22).Union(ports(7777, 7777)), headerspace.All(), "(sensitive)"},
		{headerspace.All().Minus(ports(7777, 7777)), headerspace.All(), "(sensitive)"},
		{ports(7777, 7777), ports(7777, 7777), "tcp/7777"},
		{ports(22, 22), headerspace.All(), "tcp/22"},
	} {
		if got := f.set(evaluator.Set{{Traffic: c.passes}}, c.asked, internet, endpoint(appB)); got != c.want {
			t.Errorf("%s of %s: got %s, want %s", c.passes, c.asked, got, c.want)
		}
	}
	rule := &netmodel.Rule{Action: netmodel.Permit, Match: headerspace.Exactly(ports(7777, 7777)), Peer: netmodel.InPrefix(prefix("0.0.0.0/0")), Sensitive: true}
	if got, want := f.filterRule(rule, netmodel.Ingress), "(sensitive) from 0.0.0.0/0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Neither a sensitive prefix nor a set with its edges is ever written.
func TestSensitivePrefixes(t *testing.T) {
	f := facts()
	secret := prefix("203.0.113.0/24")
	f.Network.Sensitive = []netip.Prefix{secret}
	internetLess := headerspace.Subtract(netmodel.Internet(false), []netip.Prefix{secret})
	for _, ps := range [][]netip.Prefix{{secret}, {prefix("203.0.113.7/32")}, internetLess} {
		s := evaluator.Set{{Traffic: ports(22, 22), From: ps}}
		if got, want := f.set(s, headerspace.All(), internet, endpoint(appB)), "tcp/22 from (sensitive)"; got != want {
			t.Errorf("%v: got %s", ps, got)
		}
	}
	// Other ranges, and those that hold it whole with its surroundings, tell nothing.
	for _, p := range []string{"198.51.100.0/24", "203.0.0.0/8"} {
		s := evaluator.Set{{Traffic: ports(22, 22), From: []netip.Prefix{prefix(p)}}}
		if got, want := f.set(s, headerspace.All(), internet, endpoint(appB)), "tcp/22 from "+p; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	rule := &netmodel.Rule{Action: netmodel.Permit, Match: headerspace.Exactly(ports(22, 22)), Peer: netmodel.InPrefix(secret)}
	if got, want := f.filterRule(rule, netmodel.Ingress), "tcp/22 from (sensitive)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestArrow(t *testing.T) {
	for _, c := range []struct {
		f    Flow
		want string
	}{
		{Flow{From: "internet", To: "aws_instance.a", Traffic: "tcp/80,tcp/8000-8100,udp/53", Expected: "reachable"}, "internet -> aws_instance.a:80,8000-8100,udp/53"},
		{Flow{From: "2001:db8::/32", To: "aws_instance.a", Traffic: "any", Expected: "unreachable"}, "[2001:db8::/32] -/> aws_instance.a"},
		{Flow{From: `aws_instance.a["x:y"]`, To: "10.0.0.0/8", Traffic: "any", Expected: "reachable"}, `aws_instance.a["x:y"] -> 10.0.0.0/8:any`},
		{Flow{From: "a.b", To: "c.d", Traffic: "tcp", Expected: "reachable"}, "a.b -> c.d:tcp"},
	} {
		if got := c.f.Arrow(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
