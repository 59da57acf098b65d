package main

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/report"
)

func (p *program) listCommand() *cobra.Command {
	var flags planFlags
	var files assertionFlags
	c := &cobra.Command{
		Use:   "list [PLAN] [SELECTOR]",
		Short: "List endpoints, or what a selector means",
		Args:  cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			out, err := targets(p.outputs, report.ListFormats)
			if err != nil {
				return err
			}
			plan, selector := splitPlan(args)
			s, err := p.study(c.Context(), plan, flags)
			if err != nil {
				return err
			}
			m, err := p.model(s, files, nil)
			if err != nil {
				return err
			}
			var found assertions.Selection
			if selector != "" || len(m.inventory.Network.Endpoints) > 0 {
				var diags hcl.Diagnostics
				found, diags = m.set.Select(m.inventory, selector)
				m.diags = append(m.diags, diags...)
			}
			if err := p.show(m.diags, excerpts(m.diags, s.root, m.set.Files())); err != nil {
				return err
			}
			if m.diags.HasErrors() {
				return exit(exitBroken)
			}
			return write(p, out, s.list(m, selector, found))
		},
	}
	flags.add(c)
	files.add(c)
	outputFlag(p, c, report.ListFormats)
	return c
}

func (s *study) list(m *model, selector string, found assertions.Selection) *report.List {
	var endpoints []netmodel.Address
	for _, e := range found.Ends {
		if e.Kind == assertions.EndpointEnd {
			endpoints = append(endpoints, e.Endpoint)
		}
	}
	by := found.MatchedBy
	if selector == "" {
		by = "all"
	}
	l := report.NewList(s.facts(m.inventory.Network), selector, by, "after", endpoints)
	for i := range l.Endpoints {
		if groups := found.Groups[netmodel.Address(l.Endpoints[i].Address)]; groups != nil {
			l.Endpoints[i].Groups = groups
		}
	}
	return l
}
