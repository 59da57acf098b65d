package assertions

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/tools/txtar"
)

// FuzzParse: whatever stands in a file, reading and resolving it ends without
// a panic, its diagnostics can be printed, and the same text gives the same
// answer twice.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/spec/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, x := range archive.Files {
			if isAssertionFile(x.Name) {
				f.Add(x.Data, filepath.Ext(x.Name) == ".json")
			}
		}
	}
	plan := []byte("aws_instance.web[0] tag Name=x\naws_vpc.main\naws_instance.source\nvar environment prod\n")
	f.Fuzz(func(t *testing.T, text []byte, isJSON bool) {
		name := "x.reach.hcl"
		if isJSON {
			name = "x.reach.json"
		}
		read := func() string {
			var out bytes.Buffer
			set, diags := Parse(Input{Sources: []Source{{Path: name, Bytes: text}}, Version: "0.1.0"})
			inv := parsePlan(t, plan)
			_, more := set.Assumptions(inv)
			diags = append(diags, more...)
			as, more := set.Resolve(inv, Defaults{})
			diags = append(diags, more...)
			for _, a := range as {
				writeAssertion(&out, a)
			}
			if err := hcl.NewDiagnosticTextWriter(&out, set.Files(), 0, false).WriteDiagnostics(diags); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		if a, b := read(), read(); a != b {
			t.Fatalf("two answers:\n%s\n%s", a, b)
		}
	})
}
