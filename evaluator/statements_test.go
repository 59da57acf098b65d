package evaluator_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// sideOf is an end by its word: internet, internet.v4, internet.v6, a CIDR,
// beyond:GATEWAY, or an instance.
func sideOf(word string) assertions.Side {
	e := assertions.End{Kind: assertions.EndpointEnd, Endpoint: netmodel.Address(word)}
	switch word {
	case "internet":
		e = assertions.End{Kind: assertions.InternetEnd, V4: true, V6: true}
	case "internet.v4":
		e = assertions.End{Kind: assertions.InternetEnd, V4: true}
	case "internet.v6":
		e = assertions.End{Kind: assertions.InternetEnd, V6: true}
	default:
		if a, is := strings.CutPrefix(word, "beyond:"); is {
			e = assertions.End{Kind: assertions.GatewayEnd, Endpoint: netmodel.Address(a)}
		} else if p, err := netip.ParsePrefix(word); err == nil {
			e = assertions.End{Kind: assertions.PrefixEnd, Prefix: p}
		}
	}
	return assertions.Side{Ends: []assertions.End{e}}
}

var (
	https     = headerspace.Ports(headerspace.TCP, 443, 443)
	postgres  = headerspace.Ports(headerspace.TCP, 5432, 5432)
	dns       = headerspace.Ports(headerspace.UDP, 53, 53)
	gre       = headerspace.Whole(47)
	echo      = headerspace.ICMPTypes(headerspace.ICMP, 8, -1)
	ephemeral = headerspace.Ports(headerspace.TCP, 1024, 65535)
)

// found is the verdict, the codes of what blocks or is unknown in the order of
// the hops, the notes in parentheses, and what is missing in brackets.
func found(f evaluator.FlowResult) string {
	words := []string{f.Verdict.String()}
	for _, h := range slices.Concat(f.Forward, f.Reply) {
		if h.Result != evaluator.HopPass {
			words = append(words, string(h.Code))
		}
	}
	for _, n := range f.Notes {
		if n.Code != netmodel.BPAAssumedOff { // on every flow with the internet: TestBlockPublicAccess
			words = append(words, "("+string(n.Code)+")")
		}
	}
	for _, u := range f.Unknowns {
		words = append(words, "["+string(u.Code)+"]")
	}
	return strings.Join(words, " ")
}

// A statement is one row of TestStatements. Its name begins with an id of
// docs/semantics.md.
type statement struct {
	name    string
	change  func(region)
	ask     string              // as an arrow: from -> to, from -/> to; then "oneway"
	traffic headerspace.Traffic // https if none
	want    string              // see found
}

func TestStatements(t *testing.T) {
	for _, rows := range [][]statement{routing, edges, publicAccess, vpns, filtering, gateways, connections, walking, answering, gatewayEnds, inspecting} {
		for _, s := range rows {
			t.Run(s.name, func(t *testing.T) { s.check(t) })
		}
	}
}

// mistaken are the rows that the evaluator does not answer as they want yet.
var mistaken = []string{}

func (s statement) check(t *testing.T) {
	f := s.answer(t)
	if text := found(f); (text == s.want) == slices.Contains(mistaken, s.name) {
		t.Errorf("%s: %s, want %s", s.ask, text, s.want)
		for _, h := range slices.Concat(f.Forward, f.Reply) {
			t.Logf("  %s %s %s %s %s %s", h.Result, h.Kind, h.Address, h.Direction, h.Code, h.Packet)
		}
	}
}

// answer is what the evaluator finds.
func (s statement) answer(t *testing.T) evaluator.FlowResult {
	r := newRegion()
	if s.change != nil {
		s.change(r)
	}
	words := strings.Fields(s.ask)
	a := assertions.Assertion{ID: "q", Verb: assertions.MustReach, Severity: assertions.Error, Unknown: assertions.FailUnknown,
		From: sideOf(words[0]), To: sideOf(words[2]), Traffic: s.traffic, OneWay: len(words) > 3}
	if words[1] == "-/>" {
		a.Verb = assertions.MustNotReach
	}
	if a.Traffic.IsEmpty() {
		a.Traffic = https
	}
	e := evaluator.New(r.Seal())
	e.Strict = true
	got := evaluator.Check(e, nil, []assertions.Assertion{a}, "2026-01-01")
	if len(got) != 1 || len(got[0].Flows) != 1 {
		t.Fatalf("%d results", len(got))
	}
	return got[0].Flows[0]
}

var routing = []statement{
	{"RT-7 local", nil, "web -> db", https, "reachable"},
	{"RT-8 more specific than local", func(r region) { r.route("front", "10.0.1.0/24", "nowhere").Blackhole = netmodel.Holds },
		"web -> db", https, "unreachable BAD_STATE_ROUTE"},
	{"RT-10 another target for the local route", func(r region) { r.route("front", "10.0.0.0/16", "nowhere").Blackhole = netmodel.Holds },
		"web -> db", https, "unreachable BAD_STATE_ROUTE"},
	{"RT-12 an IPv4 default route carries no IPv6", func(r region) { r.route("front", "0.0.0.0/0", "igw") },
		"web -> internet.v6", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"RT-12 an IPv6 default route carries no IPv4", func(r region) { r.route("front", "::/0", "igw") },
		"web -> internet.v4", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"RT-13 no route", nil, "web -> internet", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"RT-14 the longest prefix wins", func(r region) {
		r.route("front", "0.0.0.0/0", "igw")
		r.route("front", "203.0.113.0/24", "nowhere").Blackhole = netmodel.Holds
	}, "web -> 203.0.113.0/24", https, "unreachable BAD_STATE_ROUTE"},
	{"RT-14 a shorter prefix does not count", func(r region) {
		r.route("front", "0.0.0.0/0", "nowhere").Blackhole = netmodel.Holds
		r.route("front", "203.0.113.0/24", "igw")
	}, "web -> 203.0.113.0/24", https, "reachable"},
	{"RT-15 static beats prefix list and propagated", func(r region) {
		r.listed("0.0.0.0/0", "nowhere").Blackhole = netmodel.Holds
		lower := r.route("front", "0.0.0.0/0", "nowhere")
		lower.Rank, lower.Blackhole = netmodel.PropagatedRoute, netmodel.Holds
		r.route("front", "0.0.0.0/0", "igw")
	}, "web -> internet.v4", https, "reachable"},
	{"RT-15 prefix list beats propagated", func(r region) {
		r.route("front", "0.0.0.0/0", "igw").Rank = netmodel.PropagatedRoute
		r.listed("0.0.0.0/0", "nowhere").Blackhole = netmodel.Holds
	}, "web -> internet.v4", https, "unreachable BAD_STATE_ROUTE"},
	{"RT-17 longer propagated beats shorter static", func(r region) {
		r.route("front", "0.0.0.0/0", "igw")
		longer := r.route("front", "203.0.113.0/24", "nowhere")
		longer.Rank, longer.Blackhole = netmodel.PropagatedRoute, netmodel.Holds
	}, "web -> 203.0.113.0/24", https, "unreachable BAD_STATE_ROUTE"},
	{"RT-17 longer prefix list beats shorter static", func(r region) {
		r.route("front", "0.0.0.0/0", "igw")
		r.listed("203.0.113.0/24", "nowhere").Blackhole = netmodel.Holds
	}, "web -> 203.0.113.0/24", https, "unreachable BAD_STATE_ROUTE"},
	{"RT-18 propagated does not beat local", func(r region) {
		longer := r.route("front", "10.0.1.0/24", "nowhere")
		longer.Rank, longer.Blackhole = netmodel.PropagatedRoute, netmodel.Holds
	}, "web -> db", https, "reachable"},
	{"RT-20 prefix lists that disagree", func(r region) {
		r.listed("0.0.0.0/0", "igw")
		r.listed("0.0.0.0/0", "nowhere").Blackhole = netmodel.Holds
	}, "web -> internet.v4", https, "unknown AMBIGUOUS_ROUTE [AMBIGUOUS_ROUTE]"},
	{"RT-20 prefix lists that agree", func(r region) {
		r.listed("0.0.0.0/0", "igw")
		r.listed("0.0.0.0/0", "igw")
	}, "web -> internet.v4", https, "reachable"},
	{"RT-23 no route within a subnet", func(r region) { r.route("front", "10.0.0.0/24", "nowhere").Blackhole = netmodel.Holds },
		"web -> app", https, "reachable"},
	{"RT-27 a black hole", func(r region) { r.route("front", "0.0.0.0/0", "igw").Blackhole = netmodel.Holds },
		"web -> internet.v4", https, "unreachable BAD_STATE_ROUTE"},
	{"RT-14 whether a route that is not known matches is asked of each destination", func(r region) {
		r.join("tgw")
		r.table("distant").Routes[0].Target = netmodel.To("pcx")
		r.table("distant").Routes[0].Destination = openPeer()
		r.subnet("hall", "vpc2", "b", "10.1.1.0/24", "")
		r.at("hall").Table, r.attached("remote").Subnets.Links[0] = netmodel.To("distant.table"), netmodel.To("hall")
	}, "web -/> far", https, "unknown UNKNOWN_VALUE UNKNOWN_VALUE [UNKNOWN_VALUE]"},
	{"RT-31 bits behind the prefix do not count", func(r region) { r.route("front", "203.0.113.7/24", "igw") },
		"web -> 203.0.113.0/24", https, "reachable"},
}

var filtering = []statement{
	{"SG-8 a rule for the address of an instance", func(r region) {
		r.group("db").Ingress = admitting(true, line(netmodel.Permit, https, ofHost("web.eni")))
	}, "web -> db", https, "reachable"},
	{"SG-8 and for no other", func(r region) {
		r.group("db").Ingress = admitting(true, line(netmodel.Permit, https, ofHost("web.eni")))
	}, "app -/> db", https, "unreachable ENI_SG_RULES_MISMATCH"},
	{"SG-8 nor for the internet", func(r region) {
		r.public("back")
		r.group("db").Ingress = admitting(true, line(netmodel.Permit, https, ofHost("web.eni")))
	}, "internet.v4 -/> db", https, "unreachable ENI_SG_RULES_MISMATCH"},
	{"SG-8 a rule for a NAT gateway's address", func(r region) {
		r.translated("pcx")
		r.group("far").Ingress = admitting(true, line(netmodel.Permit, https, ofHost("nat")))
	}, "web -> far", https, "reachable"},
	{"SG-8 a rule for a public address of the plan's own is none for strangers", func(r region) {
		r.public("back")
		r.group("db").Ingress = admitting(true, line(netmodel.Permit, https, ofOwn()))
	}, "internet.v4 -/> db", https, "unreachable ENI_SG_RULES_MISMATCH"},
	{"SG-8 an address that somebody names may be it", func(r region) {
		r.public("back")
		r.group("db").Ingress = admitting(true, line(netmodel.Permit, https, ofOwn()))
	}, "203.0.113.7/32 -/> db", https, "unknown UNKNOWN_VALUE [UNKNOWN_VALUE]"},
	{"SG-1 a narrower rule takes nothing away", func(r region) {
		r.group("db").Ingress = admitting(true, permit(https, "10.0.0.5/32"), permit(https, "10.0.0.0/24"))
	}, "web -> db", https, "reachable"},
	{"SG-2 any group admits", func(r region) {
		r.group("db").Ingress.Rules = nil
		r.eni("db").Groups.Links = append(r.eni("db").Groups.Links, netmodel.To("app.sg"))
	}, "web -> db", https, "reachable"},
	{"SG-3 no rule in", func(r region) { r.group("db").Ingress.Rules = nil }, "web -> db", https, "unreachable SG_HAS_NO_RULES"},
	{"SG-3 no rule out", func(r region) { r.group("web").Egress.Rules = nil }, "web -> db", https, "unreachable SG_HAS_NO_RULES"},
	{"SG-3 no rule that matches", func(r region) { r.group("db").Ingress = admitting(true, permit(postgres, "0.0.0.0/0")) },
		"web -> db", https, "unreachable ENI_SG_RULES_MISMATCH"},
	{"SG-4 replies need no rule", func(r region) { r.group("db").Egress.Rules, r.group("web").Ingress.Rules = nil, nil },
		"web -> db", https, "reachable"},
	{"SG-5 out at the source, in at the destination", func(r region) {
		r.group("web").Egress = admitting(true, permit(https, "10.0.1.0/24"))
		r.group("db").Ingress = admitting(true, permit(https, "10.0.0.0/24"))
	}, "web -> db", https, "reachable"},
	{"SG-6 groups are the interface's own", func(r region) {
		r.second("db", "front", "10.0.0.9")
		r.group("db").Ingress.Rules = nil
	}, "web -> 10.0.1.4/32", https, "unreachable SG_HAS_NO_RULES"},
	{"SG-8 an IPv4 rule admits no IPv6", func(r region) {
		r.group("web").Ingress = admitting(true, permit(https, "0.0.0.0/0"))
		r.public("front")
	},
		"internet.v6 -> web", https, "unreachable ENI_SG_RULES_MISMATCH"},
	{"SG-9 a member", func(r region) { r.group("db").Ingress = admitting(true, permitGroup("web.sg")) }, "web -> db", https, "reachable"},
	{"SG-9 no member", func(r region) { r.group("db").Ingress = admitting(true, permitGroup("app.sg")) },
		"web -> db", https, "unreachable ENI_SG_RULES_MISMATCH"},
	{"SG-9 a reference does not import rules", func(r region) {
		r.group("db").Ingress = admitting(true, permitGroup("app.sg"))
		r.group("app").Ingress = admitting(true, permit(https, "10.0.0.4/32"))
	}, "web -> db", https, "unreachable ENI_SG_RULES_MISMATCH"},
	{"SG-9 out", func(r region) { r.group("web").Egress = admitting(true, permitGroup("db.sg")) }, "web -> db", https, "reachable"},
	{"SG-10 itself", func(r region) {
		r.group("web").Ingress = admitting(true, permitGroup("web.sg"))
		r.eni("app").Groups.Links[0] = netmodel.To("web.sg")
	}, "app -> web", https, "reachable"},
	{"SG-11 not by a NAT gateway", func(r region) {
		r.route("front", "10.0.1.0/24", "nat")
		r.group("db").Ingress = admitting(true, permitGroup("web.sg"))
	}, "web -> db", https, "unreachable SG_REFERENCE_PRIVATE_ADDRESS_ONLY"},
	{"SG-11 not by a public address", func(r region) {
		r.public("front")
		r.group("web").Ingress = admitting(true, permitGroup("web.sg"), permitGroup("db.sg"))
	}, "internet.v4 -> web", https, "unreachable ENI_SG_RULES_MISMATCH"},

	{"NACL-2 not within a subnet", func(r region) { r.acl("front").Ingress.Rules, r.acl("front").Egress.Rules = nil, nil },
		"web -> app", https, "reachable"},
	{"NACL-3 the first match decides", func(r region) {
		r.acl("back").Ingress.Rules = []netmodel.Rule{deny(https, "10.0.0.4/32"), permit(headerspace.All(), "0.0.0.0/0")}
	}, "web -> db", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"NACL-3 a later deny does not count", func(r region) {
		r.acl("back").Ingress.Rules = append(r.acl("back").Ingress.Rules, deny(https, "10.0.0.4/32"))
	}, "web -> db", https, "reachable"},
	{"NACL-4 the rest is denied", func(r region) { r.acl("back").Ingress.Rules = []netmodel.Rule{permit(postgres, "0.0.0.0/0")} },
		"web -> db", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"NACL-5 out is another list", func(r region) {
		r.acl("front").Egress.Rules = []netmodel.Rule{permit(https, "10.0.1.0/24")}
		r.acl("back").Egress.Rules = []netmodel.Rule{permit(ephemeral, "10.0.0.0/24")}
	}, "web -> db", https, "reachable"},
	{"NACL-6 replies out need a rule", func(r region) { r.acl("back").Egress.Rules = nil },
		"web -> db", https, "unreachable RETURN_ACL_RESTRICTION (ONE_WAY_DELIVERY)"},
	{"NACL-6 replies in need a rule", func(r region) { r.acl("front").Ingress.Rules = []netmodel.Rule{permit(https, "0.0.0.0/0")} },
		"web -> db", https, "unreachable RETURN_ACL_RESTRICTION (ONE_WAY_DELIVERY)"},
	{"NACL-6 replies to the internet need a rule", func(r region) {
		r.public("front")
		r.acl("front").Egress.Rules = []netmodel.Rule{permit(headerspace.All(), "10.0.0.0/8")}
	}, "internet.v4 -> web", https, "unreachable RETURN_ACL_RESTRICTION (ONE_WAY_DELIVERY)"},
	{"NACL-7 an IPv4 rule admits no IPv6", func(r region) {
		r.public("front")
		r.acl("front").Ingress.Rules = toAll()[:1]
	}, "internet.v6 -> web", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"NACL-7 an IPv6 rule admits no IPv4", func(r region) {
		r.public("front")
		r.acl("front").Ingress.Rules = toAll()[1:]
	}, "internet.v4 -> web", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"NACL-13 bits behind the prefix do not count", func(r region) {
		r.acl("back").Ingress.Rules = []netmodel.Rule{permit(https, "10.0.0.99/24")}
	}, "web -> db", https, "reachable"},
	{"NACL-19 some client ports return", func(r region) {
		r.acl("front").Ingress.Rules = append([]netmodel.Rule{deny(headerspace.Ports(headerspace.TCP, 40000, 40000), "0.0.0.0/0")}, toAll()...)
	}, "web -> db", https, "reachable (RETURN_ACL_PARTIAL_EPHEMERAL)"},
	{"NACL-19 no client port returns", func(r region) {
		r.acl("front").Ingress.Rules = []netmodel.Rule{permit(headerspace.Ports(headerspace.TCP, 1024, 32767), "0.0.0.0/0")}
	}, "web -> db", https, "unreachable RETURN_ACL_RESTRICTION (ONE_WAY_DELIVERY)"},
}

var gateways = []statement{
	{"IGW-1 out", func(r region) { r.public("front") }, "web -> internet", https, "reachable"},
	{"IGW-1 in", func(r region) { r.public("front") }, "internet -> web", https, "reachable"},
	{"IGW-1 not attached", func(r region) { r.public("front"); r.InternetGateways[0].VPC = netmodel.NoLink() },
		"web -> internet.v4", https, "unreachable BAD_STATE_ATTACHMENT"},
	{"IGW-1 not for another VPC's addresses", func(r region) {
		r.inIPv6()
		r.route("distant", "::/0", "tgw")
		r.TransitTables[0].Routes = append(r.TransitTables[0].Routes, routeTo("::/0", "near"), routeTo("2001:db8:0:b00::/56", "remote"))
		r.route("edge", "::/0", "igw")
		r.route("edge", "2001:db8:0:b00::/56", "tgw")
	}, "far -> internet.v6", https, "unreachable IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"},
	{"IGW-5 no public address, out", func(r region) { r.public("front") }, "app -> internet", https, "unreachable IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"},
	{"IGW-5 no public address, in", func(r region) { r.public("front") }, "internet -> app", https, "unreachable IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"},
	{"IGW-6 no route, out", nil, "web -> internet.v4", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"IGW-7 no private addresses, out", func(r region) { r.public("front") }, "web -> 192.168.0.0/16", https, "unreachable IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"},
	{"IGW-7 no shared addresses, out", func(r region) { r.public("front") }, "web -> 100.64.0.0/16", https, "unreachable IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS"},
	{"IGW-7 no private addresses, in", func(r region) { r.public("front") }, "192.168.0.0/16 -> web", https, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE"},
	{"IGW-10 replies need the route", nil, "internet.v4 -> web", https, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY)"},
	{"IGW-10 not by a NAT gateway", func(r region) { r.outByNAT() }, "internet.v4 -> web", https, "unreachable RETURN_PATH_ASYMMETRIC (ONE_WAY_DELIVERY)"},
	{"IGW-12 the internet has no private, shared or reserved addresses", func(r region) {
		r.public("front")
		r.acl("front").Ingress.Rules = append(denying("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
			"172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"), toAll()...)
	}, "internet.v4 -> web", https, "reachable"},
	{"IGW-12 but all others", func(r region) {
		r.public("front")
		r.acl("front").Ingress.Rules = append(denying("172.32.0.0/16"), toAll()...)
	}, "internet.v4 -> web", https, "partial SUBNET_ACL_RESTRICTION (PARTIALLY_REACHABLE)"},
	{"IGW-13 a public address of the plan is no stranger", func(r region) {
		r.public("front")
		r.public("back")
		r.group("db").Ingress.Rules = nil
	}, "web -> 198.51.100.20/32", https, "unknown IGW_NAT_REFLECTION [IGW_NAT_REFLECTION]"},
	{"IGW-14 IPv6 only", func(r region) { r.route("front", "0.0.0.0/0", "eigw") }, "web -> internet.v4", https, "unreachable EIGW_REQUIRES_IPV6"},
	{"IGW-15 out", func(r region) { r.route("front", "::/0", "eigw") }, "web -> internet.v6", https, "reachable"},
	{"IGW-15 not in", func(r region) { r.route("front", "::/0", "eigw"); r.InternetGateways = r.InternetGateways[1:] },
		"internet.v6 -/> web", https, "unreachable BAD_STATE_ATTACHMENT RETURN_PATH_ASYMMETRIC"},
	{"IGW-16 the ACL applies", func(r region) {
		r.route("front", "::/0", "eigw")
		r.acl("front").Egress.Rules = nil
	}, "web -> internet.v6", https, "unreachable SUBNET_ACL_RESTRICTION"},

	{"NAT-1 in a subnet", region.outByNAT, "app -> internet", https, "reachable"},
	{"NAT-2 its subnet needs the route", func(r region) { r.route("front", "0.0.0.0/0", "nat") }, "app -> internet", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"NAT-3 a private one is not for the internet", func(r region) { r.outByNAT(); r.NATGateways[0].Public = netmodel.Fails },
		"app -> internet", https, "unreachable IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"},
	{"NAT-3 a private one sends to a transit gateway", func(r region) {
		r.NATGateways[0].Public = netmodel.Fails
		r.translated("tgw")
	}, "web -> far", https, "reachable"},
	{"NAT-4 a public one too, by its private address", func(r region) {
		r.translated("tgw")
		r.group("far").Ingress = admitting(true, permit(https, "10.0.2.9/32"))
	}, "web -> far", https, "reachable"},
	{"NAT-5 TCP, UDP and ICMP", region.outByNAT, "app -> internet", https.Union(dns).Union(echo), "reachable"},
	{"NAT-5 nothing else", region.outByNAT, "app -> internet", gre, "unreachable PROTOCOL_RESTRICTION"},
	{"NAT-8 its ACL, in", func(r region) {
		r.outByNAT()
		r.acl("edge").Ingress.Rules = []netmodel.Rule{permit(headerspace.All(), "203.0.113.0/24")}
	}, "app -> 203.0.113.0/24", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"NAT-8 its ACL, out", func(r region) {
		r.outByNAT()
		r.acl("edge").Egress.Rules = []netmodel.Rule{permit(headerspace.All(), "10.0.0.0/16")}
	}, "app -> internet", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"NAT-8 replies to its ports", func(r region) {
		r.outByNAT()
		r.acl("edge").Ingress.Rules = []netmodel.Rule{permit(headerspace.All(), "10.0.0.0/16"), permit(headerspace.Ports(headerspace.TCP, 0, 1023), "0.0.0.0/0")}
	}, "app -> internet", https, "unreachable NGW_REPLY_ACL_RESTRICTION (ONE_WAY_DELIVERY)"},
	{"NAT-8 replies to some of its ports", func(r region) {
		r.outByNAT()
		r.acl("edge").Ingress.Rules = []netmodel.Rule{permit(headerspace.All(), "10.0.0.0/16"), permit(headerspace.Ports(headerspace.TCP, 1024, 2000), "0.0.0.0/0")}
	}, "app -> internet", https, "reachable"},
	{"NAT-9 its private address is the source", func(r region) {
		r.route("front", "10.0.1.0/24", "nat")
		r.group("db").Ingress = admitting(true, permit(https, "10.0.2.9/32"))
	}, "web -> db", https, "reachable"},
	{"NAT-9 the client's is not", func(r region) {
		r.route("front", "10.0.1.0/24", "nat")
		r.group("db").Ingress = admitting(true, permit(https, "10.0.0.0/24"))
	}, "web -> db", https, "unreachable ENI_SG_RULES_MISMATCH"},
	{"NAT-10 replies need its table", func(r region) {
		r.outByNAT()
		r.route("edge", "10.0.0.0/24", "nowhere").Blackhole = netmodel.Holds
	}, "app -> internet", https, "unreachable BAD_STATE_ROUTE (ONE_WAY_DELIVERY)"},
	{"NAT-11 not from outside", region.outByNAT, "internet -/> app", https, "unreachable IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS RETURN_PATH_ASYMMETRIC"},
	{"NAT-12 not from a peered VPC", func(r region) {
		r.route("distant", "0.0.0.0/0", "pcx")
		r.outByNAT()
	}, "far -> internet.v4", https, "unreachable PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"},
	{"NAT-13 by a transit gateway", region.centralEgress, "far -> internet.v4", https, "reachable"},
	{"NAT-15 returns to sender", func(r region) { r.translated("pcx") }, "web -> far", https, "reachable"},
	{"NAT-15 an ACL stops the reply", func(r region) { r.translated("pcx"); r.acl("distant").Egress.Rules = nil },
		"web -> far", https, "unreachable RETURN_ACL_RESTRICTION (ONE_WAY_DELIVERY)"},
	{"NAT-16 regional", func(r region) {
		r.NATGateways[0].Subnet, r.NATGateways[0].VPC = netmodel.NoLink(), netmodel.To("vpc")
		r.route("front", "0.0.0.0/0", "nat")
	}, "app -> internet", https, "reachable"},
	{"NAT-16 regional, of another VPC", func(r region) {
		r.NATGateways[0].Subnet, r.NATGateways[0].VPC = netmodel.NoLink(), netmodel.To("vpc2")
		r.route("front", "0.0.0.0/0", "nat")
	}, "app -> internet", https, "unreachable BAD_STATE_ATTACHMENT"},
	{"V6-1 no IPv6 address", func(r region) { r.public("front") }, "app -> internet.v6", https, "unreachable (IPV6_NO_ADDRESS)"},
	{"VPCE-2 to the service", region.serviced, "app -> 192.0.2.0/24", https, "reachable"},
	{"VPCE-2 the service is not the internet", func(r region) {
		r.public("front")
		r.serviced()
	}, "web -> internet.v4", gre, "reachable (GATEWAY_ENDPOINT_RANGE_LEFT_OUT)"},
	{"VPCE-3 before a default route", func(r region) {
		r.route("front", "0.0.0.0/0", "nowhere").Blackhole = netmodel.Holds
		r.serviced()
	}, "app -> 192.0.2.0/24", https, "reachable"},
	{"VPCE-3 not before the very range", func(r region) {
		r.serviced()
		r.route("front", "192.0.2.0/24", "nowhere").Blackhole = netmodel.Holds
	}, "app -> 192.0.2.0/24", https, "unreachable BAD_STATE_ROUTE"},
	{"VPCE-4 the client's groups and ACL apply", func(r region) {
		r.serviced()
		r.group("app").Egress.Rules, r.acl("front").Egress.Rules = nil, nil
	}, "app -> 192.0.2.0/24", https, "unreachable SG_HAS_NO_RULES SUBNET_ACL_RESTRICTION"},
	{"VPCE-5 TCP and echo requests only", region.serviced, "app -> 192.0.2.0/24", gre, "unreachable VPCE_GATEWAY_PROTOCOL_RESTRICTION"},
	{"VPCE-7 not over a transit gateway", func(r region) {
		r.route("distant", "192.0.2.0/24", "tgw")
		r.TransitTables[0].Routes = append(r.TransitTables[0].Routes, routeTo("192.0.2.0/24", "near"))
		r.attached("near").Subnets.Links[0] = netmodel.To("front")
		r.serviced()
	}, "far -> 192.0.2.0/24", https, "unreachable VPCE_GATEWAY_NOT_TRANSITIVE"},
	{"V6-1 not in a subnet without IPv6", func(r region) {
		r.route("back", "0.0.0.0/0", "igw")
		r.at("back").IPv6, r.at("back").HasIPv6 = netip.Prefix{}, netmodel.Fails
		r.eni("db").HasIPv6 = netmodel.Open(gap)
	}, "db -> internet", https, "reachable"},
	{"V6-2 each family by its own rules", func(r region) {
		r.public("front")
		r.group("web").Ingress = admitting(true, permit(https, "::/0"))
	}, "internet -> web", https, "partial ENI_SG_RULES_MISMATCH (PARTIALLY_REACHABLE)"},
	{"V6-3 IPv6 is public", func(r region) { r.route("front", "::/0", "igw") }, "internet.v6 -> web", https, "reachable (IPV6_PUBLIC_BY_DEFAULT)"},
	{"V6-4 out only", func(r region) { r.route("front", "::/0", "eigw") }, "internet.v6 -/> web", https, "unreachable RETURN_PATH_ASYMMETRIC (ONE_WAY_DELIVERY)"},
	{"V6-5 no IPv6 by a NAT gateway", func(r region) { r.route("front", "::/0", "nat"); r.route("edge", "::/0", "igw") },
		"web -> internet.v6", https, "unreachable NGW_IPV6_REQUIRES_NAT64"},
}

var connections = []statement{
	{"PCX-1 not active", func(r region) { r.join("pcx"); r.Peerings[0].Active = netmodel.Fails }, "web -> far", https, "unreachable BAD_STATE_ATTACHMENT BAD_STATE_ATTACHMENT"},
	{"PCX-2 routes both ways", func(r region) { r.join("pcx") }, "web -> far", https, "reachable"},
	{"PCX-2 no route there", func(r region) { r.route("distant", "10.0.0.0/16", "pcx") }, "web -> far", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"PCX-2 no route back", func(r region) { r.route("front", "10.1.0.0/16", "pcx") }, "web -> far", https, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY)"},
	{"PCX-4 no third VPC", func(r region) { r.route("front", "192.168.0.0/16", "pcx") }, "web -> 192.168.0.0/16", https, "unreachable PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"},
	{"PCX-5 not the peer's internet gateway", func(r region) {
		r.route("front", "0.0.0.0/0", "pcx")
		r.route("distant", "0.0.0.0/0", "igw2")
	}, "web -> internet.v4", https, "unreachable PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"},
	{"PCX-5 not from a transit gateway", func(r region) {
		r.VPCs = append(r.VPCs, &netmodel.VPC{Address: "vpc3", IPv4: prefixes("10.2.0.0/16"), HasIPv6: netmodel.Fails})
		r.subnet("third", "vpc3", "a", "10.2.0.0/24", "")
		r.instance("other", "third", "10.2.0.4", "", "")
		r.attachment("stub", "vpc3", "third")
		r.route("third", "10.1.0.0/16", "tgw")
		r.TransitTables[0].Routes[1] = routeTo("10.1.0.0/16", "near")
		r.route("edge", "10.1.0.0/16", "pcx")
	}, "other -/> far oneway", https, "unreachable PCX_REQUIRES_ADDRESS_IN_VPC_CIDR (UNIDIRECTIONAL_PATH_ANALYSIS_ONLY)"},
	{"PCX-8 IPv6 needs routes of its own", func(r region) {
		r.join("pcx")
		r.inIPv6()
	}, "web -> far", https, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE"},
	{"PCX-8 IPv6", func(r region) {
		r.inIPv6()
		r.route("front", "2001:db8:0:b00::/56", "pcx")
		r.route("distant", "2001:db8:0:a00::/56", "pcx")
	}, "web -> far", https, "reachable"},
	{"SG-14 in one Region", func(r region) {
		r.join("pcx")
		r.group("far").Ingress = admitting(true, permitGroup("web.sg"))
		r.group("web").Egress = admitting(true, permitGroup("far.sg"))
	}, "web -> far", https, "reachable"},
	{"SG-14 not across Regions, in", func(r region) {
		r.join("pcx")
		r.Peerings[0].SameRegion = netmodel.Fails
		r.group("far").Ingress = admitting(true, permitGroup("web.sg"))
	}, "web -> far", https, "unreachable SG_REFERENCE_CROSS_REGION"},
	{"SG-14 not across Regions, out", func(r region) {
		r.join("pcx")
		r.Peerings[0].SameRegion = netmodel.Fails
		r.group("web").Egress = admitting(true, permitGroup("far.sg"))
	}, "web -> far", https, "unreachable SG_REFERENCE_CROSS_REGION"},

	{"SG-13 not outbound over a transit gateway", func(r region) {
		r.Peerings = nil
		r.join("tgw")
		r.group("web").Egress = admitting(true, permitGroup("far.sg"))
	}, "web -> far", https, "unreachable SG_REFERENCE_EGRESS_OVER_TGW"},
	{"SG-16 inbound over a transit gateway", func(r region) {
		r.Peerings = nil
		r.join("tgw")
		r.group("far").Ingress = admitting(true, permitGroup("web.sg"))
	}, "web -> far", https, "reachable"},
	{"SG-16 the gateway's option off", func(r region) {
		r.Peerings = nil
		r.join("tgw")
		r.TransitGateways[0].Referencing = netmodel.Fails
		r.group("far").Ingress = admitting(true, permitGroup("web.sg"))
	}, "web -> far", https, "unreachable SG_REFERENCING_SUPPORT"},
	{"SG-16 an attachment's option off", func(r region) {
		r.Peerings = nil
		r.join("tgw")
		r.attached("remote").Referencing = netmodel.Fails
		r.group("far").Ingress = admitting(true, permitGroup("web.sg"))
	}, "web -> far", https, "unreachable SG_REFERENCING_SUPPORT"},

	{"TGW-2 no association", func(r region) { r.join("tgw"); r.attached("near").Table = netmodel.NoLink() },
		"web -> far", https, "unreachable TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"},
	{"TGW-8 not accepted", func(r region) { r.join("tgw"); r.attached("near").Active = netmodel.Fails },
		"web -> far", https, "unreachable BAD_STATE_ATTACHMENT BAD_STATE_ATTACHMENT"},
	{"TGW-9 the most specific route", func(r region) {
		r.join("tgw")
		dead := routeTo("10.1.0.0/24", "remote")
		dead.Blackhole = netmodel.Holds
		r.TransitTables[0].Routes = append(r.TransitTables[0].Routes, dead)
	}, "web -> far", https, "unreachable TGW_RTB_BAD_STATE_ROUTE"},
	{"TGW-10 static before propagated", func(r region) {
		r.join("tgw")
		lower := routeTo("10.1.0.0/16", "remote")
		lower.Rank, lower.Blackhole = netmodel.PropagatedRoute, netmodel.Holds
		r.TransitTables[0].Routes = append([]netmodel.Route{lower}, r.TransitTables[0].Routes...)
	}, "web -> far", https, "reachable"},
	{"TGW-11 static instead of propagated", func(r region) {
		r.join("tgw")
		r.TransitTables[0].Routes[1].Rank = netmodel.PropagatedRoute
		dead := routeTo("10.1.0.0/16", "remote")
		dead.Blackhole = netmodel.Holds
		r.TransitTables[0].Routes = append(r.TransitTables[0].Routes, dead)
	}, "web -> far", https, "unreachable TGW_RTB_BAD_STATE_ROUTE"},
	{"TGW-12 a black hole", func(r region) { r.join("tgw"); r.TransitTables[0].Routes[1].Blackhole = netmodel.Holds },
		"web -> far", https, "unreachable TGW_RTB_BAD_STATE_ROUTE"},
	{"TGW-13 no route", func(r region) { r.join("tgw"); r.TransitTables[0].Routes = r.TransitTables[0].Routes[:1] },
		"web -> far", https, "unreachable TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"},
	{"TGW-15 no subnet in the zone", func(r region) { r.join("tgw"); r.at("edge").Zone = "c" }, "web -> far", https, "unreachable TGW_ROUTE_AZ_RESTRICTION"},
	{"TGW-15 the zone is not known", func(r region) { r.join("tgw"); r.at("front").Zone = "" }, "web -> far", https, "unknown UNKNOWN_AVAILABILITY_ZONE [UNKNOWN_AVAILABILITY_ZONE]"},
	{"TGW-17 the other side's zone does not matter", func(r region) { r.join("tgw") }, "web -> far", https, "reachable"},
	{"TGW-18 the table of the attachment's subnet", func(r region) {
		r.join("tgw")
		r.subnet("landing", "vpc2", "b", "10.1.1.0/24", "")
		r.attached("remote").Subnets.Links[0] = netmodel.To("landing")
		r.route("landing", "10.1.0.0/24", "nowhere").Blackhole = netmodel.Holds
	}, "web -> far", https, "unreachable BAD_STATE_ROUTE"},
	{"TGW-19 no route there", func(r region) { r.route("distant", "10.0.0.0/16", "tgw") }, "web -> far", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"TGW-19 no route back", func(r region) { r.route("front", "10.1.0.0/16", "tgw") },
		"web -> far", https, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY)"},
	{"TGW-20 in at the attachment", func(r region) { r.join("tgw"); r.acl("edge").Ingress.Rules = nil }, "web -> far", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"TGW-20 not out of it", func(r region) {
		r.join("tgw")
		r.acl("edge").Egress.Rules = []netmodel.Rule{permit(headerspace.All(), "10.0.0.0/24")}
	}, "web -> far", https, "reachable"},
	{"TGW-21 out at the attachment", func(r region) { r.join("tgw"); r.acl("edge").Egress.Rules = nil },
		"far -> web", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"TGW-21 not into it", func(r region) {
		r.join("tgw")
		r.acl("edge").Ingress.Rules = []netmodel.Rule{permit(headerspace.All(), "10.0.0.0/24")}
	}, "far -> web", https, "reachable"},
	{"TGW-22 out and in, in one subnet", func(r region) {
		r.join("tgw")
		r.attached("near").Subnets.Links[0] = netmodel.To("front")
		r.acl("front").Ingress.Rules = nil
	}, "web -> far", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"TGW-23 neither, in one subnet", func(r region) {
		r.join("tgw")
		r.acl("distant").Ingress.Rules = []netmodel.Rule{permit(headerspace.All(), "10.1.0.0/24")} // for the way back, TGW-22
	}, "web -> far", https, "reachable"},
	{"TGW-25 the zone is kept", func(r region) {
		r.join("tgw")
		r.subnet("landing", "vpc2", "a", "10.1.1.0/24", "")
		r.attached("remote").Subnets.Links = append(r.attached("remote").Subnets.Links, netmodel.To("landing"))
		r.route("landing", "10.1.0.0/24", "nowhere").Blackhole = netmodel.Holds
	}, "web -> far", https, "unreachable BAD_STATE_ROUTE"},
	{"TGW-31 the reply's association", func(r region) { r.join("tgw"); r.attached("remote").Table = netmodel.NoLink() },
		"web -> far", https, "unreachable TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION (ONE_WAY_DELIVERY)"},
}

var walking = []statement{
	{"ENI-1 not for other addresses", func(r region) { r.public("front") }, "internet.v4 -> app", https, "unreachable IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"},
	{"ENI-3 the check is on", func(r region) { r.route("front", "0.0.0.0/0", "db.eni") }, "app -> internet", https, "unreachable ENI_SOURCE_DEST_CHECK_RESTRICTION"},
	{"ENI-3 its own address", func(r region) { r.route("front", "10.0.1.0/24", "db.eni") }, "web -> db", https, "reachable"},
	{"ENI-4 an appliance", func(r region) { r.route("front", "0.0.0.0/0", "db.eni"); r.eni("db").SourceCheck = netmodel.Fails },
		"app -> internet", https, "unknown UNKNOWN_APPLIANCE_BEHAVIOR RETURN_UNKNOWN [UNKNOWN_APPLIANCE_BEHAVIOR]"},
	{"ENI-5 by any interface", func(r region) {
		r.second("db", "front", "10.0.0.9")
		r.acl("back").Ingress.Rules = nil
	}, "web -> db", https, "reachable"},
	{"ENI-6 not attached", func(r region) { r.eni("db").Attached = netmodel.Fails }, "web -> db", https, "unreachable (UNASSOCIATED_COMPONENT)"},
	{"SVC-2 sends only", func(r region) {
		find(r.Endpoints, func(e *netmodel.Endpoint) bool { return e.Address == "db" }).SendsOnly = true
	},
		"web -> db", https, "unreachable SERVICE_NOT_A_NETWORK_DESTINATION"},
	{"SVC-2 does send", func(r region) {
		find(r.Endpoints, func(e *netmodel.Endpoint) bool { return e.Address == "db" }).SendsOnly = true
	},
		"db -> web", https, "reachable"},

	{"EV-1 the source's ACL", func(r region) { r.acl("front").Egress.Rules = nil }, "web -> db", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"EV-1 the destination's ACL", func(r region) { r.acl("back").Ingress.Rules = nil }, "web -> db", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"EV-1 in this order", func(r region) {
		r.group("web").Egress.Rules, r.acl("front").Egress.Rules = nil, nil
		r.route("front", "10.0.1.0/24", "nowhere").Blackhole = netmodel.Holds
	}, "web -> db", https, "unreachable SG_HAS_NO_RULES SUBNET_ACL_RESTRICTION BAD_STATE_ROUTE"},
	{"EV-2 inside the VPC too", func(r region) { r.route("front", "10.0.1.0/24", "nowhere").Blackhole = netmodel.Holds },
		"web -> db", https, "unreachable BAD_STATE_ROUTE"},
	{"EV-3 only groups within a subnet", func(r region) {
		r.acl("front").Ingress.Rules, r.acl("front").Egress.Rules = nil, nil
		r.group("app").Ingress.Rules = nil
	}, "web -> app", https, "unreachable SG_HAS_NO_RULES"},
	{"EV-4 after translation the new header counts", func(r region) {
		r.route("front", "10.0.1.0/24", "nat")
		r.acl("back").Ingress.Rules = []netmodel.Rule{permit(https, "10.0.2.9/32")}
	}, "web -> db", https, "reachable"},
	{"EV-4 and the old one no more", func(r region) {
		r.route("front", "10.0.1.0/24", "nat")
		r.acl("back").Ingress.Rules = []netmodel.Rule{permit(https, "10.0.0.0/24")}
	}, "web -> db", https, "unreachable SUBNET_ACL_RESTRICTION"},
	{"EV-5 a loop", func(r region) { r.route("front", "0.0.0.0/0", "nat"); r.route("edge", "0.0.0.0/0", "nat") },
		"app -> internet", https, "unreachable FORWARDING_LOOP RETURN_UNKNOWN"},
	{"EV-6 the destination's table", func(r region) { r.route("back", "10.0.0.0/24", "nowhere").Blackhole = netmodel.Holds },
		"web -> db", https, "unreachable BAD_STATE_ROUTE (ONE_WAY_DELIVERY)"},
	{"EV-7 another way back without state", func(r region) {
		r.route("front", "10.1.0.0/16", "tgw")
		r.route("distant", "10.0.0.0/16", "pcx")
	}, "web -> far", https, "reachable"},
	{"EV-7 not by a NAT gateway", func(r region) { r.route("back", "10.0.0.0/24", "nat") },
		"web -> db", https, "unreachable RETURN_PATH_ASYMMETRIC (ONE_WAY_DELIVERY)"},
	{"EV-9 UDP is answered to the client's port", func(r region) {
		r.acl("back").Egress.Rules = []netmodel.Rule{permit(headerspace.Ports(headerspace.UDP, 32768, 65535), "0.0.0.0/0")}
	}, "web -> db", dns, "reachable"},
	{"EV-9 and to no other", func(r region) {
		r.acl("back").Egress.Rules = []netmodel.Rule{permit(headerspace.Ports(headerspace.UDP, 0, 32767), "0.0.0.0/0")}
	}, "web -> db", dns, "unreachable RETURN_ACL_RESTRICTION"},
	{"EV-9 echo is answered by type 0", func(r region) {
		r.acl("front").Ingress.Rules = []netmodel.Rule{permit(headerspace.ICMPTypes(headerspace.ICMP, 0, -1), "0.0.0.0/0")}
	}, "web -> db", echo, "reachable"},
	{"EV-9 not by type 8", func(r region) { r.acl("front").Ingress.Rules = []netmodel.Rule{permit(echo, "0.0.0.0/0")} },
		"web -> db", echo, "unreachable RETURN_ACL_RESTRICTION"},
	{"EV-12 the way with the fewest blocks", func(r region) {
		r.second("db", "front", "10.0.0.9")
		r.group("db").Ingress.Rules, r.group("db2").Ingress.Rules = nil, nil
		r.acl("front").Egress.Rules, r.acl("back").Ingress.Rules = nil, nil
	}, "web -> db", https, "unreachable SG_HAS_NO_RULES"},
	{"EV-13 no ACL towards an appliance of the subnet", func(r region) {
		r.route("front", "0.0.0.0/0", "app.eni")
		r.eni("app").SourceCheck = netmodel.Fails
		r.acl("front").Egress.Rules = nil
	}, "web -> internet.v4", https, "unknown UNKNOWN_APPLIANCE_BEHAVIOR RETURN_UNKNOWN [UNKNOWN_APPLIANCE_BEHAVIOR]"},
	{"EV-13 no ACL towards a gateway of the subnet", func(r region) {
		r.NATGateways[0].Subnet, r.NATGateways[0].Private = netmodel.To("back"), netip.MustParseAddr("10.0.1.9")
		r.route("back", "0.0.0.0/0", "nat")
		r.acl("back").Egress.Rules, r.acl("back").Ingress.Rules = nil, nil
	}, "db -> internet.v4", https, "unreachable FORWARDING_LOOP RETURN_UNKNOWN RETURN_ACL_RESTRICTION"},
}

var answering = []statement{
	{"MOD-3 what cannot matter is not asked", func(r region) {
		r.eni("db").AutoPublic = netmodel.Open(gap)
		r.eni("db").Elastic = netmodel.Open(gap)
	}, "web -> db", https, "reachable"},
	{"MOD-3 what matters makes it unknown", func(r region) {
		r.public("front")
		r.eni("web").AutoPublic, r.eni("web").PublicIPv4 = netmodel.Open(gap), netip.Addr{}
	}, "internet.v4 -> web", https, "unknown UNKNOWN_VALUE [UNKNOWN_VALUE]"},
	{"MOD-3 every value agrees", func(r region) {
		r.eni("db").Groups.Links[0] = netmodel.OneOf(gap, "app.sg", "web.sg")
	}, "web -> db", https, "reachable"},
	{"MOD-4 part of the ports", func(r region) {
		r.acl("back").Ingress.Rules = append([]netmodel.Rule{deny(headerspace.Ports(headerspace.TCP, 3389, 3389), "0.0.0.0/0")}, toAll()...)
	}, "web -> db", headerspace.Whole(headerspace.TCP), "partial SUBNET_ACL_RESTRICTION (PARTIALLY_REACHABLE)"},
	{"MOD-4 part of the addresses", func(r region) {
		r.public("front")
		r.group("web").Ingress = admitting(true, permit(https, "203.0.113.0/24"))
	}, "203.0.112.0/23 -> web", https, "partial ENI_SG_RULES_MISMATCH (PARTIALLY_REACHABLE)"},
	{"MOD-6 every member", func(r region) { r.members(); r.group("app").Ingress.Rules = nil },
		"db -> fleet", https, "partial SG_HAS_NO_RULES (PARTIALLY_REACHABLE) (MEMBERS_DIFFER)"},
	{"MOD-6 any member", func(r region) { r.members(); r.group("app").Ingress.Rules = nil },
		"db -/> fleet", https, "partial (PARTIALLY_REACHABLE) (MEMBERS_DIFFER)"},
	{"MOD-7 a connection needs its reply", func(r region) { r.acl("back").Egress.Rules = nil },
		"web -/> db", https, "unreachable RETURN_ACL_RESTRICTION (ONE_WAY_DELIVERY)"},
	{"MOD-7 one way", func(r region) { r.acl("back").Egress.Rules = nil }, "web -/> db oneway", https, "reachable (UNIDIRECTIONAL_PATH_ANALYSIS_ONLY)"},
	{"MOD-7 UDP arrives", func(r region) { r.acl("back").Egress.Rules = nil }, "web -/> db", dns, "reachable RETURN_ACL_RESTRICTION (RETURN_NOT_CHECKED)"},
	{"MOD-7 a promise of UDP needs the reply", func(r region) { r.acl("back").Egress.Rules = nil },
		"web -> db", dns, "unreachable RETURN_ACL_RESTRICTION"},
	{"MOD-11 one address that is not known", func(r region) {
		r.eni("web").IPv4 = nil
		r.group("db").Ingress = admitting(true, permit(https, "10.0.0.0/25"))
	}, "web -> db", https, "unknown ENI_SG_RULES_MISMATCH [UNKNOWN_ADDRESS]"},
	{"MOD-11 wherever it is", func(r region) {
		r.eni("web").IPv4 = nil
		r.group("db").Ingress = admitting(true, permit(https, "10.0.0.0/25"), permit(https, "10.0.0.128/25"))
	}, "web -> db", https, "reachable"},
}

var gap = netmodel.Gap{Origin: netmodel.Origin{Address: "something"}, Why: netmodel.UntilApply, Code: netmodel.UnknownValue}
