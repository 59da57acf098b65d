package evaluator

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A site is where an interface is in one world. Nil subnet or empty vpc: not
// known.
type site struct {
	subnet *netmodel.Subnet
	vpc    netmodel.Address
}

// siteOf is where a link to a subnet leads.
func (c *compiled) siteOf(w *world, about netmodel.Address, r netmodel.Ref) site {
	a, ok := w.follow(about, "subnet", r)
	if !ok || a == "" {
		return site{}
	}
	s := c.net.Subnet(a)
	if s == nil {
		return site{}
	}
	w.look(s.Address, s.Notes...)
	v, ok := w.follow(s.Address, "VPC", s.VPC)
	if !ok {
		return site{subnet: s}
	}
	if vpc := c.net.VPC(v); vpc != nil {
		w.look(v, vpc.Notes...)
	}
	return site{subnet: s, vpc: v}
}

// groupsOf is the groups that an interface carries in one world.
func (c *compiled) groupsOf(w *world, i *netmodel.Interface) (groups []netmodel.Address, more bool) {
	more = !i.Groups.More.IsZero()
	for n, r := range i.Groups.Links {
		a, ok := w.follow(i.Address, fmt.Sprintf("group %d", n), r)
		switch {
		case !ok:
			more = true
		case a != "":
			groups = append(groups, a)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups), more
}

// hasFamily reports whether an interface has an address of the family in this
// world.
func (c *compiled) hasFamily(w *world, i *netmodel.Interface, at site, is6 bool) bool {
	if !is6 {
		return w.holds(i.Address, "IPv4 address", i.HasIPv4)
	}
	if len(i.IPv6) == 0 && at.subnet != nil && at.subnet.HasIPv6.IsFalse() {
		return false // V6-1
	}
	if !i.AssignIPv6FromSubnet {
		return w.holds(i.Address, "IPv6 address", i.HasIPv6)
	}
	if at.subnet == nil {
		return w.holds(i.Address, "IPv6 address", netmodel.Truth{})
	}
	return w.holds(at.subnet.Address, "IPv6 assignment", at.subnet.AssignIPv6)
}

// hasPublic reports whether an interface has a public IPv4 address in this
// world (TFA-8).
func (c *compiled) hasPublic(w *world, i *netmodel.Interface, at site) bool {
	if i.PublicIPv4.IsValid() || w.holds(i.Address, "Elastic IP", i.Elastic) {
		return true
	}
	if !i.AutoPublicFromSubnet {
		return w.holds(i.Address, "public address", i.AutoPublic)
	}
	if at.subnet == nil {
		return w.holds(i.Address, "public address", netmodel.Truth{})
	}
	return w.holds(at.subnet.Address, "public addresses", at.subnet.MapPublicIP)
}

// addressesOf is the classes of the addresses that an interface has in this
// world: its known ones, or the one that this world gives it. 0: somewhere.
func (c *compiled) addressesOf(w *world, i *netmodel.Interface, at site, is6 bool) []headerspace.Atom {
	known := i.IPv4
	if is6 {
		known = i.IPv6
	}
	if len(known) > 0 {
		out := make([]headerspace.Atom, len(known))
		for n, a := range known {
			out[n] = c.atoms.Of(a)
		}
		return out
	}
	return []headerspace.Atom{c.someAddress(w, i.Address, at, is6)}
}

// someAddress is the class of the single address that this world gives to an
// object of a subnet whose address the plan does not tell (MOD-11).
func (c *compiled) someAddress(w *world, about netmodel.Address, at site, is6 bool) headerspace.Atom {
	q := addressQuestion(about, is6)
	if a, ok := w.addresses[q]; ok { // what is free may have changed since it was asked
		return c.atoms.Of(a)
	}
	var options []headerspace.Atom
	for _, p := range c.rangeOf(at, is6) {
		for _, x := range c.atoms.Within(p) {
			if !slices.Contains(options, x) && !c.isTaken(w, at.vpc, x, about) {
				options = append(options, x)
			}
		}
	}
	if len(options) == 0 {
		return 0
	}
	names := make([]string, len(options))
	for n, x := range options {
		names[n] = c.atoms.Sample(x).String()
	}
	gap := netmodel.Gap{Origin: netmodel.Origin{Address: about}, Why: netmodel.UntilApply, Code: netmodel.UnknownAddress}
	chosen := options[w.pick(q, gap, names...)]
	w.addresses[q] = c.atoms.Sample(chosen)
	if addr, single := c.single(chosen); single {
		w.occupied[vpcAddress{at.vpc, addr}] = about
	}
	return chosen
}

func addressQuestion(about netmodel.Address, is6 bool) question {
	return question{about, familyName(is6) + " address chosen"}
}

func familyName(is6 bool) string {
	if is6 {
		return "IPv6"
	}
	return "IPv4"
}

// rangeOf is the prefixes in which an address of the subnet lies; nil if they
// are not all known.
func (c *compiled) rangeOf(at site, is6 bool) []netip.Prefix {
	if at.subnet == nil {
		return nil
	}
	own := at.subnet.IPv4
	if is6 {
		own = at.subnet.IPv6
	}
	if own.IsValid() {
		return []netip.Prefix{own}
	}
	v := c.net.VPC(at.vpc)
	switch {
	case v == nil:
		return nil
	case is6 && v.Open6.IsZero():
		return v.IPv6
	case !is6 && v.Open4.IsZero():
		return v.IPv4
	}
	return nil
}

// isTaken reports whether the only address of x belongs to something else in
// the VPC: for certain, or in this world.
func (c *compiled) isTaken(w *world, vpc netmodel.Address, x headerspace.Atom, about netmodel.Address) bool {
	addr, single := c.single(x)
	if vpc == "" || !single {
		return false
	}
	if owner, ok := c.taken[vpc][addr]; ok {
		return owner != about
	}
	owner, ok := w.occupied[vpcAddress{vpc, addr}]
	return ok && owner != about
}

// single is the address of a class that holds only one.
func (c *compiled) single(x headerspace.Atom) (netip.Addr, bool) {
	only := c.atoms.Prefixes([]headerspace.Atom{x})
	if len(only) != 1 || !only[0].IsSingleIP() {
		return netip.Addr{}, false
	}
	return only[0].Addr(), true
}
