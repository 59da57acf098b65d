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
	depth := 0
	for {
		for f.pos = skipPlain(f.buf, f.pos); f.pos >= len(f.buf); f.pos = skipPlain(f.buf, f.pos) {
			if !f.more() {
				f.truncated()
			}
		}
		c := f.buf[f.pos]
		switch c {
		case '"':
			f.pos++
			f.skipString()
			continue
		case '{', '[':
			if f.depth+depth >= maxDepth {
				f.failAt("JSON nested deeper than %d levels", maxDepth)
			}
			f.closes[depth] = c + 2 // ']' and '}' in ASCII
			depth++
		case '}', ']':
			if depth--; f.closes[depth] != c {
				f.failAt("%q where %q is expected", c, f.closes[depth])
			}
		}
		f.pos++
		if depth == 0 {
			return
		}
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
