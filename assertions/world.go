package assertions

import (
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// A world is the inventory in the form in which selectors ask it.
type world struct {
	inv       Inventory
	unknown   Policy // of --unknown; 0 if it is not given
	endpoints []endpoint
	instances []address
	deleted   []address
	declared  []address
	endTypes  map[string]bool // types of the endpoints
	// byResource are the endpoints of each resource block.
	byResource map[string][]endpoint
}

// An endpoint is one that an address can pick.
type endpoint struct {
	*netmodel.Endpoint
	at address
	// part: it is an interface of another endpoint, which stands for it
	// wherever a selector does not name it by its address.
	part bool
}

func newWorld(inv Inventory, unknown Policy) *world {
	w := &world{inv: inv, unknown: unknown, endTypes: map[string]bool{}, byResource: map[string][]endpoint{}}
	for _, i := range inv.Instances {
		if a, ok := planAddress(i.Address); ok {
			w.instances = append(w.instances, a)
		}
	}
	for _, d := range inv.Deleted {
		if a, ok := planAddress(d); ok {
			w.deleted = append(w.deleted, a)
		}
	}
	for _, d := range inv.Declared {
		w.declared = append(w.declared, address{
			modules: planModule(d.Module), data: d.Data, typ: d.Type, name: step{name: d.Name},
		})
	}
	if inv.Network == nil {
		return w
	}
	owned := map[netmodel.Address]bool{}
	for _, e := range inv.Network.Endpoints {
		for _, i := range e.Interfaces {
			if i != e.Address {
				owned[i] = true
			}
		}
	}
	for _, e := range inv.Network.Endpoints {
		if e.Unshown {
			continue
		}
		w.endTypes[e.Type] = true
		if a, ok := planAddress(e.Address); ok {
			w.endpoints = append(w.endpoints, endpoint{e, a, owned[e.Address]})
			w.byResource[a.resource()] = append(w.byResource[a.resource()], w.endpoints[len(w.endpoints)-1])
		}
	}
	return w
}

// isDeclared reports whether the configuration has the resource block that a,
// an absolute selector, names.
func (w *world) isDeclared(a address) bool {
	return slices.ContainsFunc(w.declared, a.sameResource)
}

// where names what was searched, for messages.
func (w *world) where() string {
	if w.inv.Declared == nil {
		return "this state"
	}
	return "this configuration"
}

// relative is an absolute address as it is written in the module instance at,
// if it lies there or below.
func relative(x address, at []step) (address, bool) {
	if !x.within(at) {
		return address{}, false
	}
	x.modules = x.modules[len(at):]
	return x, true
}

// known is the resource addresses, without indexes, that a selector in the
// module at may name, for suggestions.
func (w *world) known(at []step) []string {
	bare := make([]step, len(at))
	for i, s := range at {
		bare[i].name = s.name
	}
	var out []string
	for _, x := range slices.Concat(w.declared, w.instances) {
		for i := range x.modules {
			if i < len(bare) {
				x.modules = slices.Clone(x.modules)
				x.modules[i].index = index{}
			}
		}
		if r, ok := relative(x, bare); ok {
			out = append(out, r.resource())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
