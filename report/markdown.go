package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Bounds of a comment. Those of GitHub end at 65,536 characters.
const (
	maxMarkdown = 60_000
	maxDiagrams = 3
	maxDetails  = 20
	maxRows     = 50
)

// writeMarkdown writes a comment on a pull request or a job summary. Its first
// line marks it, so that it can be replaced by the next. What does not fit is
// left out: diagrams first, then folded parts, then rows; never the headline.
func writeMarkdown(w io.Writer, c *Check, s Style) error {
	m := newComment(c, s)
	for m.size() > maxMarkdown && len(m.diagrams) > 0 {
		m.diagrams = m.diagrams[:len(m.diagrams)-1]
	}
	for m.size() > maxMarkdown && len(m.folded) > 0 {
		m.folded = m.folded[:len(m.folded)-1]
	}
	for m.size() > maxMarkdown && len(m.rows) > 0 {
		m.rows = m.rows[:len(m.rows)-1]
		m.left++
	}
	_, err := io.WriteString(w, m.text())
	return err
}

// A comment is the parts of the Markdown report.
type comment struct {
	head     string
	rows     []string // of the table of what does not pass
	left     int      // how many rows are missing
	diagrams []string
	folded   []string
}

func newComment(c *Check, s Style) comment {
	m := comment{head: s.markdownHead(c)}
	for _, r := range c.worstFirst() {
		for _, f := range r.findings() {
			if len(m.rows) == maxRows {
				m.left++
				continue
			}
			m.rows = append(m.rows, s.markdownRow(f))
		}
		m.left += r.FlowsLeftOut
		if all := r.findings(); len(all) > 0 && len(m.diagrams) < maxDiagrams {
			if g := flowGraph(all[0].flow); len(g.Nodes) <= maxNodes && len(g.Nodes) > 2 {
				m.diagrams = append(m.diagrams, fmt.Sprintf("%s\n\n```mermaid\n%s```\n", code(all[0].flow.title()), mermaid(g)))
			}
		}
	}
	m.folded = append(m.folded, s.hopByHop(c)...)
	m.folded = append(m.folded, s.passesFolded(c)...)
	m.folded = append(m.folded, s.notesFolded(c)...)
	return m
}

func (m comment) size() int { return len([]rune(m.text())) }

func (m comment) text() string {
	parts := []string{m.head}
	if len(m.rows) > 0 || m.left > 0 {
		rows := m.rows
		if m.left > 0 {
			rows = append(slices.Clone(rows), fmt.Sprintf("| | | | %s not shown |\n", count(m.left, "further flow", "further flows")))
		}
		parts = append(parts, "| | Assertion | Flow | Deciding rule |\n|---|---|---|---|\n"+strings.Join(rows, ""))
	}
	parts = append(parts, m.diagrams...)
	parts = append(parts, m.folded...)
	return strings.Join(parts, "\n")
}

func (s Style) markdownHead(c *Check) string {
	id := slug(s.Platform.CommentID)
	if id == "" {
		id = "default"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- planreach:%s -->\n", id)
	m, text := s.mark(markPass), tally(c.Summary)
	switch {
	case c.Summary.ExitCode == 2:
		m, text = s.mark(markFail), "could not run; "+text
	case c.Summary.FailCounting > 0:
		m = s.mark(markFail)
	case c.Summary.UnknownCounting > 0:
		m = s.mark(markUnknown)
	}
	fmt.Fprintf(&b, "### %s Network reachability: %s\n", m, text)
	var parts []string
	for _, p := range c.Plans {
		parts = append(parts, join(s.dot(), code(p.Path), p.SHA256[:min(8, len(p.SHA256))]))
	}
	if s.Platform.ReportURL != "" {
		parts = append(parts, "[full report]("+linkEscapes.Replace(s.Platform.ReportURL)+")")
	}
	b.WriteString(strings.Join(parts, s.dot()) + "\n")
	for _, d := range c.Diagnostics {
		word := "**Error**"
		if d.Severity == "warning" {
			word = "Warning"
		}
		fmt.Fprintf(&b, "- %s: %s\n", word, join(" ", escaped(join(": ", d.Summary, d.Detail)), s.reference(d.File, d.Line)))
	}
	return b.String()
}

// markdownRow is a finding as a row of the table.
func (s Style) markdownRow(f finding) string {
	m := s.mark(markOf(f.flow.Outcome))
	if f.flow.NewInPlan {
		m += " **new**"
	} else if f.flow.Outcome == "fail" && f.flow.VerdictBefore != "" {
		m += " as before"
	}
	if !f.counts() {
		m += " (does not count)"
	}
	decides := f.flow.deciding()
	rule := decides.text
	if decides.address != "" {
		rule = join(" ", code(plainName(decides.address)), escaped(decides.text))
	} else {
		rule = escaped(rule)
	}
	return fmt.Sprintf("| %s | %s | %s **%s** | %s |\n", m,
		join(" ", escaped(f.result.ID), s.reference(f.result.File, f.result.Line)),
		code(f.flow.title()), escaped(f.flow.predicate()),
		join(" ", rule, s.reference(decides.file, decides.line)))
}

// reference is a place in the code, as a link where the platform has one.
func (s Style) reference(file string, line int) string {
	text := place(file, line)
	if text == "" {
		return ""
	}
	inRepository := within(s.Platform.Root, file)
	if s.Platform.Files == "" || inRepository == "" {
		return code(text)
	}
	url := s.Platform.Files + uriPath(inRepository)
	if line > 0 {
		url += fmt.Sprintf("#L%d", line)
	}
	return "[" + code(text) + "](" + linkEscapes.Replace(url) + ")"
}

// fold is a part that is closed until somebody opens it.
func fold(summary, text string) string {
	return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n</details>\n", htmlEscapes.Replace(oneLine(summary)), text)
}

// hopByHop is the text of each result that does not pass.
func (s Style) hopByHop(c *Check) []string {
	var out []string
	all := c.worstFirst()
	for _, r := range all[:min(len(all), maxDetails)] {
		text := plain(detail(c, r))
		fence := "```"
		for strings.Contains(text, fence) {
			fence += "`"
		}
		out = append(out, fold("Hop by hop: "+r.ID, fence+"text\n"+text+fence+"\n"))
	}
	return out
}

// passesFolded is what passes, is waived or skipped. Many passes are a count for
// each file.
func (s Style) passesFolded(c *Check) []string {
	var b strings.Builder
	var files []string
	passed := map[string]int{}
	for _, verdict := range []string{"waived", "pass", "skipped"} {
		for _, r := range c.Results {
			switch {
			case r.Verdict != verdict:
				continue
			case verdict == "pass" && c.Summary.Pass > foldPasses:
				if passed[r.File] == 0 {
					files = append(files, r.File)
				}
				passed[r.File]++
				continue
			}
			note := ""
			switch verdict {
			case "waived":
				note = waivedNote(r)
			case "skipped":
				note = r.SkippedBecause
			}
			fmt.Fprintf(&b, "- %s %s\n", code(s.mark(markOf(verdict))), join(": ", escaped(r.ID), escaped(note)))
		}
	}
	for _, file := range files {
		fmt.Fprintf(&b, "- %s %s: %d passed\n", code(s.mark(markPass)), code(fileName(file)), passed[file])
	}
	if b.Len() == 0 {
		return nil
	}
	quiet := Summary{Pass: c.Summary.Pass, Waived: c.Summary.Waived, Skipped: c.Summary.Skipped}
	return []string{fold(tally(quiet), b.String())}
}

// notesFolded is what the answers take for granted, and what is not modelled.
func (s Style) notesFolded(c *Check) []string {
	p := newPrinter(c, Style{ASCII: s.ASCII, Width: 1 << 16})
	p.staleWaivers(c)
	for _, plan := range c.Plans {
		p.cautions(plan)
	}
	p.commonNotes(c)
	p.notModelled(c.Coverage.NotModelled)
	var b strings.Builder
	for l := range strings.Lines(p.b.String()) {
		if l = strings.TrimSpace(l); l != "" {
			fmt.Fprintf(&b, "- %s\n", escaped(l))
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return []string{fold("Notes", b.String())}
}

var (
	markdownEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
		"<", "&lt;", ">", "&gt;", "&", "&amp;", "~", `\~`, "#", `\#`, "!", `\!`)
	htmlEscapes = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")
	linkEscapes = strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E", "\n", "%0A", "|", "%7C")
)

// escaped is text in which nothing is markup.
func escaped(text string) string { return markdownEscapes.Replace(oneLine(plain(text))) }

// code is text as code, fit for a table too.
func code(text string) string {
	text = strings.ReplaceAll(oneLine(plain(text)), "|", `\|`)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}
