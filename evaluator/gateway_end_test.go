package evaluator_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/internal/oracle"
	"github.com/planreach/planreach/internal/randnet"
	"github.com/planreach/planreach/netmodel"
)

// gatewayEnds are flows from and to what lies beyond gateways (L-11).
var gatewayEnds = []statement{
	{"L-11 from an internet gateway", func(r region) { r.public("front") }, "beyond:igw -> web", https, "reachable"},
	{"L-11 from an internet gateway, some address is enough", func(r region) {
		r.public("front")
		r.group("web").Ingress = admitting(true, permit(https, "203.0.113.0/24"))
	}, "beyond:igw -> web", https, "reachable"},
	{"L-11 from an internet gateway, no address may", func(r region) {
		r.public("front")
		r.group("web").Ingress = admitting(true, permit(https, "203.0.113.0/24"))
	}, "beyond:igw -/> web", https, "partial (PARTIALLY_REACHABLE)"},
	{"L-11 from an internet gateway that is of another VPC", func(r region) { r.public("front") }, "beyond:igw2 -/> web", https, "unreachable (GATEWAY_NOT_ON_WAY)"},
	{"L-11 from an internet gateway that may be another one", func(r region) {
		r.public("front")
		r.InternetGateways[0].VPC = netmodel.Unsettled(openGap)
	}, "beyond:igw -/> web", https, "unknown UNKNOWN_RESOURCE RETURN_UNKNOWN [UNKNOWN_TARGETS]"},
	{"L-11 from an internet gateway without a route back", nil, "beyond:igw -> web", https, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY)"},
	{"L-11 to an internet gateway", func(r region) { r.public("front") }, "web -> beyond:igw", https, "reachable"},
	{"L-11 to an internet gateway by a NAT gateway", region.outByNAT, "app -/> beyond:igw", https, "reachable"},
	{"L-11 to a NAT gateway", region.outByNAT, "app -> beyond:nat", https, "reachable"},
	{"L-11 to a NAT gateway that is not on the way", func(r region) { r.public("front") }, "web -/> beyond:nat", https, "unreachable (GATEWAY_NOT_ON_WAY)"},
	{"L-11 to an egress-only internet gateway", func(r region) { r.route("front", "::/0", "eigw") }, "web -> beyond:eigw", https, "reachable"},
	{"L-11 from a peering", func(r region) { r.join("pcx") }, "beyond:pcx -> web", https, "reachable (WAY_OF_ONE_END)"},
	{"L-11 from a peering, where another way leads", func(r region) { r.join("tgw") }, "beyond:pcx -/> web", https, "unreachable (GATEWAY_NOT_ON_WAY)"},
	{"L-11 to a peering", func(r region) { r.join("pcx") }, "web -> beyond:pcx", https, "reachable (WAY_OF_ONE_END)"},
	{"L-11 to a peering that may not be there", func(r region) {
		r.join("pcx")
		r.Peerings[0].Active = netmodel.Open(openGap)
	}, "web -> beyond:pcx", https, "unknown UNKNOWN_TARGETS BAD_STATE_ATTACHMENT (WAY_OF_ONE_END) [UNKNOWN_TARGETS]"},
	{"L-11 from a transit gateway", func(r region) { r.join("tgw") }, "beyond:tgw -> web", https, "reachable (WAY_OF_ONE_END)"},
	{"L-11 from a transit gateway, blocked", func(r region) {
		r.join("tgw")
		r.group("web").Ingress = admitting(true)
	}, "beyond:tgw -/> web", https, "unreachable SG_HAS_NO_RULES (WAY_OF_ONE_END)"},
	{"L-11 to a transit gateway", func(r region) { r.join("tgw") }, "web -/> beyond:tgw", https, "reachable (WAY_OF_ONE_END)"},
	{"L-11 from an attachment", func(r region) { r.join("tgw") }, "beyond:remote -> web", https, "reachable (WAY_OF_ONE_END)"},
	{"L-11 from an attachment of its own VPC", func(r region) { r.join("tgw") }, "beyond:near -/> web", https, "unreachable (GATEWAY_NOT_ON_WAY)"},
	{"L-11 to an attachment", func(r region) { r.join("tgw") }, "web -> beyond:remote", https, "reachable (WAY_OF_ONE_END)"},
	{"L-11 to a gateway endpoint", region.serviced, "app -> beyond:vpce", https, "reachable"},
	{"L-11 to a gateway endpoint whose addresses are not known, beside a default route", func(r region) {
		r.serviced()
		r.outByNAT()
		route := &r.table("front").Routes[0]
		route.Destination, route.Doubt = netmodel.InPrefix(netip.MustParsePrefix("0.0.0.0/1")), netmodel.Gap{Why: netmodel.OutsidePlan, Code: netmodel.UnknownPrefixListEntries}
	}, "app -> beyond:vpce", https, "reachable"},
	{"L-11 to a gateway endpoint, by a protocol that it does not carry", region.serviced, "app -/> beyond:vpce", headerspace.Whole(headerspace.UDP), "unreachable VPCE_GATEWAY_PROTOCOL_RESTRICTION"},
	{"L-11 to a gateway that is not modelled", func(r region) {
		r.route("front", "192.168.0.0/16", "vgw")
		r.Foreign = map[netmodel.Address]netmodel.Gap{"vgw": openGap}
	}, "app -/> beyond:vgw", https, "unknown UNSUPPORTED_COMPONENT RETURN_UNKNOWN [UNKNOWN_TARGETS]"},
	{"L-11 from a gateway that is not modelled", func(r region) {
		r.route("front", "192.168.0.0/16", "vgw")
		r.Foreign = map[netmodel.Address]netmodel.Gap{"vgw": openGap}
	}, "beyond:vgw -/> app", https, "unknown UNKNOWN_TARGETS RETURN_UNKNOWN [UNKNOWN_TARGETS]"},
	{"L-11 from a gateway that no route leads to", nil, "app -/> beyond:vgw", https, "unreachable (GATEWAY_NOT_ON_WAY)"},
	{"L-11 from one gateway to another", func(r region) { r.join("tgw"); r.public("front") }, "beyond:igw -/> beyond:tgw", https, "unreachable (GATEWAY_NOT_ON_WAY)"},
}

// gatewaysBalanced are such flows through load balancers and endpoint services.
var gatewaysBalanced = []statement{
	{"L-11 from an internet gateway through a load balancer", func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		"beyond:igw -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH RETURN_NO_ROUTE_TO_SOURCE; through lb reachable"},
	{"L-11 from the internet gateway of another VPC, through none", func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		"beyond:igw2 -/> db", app8080, "unreachable (GATEWAY_NOT_ON_WAY)"},
	{"L-11 from an internet gateway through one that keeps addresses", func(r region) {
		r.balance(netmodel.NetworkBalancer)
		r.targets().PreservesClient = netmodel.Holds
		r.guard(permit(app8080, "203.0.113.0/24"))
	}, "beyond:igw -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH RETURN_NO_ROUTE_TO_SOURCE; through lb partial"},
	{"L-11 to a transit gateway through a load balancer", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.targets().Targets = []netmodel.Target{{To: netmodel.To("far"), Traffic: app8080, AnyZone: true}}
		r.route("front", "10.1.0.0/16", "tgw")
		r.route("back", "10.1.0.0/16", "tgw")
		r.route("distant", "10.0.0.0/16", "tgw")
		r.group("web").Egress = admitting(true, permit(https, "10.0.0.0/16"))
	}, "web -/> beyond:tgw", app8080, "unreachable ENI_SG_RULES_MISMATCH (WAY_OF_ONE_END); through lb reachable"},
	{"L-11 to an endpoint service", region.served, "far -> beyond:service", https, "reachable (WAY_OF_ONE_END)"},
	{"L-11 to an endpoint service, not its port", region.served, "far -/> beyond:service", postgres, "unreachable ELBV2_LISTENERS_MISMATCH (WAY_OF_ONE_END)"},
	{"L-11 to an endpoint service that may be another one", func(r region) {
		r.served()
		r.ServiceEndpoints[0].Service = netmodel.Unsettled(openGap)
	}, "far -/> beyond:service", https, "unknown UNKNOWN_TARGETS (WAY_OF_ONE_END) [UNKNOWN_TARGETS]"},
	{"L-11 to an endpoint service without endpoints", func(r region) { r.served(); r.ServiceEndpoints = nil }, "far -> beyond:service", https, "unreachable (NO_SOURCE_OR_DESTINATION)"},
	{"L-11 from an endpoint service", region.served, "beyond:service -> db", app8080, "reachable (WAY_OF_ONE_END)"},
	{"L-11 from an endpoint service, not the port of the targets", region.served, "beyond:service -/> db", https, "unreachable TARGET_PORT_RESTRICTION (WAY_OF_ONE_END)"},
}

// What comes from beyond a gateway, or gets there, is what the oracle lets pass
// between all ends unless the gateway drops it. The oracle knows no gateways as
// ends.
func TestGatewayEnds(t *testing.T) {
	t.Parallel()
	first, count := seeds(t)
	failures := 0
	outcomes := map[evaluator.Outcome]int{}
	for seed := first; seed < first+count && failures < maxFailures; seed++ {
		recipe := randnet.New(seed, int(seed%2)*maxGaps)
		n := recipe.Network()
		if len(n.LoadBalancers) > 0 || len(n.Endpoints) == 0 {
			continue
		}
		x := n.Endpoints[seed%uint64(len(n.Endpoints))].Address
		for _, gateway := range gatewaysOf(n) {
			for _, source := range []bool{true, false} {
				outcome, bad := gatewayContradicts(recipe, gateway, x, source)
				outcomes[outcome]++
				if bad != "" {
					failures++
					report(t, recipe, func(r randnet.Recipe) string {
						if r.Network().Endpoint(x) == nil || !slices.Contains(gatewaysOf(r.Network()), gateway) {
							return ""
						}
						_, bad := gatewayContradicts(r, gateway, x, source)
						return bad
					})
				}
			}
		}
	}
	t.Logf("outcomes %v", outcomes)
	if outcomes[evaluator.Pass] == 0 || outcomes[evaluator.Fail] == 0 || outcomes[evaluator.OutcomeUnknown] == 0 {
		t.Error("some outcome never occurs")
	}
}

// gatewayContradicts is how a prohibition between what lies beyond a gateway and
// an endpoint differs from what the oracle lets pass.
func gatewayContradicts(r randnet.Recipe, gateway, x netmodel.Address, source bool) (evaluator.Outcome, string) {
	n := r.Network()
	pair := func(other assertions.End) oracle.Question {
		q := oracle.Question{From: other, To: assertions.End{Kind: assertions.EndpointEnd, Endpoint: x}, Traffic: dns, OneWay: true}
		if !source {
			q.From, q.To = q.To, q.From
		}
		return q
	}
	asked := pair(assertions.End{Kind: assertions.GatewayEnd, Endpoint: gateway})
	got, _ := judge(n, asked)
	asked.Promise = true
	if promised, _ := judge(n, asked); len(n.NotModelled) == 0 && !n.Endpoint(x).Every && (promised.Outcome == evaluator.Pass) != (got.Outcome == evaluator.Fail) {
		return got.Outcome, fmt.Sprintf("%s: the promise %s, the prohibition %s", text(asked), promised.Outcome, got.Outcome)
	}
	worlds, _ := oracle.Completions(n, 20)
	for _, c := range worlds {
		ends := []assertions.End{{Kind: assertions.InternetEnd, V4: true, V6: true}}
		for _, e := range c.Endpoints {
			if e.Address != x {
				ends = append(ends, assertions.End{Kind: assertions.EndpointEnd, Endpoint: e.Address})
			}
		}
		count := func() (out []int) {
			for _, end := range ends {
				out = append(out, len(oracle.Ask(c, pair(end)).Pass))
			}
			return out
		}
		whole := count()
		without := func() []int { dropping(c, gateway); return count() }()
		passes := slices.ContainsFunc(whole, func(n int) bool { return n > 0 })
		by := !slices.Equal(whole, without)
		switch {
		case got.Outcome == evaluator.Pass && by, got.Outcome == evaluator.Fail && !passes, got.Outcome == evaluator.Fail && !by && isPlain(c):
			return got.Outcome, fmt.Sprintf("%s: %s, the oracle lets %v pass, and %v where the gateway drops\n%s", text(asked), got.Outcome, whole, without, c.Dump())
		}
	}
	return got.Outcome, ""
}

// isPlain reports whether every endpoint has one address of each family at most,
// and nothing lacks a model: then a packet has one way.
func isPlain(n *netmodel.Network) bool {
	return len(n.NotModelled) == 0 && !slices.ContainsFunc(n.Endpoints, func(e *netmodel.Endpoint) bool {
		return len(e.Interfaces) > 1 || slices.ContainsFunc(e.Interfaces, func(a netmodel.Address) bool {
			i := n.Interface(a)
			return len(i.IPv4) > 1 || len(i.IPv6) > 1
		})
	})
}
