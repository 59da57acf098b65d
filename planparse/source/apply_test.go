package source_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/source"
)

// dataTypes is the only model that the tests with a real apply need.
var dataTypes = []*planparse.ResourceType{{Name: "terraform_data"}}

// A trial is a configuration that was planned, resolved and applied.
type trial struct {
	dir      string
	planned  *planparse.Plan
	resolved *planparse.Plan
	sources  *source.Sources
	actual   map[string]map[string]any // values after apply, by address
	types    map[string]string         // type of input after apply, by address
	ids      map[string]string         // by address
}

// terraform runs terraform in dir; without the program, the test is skipped.
func terraform(t *testing.T, dir string, args ...string) (stdout []byte, err error) {
	t.Helper()
	program, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not installed: what apply does cannot be compared")
	}
	cmd := exec.Command(program, append([]string{"-chdir=" + dir}, args...)...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "CHECKPOINT_DISABLE=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err = cmd.Output()
	if err != nil {
		err = fmt.Errorf("terraform %s: %w\n%s", args[0], err, stderr.String())
	}
	return stdout, err
}

// write makes a directory with the given files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, files)
	return dir
}

func writeFiles(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// plan plans dir and resolves the plan.
func plan(t *testing.T, dir string, args ...string) *trial {
	t.Helper()
	if _, err := terraform(t, dir, "init", "-no-color", "-input=false"); err != nil {
		t.Fatal(err)
	}
	if _, err := terraform(t, dir, append([]string{"plan", "-no-color", "-input=false", "-out=p.tfplan"}, args...)...); err != nil {
		t.Fatal(err)
	}
	return resolve(t, dir)
}

func resolve(t *testing.T, dir string) *trial {
	t.Helper()
	doc, err := terraform(t, dir, "show", "-json", "p.tfplan")
	if err != nil {
		t.Fatal(err)
	}
	x := &trial{dir: dir}
	if x.sources, err = source.Open(filepath.Join(dir, "p.tfplan"), dir); err != nil {
		t.Fatal(err)
	}
	if x.planned, err = planparse.Read(bytes.NewReader(doc), x.sources.Wants(dataTypes)); err != nil {
		t.Fatal(err)
	}
	if err := x.sources.Check(x.planned); err != nil {
		t.Fatal(err)
	}
	x.resolved = x.planned.Resolve(x.sources.Resolver(x.planned, dataTypes))
	return x
}

// apply applies the plan. Errors of single resources are no failure: they have
// no value to compare.
func (x *trial) apply(t *testing.T) {
	t.Helper()
	_, _ = terraform(t, x.dir, "apply", "-no-color", "-input=false", "p.tfplan")
	raw, err := os.ReadFile(filepath.Join(x.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Module, Type, Name string
			Instances          []struct {
				IndexKey   any `json:"index_key"`
				Attributes map[string]json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		t.Fatal(err)
	}
	x.actual, x.types, x.ids = map[string]map[string]any{}, map[string]string{}, map[string]string{}
	for _, r := range state.Resources {
		for _, i := range r.Instances {
			address := strings.TrimPrefix(r.Module+"."+r.Type+"."+r.Name, ".")
			switch k := i.IndexKey.(type) {
			case float64:
				address += "[" + strconv.Itoa(int(k)) + "]"
			case string:
				address += "[" + strconv.Quote(k) + "]"
			}
			var input struct {
				Value any
				Type  json.RawMessage
			}
			if err := json.Unmarshal(i.Attributes["input"], &input); err != nil {
				t.Fatal(err)
			}
			var id string
			if err := json.Unmarshal(i.Attributes["id"], &id); err != nil {
				t.Fatal(err)
			}
			x.actual[address] = map[string]any{"input": input.Value}
			x.types[address], x.ids[address] = string(input.Type), id
		}
	}
}

// A score counts the values that the plan leaves open.
type score struct{ exact, unknown, wrong int }

func (s score) String() string {
	share := 0.0
	if all := s.exact + s.unknown + s.wrong; all > 0 {
		share = 100 * float64(s.exact) / float64(all)
	}
	return fmt.Sprintf("%d exact (%.1f %%), %d unknown, %d wrong", s.exact, share, s.unknown, s.wrong)
}

func (s *score) add(o score) {
	s.exact, s.unknown, s.wrong = s.exact+o.exact, s.unknown+o.unknown, s.wrong+o.wrong
}

// compare compares what was resolved of every input with what apply made of it.
func (x *trial) compare(t *testing.T) score {
	t.Helper()
	var total score
	for i, r := range x.resolved.Resources {
		before := x.planned.Resources[i].Value(planparse.After).Field("input")
		actual, ok := x.actual[string(r.Address)]
		if !ok || before.IsWhole() {
			continue
		}
		s, problem := x.judge(before, r.Value(planparse.After).Field("input"), actual["input"], strings.Contains(x.types[string(r.Address)], `"set"`))
		if problem != "" {
			t.Errorf("%s: %s\nsource: %s", r.Address, problem, x.source(r))
		}
		total.add(s)
	}
	return total
}

func (x *trial) source(r *planparse.Resource) string {
	content, err := os.ReadFile(filepath.Join(x.dir, "main.tf"))
	if err != nil {
		return ""
	}
	_, after, ok := strings.Cut(string(content), `"`+r.Type+`" "`+r.Name+`"`)
	if !ok {
		return ""
	}
	text, _, _ := strings.Cut(after, "\n}")
	return strings.TrimSpace(text)
}

// judge compares v, which stands where the plan had planned, with the value
// after apply.
func (x *trial) judge(planned, v planparse.Value, actual any, sets bool) (s score, problem string) {
	open := planned.Kind() == planparse.Hole
	switch v.Kind() {
	case planparse.Hole:
		l := v.Leaf()
		if l.Kind != planparse.Exact {
			s.unknown++
			return s, ""
		}
		want, err := x.render(l.Term)
		if err != "" || want != actual {
			s.wrong++
			return s, fmt.Sprintf("%q (%+v) but apply made %v", want, l.Term, actual)
		}
		s.exact++
		return s, ""
	case planparse.List:
		return x.judgeList(planned, v, actual, sets)
	case planparse.Object:
		fields, ok := actual.(map[string]any)
		if !ok || (open && len(fields) != len(v.FieldNames())) {
			return score{wrong: 1}, fmt.Sprintf("an object but apply made %v", actual)
		}
		for _, name := range v.FieldNames() {
			inner, err := x.judge(planned.Field(name), v.Field(name), fields[name], sets)
			s.add(inner)
			problem += err
		}
		if open && len(fields) == 0 {
			s.exact++
		}
		return s, problem
	case planparse.Absent, planparse.Null, planparse.String, planparse.Number, planparse.Bool:
	}
	if want := plain(v); fmt.Sprint(want) != fmt.Sprint(actual) {
		return score{wrong: 1}, fmt.Sprintf("%v but apply made %v", want, actual)
	}
	if open {
		s.exact++
	}
	return s, ""
}

func (x *trial) judgeList(planned, v planparse.Value, actual any, sets bool) (s score, problem string) {
	list, ok := actual.([]any)
	if !ok {
		return score{wrong: 1}, fmt.Sprintf("a list but apply made %v", actual)
	}
	elements := v.Elements()
	// Elements of a set that are open may turn out to be equal.
	mayShrink := sets && slices.ContainsFunc(elements, holdsOpen)
	if len(list) > len(elements) || (len(list) < len(elements) && !mayShrink) {
		return score{wrong: 1}, fmt.Sprintf("%d elements but apply made %v", len(elements), actual)
	}
	at := func(i int) planparse.Value {
		if planned.Kind() == planparse.List && len(planned.Elements()) == len(elements) && !sets {
			return planned.Elements()[i]
		}
		return planparse.HoleValue(nil)
	}
	if sets { // what is open may be equal to anything, or to nothing that is left
		elements = slices.Clone(elements)
		slices.SortStableFunc(elements, func(a, b planparse.Value) int { return isOpen(a) - isOpen(b) })
	}
	for i, e := range elements {
		if !sets {
			inner, err := x.judge(at(i), e, list[i], sets)
			s.add(inner)
			problem += err
			continue
		}
		if holdsOpen(e) && len(list) == 0 {
			s.unknown++
			continue
		}
		best, bestProblem := score{wrong: 1}, fmt.Sprintf("no element of %v is %s", list, x.show(e))
		for j, a := range list {
			inner, err := x.judge(at(i), e, a, sets)
			if err == "" {
				best, bestProblem = inner, ""
				list = slices.Delete(slices.Clone(list), j, j+1)
				break
			}
		}
		s.add(best)
		problem += bestProblem
	}
	if planned.Kind() == planparse.Hole && len(elements) == 0 {
		s.exact++
	}
	return s, problem
}

// holdsOpen reports whether anything in v is not settled.
func holdsOpen(v planparse.Value) bool {
	return isOpen(v) == 1 || slices.ContainsFunc(v.Elements(), holdsOpen) ||
		slices.ContainsFunc(v.FieldNames(), func(n string) bool { return holdsOpen(v.Field(n)) })
}

// isOpen is 1 for what is not settled, else 0.
func isOpen(v planparse.Value) int {
	if l := v.Leaf(); l != nil && l.Kind != planparse.Exact {
		return 1
	}
	return 0
}

func (x *trial) show(v planparse.Value) string {
	switch v.Kind() {
	case planparse.Hole:
		if v.Leaf() == nil {
			return "open"
		}
		return fmt.Sprintf("%+v", v.Leaf().Term)
	case planparse.List:
		var out []string
		for _, e := range v.Elements() {
			out = append(out, x.show(e))
		}
		return fmt.Sprint(out)
	case planparse.Object:
		out := map[string]string{}
		for _, n := range v.FieldNames() {
			out[n] = x.show(v.Field(n))
		}
		return fmt.Sprint(out)
	case planparse.Absent, planparse.Null, planparse.String, planparse.Number, planparse.Bool:
	}
	return fmt.Sprint(plain(v))
}

// render is the text of t after apply.
func (x *trial) render(t planparse.Term) (text, problem string) {
	var b strings.Builder
	for _, p := range t {
		if p.Identity.Address == "" {
			b.WriteString(p.Literal)
			continue
		}
		id, ok := x.ids[string(p.Identity.Address)]
		if !ok || p.Identity.Attr != "id" {
			return "", fmt.Sprintf("no %s.%s after apply", p.Identity.Address, p.Identity.Attr)
		}
		b.WriteString(id)
	}
	return b.String(), ""
}

func plain(v planparse.Value) any {
	switch v.Kind() {
	case planparse.String:
		return v.Text()
	case planparse.Number:
		n, _ := strconv.ParseFloat(v.Text(), 64)
		return n
	case planparse.Bool:
		return v.True()
	case planparse.Absent, planparse.Null, planparse.List, planparse.Object, planparse.Hole:
	}
	return nil
}

var errorLine = regexp.MustCompile(`on main\.tf line (\d+)`)

var seeds = flag.Int("seeds", 8, "number of random configurations to apply")

// TestApplyRandom resolves random expressions at plan time and compares with
// what a real apply makes of them.
func TestApplyRandom(t *testing.T) {
	seeds := *seeds
	if testing.Short() {
		seeds = min(seeds, 2)
	}
	var total score
	for seed := range seeds {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			s := randomTrial(t, uint64(seed))
			t.Log(s)
			total.add(s)
		})
	}
	t.Logf("random configurations: %s", total)
	if all := total.exact + total.unknown; all > 0 && total.exact*100 < all*74 {
		t.Errorf("%s; at least 74 %% should be exact", total)
	}
}

func randomTrial(t *testing.T, seed uint64) score {
	g := newGenerator(seed)
	files := g.configuration(150)
	dir := write(t, files)
	if _, err := terraform(t, dir, "init", "-no-color", "-input=false"); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		_, err := terraform(t, dir, "plan", "-no-color", "-input=false", "-out=p.tfplan")
		if err == nil {
			break
		}
		// An expression that is wrong already at plan time: leave it out.
		bad := map[int]bool{}
		for _, m := range errorLine.FindAllStringSubmatch(err.Error(), -1) {
			line, _ := strconv.Atoi(m[1])
			bad[line] = true
		}
		if len(bad) == 0 {
			t.Fatal(err)
		}
		lines := strings.Split(files["main.tf"], "\n")
		for _, n := range slices.Sorted(maps.Keys(bad)) {
			if strings.HasPrefix(lines[n-1], "  input") {
				lines[n-1] = "  input = 0"
			} else { // a local value
				name, _, _ := strings.Cut(lines[n-1], "=")
				lines[n-1] = name + `= { s = "lit", l = ["lit"], m = { a = "a", b = "b", c = "c" } }.` + strings.TrimSpace(name)[:1]
			}
		}
		files["main.tf"] = strings.Join(lines, "\n")
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(files["main.tf"]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	x := resolve(t, dir)
	if st := x.sources.Stats(); st.Disagreements > 0 {
		t.Errorf("the sources and the plan disagree about %v", st.Disagreeing)
		for _, r := range x.planned.Resources {
			if slices.Contains(st.Disagreeing, string(r.Address)+".input") {
				t.Logf("%s: %s\nsource: %s", r.Address, x.show(r.Value(planparse.After).Field("input")), x.source(r))
			}
		}
	}
	x.apply(t)
	return x.compare(t)
}
