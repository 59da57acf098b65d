package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/report"
)

// maxGroups bounds the rows of a matrix, which has a cell for each two of them.
const maxGroups = 1000

// matrixFlags are the flags of matrix.
type matrixFlags struct {
	planFlags
	by           string
	before, diff bool
}

func (p *program) matrixCommand() *cobra.Command {
	var flags matrixFlags
	c := &cobra.Command{
		Use:   "matrix [PLAN]",
		Short: "Tell who reaches whom, group by group",
		Long: "Tell who reaches whom, group by group, on any protocol and port: directly, and with the way\n" +
			"back that TCP needs. The answer does not change the exit status.",
		Example: "  planreach matrix plan.json --group-by tag:Tier\n  planreach matrix plan.json --diff -o markdown",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			out, err := targets(p.outputs, report.MatrixFormats)
			if err != nil {
				return err
			}
			m, err := p.matrix(c.Context(), args, flags)
			if err != nil {
				return err
			}
			return write(p, out, m)
		},
	}
	flags.add(c)
	c.Flags().StringVar(&flags.by, "group-by", "", "`WHAT` is one row: group, endpoint, subnet, vpc, sg, type, module or tag:KEY;\n"+
		"default group if the assertion files have any, else subnet")
	c.Flags().BoolVar(&flags.before, "before", false, "answer for the state before the plan")
	c.Flags().BoolVar(&flags.diff, "diff", false, "tell what changes with the plan")
	c.MarkFlagsMutuallyExclusive("before", "diff")
	outputFlag(p, c, report.MatrixFormats)
	return c
}

func (p *program) matrix(ctx context.Context, args []string, flags matrixFlags) (*report.Matrix, error) {
	plan := ""
	if len(args) == 1 {
		plan = args[0]
	}
	s, err := p.study(ctx, plan, flags.planFlags)
	if err != nil {
		return nil, err
	}
	m, err := p.model(s, assertionFlags{}, nil)
	if err != nil {
		return nil, err
	}
	world, engine := "after", m.after
	if flags.before || flags.diff {
		if m.before == nil {
			return nil, problem{"No state before", "The input is a state: there is nothing before it."}
		}
	}
	if flags.before {
		world, engine = "before", m.before
		m.inventory = s.inventory(m.before.Network(), planparse.Before)
	}
	by, groups, err := p.groups(s, m, flags.by)
	if err != nil {
		return nil, err
	}
	cells := engine.Matrix(groups)
	var before []evaluator.MatrixCell
	if flags.diff {
		world, before = "diff", m.before.Matrix(earlier(groups, m.after.Network()))
	}
	return report.NewMatrix(s.facts(engine.Network()), world, by, groups, cells, before), nil
}

// groups are the rows of the matrix.
func (p *program) groups(s *study, m *model, by string) (string, []evaluator.MatrixGroup, error) {
	var found assertions.Selection
	if len(m.inventory.Network.Endpoints) > 0 {
		var diags hcl.Diagnostics
		found, diags = m.set.Select(m.inventory, "")
		m.diags = append(m.diags, diags...)
	}
	if err := p.show(m.diags, excerpts(m.diags, s.root, m.set.Files())); err != nil {
		return "", nil, err
	}
	if m.diags.HasErrors() {
		return "", nil, exit(exitBroken)
	}
	var endpoints []netmodel.Address
	for _, e := range found.Ends {
		if e.Kind == assertions.EndpointEnd {
			endpoints = append(endpoints, e.Endpoint)
		}
	}
	if by == "" {
		by = "subnet"
		if len(found.Groups) > 0 {
			by = "group"
		}
	}
	groups, err := report.GroupEndpoints(m.inventory.Network, endpoints, by, found.Groups)
	if err == nil && len(groups) > maxGroups {
		err = problem{fmt.Sprintf("%d groups are too many", len(groups)), fmt.Sprintf("A matrix has at most %d rows. "+
			"Group by something coarser: --group-by vpc, type or tag:KEY.", maxGroups)}
	}
	return by, groups, err
}

// earlier is the groups with what their members were called before the plan.
func earlier(groups []evaluator.MatrixGroup, after *netmodel.Network) []evaluator.MatrixGroup {
	out := make([]evaluator.MatrixGroup, len(groups))
	for n, g := range groups {
		out[n] = g
		out[n].Members = nil
		for _, a := range g.Members {
			if was, ok := after.Moved[a]; ok {
				a = was
			}
			out[n].Members = append(out[n].Members, a)
		}
	}
	return out
}
