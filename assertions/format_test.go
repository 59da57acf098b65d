package assertions

import (
	"bytes"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestFormat(t *testing.T) {
	const src = `
# comment
flows   "seed" {
must_succeed = [ "a→b:80",   # why
  "x[\"k -> l\"]->b :80 , 443", "${var.a}->b:80" ]
  must_fail = ["no flow",
    "internet ↔ a"]
    severity="error"
  waive {
    flows = ["internet->a:22"]
    reason = "a->b is not an arrow"
  }
}
`
	const want = `
# comment
flows "seed" {
  must_succeed = ["a -> b:80", # why
  "x[\"k -> l\"] -> b:80,443", "${var.a}->b:80"]
  must_fail = ["no flow",
  "internet <-> a"]
  severity = "error"
  waive {
    flows  = ["internet -> a:22"]
    reason = "a->b is not an arrow"
  }
}
`
	got, diags := Format("x.reach.hcl", []byte(src))
	if diags.HasErrors() || string(got) != want {
		t.Errorf("%s\n%s", diags, got)
	}
	if _, diags := Format("x.reach.hcl", []byte("from = aws_*.web")); !diags.HasErrors() || diags[0].Summary != "Patterns are strings" {
		t.Errorf("a file with an error of syntax: %v", diags)
	}
}

// TestFormatTwice: formatting changes no meaning, and nothing the second time.
func TestFormatTwice(t *testing.T) {
	files, err := filepath.Glob("testdata/spec/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		formatted := &txtar.Archive{}
		ok := true
		for _, x := range archive.Files {
			if filepath.Ext(x.Name) == ".hcl" && isAssertionFile(x.Name) {
				once, diags := Format(x.Name, x.Data)
				if diags.HasErrors() {
					ok = false
					break
				}
				twice, diags := Format(x.Name, once)
				if diags.HasErrors() || !bytes.Equal(once, twice) {
					t.Errorf("%s: %s: the second time\n%s", file, x.Name, twice)
				}
				x.Data = once
			}
			formatted.Files = append(formatted.Files, x)
		}
		if ok && withoutSource(runCase(t, formatted)) != withoutSource(runCase(t, archive)) {
			t.Errorf("%s: means something else when it is formatted", file)
		}
	}
}

// withoutSource drops the source lines, which formatting may change.
func withoutSource(s string) string {
	var out bytes.Buffer
	for line := range bytes.Lines([]byte(s)) {
		if !bytes.Contains(line, []byte(": ")) || !bytes.HasPrefix(line, []byte("  ")) {
			out.Write(line)
		}
	}
	return out.String()
}

func FuzzFormat(f *testing.F) {
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
			if filepath.Ext(x.Name) == ".hcl" {
				f.Add(x.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		once, diags := Format("x.reach.hcl", src)
		if diags.HasErrors() {
			return
		}
		twice, diags := Format("x.reach.hcl", once)
		if diags.HasErrors() {
			t.Fatalf("no longer to be read: %s\n%s", diags, once)
		}
		if !bytes.Equal(once, twice) {
			t.Fatalf("the second time\n%s\nafter\n%s", twice, once)
		}
	})
}
