package evaluator_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

var (
	app8080 = headerspace.Ports(headerspace.TCP, 8080, 8080)
	openGap = netmodel.Gap{Origin: netmodel.Origin{Address: "lost"}, Why: netmodel.UntilApply, Code: netmodel.UnknownTargets}
)

// balance puts a load balancer lb before app and db: its nodes are in the
// subnets front and back, its one listener takes tcp/443, and its targets get
// tcp/8080. It is public if igw is routed, which front is. The subnet back lies
// in the zone b.
func (r region) balance(kind netmodel.BalancerKind) *netmodel.LoadBalancer {
	r.public("front")
	r.at("back").Zone = "b"
	for name, at := range map[netmodel.Address]string{"front": "10.0.0.9", "back": "10.0.1.9"} {
		r.instance("lb."+name, name, at, "", "198.51.100.7"+at[5:6])
		r.eni("lb." + name).Groups.Links[0] = netmodel.To("lb.sg")
	}
	r.Endpoints = slices.DeleteFunc(r.Endpoints, func(e *netmodel.Endpoint) bool { return strings.HasPrefix(string(e.Address), "lb.") })
	r.Groups = append(slices.DeleteFunc(r.Groups, func(g *netmodel.Group) bool { return strings.HasPrefix(string(g.Address), "lb.") }),
		&netmodel.Group{Address: "lb.sg", VPC: netmodel.To("vpc"), Ingress: admitting(true, toAll()...), Egress: admitting(true, toAll()...)})
	r.Endpoints = append(r.Endpoints, &netmodel.Endpoint{Address: "lb", Type: "aws_lb", Every: true, Interfaces: []netmodel.Address{"lb.front.eni", "lb.back.eni"}})
	target := func(a netmodel.Address) netmodel.Target { return netmodel.Target{To: netmodel.To(a), Traffic: app8080} }
	r.TargetGroups = append(r.TargetGroups, &netmodel.TargetGroup{Address: "targets", VPC: netmodel.To("vpc"), IPv6: netmodel.Fails, PreservesClient: netmodel.Fails, CrossZoneOfBalancer: true,
		Targets: []netmodel.Target{target("app.eni"), target("db")}})
	lb := &netmodel.LoadBalancer{Address: "lb", Kind: kind, CrossZone: netmodel.Holds, FiltersPrivateLink: netmodel.Holds,
		Listeners: []netmodel.Listener{{Address: "listener", Accepts: https, Forwards: []netmodel.Forward{{Group: netmodel.To("targets")}}}}}
	r.LoadBalancers = append(r.LoadBalancers, lb)
	return lb
}

func (r region) targets() *netmodel.TargetGroup { return r.TargetGroups[0] }

func (r region) listener() *netmodel.Listener { return &r.LoadBalancers[0].Listeners[0] }

// guard closes the group of db to all but what rules say.
func (r region) guard(rules ...netmodel.Rule) { r.group("db").Ingress = admitting(true, rules...) }

// served offers the load balancer to far, by the endpoint vpce in its subnet.
func (r region) served() {
	r.balance(netmodel.NetworkBalancer)
	r.at("distant").Zone = "a"
	r.instance("vpce", "distant", "10.1.0.20", "", "")
	e := find(r.Endpoints, func(e *netmodel.Endpoint) bool { return e.Address == "vpce" })
	e.Every, e.ReceivesOnly = true, true
	r.ServiceEndpoints = []*netmodel.ServiceEndpoint{{Address: "vpce", Service: netmodel.To("service"), Accepted: netmodel.Holds}}
	r.EndpointServices = []*netmodel.EndpointService{{Address: "service", Balancers: netmodel.Refs{Links: []netmodel.Ref{netmodel.To("lb")}}}}
}

var balancing = []statement{
	{"LB-7 a listener takes its port", func(r region) { r.balance(netmodel.ApplicationBalancer) }, "web -> lb", https, "reachable"},
	{"LB-7 and no other", func(r region) { r.balance(netmodel.ApplicationBalancer) }, "web -> lb", dns, "unreachable ELBV2_LISTENERS_MISMATCH"},
	{"LB-7 of a Classic Load Balancer", func(r region) { r.balance(netmodel.ClassicBalancer) }, "web -> lb", dns, "unreachable ELB_LISTENERS_MISMATCH"},
	{"LB-7 a listener that may be there", func(r region) { r.balance(netmodel.ApplicationBalancer); r.listener().Doubt = openGap },
		"web -> lb", https, "unknown UNKNOWN_TARGETS [UNKNOWN_TARGETS]"},
	{"LB-2 the ACL of a node", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.acl("back").Ingress.Rules = denying("0.0.0.0/0")
	}, "web -> lb", https, "partial SUBNET_ACL_RESTRICTION (PARTIALLY_REACHABLE) (MEMBERS_DIFFER)"},
	{"LB-3 from the internet", func(r region) { r.balance(netmodel.ApplicationBalancer); r.public("back") }, "internet.v4 -> lb", https, "reachable"},
	{"LB-3 an internal one", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.public("back")
		for _, a := range []netmodel.Address{"lb.front", "lb.back"} {
			r.eni(a).AutoPublic, r.eni(a).PublicIPv4 = netmodel.Fails, netip.Addr{}
		}
	}, "internet.v4 -/> lb", https, "unreachable IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"},
	{"LB-11 it sends to its targets", func(r region) { r.balance(netmodel.ApplicationBalancer) }, "lb -> db", app8080, "reachable"},
	{"LB-11 on their port", func(r region) { r.balance(netmodel.ApplicationBalancer) }, "lb -/> db", https, "unreachable TARGET_PORT_RESTRICTION"},
	{"LB-11 and to nothing else", func(r region) { r.balance(netmodel.ApplicationBalancer) }, "lb -/> web", app8080, "unreachable TARGET_ADDRESS_RESTRICTION"},
	{"LB-11 targets that the plan does not show", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.targets().Hidden = []netmodel.Gap{openGap}
	}, "lb -/> web", app8080, "unknown UNKNOWN_TARGETS [UNKNOWN_TARGETS]"},
	{"LB-12 the way through an Application Load Balancer", func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		"internet.v4 -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH RETURN_NO_ROUTE_TO_SOURCE; through lb reachable"},
	{"LB-12 closed at the target", func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("web.sg")) },
		"internet.v4 -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH RETURN_NO_ROUTE_TO_SOURCE"},
	{"LB-12 closed at the listener", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		find(r.Groups, func(g *netmodel.Group) bool { return g.Address == "lb.sg" }).Ingress = admitting(true, permit(https, "203.0.113.0/24"))
	}, "internet.v4 -/> db", app8080, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY); through lb partial"},
	{"LB-12 promises do not follow", func(r region) { r.balance(netmodel.ApplicationBalancer) }, "internet.v4 -> db", app8080, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY)"},
	{"LB-31 targets of the other family", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.targets().IPv6 = netmodel.Holds
	}, "internet.v4 -/> db", app8080, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY)"},
	{"LB-31 targets of a family that is open", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.targets().IPv6 = netmodel.Open(openGap)
	}, "internet.v4 -/> db", app8080, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY) [UNKNOWN_TARGETS]; through lb unknown"},
	{"LB-16 a source condition", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.listener().Forwards[0].Sources = prefixes("203.0.113.0/24")
	}, "internet.v4 -/> db", app8080, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY); through lb partial"},
	{"LB-16 a source condition on somebody else", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.listener().Forwards[0].Sources = prefixes("203.0.113.0/24")
		r.acl("back").Ingress.Rules = append(denying("10.0.0.4/32"), r.acl("back").Ingress.Rules...)
	}, "web -/> db", app8080, "unreachable SUBNET_ACL_RESTRICTION"},
	{"LB-16 a source condition on the client's address of the other family", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.listener().Forwards[0].Sources = prefixes("10.0.0.0/16")
		r.guard(permitGroup("lb.sg"))
		find(r.Groups, func(g *netmodel.Group) bool { return g.Address == "lb.sg" }).Ingress = admitting(true, permit(https, "::/0"))
		for a, at := range map[netmodel.Address]string{"web": "2001:db8:0:a00::4", "lb.front": "2001:db8:0:a00::9"} {
			r.eni(a).IPv6, r.eni(a).HasIPv6 = []netip.Addr{netip.MustParseAddr(at)}, netmodel.Holds
		}
	}, "web -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH"},
	{"LB-6 without cross-zone", func(r region) {
		r.balance(netmodel.ApplicationBalancer).CrossZone = netmodel.Fails
		r.acl("back").Ingress.Rules = append([]netmodel.Rule{deny(https, "0.0.0.0/0")}, r.acl("back").Ingress.Rules...) // the node there is closed
	}, "internet.v4 -/> db", app8080, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY)"},
	{"LB-6 from a node of another zone", func(r region) {
		r.balance(netmodel.ApplicationBalancer).CrossZone = netmodel.Fails
	}, "lb -/> app", app8080, "partial (PARTIALLY_REACHABLE) (MEMBERS_DIFFER)"},
	{"LB-5 a zone without a node", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		e := find(r.Endpoints, func(e *netmodel.Endpoint) bool { return e.Address == "lb" })
		e.Interfaces = e.Interfaces[:1]
	}, "lb -/> db", app8080, "unreachable ELB_NOT_CROSSZONE"},
	{"LB-21 a kept address at the target's group", func(r region) {
		r.balance(netmodel.NetworkBalancer)
		r.targets().PreservesClient = netmodel.Holds
		r.guard(permit(app8080, "203.0.113.0/24"))
	}, "internet.v4 -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH RETURN_NO_ROUTE_TO_SOURCE; through lb partial"},
	{"LB-23 a rule that names the load balancer's group", func(r region) {
		r.balance(netmodel.NetworkBalancer)
		r.targets().PreservesClient = netmodel.Holds
		r.guard(permitGroup("lb.sg"))
	}, "internet.v4 -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH RETURN_NO_ROUTE_TO_SOURCE; through lb reachable"},
	{"LB-26 an IPv6 client of an IPv4 target", func(r region) {
		r.balance(netmodel.NetworkBalancer)
		r.targets().PreservesClient = netmodel.Holds
		node := r.eni("lb.front")
		node.IPv6, node.HasIPv6 = []netip.Addr{netip.MustParseAddr("2001:db8:0:a00::9")}, netmodel.Holds
		r.guard(permit(app8080, "10.0.0.9/32"))
	}, "internet.v6 -/> db", app8080, "unreachable (IPV6_NO_ADDRESS); through lb reachable"},
	{"LB-26 and of an IPv4 client the address is kept", func(r region) {
		r.balance(netmodel.NetworkBalancer)
		r.targets().PreservesClient = netmodel.Holds
		r.guard(permit(app8080, "10.0.0.9/32"))
	}, "internet.v4 -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH RETURN_NO_ROUTE_TO_SOURCE"},
	{"LB-24 not kept", func(r region) {
		r.balance(netmodel.NetworkBalancer)
		r.guard(permit(app8080, "203.0.113.0/24"))
	}, "internet.v4 -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH RETURN_NO_ROUTE_TO_SOURCE"},
	{"LB-22 kept or not", func(r region) {
		r.balance(netmodel.NetworkBalancer)
		r.targets().PreservesClient = netmodel.Open(openGap)
		r.guard(permit(app8080, "203.0.113.0/24"))
	}, "internet.v4 -/> db", app8080, "unreachable ENI_SG_RULES_MISMATCH RETURN_NO_ROUTE_TO_SOURCE [UNKNOWN_TARGETS]; through lb unknown"},
	{"LB-19 without a group", func(r region) {
		r.balance(netmodel.NetworkBalancer)
		for _, a := range []netmodel.Address{"lb.front", "lb.back"} {
			r.eni(a).Groups, r.eni(a).Unfiltered = netmodel.Refs{}, true
		}
	}, "web -> lb", https, "reachable"},
	{"LB-10 a target by its address", func(r region) {
		r.balance(netmodel.NetworkBalancer)
		r.targets().Targets = []netmodel.Target{{To: netmodel.NoLink(), Addr: netip.MustParseAddr("10.0.1.4"), Traffic: app8080}}
	}, "lb -> db", app8080, "reachable"},
	{"LB-29 a Network Load Balancer before an Application Load Balancer", func(r region) {
		r.balance(netmodel.ApplicationBalancer)
		r.instance("nlb", "front", "10.0.0.30", "", "198.51.100.30")
		r.LoadBalancers = append(r.LoadBalancers, &netmodel.LoadBalancer{Address: "nlb", Kind: netmodel.NetworkBalancer, CrossZone: netmodel.Holds,
			Listeners: []netmodel.Listener{{Address: "outer", Accepts: https, Forwards: []netmodel.Forward{{Group: netmodel.To("inner")}}}}})
		r.TargetGroups = append(r.TargetGroups, &netmodel.TargetGroup{Address: "inner", VPC: netmodel.To("vpc"), IPv6: netmodel.Fails, PreservesClient: netmodel.Holds,
			CrossZoneOfBalancer: true, Targets: []netmodel.Target{{To: netmodel.To("lb"), Traffic: https}}})
		for _, a := range []netmodel.Address{"lb.front", "lb.back"} {
			r.eni(a).AutoPublic, r.eni(a).PublicIPv4 = netmodel.Fails, netip.Addr{}
		}
	}, "internet.v4 -/> db", app8080, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY); through nlb,lb reachable"},
	{"NACL-12 a Classic Load Balancer within the subnet", func(r region) {
		r.balance(netmodel.ClassicBalancer).CrossZone = netmodel.Fails
		r.acl("front").Egress.Rules = append([]netmodel.Rule{deny(app8080, "0.0.0.0/0")}, r.acl("front").Egress.Rules...)
	}, "lb -/> app", app8080, "unreachable ELB_ACL_RESTRICTION"},
	{"VPCE-10 no ping", func(r region) { r.served() }, "far -/> vpce", echo, "unreachable PROTOCOL_RESTRICTION"},
	{"VPCE-13 nor is that promised of a range that holds it", func(r region) { r.served() }, "10.1.0.0/24 -> vpce", https, "reachable"},
	{"VPCE-13 an endpoint starts nothing", func(r region) { r.served() }, "vpce -/> far", https, "unreachable VPCE_INTRA_VPC_TRAFFIC"},
	{"VPCE-18 to the service", func(r region) { r.served() }, "far -> vpce", https, "reachable"},
	{"VPCE-18 the listeners of the service", func(r region) { r.served() }, "far -/> vpce", postgres, "unreachable ELBV2_LISTENERS_MISMATCH"},
	{"VPCE-19 not accepted", func(r region) { r.served(); r.ServiceEndpoints[0].Accepted = netmodel.Fails }, "far -/> vpce", https, "unreachable BAD_STATE_ATTACHMENT"},
	{"VPCE-19 accepted outside the plan", func(r region) { r.served(); r.ServiceEndpoints[0].Accepted = netmodel.Open(openGap) }, "far -/> vpce", https, "unknown UNKNOWN_TARGETS [UNKNOWN_TARGETS]"},
	{"VPCE-20 another zone", func(r region) { r.served(); r.at("distant").Zone = "c" }, "far -/> vpce", https, "unreachable VPCE_SERVICE_NOT_INSTALLED_IN_AZ"},
	{"VPCE-22 the groups of the load balancer see the client", func(r region) {
		r.served()
		find(r.Groups, func(g *netmodel.Group) bool { return g.Address == "lb.sg" }).Ingress = admitting(true, permit(https, "10.1.0.20/32"))
	}, "far -/> vpce", https, "unreachable ENI_SG_RULES_MISMATCH"},
	{"VPCE-22 unless it is switched off", func(r region) {
		r.served()
		r.LoadBalancers[0].FiltersPrivateLink = netmodel.Fails
		find(r.Groups, func(g *netmodel.Group) bool { return g.Address == "lb.sg" }).Ingress = admitting(true)
	}, "far -> vpce", https, "reachable"},
	{"VPCE-23 to the target behind the service", func(r region) { r.served(); r.guard(permitGroup("lb.sg")) },
		"far -/> db", app8080, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE; through vpce,lb reachable"},
	{"VPCE-20 a target in the zone of another node", func(r region) {
		r.served()
		r.LoadBalancers[0].CrossZone = netmodel.Fails
		r.guard(permitGroup("lb.sg"))
	}, "far -/> db", app8080, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE"},
	{"VPCE-20 a target in the zone of the endpoint", func(r region) {
		r.served()
		r.LoadBalancers[0].CrossZone = netmodel.Fails
		r.at("distant").Zone = "b"
		r.guard(permitGroup("lb.sg"))
	}, "far -/> db", app8080, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE; through vpce,lb reachable"},
	{"VPCE-20 an endpoint in a zone that is not known", func(r region) {
		r.served()
		r.LoadBalancers[0].CrossZone = netmodel.Fails
		r.at("distant").Zone = ""
		r.guard(permitGroup("lb.sg"))
	}, "far -/> db", app8080, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE [UNKNOWN_AVAILABILITY_ZONE]; through vpce,lb unknown"},
	{"VPCE-23 by an endpoint whose subnets are not known", func(r region) {
		r.served()
		r.guard(permitGroup("lb.sg"))
		e := find(r.Endpoints, func(e *netmodel.Endpoint) bool { return e.Address == "vpce" })
		e.Interfaces, e.More = nil, openGap
	}, "far -/> db", app8080, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE [UNKNOWN_TARGETS]; through vpce,lb unknown"},
	{"VPCE-21 the target sees the load balancer, kept or not", func(r region) {
		r.served()
		r.targets().PreservesClient = netmodel.Holds
		r.guard(permit(app8080, "10.1.0.4/32"))
	}, "far -/> db", app8080, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE"},
}

// TestBalancing asks of load balancers and endpoint services, in the words of
// TestStatements, and what goes through them.
func TestBalancing(t *testing.T) {
	for _, s := range slices.Concat(balancing, gatewaysBalanced) {
		t.Run(s.name, func(t *testing.T) {
			f := s.answer(t)
			text := found(f)
			for _, way := range f.Detours {
				names := make([]string, len(way.Through))
				for i, a := range way.Through {
					names[i] = string(a)
				}
				text += "; through " + strings.Join(names, ",") + " " + way.Verdict.String()
			}
			if text != s.want {
				t.Errorf("%s: %s, want %s", s.ask, text, s.want)
				legs := []evaluator.FlowResult{f}
				for _, way := range f.Detours {
					legs = append(legs, way.Legs...)
				}
				for _, leg := range legs {
					t.Logf(" %s -> %s %s", leg.From, leg.To, leg.Verdict)
					for _, h := range slices.Concat(leg.Forward, leg.Reply) {
						t.Logf("  %s %s %s %s %s %s", h.Result, h.Kind, h.Address, h.Direction, h.Code, h.Packet)
					}
				}
			}
		})
	}
}

// crowded hides the targets of lb and of twelve more load balancers before app.
func crowded(r region) {
	r.balance(netmodel.NetworkBalancer)
	r.targets().Targets, r.targets().Hidden = nil, []netmodel.Gap{openGap}
	r.group("app").Ingress = admitting(true, permit(app8080, "10.0.0.16/28"))
	for k := range 12 {
		a := netmodel.Address(fmt.Sprintf("many%d", k))
		r.instance(a, "front", fmt.Sprintf("10.0.0.%d", 16+k), "", "")
		r.LoadBalancers = append(r.LoadBalancers, &netmodel.LoadBalancer{Address: a, Kind: netmodel.NetworkBalancer, CrossZone: netmodel.Holds,
			Listeners: []netmodel.Listener{{Address: a + ".listener", Accepts: app8080, Forwards: []netmodel.Forward{{Group: netmodel.To("targets")}}}}})
	}
}

// More ways than can be tried leave a flow open, and say so.
func TestManyBalancers(t *testing.T) {
	f := statement{ask: "web -/> app", traffic: app8080, change: crowded}.answer(t)
	if f.Outcome != evaluator.OutcomeUnknown || !slices.ContainsFunc(f.Unknowns, func(u evaluator.OpenFact) bool { return strings.Contains(u.Detail, "too many ways") }) {
		t.Errorf("%s: %v", f.Outcome, f.Unknowns)
	}
}
