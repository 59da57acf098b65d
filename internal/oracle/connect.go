package oracle

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// across is the VPC at the other side of the peering; empty if vpc is on none.
func across(c *netmodel.Peering, vpc netmodel.Address) netmodel.Address {
	if vpc == exact(c.Requester) {
		return exact(c.Accepter)
	}
	if vpc == exact(c.Accepter) {
		return exact(c.Requester)
	}
	return ""
}

// peer sends p over a peering connection: to an address of the other VPC, or
// nowhere (PCX-1, PCX-4).
func (w *walker) peer(at node, c *netmodel.Peering, dst *netmodel.Interface, p headerspace.Packet, identity *netmodel.Interface) step {
	other := across(c, at.vpc)
	if other == "" || !c.Active.IsTrue() || w.sender.vpc != at.vpc { // PCX-5
		w.say("%s does not connect %s", c.Address, at.vpc)
		return step{packet: p}
	}
	if dst == nil || w.vpcOf(dst) != other || !owns(dst, p.Dst) {
		w.say("%s is not the destination's address in %s", p.Dst, other)
		return step{packet: p}
	}
	if !c.SameRegion.IsTrue() { // SG-14
		identity = nil
	}
	to := w.nodeOf(dst)
	w.legs = append(w.legs, leg{kind: inside, from: w.from, to: to, sent: p, peered: true})
	return step{packet: p, arrived: true, ok: w.in(to, p) && w.ingress(dst, p, identity)}
}

// transit sends p over a transit gateway.
func (w *walker) transit(at node, g *netmodel.TransitGateway, dst *netmodel.Interface, p headerspace.Packet) step {
	next, keeps, target := w.crossed(at, g, p)
	switch {
	case next.transit:
		return step{next: next, packet: p, keeps: keeps, ok: true}
	case target != "":
		return w.cloud(dst, p)
	}
	return step{packet: p}
}

// crossed is where a transit gateway brings p, and whether inbound rules still
// know the sender's groups. If the node is none, target is the attachment that
// is no object of the network, if there is one.
func (w *walker) crossed(at node, g *netmodel.TransitGateway, p headerspace.Packet) (next node, keeps bool, target netmodel.Address) {
	enter := w.attachment(g, at.vpc)
	if enter == nil || at.subnet == nil {
		w.say("%s has no attachment in %s", g.Address, at.vpc)
		return node{}, false, ""
	}
	edge := w.edge(enter, at.subnet.Zone)
	if edge == nil || edge.Zone != at.subnet.Zone { // TGW-15
		w.say("%s has no subnet in zone %s", enter.Address, at.subnet.Zone)
		return node{}, false, ""
	}
	if !w.in(node{vpc: at.vpc, subnet: edge}, p) { // TGW-20, TGW-22
		return node{}, false, ""
	}
	table := w.TransitTable(exact(enter.Table))
	if table == nil { // TGW-2
		w.say("%s has no transit table", enter.Address)
		return node{}, false, ""
	}
	target, ok := w.transitRoute(table, p.Dst)
	if !ok {
		w.say("no route from %s to %s", table.Address, p.Dst)
		return node{}, false, ""
	}
	exit := w.Attachment(target)
	if exit == nil {
		return node{}, false, target
	}
	w.say("%s -> %s", table.Address, exit.Address)
	landing := w.edge(exit, edge.Zone)                              // TGW-17
	if exit.ApplianceMode.IsTrue() && len(exit.Subnets.Links) > 0 { // TGW-24: any, and always the same one
		landing = w.Subnet(exact(exit.Subnets.Links[0]))
	}
	if landing == nil || !exit.Active.IsTrue() || exact(exit.Gateway) != g.Address || exact(landing.VPC) != exact(exit.VPC) {
		w.say("%s leads nowhere", exit.Address)
		return node{}, false, ""
	}
	keeps = g.Referencing.IsTrue() && enter.Referencing.IsTrue() && exit.Referencing.IsTrue() // SG-16
	return node{vpc: exact(exit.VPC), subnet: landing, transit: true}, keeps, ""
}

// attachment is the one that joins the VPC to the gateway.
func (w world) attachment(g *netmodel.TransitGateway, vpc netmodel.Address) *netmodel.Attachment {
	for _, a := range w.Attachments {
		if exact(a.Gateway) == g.Address && exact(a.VPC) == vpc && a.Active.IsTrue() {
			return a
		}
	}
	return nil
}

// edge is the attachment's subnet in the zone, else its first one.
func (w world) edge(a *netmodel.Attachment, zone string) *netmodel.Subnet {
	var out *netmodel.Subnet
	for _, r := range a.Subnets.Links {
		if n := w.Subnet(exact(r)); n != nil && (out == nil || n.Zone == zone && out.Zone != zone) {
			out = n
		}
	}
	return out
}

// transitRoute is the attachment to which the table sends dst (TGW-9, TGW-10,
// TGW-12).
func (w world) transitRoute(t *netmodel.TransitTable, dst netip.Addr) (target netmodel.Address, ok bool) {
	var best netip.Prefix
	var rank netmodel.Rank
	for _, r := range t.Routes {
		prefixes := []netip.Prefix{r.Destination.Prefix}
		if r.Destination.Kind == netmodel.PeerPrefixList {
			prefixes = w.entries(r.Destination)
		}
		for _, p := range prefixes {
			if !p.Contains(dst) || best.IsValid() && (p.Bits() < best.Bits() || p.Bits() == best.Bits() && r.Rank >= rank) {
				continue
			}
			best, rank, target = p, r.Rank, exact(r.Target)
			ok = target != "" && !r.Blackhole.IsTrue()
		}
	}
	return target, ok
}
