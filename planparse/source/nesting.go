package source

import (
	"encoding/json"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// maxNesting bounds how deep expressions nest: brackets, blocks and chains of
// operators taken together. Parsing and evaluation recurse that deep, and no
// program survives a stack that is too large.
const maxNesting = 2000

// tooNested says so if the tokens nest deeper than maxNesting.
func tooNested(tokens hclsyntax.Tokens, r hcl.Range) hcl.Diagnostics {
	links, total := []int{0}, 0 // of the chain in each open bracket; their sum
	lines := []bool{true}       // whether a line ends the chain
	open := func(line bool) {
		links, lines, total = append(links, 1), append(lines, line), total+1
	}
	for i, t := range tokens {
		top := len(links) - 1
		switch t.Type { //nolint:exhaustive // most tokens are operators
		case hclsyntax.TokenOParen, hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenTemplateControl:
			links[top]++
			total++
			open(t.Type == hclsyntax.TokenOBrace && !beginsFor(tokens[i+1:]))
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp:
			open(false)
		case hclsyntax.TokenCParen, hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenTemplateSeqEnd,
			hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			if top > 0 {
				links, lines, total = links[:top], lines[:top], total-links[top]
			}
		case hclsyntax.TokenComma, hclsyntax.TokenEqual:
			total, links[top] = total-links[top]+1, 1
		case hclsyntax.TokenNewline:
			if lines[top] {
				total, links[top] = total-links[top]+1, 1
			}
		case hclsyntax.TokenIdent, hclsyntax.TokenNumberLit, hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenComment:
		default: // an operator, or a step of a traversal
			links[top]++
			total++
		}
		if total > maxNesting {
			return hcl.Diagnostics{{
				Severity: hcl.DiagError, Summary: "Nested too deeply",
				Detail:  "An expression nests deeper than any that is read here.",
				Subject: &r,
			}}
		}
	}
	return nil
}

// beginsFor reports whether a for expression stands at the beginning.
func beginsFor(tokens hclsyntax.Tokens) bool {
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenNewline && t.Type != hclsyntax.TokenComment {
			return t.Type == hclsyntax.TokenIdent && string(t.Bytes) == "for"
		}
	}
	return false
}

// parseExpression, parseTemplate and parseConfig are those of the language, for
// texts that do not nest too deeply.
func parseExpression(text []byte, file string, start hcl.Pos) (hclsyntax.Expression, hcl.Diagnostics) {
	tokens, _ := hclsyntax.LexExpression(text, file, start)
	if diags := tooNested(tokens, hcl.Range{Filename: file, Start: start, End: start}); diags.HasErrors() {
		return nil, diags
	}
	return hclsyntax.ParseExpression(text, file, start)
}

func parseTemplate(text []byte, file string, start hcl.Pos) (hclsyntax.Expression, hcl.Diagnostics) {
	tokens, _ := hclsyntax.LexTemplate(text, file, start)
	if diags := tooNested(tokens, hcl.Range{Filename: file, Start: start, End: start}); diags.HasErrors() {
		return nil, diags
	}
	return hclsyntax.ParseTemplate(text, file, start)
}

func parseConfig(text []byte, file string) (*hcl.File, hcl.Diagnostics) {
	tokens, _ := hclsyntax.LexConfig(text, file, hcl.InitialPos)
	if diags := tooNested(tokens, hcl.Range{Filename: file, Start: hcl.InitialPos, End: hcl.InitialPos}); diags.HasErrors() {
		return nil, diags
	}
	return hclsyntax.ParseConfig(text, file, hcl.InitialPos)
}

// validJSON says so if the text is no JSON; it is none if it nests too deeply.
func validJSON(text []byte, file string) hcl.Diagnostics {
	if json.Valid(text) {
		return nil
	}
	return hcl.Diagnostics{{
		Severity: hcl.DiagError, Summary: "Invalid JSON", Detail: "The file holds no JSON, or nests it too deeply.",
		Subject: &hcl.Range{Filename: file, Start: hcl.InitialPos, End: hcl.InitialPos},
	}}
}
