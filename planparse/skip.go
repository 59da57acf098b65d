package planparse

import (
	"encoding/binary"
	"math/bits"
)

// skip passes over the next value. Of objects and arrays it checks only that
// brackets and strings end as they should.
func (f *framer) skip() {
	switch c := f.peek(); c {
	case '{', '[':
		f.skipNested()
	case '"':
		f.pos++
		f.skipString()
	default:
		f.skipScalar()
	}
}

// skipScalar passes over a number or word. Something follows it: the document
// is an object.
func (f *framer) skipScalar() {
	start := f.base + int64(f.pos)
	for {
		if !f.more() {
			f.truncated()
		}
		switch f.buf[f.pos] {
		case ',', '}', ']', ' ', '\n', '\t', '\r', ':', '"', '{', '[':
			if start == f.base+int64(f.pos) {
				f.failAt("%q where a value is expected", f.buf[f.pos])
			}
			return
		}
		f.pos++
	}
}

// skipNested passes over an object or array.
func (f *framer) skipNested() {
	n := nesting{limit: maxDepth - f.depth}
	for {
		f.pos = n.scan(f.buf, f.pos)
		switch {
		case n.deep:
			f.failAt("JSON nested deeper than %d levels", maxDepth)
		case n.wrong:
			f.failAt("%q where %q is expected", f.buf[f.pos], n.closing())
		case n.depth == 0:
			return
		case !f.more():
			f.truncated()
		}
	}
}

// A nesting is where a scan through an object or array is.
type nesting struct {
	depth, limit int
	objects      [maxDepth/64 + 1]uint64 // bit n: what is open at depth n is an object
	quoted       bool                    // in a string
	escaped      bool                    // after a backslash
	deep, wrong  bool                    // why the scan ended
}

func (n *nesting) closing() byte {
	if d := n.depth - 1; n.objects[d/64]>>(d%64)&1 != 0 {
		return '}'
	}
	return ']'
}

// scan goes on in b from i to the end of b, to the end of the outermost object
// or array, or to where deep or wrong is said.
func (n *nesting) scan(b []byte, i int) int {
	if n.escaped && i < len(b) {
		n.escaped = false
		i++
	}
	for {
		if n.quoted {
			i = skipText(b, i)
			if i >= len(b) {
				return i
			}
			if b[i] == '\\' {
				if i+1 == len(b) {
					n.escaped = true
					return i + 1
				}
				i += 2
				continue
			}
			n.quoted = false
			i++
		}
		i = skipPlain(b, i)
		if i >= len(b) {
			return i
		}
		switch c := b[i]; c {
		case '"':
			n.quoted = true
		case '{', '[':
			if n.depth == n.limit {
				n.deep = true
				return i
			}
			bit := uint64(1) << (n.depth % 64)
			n.objects[n.depth/64] &^= bit
			if c == '{' {
				n.objects[n.depth/64] |= bit
			}
			n.depth++
		default:
			if c != n.closing() {
				n.wrong = true
				return i
			}
			if n.depth--; n.depth == 0 {
				return i + 1
			}
		}
		i++
	}
}

// skipString passes over the rest of a string.
func (f *framer) skipString() {
	for {
		f.pos = skipText(f.buf, f.pos)
		if f.pos >= len(f.buf) {
			if !f.more() {
				f.truncated()
			}
			continue
		}
		if f.buf[f.pos] == '"' {
			f.pos++
			return
		}
		f.pos++ // the backslash
		if !f.more() {
			f.truncated()
		}
		f.pos++ // what it escapes
	}
}

// Eight bytes at a time: in each byte of a word, ones and highs have the lowest
// and the highest bit.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// zeroes has the highest bit of every byte of w that is zero, up to the lowest
// of them; above that it may have others.
func zeroes(w uint64) uint64 { return (w - ones) & ^w & highs }

// skipPlain is the position from i on of the next quote or bracket in b.
func skipPlain(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		l := w | ones*0x20 // brackets become braces
		if m := zeroes(w^ones*'"') | zeroes(l^ones*'{') | zeroes(l^ones*'}'); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for ; i < len(b); i++ {
		switch b[i] {
		case '"', '{', '}', '[', ']':
			return i
		}
	}
	return i
}

// skipText is the position from i on of the next quote or backslash in b.
func skipText(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		if m := zeroes(w^ones*'"') | zeroes(w^ones*'\\'); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for ; i < len(b); i++ {
		if b[i] == '"' || b[i] == '\\' {
			return i
		}
	}
	return i
}

// hasControl reports whether b has control characters.
func hasControl(b []byte) bool {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		if (w-ones*' ')&^w&highs != 0 {
			return true
		}
	}
	for ; i < len(b); i++ {
		if b[i] < ' ' {
			return true
		}
	}
	return false
}
