// Command planreach decides from a Terraform plan who will reach whom.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/planreach/planreach/report"
)

// A program is one run of the command: its streams, environment and the flags
// that all sub-commands have.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            []string
	chdir          string
	quiet, verbose bool
	noColor, ascii bool
	outputs        []string // of -o

	platform report.Platform // where the reports are read, once that is known
	progress *progress
}

// exitBroken is the exit code of a run that could not run: it beats the others.
const exitBroken = 2

// An exit ends the program with a code after everything has been said.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func main() {
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Environ()}
	os.Exit(p.run(os.Args[1:]))
}

// run is main without the process.
func (p *program) run(args []string) (code int) {
	defer func() {
		if bug := recover(); bug != nil {
			p.say("internal error, please report: %v\n", bug)
			code = exitBroken
		}
	}()
	ctx, stop := interruptible()
	defer stop()
	defer func() { p.progress.end() }()
	root := p.command()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	p.progress.end()
	var e exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return int(e)
	}
	p.fail(err)
	return exitBroken
}

func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:           report.ToolName,
		Short:         "Decide from a Terraform plan who will reach whom",
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if p.chdir == "" {
				return nil
			}
			return os.Chdir(p.chdir)
		},
	}
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError(err) })
	flags := root.PersistentFlags()
	flags.StringVarP(&p.chdir, "chdir", "C", "", "run in this `directory`")
	flags.BoolVarP(&p.quiet, "quiet", "q", false, "say less")
	flags.BoolVarP(&p.verbose, "verbose", "v", false, "say more: what passes as well")
	flags.BoolVar(&p.noColor, "no-color", false, "no colour (also NO_COLOR)")
	flags.BoolVar(&p.ascii, "ascii", false, "plain ASCII symbols")
	root.AddCommand(
		p.checkCommand(), p.whyCommand(), p.matrixCommand(), p.graphCommand(), p.initCommand(), p.listCommand(), p.linksCommand(),
		p.coverageCommand(), p.validateCommand(), p.fmtCommand(), p.waiveCommand(), p.versionCommand(), p.schemaCommand(),
	)
	return root
}

// flagError explains a flow that the shell took apart.
func flagError(err error) error {
	if strings.Contains(err.Error(), "in -/") {
		return problem{`Unknown flag "-/"`, "A flow must be quoted: 'internet -/> any:22'. " +
			"Your shell took > as a redirection and has written a file of the name that follows it."}
	}
	return err
}

// A problem is an error with a way out.
type problem struct{ summary, detail string }

func (p problem) Error() string { return p.summary + ". " + p.detail }

// getenv is the value of an environment variable.
func (p *program) getenv(name string) string {
	for i := len(p.env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(p.env[i], name+"="); ok {
			return v
		}
	}
	return ""
}
