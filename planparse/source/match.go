package source

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// maxPairs bounds the pairs of elements that a match looks at.
const maxPairs = 50_000

// match assigns to each element of v the configured element that it stems
// from. ok is false if there is no assignment, or several that differ in what
// they make of the holes, or too many to tell.
func (a aligner) match(v planparse.Value, conf []cty.Value, path string) (out []cty.Value, ok bool) {
	n := len(v.Elements())
	if n != len(conf) {
		return nil, false
	}
	// Elements of which the plan knows the same have the same choice.
	shapes := map[string][]int{}
	var order []string
	for i, e := range v.Elements() {
		k := shape(e)
		if shapes[k] == nil {
			order = append(order, k)
		}
		shapes[k] = append(shapes[k], i)
	}
	f := newFinder(conf)
	fits := map[string]map[int]cty.Value{}
	choosers := make([]int, n) // how many shapes a configured element fits
	pairs, separate := 0, true
	for _, k := range order {
		fits[k] = map[int]cty.Value{}
		e := v.Elements()[shapes[k][0]]
		for _, j := range f.candidates(e) {
			if pairs++; pairs > maxPairs {
				return nil, false
			}
			if out, ok := a.align(e, conf[j], path); ok {
				fits[k][j] = out
				choosers[j]++
				separate = separate && choosers[j] == 1
			}
		}
		separate = separate && len(fits[k]) == len(shapes[k])
	}
	if !separate {
		return a.matchPairs(shapes, fits, n)
	}
	out = make([]cty.Value, n)
	for _, k := range order {
		for at, j := range a.inOrder(fits[k]) {
			out[shapes[k][at]] = fits[k][j]
		}
	}
	return out, true
}

// inOrder is the keys of fits in an order that no naming changes.
func (a aligner) inOrder(fits map[int]cty.Value) []int {
	js := slices.Sorted(maps.Keys(fits))
	if len(js) < 2 {
		return js
	}
	labels := make(map[int]string, len(js))
	for _, j := range js {
		var b strings.Builder
		eachText(fits[j], func(s string) {
			for _, p := range a.symbols.term(s) {
				b.WriteString(p.Literal + string(p.Identity.Address) + p.Identity.Attr + "\x00")
			}
		})
		labels[j] = b.String()
	}
	slices.SortStableFunc(js, func(x, y int) int { return strings.Compare(labels[x], labels[y]) })
	return js
}

// shape spells what is known of v.
func shape(v planparse.Value) string {
	switch v.Kind() {
	case planparse.List:
		var parts []string
		for _, e := range v.Elements() {
			parts = append(parts, shape(e))
		}
		return fmt.Sprintf("%q", parts)
	case planparse.Object:
		var parts []string
		for _, name := range v.FieldNames() {
			parts = append(parts, name, shape(v.Field(name)))
		}
		return fmt.Sprintf("%q", parts)
	case planparse.Bool:
		return strconv.FormatBool(v.True())
	case planparse.Absent, planparse.Null, planparse.Hole, planparse.String, planparse.Number:
	}
	return string(rune('0'+v.Kind())) + v.Text()
}

// matchPairs is match where several shapes fit one configured element.
func (a aligner) matchPairs(shapes map[string][]int, fits map[string]map[int]cty.Value, n int) (out []cty.Value, ok bool) {
	filled := make([]map[int]cty.Value, n) // by element of v, then of conf
	pairs := 0
	for k, members := range shapes {
		for _, i := range members {
			filled[i] = fits[k]
			pairs += len(fits[k])
		}
	}
	if pairs > maxPairs {
		return nil, false
	}
	owner, ok := assign(filled, n)
	if !ok {
		return nil, false
	}
	out = make([]cty.Value, n)
	chosen := make([]int, n)
	for j, i := range owner {
		out[i], chosen[i] = filled[i][j], j
	}
	for i := range n {
		for j := range filled[i] {
			if k := owner[j]; j != chosen[i] && !a.exchangeable(filled, i, chosen[i], k, j) {
				return nil, false
			}
		}
	}
	return out, true
}

// exchangeable reports whether nothing changes if i, which has j, and k, which
// has l, swap.
func (a aligner) exchangeable(filled []map[int]cty.Value, i, j, k, l int) bool {
	x, y := filled[i][l], filled[k][j]
	if y == cty.NilVal {
		return false
	}
	return (x.RawEquals(filled[i][j]) && y.RawEquals(filled[k][l])) || (x.RawEquals(filled[k][l]) && y.RawEquals(filled[i][j]))
}

// assign finds a perfect matching; owner is by element of the configuration.
func assign(filled []map[int]cty.Value, n int) (owner []int, ok bool) {
	owner = slices.Repeat([]int{-1}, n)
	choices := make([][]int, n)
	for i := range n {
		choices[i] = slices.Sorted(maps.Keys(filled[i]))
	}
	for i := range n {
		seen := map[int]bool{}
		var place func(i int) bool
		place = func(i int) bool {
			for _, j := range choices[i] {
				if seen[j] {
					continue
				}
				seen[j] = true
				if owner[j] < 0 || place(owner[j]) {
					owner[j] = i
					return true
				}
			}
			return false
		}
		if !place(i) {
			return nil, false
		}
	}
	return owner, true
}

// A candidateFinder finds the configured elements that may have become a
// planned one, by what is known of both, so that not every pair needs a look.
type candidateFinder struct {
	conf   []cty.Value
	groups map[string][]int // elements by the names of the arguments that they set
	// buckets are the elements of a group by the spelling of some of these.
	buckets map[string]map[string][]int
}

func newFinder(conf []cty.Value) *candidateFinder {
	f := &candidateFinder{conf: conf, groups: map[string][]int{}, buckets: map[string]map[string][]int{}}
	for j, c := range conf {
		g := strings.Join(keyedNames(c), " ")
		f.groups[g] = append(f.groups[g], j)
	}
	return f
}

// keyedNames are the arguments of c whose values are texts, numbers or arrays
// of these, known and not empty; none if c is no object.
func keyedNames(c cty.Value) []string {
	if !c.IsKnown() || c.IsNull() || !c.Type().IsObjectType() {
		return nil
	}
	var out []string
	for name, v := range c.AsValueMap() {
		if _, ok := matchKey(v); ok && !isEmpty(v) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// matchKey is a text that is equal for all values that align, if v is simple.
func matchKey(v cty.Value) (string, bool) {
	if !v.IsKnown() || v.IsNull() {
		return "", false
	}
	if v.Type().IsPrimitiveType() {
		return canonical(primitiveText(v)), true
	}
	if v.Type().IsObjectType() || v.Type().IsMapType() || !v.CanIterateElements() {
		return "", false
	}
	var parts []string
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if !e.IsKnown() || e.IsNull() || !e.Type().IsPrimitiveType() {
			return "", false
		}
		parts = append(parts, canonical(primitiveText(e)))
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), "\x01"), true
}

// candidates are the elements that e may stem from.
func (f *candidateFinder) candidates(e planparse.Value) []int {
	var out []int
	for g, members := range f.groups {
		if g == "" || e.Kind() != planparse.Object || len(members) < 8 {
			out = append(out, members...)
			continue
		}
		var names, key []string
		for _, name := range strings.Split(g, " ") {
			field := e.Field(name)
			if !field.IsWhole() || field.IsNone() {
				continue
			}
			if text, ok := matchKey(plainCty(field)); ok {
				names, key = append(names, name), append(key, text)
			}
		}
		out = append(out, f.bucket(g, names)[strings.Join(key, "\x00")]...)
	}
	slices.Sort(out)
	return out
}

// bucket is the members of group g by the spellings of the arguments names.
func (f *candidateFinder) bucket(g string, names []string) map[string][]int {
	id := g + "\x00" + strings.Join(names, " ")
	if b := f.buckets[id]; b != nil {
		return b
	}
	b := map[string][]int{}
	for _, j := range f.groups[g] {
		key := make([]string, len(names))
		for i, name := range names {
			key[i], _ = matchKey(f.conf[j].GetAttr(name))
		}
		k := strings.Join(key, "\x00")
		b[k] = append(b[k], j)
	}
	f.buckets[id] = b
	return b
}
