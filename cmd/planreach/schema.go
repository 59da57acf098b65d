package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/report"
)

func (p *program) schemaCommand() *cobra.Command {
	var names []string
	for _, s := range report.Schemas {
		names = append(names, s.Name)
	}
	names = append(names, "assertions")
	return &cobra.Command{
		Use:       "schema NAME",
		Short:     "Print the JSON Schema of an output, or of assertions in JSON: " + strings.Join(names, ", "),
		Args:      cobra.ExactArgs(1),
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == "assertions" {
				return assertions.WriteSchema(p.stdout)
			}
			return report.WriteSchema(p.stdout, args[0])
		},
	}
}
