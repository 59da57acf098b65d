package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/report"
)

// assertionFlags are the flags of the commands that read assertion files.
type assertionFlags struct {
	files, vars, varFiles []string
}

func (f *assertionFlags) add(c *cobra.Command) {
	c.Flags().StringArrayVarP(&f.files, "file", "f", nil, "assertion file or directory at `path`, instead of the root's; repeatable")
	c.Flags().StringArrayVar(&f.vars, "var", nil, "value of a variable, `NAME=VALUE`; repeatable")
	c.Flags().StringArrayVar(&f.varFiles, "var-file", nil, "`file` with values of variables; repeatable")
}

// variablePrefix begins environment variables that set variables.
const variablePrefix = "PLANREACH_VAR_"

// readAssertions reads the assertion files and the flows of the command line.
func (p *program) readAssertions(root string, modules []string, f assertionFlags, flows []string) (*assertions.Set, hcl.Diagnostics, error) {
	sources, err := findAssertions(root, modules, f)
	if err != nil {
		return nil, nil, err
	}
	return p.parseAssertions(sources, f, flows)
}

// findAssertions reads the assertion files.
func findAssertions(root string, modules []string, f assertionFlags) ([]assertions.Source, error) {
	sources, err := assertions.Find(root, modules, f.files)
	if err != nil {
		return nil, fmt.Errorf("cannot read assertion files: %w", err)
	}
	for i := range sources {
		sources[i].Path = relative(sources[i].Path)
	}
	return sources, nil
}

// parseAssertions reads assertions from the texts of files, with the values that
// the flags and the environment give to variables.
func (p *program) parseAssertions(sources []assertions.Source, f assertionFlags, flows []string) (*assertions.Set, hcl.Diagnostics, error) {
	in := assertions.Input{
		Sources: sources, Flows: flows, Version: version,
		Variables: assertions.Variables{Env: map[string]string{}, Flags: f.vars},
	}
	for _, e := range p.env {
		if rest, ok := strings.CutPrefix(e, variablePrefix); ok {
			name, value, _ := strings.Cut(rest, "=")
			in.Variables.Env[name] = value
		}
	}
	for _, name := range f.varFiles {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, fmt.Errorf("cannot read variables: %w", err)
		}
		in.Variables.Files = append(in.Variables.Files, assertions.Source{Path: name, Bytes: text})
	}
	set, diags := assertions.Parse(in)
	return set, diags, nil
}

// relative is an absolute path as seen from the working directory.
func relative(path string) string {
	dir, err := os.Getwd()
	if err != nil || !filepath.IsAbs(path) {
		return path
	}
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return filepath.Base(path)
	}
	return filepath.ToSlash(rel)
}

// moduleDirs are the directories of the local modules that the plan calls.
func moduleDirs(inv assertions.Inventory) []string {
	var out []string
	for _, c := range inv.Calls {
		if c.Dir != "" && !slices.Contains(out, c.Dir) {
			out = append(out, c.Dir)
		}
	}
	return out
}

// noAssertions is the error of a run that would decide nothing, files being what
// was given instead of the root's.
func noAssertions(plan string, files []string, modules int) error {
	where := "the root module's directory"
	if len(files) > 0 {
		where = strings.Join(files, ", ")
	}
	switch {
	case modules == 1:
		where += " and 1 module directory"
	case modules > 1:
		where += fmt.Sprintf(" and %d module directories", modules)
	}
	return problem{"No assertions found", fmt.Sprintf("Looked for *.reach.hcl and *.reach.json in %s.\n"+
		"To start from what is reachable at present:  planreach init %s\n"+
		"To ask one question:  planreach check %s 'internet -/> any:22'", where, plan, plan)}
}

// filesOf says what the assertion files hold.
func filesOf(set *assertions.Set, inv assertions.Inventory) []report.File {
	var out []report.File
	for _, f := range set.Contents() {
		file := report.File{Path: f.Path, Modules: []string{}, Assertions: f.Assertions}
		for _, m := range inv.Modules {
			if m.Dir == f.Dir && (f.Dir != "" || m.Address == "") {
				file.Modules = append(file.Modules, m.Address)
			}
		}
		out = append(out, file)
	}
	return out
}
