package report

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
)

// maxCards is how many endpoints a picture draws one by one; beyond, those of a
// subnet are one node.
const maxCards = 300

// NewGraph is a picture of f's network: a box for each VPC, in it one for each
// tier, in that the subnets by zone with what is in them. A subnet's routes are
// a node of their own, from which arrows lead to the targets.
func NewGraph(f Facts) *Graph {
	d := drawing{Facts: f, nodes: map[string]string{}, routes: map[netmodel.Address]string{}}
	for _, v := range f.Network.VPCs {
		d.vpc(v)
	}
	for _, gw := range f.Network.InternetGateways {
		d.exit(gw.Address, gw.VPC)
	}
	for _, gw := range f.Network.EgressGateways {
		d.exit(gw.Address, gw.VPC)
	}
	subnets := slices.Clone(f.Network.Subnets)
	slices.SortStableFunc(subnets, func(a, b *netmodel.Subnet) int {
		if n := int(d.tier(a)) - int(d.tier(b)); n != 0 {
			return n
		}
		return strings.Compare(a.Zone, b.Zone)
	})
	for _, s := range subnets {
		d.subnet(s)
	}
	d.endpoints()
	for _, nat := range f.Network.NATGateways {
		d.nat(nat)
	}
	for _, a := range f.Network.Attachments {
		d.attachment(a)
	}
	for _, s := range subnets {
		d.routesOf(s)
	}
	d.markChanges()
	return &d.Graph
}

// NewFlowGraph is a picture of the pair of w that is explained first.
func NewFlowGraph(w *Why) *Graph {
	if len(w.Pairs) == 0 {
		return &Graph{}
	}
	g := flowGraph(w.Pairs[w.toShow()])
	return &g
}

// Focus is the part of g that is at most two steps away from an address: an
// endpoint, a subnet, a table, a gateway. ok is false if g does not have it.
func (g *Graph) Focus(address string) (near *Graph, ok bool) {
	wanted := func(n Node) bool {
		return slices.ContainsFunc(n.about, func(a netmodel.Address) bool {
			return string(a) == address || strings.HasPrefix(string(a), address+"[")
		})
	}
	out := g.near(wanted)
	return &out, len(out.Nodes) > 0
}

// A drawing is a Graph in the making.
type drawing struct {
	Facts
	Graph
	nodes  map[string]string           // by what they stand for
	routes map[netmodel.Address]string // the node of a subnet's routes
}

// A tier is how a subnet is connected, by its default route and not by its name.
type tier uint8

const (
	tierPublic tier = iota
	tierPrivate
	tierIsolated
	tierOpen
)

func (t tier) String() string {
	return [...]string{"public", "private", "isolated", "routes not known"}[t]
}

func (d *drawing) tier(s *netmodel.Subnet) tier {
	table := d.table(s)
	if table == nil || len(table.Hidden) > 0 {
		return tierOpen
	}
	out := tierIsolated
	for _, r := range table.Routes {
		if r.Destination.Kind != netmodel.PeerPrefix || r.Destination.Prefix.Bits() != 0 {
			continue
		}
		if a, ok := r.Target.Exact(); ok && d.Network.InternetGateway(a) != nil {
			return tierPublic
		}
		out = tierPrivate
	}
	return out
}

func (d *drawing) table(s *netmodel.Subnet) *netmodel.RouteTable {
	a, _ := s.Table.Exact()
	return d.Network.RouteTable(a)
}

// once is the node that stands for key; add makes it if there is none.
func (d *drawing) once(key string, n Node) string {
	if id, ok := d.nodes[key]; ok {
		return id
	}
	id := d.node(n)
	d.nodes[key] = id
	return id
}

// vpc is the box of a VPC.
func (d *drawing) vpc(v *netmodel.VPC) string {
	return d.box(join(" ", plainName(string(v.Address)), d.prefixes(v.IPv4), d.prefixes(v.IPv6)), "")
}

// inVPC is the box of the VPC that r leads to; empty if that is not known.
func (d *drawing) inVPC(r netmodel.Ref) string {
	a, ok := r.Exact()
	if !ok {
		return ""
	}
	if v := d.Network.VPC(a); v != nil {
		return d.vpc(v)
	}
	return d.box(plainName(string(a)), "")
}

func (d *drawing) prefixes(ps []netip.Prefix) string {
	var out []string
	for _, p := range ps {
		out = append(out, d.prefix(p))
	}
	return strings.Join(out, " ")
}

// exit is a gateway that leads to the internet.
func (d *drawing) exit(a netmodel.Address, vpc netmodel.Ref) {
	gw := d.gateway(a, d.inVPC(vpc))
	internet := d.once("internet", Node{Label: "internet", Shape: shapeEnd})
	d.Arrows = append(d.Arrows, Arrow{From: gw, To: internet})
}

// gateway is the node of whatever packets pass.
func (d *drawing) gateway(a netmodel.Address, in string) string {
	return d.once(string(a), Node{Label: plainName(string(a)), In: in, Shape: shapeGateway, about: []netmodel.Address{a}})
}

// subnet is the box of a subnet, with the node of its routes.
func (d *drawing) subnet(s *netmodel.Subnet) {
	label := plainName(string(s.Address))
	for _, p := range []netip.Prefix{s.IPv4, s.IPv6} {
		if p.IsValid() {
			label += " " + d.prefix(p)
		}
	}
	in := d.box(join(" ", label, s.Zone), d.box(d.tier(s).String(), d.inVPC(s.VPC)))
	table := "routes not known"
	about := []netmodel.Address{s.Address}
	if t := d.table(s); t != nil {
		table = "routes: " + plainName(string(t.Address))
		about = append(about, t.Address)
	}
	d.routes[s.Address] = d.node(Node{Label: table, In: in, about: about, hub: true})
}

// inSubnet is the box of a subnet.
func (d *drawing) inSubnet(r netmodel.Ref) string {
	a, _ := r.Exact()
	for _, n := range d.Nodes {
		if id, ok := d.routes[a]; ok && n.ID == id {
			return n.In
		}
	}
	return ""
}

// endpoints draws what sends and receives, in the subnets of its interfaces.
func (d *drawing) endpoints() {
	many := len(d.Network.Endpoints) > maxCards
	counts := map[string]int{}
	for _, e := range d.Network.Endpoints {
		if e.Unshown {
			continue
		}
		for _, name := range e.Interfaces {
			i := d.Network.Interface(name)
			if i == nil {
				continue
			}
			in := d.inSubnet(i.Subnet)
			counts[in]++
			if many {
				continue
			}
			label := string(e.Address)
			if d.isPublic(i) {
				label += " (public)"
			}
			d.once(in+" "+string(e.Address), Node{Label: label, In: in, Shape: shapeEnd, about: []netmodel.Address{e.Address}})
		}
	}
	if !many {
		return
	}
	for _, b := range append([]Box{{}}, d.Boxes...) {
		if n := counts[b.ID]; n > 0 {
			d.node(Node{Label: count(n, "interface", "interfaces"), In: b.ID, Shape: shapeEnd})
		}
	}
}

// isPublic reports whether an interface certainly has a public address.
func (d *drawing) isPublic(i *netmodel.Interface) bool {
	if i.PublicIPv4.IsValid() || i.Elastic.IsTrue() {
		return true
	}
	if !i.AutoPublicFromSubnet {
		return i.AutoPublic.IsTrue()
	}
	a, _ := i.Subnet.Exact()
	s := d.Network.Subnet(a)
	return s != nil && s.MapPublicIP.IsTrue()
}

// nat is a NAT gateway, whose own way goes by the routes of its subnet.
func (d *drawing) nat(nat *netmodel.NATGateway) {
	in := d.inSubnet(nat.Subnet)
	if in == "" {
		in = d.inVPC(nat.VPC)
	}
	id := d.gateway(nat.Address, in)
	if a, ok := nat.Subnet.Exact(); ok && d.routes[a] != "" {
		d.Arrows = append(d.Arrows, Arrow{From: id, To: d.routes[a]})
	}
}

// attachment joins a VPC to a transit gateway.
func (d *drawing) attachment(a *netmodel.Attachment) {
	id := d.gateway(a.Address, d.inVPC(a.VPC))
	if gw, ok := a.Gateway.Exact(); ok {
		d.Arrows = append(d.Arrows, Arrow{From: d.gateway(gw, ""), To: id})
	}
}

// routesOf draws the arrows from a subnet to the targets of its routes.
func (d *drawing) routesOf(s *netmodel.Subnet) {
	table := d.table(s)
	if table == nil {
		return
	}
	for _, r := range table.Routes {
		target, ok := r.Target.Exact()
		if ok && target == netmodel.LocalTarget {
			continue
		}
		a := Arrow{From: d.routes[s.Address], Label: d.peer(r.Destination)}
		if ok && r.Doubt.IsZero() {
			a.To = d.target(target)
		} else {
			text := refText(r.Target)
			a.To, a.Look = d.once("? "+text, Node{Label: text, Shape: shapeGateway, Look: lookOpen}), lookOpen
		}
		d.Arrows = append(d.Arrows, a)
	}
}

// target is the node of a route's target: what is drawn already, else a node
// beside the VPCs.
func (d *drawing) target(a netmodel.Address) string {
	for _, n := range d.Nodes {
		if !n.hub && slices.Contains(n.about, a) {
			return n.ID
		}
	}
	return d.gateway(a, "")
}

// markChanges marks what the plan changes, unless it makes everything.
func (d *drawing) markChanges() {
	isNew := func(n Node) bool {
		return len(n.about) == 0 || d.change(n.about[0]) == "add"
	}
	if !slices.ContainsFunc(d.Nodes, func(n Node) bool { return !isNew(n) }) {
		return
	}
	for i := range d.Nodes {
		n := &d.Nodes[i]
		for _, a := range n.about {
			if c := d.change(a); c != "none" && n.Look == lookPlain {
				n.Look, n.Label = lookChanged, fmt.Sprintf("%s (%s)", n.Label, c)
			}
		}
	}
}
