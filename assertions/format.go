package assertions

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format is the canonical layout of an *.reach.hcl file: that of HCL, with the
// arrows that lists of flows spell out in normal form. Nothing else changes, and
// doing it twice changes nothing more. A file with an error of syntax is left
// alone; what is not a flow is left as it is.
func Format(path string, src []byte) ([]byte, hcl.Diagnostics) {
	file, diags := hclsyntax.ParseConfig(src, path, hcl.InitialPos)
	if diags.HasErrors() {
		for _, d := range diags {
			rewordSyntax(d, src)
		}
		return nil, diags
	}
	return hclwrite.Format(apply(src, arrowsIn(file.Body.(*hclsyntax.Body), ""))), nil
}

// apply makes edits in a text.
func apply(src []byte, edits []edit) []byte {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.at.Start.Byte, b.at.Start.Byte) })
	var out bytes.Buffer
	end := 0
	for _, e := range edits {
		out.Write(src[end:e.at.Start.Byte])
		out.WriteString(e.text)
		end = e.at.End.Byte
	}
	out.Write(src[end:])
	return out.Bytes()
}

// An edit puts a text in the place of a range.
type edit struct {
	at   hcl.Range
	text string
}

// arrowLists are the arguments that hold lists of flows, by kind of block.
var arrowLists = map[string][]string{
	"flows":   {"must_succeed", "must_fail"},
	"isolate": {"except"},
	"waive":   {"flows"},
}

func arrowsIn(body *hclsyntax.Body, kind string) []edit {
	var out []edit
	for _, name := range arrowLists[kind] {
		a := body.Attributes[name]
		if a == nil {
			continue
		}
		list, ok := a.Expr.(*hclsyntax.TupleConsExpr)
		if !ok {
			continue
		}
		for _, e := range list.Exprs {
			t, ok := e.(*hclsyntax.TemplateExpr)
			if !ok || !t.IsStringLiteral() {
				continue
			}
			v, diags := t.Value(nil)
			if diags.HasErrors() {
				continue
			}
			if flow, f := parseFlow(v.AsString()); f == nil && flow.String() != v.AsString() {
				out = append(out, edit{t.Range(), quote(flow.String())})
			}
		}
	}
	for _, b := range body.Blocks {
		out = append(out, arrowsIn(b.Body, b.Type)...)
	}
	return out
}
