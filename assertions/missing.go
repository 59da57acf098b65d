package assertions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// missing says why an address picks no end: it does not exist, its key does
// not, the plan deletes it, or it is nothing that sends and receives. No
// diagnostics mean that it exists and has no instance (L-13).
func (in *instance) missing(a address, w written) hcl.Diagnostics {
	abs := a.in(in.at)
	// In a module that exists only its own instances tell whether a key is wrong.
	module := in.world.hasModule(abs.modules)
	some, picked := false, false
	for _, x := range in.world.instances {
		some = some || abs.sameResource(x) && (!module || picksModules(abs.modules, x.modules))
		picked = picked || abs.picks(x)
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
	case deleted && (some || !in.world.exists(abs)):
		return hcl.Diagnostics{problem(w.rng, "No such resource", "%s is deleted by this plan. Remove it from the assertion in the same change.", a)}
	case some:
		return hcl.Diagnostics{in.noSuchInstance(a, w)}
	case in.world.exists(abs):
		return nil
	}
	return hcl.Diagnostics{problem(w.rng, "No such resource", "%s", in.noSuchResource(a))}
}

// noSuchInstance tells the first step of a at which no instance of the resource
// goes on, and the indexes that there are. The names are absolute: each instance
// of a module has its own.
func (in *instance) noSuchInstance(a address, w written) *hcl.Diagnostic {
	abs := a.in(in.at)
	want := append(slices.Clone(abs.modules), abs.name)
	var at int
	var found []netmodel.Address
	for _, x := range in.world.instances {
		if !abs.sameResource(x) {
			continue
		}
		have := append(slices.Clone(x.modules), x.name)
		i := 0
		for i < len(want)-1 && want[i].index.matches(have[i].index) {
			i++
		}
		if i > at {
			at, found = i, nil
		}
		if i == at {
			found = append(found, netmodel.Address(have[i].index.text))
		}
	}
	slices.SortFunc(found, netmodel.CompareAddresses)
	found = slices.Compact(found)
	name := abs.upTo(at).String()
	if len(found) == 1 && found[0] == "" {
		return problem(w.rng, "No such instance", "%s has neither count nor for_each. Write %s.", name, name)
	}
	keys := make([]string, len(found))
	for i, f := range found {
		keys[i] = string(f)
	}
	return problem(w.rng, "No such instance", "%s has the instances %s; %s is not among them.", name, strings.Join(keys, ", "), want[at].index.text)
}

// upTo is the address as far as its step number n, whose index is left out.
func (a address) upTo(n int) address {
	if n == len(a.modules) {
		a.name.index = index{}
		return a
	}
	a.modules = slices.Clone(a.modules[:n+1])
	a.modules[n].index = index{}
	return address{modules: a.modules}
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

// hasModule reports whether there is a module instance that the path picks.
func (w *world) hasModule(path []step) bool {
	return len(path) == 0 || slices.ContainsFunc(w.inv.Modules, func(m ModuleInstance) bool {
		return picksModules(path, planModule(m.Address))
	})
}

func bareSteps(at []step) []step {
	out := make([]step, len(at))
	for i, s := range at {
		out[i].name = s.name
	}
	return out
}

// missingModule says why the address of a module picks no end. A key that none of
// its instances has is a typo, which empty = "skip" does not cover (L-25).
func (in *instance) missingModule(abs address, w written) hcl.Diagnostics {
	var names, others []string
	bare := address{modules: bareSteps(abs.modules)}.String()
	for _, m := range in.world.inv.Modules {
		x := address{modules: planModule(m.Address)}
		if len(x.modules) > 0 && picksModules(abs.modules, x.modules) {
			return nil
		}
		name := address{modules: bareSteps(x.modules)}.String()
		if names = append(names, name); name == bare {
			others = append(others, m.Address)
		}
	}
	declared := false
	for _, c := range in.world.inv.Calls {
		names, declared = append(names, c.Address), declared || c.Address == bare
	}
	switch {
	case len(others) > 0:
		return hcl.Diagnostics{problem(w.rng, "No such instance", "%s is not in %s, or has no resource of a network. The module has %s.",
			w.text, in.world.where(), strings.Join(others, ", "))}
	case declared:
		return nil
	}
	return hcl.Diagnostics{problem(w.rng, "No such module", "%s is not in %s.%s", w.text, in.world.where(), didYouMean(abs.String(), names))}
}
