package assertions

import (
	"strings"
	"unicode/utf8"
)

// protected tells for each byte of text whether it stands inside "…" or […],
// delimiters included, where no operator, comma, colon or dot is looked for.
func protected(text string) ([]bool, *flaw) {
	mask := make([]bool, len(text))
	depth, quoted, opened := 0, false, 0
	for i := 0; i < len(text); i++ {
		mask[i] = true
		switch c := text[i]; {
		case quoted && c == '\\':
			if i++; i < len(text) {
				mask[i] = true
			}
		case c == '"':
			quoted = !quoted
			if quoted && depth == 0 {
				opened = i
			}
		case quoted:
		case c == '[':
			if depth == 0 {
				opened = i
			}
			depth++
		case c == ']':
			if depth == 0 {
				return nil, flawed("Unbalanced bracket", "There is no [ before this ].").at(i, "]")
			}
			depth--
		case depth == 0:
			mask[i] = false
		}
	}
	switch {
	case quoted:
		return nil, flawed("Unbalanced quote", "The quote that begins here does not end.").at(opened, text[opened:])
	case depth > 0:
		return nil, flawed("Unbalanced bracket", "The bracket that begins here does not end.").at(opened, text[opened:])
	}
	return mask, nil
}

// A piece is a part of a text and the byte where it begins.
type piece struct {
	text string
	at   int
}

// trim takes the space off both ends.
func (p piece) trim() piece {
	left := strings.TrimLeft(p.text, " \t")
	return piece{strings.TrimRight(left, " \t"), p.at + len(p.text) - len(left)}
}

func (p piece) slice(lo, hi int) piece { return piece{p.text[lo:hi], p.at + lo} }

// split cuts p at every unprotected sep.
func (p piece) split(sep byte, mask []bool) []piece {
	var out []piece
	lo := 0
	for i := range len(p.text) {
		if p.text[i] == sep && !mask[p.at+i] {
			out = append(out, p.slice(lo, i))
			lo = i + 1
		}
	}
	return append(out, p.slice(lo, len(p.text)))
}

// isIdentifier reports whether s is an HCL identifier.
func isIdentifier(s string) bool {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r >= utf8.RuneSelf && r != utf8.RuneError
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}
