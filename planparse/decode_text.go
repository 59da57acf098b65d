package planparse

import (
	"encoding/binary"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// number is the next number, as it is written.
func (d *decoder) number() string {
	start := d.pos
	if d.at('-') {
		d.pos++
	}
	if d.at('0') {
		d.pos++
	} else {
		d.digits()
	}
	if d.at('.') {
		d.pos++
		d.digits()
	}
	if d.at('e') || d.at('E') {
		d.pos++
		if d.at('+') || d.at('-') {
			d.pos++
		}
		d.digits()
	}
	return d.keep(d.b[start:d.pos])
}

func (d *decoder) at(c byte) bool { return d.pos < len(d.b) && d.b[d.pos] == c }

func (d *decoder) digits() {
	start := d.pos
	for d.pos < len(d.b) && isDigit(d.b[d.pos]) {
		d.pos++
	}
	if d.pos == start {
		d.bad("no number")
	}
}

// text is the next string.
func (d *decoder) text() string {
	start := d.pos + 1
	d.pos = skipText(d.b, start)
	part := d.b[start:d.pos]
	switch {
	case hasControl(part):
		d.pos = start + slices.IndexFunc(part, func(c byte) bool { return c < ' ' })
		d.bad("control character in a string")
	case d.at('"'):
		d.pos++
		return d.keep(part)
	case d.at('\\'):
		return d.escaped(slices.Clone(part))
	}
	d.bad("a string without end")
	return ""
}

// escaped is the next string; s is its part before the first backslash.
func (d *decoder) escaped(s []byte) string {
	for d.pos < len(d.b) {
		c := d.b[d.pos]
		switch {
		case c == '"':
			d.pos++
			return d.keep(s)
		case c == '\\':
			s = d.escape(s)
			continue
		case c < ' ':
			d.bad("control character in a string")
		}
		s = append(s, c)
		d.pos++
	}
	d.bad("a string without end")
	return ""
}

func (d *decoder) escape(s []byte) []byte {
	d.pos++ // the backslash
	if d.pos >= len(d.b) {
		d.bad("a string without end")
	}
	c := d.b[d.pos]
	d.pos++
	switch c {
	case '"', '\\', '/':
		return append(s, c)
	case 'b':
		return append(s, '\b')
	case 'f':
		return append(s, '\f')
	case 'n':
		return append(s, '\n')
	case 'r':
		return append(s, '\r')
	case 't':
		return append(s, '\t')
	case 'u':
		return utf8.AppendRune(s, d.unicode())
	}
	d.bad("unknown escape \\%c", c)
	return nil
}

// unicode is the rune of an escape \uXXXX, or of two that make a pair.
func (d *decoder) unicode() rune {
	c := d.hex()
	if !utf16.IsSurrogate(c) {
		return c
	}
	if d.word(`\u`) {
		start := d.pos - 2
		if pair := utf16.DecodeRune(c, d.hex()); pair != utf8.RuneError {
			return pair
		}
		d.pos = start // the second one stands for itself
	}
	return utf8.RuneError
}

func (d *decoder) hex() rune {
	if d.pos+4 > len(d.b) {
		d.bad("a string without end")
	}
	n, err := strconv.ParseUint(string(d.b[d.pos:d.pos+4]), 16, 16)
	if err != nil {
		d.bad("unknown escape")
	}
	d.pos += 4
	return rune(n)
}

// A texts keeps texts that came before, so that those that come often are there
// once: each has one place, where it stays until another one takes it.
type texts [1 << 12]string

// keptLength is the length up to which texts are kept.
const keptLength = 48

// keep is b as a string.
func (d *decoder) keep(b []byte) string {
	if len(b) == 0 || len(b) > keptLength {
		return string(b)
	}
	at := &d.kept[place(b)%uint64(len(d.kept))]
	if *at != string(b) {
		*at = string(b)
	}
	return *at
}

// place is a hash of b by its length, its middle, and its last eight bytes.
func place(b []byte) uint64 {
	h := uint64(len(b))<<8 | uint64(b[len(b)/2])
	if len(b) >= 8 {
		h ^= binary.LittleEndian.Uint64(b[len(b)-8:])
	} else {
		for _, c := range b {
			h = h<<7 ^ uint64(c)
		}
	}
	return h * 0x9e3779b97f4a7c15 >> 40
}
