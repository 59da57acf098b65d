package aws_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/planparse/source"
)

// A testCase is a file of testdata: a comment, the configuration, the plan or
// state that Terraform made of it, and the dump of the model. A comment line
// "without sources" keeps the configuration from the resolver, "with the world
// before" dumps the network before the plan too.
type testCase struct {
	file    string
	archive *txtar.Archive
}

func testCases(t *testing.T, pattern string) []testCase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no test cases %s: %v", pattern, err)
	}
	var out []testCase
	for _, f := range files {
		a, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, testCase{f, a})
	}
	return out
}

func (c testCase) part(name string) []byte {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// plan reads the plan, or the state, as far as the tool would; resolved is the
// same with the sources' help.
func (c testCase) plan(t *testing.T) (plan, resolved *planparse.Plan) {
	t.Helper()
	if state := c.part("state.json"); state != nil {
		p := read(t, state, aws.Wanted)
		return p, p
	}
	if strings.Contains(string(c.archive.Comment), "without sources\n") {
		p := read(t, c.part("plan.json"), aws.Wanted)
		return p, p.Resolve(planparse.References(p, aws.Types))
	}
	dir := t.TempDir()
	for _, f := range c.archive.Files {
		if strings.HasSuffix(f.Name, ".tf") {
			path := filepath.Join(dir, f.Name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	s, err := source.Open("", dir)
	if err != nil {
		t.Fatal(err)
	}
	wants := s.Wants(aws.Types)
	p := read(t, c.part("plan.json"), func(name string) bool { return aws.Wanted(name) || wants(name) })
	if err := s.Check(p); err != nil {
		t.Fatal(err)
	}
	resolved = p.Resolve(s.Resolver(p, aws.Types))
	resolved.Sources = s
	return p, resolved
}

func read(t *testing.T, data []byte, wanted func(string) bool) *planparse.Plan {
	t.Helper()
	p, err := planparse.Read(bytes.NewReader(data), wanted)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestModels compares the model of every case with the dump in its file.
func TestModels(t *testing.T) {
	for _, c := range testCases(t, "*/*.txtar") {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(c.file, "testdata/"), ".txtar"), func(t *testing.T) {
			_, p := c.plan(t)
			got := aws.Network(p, planparse.After).Dump()
			if strings.Contains(string(c.archive.Comment), "with the world before\n") {
				got += "\nbefore:\n\n" + aws.Network(p, planparse.Before).Dump()
			}
			if *aws.Update {
				c.rewrite(t, got)
				return
			}
			if diff := cmp.Diff(string(c.part("want")), got); diff != "" {
				t.Errorf("the model differs (-want +got):\n%s", diff)
			}
		})
	}
}

func (c testCase) rewrite(t *testing.T, want string) {
	t.Helper()
	c.archive.Files = slices.DeleteFunc(c.archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	c.archive.Files = append(c.archive.Files, txtar.File{Name: "want", Data: []byte(want)})
	if err := os.WriteFile(c.file, txtar.Format(c.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTypes(t *testing.T) {
	for _, problem := range planparse.Validate(aws.Types) {
		t.Error(problem)
	}
}

// TestReads compares what each Build reads with what its type says. The
// argument region, which says where every object is, is left out.
func TestReads(t *testing.T) {
	touched := map[string]map[string]bool{}
	for _, c := range testCases(t, "*/*.txtar") {
		_, p := c.plan(t)
		recording := *p
		recording.Resources = nil
		for _, r := range p.Resources {
			recording.Resources = append(recording.Resources, r.Recording())
		}
		aws.Network(&recording, planparse.After)
		for _, r := range recording.Resources {
			if touched[r.TypeName()] == nil {
				touched[r.TypeName()] = map[string]bool{}
			}
			for _, name := range r.Touched() {
				touched[r.TypeName()][name] = true
			}
		}
	}
	for _, x := range aws.Types {
		if touched[x.Name] == nil && !ofTable(x) {
			t.Errorf("no test case has a %s", x.Name)
			continue
		}
		for _, name := range x.Reads {
			if !touched[x.Name][name] && !ofTable(x) {
				t.Errorf("%s never reads %s", x.Name, name)
			}
		}
		for name := range touched[x.Name] {
			if name != "region" && !slices.Contains(x.Reads, name) {
				t.Errorf("%s reads %s without saying so", x.Name, name)
			}
		}
	}
}

// ofTable reports whether a type is one of the table of services, which
// TestServices looks at line by line.
func ofTable(x *planparse.ResourceType) bool { return x.IgnoresRest }

// TestEveryTypeHasCases demands of each type a case of its own, and one in which
// something that it reads is known only after apply.
func TestEveryTypeHasCases(t *testing.T) {
	for _, x := range aws.Types {
		if ofTable(x) {
			continue
		}
		files, err := filepath.Glob(filepath.Join("testdata", x.Name, "*.txtar"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s has no test case: add testdata/%s/NAME.txtar", x.Name, x.Name)
			continue
		}
		if strings.HasPrefix(x.Name, "data.") {
			continue // read during plan, or not in the plan at all
		}
		if !slices.ContainsFunc(testCases(t, x.Name+"/*.txtar"), func(c testCase) bool { return c.hasHole(t, x) }) {
			t.Errorf("%s has no test case in which one of %s is known only after apply", x.Name, strings.Join(x.Reads, ", "))
		}
	}
}

func (c testCase) hasHole(t *testing.T, x *planparse.ResourceType) bool {
	p, _ := c.plan(t)
	for _, r := range p.Resources {
		if r.TypeName() != x.Name || r.Value(planparse.After).IsNone() {
			continue
		}
		for _, name := range x.Reads {
			if !r.Value(planparse.After).Field(name).IsWhole() {
				return true
			}
		}
	}
	return false
}

// TestSpellings compares the models of configurations that say the same in
// different words: spellings/FACT.SPELLING.txtar (TFA-1 to TFA-16).
func TestSpellings(t *testing.T) {
	facts := map[string][]testCase{}
	for _, c := range testCases(t, "spellings/*.txtar") {
		fact, _, _ := strings.Cut(filepath.Base(c.file), ".")
		facts[fact] = append(facts[fact], c)
	}
	for fact, cases := range facts {
		if len(cases) < 2 {
			t.Errorf("%s has one spelling only", fact)
		}
		_, p := cases[0].plan(t)
		want := meaning(aws.Network(p, planparse.After).Dump())
		for _, c := range cases[1:] {
			_, p := c.plan(t)
			if diff := cmp.Diff(want, meaning(aws.Network(p, planparse.After).Dump())); diff != "" {
				t.Errorf("%s and %s differ:\n%s", cases[0].file, c.file, diff)
			}
		}
	}
}

var (
	gaps     = regexp.MustCompile(`(?m) \? (known after apply|outside the plan|not modelled) .*$`)
	keys     = regexp.MustCompile(`module\.\w+(\[[^]]*\])?\.|\[(\d+|"[^"]*")\]`)
	origins  = regexp.MustCompile(` \[[^]]*\]`)
	counting = regexp.MustCompile(`(?m)^\d+ resources modelled\n`)
)

// meaning is a dump without what spelling may change: keys and modules in
// addresses, origins, the reasons for gaps, and the order of lines in a list.
func meaning(dump string) []string {
	for _, re := range []*regexp.Regexp{gaps, keys, origins, counting} {
		dump = re.ReplaceAllString(dump, "")
	}
	var out []string
	path := make([]string, 3)
	for _, line := range strings.Split(dump, "\n") {
		depth := min((len(line)-len(strings.TrimLeft(line, " ")))/2, 2)
		path[depth] = strings.TrimSpace(line)
		out = append(out, strings.Join(path[:depth+1], " / "))
	}
	slices.Sort(out)
	return out
}
