package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/report"
)

func (p *program) linksCommand() *cobra.Command {
	var flags planFlags
	c := &cobra.Command{
		Use:   "links [PLAN] [ADDRESS]",
		Short: "Show each link between network objects and how it was settled",
		Long: "Show each argument that names other network objects: what the plan or the sources say it\n" +
			"is, and where neither settles it, the expression, the candidates and the reason. ADDRESS is\n" +
			"that of a resource or module.",
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			out, err := targets(p.outputs, report.LinksFormats)
			if err != nil {
				return err
			}
			plan, address := splitPlan(args)
			s, err := p.study(c.Context(), plan, flags)
			if err != nil {
				return err
			}
			s.settle()
			if err := p.show(s.warnings, nil); err != nil {
				return err
			}
			return write(p, out, s.links(address))
		},
	}
	flags.add(c)
	outputFlag(p, c, report.LinksFormats)
	return c
}

// splitPlan tells a plan from a word about it: the first argument is the plan
// if it is a file or "-", or if there are two.
func splitPlan(args []string) (plan, word string) {
	switch {
	case len(args) == 2:
		return args[0], args[1]
	case len(args) == 0:
		return "", ""
	case args[0] == "-" || exists(args[0]):
		return args[0], ""
	}
	return "", args[0]
}

// links is every link of the resources at an address or below; empty means all.
func (s *study) links(address string) *report.Links {
	types := map[string]*planparse.ResourceType{}
	for _, t := range aws.Types {
		types[t.Name] = t
	}
	ids := s.ids()
	l := &report.Links{FormatVersion: report.FormatVersion, Links: []report.Link{}}
	for _, r := range s.plan.Resources {
		t := types[r.TypeName()]
		if t == nil || !isBelow(string(r.Address), address) {
			continue
		}
		seen := map[string]bool{}
		for _, path := range slices.Sorted(maps.Keys(t.Accepts)) {
			for _, link := range s.linksAt(r, r.Value(planparse.After), "", strings.Split(path, "."), ids) {
				if !seen[link.Attribute] {
					seen[link.Attribute] = true
					l.Links = append(l.Links, link)
				}
			}
		}
	}
	return l
}

// ids is which resource has which known id; what a data source reads is that
// of the resource that manages it, if one does.
func (s *study) ids() map[string]string {
	out := map[string]string{}
	for _, r := range s.plan.Resources {
		id := r.Value(planparse.After).Field("id").Text()
		if id != "" && (out[id] == "" || r.Mode == planparse.Managed) {
			out[id] = string(r.Address)
		}
	}
	return out
}

func isBelow(address, above string) bool {
	rest, ok := strings.CutPrefix(address, above)
	return ok && (above == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// linksAt is the links in v, which stands at the path at; steps lead on from
// there.
func (s *study) linksAt(r *planparse.Resource, v planparse.Value, at string, steps []string, ids map[string]string) []report.Link {
	switch {
	case v.IsNone():
		return nil
	case v.Kind() == planparse.List:
		var out []report.Link
		for i, e := range v.Elements() {
			out = append(out, s.linksAt(r, e, fmt.Sprintf("%s[%d]", at, i), steps, ids)...)
		}
		return out
	case v.Kind() == planparse.Hole || len(steps) == 0:
		return s.link(r, v, at, ids)
	}
	return s.linksAt(r, v.Field(steps[0]), strings.TrimPrefix(at+"."+steps[0], "."), steps[1:], ids)
}

func (s *study) link(r *planparse.Resource, v planparse.Value, at string, ids map[string]string) []report.Link {
	l := report.Link{Address: string(r.Address), Attribute: at, Candidates: []string{}}
	if s.sources != nil {
		l.File, l.Line = s.sources.Position(netmodel.Origin{Address: r.Address, Path: at})
	}
	switch {
	case v.IsSensitive() && v.Kind() != planparse.Hole:
		l.Settled, l.Value = "known", "(sensitive)"
	case v.Kind() != planparse.Hole:
		if v.Text() == "" {
			return nil
		}
		l.Settled, l.Value, l.Object = "known", v.Text(), ids[v.Text()]
	case v.Leaf() == nil:
		l.Settled = "unknown"
	case v.Leaf().Unset:
		return nil // the provider chooses: the configuration makes no link here
	default:
		explain(&l, v.Leaf())
	}
	if v.IsSensitive() && l.Settled != "unknown" {
		l.Value, l.Object, l.Candidates = "(sensitive)", "", []string{}
	}
	return []report.Link{l}
}

func explain(l *report.Link, leaf *planparse.Leaf) {
	if leaf.Expr.Filename != "" {
		l.File, l.Line = leaf.Expr.Filename, leaf.Expr.Start.Line
	}
	if leaf.Kind != planparse.Exact {
		l.Reason = leaf.Detail
		if l.Reason == "" && leaf.Reason != 0 {
			l.Reason = leaf.Reason.String()
		}
	}
	switch leaf.Kind {
	case planparse.Exact:
		l.Settled, l.Value = "exact", termText(leaf)
		if id, ok := leaf.Term.Identity(); ok {
			l.Object = string(id.Address)
		}
		if leaf.Assumed {
			l.Reason = report.SourcesAssumed
		}
	case planparse.Candidates:
		l.Settled, l.Closed = "candidates", leaf.Closed
		for _, id := range leaf.Among {
			l.Candidates = append(l.Candidates, identityText(id))
		}
	case planparse.Unknown:
		l.Settled = "unknown"
	}
}

func termText(leaf *planparse.Leaf) string {
	if leaf.Sensitive {
		return "(sensitive)"
	}
	var parts []string
	for _, part := range leaf.Term {
		if part.Identity.Address != "" {
			parts = append(parts, identityText(part.Identity))
		} else {
			parts = append(parts, fmt.Sprintf("%q", part.Literal))
		}
	}
	return strings.Join(parts, " + ")
}

func identityText(id planparse.Identity) string { return string(id.Address) + "." + id.Attr }
