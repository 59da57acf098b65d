package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/mitchellh/go-wordwrap"
)

// A printer collects lines and writes them at the end, so that a report is
// written whole or not at all.
type printer struct {
	Style
	bothWays  bool   // always show the way back
	plan      string // its path
	noSources bool   // the plan was read without its sources
	b         strings.Builder
}

func (p *printer) line(format string, args ...any) {
	p.b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " "))
	p.b.WriteByte('\n')
}

func (p *printer) gap() {
	if s := p.b.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		p.b.WriteByte('\n')
	}
}

// prose writes text, broken at spaces to the width, each line indented.
func (p *printer) prose(indent, text string) {
	room := max(p.width()-len(indent), 40)
	for _, l := range strings.Split(wordwrap.WrapString(text, uint(room)), "\n") {
		p.line("%s%s", indent, l)
	}
}

func (p *printer) flush(w io.Writer) error {
	_, err := io.WriteString(w, p.b.String())
	return err
}

// columns pads the cells of each row to the widest of their column.
func columns(rows [][]string) []string {
	var widths []int
	for _, r := range rows {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], visible(c))
		}
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		var b strings.Builder
		for j, c := range r {
			b.WriteString(c)
			if j < len(r)-1 {
				b.WriteString(strings.Repeat(" ", widths[j]-visible(c)+2))
			}
		}
		out[i] = strings.TrimRight(b.String(), " ")
	}
	return out
}

// visible is the columns that s takes on a terminal, colours apart.
func visible(s string) int {
	n := utf8.RuneCountInString(s)
	for rest := s; ; {
		i := strings.IndexByte(rest, '\x1b')
		if i < 0 {
			return n
		}
		end := strings.IndexByte(rest[i:], 'm')
		n -= end + 1
		rest = rest[i+end+1:]
	}
}

// place is file:line, or nothing where it is not known.
func place(file string, line int) string {
	switch {
	case file == "":
		return ""
	case line == 0:
		return file
	}
	return fmt.Sprintf("%s:%d", file, line)
}

// count is n with the word for it.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
