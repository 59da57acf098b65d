package assertions

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// Defaults are what the command line says for assertions that do not.
type Defaults struct {
	Unknown Policy // 0: fail
}

// Resolve looks up everything that the assertions name. Those with an error are
// left out; Parse's errors are not repeated. The order is that of the files, then
// of the module instances and of for_each.
func (s *Set) Resolve(inv Inventory, d Defaults) ([]Assertion, hcl.Diagnostics) {
	w := newWorld(inv, d.Unknown)
	var out []Assertion
	var diags hcl.Diagnostics
	for _, sc := range s.scopes {
		made, more := s.resolveScope(sc, w)
		out, diags = append(out, made...), append(diags, more...)
	}
	slices.SortStableFunc(out, s.compareAssertions)
	made, more := s.resolveFlows(w)
	out, diags = append(out, made...), append(diags, more...)
	ids := map[string]hcl.Range{}
	for _, a := range out {
		if at, ok := ids[a.ID]; ok {
			diags = diags.Append(problem(a.Range, "Label used twice", "%q is also at %s:%d. The label is the assertion's identity in reports and waivers.",
				a.ID, at.Filename, at.Start.Line))
		}
		ids[a.ID] = a.Range
	}
	return out, s.fresh(diags)
}

// compareAssertions is the order of the files, then of the lines in them, then
// of the module instances and of the keys of for_each.
func (s *Set) compareAssertions(a, b Assertion) int {
	file := func(x Assertion) int {
		return slices.IndexFunc(s.infos, func(f File) bool { return f.Path == x.Range.Filename })
	}
	key := func(x Assertion) netmodel.Address {
		if x.EachKey == nil {
			return ""
		}
		return netmodel.Address(*x.EachKey)
	}
	return cmp.Or(cmp.Compare(file(a), file(b)), cmp.Compare(a.Range.Start.Byte, b.Range.Start.Byte),
		netmodel.CompareAddresses(netmodel.Address(a.Module), netmodel.Address(b.Module)),
		netmodel.CompareAddresses(key(a), key(b)))
}

func (s *Set) resolveScope(sc *scope, w *world) ([]Assertion, hcl.Diagnostics) {
	var instances []*instance
	var diags hcl.Diagnostics
	for _, m := range w.modulesIn(sc.dir) {
		in, more := s.instance(sc, m, w)
		instances, diags = append(instances, in), append(diags, more...)
	}
	var out []Assertion
	for _, st := range sc.statements {
		if st.broken() {
			for _, in := range instances {
				diags = append(diags, in.furtherMistakes(st)...)
			}
			continue
		}
		if len(instances) == 0 {
			out = append(out, w.withoutInstance(sc, st)...)
		}
		for _, in := range instances {
			made, more := in.statement(st)
			out, diags = append(out, made...), append(diags, more...)
		}
	}
	return out, diags
}

// modulesIn is the module instances whose directory is dir.
func (w *world) modulesIn(dir string) []ModuleInstance {
	if dir == "" {
		root := ModuleInstance{}
		if len(w.inv.Modules) > 0 && w.inv.Modules[0].Address == "" {
			root = w.inv.Modules[0]
		}
		return []ModuleInstance{root}
	}
	var out []ModuleInstance
	for _, m := range w.inv.Modules {
		if m.Address != "" && m.Dir != "" && cleanDir(m.Dir) == dir {
			out = append(out, m)
		}
	}
	return out
}

// withoutInstance is the block as one skipped assertion for each call of its
// module, which has no instance (L-4).
func (w *world) withoutInstance(sc *scope, st *statement) []Assertion {
	var out []Assertion
	for _, c := range w.inv.Calls {
		if c.Dir == "" || cleanDir(c.Dir) != sc.dir {
			continue
		}
		out = append(out, st.skipped(c.Address+"/"+st.label, c.Address, c.Address+" has no instance"))
	}
	return out
}

// skipped is a whole block as one skipped assertion.
func (st *statement) skipped(id, module, because string) Assertion {
	verb := verbs[st.kind]
	if st.kind == "flows" {
		verb = MustReach
	}
	return Assertion{
		ID: id, Label: st.label, Verb: verb, Module: module, Range: st.rng,
		Severity: Error, Unknown: FailUnknown, Labels: map[string]string{}, SkippedBecause: because,
	}
}

// resolveFlows makes the FLOW arguments assertions of the root.
func (s *Set) resolveFlows(w *world) ([]Assertion, hcl.Diagnostics) {
	if len(s.flows) == 0 {
		return nil, nil
	}
	in, diags := s.instance(s.scopes[0], w.modulesIn("")[0], w)
	var out []Assertion
	for _, f := range s.flows {
		text := f.flow.String()
		a := Assertion{
			ID: text, Label: text, Verb: MustReach, Flow: text, Labels: map[string]string{},
			Severity: in.base.severity, Unknown: in.base.unknown, DefaultSourcePort: in.base.sourcePort,
		}
		if f.flow.op.isNegated() {
			a.Verb = MustNotReach
		}
		more := in.arrow(&a, f, in.base.skipEmpty)
		diags = append(diags, more...)
		if !more.HasErrors() {
			out = append(out, a)
		}
	}
	return out, diags
}
