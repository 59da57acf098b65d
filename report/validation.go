package report

import "io"

func writeValidationText(w io.Writer, v *Validation, s Style) error {
	p := &printer{Style: s}
	errors := 0
	for _, d := range v.Diagnostics {
		if d.Severity == "error" {
			errors++
		}
	}
	verdict := "no errors"
	if errors > 0 {
		verdict = count(errors, "error", "errors")
	}
	p.line("%s, %s", count(v.Assertions, "assertion", "assertions"), verdict)
	return p.flush(w)
}
