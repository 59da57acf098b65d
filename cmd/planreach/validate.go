package main

import (
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/report"
)

func (p *program) validateCommand() *cobra.Command {
	var flags assertionFlags
	c := &cobra.Command{
		Use:   "validate [PATH...]",
		Short: "Check assertion files without a plan",
		RunE: func(_ *cobra.Command, args []string) error {
			out, err := targets(p.outputs, report.ValidationFormats)
			if err != nil {
				return err
			}
			flags.files = append(flags.files, args...)
			set, diags, err := p.readAssertions(".", nil, flags, nil)
			if err != nil {
				return err
			}
			if len(set.Contents()) == 0 {
				return problem{"No assertion files", "There is no *.reach.hcl or *.reach.json here."}
			}
			v := &report.Validation{
				FormatVersion: report.FormatVersion, Valid: !diags.HasErrors(),
				Assertions: set.Len(), Diagnostics: report.Diagnostics(diags),
			}
			if err := write(p, out, v); err != nil {
				return err
			}
			if err := p.show(diags, set.Files()); err != nil {
				return err
			}
			if !v.Valid {
				return exit(exitBroken)
			}
			return nil
		},
	}
	flags.add(c)
	outputFlag(p, c, report.ValidationFormats)
	return c
}
