package planparse

import (
	"bufio"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A utf16Reader reads UTF-16 as UTF-8.
type utf16Reader struct {
	r         *bufio.Reader
	bigEndian bool
	pending   []byte // of a rune that did not fit
}

var errUTF16 = errors.New("the text is not valid UTF-16")

func (u *utf16Reader) Read(p []byte) (int, error) {
	n := copy(p, u.pending)
	u.pending = u.pending[n:]
	for n < len(p) {
		c, err := u.rune()
		if err != nil {
			if n > 0 && errors.Is(err, io.EOF) {
				return n, nil // it comes again
			}
			return n, err
		}
		var b [utf8.UTFMax]byte
		size := utf8.EncodeRune(b[:], c)
		copied := copy(p[n:], b[:size])
		u.pending = append(u.pending[:0], b[copied:size]...)
		n += copied
	}
	return n, nil
}

func (u *utf16Reader) rune() (rune, error) {
	c, err := u.unit()
	if err != nil || !utf16.IsSurrogate(c) {
		return c, err
	}
	d, err := u.unit()
	if errors.Is(err, io.EOF) {
		return 0, errUTF16
	}
	if err != nil {
		return 0, err
	}
	if c = utf16.DecodeRune(c, d); c == utf8.RuneError {
		return 0, errUTF16
	}
	return c, nil
}

func (u *utf16Reader) unit() (rune, error) {
	low, err := u.r.ReadByte()
	if err != nil {
		return 0, err
	}
	high, err := u.r.ReadByte()
	if errors.Is(err, io.EOF) {
		return 0, errUTF16 // half a unit
	}
	if u.bigEndian {
		low, high = high, low
	}
	return rune(low) | rune(high)<<8, err
}
