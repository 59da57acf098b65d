// Package source settles what a plan leaves open until apply, by evaluating
// the Terraform sources that the plan was made from.
//
// The identities that apply will make up (an id, an arn) are replaced by
// symbols: texts that stand for them. Locals, module arguments, outputs,
// dynamic blocks and functions then run as they are, and a symbol that comes
// out in an argument says which object it will name.
//
// Symbols are ordinary texts, so three things keep the answer independent of
// the texts chosen:
//
//   - What looks at the content of a text that holds a symbol (substr, a regular
//     expression, a comparison that real ids may decide either way) yields an
//     unknown value. Unknown values spread through an expression by the rules of
//     the language itself, so no result is ever a fragment of a symbol. The
//     check is made on the values at hand, where the function is called
//     (functions.go, equality.go).
//   - What depends on the order of texts (sort, sets, maps with computed keys)
//     is evaluated under several namings, which order the symbols differently,
//     before and after any other text. All must agree (symbols.go).
//   - try and can turn an error into a decision; they only accept errors that
//     apply is certain to meet as well (try.go).
//
// A value that the plan knows is never replaced. It serves to check the
// evaluation: where the two differ, nothing is believed of that resource.
package source

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Sources are the Terraform sources of one plan.
type Sources struct {
	root *module
	// workspace is the workspace that the plan was made for; empty if not known.
	workspace string
	// planFile is the content of the entry tfplan; nil for a directory.
	planFile []byte
	// files reads what file() and its like ask for.
	files files
	// snapshot are the files of a plan file by path, to compare with a directory.
	snapshot map[string][]byte
	dir      string
	symbols  *symbols
	// content is the files by the name that ranges have.
	content map[string][]byte
	stats   Stats
	// resolver is the latest one; nil before Resolver.
	resolver *resolver
}

// Stats counts what a Resolver did.
type Stats struct {
	// Exact, Candidates and Unknown count the values that the plan leaves open,
	// by how far they were settled.
	Exact, Candidates, Unknown int
	// Agreements and Disagreements count the values that the plan and the
	// sources both know.
	Agreements, Disagreements int
	// Disagreeing are the addresses of the resources concerned, with the
	// argument that differs.
	Disagreeing []string
}

// Stats is what the resolvers made from s have done so far.
func (s *Sources) Stats() Stats { return s.stats }

// Open reads the sources of a plan: those inside a plan file, those of a root
// module's directory, or the former with the latter at hand for what file()
// reads. Either may be empty, not both. Files that cannot be parsed are no
// error: what they define stays unknown.
func Open(planFile, dir string) (*Sources, error) {
	s := &Sources{dir: dir}
	var t tree
	var err error
	switch {
	case planFile != "":
		var a *archive
		if a, err = openArchive(planFile); err != nil {
			return nil, err
		}
		t, s.planFile, s.snapshot = a, a.plan, a.snapshot()
		s.workspace = workspaceOf(a.plan)
	case dir != "":
		if t, err = openDirectory(dir); err != nil {
			return nil, err
		}
	default:
		panic("source: Open needs a plan file or a directory")
	}
	s.symbols = newSymbols()
	s.content = map[string][]byte{}
	l := loader{tree: t, guard: guard{s.symbols}, content: s.content}
	if s.root, err = l.load("", "."); err != nil {
		return nil, err
	}
	if dir != "" {
		s.files = files{root: dir}
	}
	return s, nil
}

// at is the module at an address without instance keys, or nil.
func (m *module) at(address string) *module {
	if address == "" {
		return m
	}
	for _, step := range strings.Split(strings.TrimPrefix(address, "module."), ".module.") {
		call := m.calls[step]
		if call == nil || call.module == nil {
			return nil
		}
		m = call.module
	}
	return m
}

func (m *module) walk(visit func(*module)) {
	visit(m)
	for _, name := range sortedKeys(m.calls) {
		if c := m.calls[name].module; c != nil {
			c.walk(visit)
		}
	}
}

// zeroRange reports whether r says nothing.
func zeroRange(r hcl.Range) bool { return r.Filename == "" }
