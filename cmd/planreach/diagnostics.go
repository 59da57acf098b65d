package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// show writes diagnostics to stderr, with excerpts of the given files.
func (p *program) show(diags hcl.Diagnostics, files map[string]*hcl.File) error {
	if len(diags) == 0 {
		return nil
	}
	p.progress.end()
	s := p.style(p.stderr)
	width := s.Width
	if width == 0 {
		width = 100
	}
	return hcl.NewDiagnosticTextWriter(p.stderr, files, uint(width), s.Color).WriteDiagnostics(diags)
}

// excerpts is files with those of the root module that diagnostics speak of, as
// far as they can be read.
func excerpts(diags hcl.Diagnostics, root string, files map[string]*hcl.File) map[string]*hcl.File {
	out := maps.Clone(files)
	for _, d := range diags {
		if d.Subject == nil || files[d.Subject.Filename] != nil {
			continue
		}
		if text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(d.Subject.Filename))); err == nil {
			out[d.Subject.Filename] = &hcl.File{Bytes: text}
			*d.Subject = wholeLine(text, *d.Subject)
		}
	}
	return out
}

// wholeLine is the line in text that rng begins on.
func wholeLine(text []byte, rng hcl.Range) hcl.Range {
	line, at := 1, 0
	for l := range bytes.Lines(text) {
		if line == rng.Start.Line {
			l = bytes.TrimRight(l, "\r\n")
			rng.Start = hcl.Pos{Line: line, Column: 1, Byte: at}
			rng.End = hcl.Pos{Line: line, Column: 1 + utf8.RuneCount(l), Byte: at + len(l)}
			return rng
		}
		line, at = line+1, at+len(l)
	}
	return rng
}

// fail says why the program could not run.
func (p *program) fail(err error) {
	var known problem
	if !errors.As(err, &known) {
		p.say("Error: %v\n", err)
		return
	}
	if err := p.show(hcl.Diagnostics{asDiagnostic(known)}, nil); err != nil {
		p.say("Error: %v\n", known)
	}
}

// asDiagnostic is an error as a diagnostic without a place.
func asDiagnostic(err error) *hcl.Diagnostic {
	var known problem
	if !errors.As(err, &known) {
		known = problem{summary: "Could not run", detail: err.Error()}
	}
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: known.summary, Detail: known.detail}
}

// say writes to stderr. Where even that fails nobody can be told.
func (p *program) say(format string, args ...any) { _, _ = fmt.Fprintf(p.stderr, format, args...) }

// warning is a diagnostic without a place.
func warning(summary, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: summary, Detail: detail}
}
