package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/report"
)

// checkFlags are the flags of check.
type checkFlags struct {
	planFlags
	assertionFlags
	unknown, failOn, date string
	softFail              bool
	commentID, reportURL  string
}

func (p *program) checkCommand() *cobra.Command {
	var flags checkFlags
	c := &cobra.Command{
		Use:   "check [PLAN] [FLOW...]",
		Short: "Decide the assertions; the gate",
		Long: "Decide the assertions of *.reach.hcl files and those on the command line.\n\n" +
			"PLAN is plan JSON, a binary plan file, state JSON, or - for standard input. A FLOW has an\n" +
			"arrow and must be quoted: 'web -> db:5432', 'internet -/> db'.\n\n" +
			"Exit status: 0 all hold; 1 an assertion failed; 2 could not run; 3 one cannot be decided.",
		Example: "  planreach check plan.json\n  planreach check plan.json 'internet -/> any:22'",
		RunE: func(c *cobra.Command, args []string) error {
			out, err := targets(p.outputs, report.Formats)
			if err != nil {
				return err
			}
			out = append(out, p.stepSummary(out)...)
			run, files, err := p.check(c.Context(), args, flags)
			if err != nil {
				return p.couldNotRun(out, flags, err)
			}
			result := report.NewCheck(*run)
			if err := write(p, out, result); err != nil {
				return err
			}
			if judgedByText(out) {
				return nil
			}
			if err := p.show(run.Diagnostics, files); err != nil {
				return err
			}
			return flags.exit(result.Summary.ExitCode)
		},
	}
	flags.planFlags.add(c)
	flags.assertionFlags.add(c)
	c.Flags().StringVar(&flags.unknown, "unknown", "fail", "what undecided assertions do that do not say: `fail`, warn or pass")
	c.Flags().StringVar(&flags.failOn, "fail-on", "error", "lowest severity that decides the exit status: `error`, warning or info")
	c.Flags().BoolVar(&flags.softFail, "soft-fail", false, "exit with 0 instead of 1 and 3")
	c.Flags().StringVar(&flags.date, "date", "", "judge waivers as of `YYYY-MM-DD`; default today, UTC")
	c.Flags().StringVar(&flags.commentID, "comment-id", "", "marks the Markdown comment with `ID`, to tell those of several runs apart")
	c.Flags().StringVar(&flags.reportURL, "report-url", "", "`URL` of the full report, for the Markdown comment to link to")
	outputFlag(p, c, report.Formats)
	return c
}

// stepSummary is the target that -o github brings along: the job's summary.
func (p *program) stepSummary(out []target[*report.Check]) []target[*report.Check] {
	file := p.getenv("GITHUB_STEP_SUMMARY")
	if file == "" || !slices.ContainsFunc(out, func(t target[*report.Check]) bool { return t.Name == "github" }) {
		return nil
	}
	markdown, err := report.Find(report.Formats, "markdown")
	if err != nil {
		panic(err)
	}
	return []target[*report.Check]{{Format: markdown, file: file, append: true}}
}

// judgedByText reports whether what goes to stdout is judged by its text:
// Atlantis hides what a policy step writes that does not end with 0, and reads
// stderr as well.
func judgedByText(out []target[*report.Check]) bool {
	return slices.ContainsFunc(out, func(t target[*report.Check]) bool { return t.Name == "atlantis" && t.file == "" })
}

// couldNotRun reports in the formats that programs read that there are no
// results, and returns how the program ends.
func (p *program) couldNotRun(out []target[*report.Check], flags checkFlags, err error) error {
	broken := report.NewCheck(report.Run{Version: version, Date: flags.date, Diagnostics: hcl.Diagnostics{asDiagnostic(err)}})
	others := slices.DeleteFunc(slices.Clone(out), func(t target[*report.Check]) bool { return t.Name == "text" })
	if writeErr := write(p, others, broken); writeErr != nil {
		return writeErr
	}
	if judgedByText(out) {
		return nil
	}
	return err
}

// exit is the end of the program with a code, if it is not 0.
func (f checkFlags) exit(code int) error {
	if code == 0 || f.softFail && code != exitBroken {
		return nil
	}
	return exit(code)
}

// check reads everything, decides the assertions, and returns what is to be
// reported, with the files that diagnostics speak of.
func (p *program) check(ctx context.Context, args []string, flags checkFlags) (*report.Run, map[string]*hcl.File, error) {
	plan, flows, err := sortArguments(args)
	if err != nil {
		return nil, nil, err
	}
	policy, severity, date, err := flags.read()
	if err != nil {
		return nil, nil, err
	}
	s, err := p.study(ctx, plan, flags.planFlags)
	if err != nil {
		return nil, nil, err
	}
	p.platform = p.platformOf(s.root)
	p.platform.CommentID, p.platform.ReportURL = flags.commentID, flags.reportURL
	m, err := p.model(s, flags.assertionFlags, flows)
	if err != nil {
		return nil, nil, err
	}
	if m.set.Len() == 0 && !m.diags.HasErrors() {
		return nil, nil, noAssertions(s.info.Path, flags.files, len(moduleDirs(m.inventory)))
	}
	facts := s.facts(m.inventory.Network)
	s.plan = nil // the networks hold what is asked from here on; its values are large
	p.progress.at("deciding the assertions")
	as, diags := m.set.Resolve(m.inventory, assertions.Defaults{Unknown: policy})
	results := evaluator.Check(m.after, m.before, as, date)
	run := &report.Run{
		Facts: facts, Version: version, Date: date,
		Plans: []report.Plan{s.info}, Files: filesOf(m.set, m.inventory),
		Results: results, Assumptions: m.assumptions, FailOn: severity, Passing: p.verbose,
	}
	run.Diagnostics = append(append(m.diags, diags...), allSkipped(results)...)
	return run, excerpts(run.Diagnostics, s.root, m.set.Files()), nil
}

func (f checkFlags) read() (unknown assertions.Policy, failOn assertions.Severity, date string, err error) {
	for _, policy := range []assertions.Policy{assertions.FailUnknown, assertions.WarnUnknown, assertions.PassUnknown} {
		if policy.String() == f.unknown {
			unknown = policy
		}
	}
	for _, severity := range []assertions.Severity{assertions.Info, assertions.Warning, assertions.Error} {
		if severity.String() == f.failOn {
			failOn = severity
		}
	}
	date = f.date
	if date == "" {
		date = time.Now().UTC().Format(time.DateOnly)
	}
	_, badDate := time.Parse(time.DateOnly, date)
	switch {
	case unknown == 0:
		err = fmt.Errorf("--unknown is fail, warn or pass, not %q", f.unknown)
	case failOn == 0:
		err = fmt.Errorf("--fail-on is error, warning or info, not %q", f.failOn)
	case badDate != nil:
		err = fmt.Errorf("--date is YYYY-MM-DD, not %q", f.date)
	}
	return unknown, failOn, date, err
}

// allSkipped warns of a run that decided nothing.
func allSkipped(results []evaluator.Result) hcl.Diagnostics {
	for _, r := range results {
		if r.Outcome != evaluator.Skipped {
			return nil
		}
	}
	if len(results) == 0 {
		return nil
	}
	return hcl.Diagnostics{warning("All assertions were skipped", "Nothing was decided about this plan.")}
}
