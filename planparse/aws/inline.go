package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// inlineBlocks is the blocks of an Optional and Computed argument. A new object
// whose configuration does not set it has none (TFV-5); plan JSON alone does not
// prove that, since it does not show dynamic blocks.
func inlineBlocks(r *planparse.Resource, b *planparse.Builder, v planparse.Block, name string) ([]planparse.Block, netmodel.Gap) {
	blocks, more := v.Blocks(name)
	if l := v.Get(name).Leaf(); l != nil && isNew(r) {
		if set, ok := b.Plan().ConfiguredBlocks(r, name); l.Unset || ok && !set {
			return nil, netmodel.Gap{}
		}
	}
	elements := v.Get(name).Elements()
	var out []planparse.Block
	for i, block := range blocks {
		if i < len(elements) && saysNothing(elements[i]) {
			more = netmodel.Gap{Origin: block.Origin(""), Why: netmodel.UntilApply, Code: netmodel.UnknownValue,
				Detail: planparse.UnknownBlocks.String()}
			continue
		}
		out = append(out, block)
	}
	return out, more
}

// saysNothing reports whether a block is open in all that is not left to its
// default: that is how the plan shows a dynamic block whose for_each is known
// only after apply, and which may become any number of blocks.
func saysNothing(block planparse.Value) bool {
	open := false
	for _, name := range block.FieldNames() {
		switch f := block.Field(name); f.Kind() {
		case planparse.Hole:
			if f.Leaf() != nil && f.Leaf().Kind == planparse.Exact {
				return false
			}
			open = true
		case planparse.String, planparse.Number:
			if f.Text() != "" {
				return false
			}
		case planparse.Bool:
			if f.True() {
				return false
			}
		case planparse.List:
			if len(f.Elements()) > 0 {
				return false
			}
		case planparse.Object:
			return false
		case planparse.Absent, planparse.Null:
		}
	}
	return open
}

// isNew reports whether the object is made by this apply.
func isNew(r *planparse.Resource) bool {
	return r.Value(planparse.Before).IsNone() || r.Action == planparse.Create || r.Action == planparse.Replace
}
