package planreach_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	statementID = regexp.MustCompile(`^[A-Z][A-Z0-9]*-[0-9]+`)
	quoted      = regexp.MustCompile("`([^`]*)`")
	// unpinned begins what is said of a statement that no test pins.
	unpinned  = regexp.MustCompile(`^(Not pinned|Not modelled|By construction|[A-Z]+-[0-9]|.*: unknown)`)
	mentioned = regexp.MustCompile(`\b[A-Z][A-Z0-9]*-[0-9]+\b`)
)

// The tables of cases by statement, and the words by which docs/semantics.md
// calls them.
var tables = map[string][]string{
	"evaluator": {"evaluator/statements_test.go", "evaluator/edge_test.go", "evaluator/public_access_test.go", "evaluator/vpn_test.go", "evaluator/balancer_test.go", "evaluator/inspect_test.go"},
	"oracle":    {"internal/oracle/oracle_test.go", "internal/oracle/connect_test.go"},
}

// TestDocsStatements keeps docs/semantics.md true: every test and every case
// that it names exists, every case that is named by a statement is named there,
// and so is every statement of which the code speaks.
func TestDocsStatements(t *testing.T) {
	pinnedBy := statements(t)
	rows := map[string][]string{}
	for word, files := range tables {
		for _, file := range files {
			rows[word] = append(rows[word], statementRows(t, file)...)
		}
	}
	listed := map[string]bool{}
	for id, cell := range pinnedBy {
		references := quoted.FindAllStringSubmatch(cell, -1)
		if len(references) == 0 && !unpinned.MatchString(cell) {
			t.Errorf("%s: %q says neither what pins it nor that nothing does", id, cell)
		}
		for _, m := range references {
			word, of, given := strings.Cut(m[1], " ")
			if _, is := tables[word]; is {
				if !given {
					of = id
				}
				listed[word+" "+of] = true
				if !slices.Contains(rows[word], of) {
					t.Errorf("%s: the table of %s has no row %s", id, word, of)
				}
			} else if !exists(t, m[1]) {
				t.Errorf("%s: there is no %s", id, m[1])
			}
		}
	}
	for word, ids := range rows {
		for _, id := range ids {
			if !listed[word+" "+id] {
				t.Errorf("the table of %s has a row %s, which docs/semantics.md does not name", word, id)
			}
		}
	}
	spoken(t, pinnedBy)
}

// statements is what pins each statement, by its id.
func statements(t *testing.T) map[string]string {
	text, err := os.ReadFile("docs/semantics.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, " | ")
		name := strings.TrimPrefix(cells[0], "| ")
		if len(cells) != 3 || !statementID.MatchString(name) {
			if statementID.MatchString(name) {
				t.Errorf("%d cells: %s", len(cells), line)
			}
			continue
		}
		for _, id := range span(t, name) {
			if _, twice := out[id]; twice {
				t.Errorf("%s stands there twice", id)
			}
			out[id] = strings.TrimSuffix(cells[2], " |")
		}
	}
	if len(out) < 200 {
		t.Fatalf("%d statements", len(out))
	}
	return out
}

// span is the ids of a row: one, or those from one to another.
func span(t *testing.T, name string) []string {
	first, last, several := strings.Cut(name, " to ")
	if !several {
		return []string{name}
	}
	family, from, _ := strings.Cut(first, "-")
	other, to, _ := strings.Cut(last, "-")
	lo, err := strconv.Atoi(from)
	hi, err2 := strconv.Atoi(to)
	if err != nil || err2 != nil || family != other || lo >= hi {
		t.Fatalf("%q is no span", name)
	}
	var out []string
	for n := lo; n <= hi; n++ {
		out = append(out, family+"-"+strconv.Itoa(n))
	}
	return out
}

// statementRows is the ids with which the rows of a file's tables begin, but for
// those that the file calls mistaken.
func statementRows(t *testing.T, file string) []string {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names, mistaken []string
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if n.Names[0].Name == "mistaken" {
				for _, e := range n.Values[0].(*ast.CompositeLit).Elts {
					mistaken = append(mistaken, literal(e))
				}
			}
		case *ast.CompositeLit:
			if n.Type == nil && len(n.Elts) > 1 && statementID.MatchString(literal(n.Elts[0])) {
				names = append(names, literal(n.Elts[0]))
			}
		}
		return true
	})
	var out []string
	for _, name := range names {
		if !slices.Contains(mistaken, name) {
			out = append(out, statementID.FindString(name))
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no rows", file)
	}
	return slices.Compact(out)
}

// literal is the text of a string literal; empty for anything else.
func literal(e ast.Expr) string {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		s, _ := strconv.Unquote(l.Value)
		return s
	}
	return ""
}

// exists reports whether there is the case or test of a reference: a case below
// planparse/aws/testdata, a case of the language or a script, or a Go test behind
// its directory.
func exists(t *testing.T, reference string) bool {
	pattern := filepath.Join("planparse/aws/testdata", reference+".txtar")
	if word, name, ok := strings.Cut(reference, " "); ok {
		pattern = filepath.Join(map[string]string{"spec": "assertions/testdata/spec", "script": "cmd/planreach/testdata/script"}[word], name+".txtar")
	}
	if dir, test, ok := strings.Cut(reference, ".Test"); ok {
		return hasTest(t, dir, "Test"+test)
	}
	found, err := filepath.Glob(pattern)
	return err == nil && len(found) > 0
}

func hasTest(t *testing.T, dir, name string) bool {
	if dir == "planreach" {
		dir = "."
	}
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if o := f.Scope.Lookup(name); o != nil && o.Kind == ast.Fun {
			return true
		}
	}
	return false
}

// spoken checks the statements of which Go code and cases speak.
func spoken(t *testing.T, known map[string]string) {
	families := map[string]bool{}
	for id := range known {
		family, _, _ := strings.Cut(id, "-")
		families[family] = true
	}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(path); err != nil || d.IsDir() || ext != ".go" && ext != ".txtar" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		head, _, _ := strings.Cut(string(text), "\n-- ") // of a case only what is said about it
		for _, id := range mentioned.FindAllString(head, -1) {
			family, _, _ := strings.Cut(id, "-")
			if _, ok := known[id]; families[family] && !ok {
				t.Errorf("%s speaks of %s, which docs/semantics.md does not have", path, id)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
