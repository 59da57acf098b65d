package source

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// A finder is a data source that finds one object by its identity, and the
// attributes in which it repeats that object's own.
type finder struct {
	by     string // argument
	attrs  []string
	target string // resource type, whose id by is
}

// finders are the data sources that certainly find an object of the plan if
// they are given its id. What they tell beyond the attributes listed, and
// searches by anything else, stay open.
var finders = map[string]finder{
	"aws_vpc":            {"id", []string{"id", "arn", "cidr_block"}, "aws_vpc"},
	"aws_subnet":         {"id", []string{"id", "arn", "vpc_id", "cidr_block", "availability_zone"}, "aws_subnet"},
	"aws_security_group": {"id", []string{"id", "arn", "vpc_id"}, "aws_security_group"},
}

// found is an attribute of a data source that is read during apply.
func (w *world) found(r *planparse.Resource, name string, v planparse.Value) cty.Value {
	f, ok := finders[r.Type]
	if !ok || v.Kind() != planparse.Hole || !slices.Contains(f.attrs, name) {
		return plainCty(v)
	}
	id, set := w.configured(r, f.by)
	if !set || !id.IsKnown() || id.IsNull() || id.Type() != cty.String {
		return plainCty(v)
	}
	s := w.symbols.bare(id.AsString())
	if s == nil || s.typ != f.target || s.id.Attr != "id" {
		return plainCty(v)
	}
	for _, x := range w.plan.Resources {
		if x.Address == s.id.Address {
			return w.filled(x, name)
		}
	}
	return plainCty(v)
}
