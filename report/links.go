package report

import (
	"fmt"
	"io"
	"strings"
)

// Links is how each value that links network objects was settled.
type Links struct {
	FormatVersion string `json:"format_version"`
	Links         []Link `json:"links"`
}

// A Link is one argument of one resource that names other objects.
type Link struct {
	Address    string   `json:"address"`
	Attribute  string   `json:"attribute"`
	Settled    string   `json:"settled" enum:"known,exact,candidates,unknown"`
	Value      string   `json:"value"`      // known, exact: what it is
	Candidates []string `json:"candidates"` // candidates: what it may be
	Closed     bool     `json:"closed"`     // candidates: it is one of them
	Reason     string   `json:"reason"`     // candidates, unknown: why no more is known
	File       string   `json:"file"`       // of the expression
	Line       int      `json:"line"`
}

func writeLinksText(w io.Writer, l *Links, s Style) error {
	p := &printer{Style: s}
	counts := map[string]int{}
	address := ""
	for _, link := range l.Links {
		counts[link.Settled]++
		if link.Address != address {
			address = link.Address
			p.gap()
			p.line("%s", address)
		}
		p.link(link)
	}
	p.gap()
	p.line("%s: %d known, %d exact, %d candidates, %d unknown", count(len(l.Links), "link", "links"),
		counts["known"], counts["exact"], counts["candidates"], counts["unknown"])
	return p.flush(w)
}

func (p *printer) link(l Link) {
	m := markPass
	if l.Settled == "candidates" || l.Settled == "unknown" {
		m = markUnknown
	}
	text := l.Value
	switch {
	case l.Settled == "unknown":
		text = "unknown"
	case l.Settled == "candidates" && l.Closed:
		text = "one of " + strings.Join(l.Candidates, ", ")
	case l.Settled == "candidates":
		text = "perhaps " + strings.Join(l.Candidates, ", ")
	}
	p.line("  %s %s", p.mark(m), join("   ", fmt.Sprintf("%s = %s", l.Attribute, text), place(l.File, l.Line), settledWord(l)))
	if l.Reason != "" {
		p.prose("      ", l.Reason)
	}
}

func settledWord(l Link) string {
	if l.Settled == "known" {
		return "(known in the plan)"
	}
	return ""
}
