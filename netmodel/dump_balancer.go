package netmodel

import (
	"fmt"

	"github.com/planreach/planreach/headerspace"
)

func (d *dumper) balancers(n *Network) {
	for _, x := range n.LoadBalancers {
		d.head(x.Kind.String()+" load balancer", x.Address, x.Origin, nil)
		d.truth("cross-zone", x.CrossZone)
		d.truth("filters private link", x.FiltersPrivateLink)
		for _, l := range x.Listeners {
			d.listener(l)
		}
		d.hidden("listeners", x.Hidden)
	}
	for _, x := range n.TargetGroups {
		d.head("target group", x.Address, x.Origin, nil)
		d.field("vpc", x.VPC, x.VPC.Gap())
		switch {
		case x.IPv6.IsOpen():
			d.field("targets", "by ipv4 or ipv6", x.IPv6.Gap())
		case x.IPv6.IsTrue():
			d.field("targets", "by ipv6", Gap{})
		}
		d.truth("preserves client", x.PreservesClient)
		if x.CrossZoneOfBalancer {
			d.field("cross-zone", "as the load balancer says", Gap{})
		} else {
			d.truth("cross-zone", x.CrossZone)
		}
		if !x.HealthChecks.IsEmpty() {
			d.field("health checks", x.HealthChecks, Gap{})
		}
		for _, t := range x.Targets {
			d.target(t)
		}
		d.hidden("targets", x.Hidden)
	}
	for _, x := range n.ServiceEndpoints {
		d.head("service endpoint", x.Address, x.Origin, nil)
		d.field("service", x.Service, x.Service.Gap())
		d.truth("accepted", x.Accepted)
	}
	for _, x := range n.EndpointServices {
		d.head("endpoint service", x.Address, x.Origin, nil)
		for _, r := range x.Balancers.Links {
			d.field("balancer", r, r.Gap())
		}
		if !x.Balancers.More.IsZero() {
			d.field("further", "balancers", x.Balancers.More)
		}
	}
}

func (d *dumper) listener(l Listener) {
	fmt.Fprintf(&d.b, "  listener %s accepts %s [%s]%s\n", l.Address, l.Accepts, shownOrigin(l.Origin), shownDoubt(l.Doubt))
	for _, f := range l.Forwards {
		sources := prefixes(f.Sources)
		if sources != "" {
			sources = " from " + sources
		}
		fmt.Fprintf(&d.b, "    to %s%s%s [%s]%s\n", f.Group, shownGap(f.Group.Gap()), sources, shownOrigin(f.Origin), shownDoubt(f.Doubt))
	}
	for _, g := range l.Hidden {
		fmt.Fprintf(&d.b, "    further forwards%s\n", shownGap(g))
	}
}

func (d *dumper) target(t Target) {
	whom := t.To.String() + shownGap(t.To.Gap())
	if t.Addr.IsValid() {
		whom = t.Addr.String()
	}
	ports := t.Traffic.String()
	if t.Traffic.Equal(headerspace.All()) {
		ports = "any port"
	}
	zones := ""
	if t.AnyZone {
		zones = " from any zone"
	}
	fmt.Fprintf(&d.b, "    target %s %s%s [%s]%s\n", whom, ports, zones, shownOrigin(t.Origin), shownDoubt(t.Doubt))
}
