package report

import (
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
	Object     string   `json:"object"`     // known, exact: the resource it leads to, if that is in the plan
	Candidates []string `json:"candidates"` // candidates: what it may be
	Closed     bool     `json:"closed"`     // candidates: it is one of them
	Reason     string   `json:"reason"`     // candidates, unknown: why no more is known; exact: what it takes for granted
	File       string   `json:"file"`       // of the expression
	Line       int      `json:"line"`
}

func writeLinksText(w io.Writer, l *Links, s Style) error {
	p := &printer{Style: s}
	counts := map[string]int{}
	for i := 0; i < len(l.Links); {
		n := 1
		for i+n < len(l.Links) && l.Links[i+n].Address == l.Links[i].Address {
			n++
		}
		p.linksOf(l.Links[i : i+n])
		i += n
	}
	assumed := false
	for _, link := range l.Links {
		counts[link.Settled]++
		assumed = assumed || link.Reason == SourcesAssumed
	}
	p.gap()
	if assumed {
		p.line("%s %s", p.mark(markNote), SourcesAssumed)
	}
	p.line("%s: %d known, %d exact, %d candidates, %d unknown", count(len(l.Links), "link", "links"),
		counts["known"], counts["exact"], counts["candidates"], counts["unknown"])
	return p.flush(w)
}

// linksOf writes the links of one resource.
func (p *printer) linksOf(links []Link) {
	p.gap()
	p.line("%s", links[0].Address)
	var rows [][]string
	for _, l := range links {
		m := markPass
		if l.Settled == "candidates" || l.Settled == "unknown" {
			m = markUnknown
		}
		rows = append(rows, []string{"  " + p.mark(m) + " " + l.Attribute, "= " + l.text(), place(l.File, l.Line)})
	}
	for i, line := range columns(rows) {
		p.line("%s", line)
		if links[i].Reason != "" && links[i].Settled != "exact" {
			p.prose("      ", links[i].Reason)
		}
	}
}

// text is what the link leads to.
func (l Link) text() string {
	if l.Value == "(sensitive)" {
		return l.Value
	}
	switch l.Settled {
	case "known":
		if l.Object == "" {
			return l.Value + " (outside the plan)"
		}
		return l.Value + " (" + l.Object + ")"
	case "exact":
		return l.Value
	case "candidates":
		if l.Closed {
			return "one of " + strings.Join(l.Candidates, ", ")
		}
		return "perhaps " + strings.Join(l.Candidates, ", ")
	}
	return "unknown"
}
