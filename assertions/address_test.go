package assertions

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Plain numbers are read without HCL, and mean what they mean there.
func TestIndexIsAnExpression(t *testing.T) {
	for _, text := range []string{
		"0", "7", "10", "007", "00", "-0", "-1", "+1", "1_000", " 1", "1 ", "1.0", "1.5", "1e2", "0x10", "",
		"9223372036854775807", "9223372036854775808", `"a"`, `"7"`, "1 + 1", "a", "null", "true",
	} {
		want, wantOK := index{}, false
		if expr, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos); !diags.HasErrors() {
			if v, diags := expr.Value(nil); !diags.HasErrors() {
				want, wantOK = indexOf(v)
			}
		}
		if got, ok := evaluateIndex(text, nil); got != want || ok != wantOK {
			t.Errorf("[%s] is %+v, %v, want %+v, %v", text, got, ok, want, wantOK)
		}
	}
}
