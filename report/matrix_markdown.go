package report

import (
	"fmt"
	"io"
	"strings"
)

// maxMarkdownColumns is how many groups a table in Markdown has at most; more are
// listed cell by cell.
const maxMarkdownColumns = 12

// writeMatrixMarkdown writes a table of groups, or of cells if there are many.
func writeMatrixMarkdown(w io.Writer, m *Matrix, s Style) error {
	var b strings.Builder
	line := func(cells ...string) {
		for n, c := range cells {
			cells[n] = strings.ReplaceAll(c, "|", "\\|")
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	rule := func(columns int) { line(strings.Split(strings.Repeat("---,", columns-1)+"---", ",")...) }
	if len(m.Groups) <= maxMarkdownColumns {
		head := []string{"from \\ to"}
		for _, g := range m.Groups {
			head = append(head, g.Name)
		}
		line(head...)
		rule(len(head))
		for n, g := range m.Groups {
			row := []string{g.Name}
			for _, c := range m.row(n) {
				row = append(row, c.inTable(s))
			}
			line(row...)
		}
		fmt.Fprintf(&b, "\n%s\n", m.legend())
	} else {
		line("from", "to", "allowed", "undecided", "change")
		rule(5)
		for _, c := range m.Cells {
			if !c.isNothing() {
				line(c.From, c.To, c.Allowed, c.Undecided, c.Change)
			}
		}
		fmt.Fprintf(&b, "\n%s\n", m.listLegend())
	}
	_, err := io.WriteString(w, b.String())
	return err
}
