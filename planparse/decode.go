package planparse

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
)

// A decoder makes Values of JSON. It keeps one copy of texts that come often.
type decoder struct {
	b     []byte
	pos   int
	depth int

	// keys and values are the members so far of the objects and arrays that are
	// open; those of arrays have the key "".
	keys   []string
	values []Value
	nulls  []string // of build

	kept   *texts
	shapes shapes
}

// A badJSON is a complaint about the byte at of what was decoded.
type badJSON struct {
	what string
	at   int
}

func (e *badJSON) Error() string { return fmt.Sprintf("%s at byte %d", e.what, e.at) }

func newDecoder(s shapes) *decoder { return &decoder{kept: new(texts), shapes: s} }

// decode is the Value of the one JSON value in b, which is valid UTF-8.
func (d *decoder) decode(b []byte) (v Value, err error) {
	d.b, d.pos, d.depth = b, 0, 0
	d.keys, d.values = d.keys[:0], d.values[:0]
	defer func() {
		d.b = nil
		switch r := recover().(type) {
		case nil:
		case *badJSON:
			err = r
		default:
			panic(r)
		}
	}()
	v = d.value()
	d.space()
	if d.pos < len(d.b) {
		d.bad("something follows the value")
	}
	return v, nil
}

func (d *decoder) bad(format string, args ...any) {
	panic(&badJSON{fmt.Sprintf(format, args...), d.pos})
}

// space passes over space and is the byte after it, 0 at the end.
func (d *decoder) space() byte {
	for ; d.pos < len(d.b); d.pos++ {
		switch c := d.b[d.pos]; c {
		case ' ', '\n', '\t', '\r':
		default:
			return c
		}
	}
	return 0
}

func (d *decoder) expect(c byte) {
	if got := d.space(); got != c {
		d.bad("%q where %q is expected", got, c)
	}
	d.pos++
}

func (d *decoder) value() Value {
	switch c := d.space(); {
	case c == '{':
		return d.object()
	case c == '[':
		return d.array()
	case c == '"':
		return StringValue(d.text())
	case c == '-' || '0' <= c && c <= '9':
		return NumberValue(d.number())
	case d.word("true"):
		return BoolValue(true)
	case d.word("false"):
		return BoolValue(false)
	case d.word("null"):
		return NullValue()
	}
	d.bad("no JSON value")
	return Value{}
}

func (d *decoder) word(w string) bool {
	end := d.pos + len(w)
	if end > len(d.b) || string(d.b[d.pos:end]) != w {
		return false
	}
	d.pos = end
	return true
}

func (d *decoder) enter() {
	if d.depth++; d.depth > maxDepth {
		d.bad("JSON nested deeper than %d levels", maxDepth)
	}
	d.pos++
}

func (d *decoder) object() Value {
	d.enter()
	from := len(d.values)
	var large twin
	for first := true; d.space() != '}'; first = false {
		if !first {
			d.expect(',')
			d.space()
		}
		if !d.at('"') {
			d.bad("a key is expected")
		}
		key := d.text()
		d.expect(':')
		v := d.member(&large)
		d.keys, d.values = append(d.keys, key), append(d.values, v)
	}
	d.pos++
	d.depth--
	keys, values := d.keys[len(d.keys)-(len(d.values)-from):], d.values[from:]
	if !slices.IsSorted(keys) {
		sort.Sort(byName{keys, values})
	}
	for i := 1; i < len(keys); i++ {
		if keys[i] == keys[i-1] {
			d.bad("duplicate key %q", keys[i])
		}
	}
	v := d.build(keys, values)
	d.keys, d.values = d.keys[:len(d.keys)-len(keys)], d.values[:from]
	return v
}

// build is the Object of keys, which are sorted, and values. It moves them.
func (d *decoder) build(keys []string, values []Value) Value {
	d.nulls = d.nulls[:0]
	n := 0
	for i, v := range values {
		if isPlainNull(v) {
			d.nulls = append(d.nulls, keys[i])
		} else {
			keys[n], values[n] = keys[i], v
			n++
		}
	}
	return objectOf(d.shapes.of(keys[:n], d.nulls), slices.Clone(values[:n]))
}

// A twin is the largest object among the members so far. An object that stays as
// it is stands in the plan twice, as before and after: it is decoded once.
type twin struct {
	text  []byte
	value Value
}

// member is the value of a member of an object.
func (d *decoder) member(large *twin) Value {
	if d.space() != '{' {
		return d.value()
	}
	if large.text != nil && bytes.HasPrefix(d.b[d.pos:], large.text) {
		d.pos += len(large.text)
		return large.value
	}
	start := d.pos
	v := d.value()
	if d.pos-start > len(large.text) {
		*large = twin{d.b[start:d.pos], v}
	}
	return v
}

type byName struct {
	names  []string
	values []Value
}

func (b byName) Len() int           { return len(b.names) }
func (b byName) Less(i, j int) bool { return b.names[i] < b.names[j] }
func (b byName) Swap(i, j int) {
	b.names[i], b.names[j] = b.names[j], b.names[i]
	b.values[i], b.values[j] = b.values[j], b.values[i]
}

func (d *decoder) array() Value {
	d.enter()
	from := len(d.values)
	for first := true; d.space() != ']'; first = false {
		if !first {
			d.expect(',')
		}
		v := d.value()
		d.keys, d.values = append(d.keys, ""), append(d.values, v)
	}
	d.pos++
	d.depth--
	n := len(d.values) - from
	v := ListValue(slices.Clone(d.values[from:]))
	d.keys, d.values = d.keys[:len(d.keys)-n], d.values[:from]
	return v
}
