package assertions

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A selector says which ends are meant.
//
//sumtype:decl
type selector interface{ isSelector() }

type (
	internetSelector struct{ v4, v6 bool }
	anySelector      struct{}
	groupSelector    struct{ name string }
	// tagSelector: every endpoint whose tag key matches the pattern.
	tagSelector     struct{ key, pattern string }
	prefixSelector  struct{ prefix netip.Prefix }
	globSelector    struct{ glob }
	addressSelector struct{ address }
	// nameSelector is a short name (section 5.4 of the language).
	nameSelector struct{ step }
	// objectSelector: every endpoint that satisfies all parts.
	objectSelector struct {
		types, names []string      // patterns, one of which must match; empty: any
		tags         []tagSelector // all must match
		within       []written
	}
)

func (internetSelector) isSelector() {}
func (anySelector) isSelector()      {}
func (groupSelector) isSelector()    {}
func (tagSelector) isSelector()      {}
func (prefixSelector) isSelector()   {}
func (globSelector) isSelector()     {}
func (addressSelector) isSelector()  {}
func (nameSelector) isSelector()     {}
func (objectSelector) isSelector()   {}

// A written selector is one with its text and place.
type written struct {
	what selector
	literal
}

// reservedWords are never short names, and never names of groups.
var reservedWords = []string{
	"internet", "any", "all", "group", "service", "var", "local", "each", "plan", "root", "module", "data", "aws",
}

var (
	ipv4Like = regexp.MustCompile(`^[0-9]+(\.[0-9]+)+(/[0-9]+)?$`)
	ipv6Like = regexp.MustCompile(`^[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(/[0-9]+)?$`)
)

// parseSelector reads a selector that stands in a string or an arrow, or, with
// a ctx, bare in an expression whose keys are evaluated in it.
func parseSelector(text string, ctx *hcl.EvalContext) (selector, *flaw) {
	switch text {
	case "":
		return nil, flawed("An end is missing", "Expected an address, a short name, a group, internet, any or a CIDR.")
	case "internet":
		return internetSelector{true, true}, nil
	case "internet.v4":
		return internetSelector{v4: true}, nil
	case "internet.v6":
		return internetSelector{v6: true}, nil
	case "any", "*":
		return anySelector{}, nil
	}
	if tag, ok := strings.CutPrefix(text, "tag:"); ok {
		return parseTag(tag)
	}
	if ipv4Like.MatchString(text) || ipv6Like.MatchString(text) {
		return parsePrefix(text)
	}
	steps, f := splitSteps(text)
	if f != nil {
		return nil, f
	}
	switch first := steps[0]; {
	case isGlob(steps, ctx != nil):
		if len(steps) == 1 {
			return nil, flawed("A pattern needs a type", "A pattern is matched against addresses, step by step. Write %q.", "*."+text)
		}
		return globSelector{parseGlob(steps)}, nil
	case len(steps) == 1:
		return parseName(first, ctx)
	case first.text() == "group" && len(steps) == 2:
		return groupSelector{steps[1].text()}, nil
	case first.text() == "aws" && len(steps) == 2:
		return nil, notSupported(text)
	}
	a, f := parseAddress(text, ctx)
	if f != nil {
		return nil, f
	}
	return addressSelector{a}, nil
}

func parseName(s rawStep, ctx *hcl.EvalContext) (selector, *flaw) {
	for _, w := range reservedWords {
		if s.name == w {
			return nil, flawed("Reserved word", "%s is a word of the language. Write the full address of what you mean.", w)
		}
	}
	if strings.Contains(s.name, ":") {
		return nil, flawed("Port in a selector", "Ports stand in port or ports, or behind the right side of an arrow.")
	}
	if s.index.text == "" {
		return nameSelector{step{name: s.name}}, nil
	}
	named, f := s.step(ctx)
	return nameSelector{named}, f
}

// parseTag reads what stands behind tag:, KEY=VALUE, the value quoted if it
// holds what an arrow would cut at.
func parseTag(text string) (selector, *flaw) {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return nil, flawed("Not a tag", "Expected tag:KEY=VALUE, as in tag:Tier=app.")
	}
	if strings.HasPrefix(value, `"`) {
		v, diags := hclsyntax.ParseExpression([]byte(value), "", hcl.InitialPos)
		inner, more := v.Value(nil)
		if diags.HasErrors() || more.HasErrors() || inner.Type() != cty.String {
			return nil, flawed("Not a tag", "%s is not a quoted value.", value)
		}
		value = inner.AsString()
	}
	return tagSelector{key, value}, nil
}

// parsePrefix reads a CIDR or an address.
func parsePrefix(text string) (selector, *flaw) {
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap()
		return prefixSelector{netip.PrefixFrom(a, a.BitLen())}, nil
	}
	p, err := netip.ParsePrefix(text)
	switch {
	case err != nil || p.Addr().Is4In6():
		return nil, flawed("Not an address range", "%s is neither an IP address nor a CIDR such as 10.0.0.0/16 or 2001:db8::/32.", text)
	case p != p.Masked():
		return nil, flawed("Address has host bits", "Write %s for the network, or %s for the host.",
			p.Masked(), netip.PrefixFrom(p.Addr(), p.Addr().BitLen()))
	}
	return prefixSelector{p}, nil
}

// notSupported is the flaw of a word of the language that this version lacks.
func notSupported(word string) *flaw {
	return flawed("Not supported yet", "%s is not supported by this version of planreach. Nothing was checked for this assertion.", word)
}
