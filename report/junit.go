package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The elements that CI systems agree on.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Skipped *junitReason  `xml:"skipped"`
		Errors  []junitReason `xml:"error"`
		Failure *junitReason  `xml:"failure"`
		Output  *junitText    `xml:"system-out"`
	}
	junitReason struct {
		Type    string `xml:"type,attr,omitempty"`
		Message string `xml:"message,attr"`
		Text    string `xml:",cdata"`
	}
	junitText struct {
		Text string `xml:",cdata"`
	}
)

// writeJUnit writes one suite for each assertion file and module instance.
// There are no times: the same input gives the same bytes.
func writeJUnit(w io.Writer, c *Check, s Style) error {
	out := junitSuites{Name: ToolName}
	if broken := brokenInputs(c); len(broken) > 0 {
		out.add(ToolName, junitCase{Name: "inputs", Class: ToolName, Errors: broken})
	}
	for _, r := range c.Results {
		file := fileName(r.File)
		out.add(join(" ", file, r.Module), s.junitCase(c, r, file))
	}
	text, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

// fileName is an assertion file as a name: flows of the command line have none.
func fileName(file string) string {
	if file == "" {
		return "command line"
	}
	return file
}

// add puts a case into the suite of that name.
func (j *junitSuites) add(suite string, c junitCase) {
	i := 0
	for i < len(j.Suites) && j.Suites[i].Name != suite {
		i++
	}
	if i == len(j.Suites) {
		j.Suites = append(j.Suites, junitSuite{Name: suite})
	}
	to := &j.Suites[i]
	to.Cases = append(to.Cases, c)
	to.Tests++
	j.Tests++
	switch {
	case c.Failure != nil:
		to.Failures++
		j.Failures++
	case c.Errors != nil:
		to.Errors++
		j.Errors++
	case c.Skipped != nil:
		to.Skipped++
	}
}

// brokenInputs are the mistakes that made the run incomplete.
func brokenInputs(c *Check) []junitReason {
	var out []junitReason
	for _, d := range c.Diagnostics {
		if d.Severity == "error" {
			out = append(out, junitReason{Type: "inputs", Message: plain(d.Summary),
				Text: plain(join("\n", place(d.File, d.Line), d.Detail))})
		}
	}
	return out
}

func (s Style) junitCase(c *Check, r Result, file string) junitCase {
	out := junitCase{Name: plain(r.ID), Class: strings.ReplaceAll(file, "/", "."), File: r.File, Line: r.Line}
	text := plain("\n" + detail(c, r))
	message := plain(r.headline())
	switch {
	case r.Verdict == "fail" && r.Counts:
		out.Failure = &junitReason{Type: r.Verb, Message: message, Text: text}
	case r.Verdict == "fail":
		out.Output = &junitText{"WARNING " + message + text}
	case r.Verdict == "unknown" && r.Counts:
		out.Errors = []junitReason{{Type: "unknown", Message: message, Text: text}}
	case r.Verdict == "unknown":
		out.Skipped = &junitReason{Message: "unknown: " + message}
	case r.Verdict == "waived":
		out.Skipped = &junitReason{Message: plain(waivedNote(r))}
	case r.Verdict == "skipped":
		out.Skipped = &junitReason{Message: plain(r.SkippedBecause)}
	}
	return out
}

// headline is the worst flow of a result that does not pass, in one line.
func (r Result) headline() string {
	all := r.findings()
	if len(all) == 0 {
		return r.Verdict
	}
	f := all[0].flow
	text := f.title() + " " + f.predicate()
	if more := len(all) - 1 + r.FlowsLeftOut; more > 0 {
		text += " (and " + count(more, "more flow", "more flows") + ")"
	}
	return text
}

// detail is the text of a result as people read it, without colour.
func detail(c *Check, r Result) string {
	p := newPrinter(c, Style{})
	p.result(r)
	return strings.Trim(p.b.String(), "\n") + "\n"
}

// plain is text without the control characters that XML and terminals forbid.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}
