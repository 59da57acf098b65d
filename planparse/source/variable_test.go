package source

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// What is not known in one place of an argument leaves the rest of it as it is,
// and what may be null is not known where a default would replace it.
func TestLoosened(t *testing.T) {
	text := `map(object({ key = string, open = optional(string), def = optional(string, "d"), inner = optional(object({ deep = optional(string, "e") })) }))`
	expr, diags := hclsyntax.ParseExpression([]byte(text), "type", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(expr)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	s := newSymbols()
	maybe := cty.StringVal(spelled(s, "aws_lb", "a", "zone_id")) // may be null
	object := func(attrs map[string]cty.Value) cty.Value { return cty.ObjectVal(attrs) }
	given := object(map[string]cty.Value{
		"one":   object(map[string]cty.Value{"key": cty.StringVal("k"), "open": cty.DynamicVal, "def": maybe}),
		"two":   object(map[string]cty.Value{"key": maybe, "open": maybe, "inner": object(map[string]cty.Value{"deep": maybe})}),
		"three": cty.DynamicVal,
	})
	out, err := convert.Convert(defaults.Apply(s.loosened(given, ty, defaults)), ty)
	if err != nil || !out.IsKnown() {
		t.Fatalf("%#v: %v", out, err)
	}
	text1 := cty.UnknownVal(cty.String)
	one, two := out.Index(cty.StringVal("one")), out.Index(cty.StringVal("two"))
	for name, c := range map[string]struct{ got, want cty.Value }{
		"beside what is open":        {one.GetAttr("key"), cty.StringVal("k")},
		"of unknown type":            {one.GetAttr("open"), text1},
		"perhaps the default":        {one.GetAttr("def"), text1.RefineNotNull()},
		"without a default":          {two.GetAttr("open"), maybe},
		"required":                   {two.GetAttr("key"), maybe},
		"the default where not set":  {two.GetAttr("def"), cty.StringVal("d")},
		"perhaps the default inside": {two.GetAttr("inner").GetAttr("deep"), text1.RefineNotNull()},
	} {
		if !c.got.RawEquals(c.want) {
			t.Errorf("%s: %#v, want %#v", name, c.got, c.want)
		}
	}
	if out.Index(cty.StringVal("three")).IsKnown() {
		t.Error("an element of unknown type is known")
	}
}
