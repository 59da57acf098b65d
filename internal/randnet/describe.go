package randnet

import (
	"fmt"
	"strings"

	"github.com/planreach/planreach/netmodel"
)

// Describe prints a network as far as a failing test needs it.
func Describe(n *netmodel.Network) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	for _, v := range n.VPCs {
		say("%s %v %v ipv6 %s open %t hidden %t", v.Address, v.IPv4, v.IPv6, v.HasIPv6, !v.Open4.IsZero(), len(v.Hidden) > 0)
	}
	for _, x := range n.Subnets {
		say("%s in %s %v %v has %s %s table %s acl %s public %s assign6 %s", x.Address, x.VPC, x.IPv4, x.IPv6,
			x.HasIPv4, x.HasIPv6, x.Table, x.ACL, x.MapPublicIP, x.AssignIPv6)
	}
	for _, i := range n.Interfaces {
		say("%s in %s groups %v more %t %v %v has %s %s auto %s subnet %t elastic %s %v %v assign6 %t check %s attached %s",
			i.Address, i.Subnet, i.Groups.Links, !i.Groups.More.IsZero(), i.IPv4, i.IPv6, i.HasIPv4, i.HasIPv6,
			i.AutoPublic, i.AutoPublicFromSubnet, i.Elastic, i.ElasticIP, i.PublicIPv4, i.AssignIPv6FromSubnet, i.SourceCheck, i.Attached)
	}
	for _, e := range n.Endpoints {
		say("%s %v more %t", e.Address, e.Interfaces, !e.More.IsZero())
	}
	for _, g := range n.InternetGateways {
		say("%s at %s", g.Address, g.VPC)
	}
	for _, g := range n.EgressGateways {
		say("%s at %s", g.Address, g.VPC)
	}
	for _, g := range n.NATGateways {
		say("%s in %s or %s public %s %v %v", g.Address, g.Subnet, g.VPC, g.Public, g.Private, g.Elastic)
	}
	for _, t := range n.RouteTables {
		say("%s of %s hidden %t", t.Address, t.VPC, len(t.Hidden) > 0)
		for _, r := range t.Routes {
			say("\t%s -> %s rank %d doubt %t blackhole %s", r.Destination, r.Target, r.Rank, !r.Doubt.IsZero(), r.Blackhole)
		}
	}
	filter := func(name string, f netmodel.Filter) {
		say("\t%s default %s hidden %t", name, f.Default, len(f.Hidden) > 0)
		for _, r := range f.Rules {
			say("\t\t%s %s %s doubt %t", r.Action, r.Match, r.Peer, !r.Doubt.IsZero())
		}
	}
	for _, g := range n.Groups {
		say("%s of %s", g.Address, g.VPC)
		filter("ingress", g.Ingress)
		filter("egress", g.Egress)
	}
	for _, a := range n.ACLs {
		say("%s of %s", a.Address, a.VPC)
		filter("ingress", a.Ingress)
		filter("egress", a.Egress)
	}
	for _, l := range n.PrefixLists {
		say("%s hidden %t", l.Address, len(l.Hidden) > 0)
		for _, e := range l.Entries {
			say("\t%s doubt %t", e.Prefix, !e.Doubt.IsZero())
		}
	}
	for _, u := range n.NotModelled {
		say("%s %s touch %d %v", u.Address, u.Effect, u.Touch, u.VPCs)
	}
	return b.String()
}
