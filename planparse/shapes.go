package planparse

import "slices"

// shapes are the shapes of the objects so far.
type shapes map[shapeKey]*shape

// A shapeKey finds the shape that objects probably have.
type shapeKey struct {
	first, last  string
	names, nulls int
}

// of is the shape with these names, which are sorted, the same one for objects
// that are alike; nil for none.
func (s shapes) of(names, nulls []string) *shape {
	k := shapeKey{names: len(names), nulls: len(nulls)}
	switch {
	case len(names) > 0:
		k.first, k.last = names[0], names[len(names)-1]
	case len(nulls) > 0:
		k.first, k.last = nulls[0], nulls[len(nulls)-1]
	default:
		return nil
	}
	if s[k] == nil || !slices.Equal(s[k].names, names) || !slices.Equal(s[k].nulls, nulls) {
		s[k] = &shape{append([]string(nil), names...), append([]string(nil), nulls...)}
	}
	return s[k]
}
