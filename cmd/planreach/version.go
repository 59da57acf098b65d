package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/planreach/planreach/report"
)

// version is what required_version in assertion files is compared with.
const version = "0.1.0"

func (p *program) versionCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			out, err := targets(p.outputs, report.VersionFormats)
			if err != nil {
				return err
			}
			v := &report.Version{Name: report.ToolName, Version: version}
			if info, ok := debug.ReadBuildInfo(); ok {
				v.Go = info.GoVersion
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						v.Commit = s.Value
					}
				}
			}
			return write(p, out, v)
		},
	}
	outputFlag(p, c, report.VersionFormats)
	return c
}
