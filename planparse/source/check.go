package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// A verdict is what the differential check found about one resource.
type verdict struct {
	argument string // the first that differs; empty: none does
}

func (v *verdict) disagrees() bool { return v.argument != "" }

// check compares what the plan knows of r with what the sources say, once.
func (w *world) check(r *planparse.Resource) *verdict {
	if v := w.checks[r]; v != nil {
		return v
	}
	v := &verdict{}
	w.checks[r] = v
	s := w.scope(r.Module)
	if s == nil || r.Mode == planparse.Data {
		return v
	}
	b := s.module.resources[blockName(r.Mode, r.Type, r.Name)]
	if b == nil {
		return v
	}
	t := w.types[r.TypeName()]
	// The check asks nothing of the namings, and must not mark what is being
	// evaluated in this one.
	first := w.worlds[0]
	held := first.stack
	first.stack = []*entry{{}}
	defer func() { first.stack = held }()
	after := r.Value(planparse.After)
	for _, name := range after.FieldNames() {
		if b.ignores(name) || !sets(b.body, name) || unchecked(name) {
			continue
		}
		if t != nil && slices.Contains(t.Suppressed, name) {
			continue
		}
		c, set := first.configured(r, name)
		if !set || !c.IsKnown() || c.IsNull() {
			continue
		}
		if isBlocks(c) && t != nil && slices.Contains(t.StaleBlocks, name) {
			continue // no block at all keeps the prior ones
		}
		if e := first.entry(memoKey{kind: memoConfigured, resource: r, name: name}); e != nil && e.ordered && e.symbolic {
			continue // comes out otherwise in another naming
		}
		if _, fits := w.aligner(r).align(after.Field(name), c, name); fits {
			w.sources.stats.Agreements += leaves(after.Field(name))
			continue
		}
		w.sources.stats.Disagreements++
		w.sources.stats.Disagreeing = append(w.sources.stats.Disagreeing, fmt.Sprintf("%s.%s", r.Address, name))
		if v.argument == "" {
			v.argument = name
		}
	}
	return v
}

// unchecked reports whether the plan says something else of an argument than
// the configuration: providers rewrite some, and write-only ones are always
// null.
func unchecked(name string) bool {
	return name == "timeouts" || name == "tags_all" || strings.HasSuffix(name, "_wo")
}

func isBlocks(c cty.Value) bool { return c.Type().IsTupleType() && c.LengthInt() == 0 }

// leaves counts the known primitives inside v.
func leaves(v planparse.Value) int {
	switch v.Kind() {
	case planparse.String, planparse.Number, planparse.Bool:
		return 1
	case planparse.List:
		n := 0
		for _, e := range v.Elements() {
			n += leaves(e)
		}
		return n
	case planparse.Object:
		n := 0
		for _, name := range v.FieldNames() {
			n += leaves(v.Field(name))
		}
		return n
	case planparse.Absent, planparse.Null, planparse.Hole:
	}
	return 0
}
