package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// Conflicts warns of each place where the plan contradicts itself, once.
func (f Facts) Conflicts() hcl.Diagnostics {
	var out hcl.Diagnostics
	told := map[string]bool{}
	for _, c := range f.Network.Conflicts {
		d := &hcl.Diagnostic{
			Severity: hcl.DiagWarning, Summary: "The plan contradicts itself",
			Detail: fmt.Sprintf("%s%s (%s).", capitalized(c.Detail), f.others(c.With), c.Code),
		}
		if told[d.Detail] {
			continue
		}
		told[d.Detail] = true
		if file, line := f.position(c.Origin); line > 0 {
			at := hcl.Pos{Line: line, Column: 1}
			d.Subject = &hcl.Range{Filename: file, Start: at, End: at}
		}
		out = out.Append(d)
	}
	return out
}

// capitalized begins a sentence, unless that begins with an address.
func capitalized(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if strings.Contains(first, ".") {
		return text
	}
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// others names the parts that a conflict is with.
func (f Facts) others(with []netmodel.Origin) string {
	var names []string
	for _, o := range with {
		name := originText(o)
		if at := place(f.position(o)); at != "" {
			name += " at " + at
		}
		names = append(names, name)
	}
	if names == nil {
		return ""
	}
	return "; the other: " + strings.Join(names, ", ")
}
