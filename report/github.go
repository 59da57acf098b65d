package report

import (
	"fmt"
	"io"
	"strings"
)

// maxAnnotations is how many annotations of one level GitHub shows for a step.
const maxAnnotations = 10

// An annotation is a workflow command that GitHub shows at a line of code.
type annotation struct {
	level, title, message string
	file                  string // empty: no line of the workspace
	line                  int
}

// writeGitHub writes an annotation for each result that does not pass, and for
// each mistake of the input.
func writeGitHub(w io.Writer, c *Check, s Style) error {
	all := s.annotations(c)
	total, shown := map[string]int{}, map[string]int{}
	for _, a := range all {
		total[a.level]++
	}
	var b strings.Builder
	for _, a := range all {
		shown[a.level]++
		left := total[a.level] - maxAnnotations
		switch {
		case shown[a.level] > maxAnnotations:
			continue
		case shown[a.level] == maxAnnotations && left > 0:
			a.message += fmt.Sprintf("\n%d more of this kind are in the log and the summary", left)
		}
		b.WriteString(a.String())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s Style) annotations(c *Check) []annotation {
	var out []annotation
	for _, d := range c.Diagnostics {
		out = append(out, annotation{d.Severity, d.Summary, d.Detail, within(s.Platform.Workspace, d.File), d.Line})
	}
	for _, r := range c.worstFirst() {
		a := annotation{level: "warning", title: r.ID, message: r.headline()}
		switch {
		case r.Counts:
			a.level = "error"
		case r.Severity == "info":
			a.level = "notice"
		}
		if r.NewInPlan {
			a.title += " (new)"
		}
		a.file, a.line = within(s.Platform.Workspace, r.File), r.Line
		if all := r.findings(); len(all) > 0 {
			a.file, a.line = all[0].at(s.Platform.Workspace)
			a.message = join(": ", a.message, all[0].flow.deciding().String())
		}
		out = append(out, a)
	}
	return out
}

// String is the command, with what would end its parts escaped.
func (a annotation) String() string {
	var properties []string
	add := func(name, value string) {
		if value != "" && value != "0" {
			properties = append(properties, name+"="+propertyEscapes.Replace(value))
		}
	}
	add("file", a.file)
	if a.file != "" {
		add("line", fmt.Sprint(a.line))
	}
	add("title", a.title)
	return fmt.Sprintf("::%s %s::%s\n", a.level, strings.Join(properties, ","), messageEscapes.Replace(a.message))
}

var (
	messageEscapes  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
