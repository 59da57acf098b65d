package planparse

import "slices"

// shapes are the shapes of the objects so far.
type shapes map[shapeKey]*shape

// A shapeKey finds the shape that objects probably have.
type shapeKey struct {
	first, last string
	n           int
}

// of is the shape of objects with the sorted names, the same one for objects
// that are alike.
func (s shapes) of(names []string) *shape {
	if len(names) == 0 {
		return nil
	}
	k := shapeKey{names[0], names[len(names)-1], len(names)}
	if s[k] == nil || !slices.Equal(s[k].names, names) {
		s[k] = &shape{slices.Clone(names)}
	}
	return s[k]
}
