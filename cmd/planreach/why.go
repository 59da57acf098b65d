package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/report"
)

func (p *program) whyCommand() *cobra.Command {
	var flags planFlags
	var files assertionFlags
	var before bool
	c := &cobra.Command{
		Use:     "why [PLAN] FLOW",
		Aliases: []string{"explain"},
		Short:   "Explain one flow, allowed or blocked",
		Long: "Explain one flow hop by hop: which rules and routes let it through or stop it, and on the\n" +
			"way back. The answer does not change the exit status.",
		Example: "  planreach why plan.json 'internet -> web:443'",
		RunE: func(c *cobra.Command, args []string) error {
			out, err := targets(p.outputs, report.WhyFormats)
			if err != nil {
				return err
			}
			why, err := p.why(c.Context(), args, flags, files, before)
			if err != nil {
				return err
			}
			return write(p, out, why)
		},
	}
	flags.add(c)
	files.add(c)
	c.Flags().BoolVar(&before, "before", false, "answer for the state before the plan")
	outputFlag(p, c, report.WhyFormats)
	return c
}

func (p *program) why(ctx context.Context, args []string, flags planFlags, files assertionFlags, before bool) (*report.Why, error) {
	plan, flows, err := sortArguments(args)
	if err != nil {
		return nil, err
	}
	if len(flows) != 1 {
		return nil, problem{"Which flow?", "why explains one flow, quoted: planreach why plan.json 'web -> db:5432'"}
	}
	s, err := p.study(ctx, plan, flags)
	if err != nil {
		return nil, err
	}
	m, err := p.model(s, files, flows)
	if err != nil {
		return nil, err
	}
	world := "after"
	if before {
		if m.before == nil {
			return nil, problem{"No state before", "The input is a state: there is nothing before it."}
		}
		world = "before"
		m.after, m.before = m.before, nil
		m.inventory = s.inventory(m.after.Network(), planparse.Before)
	}
	as, diags := m.set.OnlyFlows().Resolve(m.inventory, assertions.Defaults{})
	m.diags = append(m.diags, diags...)
	if err := p.show(m.diags, excerpts(m.diags, s.root, m.set.Files())); err != nil {
		return nil, err
	}
	if len(as) != 1 {
		return nil, exit(exitBroken)
	}
	if because := as[0].SkippedBecause; because != "" {
		return nil, problem{"Nothing to explain", "The flow is not evaluated: " + because + "."}
	}
	result := evaluator.Check(m.after, m.before, as, "")[0]
	showProxied(m, as[0], &result)
	return report.NewWhy(s.facts(m.after.Network()), result, world), nil
}

// showProxied adds to a promise that fails the ways through load balancers that
// carry it all the same: promises do not follow them (L-52), but who asks why
// wants to know.
func showProxied(m *model, a assertions.Assertion, result *evaluator.Result) {
	if a.Verb != assertions.MustReach || result.Outcome == evaluator.Pass || len(a.Through)+len(a.Avoid) > 0 {
		return
	}
	a.Verb = assertions.MustNotReach
	followed := evaluator.Check(m.after, nil, []assertions.Assertion{a}, "")[0].Flows
	for i := range result.Flows {
		f := &result.Flows[i]
		if f.Outcome == evaluator.Pass || len(f.Detours) > 0 {
			continue
		}
		for _, o := range followed {
			if o.From == f.From && o.To == f.To {
				f.Detours = o.Detours
			}
		}
	}
}
