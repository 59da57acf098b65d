package report

import (
	"io"
	"strings"
)

// NewCoverage is the report on what is modelled: types by name, with what bears
// on f's network without a model.
func NewCoverage(f Facts, types []TypeCount, links *Links, unasserted []string) *Coverage {
	c := &Coverage{
		FormatVersion: FormatVersion, Types: list(types), NotModelled: f.notModelled(),
		Unresolved: []Unresolved{}, Unasserted: list(unasserted),
	}
	for _, t := range types {
		c.Resources.Total += t.Count
		switch t.Status {
		case "modelled", "partly":
			c.Resources.Modelled += t.Count
		case "not_modelled":
			c.Resources.NotModelled += t.Count
		default:
			c.Resources.NoNetworkMeaning += t.Count
		}
	}
	for _, l := range links.Links {
		if l.Settled == "candidates" || l.Settled == "unknown" {
			c.Unresolved = append(c.Unresolved, Unresolved{
				Address: l.Address, Attribute: l.Attribute, Why: "known after apply", Detail: l.Reason,
				File: l.File, Line: l.Line, Candidates: l.Candidates,
			})
		}
	}
	return c
}

func writeCoverageText(w io.Writer, c *Coverage, s Style) error {
	p := &printer{Style: s}
	p.line("%s: %d in the model, %d without network meaning, %d not modelled",
		count(c.Resources.Total, "resource", "resources"), c.Resources.Modelled, c.Resources.NoNetworkMeaning, c.Resources.NotModelled)
	var rows [][]string
	for _, u := range c.NotModelled {
		rows = append(rows, []string{"  " + u.Effect, u.Address, place(u.File, u.Line), u.Note})
	}
	p.section("not modelled", rows)
	rows = nil
	for _, t := range c.Types {
		if t.Status == "partly" {
			rows = append(rows, []string{"  " + t.Type, t.Note})
		}
	}
	p.section("modelled in part", rows)
	rows = nil
	for _, u := range c.Unresolved {
		rows = append(rows, []string{"  " + join(".", u.Address, u.Attribute), place(u.File, u.Line), u.Detail})
	}
	p.section("links that the plan does not settle", rows)
	if len(c.Unasserted) > 0 {
		p.gap()
		p.line("endpoints that no assertion mentions")
		p.prose("  ", strings.Join(c.Unasserted, ", "))
	}
	return p.flush(w)
}

// section writes rows under a heading, nothing if there are none.
func (p *printer) section(heading string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	p.gap()
	p.line("%s", heading)
	for _, l := range columns(rows) {
		p.line("%s", l)
	}
}
