package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/planparse"
)

// exitWouldChange is the exit code of fmt --check if a file would change.
const exitWouldChange = 1

func (p *program) fmtCommand() *cobra.Command {
	var f formatter
	var recursive bool
	var flags planFlags
	c := &cobra.Command{
		Use:   "fmt [PATH...]",
		Short: "Lay assertion files out canonically",
		Long: "Rewrite *.reach.hcl files in canonical layout, with flows in normal form. PATH is a file, a\n" +
			"directory, or - for standard input; the default is the working directory.",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"."}
			}
			f.program = p
			if f.plan != "" {
				if err := f.study(c.Context(), flags); err != nil {
					return err
				}
			}
			code := 0
			for _, path := range args {
				files, err := formattable(path, recursive)
				if err != nil {
					return err
				}
				for _, file := range files {
					c, err := f.format(file)
					if err != nil {
						return err
					}
					code = max(code, c)
				}
			}
			if code != 0 {
				return exit(code)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&f.check, "check", false, "write nothing; name the files that would change and exit with 1")
	c.Flags().BoolVar(&f.diff, "diff", false, "print what changes")
	c.Flags().StringVar(&f.plan, "expand", "", "put the addresses that short names mean in `PLAN` in their places")
	flags.add(c)
	c.Flags().BoolVar(&recursive, "recursive", false, "also in the directories below")
	return c
}

// formattable is the files that a path means.
func formattable(path string, recursive bool) ([]string, error) {
	if !isDir(path) {
		return []string{path}, nil
	}
	var out []string
	err := filepath.WalkDir(path, func(at string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && at != path && (!recursive || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(d.Name(), ".reach.hcl"):
			out = append(out, at)
		}
		return nil
	})
	return out, err
}

// A formatter formats files in one way.
type formatter struct {
	*program
	check, diff bool
	plan        string // whose addresses replace short names; empty: none do
	model       *model // of plan
	sources     []assertions.Source
}

// study reads the plan, and the assertion files that belong to it.
func (f *formatter) study(ctx context.Context, flags planFlags) error {
	s, err := f.program.study(ctx, f.plan, flags)
	if err != nil {
		return err
	}
	if f.sources, err = findAssertions(s.root, moduleDirs(s.inventory(nil, planparse.After)), assertionFlags{}); err != nil {
		return err
	}
	if f.model, err = f.modelOf(s, f.sources, assertionFlags{}, nil); err != nil {
		return err
	}
	if diags := f.model.diags; diags.HasErrors() {
		if err := f.show(diags, excerpts(diags, s.root, f.model.set.Files())); err != nil {
			return err
		}
		return exit(exitBroken)
	}
	return nil
}

// text is the text of a file as it should be.
func (f *formatter) text(path, name string, src []byte) ([]byte, hcl.Diagnostics, error) {
	if f.model == nil {
		out, diags := assertions.Format(name, src)
		return out, diags, nil
	}
	for _, s := range f.sources {
		if sameFile(s.File, path) {
			out, diags := f.model.set.Expand(f.model.inventory, s.Path, src)
			return out, diags, nil
		}
	}
	return nil, nil, problem{"Not a file of this plan", name + " is not among the assertion files that are read for " + f.plan + "."}
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	y, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(x, y)
}

// format formats one file and returns the exit code that it calls for. The
// names of files that change are printed.
func (f *formatter) format(path string) (code int, err error) {
	name, src := path, []byte(nil)
	if path == "-" {
		name = "standard input"
		src, err = io.ReadAll(f.stdin)
	} else {
		src, err = os.ReadFile(path)
	}
	if err != nil {
		return 0, err
	}
	out, diags, err := f.text(path, name, src)
	if err != nil {
		return 0, err
	}
	if diags.HasErrors() {
		return exitBroken, f.show(diags, map[string]*hcl.File{name: {Bytes: src}})
	}
	changes := !bytes.Equal(src, out)
	switch {
	case f.diff:
		_, err = f.stdout.Write(diff.Diff(name, src, name+" formatted", out))
		if err == nil && changes && path != "-" && !f.check {
			err = writeFile(path, func(w io.Writer) error { _, err := w.Write(out); return err })
		}
		if changes && f.check {
			code = exitWouldChange
		}
		return code, err
	case path == "-" && !f.check:
		_, err = f.stdout.Write(out)
		return 0, err
	case !changes:
		return 0, nil
	case f.check:
		_, err = fmt.Fprintln(f.stdout, name)
		return exitWouldChange, err
	}
	err = writeFile(path, func(w io.Writer) error { _, err := w.Write(out); return err })
	_, told := fmt.Fprintln(f.stdout, name)
	return 0, errors.Join(err, told)
}
