package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/planreach/planreach/report"
)

// version is what required_version in assertion files is compared with, and the
// release that CHANGELOG.md begins with.
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
				stamp(v, info)
			}
			return write(p, out, v)
		},
	}
	outputFlag(p, c, report.VersionFormats)
	return c
}

// stamp says what the program was built from. Builds outside of a checkout know
// neither commit nor date.
func stamp(v *report.Version, info *debug.BuildInfo) {
	v.Go = info.GoVersion
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	v.Commit, v.Date = settings["vcs.revision"], settings["vcs.time"]
	if settings["vcs.modified"] == "true" {
		v.Commit += "+dirty"
	}
}
