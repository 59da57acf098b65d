package aws

import "github.com/planreach/planreach/planparse"

// addAssumedAppliances marks the interfaces of which the user assumes that they
// send on unchanged what a route sends to them (ENI-4). It must be called when
// everything is linked.
func addAssumedAppliances(b *planparse.Builder) {
	n := b.Network()
	for _, i := range n.Interfaces {
		i.Transparent = i.Transparent || isTransparent(assumedOf(b, i.Address))
	}
	for _, e := range n.Endpoints {
		// Of several interfaces it is not told by which one it sends on.
		if !isTransparent(assumedOf(b, e.Address)) || len(e.Interfaces) != 1 || !e.More.IsZero() {
			continue
		}
		for _, i := range n.Interfaces {
			for _, a := range e.Interfaces {
				i.Transparent = i.Transparent || i.Address == a
			}
		}
	}
}

func isTransparent(said planparse.Block) bool {
	yes, known := said.Bool("transparent").Get()
	return known && yes
}
