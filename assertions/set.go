package assertions

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
)

// CommandLine is the file name in diagnostics about FLOW arguments, which are
// its lines.
const CommandLine = "command line"

// A Source is the text of one assertion file.
type Source struct {
	Path  string // as it is shown to the user
	Bytes []byte
	// Dir is the directory of the module whose scope the file belongs to,
	// relative to the root's, with slashes; empty for the root.
	Dir string
	// File is where it was read from, to be opened; empty if it was not.
	File string
}

// An Input is everything that assertions are read from.
type Input struct {
	Sources   []Source
	Flows     []string // FLOW arguments; assertions of the root
	Variables Variables
	// Version is the version of planreach, for required_version; empty
	// satisfies every constraint.
	Version string
}

// A Set is the assertions of a run as they are written, checked as far as that
// goes without a plan.
type Set struct {
	scopes  []*scope // the root's first, then by directory
	flows   []writtenFlow
	files   map[string]*hcl.File
	infos   []File
	version string
	shown   map[shown]bool
}

// A File says what one assertion file holds.
type File struct {
	Path, Dir  string
	Assertions int // before for_each and module instances
}

// A scope is what the files of one directory hold together (L-1).
type scope struct {
	dir        string
	statements []*statement
	groups     map[string]*statement
	services   map[string]*statement
	variables  map[string]*variable
	locals     map[string]*hcl.Attribute
	broken     map[string]hcl.Diagnostics // of locals without a value
	assumes    []*statement
	reach      *statement
	defaults   *statement
}

// A statement is one block, taken apart.
type statement struct {
	content
	kind, label string
	rng         hcl.Range
	// errors were reported about the statement; nothing is made of it then.
	errors  hcl.Diagnostics
	garbled bool // an error of syntax
}

func (st *statement) broken() bool { return st.errors.HasErrors() }

// furtherMistakes are those of a statement of which nothing is made, so that one
// run shows them all. Without a required argument there is nothing to read.
func (in *instance) furtherMistakes(st *statement) hcl.Diagnostics {
	if !st.broken() || st.garbled || slices.ContainsFunc(forms[st.kind].required, func(name string) bool { return st.args[name] == nil }) {
		return nil
	}
	_, diags := in.statement(st)
	return diags
}

// fail keeps the errors among diags.
func (st *statement) fail(diags hcl.Diagnostics) {
	if diags.HasErrors() {
		st.errors = append(st.errors, diags...)
	}
}

// shown identifies a diagnostic, so that nobody reads it twice.
type shown struct {
	summary, detail string
	at              hcl.Range
}

// Parse reads assertion files and FLOW arguments and reports every mistake that
// shows without a plan. The Set holds what could be read, even after errors.
func Parse(in Input) (*Set, hcl.Diagnostics) {
	s := &Set{files: map[string]*hcl.File{}, version: in.Version, shown: map[shown]bool{}}
	var diags hcl.Diagnostics
	byDir := map[string]*scope{}
	at := func(dir string) *scope {
		dir = cleanDir(dir)
		if byDir[dir] == nil {
			byDir[dir] = newScope(dir)
			s.scopes = append(s.scopes, byDir[dir])
		}
		return byDir[dir]
	}
	at("")
	for _, src := range in.Sources {
		diags = append(diags, s.readFile(at(src.Dir), src)...)
	}
	slices.SortFunc(s.scopes, func(a, b *scope) int { return cmp.Compare(a.dir, b.dir) })
	diags = append(diags, s.readFlows(in.Flows)...)
	for _, sc := range s.scopes {
		diags = append(diags, s.checkReach(sc)...)
	}
	diags = append(diags, s.setVariables(in.Variables)...)
	for _, sc := range s.scopes {
		diags = append(diags, s.rehearse(sc)...)
	}
	return s, s.fresh(diags)
}

func newScope(dir string) *scope {
	return &scope{
		dir: dir, groups: map[string]*statement{}, services: map[string]*statement{},
		variables: map[string]*variable{}, locals: map[string]*hcl.Attribute{},
	}
}

func cleanDir(dir string) string {
	if dir = path.Clean(dir); dir == "." {
		return ""
	}
	return dir
}

// Files are the texts that diagnostics speak of, by name.
func (s *Set) Files() map[string]*hcl.File { return s.files }

// Contents says what each assertion file holds, in the order of the sources.
func (s *Set) Contents() []File { return s.infos }

// Len is the number of assertions as written: blocks, the arrows of flows each
// for itself, and FLOW arguments.
func (s *Set) Len() int {
	n := len(s.flows)
	for _, f := range s.infos {
		n += f.Assertions
	}
	return n
}

// OnlyFlows is the Set with no other assertions than the FLOW arguments; the
// definitions of the files stay.
func (s *Set) OnlyFlows() *Set {
	out := *s
	out.scopes = nil
	for _, sc := range s.scopes {
		c := *sc
		c.statements = nil
		out.scopes = append(out.scopes, &c)
	}
	return &out
}

// source is the text at rng.
func (s *Set) source(rng hcl.Range) string {
	f := s.files[rng.Filename]
	if f == nil || rng.End.Byte > len(f.Bytes) || rng.Start.Byte > rng.End.Byte {
		return ""
	}
	return string(rng.SliceBytes(f.Bytes))
}

// fresh is the diagnostics that have not been shown before.
func (s *Set) fresh(diags hcl.Diagnostics) hcl.Diagnostics {
	var out hcl.Diagnostics
	for _, d := range diags {
		key := shown{summary: d.Summary, detail: d.Detail}
		if d.Subject != nil {
			key.at = *d.Subject
		}
		if !s.shown[key] {
			s.shown[key] = true
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b *hcl.Diagnostic) int {
		if a.Subject == nil || b.Subject == nil {
			return 0
		}
		return cmp.Or(cmp.Compare(a.Subject.Filename, b.Subject.Filename), cmp.Compare(a.Subject.Start.Byte, b.Subject.Start.Byte))
	})
	return out
}

// readFile adds the blocks of one file to its scope.
func (s *Set) readFile(sc *scope, src Source) hcl.Diagnostics {
	var file *hcl.File
	var diags hcl.Diagnostics
	if strings.HasSuffix(src.Path, ".json") {
		file, diags = json.Parse(src.Bytes, src.Path)
	} else {
		file, diags = hclsyntax.ParseConfig(src.Bytes, src.Path, hcl.InitialPos)
		for _, d := range diags {
			rewordSyntax(d, src.Bytes)
		}
	}
	s.infos = append(s.infos, File{Path: src.Path, Dir: sc.dir})
	info := &s.infos[len(s.infos)-1]
	if file == nil {
		return diags
	}
	s.files[src.Path] = file
	top, more := s.read("", file.Body)
	syntax := diags
	diags = append(diags, more...)
	for _, b := range top.blocks {
		n, more := s.readBlock(sc, b, syntax)
		info.Assertions += n
		diags = append(diags, more...)
	}
	return diags
}

// readBlock files one block under its kind, and counts the assertions in it.
// A file with errors of syntax may have lost anything, so nothing is made of it.
func (s *Set) readBlock(sc *scope, b *hcl.Block, syntax hcl.Diagnostics) (int, hcl.Diagnostics) {
	if b.Type == "locals" {
		return 0, readLocals(sc, b)
	}
	body, diags := s.read(b.Type, b.Body)
	st := &statement{content: body, kind: b.Type, rng: b.DefRange}
	st.garbled = syntax.HasErrors()
	st.fail(syntax)
	st.fail(diags)
	if len(b.Labels) > 0 {
		st.label = b.Labels[0]
		more := checkLabel(st, b.LabelRanges[0])
		st.fail(more)
		diags = append(diags, more...)
	}
	var f *hcl.Diagnostic
	switch b.Type {
	case "group":
		f = define(sc.groups, st, reservedWords, "Reserved name")
	case "service":
		f = define(sc.services, st, notServices, "Reserved name")
	case "variable":
		v, more := readVariable(st)
		sc.variables[st.label] = v
		diags = append(diags, more...)
	case "assume":
		sc.assumes = append(sc.assumes, st)
	case "reach":
		if sc.reach != nil {
			f = problem(st.rng, "Second reach block", "The settings of this scope are already at %s:%d.", sc.reach.rng.Filename, sc.reach.rng.Start.Line)
			break
		}
		sc.reach = st
		diags = append(diags, s.readDefaults(sc, st)...)
	default:
		for _, other := range sc.statements {
			if other.label == st.label {
				f = problem(b.LabelRanges[0], "Label used twice",
					"%q is also at %s:%d. The label is the assertion's identity in reports and waivers.",
					st.label, other.rng.Filename, other.rng.Start.Line)
				break
			}
		}
		sc.statements = append(sc.statements, st)
	}
	if f != nil {
		st.fail(hcl.Diagnostics{f})
		diags = diags.Append(f)
	}
	return countAssertions(st), diags
}

func checkLabel(st *statement, at hcl.Range) hcl.Diagnostics {
	named := st.kind == "group" || st.kind == "service" || st.kind == "variable"
	switch {
	case named && !isIdentifier(st.label):
		return hcl.Diagnostics{problem(at, "Not a name", "The name of a %s begins with a letter or underscore and holds letters, digits, underscores and dashes.", st.kind)}
	case strings.TrimSpace(st.label) == "" || strings.ContainsAny(st.label, "\r\n"):
		return hcl.Diagnostics{problem(at, "Not a label", "A label is the assertion's name in reports: one line, not empty.")}
	}
	return nil
}

// define adds a group or service to its scope.
func define(to map[string]*statement, st *statement, reserved []string, summary string) *hcl.Diagnostic {
	if slices.Contains(reserved, st.label) {
		detail := st.label + " is a word of the language. Choose another name."
		if st.label == "internet" {
			detail = "internet already means the public internet. Choose another name."
		}
		return problem(st.rng, summary, "%s", detail)
	}
	if other := to[st.label]; other != nil {
		return problem(st.rng, "Name used twice", "There is already a %s %q at %s:%d.",
			st.kind, st.label, other.rng.Filename, other.rng.Start.Line)
	}
	to[st.label] = st
	return nil
}

func (s *Set) readDefaults(sc *scope, st *statement) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i, b := range st.blocks {
		body, more := s.read(b.Type, b.Body)
		diags = append(diags, more...)
		if i > 0 {
			diags = diags.Append(problem(b.DefRange, "Second defaults block", "One block defaults holds them all."))
			continue
		}
		sc.defaults = &statement{content: body, kind: b.Type, rng: b.DefRange}
		sc.defaults.fail(more)
	}
	return diags
}

// countAssertions counts a block as written; a list that is not written out
// counts as one.
func countAssertions(st *statement) int {
	switch st.kind {
	case "flows":
		n := 0
		for _, name := range []string{"must_succeed", "must_fail"} {
			if a := st.args[name]; a != nil {
				if list, diags := hcl.ExprList(a.Expr); !diags.HasErrors() {
					n += len(list)
				} else {
					n++
				}
			}
		}
		return n
	}
	if _, ok := verbs[st.kind]; ok {
		return 1
	}
	return 0
}

// readFlows reads the FLOW arguments. The same flow twice is asked once.
func (s *Set) readFlows(texts []string) hcl.Diagnostics {
	if len(texts) == 0 {
		return nil
	}
	all := strings.Join(texts, "\n")
	s.files[CommandLine] = &hcl.File{Bytes: []byte(all)}
	var diags hcl.Diagnostics
	known := map[string]bool{}
	offset := 0
	for i, text := range texts {
		l := newLiteral(text, CommandLine, i+1, offset)
		offset += len(text) + 1
		flow, f := parseFlow(text)
		if f == nil && len(flow.ports) == 0 && !flow.op.isNegated() {
			f = whichPort()
		}
		if f == nil {
			f = flow.suits(!flow.op.isNegated())
		}
		switch {
		case f != nil:
			diags = diags.Append(l.diagnostic(f))
		case !known[flow.String()]:
			known[flow.String()] = true
			s.flows = append(s.flows, writtenFlow{flow, l})
		}
	}
	return diags
}

// whichPort is the flaw of a promise without a port.
func whichPort() *flaw {
	return flawed("Which port?",
		`A promise needs a port, as in "source -> target:80". For every protocol and port write ":*", or port = any.`)
}
