package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/report"
)

// graphFlags are the flags of graph.
type graphFlags struct {
	planFlags
	focus, flow string
	before      bool
}

func (p *program) graphCommand() *cobra.Command {
	var flags graphFlags
	c := &cobra.Command{
		Use:   "graph [PLAN]",
		Short: "Draw the network, or the way of one flow",
		Long: "Draw the network by VPC, tier and zone: subnets with what is in them, and where their routes\n" +
			"lead. A tier is public, private or isolated by its default route, not by its name.",
		Example: "  planreach graph plan.json --focus aws_instance.web\n  planreach graph plan.json --flow 'internet -> web:443' -o dot",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			out, err := targets(p.outputs, report.GraphFormats)
			if err != nil {
				return err
			}
			if flags.flow != "" && flags.focus != "" {
				return problem{"Which picture?", "--flow draws one way and --focus a neighbourhood; give one of them."}
			}
			g, err := p.graph(c.Context(), args, flags)
			if err != nil {
				return err
			}
			return write(p, out, g)
		},
	}
	flags.add(c)
	c.Flags().StringVar(&flags.focus, "focus", "", "draw what is within two steps of `ADDRESS`")
	c.Flags().StringVar(&flags.flow, "flow", "", "draw the way of `FLOW`")
	c.Flags().BoolVar(&flags.before, "before", false, "draw the state before the plan")
	outputFlag(p, c, report.GraphFormats)
	return c
}

func (p *program) graph(ctx context.Context, args []string, flags graphFlags) (*report.Graph, error) {
	if flags.flow != "" {
		why, err := p.why(ctx, append(args, flags.flow), flags.planFlags, assertionFlags{}, flags.before)
		if err != nil {
			return nil, err
		}
		return report.NewFlowGraph(why), nil
	}
	plan, _, err := sortArguments(args)
	if err != nil {
		return nil, err
	}
	s, err := p.study(ctx, plan, flags.planFlags)
	if err != nil {
		return nil, err
	}
	world := planparse.After
	if flags.before {
		if s.plan.Kind != "plan" {
			return nil, problem{"No state before", "The input is a state: there is nothing before it."}
		}
		world = planparse.Before
	}
	s.settle()
	if err := p.show(s.warnings, nil); err != nil {
		return nil, err
	}
	g := report.NewGraph(s.facts(aws.Network(s.plan, world)))
	if flags.focus == "" {
		return g, nil
	}
	near, ok := g.Focus(flags.focus)
	if !ok {
		return nil, problem{"Nothing to draw around " + flags.focus, "The picture has no endpoint, subnet, route table or gateway of that address. " +
			"planreach list names the endpoints."}
	}
	return near, nil
}
