// Package planreach_test holds what is checked of the whole tree.
package planreach_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/planreach/planreach"

// mayImport is who may import whom, within the module. Data flows one way: a
// package that is not listed here fails.
var mayImport = map[string][]string{
	"headerspace":      {},
	"netmodel":         {"headerspace"},
	"planparse":        {"netmodel", "headerspace"},
	"planparse/aws":    {"planparse", "netmodel", "headerspace"},
	"planparse/source": {"planparse", "netmodel"},
	"assertions":       {"netmodel", "headerspace"},
	"evaluator":        {"assertions", "netmodel", "headerspace"},
	"report":           {"evaluator", "assertions", "netmodel", "headerspace"},
	"cmd/planreach":    {"report", "evaluator", "assertions", "planparse/aws", "planparse/source", "planparse", "netmodel", "headerspace"},

	// Used by tests only.
	"internal/oracle":   {"assertions", "netmodel", "headerspace"},
	"internal/randnet":  {"internal/oracle", "assertions", "netmodel", "headerspace"},
	"internal/scenario": {"report", "evaluator", "assertions", "planparse/aws", "planparse/source", "planparse", "netmodel", "headerspace"},
	"internal/bigplan":  {},
}

// testOnly are the packages that only tests may import.
var testOnly = []string{"internal/oracle", "internal/randnet", "internal/scenario", "internal/bigplan"}

// outside is which third-party modules each package may import; packages that
// are not listed may import none.
var outside = map[string][]string{
	"planparse":        {"github.com/hashicorp/hcl/v2", "github.com/hashicorp/terraform-json", "github.com/zclconf/go-cty"},
	"planparse/aws":    {},
	"planparse/source": {"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty", "github.com/zclconf/go-cty-yaml", "golang.org/x/text"},
	"assertions":       {"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty", "github.com/zclconf/go-cty-yaml", "github.com/hashicorp/go-version", "github.com/agext/levenshtein"},
	"report":           {"github.com/hashicorp/hcl/v2", "github.com/mitchellh/go-wordwrap"},
	"cmd/planreach":    {"github.com/hashicorp/hcl/v2", "github.com/rogpeppe/go-internal", "github.com/spf13/cobra", "github.com/zclconf/go-cty", "golang.org/x/term"},
}

// inTests is what tests may import beside.
var inTests = []string{"github.com/google/go-cmp", "go.yaml.in/yaml/v3", "mvdan.cc/sh/v3", "github.com/rogpeppe/go-internal", "github.com/santhosh-tekuri/jsonschema/v6", "golang.org/x/tools", "github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty", "github.com/hashicorp/terraform-json"}

func TestImports(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && file != ".") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || filepath.Dir(file) == "." {
			return nil
		}
		seen++
		checkImports(t, filepath.ToSlash(file))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no Go files found")
	}
}

func checkImports(t *testing.T, file string) {
	pkg := path.Dir(file)
	allowed, ok := mayImport[pkg]
	if !ok {
		t.Errorf("%s: package %s is not in the table of deps_test.go", file, pkg)
		return
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(file), nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	isTest := strings.HasSuffix(file, "_test.go")
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		switch own, inside := strings.CutPrefix(name, module+"/"); {
		case inside && isTest, own == pkg:
		case inside:
			if !slices.Contains(allowed, own) || slices.Contains(testOnly, own) && !slices.Contains(testOnly, pkg) {
				t.Errorf("%s imports %s, which its place in the house forbids", file, own)
			}
		case strings.Contains(strings.Split(name, "/")[0], "."):
			within := func(m string) bool { return name == m || strings.HasPrefix(name, m+"/") }
			if !slices.ContainsFunc(outside[pkg], within) && (!isTest || !slices.ContainsFunc(inTests, within)) {
				t.Errorf("%s imports %s, which is not among the libraries of %s", file, name, pkg)
			}
		}
	}
}
