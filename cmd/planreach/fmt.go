package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
)

// exitWouldChange is the exit code of fmt --check if a file would change.
const exitWouldChange = 1

func (p *program) fmtCommand() *cobra.Command {
	var check, recursive bool
	c := &cobra.Command{
		Use:   "fmt [PATH...]",
		Short: "Lay assertion files out canonically",
		Long: "Rewrite *.reach.hcl files in canonical layout, with flows in normal form. PATH is a file, a\n" +
			"directory, or - for standard input; the default is the working directory.",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"."}
			}
			code := 0
			for _, path := range args {
				files, err := formattable(path, recursive)
				if err != nil {
					return err
				}
				for _, file := range files {
					c, err := p.format(file, check)
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
	c.Flags().BoolVar(&check, "check", false, "write nothing; name the files that would change and exit with 1")
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

// format formats one file and returns the exit code that it calls for. The
// names of files that change are printed.
func (p *program) format(path string, check bool) (code int, err error) {
	name, src := path, []byte(nil)
	if path == "-" {
		name = "standard input"
		src, err = io.ReadAll(p.stdin)
	} else {
		src, err = os.ReadFile(path)
	}
	if err != nil {
		return 0, err
	}
	out, diags := assertions.Format(name, src)
	if diags.HasErrors() {
		return exitBroken, p.show(diags, map[string]*hcl.File{name: {Bytes: src}})
	}
	changes := !bytes.Equal(src, out)
	switch {
	case path == "-" && !check:
		_, err = p.stdout.Write(out)
		return 0, err
	case !changes:
		return 0, nil
	case check:
		_, err = fmt.Fprintln(p.stdout, name)
		return exitWouldChange, err
	}
	err = writeFile(path, func(w io.Writer) error { _, err := w.Write(out); return err })
	_, told := fmt.Fprintln(p.stdout, name)
	return 0, errors.Join(err, told)
}
