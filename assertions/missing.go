package assertions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// missing says why an address picks no end: it does not exist, its key does
// not, the plan deletes it, or it is nothing that sends and receives. No
// diagnostics mean that it exists and has no instance (L-13).
func (in *instance) missing(a address, w written) hcl.Diagnostics {
	abs := a.in(in.at)
	var keys []string
	picked := false
	for _, x := range in.world.instances {
		if abs.sameResource(x) {
			picked = picked || abs.picks(x)
			keys = append(keys, instanceKey(abs, x))
		}
	}
	deleted := slices.ContainsFunc(in.world.deleted, abs.picks)
	switch r := roles[a.typ]; {
	case picked && (r == vpcRole || r == subnetRole || r == groupRole):
		return nil
	case picked && in.world.isEndType(a.typ):
		return hcl.Diagnostics{problem(w.rng, "Not supported yet",
			"%s cannot be an end: this version of planreach has no model for %s. Nothing was checked for this assertion.", a, a.typ)}
	case picked:
		return hcl.Diagnostics{problem(w.rng, "Not an end of a flow",
			"%s has no network interface. Name what sends or receives: an instance, a network interface, a load balancer.", a)}
	case deleted && (len(keys) > 0 || !in.world.isDeclared(abs)):
		return hcl.Diagnostics{problem(w.rng, "No such resource", "%s is deleted by this plan. Remove it from the assertion in the same change.", a)}
	case len(keys) > 0:
		return hcl.Diagnostics{in.noSuchInstance(abs, a, keys, w)}
	case in.world.isDeclared(abs):
		return nil
	}
	return hcl.Diagnostics{problem(w.rng, "No such resource", "%s", in.noSuchResource(a))}
}

// instanceKey is the part of x by which it differs from the other instances of
// its resource: the module's keys too if there are any.
func instanceKey(_, x address) string {
	var keys []string
	for _, m := range append(slices.Clone(x.modules), x.name) {
		if m.index.one {
			keys = append(keys, m.index.text)
		}
	}
	return strings.Join(keys, "")
}

func (in *instance) noSuchInstance(abs, a address, keys []string, w written) *hcl.Diagnostic {
	slices.Sort(keys)
	keys = slices.Compact(keys)
	asked := instanceKey(abs, abs)
	if len(keys) == 1 && keys[0] == "" {
		return problem(w.rng, "No such instance", "%s has neither count nor for_each. Write %s.", a.resource(), a.resource())
	}
	return problem(w.rng, "No such instance", "%s has the instances %s; %s is not among them.", a.resource(), strings.Join(keys, ", "), asked)
}

func (in *instance) noSuchResource(a address) string {
	if len(in.at) > 0 && !a.root {
		detail := fmt.Sprintf("%s is not in %s (addresses are relative to %s).", a, address{modules: bareSteps(in.at)}, in.module.Dir)
		if in.world.exists(a.in(nil)) {
			return detail + fmt.Sprintf(" Write root.%s for the one in the root.", a)
		}
		return detail + didYouMean(a.resource(), in.world.known(in.at))
	}
	name := a.resource()
	if a.root {
		return fmt.Sprintf("%s is not in %s.%s", a, in.world.where(), didYouMean(name, prefixed("root.", in.world.known(nil))))
	}
	return fmt.Sprintf("%s is not in %s.%s", a, in.world.where(), didYouMean(name, in.world.known(nil)))
}

// exists reports whether an absolute address is declared or has an instance.
func (w *world) exists(abs address) bool {
	return w.isDeclared(abs) || slices.ContainsFunc(w.instances, abs.sameResource)
}

func bareSteps(at []step) []step {
	out := make([]step, len(at))
	for i, s := range at {
		out[i].name = s.name
	}
	return out
}

// missingModule says why the address of a module picks no end.
func (in *instance) missingModule(abs address, w written) hcl.Diagnostics {
	var names []string
	for _, c := range in.world.inv.Calls {
		names = append(names, c.Address)
		if c.Address == (address{modules: bareSteps(abs.modules)}).String() {
			return nil
		}
	}
	for _, m := range in.world.inv.Modules {
		x := address{modules: planModule(m.Address)}
		if len(x.modules) > 0 && picksModules(abs.modules, x.modules) {
			return nil
		}
		names = append(names, address{modules: bareSteps(x.modules)}.String())
	}
	return hcl.Diagnostics{problem(w.rng, "No such module", "%s is not in %s.%s", w.text, in.world.where(), didYouMean(abs.String(), names))}
}
