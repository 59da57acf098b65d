package source

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// A module is one module of the configuration, not yet an instance.
type module struct {
	path string // of the calls that lead here: "net.inner"; empty for the root
	dir  string // relative to the root module's directory, with slashes
	// call is where the user's own code calls it, if it is not user's own code.
	call hcl.Range
	// problem says why nothing here can be believed: a file that does not
	// parse, a module that is not at hand.
	problem string

	resources map[string]*block // by blockName
	locals    map[string]hclsyntax.Expression
	variables map[string]*variable
	outputs   map[string]hclsyntax.Expression
	calls     map[string]*call
}

// A block is a resource or data block.
type block struct {
	mode       planparse.Mode
	typ, name  string
	body       *hclsyntax.Body
	count      hclsyntax.Expression
	forEach    hclsyntax.Expression
	ignoreAll  bool
	ignored    []string // top-level names in lifecycle.ignore_changes
	optional   bool     // may be missing from the plan's configuration
	enabled    hclsyntax.Expression
	definition hcl.Range
}

// A call is a module call.
type call struct {
	arguments      map[string]hclsyntax.Expression
	count, forEach hclsyntax.Expression
	enabled        hclsyntax.Expression
	module         *module
	definition     hcl.Range
}

// A variable is an input variable.
type variable struct {
	typ        cty.Type // DynamicPseudoType if any
	defaults   *typeexpr.Defaults
	def        hclsyntax.Expression // nil: required
	nullable   bool
	problem    bool // the type could not be read
	ephemeral  bool
	definition hcl.Range
}

func (m *module) address() string {
	if m.path == "" {
		return ""
	}
	return "module." + strings.ReplaceAll(m.path, ".", ".module.")
}

func blockName(mode planparse.Mode, typ, name string) string {
	if mode == planparse.Data {
		return "data." + typ + "." + name
	}
	return typ + "." + name
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// A loader reads modules from a tree.
type loader struct {
	tree    tree
	guard   guard
	content map[string][]byte
	depth   int
	// modules and bytes count what was read, of which a module that is called
	// many times is many modules.
	modules, bytes int
}

// maxDepth bounds the nesting of module calls; a module that calls itself
// meets it. maxModules bounds their number: calls that double at each step are
// too many long before that depth.
const (
	maxDepth   = 64
	maxModules = 10_000
)

func (l *loader) load(key, dir string) (*module, error) {
	m := &module{
		path: key, dir: dir,
		resources: map[string]*block{}, locals: map[string]hclsyntax.Expression{},
		variables: map[string]*variable{}, outputs: map[string]hclsyntax.Expression{}, calls: map[string]*call{},
	}
	at, content, err := l.tree.module(key, dir)
	switch {
	case key != "" && (errors.Is(err, fs.ErrNotExist) || l.depth > maxDepth):
		m.problem = "the sources of module " + key + " are not at hand"
		return m, nil
	case err != nil:
		return nil, err
	}
	m.dir = at
	l.modules++
	for name, c := range content {
		l.content[path.Join(at, name)] = c
		l.bytes += len(c)
	}
	if l.modules > maxModules || l.bytes > maxTotal {
		m.problem = "there are too many modules to read this one"
		return m, nil
	}
	for _, f := range parseFiles(at, content) {
		if f.diags.HasErrors() {
			m.problem = f.diags.Error()
			continue
		}
		l.guard.body(f.body)
		m.add(f.body, f.override)
	}
	for _, name := range sortedKeys(m.calls) {
		if err := l.follow(m, name); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (l *loader) follow(m *module, name string) error {
	c := m.calls[name]
	key := strings.TrimPrefix(m.path+"."+name, ".")
	dir := ""
	source, local := literalText(c.arguments["source"])
	if local = local && (strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../")); local {
		dir = path.Join(m.dir, source)
	}
	delete(c.arguments, "source")
	delete(c.arguments, "version")
	l.depth++
	child, err := l.load(key, dir)
	l.depth--
	if err != nil {
		return err
	}
	c.module = child
	child.markForeign(m.call, local, c.definition)
	return nil
}

// markForeign sets where the user's code calls m, for m and all below it,
// if m is not the user's own code.
func (m *module) markForeign(caller hcl.Range, local bool, at hcl.Range) {
	switch {
	case !zeroRange(caller):
		at = caller
	case local:
		return
	}
	m.walk(func(x *module) { x.call = at })
}

func literalText(e hclsyntax.Expression) (string, bool) {
	if e == nil {
		return "", false
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() || v.Type() != cty.String || v.IsNull() || !v.IsKnown() {
		return "", false
	}
	return v.AsString(), true
}

// add merges the blocks of one file into m. An override replaces arguments of
// what is there, and nested blocks by type.
func (m *module) add(body *hclsyntax.Body, override bool) {
	for _, b := range body.Blocks {
		switch {
		case b.Type == "resource" && len(b.Labels) == 2:
			m.addResource(planparse.Managed, b, override, false)
		case b.Type == "data" && len(b.Labels) == 2:
			m.addResource(planparse.Data, b, override, false)
		case b.Type == "check":
			for _, inner := range b.Body.Blocks {
				if inner.Type == "data" && len(inner.Labels) == 2 {
					m.addResource(planparse.Data, inner, override, true)
				}
			}
		case b.Type == "locals":
			for name, a := range b.Body.Attributes {
				m.locals[name] = a.Expr
			}
		case b.Type == "output" && len(b.Labels) == 1:
			if a := b.Body.Attributes["value"]; a != nil {
				m.outputs[b.Labels[0]] = a.Expr
			}
		case b.Type == "variable" && len(b.Labels) == 1:
			m.addVariable(b, override)
		case b.Type == "module" && len(b.Labels) == 1:
			m.addCall(b, override)
		}
	}
}

func (m *module) addResource(mode planparse.Mode, b *hclsyntax.Block, override, optional bool) {
	name := blockName(mode, b.Labels[0], b.Labels[1])
	body := b.Body
	r := &block{mode: mode, typ: b.Labels[0], name: b.Labels[1], optional: optional, definition: b.DefRange()}
	if old := m.resources[name]; override && old != nil {
		body = mergeBodies(old.body, body)
		r.definition = old.definition
	}
	r.body = body
	r.count, r.forEach = argument(body, "count"), argument(body, "for_each")
	for _, inner := range body.Blocks {
		if inner.Type == "lifecycle" {
			r.readLifecycle(inner.Body)
		}
	}
	m.resources[name] = r
}

func argument(body *hclsyntax.Body, name string) hclsyntax.Expression {
	if a := body.Attributes[name]; a != nil {
		return a.Expr
	}
	return nil
}

func (r *block) readLifecycle(body *hclsyntax.Body) {
	r.enabled = argument(body, "enabled")
	a := body.Attributes["ignore_changes"]
	if a == nil {
		return
	}
	if hcl.ExprAsKeyword(a.Expr) == "all" {
		r.ignoreAll = true
		return
	}
	items, diags := hcl.ExprList(a.Expr)
	if diags.HasErrors() {
		r.ignoreAll = true
		return
	}
	for _, item := range items {
		if text, ok := literalText(item.(hclsyntax.Expression)); ok { // JSON syntax
			name, _, _ := strings.Cut(text, ".")
			name, _, _ = strings.Cut(name, "[")
			r.ignored = append(r.ignored, name)
			r.ignoreAll = r.ignoreAll || text == "all"
			continue
		}
		t, diags := hcl.RelTraversalForExpr(item)
		if diags.HasErrors() || len(t) == 0 {
			r.ignoreAll = true
			return
		}
		if step, ok := t[0].(hcl.TraverseAttr); ok {
			r.ignored = append(r.ignored, step.Name)
		}
	}
}

// ignores reports whether changes of the argument called name are ignored.
func (r *block) ignores(name string) bool { return r.ignoreAll || slices.Contains(r.ignored, name) }

func (m *module) addVariable(b *hclsyntax.Block, override bool) {
	v := &variable{typ: cty.DynamicPseudoType, nullable: true, definition: b.DefRange()}
	if old := m.variables[b.Labels[0]]; override && old != nil {
		*v = *old
	}
	if a := b.Body.Attributes["type"]; a != nil {
		var diags hcl.Diagnostics
		v.typ, v.defaults, diags = typeexpr.TypeConstraintWithDefaults(typeExpression(a.Expr))
		v.problem = diags.HasErrors()
	}
	if a := b.Body.Attributes["default"]; a != nil {
		v.def = a.Expr
	}
	v.nullable = literalTruth(b.Body.Attributes["nullable"], v.nullable)
	v.ephemeral = literalTruth(b.Body.Attributes["ephemeral"], v.ephemeral)
	m.variables[b.Labels[0]] = v
}

func literalTruth(a *hclsyntax.Attribute, otherwise bool) bool {
	if a == nil {
		return otherwise
	}
	v, diags := a.Expr.Value(nil)
	if diags.HasErrors() || v.Type() != cty.Bool || !v.IsKnown() || v.IsNull() {
		return otherwise
	}
	return v.True()
}

// typeExpression is the type constraint that e is or, in the old and the JSON
// syntax, that its text holds.
func typeExpression(e hclsyntax.Expression) hcl.Expression {
	text, ok := literalText(e)
	if !ok {
		return e
	}
	switch text {
	case "list", "map":
		text += "(any)"
	}
	inner, diags := parseExpression([]byte(text), e.Range().Filename, e.Range().Start)
	if diags.HasErrors() {
		return e
	}
	return inner
}

func (m *module) addCall(b *hclsyntax.Block, override bool) {
	body := b.Body
	c := &call{arguments: map[string]hclsyntax.Expression{}, definition: b.DefRange()}
	if old := m.calls[b.Labels[0]]; override && old != nil {
		maps.Copy(c.arguments, old.arguments)
		c.count, c.forEach, c.definition = old.count, old.forEach, old.definition
	}
	for name, a := range body.Attributes {
		switch name {
		case "count":
			c.count = a.Expr
		case "for_each":
			c.forEach = a.Expr
		case "providers", "depends_on":
		default:
			c.arguments[name] = a.Expr
		}
	}
	for _, inner := range body.Blocks {
		if inner.Type == "lifecycle" {
			c.enabled = argument(inner.Body, "enabled")
		}
	}
	m.calls[b.Labels[0]] = c
}

// mergeBodies is base with the arguments of over, and with all nested blocks
// of a type replaced if over has any of that type.
func mergeBodies(base, over *hclsyntax.Body) *hclsyntax.Body {
	out := &hclsyntax.Body{Attributes: maps.Clone(base.Attributes), SrcRange: base.SrcRange, EndRange: base.EndRange}
	maps.Copy(out.Attributes, over.Attributes)
	replaced := map[string]bool{}
	for _, b := range over.Blocks {
		replaced[nestedName(b)] = true
	}
	for _, b := range base.Blocks {
		switch {
		case b.Type == "lifecycle":
			out.Blocks = append(out.Blocks, mergeLifecycle(b, over))
		case !replaced[nestedName(b)]:
			out.Blocks = append(out.Blocks, b)
		}
	}
	for _, b := range over.Blocks {
		if b.Type != "lifecycle" || !hasBlock(base, "lifecycle") {
			out.Blocks = append(out.Blocks, b)
		}
	}
	return out
}

func mergeLifecycle(b *hclsyntax.Block, over *hclsyntax.Body) *hclsyntax.Block {
	for _, o := range over.Blocks {
		if o.Type == "lifecycle" {
			merged := *b
			merged.Body = mergeBodies(b.Body, o.Body)
			return &merged
		}
	}
	return b
}

func hasBlock(body *hclsyntax.Body, typ string) bool {
	return slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == typ })
}

// nestedName is the argument that b sets: its type, or what a dynamic block
// makes.
func nestedName(b *hclsyntax.Block) string {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		return b.Labels[0]
	}
	return b.Type
}
