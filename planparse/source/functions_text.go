package source

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// onText is a function from texts to a value of type ty.
func onText(n int, ty cty.Type, f func(s []string) (cty.Value, error)) function.Function {
	params := make([]function.Parameter, n)
	for i := range params {
		params[i] = function.Parameter{Name: "text", Type: cty.String}
	}
	return function.New(&function.Spec{
		Params: params,
		Type:   function.StaticReturnType(ty),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s := make([]string, n)
			for i, a := range args {
				s[i] = a.AsString()
			}
			return f(s)
		},
	})
}

func text(f func(string) string) function.Function {
	return onText(1, cty.String, func(s []string) (cty.Value, error) { return cty.StringVal(f(s[0])), nil })
}

func test(f func(s, t string) bool) function.Function {
	return onText(2, cty.Bool, func(s []string) (cty.Value, error) { return cty.BoolVal(f(s[0], s[1])), nil })
}

var (
	startsWithFunc  = test(strings.HasPrefix)
	endsWithFunc    = test(strings.HasSuffix)
	strContainsFunc = test(strings.Contains)

	basenameFunc     = text(path.Base)
	dirnameFunc      = text(path.Dir)
	urlEncodeFunc    = text(url.QueryEscape)
	base64EncodeFunc = text(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) })
	md5Func          = text(func(s string) string { h := md5.Sum([]byte(s)); return hex.EncodeToString(h[:]) })
	sha1Func         = text(func(s string) string { h := sha1.Sum([]byte(s)); return hex.EncodeToString(h[:]) })
	sha256Func       = text(func(s string) string { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:]) })
	sha512Func       = text(func(s string) string { h := sha512.Sum512([]byte(s)); return hex.EncodeToString(h[:]) })
	base64SHA256Func = text(func(s string) string { h := sha256.Sum256([]byte(s)); return base64.StdEncoding.EncodeToString(h[:]) })
	base64SHA512Func = text(func(s string) string { h := sha512.Sum512([]byte(s)); return base64.StdEncoding.EncodeToString(h[:]) })
)

var base64DecodeFunc = onText(1, cty.String, func(s []string) (cty.Value, error) {
	b, err := base64.StdEncoding.DecodeString(s[0])
	if err != nil || !utf8.Valid(b) {
		return cty.DynamicVal, errors.New("not base64 of a text")
	}
	return cty.StringVal(string(b)), nil
})

var urlDecodeFunc = onText(1, cty.String, func(s []string) (cty.Value, error) {
	t, err := url.QueryUnescape(s[0])
	return cty.StringVal(t), err
})

var timeCmpFunc = onText(2, cty.Number, func(s []string) (cty.Value, error) {
	a, err := time.Parse(time.RFC3339, s[0])
	if err != nil {
		return cty.DynamicVal, err
	}
	b, err := time.Parse(time.RFC3339, s[1])
	if err != nil {
		return cty.DynamicVal, err
	}
	return cty.NumberIntVal(int64(a.Compare(b))), nil
})

// replaceFunc is replace, which takes a text between slashes for a regular
// expression.
var replaceFunc = onText(3, cty.String, func(s []string) (cty.Value, error) {
	if p := s[1]; len(p) > 1 && p[0] == '/' && p[len(p)-1] == '/' {
		re, err := regexp.Compile(p[1 : len(p)-1])
		if err != nil {
			return cty.DynamicVal, err
		}
		return cty.StringVal(re.ReplaceAllString(s[0], s[2])), nil
	}
	return cty.StringVal(strings.ReplaceAll(s[0], s[1], s[2])), nil
})

// splits reports whether split(separator, text) is certain: no symbol in the
// text can hold the separator, nor a part of it at its ends.
func (t *symbols) splits(args []cty.Value) bool {
	sep, _ := args[0].Unmark()
	s, _ := args[1].Unmark()
	if !sep.IsKnown() || !s.IsKnown() || sep.AsString() == "" || holdsSymbol(sep.AsString()) {
		return false
	}
	for _, p := range t.pieces(s.AsString()) {
		if p.symbol != nil && strings.ContainsFunc(sep.AsString(), func(r rune) bool {
			// The texts that stand for the symbol must not hold it either.
			return mayHold(p.symbol, r) || strings.ContainsRune(lowStart+highStart+topStart+endMark, r) || ('a' <= r && r <= 'z')
		}) {
			return false
		}
	}
	return true
}

// mayHold reports whether the text of s may hold r.
func mayHold(s *symbol, r rune) bool {
	if s.id.Attr != "id" || !madeIDs[s.typ] {
		return true
	}
	return r == '-' || ('a' <= r && r <= 'z') || ('0' <= r && r <= '9')
}
