package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/report"
)

func (p *program) coverageCommand() *cobra.Command {
	var flags struct {
		planFlags
		assertionFlags
	}
	c := &cobra.Command{
		Use:   "coverage [PLAN]",
		Short: "Show what is modelled, what is not, and what no assertion mentions",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			out, err := targets(p.outputs, report.CoverageFormats)
			if err != nil {
				return err
			}
			plan, _, err := sortArguments(args)
			if err != nil {
				return err
			}
			s, err := p.study(c.Context(), plan, flags.planFlags)
			if err != nil {
				return err
			}
			m, err := p.model(s, flags.assertionFlags, nil)
			if err != nil {
				return err
			}
			as, diags := m.set.Resolve(m.inventory, assertions.Defaults{})
			m.diags = append(m.diags, diags...)
			coverage := report.NewCoverage(s.facts(m.inventory.Network), s.types(m.inventory.Network), s.links(""), unasserted(m, as))
			if err := write(p, out, coverage); err != nil {
				return err
			}
			if err := p.show(m.diags, excerpts(m.diags, s.root, m.set.Files())); err != nil {
				return err
			}
			if m.diags.HasErrors() {
				return exit(exitBroken)
			}
			return nil
		},
	}
	flags.planFlags.add(c)
	flags.assertionFlags.add(c)
	outputFlag(p, c, report.CoverageFormats)
	return c
}

// types is what is done with each type of the plan.
func (s *study) types(n *netmodel.Network) []report.TypeCount {
	models := map[string]*planparse.ResourceType{}
	for _, t := range aws.Types {
		models[t.Name] = t
	}
	effects := map[string]string{}
	for _, u := range n.NotModelled {
		effects[u.Type] = u.Effect.String()
	}
	unread := s.unread(models)
	var out []report.TypeCount
	for _, name := range slices.Sorted(maps.Keys(s.plan.Types)) {
		t := report.TypeCount{Type: name, Status: "no_network_meaning", Count: s.plan.Types[name]}
		switch {
		case models[name] != nil && len(unread[name]) > 0:
			t.Status, t.Note = "partly", "not read: "+strings.Join(slices.Sorted(maps.Keys(unread[name])), ", ")
		case models[name] != nil:
			t.Status = "modelled"
		case effects[name] != "":
			t.Status, t.Note = "not_modelled", effects[name]
		}
		out = append(out, t)
	}
	return out
}

// unread is the arguments of each type that are set, and that its model neither
// reads nor knows to move no packet.
func (s *study) unread(models map[string]*planparse.ResourceType) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, r := range s.plan.Resources {
		t := models[r.TypeName()]
		if t == nil || t.IgnoresRest {
			continue
		}
		v := r.Value(planparse.After)
		for _, name := range v.FieldNames() {
			if isEmpty(v.Field(name)) || slices.Contains(t.Reads, name) || slices.Contains(t.Ignores, name) {
				continue
			}
			if out[t.Name] == nil {
				out[t.Name] = map[string]bool{}
			}
			out[t.Name][name] = true
		}
	}
	return out
}

func isEmpty(v planparse.Value) bool {
	switch v.Kind() {
	case planparse.Absent, planparse.Null:
		return true
	case planparse.String:
		return v.Text() == ""
	case planparse.List:
		return len(v.Elements()) == 0
	case planparse.Object:
		return len(v.FieldNames()) == 0
	case planparse.Number, planparse.Bool, planparse.Hole:
	}
	return false
}

// unasserted is the endpoints that no assertion has as an end.
func unasserted(m *model, as []assertions.Assertion) []string {
	mentioned := map[netmodel.Address]bool{}
	for _, a := range as {
		for _, e := range slices.Concat(a.From.Ends, a.To.Ends) {
			mentioned[e.Endpoint] = true
		}
	}
	var out []string
	for _, e := range m.inventory.Network.Endpoints {
		if !mentioned[e.Address] && !e.Unshown {
			out = append(out, string(e.Address))
		}
	}
	return out
}
