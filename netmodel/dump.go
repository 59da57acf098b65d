package netmodel

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// Dump is all of n as text, for tests: the same network gives the same text.
// Sensitive prefixes are in it. Origins, which a reader can mostly guess, stand
// in brackets; a gap behind "?", without its wording.
func (n *Network) Dump() string {
	d := &dumper{}
	for _, x := range n.VPCs {
		d.vpc(x)
	}
	for _, x := range n.Subnets {
		d.subnet(x)
	}
	for _, x := range n.Groups {
		d.head("group", x.Address, x.Origin, x.Notes)
		d.field("vpc", x.VPC, x.VPC.Gap())
		d.filter("ingress", x.Ingress)
		d.filter("egress", x.Egress)
	}
	for _, x := range n.ACLs {
		d.head("acl", x.Address, x.Origin, x.Notes)
		d.field("vpc", x.VPC, x.VPC.Gap())
		d.filter("ingress", x.Ingress)
		d.filter("egress", x.Egress)
	}
	for _, x := range n.RouteTables {
		d.table(x)
	}
	for _, x := range n.InternetGateways {
		d.head("internet gateway", x.Address, x.Origin, nil)
		d.field("vpc", x.VPC, x.VPC.Gap())
		d.edgeTable(x.Table)
	}
	for _, x := range n.EgressGateways {
		d.head("egress-only gateway", x.Address, x.Origin, nil)
		d.field("vpc", x.VPC, x.VPC.Gap())
	}
	for _, x := range n.NATGateways {
		d.nat(x)
	}
	d.vpnGateways(n)
	d.publicAccess(n)
	d.connections(n)
	for _, x := range n.PrefixLists {
		d.prefixList(x)
	}
	d.balancers(n)
	d.middleboxes(n)
	for _, x := range n.Interfaces {
		d.iface(x)
	}
	for _, x := range n.Endpoints {
		d.endpoint(x)
	}
	d.rest(n)
	return d.b.String()
}

type dumper struct{ b strings.Builder }

func (d *dumper) head(kind string, a Address, o Origin, notes []Code) {
	fmt.Fprintf(&d.b, "%s %s", kind, a)
	if o.Address != a || o.Path != "" {
		fmt.Fprintf(&d.b, " [%s]", shownOrigin(o))
	}
	d.b.WriteString(shownNotes(notes) + "\n")
}

// field is one line "name value ? gap".
func (d *dumper) field(name string, value any, gap Gap) {
	fmt.Fprintf(&d.b, "  %s %v%s\n", name, value, shownGap(gap))
}

func shownOrigin(o Origin) string {
	if o.Path == "" {
		return string(o.Address)
	}
	return string(o.Address) + " " + o.Path
}

func shownNotes(notes []Code) string {
	var s strings.Builder
	for _, c := range notes {
		s.WriteString(" !" + string(c))
	}
	return s.String()
}

func shownGap(g Gap) string {
	if g.IsZero() {
		return ""
	}
	return fmt.Sprintf(" ? %s %s [%s]", g.Why, g.Code, shownOrigin(g.Origin))
}

func prefixes(ps []netip.Prefix) string {
	var out []string
	for _, p := range ps {
		out = append(out, p.String())
	}
	return strings.Join(out, ", ")
}

func (d *dumper) vpc(x *VPC) {
	d.head("vpc", x.Address, x.Origin, x.Notes)
	d.field("ipv4", prefixes(x.IPv4), x.Open4)
	if !x.HasIPv6.IsFalse() || len(x.IPv6) > 0 {
		d.field("ipv6", fmt.Sprintf("%s %s", x.HasIPv6, prefixes(x.IPv6)), x.Open6)
	}
	d.field("main table", x.MainTable, x.MainTable.Gap())
	d.field("default acl", x.DefaultACL, x.DefaultACL.Gap())
	d.field("default group", x.DefaultGroup, x.DefaultGroup.Gap())
	d.hidden("gateways", x.Hidden)
}

func (d *dumper) hidden(what string, gaps []Gap) {
	for _, g := range gaps {
		d.field("further", what, g)
	}
}

func (d *dumper) subnet(x *Subnet) {
	d.head("subnet", x.Address, x.Origin, x.Notes)
	d.field("vpc", x.VPC, x.VPC.Gap())
	d.field("ipv4", family(x.HasIPv4, x.IPv4), x.HasIPv4.Gap())
	if !x.HasIPv6.IsFalse() {
		d.field("ipv6", family(x.HasIPv6, x.IPv6), x.HasIPv6.Gap())
	}
	if x.Zone != "" {
		d.field("zone", x.Zone, Gap{})
	}
	d.field("table", x.Table, x.Table.Gap())
	d.field("acl", x.ACL, x.ACL.Gap())
	d.truth("public", x.MapPublicIP)
	d.truth("assigns ipv6", x.AssignIPv6)
}

func family(has Truth, p netip.Prefix) string {
	if p.IsValid() {
		return p.String()
	}
	return has.String()
}

// truth is a line unless t is certainly false.
func (d *dumper) truth(name string, t Truth) {
	if !t.IsFalse() {
		d.field(name, t, t.Gap())
	}
}

func (d *dumper) filter(name string, f Filter) {
	fmt.Fprintf(&d.b, "  %s\n", name)
	for _, r := range f.Rules {
		number := ""
		if r.Number != 0 {
			number = fmt.Sprintf("%d ", r.Number)
		}
		fmt.Fprintf(&d.b, "    %s%s %s peer %s [%s]%s%s\n", number, r.Action, r.Match, shownPeer(r.Peer),
			shownOrigin(r.Origin), shownNotes(r.Notes), shownDoubt(r.Doubt))
		for _, g := range r.Gaps {
			fmt.Fprintf(&d.b, "      match%s\n", shownGap(g))
		}
	}
	for _, g := range f.Hidden {
		fmt.Fprintf(&d.b, "    further rules%s\n", shownGap(g))
	}
}

func shownDoubt(g Gap) string {
	if g.IsZero() {
		return ""
	}
	return " doubtful" + shownGap(g)
}

func shownPeer(p Peer) string {
	s := p.String()
	if p.Sensitive {
		s += " (sensitive)"
	}
	switch p.Kind {
	case PeerOpen:
		return s + families(p) + shownGap(p.Gap)
	case PeerGroup, PeerPrefixList:
		return s + shownGap(p.Ref.Gap())
	case PeerPrefix:
	}
	return s
}

func families(p Peer) string {
	s := ""
	if p.V4 {
		s += " ipv4"
	}
	if p.V6 {
		s += " ipv6"
	}
	return s
}

func (d *dumper) table(x *RouteTable) {
	d.head("route table", x.Address, x.Origin, x.Notes)
	d.field("vpc", x.VPC, x.VPC.Gap())
	d.routes(x.Routes, x.Hidden)
}

// edgeTable is a line unless a gateway certainly has no route table.
func (d *dumper) edgeTable(r Ref) {
	if !r.IsNone() {
		d.field("table", r, r.Gap())
	}
}

func (d *dumper) connections(n *Network) {
	for _, x := range n.Peerings {
		d.head("peering", x.Address, x.Origin, nil)
		d.field("requester", x.Requester, x.Requester.Gap())
		d.field("accepter", x.Accepter, x.Accepter.Gap())
		d.truth("active", x.Active)
		d.truth("same region", x.SameRegion)
	}
	for _, x := range n.TransitGateways {
		d.head("transit gateway", x.Address, x.Origin, nil)
		d.truth("group references", x.Referencing)
	}
	for _, x := range n.Attachments {
		d.head("attachment", x.Address, x.Origin, nil)
		d.field("transit gateway", x.Gateway, x.Gateway.Gap())
		d.field("vpc", x.VPC, x.VPC.Gap())
		for _, s := range x.Subnets.Links {
			d.field("subnet", s, s.Gap())
		}
		if !x.Subnets.More.IsZero() {
			d.field("further", "subnets", x.Subnets.More)
		}
		d.field("table", x.Table, x.Table.Gap())
		d.truth("active", x.Active)
		d.truth("group references", x.Referencing)
		d.truth("appliance mode", x.ApplianceMode)
	}
	for _, x := range n.TransitTables {
		d.head("transit table", x.Address, x.Origin, nil)
		d.field("transit gateway", x.Gateway, x.Gateway.Gap())
		d.routes(x.Routes, x.Hidden)
	}
}

func (d *dumper) routes(routes []Route, hidden []Gap) {
	for _, r := range routes {
		fmt.Fprintf(&d.b, "    %s -> %s%s [%s]", shownPeer(r.Destination), r.Target, shownGap(r.Target.Gap()), shownOrigin(r.Origin))
		switch r.Rank {
		case PrefixListRoute:
			d.b.WriteString(" prefix list")
		case PropagatedRoute:
			d.b.WriteString(" propagated")
		case StaticRoute:
		}
		if !r.Blackhole.IsFalse() {
			fmt.Fprintf(&d.b, " blackhole %s%s", r.Blackhole, shownGap(r.Blackhole.Gap()))
		}
		d.b.WriteString(shownDoubt(r.Doubt) + "\n")
	}
	d.hidden("routes", hidden)
}

func (d *dumper) nat(x *NATGateway) {
	d.head("nat gateway", x.Address, x.Origin, nil)
	d.field("subnet", x.Subnet, x.Subnet.Gap())
	if !x.VPC.IsNone() {
		d.field("vpc", x.VPC, x.VPC.Gap())
	}
	d.truth("public", x.Public)
	d.addr("private", x.Private)
	d.addr("elastic", x.Elastic)
}

func (d *dumper) addr(name string, a netip.Addr) {
	if a.IsValid() {
		d.field(name, a, Gap{})
	}
}

func (d *dumper) prefixList(x *PrefixList) {
	d.head("prefix list", x.Address, x.Origin, nil)
	for _, e := range x.Entries {
		fmt.Fprintf(&d.b, "    %s [%s]%s\n", e.Prefix, shownOrigin(e.Origin), shownDoubt(e.Doubt))
	}
	d.hidden("entries", x.Hidden)
}

func (d *dumper) iface(x *Interface) {
	d.head("interface", x.Address, x.Origin, x.Notes)
	d.field("subnet", x.Subnet, x.Subnet.Gap())
	for _, g := range x.Groups.Links {
		d.field("group", g, g.Gap())
	}
	if !x.Groups.More.IsZero() {
		d.field("further", "groups", x.Groups.More)
	}
	if x.Unfiltered {
		d.field("group", "none, unfiltered", Gap{})
	}
	d.field("ipv4", addresses(x.HasIPv4, x.IPv4), x.HasIPv4.Gap())
	if !x.HasIPv6.IsFalse() || x.AssignIPv6FromSubnet {
		d.field("ipv6", addresses(x.HasIPv6, x.IPv6)+fromSubnet(x.AssignIPv6FromSubnet), x.HasIPv6.Gap())
	}
	if !x.AutoPublic.IsFalse() || x.AutoPublicFromSubnet {
		d.field("auto public", x.AutoPublic.String()+fromSubnet(x.AutoPublicFromSubnet), x.AutoPublic.Gap())
	}
	d.truth("elastic", x.Elastic)
	d.addr("elastic ip", x.ElasticIP)
	d.addr("public ip", x.PublicIPv4)
	if x.PrivateIPv6 {
		d.field("ipv6", "private", Gap{})
	}
	d.field("source check", x.SourceCheck, x.SourceCheck.Gap())
	if x.Transparent {
		d.field("transparent", "assumed", Gap{})
	}
	d.field("attached", x.Attached, x.Attached.Gap())
}

func fromSubnet(b bool) string {
	if b {
		return " as the subnet says"
	}
	return ""
}

func addresses(has Truth, as []netip.Addr) string {
	if len(as) == 0 {
		return has.String()
	}
	var out []string
	for _, a := range as {
		out = append(out, a.String())
	}
	return strings.Join(out, ", ")
}

func receive(only bool) string {
	if only {
		return " that only receive"
	}
	return ""
}

func (d *dumper) endpoint(x *Endpoint) {
	d.head("endpoint", x.Address, x.Origin, nil)
	fmt.Fprintf(&d.b, "  %s %q\n", x.Type, x.Name)
	for _, k := range slices.Sorted(maps.Keys(x.Tags)) {
		fmt.Fprintf(&d.b, "  tag %s %q\n", k, x.Tags[k])
	}
	if !x.TagsOpen.IsZero() {
		d.field("further", "tags", x.TagsOpen)
	}
	for _, a := range x.Interfaces {
		d.field("interface", a, Gap{})
	}
	if x.Every {
		d.field("promises", "all interfaces", Gap{})
	}
	if x.Unshown {
		d.field("shown", "no", Gap{})
	}
	if x.SendsOnly {
		d.field("sends", "only", Gap{})
	}
	if x.ReceivesOnly {
		d.field("receives", "only", Gap{})
	}
	if !x.More.IsZero() {
		d.field("further", "interfaces"+receive(x.MoreReceives), x.More)
	}
}

func (d *dumper) rest(n *Network) {
	for _, a := range slices.SortedFunc(maps.Keys(n.Foreign), CompareAddresses) {
		fmt.Fprintf(&d.b, "foreign %s%s\n", a, shownGap(n.Foreign[a]))
	}
	for _, x := range n.NotModelled {
		fmt.Fprintf(&d.b, "not modelled %s (%s): %s, touch %d, %s", x.Address, x.Type, x.Effect, x.Touch, x.Note)
		for _, v := range x.VPCs {
			fmt.Fprintf(&d.b, " in %s", v)
		}
		d.b.WriteString("\n")
	}
	for _, c := range n.Conflicts {
		fmt.Fprintf(&d.b, "conflict %s [%s] %s\n", c.Code, shownOrigin(c.Origin), c.Detail)
		for _, o := range c.With {
			fmt.Fprintf(&d.b, "  with [%s]\n", shownOrigin(o))
		}
	}
	for _, p := range n.Sensitive {
		fmt.Fprintf(&d.b, "sensitive %s\n", p)
	}
	fmt.Fprintf(&d.b, "%d resources modelled\n", n.Modelled)
}
