package report

import (
	"io"
	"strings"
)

// writeAtlantis writes what a policy check of Atlantis judges by its text: it
// fails if that begins with FAIL. What passes must not hold the letters "fail"
// anywhere, so nothing is named then. Lines of flows are the same from run to
// run, so that approvals can stick to them.
func writeAtlantis(w io.Writer, c *Check, s Style) error {
	p := newPrinter(c, Style{ASCII: s.ASCII})
	failures := c.Summary.FailCounting + c.Summary.UnknownCounting
	for _, d := range c.Diagnostics {
		if d.Severity == "error" {
			failures++
			p.line("FAIL could not run: %s", oneLine(join(": ", place(d.File, d.Line), d.Summary, d.Detail)))
		}
	}
	for _, r := range c.Results {
		if !r.Counts {
			continue
		}
		for _, f := range r.findings() {
			p.line("FAIL %s: %s %s", oneLine(r.ID), f.flow.title(), f.flow.predicate())
		}
		if r.FlowsLeftOut > 0 {
			p.line("FAIL %s: and %s", oneLine(r.ID), count(r.FlowsLeftOut, "more flow", "more flows"))
		}
	}
	if failures > 0 {
		p.gap()
		details := newPrinter(c, Style{ASCII: s.ASCII})
		for _, r := range c.worstFirst() {
			details.result(r)
		}
		for l := range strings.Lines(details.b.String()) {
			p.line("  %s", strings.TrimRight(l, "\n")) // set off: approvals stick to the lines above
		}
		p.gap()
	}
	p.line("%s", atlantisTally(c.Summary, failures))
	return p.flush(w)
}

// atlantisTally counts in the words that Atlantis looks for. Warnings pass.
func atlantisTally(s Summary, failures int) string {
	parts := []string{count(s.Total, "test", "tests")}
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, count(n, one, many))
		}
	}
	warnings := s.Fail + s.Unknown - s.FailCounting - s.UnknownCounting
	add(s.Pass+warnings, "passed", "passed")
	add(failures, "failure", "failures")
	add(s.Waived, "waived", "waived")
	add(s.Skipped, "skipped", "skipped")
	return strings.Join(parts, ", ")
}

// oneLine is text without line breaks.
func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
