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
	if l := v.Get(name).Leaf(); l != nil && r.Value(planparse.Before).IsNone() {
		if set, ok := b.Plan().ConfiguredBlocks(r, name); l.Unset || ok && !set {
			return nil, netmodel.Gap{}
		}
	}
	return blocks, more
}
