package planparse

import (
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"unicode/utf8"
)

// maxDepth bounds the nesting of objects and arrays; no plan comes near it.
const maxDepth = 1000

// windowSize is how much of the document is held while nothing asks for more.
const windowSize = 1 << 20

// A framer walks a JSON document through one window, which grows only for a
// value that is asked for as a whole. It panics with a failure; catch turns
// that into an error.
type framer struct {
	r       io.Reader
	sum     hash.Hash
	buf     []byte // the window
	pos     int    // of the next byte in it
	base    int64  // of the window in the document
	held    int    // position from which on bytes are kept, -1 for none
	valid   int    // up to here the window is known to be UTF-8
	ended   error  // what Read returned after the window
	depth   int
	decoder *decoder
}

// A failure is an error on its way out of a walk.
type failure struct{ err error }

func fail(err error) { panic(failure{err}) }

// catch runs walk and returns what it failed with.
func catch(walk func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			err = r.err
		default:
			panic(r)
		}
	}()
	walk()
	return nil
}

func newFramer(r io.Reader, sum hash.Hash, window int, s shapes) *framer {
	return &framer{r: r, sum: sum, buf: make([]byte, 0, window), held: -1, decoder: newDecoder(s)}
}

// failAt fails with a complaint about the byte at pos.
func (f *framer) failAt(format string, args ...any) {
	fail(fmt.Errorf("%s at byte %d", fmt.Sprintf(format, args...), f.base+int64(f.pos)))
}

// more reads until there are bytes after pos; it reports false at the end.
func (f *framer) more() bool {
	for f.pos >= len(f.buf) {
		if f.ended != nil {
			if !errors.Is(f.ended, io.EOF) {
				fail(f.ended)
			}
			return false
		}
		f.slide()
		n, err := f.r.Read(f.buf[len(f.buf):cap(f.buf)])
		_, _ = f.sum.Write(f.buf[len(f.buf) : len(f.buf)+n])
		f.buf = f.buf[:len(f.buf)+n]
		f.ended = err
		f.checkText()
	}
	return true
}

// slide makes room at the end of the window.
func (f *framer) slide() {
	keep := min(f.pos, f.valid)
	if f.held >= 0 {
		keep = min(keep, f.held)
	}
	if len(f.buf)-keep > cap(f.buf)/2 {
		f.buf = slices.Grow(f.buf, cap(f.buf))
	}
	if keep == 0 {
		return
	}
	f.buf = f.buf[:copy(f.buf, f.buf[keep:])]
	f.pos -= keep
	f.valid -= keep
	f.base += int64(keep)
	if f.held >= 0 {
		f.held -= keep
	}
}

// checkText refuses what is not UTF-8 in the part of the window that is new.
func (f *framer) checkText() {
	fresh := f.buf[f.valid:]
	if utf8.Valid(fresh) {
		f.valid = len(f.buf)
		return
	}
	for len(fresh) > 0 {
		c, n := utf8.DecodeRune(fresh)
		if c == utf8.RuneError && n == 1 {
			if !utf8.FullRune(fresh) && f.ended == nil {
				return // its rest comes with the next part
			}
			if f.ended == nil || errors.Is(f.ended, io.EOF) {
				fail(fmt.Errorf("invalid UTF-8 at byte %d", f.base+int64(f.valid)))
			}
		}
		fresh = fresh[n:]
		f.valid += n
	}
}

// truncated fails: the document is cut short.
func (f *framer) truncated() {
	fail(fmt.Errorf("unexpected end of JSON at byte %d", f.base+int64(len(f.buf))))
}

// peek is the next byte that is not space.
func (f *framer) peek() byte {
	for {
		for f.pos < len(f.buf) {
			switch c := f.buf[f.pos]; c {
			case ' ', '\n', '\t', '\r':
				f.pos++
			default:
				return c
			}
		}
		if !f.more() {
			f.truncated()
		}
	}
}

// end checks that nothing follows.
func (f *framer) end() {
	for f.more() {
		switch f.buf[f.pos] {
		case ' ', '\n', '\t', '\r':
			f.pos++
		default:
			f.failAt("something follows the JSON")
		}
	}
}

func (f *framer) expect(c byte) {
	if got := f.peek(); got != c {
		f.failAt("%q where %q is expected", got, c)
	}
	f.pos++
}

func (f *framer) enter() {
	if f.depth++; f.depth > maxDepth {
		f.failAt("JSON nested deeper than %d levels", maxDepth)
	}
}

// object visits the members of the next value, which must be an object or
// null. visit must consume the value.
func (f *framer) object(visit func(key string)) {
	if f.isNull() {
		return
	}
	f.expect('{')
	f.enter()
	var seen keySet
	for first := true; f.peek() != '}'; first = false {
		if !first {
			f.expect(',')
		}
		if f.peek() != '"' {
			f.failAt("%q where a key is expected", f.peek())
		}
		key := f.text()
		if !seen.add(key) {
			f.failAt("duplicate key %q", key)
		}
		f.expect(':')
		visit(key)
	}
	f.pos++
	f.depth--
}

// array visits the elements of the next value, which must be an array or null.
// visit must consume the element.
func (f *framer) array(visit func()) {
	if f.isNull() {
		return
	}
	f.expect('[')
	f.enter()
	for first := true; f.peek() != ']'; first = false {
		if !first {
			f.expect(',')
		}
		visit()
	}
	f.pos++
	f.depth--
}

func (f *framer) isNull() bool {
	if f.peek() != 'n' {
		return false
	}
	f.value()
	return true
}

// text is the next value, which must be a string; null is empty.
func (f *framer) text() string {
	if f.peek() == '"' {
		start := f.pos + 1
		if end := skipText(f.buf, start); end < len(f.buf) && f.buf[end] == '"' && !hasControl(f.buf[start:end]) {
			f.pos = end + 1
			return f.decoder.keep(f.buf[start:end])
		}
	}
	v := f.value()
	if v.Kind() != String && v.Kind() != Null {
		f.failAt("no string")
	}
	return v.Text()
}

// value is the next value.
func (f *framer) value() Value {
	raw := f.raw()
	return f.decode(raw, f.base+int64(f.pos-len(raw)))
}

// decode is the Value of raw, which stands at offset in the document.
func (f *framer) decode(raw []byte, offset int64) Value {
	v, err := f.decoder.decode(raw)
	var bad *badJSON
	if errors.As(err, &bad) {
		fail(fmt.Errorf("%s at byte %d", bad.what, offset+int64(bad.at)))
	}
	return v
}

// raw is the text of the next value. It is good until the framer moves on.
func (f *framer) raw() []byte {
	f.peek()
	nested := f.held >= 0
	if !nested {
		f.held = f.pos
	}
	start := f.base + int64(f.pos)
	f.skip()
	raw := f.buf[start-f.base : f.pos]
	if !nested {
		f.held = -1
	}
	return raw
}

// A keySet holds the keys of one object.
type keySet struct {
	few  [16]string
	n    int // of few
	many map[string]bool
}

// add reports whether key is new.
func (s *keySet) add(key string) bool {
	switch {
	case s.many[key] || s.many == nil && slices.Contains(s.few[:s.n], key):
		return false
	case s.many != nil:
		s.many[key] = true
	case s.n < len(s.few):
		s.few[s.n] = key
		s.n++
	default:
		s.many = map[string]bool{key: true}
		for _, k := range s.few {
			s.many[k] = true
		}
	}
	return true
}
