package assertions

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A NewWaiver is a waive block to be written. Until is YYYY-MM-DD; By and Ticket
// may be empty.
type NewWaiver struct {
	Flow                      Flow
	Reason, Until, By, Ticket string
}

// Validate says what is wrong with the waiver as such.
func (w NewWaiver) Validate() error {
	switch _, err := time.Parse(time.DateOnly, w.Until); {
	case strings.TrimSpace(w.Reason) == "":
		return fmt.Errorf("a waiver needs a reason")
	case err != nil:
		return fmt.Errorf("a waiver needs an end, as in 2027-03-31, not %q", w.Until)
	case len(w.Flow.qualifiers) > 0:
		return fmt.Errorf("a waiver names ends and ports only, not %s", w.Flow.qualifiers[0].word)
	}
	return nil
}

// text is the block, inside a block that is not indented.
func (w NewWaiver) text() string {
	flow := w.Flow
	flow.op = flow.op.positive()
	var b strings.Builder
	b.WriteString("  waive {\n")
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "    %-6s = %s\n", name, value)
		}
	}
	quoted := func(text string) string {
		if text == "" {
			return ""
		}
		return quote(text)
	}
	line("flows", "["+quote(flow.String())+"]")
	line("reason", quoted(w.Reason))
	line("until", quoted(w.Until))
	line("by", quoted(w.By))
	line("ticket", quoted(w.Ticket))
	b.WriteString("  }\n")
	return b.String()
}

// A WrittenWaiver says where a waive block stands in the text that AddWaiver
// returns.
type WrittenWaiver struct {
	Label string // of the assertion
	Line  int
}

// AddWaiver is the text of an *.reach.hcl file with a waive block more in the
// assertions whose label is wanted, and everything else as it is.
func AddWaiver(path string, src []byte, w NewWaiver, wanted func(label string) bool) ([]byte, []WrittenWaiver, hcl.Diagnostics) {
	file, diags := hclsyntax.ParseConfig(src, path, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, nil, diags
	}
	var out bytes.Buffer
	var written []WrittenWaiver
	end := 0
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		if !slices.Contains(forms[b.Type].blocks, "waive") || len(b.Labels) != 1 || !wanted(b.Labels[0]) {
			continue
		}
		at := b.CloseBraceRange.Start.Byte
		if open := b.OpenBraceRange.End; open.Line == b.CloseBraceRange.Start.Line { // a block on one line
			fmt.Fprintf(&out, "%s\n  %s\n", src[end:open.Byte], bytes.TrimSpace(src[open.Byte:at]))
		} else {
			out.Write(bytes.TrimRight(src[end:at], " \t"))
		}
		if len(b.Body.Attributes)+len(b.Body.Blocks) > 0 {
			out.WriteString("\n")
		}
		written = append(written, WrittenWaiver{b.Labels[0], 1 + bytes.Count(out.Bytes(), []byte("\n"))})
		out.WriteString(w.text())
		end = at
	}
	out.Write(src[end:])
	return out.Bytes(), written, nil
}
