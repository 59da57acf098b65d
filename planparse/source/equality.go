package source

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// An answer is what is certain about the equality of two texts.
type answer uint8

const (
	perhaps answer = iota
	equal
	different
)

// compareTexts says whether s and t are equal in every apply.
func (t *symbols) compareTexts(a, b string) answer {
	switch {
	case a == b:
		return equal
	case !holdsSymbol(a) && !holdsSymbol(b):
		return different
	}
	return comparePieces(t.pieces(a), t.pieces(b))
}

func comparePieces(a, b []piece) answer {
	a, b, differ := stripFront(a, b)
	if differ {
		return different
	}
	a, b, differ = stripBack(a, b)
	switch {
	case differ:
		return different
	case len(a) == 0 && len(b) == 0:
		return equal
	case len(a) == 0 || len(b) == 0:
		return compareNothing(append(a, b...))
	case len(a) > 1 || len(b) > 1:
		return perhaps
	case a[0].symbol != nil && b[0].symbol != nil:
		return compareSymbols(a[0].symbol, b[0].symbol)
	case a[0].symbol != nil:
		return compareLiteral(a[0].symbol, b[0].literal)
	case b[0].symbol != nil:
		return compareLiteral(b[0].symbol, a[0].literal)
	}
	return different
}

// compareNothing says whether the text of ps is empty.
func compareNothing(ps []piece) answer {
	for _, p := range ps {
		if p.symbol == nil || p.symbol.firm() {
			return different
		}
	}
	return perhaps
}

// stripFront takes off what a and b begin with in common; differ if they
// certainly begin differently.
func stripFront(a, b []piece) (x, y []piece, differ bool) {
	a, b = append([]piece{}, a...), append([]piece{}, b...)
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			a, b = a[1:], b[1:]
		case a[0].symbol != nil || b[0].symbol != nil:
			return a, b, false
		case strings.HasPrefix(a[0].literal, b[0].literal):
			a[0].literal = a[0].literal[len(b[0].literal):]
			b = b[1:]
		case strings.HasPrefix(b[0].literal, a[0].literal):
			b[0].literal = b[0].literal[len(a[0].literal):]
			a = a[1:]
		default:
			return a, b, true
		}
	}
	return a, b, false
}

func stripBack(a, b []piece) (x, y []piece, differ bool) {
	for len(a) > 0 && len(b) > 0 {
		i, j := len(a)-1, len(b)-1
		switch {
		case a[i] == b[j]:
			a, b = a[:i], b[:j]
		case a[i].symbol != nil || b[j].symbol != nil:
			return a, b, false
		case strings.HasSuffix(a[i].literal, b[j].literal):
			a[i].literal = strings.TrimSuffix(a[i].literal, b[j].literal)
			b = b[:j]
		case strings.HasSuffix(b[j].literal, a[i].literal):
			b[j].literal = strings.TrimSuffix(b[j].literal, a[i].literal)
			a = a[:i]
		default:
			return a, b, true
		}
	}
	return a, b, false
}

func compareSymbols(a, b *symbol) answer {
	switch {
	case a == b:
		return equal
	case a.unique() && b.unique() && a.typ == b.typ && a.id.Attr == b.id.Attr:
		return different
	}
	// One object can have one value in two attributes, and objects of some
	// types take the id of the object that they belong to.
	return perhaps
}

func compareLiteral(s *symbol, literal string) answer {
	switch {
	case literal == "" && s.firm(), literal != "" && s.unique():
		return different
	}
	return perhaps
}

// compare says whether a and b are equal in every apply, as the operator ==
// sees it.
func (t *symbols) compare(a, b cty.Value) answer {
	if a.IsNull() && t.absent(b) || b.IsNull() && t.absent(a) {
		return perhaps
	}
	if a.IsNull() || b.IsNull() {
		return known(a.IsNull() == b.IsNull(), a.IsKnown() && b.IsKnown())
	}
	if !a.IsKnown() || !b.IsKnown() {
		return perhaps
	}
	if a.Type() == cty.String && b.Type() == cty.String {
		a, _ = a.Unmark()
		b, _ = b.Unmark()
		return t.compareTexts(a.AsString(), b.AsString())
	}
	primitive := a.Type().IsPrimitiveType() && b.Type().IsPrimitiveType()
	if !primitive && (a.ContainsMarked() || b.ContainsMarked()) {
		return perhaps // the plan does not tell the type
	}
	a, _ = a.UnmarkDeep()
	b, _ = b.UnmarkDeep()
	same := a.Equals(b)
	if !same.IsKnown() {
		return perhaps
	}
	if same.False() && !t.distinct(a, b) {
		return perhaps
	}
	return known(same.True(), true)
}

// absent reports whether v is a symbol that may turn out to be null.
func (t *symbols) absent(v cty.Value) bool {
	v, _ = v.Unmark()
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return false
	}
	b := t.bare(v.AsString())
	return b != nil && !b.firm()
}

func known(same, sure bool) answer {
	switch {
	case !sure:
		return perhaps
	case same:
		return equal
	}
	return different
}

// distinct reports whether any two texts inside values that are spelled
// differently are certainly different.
func (t *symbols) distinct(values ...cty.Value) bool {
	var texts []string
	plain := true
	var first *symbol
	for _, v := range values {
		eachText(v, func(s string) {
			texts = append(texts, s)
			if !holdsSymbol(s) {
				return
			}
			b := t.bare(s)
			if first == nil {
				first = b
			}
			plain = plain && b != nil && b.unique() && b.typ == first.typ && b.id.Attr == first.id.Attr
		})
	}
	if plain {
		return true
	}
	for i, a := range texts {
		for _, b := range texts[:i] {
			if t.compareTexts(a, b) == perhaps {
				return false
			}
		}
	}
	return true
}

// made reports whether every symbol inside values is one that is made up. The
// others may turn out to be any text, so that a key that holds one may be any
// key that is asked for.
func (t *symbols) made(values ...cty.Value) bool {
	out := true
	for _, v := range values {
		eachText(v, func(s string) {
			for _, p := range t.pieces(s) {
				out = out && (p.symbol == nil || p.symbol.unique())
			}
		})
	}
	return out
}

// eachText visits the known texts inside v, the keys of maps and objects among
// them.
func eachText(v cty.Value, visit func(string)) {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() {
		return
	}
	switch ty := v.Type(); {
	case ty == cty.String:
		visit(v.AsString())
	case ty.IsPrimitiveType() || ty.IsCapsuleType():
	case ty.IsObjectType() || ty.IsMapType():
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			visit(k.AsString())
			eachText(e, visit)
		}
	default:
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			eachText(e, visit)
		}
	}
}

// symbolic reports whether a symbol occurs in any of the values.
func symbolic(values ...cty.Value) bool {
	found := false
	for _, v := range values {
		eachText(v, func(s string) { found = found || holdsSymbol(s) })
	}
	return found
}

// certainSets reports whether it is certain how many elements every set inside v
// has: all are known, and certainly different from each other. Otherwise they
// may turn out equal, and come in any order.
func (t *symbols) certainSets(v cty.Value) bool {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() || !makesSets(v.Type()) {
		return true
	}
	if v.Type().IsSetType() {
		return v.IsWhollyKnown() && (!symbolic(v) || t.distinct(v))
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); !t.certainSets(e) {
			return false
		}
	}
	return true
}

// orUnknown is v, or unknown if it holds a set that is not certain.
func (t *symbols) orUnknown(v cty.Value) cty.Value {
	if t.certainSets(v) {
		return v
	}
	return cty.UnknownVal(v.Type()).WithSameMarks(v)
}
