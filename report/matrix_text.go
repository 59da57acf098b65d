package report

import (
	"io"
	"strings"
)

// writeMatrixText writes a table if it fits, else a list of what passes.
func writeMatrixText(w io.Writer, m *Matrix, s Style) error {
	p := &printer{Style: s}
	if lines := m.table(s); widest(lines) <= s.width() {
		for _, l := range lines {
			p.line("%s", l)
		}
		p.gap()
		p.prose("  ", m.legend())
		return p.flush(w)
	}
	for n, g := range m.Groups {
		var rows [][]string
		for _, c := range m.row(n) {
			if !c.isNothing() {
				rows = append(rows, []string{"  -> " + c.To, p.listed(c)})
			}
		}
		if len(rows) == 0 {
			continue
		}
		p.gap()
		p.line("%s", p.paint(bold, g.Name))
		for _, l := range columns(rows) {
			p.line("%s", l)
		}
	}
	if len(p.b.String()) == 0 {
		p.line("nothing reaches anything")
	}
	p.gap()
	p.prose("", m.listLegend())
	return p.flush(w)
}

// table is the matrix with a row and a column for each group.
func (m *Matrix) table(s Style) []string {
	head := []string{""}
	for _, g := range m.Groups {
		head = append(head, g.Name)
	}
	rows := [][]string{head}
	for n, g := range m.Groups {
		row := []string{"  " + g.Name}
		for _, c := range m.row(n) {
			row = append(row, c.inTable(s))
		}
		rows = append(rows, row)
	}
	return columns(rows)
}

// inTable is the cell in a narrow column.
func (c *MatrixCell) inTable(s Style) string {
	if c.isNothing() {
		return "."
	}
	text := short(c.Allowed)
	if s.ASCII {
		text = strings.ReplaceAll(text, "…", "...")
	}
	if text == "" && c.Change == "lost" {
		text = "-"
	}
	return join(" ", text, c.marks())
}

// listed is the cell in a list, in full.
func (p *printer) listed(c MatrixCell) string {
	var parts []string
	if c.Allowed != "none" {
		text := listed(c.Allowed)
		if !c.Uniform && c.Pairs.Total > 1 {
			text += " ~"
		}
		parts = append(parts, text)
	}
	if c.Undecided != "none" {
		parts = append(parts, "? "+c.Undecided)
	}
	switch c.Change {
	case "none":
	case "new":
		parts = append(parts, "(new in this plan)")
	default:
		parts = append(parts, "("+c.Change+" in this plan; before: "+c.AllowedBefore+")")
	}
	return strings.Join(parts, "   ")
}

func widest(lines []string) int {
	out := 0
	for _, l := range lines {
		out = max(out, visible(l))
	}
	return out
}

// legend tells the signs that occur.
func (m *Matrix) legend() string {
	out := []string{"rows reach columns, tcp unless it says otherwise"}
	for _, l := range []struct{ sign, text string }{
		{"!", "more than before this plan"}, {"?", "undecided"}, {"~", "not for all pairs or addresses"},
	} {
		if m.hasMark(l.sign) {
			out = append(out, l.sign+" "+l.text)
		}
	}
	for n := range m.Cells {
		if m.Cells[n].Change == "lost" {
			out = append(out, "- no more")
			break
		}
	}
	out = append(out, ". nothing")
	return strings.Join(out, "   ")
}

func (m *Matrix) listLegend() string {
	out := []string{"What is not listed does not pass."}
	if m.hasMark("~") {
		out = append(out, "~ not for all pairs.")
	}
	if m.hasMark("?") {
		out = append(out, "? undecided.")
	}
	return strings.Join(out, " ")
}
