package assertions

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/netmodel"
)

// An Assumption settles a value that the plan leaves open (L-40).
type Assumption struct {
	// Target is absolute. It picks instances as selectors do: without an index
	// all of them.
	Target netmodel.Address
	// Values are by attribute.
	Values map[string]Assumed
	Reason string
	Range  hcl.Range
}

// An Assumed value is a literal, or the identity of another resource.
type Assumed struct {
	Value cty.Value // cty.NilVal with an identity
	// Address and Attr name the identity, aws_security_group.app.id; empty with
	// a literal.
	Address netmodel.Address
	Attr    string
}

// Assumptions is the assume blocks, each for every instance of its module.
// inv.Network may be nil: assumptions are needed before there is one.
func (s *Set) Assumptions(inv Inventory) ([]Assumption, hcl.Diagnostics) {
	w := newWorld(inv, 0)
	var out []Assumption
	var diags hcl.Diagnostics
	for _, sc := range s.scopes {
		for _, m := range w.modulesIn(sc.dir) {
			in, more := s.instance(sc, m, w)
			diags = append(diags, more...)
			for _, st := range sc.assumes {
				if st.broken() {
					continue
				}
				a, more := in.assumption(st)
				diags = append(diags, more...)
				if !more.HasErrors() {
					out = append(out, a)
				}
			}
		}
	}
	return out, s.fresh(diags)
}

func (in *instance) assumption(st *statement) (Assumption, hcl.Diagnostics) {
	a := Assumption{Range: st.rng, Values: map[string]Assumed{}}
	var diags hcl.Diagnostics
	target := st.args["target"].Expr
	l := in.targetLiteral(target)
	// The default VPC that AWS makes has no address in the configuration.
	if at, f := parseAddress(l.text, in.ctx); f == nil && at.typ != "" {
		a.Target = netmodel.Address(at.in(in.at).String())
	} else if l.text == "default_vpc" || isDefaultVPC(l.text) {
		a.Target = netmodel.Address(l.text)
	} else {
		diags = diags.Append(problem(target.Range(), "Not an address", "target is the address of a resource or data source, as in data.aws_vpc.shared."))
	}
	a.Reason, _, diags = in.reason(st, diags)
	pairs, more := hcl.ExprMap(st.args["values"].Expr)
	diags = append(diags, more...)
	for _, p := range pairs {
		name := hcl.ExprAsKeyword(p.Key)
		if v, more := p.Key.Value(in.ctx); name == "" && !more.HasErrors() {
			name, _ = textOf(v)
		}
		v, more := in.assumed(p.Value)
		diags = append(diags, more...)
		a.Values[name] = v
	}
	return a, diags
}

func (in *instance) reason(st *statement, diags hcl.Diagnostics) (string, bool, hcl.Diagnostics) {
	text, known, more := in.text(st.args["reason"], in.ctx)
	return text, known, append(diags, more...)
}

// targetLiteral is the text of a bare address or a string.
func (in *instance) targetLiteral(expr hcl.Expression) literal {
	if text, ok := in.bare(expr); ok {
		return in.literalOf(text, expr)
	}
	v, diags := in.evaluate(expr, in.ctx)
	text, ok := textOf(v)
	if diags.HasErrors() || !ok {
		return literal{rng: expr.Range()}
	}
	return in.literalOf(text, expr)
}

// isDefaultVPC reports whether text is default_vpc["aws.west"], the default VPC
// of a further provider configuration.
func isDefaultVPC(text string) bool {
	steps, f := splitSteps(text)
	return f == nil && len(steps) == 1 && steps[0].name == "default_vpc"
}

// assumed reads one value.
func (in *instance) assumed(expr hcl.Expression) (Assumed, hcl.Diagnostics) {
	text, ok := in.bare(expr)
	if !ok {
		v, diags := in.evaluate(expr, in.ctx)
		return Assumed{Value: v}, diags
	}
	bad := hcl.Diagnostics{problem(expr.Range(), "Not an identity",
		"A value is a literal, or an attribute that names another resource, as in aws_security_group.app.id.")}
	mask, f := protected(text)
	if f != nil {
		return Assumed{}, bad
	}
	parts := (piece{text: text}).split('.', mask)
	last := parts[len(parts)-1]
	if last.at == 0 || !isIdentifier(last.text) {
		return Assumed{}, bad
	}
	at, f := parseAddress(text[:last.at-1], in.ctx)
	if f != nil || at.typ == "" {
		return Assumed{}, bad
	}
	return Assumed{Address: netmodel.Address(at.in(in.at).String()), Attr: last.text}, nil
}
