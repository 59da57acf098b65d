package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/report"
)

func (p *program) validateCommand() *cobra.Command {
	var flags assertionFlags
	c := &cobra.Command{
		Use:   "validate [PATH...]",
		Short: "Check assertion files without a plan",
		Long: "Check assertion files without a plan. PATH is a directory, or a file in one; the default is the\n" +
			"working directory. The files of a directory are one scope and checked together, those of several\n" +
			"directories apart.",
		RunE: func(_ *cobra.Command, args []string) error {
			out, err := targets(p.outputs, report.ValidationFormats)
			if err != nil {
				return err
			}
			scopes, err := scopesOf(append(flags.files, args...))
			if err != nil {
				return err
			}
			v := &report.Validation{FormatVersion: report.FormatVersion}
			var diags hcl.Diagnostics
			files := map[string]*hcl.File{}
			for _, dir := range scopes {
				flags.files = []string{dir}
				set, found, err := p.readAssertions(dir, nil, flags, nil)
				if err != nil {
					return err
				}
				v.Assertions += set.Len()
				diags = append(diags, found...)
				maps.Copy(files, set.Files())
			}
			if len(files) == 0 && !diags.HasErrors() {
				return problem{"No assertion files", "There is no *.reach.hcl or *.reach.json here."}
			}
			v.Valid, v.Diagnostics = !diags.HasErrors(), report.Diagnostics(diags)
			if err := write(p, out, v); err != nil {
				return err
			}
			if err := p.show(diags, files); err != nil {
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

// scopesOf is the directories that paths are or lie in, each once.
func scopesOf(paths []string) ([]string, error) {
	if len(paths) == 0 {
		return []string{"."}, nil
	}
	var out []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			path = filepath.Dir(path)
		}
		if path = filepath.Clean(path); !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	return out, nil
}
