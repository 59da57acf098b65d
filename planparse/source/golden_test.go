package source_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/source"
)

var update = flag.Bool("update", false, "plan the configurations in testdata/apply again and rewrite what is expected")

// A story is a configuration in testdata/apply: its files, the plan that
// terraform made of it, and what its inputs are resolved to.
type story struct {
	file    string
	archive *txtar.Archive
}

// made are the files of a story that are not part of the configuration.
var made = []string{"plan.json", "state.json", "want"}

func stories(t *testing.T) []story {
	t.Helper()
	files, err := filepath.Glob("testdata/apply/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	var out []story
	for _, f := range files {
		a, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, story{f, a})
	}
	return out
}

func (s story) get(name string) string {
	for _, f := range s.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func (s story) set(name, content string) {
	for i, f := range s.archive.Files {
		if f.Name == name {
			s.archive.Files[i].Data = []byte(content)
			return
		}
	}
	s.archive.Files = append(s.archive.Files, txtar.File{Name: name, Data: []byte(content)})
}

func (s story) write(t *testing.T) string {
	files := map[string]string{}
	for _, f := range s.archive.Files {
		if !slices.Contains(made, f.Name) {
			files[f.Name] = string(f.Data)
		}
	}
	return write(t, files)
}

// describe is one line for each input that the plan leaves open.
func describe(planned, resolved *planparse.Plan) string {
	var b strings.Builder
	for i, r := range resolved.Resources {
		if !planned.Resources[i].Value(planparse.After).Field("input").IsWhole() {
			b.WriteString(string(r.Address) + " = " + describeValue(r.Value(planparse.After).Field("input")) + "\n")
		}
	}
	return b.String()
}

func describeValue(v planparse.Value) string {
	var parts []string
	switch v.Kind() {
	case planparse.Hole:
		l := v.Leaf()
		if l.Kind != planparse.Exact {
			return "? " + l.Reason.String()
		}
		for _, p := range l.Term {
			if p.Identity.Address != "" {
				parts = append(parts, "<"+string(p.Identity.Address)+"."+p.Identity.Attr+">")
			} else {
				parts = append(parts, p.Literal)
			}
		}
		return strings.Join(parts, "")
	case planparse.List:
		for _, e := range v.Elements() {
			parts = append(parts, describeValue(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case planparse.Object:
		for _, n := range v.FieldNames() {
			parts = append(parts, n+" = "+describeValue(v.Field(n)))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case planparse.Null, planparse.Absent:
		return "null"
	case planparse.Bool:
		if v.True() {
			return "true"
		}
		return "false"
	case planparse.String, planparse.Number:
	}
	return v.Text()
}

// TestStories resolves the recorded plans and compares with what is expected.
func TestStories(t *testing.T) {
	for _, s := range stories(t) {
		t.Run(filepath.Base(s.file), func(t *testing.T) {
			dir := s.write(t)
			if *update {
				plan(t, dir)
				doc, err := terraform(t, dir, "show", "-json", "p.tfplan")
				if err != nil {
					t.Fatal(err)
				}
				s.set("plan.json", string(doc))
			}
			src, err := source.Open("", dir)
			if err != nil {
				t.Fatal(err)
			}
			p, err := planparse.Read(strings.NewReader(s.get("plan.json")), src.Wants(dataTypes))
			if err != nil {
				t.Fatal(err)
			}
			if err := src.Check(p); err != nil {
				t.Fatal(err)
			}
			got := describe(p, p.Resolve(src.Resolver(p, dataTypes)))
			if st := src.Stats(); st.Disagreements > 0 {
				t.Errorf("the sources and the plan disagree about %v", st.Disagreeing)
			}
			if filepath.Base(s.file) == "functions.txtar" {
				known := 0
				for _, r := range p.Resources {
					known += leaves(r.Value(planparse.After).Field("input"))
				}
				if st := src.Stats(); st.Agreements != known || known < 150 {
					t.Errorf("%d values compared of %d that the plan knows", st.Agreements, known)
				}
			}
			if *update {
				s.set("want", got)
				if err := os.WriteFile(s.file, txtar.Format(s.archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(s.get("want"), got); diff != "" {
				t.Errorf("resolved otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

// TestApplyStories compares what the stories are resolved to with what a real
// apply makes of them.
func TestApplyStories(t *testing.T) {
	for _, s := range stories(t) {
		t.Run(filepath.Base(s.file), func(t *testing.T) {
			x := plan(t, s.write(t))
			x.apply(t)
			got := x.compare(t)
			t.Log(got)
			if all := got.exact + got.unknown; filepath.Base(s.file) == "idioms.txtar" && got.exact*100 < all*91 {
				t.Errorf("%s; at least 91 %% of idiomatic code should be exact", got)
			}
		})
	}
}

// leaves counts the known texts, numbers and truths inside v.
func leaves(v planparse.Value) int {
	n := 0
	for _, e := range v.Elements() {
		n += leaves(e)
	}
	for _, name := range v.FieldNames() {
		n += leaves(v.Field(name))
	}
	if plain(v) != nil {
		n++
	}
	return n
}
