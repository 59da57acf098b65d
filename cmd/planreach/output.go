package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/planreach/planreach/report"
)

// outputFlag adds -o to a command whose report has the given formats.
func outputFlag[T any](p *program, c *cobra.Command, formats []report.Format[T]) {
	var names []string
	for _, f := range formats {
		names = append(names, f.Name)
	}
	c.Flags().StringArrayVarP(&p.outputs, "output", "o", nil,
		"write `FORMAT[=FILE]`, one of "+strings.Join(names, ", ")+"; repeatable")
}

// A target is one -o: a format, and where it goes.
type target[T any] struct {
	report.Format[T]
	file   string // empty: stdout
	append bool   // to the file, which others write too
}

// targets reads the values of -o. The first format is implied unless another
// one goes to stdout. Annotations may share stdout with text.
func targets[T any](values []string, formats []report.Format[T]) ([]target[T], error) {
	var out []target[T]
	stdout := ""
	for _, v := range values {
		name, file, toFile := strings.Cut(v, "=")
		f, err := report.Find(formats, name)
		switch {
		case err != nil:
			return nil, err
		case toFile && file == "":
			return nil, fmt.Errorf("-o %s names no file", v)
		case !toFile && stdout != "" && !shares(stdout, name):
			return nil, fmt.Errorf("both %s and %s would go to stdout; write one to a file: -o %s=FILE", stdout, name, name)
		case !toFile:
			stdout = name
		}
		out = append(out, target[T]{Format: f, file: file})
	}
	if stdout == "" {
		out = append([]target[T]{{Format: formats[0]}}, out...)
	}
	return out, nil
}

func shares(a, b string) bool { return a == "text" && b == "github" || a == "github" && b == "text" }

// write writes a report to all targets. Files are written first, each of them
// whole or not at all, so that a closed stdout costs none.
func write[T any](p *program, ts []target[T], r T) error {
	p.progress.end()
	var stdout bytes.Buffer
	for _, t := range ts {
		content := func(w io.Writer) error { return t.Write(w, r, p.plain()) }
		switch {
		case t.append:
			if err := appendFile(t.file, content); err != nil {
				return err
			}
			continue
		case t.file == "":
			if err := t.Write(&stdout, r, p.style(p.stdout)); err != nil {
				return err
			}
			continue
		}
		if err := writeFile(t.file, content); err != nil {
			return err
		}
	}
	_, err := p.stdout.Write(stdout.Bytes())
	return err
}

// writeFile replaces a file by what content writes.
func writeFile(path string, content func(io.Writer) error) (err error) {
	tmp, err := unfinished.create(path)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer func() {
		unfinished.remove(tmp.Name())
		if err != nil {
			_ = os.Remove(tmp.Name()) // the first error counts
		}
	}()
	if err := content(tmp); err != nil {
		_ = tmp.Close() // the first error counts
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err := os.Chmod(tmp.Name(), mode); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// appendFile adds what content writes to the end of a file, at once.
func appendFile(path string, content func(io.Writer) error) error {
	var b bytes.Buffer
	if err := content(&b); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(b.Bytes()); err != nil {
		_ = f.Close() // the first error counts
		return err
	}
	return f.Close()
}

// plain is how text in files looks.
func (p *program) plain() report.Style {
	return report.Style{ASCII: p.ascii || !p.isUTF8(), Quiet: p.quiet, Verbose: p.verbose, Platform: p.platform}
}

// style is how text to stdout or stderr looks.
func (p *program) style(stream io.Writer) report.Style {
	s := p.plain()
	f, isFile := stream.(*os.File)
	terminal := isFile && term.IsTerminal(int(f.Fd()))
	if terminal {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			s.Width = width
		}
	}
	switch {
	case p.noColor || p.getenv("NO_COLOR") != "":
	case p.getenv("FORCE_COLOR") != "":
		s.Color = true
	default:
		s.Color = terminal && p.getenv("TERM") != "dumb"
	}
	return s
}

// isUTF8 reports whether the locale is UTF-8, or says nothing.
func (p *program) isUTF8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(p.getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}
