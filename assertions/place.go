package assertions

import (
	"github.com/planreach/planreach/netmodel"
)

// A place is a VPC, a subnet or a security group of the network.
type place struct {
	role    role
	address netmodel.Address
}

// places is the objects of a place selector.
func (w *world) places(a address) []place {
	var out []place
	for _, x := range w.instances {
		if a.picks(x) && roles[x.typ] != 0 {
			out = append(out, place{roles[x.typ], netmodel.Address(x.String())})
		}
	}
	return out
}

// holds says whether interface i is in the place.
func (w *world) holds(p place, i *netmodel.Interface) netmodel.Truth {
	n := w.inv.Network
	switch p.role {
	case subnetRole:
		return leadsTo(i.Subnet, p.address)
	case vpcRole:
		return followed(i.Subnet, func(subnet netmodel.Address) netmodel.Truth {
			if s := n.Subnet(subnet); s != nil {
				return leadsTo(s.VPC, p.address)
			}
			return netmodel.Open(outside(subnet))
		})
	case groupRole:
		out := netmodel.Fails
		if !i.Groups.More.IsZero() {
			out = netmodel.Open(i.Groups.More)
		}
		for _, r := range i.Groups.Links {
			out = either(out, leadsTo(r, p.address))
		}
		return out
	case endRole, wayRole:
	}
	panic("assertions: not a place")
}

func outside(a netmodel.Address) netmodel.Gap {
	return netmodel.Gap{Origin: netmodel.Origin{Address: a}, Why: netmodel.OutsidePlan, Code: netmodel.UnknownResource,
		Detail: "its VPC is not in the plan"}
}

// leadsTo says whether the link leads to a.
func leadsTo(r netmodel.Ref, a netmodel.Address) netmodel.Truth {
	if x, ok := r.Exact(); ok {
		return netmodel.Certain(x == a)
	}
	if !r.MayBe(a) {
		return netmodel.Fails
	}
	return netmodel.Open(r.Gap())
}

// followed is the answer at the far end of a link: certain if all the objects
// that it may lead to agree.
func followed(r netmodel.Ref, ask func(netmodel.Address) netmodel.Truth) netmodel.Truth {
	among, closed := r.Among()
	if !closed {
		return netmodel.Open(r.Gap())
	}
	var out netmodel.Truth
	for n, a := range among {
		x := netmodel.Fails
		if a != "" {
			x = ask(a)
		}
		switch {
		case n == 0:
			out = x
		case x.IsOpen() && !x.Gap().IsZero():
			return x
		case x.IsTrue() != out.IsTrue() || x.IsFalse() != out.IsFalse():
			return netmodel.Open(r.Gap())
		}
	}
	return out
}

// either holds if one of x and y does.
func either(x, y netmodel.Truth) netmodel.Truth {
	switch {
	case x.IsTrue() || y.IsFalse():
		return x
	case y.IsTrue() || x.IsFalse():
		return y
	}
	return x
}

// both holds if x and y do.
func both(x, y netmodel.Truth) netmodel.Truth {
	switch {
	case x.IsFalse() || y.IsTrue():
		return x
	case y.IsFalse() || x.IsTrue():
		return y
	}
	return x
}

// inPlaces is the endpoints with an interface in one of the places. An endpoint
// that has interfaces elsewhere too is represented by those inside, as far as
// the plan names them.
func (w *world) inPlaces(places []place) []End {
	var out []End
	for _, e := range w.endpoints {
		if e.part {
			continue
		}
		inside, whole := netmodel.Fails, true
		var parts []End
		for _, a := range e.Interfaces {
			i := w.inv.Network.Interface(a)
			if i == nil {
				panic("assertions: endpoint " + string(e.Address) + " has no interface " + string(a))
			}
			in := netmodel.Fails
			for _, p := range places {
				in = either(in, w.holds(p, i))
			}
			inside = either(inside, in)
			whole = whole && !in.IsFalse()
			if !in.IsFalse() && w.inv.Network.Endpoint(a) != nil {
				parts = append(parts, endOf(a, in))
			}
		}
		if inside.IsFalse() && !e.More.IsZero() {
			inside = netmodel.Open(e.More)
		}
		switch {
		case inside.IsFalse():
		case !whole && len(parts) > 0:
			out = append(out, parts...)
		default:
			out = append(out, endOf(e.Address, inside))
		}
	}
	return out
}

// within says whether an endpoint has an interface in one of the places.
func (w *world) within(e endpoint, places []place) netmodel.Truth {
	out := netmodel.Fails
	if !e.More.IsZero() {
		out = netmodel.Open(e.More)
	}
	for _, a := range e.Interfaces {
		for _, p := range places {
			out = either(out, w.holds(p, w.inv.Network.Interface(a)))
		}
	}
	return out
}

// endOf is the endpoint at a, which belongs to a selection as in says; in must
// not be false.
func endOf(a netmodel.Address, in netmodel.Truth) End {
	e := End{Kind: EndpointEnd, Endpoint: a, Doubt: in.Gap()}
	if in.IsOpen() && e.Doubt.IsZero() {
		e.Doubt = netmodel.Gap{Origin: netmodel.Origin{Address: a}, Why: netmodel.UntilApply, Code: netmodel.UnknownReference,
			Detail: "the plan does not tell whether it belongs there"}
	}
	return e
}

// union adds ends to a list; in neither does an end stand twice. A certain one
// beats a doubtful one.
func union(list []End, more ...End) []End {
	if len(list) == 0 {
		return append(list, more...)
	}
	at := make(map[End]int, len(list)+len(more))
	for i, e := range list {
		at[e.certain()] = i
	}
	for _, e := range more {
		i, known := at[e.certain()]
		switch {
		case !known:
			at[e.certain()] = len(list)
			list = append(list, e)
		case e.Doubt.IsZero():
			list[i] = e
		}
	}
	return list
}

// certain is the end without its doubt.
func (e End) certain() End {
	e.Doubt = netmodel.Gap{}
	return e
}

// without takes ends out of a list; what may be among them becomes doubtful.
func without(list, excluded []End) (out []End, hit bool) {
	doubts := make(map[End]netmodel.Gap, len(excluded))
	for _, x := range excluded {
		doubts[x.certain()] = x.Doubt
	}
	for _, e := range list {
		doubt, excluded := doubts[e.certain()]
		hit = hit || excluded
		if excluded && doubt.IsZero() {
			continue
		}
		if excluded && e.Doubt.IsZero() {
			e.Doubt = doubt
		}
		out = append(out, e)
	}
	return out, hit
}
