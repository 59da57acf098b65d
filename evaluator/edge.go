package evaluator

import (
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// An inroad is what becomes of a packet that enters a VPC by a gateway, before
// it comes to the subnet of its destination (GRT-1).
type inroad uint8

const (
	inroadOpen    inroad = iota
	inroadLocal          // straight to its destination
	inroadNone           // dropped by the gateway's route table
	inroadRefused        // dropped by what the table sends it to
	inroadDevice         // to an appliance, whose workings the plan does not tell
)

// A doorway is a gateway between a VPC and what is outside, by which packets
// enter and leave.
type doorway struct {
	address netmodel.Address
	table   netmodel.Ref
	origin  netmodel.Origin
	online  bool // to the internet
}

func internetDoor(gw *netmodel.InternetGateway) doorway {
	return doorway{gw.Address, gw.Table, gw.Origin, true}
}

func vpnDoor(gw *netmodel.VPNGateway) doorway { return doorway{gw.Address, gw.Table, gw.Origin, false} }

// inroad is what a gateway's route table does with a packet to an address
// inside. An internet gateway asks more of appliances than others.
func (c *compiled) inroad(w *world, d doorway, g goal) inroad {
	if d.table.IsNone() {
		return inroadLocal
	}
	t := c.routeBy(w, d.address, d.table, g.at.vpc, g.party, true)
	switch t.kind {
	case turnOpen:
		return inroadOpen
	case turnNone:
		return inroadNone
	case turnLocal:
		return inroadLocal
	case turnTo:
	}
	w.pass(t.to)
	i := c.appliance(t.to)
	switch {
	case i == nil:
		return inroadDevice
	case i == g.to:
		return inroadLocal
	case i.SourceCheck.IsTrue(), !w.holds(i.Address, "attached", i.Attached): // ENI-3, GRT-6
		return inroadRefused
	case d.online && !g.is6 && !c.hasPublic(w, i, c.siteOf(w, i.Address, i.Subnet)): // GRT-7
		return inroadRefused
	}
	return inroadDevice
}

// usher is the way from a gateway, by which a packet from src has entered the
// VPC, to its goal as far as the gateway's route table bears on it. On the way
// by an appliance nothing but the groups of the goal is certain.
func (c *compiled) usher(road inroad, src party, g goal) passage {
	switch road {
	case inroadLocal:
		return free
	case inroadNone, inroadRefused:
		return blocked
	case inroadOpen, inroadDevice:
	}
	lets := c.groupsAdmit(g.party, netmodel.Ingress, src).Unanimous(c.groupsAdmit(g.party, netmodel.Ingress, party{is6: g.is6}))
	return passage{lets.And(anything), anything}
}

// readmit is what of the replies gets in again by the gateway by which a packet
// left. An appliance that its route table puts before the sender has not seen the
// packet (GRT-8, GRT-9).
func (c *compiled) readmit(w *world, d doorway, s sender, server party) passage {
	if len(s.through) > 0 {
		return passage{everything, returning(w, func() headerspace.Tri { return c.readmitBy(w, d, s, server) })}
	}
	switch returning(w, func() inroad { return c.inroad(w, d, s.home) }) {
	case inroadLocal:
		return free
	case inroadOpen:
		return passage{everything, anything}
	case inroadRefused, inroadDevice:
		if s.nat != nil { // GRT-12
			return passage{everything, anything}
		}
	case inroadNone:
	}
	return passage{everything, nothing}
}
