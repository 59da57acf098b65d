package assertions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"
)

// A flaw is what is wrong with a text: the class of mistake, and what to write
// instead. It lies at the bytes lo to hi of the text; hi 0 means the whole.
type flaw struct {
	summary, detail string
	lo, hi          int
}

func flawed(summary, detail string, args ...any) *flaw {
	return &flaw{summary: summary, detail: fmt.Sprintf(detail, args...)}
}

// at moves the flaw of a part to where the part begins in the whole.
func (f *flaw) at(lo int, part string) *flaw {
	if f == nil {
		return nil
	}
	if f.hi == 0 {
		f.hi = len(part)
	}
	f.lo, f.hi = f.lo+lo, f.hi+lo
	return f
}

// A literal is a text of the user and the place where it is written.
type literal struct {
	text string
	rng  hcl.Range
	// column is the width of what stands before the text inside rng, and plain
	// says that every byte of the text is one byte of the source.
	column int
	plain  bool
}

// sub is the source range of the bytes lo to hi, the whole if the text was
// computed or holds escapes.
func (l literal) sub(lo, hi int) hcl.Range {
	if !l.plain || hi == 0 || hi > len(l.text) {
		return l.rng
	}
	out := l.rng
	before, inside := l.text[:lo], l.text[lo:hi]
	out.Start.Byte += l.column + lo
	out.Start.Column += l.column + graphemes(before)
	out.End = out.Start
	out.End.Byte += hi - lo
	out.End.Column += graphemes(inside)
	return out
}

// graphemes counts columns as HCL does, near enough: one for each rune.
func graphemes(s string) int { return strings.Count(s, "") - 1 }

// diagnostic is the flaw as an error at its place.
func (l literal) diagnostic(f *flaw) *hcl.Diagnostic {
	return problem(l.sub(f.lo, f.hi), f.summary, "%s", f.detail)
}

// problem is an error at rng.
func problem(rng hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  summary,
		Detail:   fmt.Sprintf(detail, args...),
		Subject:  &rng,
	}
}

// warning is a warning at rng.
func warning(rng hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic {
	d := problem(rng, summary, detail, args...)
	d.Severity = hcl.DiagWarning
	return d
}

// suggest is the candidate that was probably meant, or empty. A wrong
// suggestion is worse than none: one step of an address may differ, by at most
// two edits and less in short words; two exchanged letters are one edit.
func suggest(word string, candidates []string) string {
	best, least := "", 0
	for _, c := range candidates {
		if d := edits(strings.Split(word, "."), strings.Split(c, ".")); d > 0 && (best == "" || d < least) {
			best, least = c, d
		}
	}
	return best
}

// edits is how far a is from b, or 0 if that is too far or nothing.
func edits(a, b []string) int {
	if len(a) != len(b) {
		return 0
	}
	for i, word := range a {
		if word == b[i] {
			continue
		}
		d := levenshtein.Distance(word, b[i], nil)
		if exchanged(word, b[i]) {
			d = 1
		}
		if d > min(2, len(word)/3) || !slices.Equal(a[i+1:], b[i+1:]) {
			return 0
		}
		return d
	}
	return 0
}

// didYouMean is the sentence that offers the suggestion, with a space before
// it, or empty.
func didYouMean(word string, candidates []string) string {
	if s := suggest(word, candidates); s != "" {
		return " Did you mean " + s + "?"
	}
	return ""
}

// exchanged reports whether a is b with two neighbouring letters exchanged.
func exchanged(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) - 1 {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}
