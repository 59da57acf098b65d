package main

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"
)

// show writes diagnostics to stderr, with excerpts of the given files.
func (p *program) show(diags hcl.Diagnostics, files map[string]*hcl.File) error {
	if len(diags) == 0 {
		return nil
	}
	s := p.style(p.stderr)
	width := s.Width
	if width == 0 {
		width = 100
	}
	return hcl.NewDiagnosticTextWriter(p.stderr, files, uint(width), s.Color).WriteDiagnostics(diags)
}

// fail says why the program could not run.
func (p *program) fail(err error) {
	var known problem
	if !errors.As(err, &known) {
		p.say("Error: %v\n", err)
		return
	}
	diags := hcl.Diagnostics{{Severity: hcl.DiagError, Summary: known.summary, Detail: known.detail}}
	if err := p.show(diags, nil); err != nil {
		p.say("Error: %v\n", known)
	}
}

// say writes to stderr. Where even that fails nobody can be told.
func (p *program) say(format string, args ...any) { _, _ = fmt.Fprintf(p.stderr, format, args...) }

// warning is a diagnostic without a place.
func warning(summary, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: summary, Detail: detail}
}
