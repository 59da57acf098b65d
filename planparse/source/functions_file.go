package source

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// files reads what file() and its like ask for. The zero files has none.
type files struct {
	root string // the root module's directory; empty: none
}

// read is the file called name, relative to the root module's directory; ok is
// false if it is not below that, or cannot be read.
func (f files) read(name string) (content []byte, ok bool) {
	if f.root == "" || !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, false
	}
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return nil, false
	}
	defer root.Close() //nolint:errcheck // only read
	name = filepath.FromSlash(path.Clean(name))
	if info, err := root.Stat(name); err != nil || !info.Mode().IsRegular() {
		return nil, false // to open a pipe would wait for who writes
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, false
	}
	defer file.Close() //nolint:errcheck // only read
	content, err = io.ReadAll(io.LimitReader(file, maxFile+1))
	return content, err == nil && len(content) <= maxFile
}

// fileTable is the functions that read files. A file that is not at hand makes
// them unknown, even if it is said not to exist.
func fileTable(t *symbols, f files, functions map[string]function.Function) map[string]row {
	of := func(show func([]byte) (cty.Value, bool)) row {
		return row{class: content, fn: onText(1, cty.String, func(s []string) (cty.Value, error) {
			b, ok := f.read(s[0])
			if !ok {
				return cty.UnknownVal(cty.String), nil
			}
			v, ok := show(b)
			if !ok {
				return cty.UnknownVal(cty.String), nil
			}
			return v, nil
		})}
	}
	asText := func(show func([]byte) string) row {
		return of(func(b []byte) (cty.Value, bool) { return cty.StringVal(show(b)), true })
	}
	return map[string]row{
		"file":             of(func(b []byte) (cty.Value, bool) { return cty.StringVal(string(b)), utf8.Valid(b) }),
		"filebase64":       asText(base64.StdEncoding.EncodeToString),
		"filemd5":          asText(func(b []byte) string { h := md5.Sum(b); return hex.EncodeToString(h[:]) }),
		"filesha1":         asText(func(b []byte) string { h := sha1.Sum(b); return hex.EncodeToString(h[:]) }),
		"filesha256":       asText(func(b []byte) string { h := sha256.Sum256(b); return hex.EncodeToString(h[:]) }),
		"filesha512":       asText(func(b []byte) string { h := sha512.Sum512(b); return hex.EncodeToString(h[:]) }),
		"filebase64sha256": asText(func(b []byte) string { h := sha256.Sum256(b); return base64.StdEncoding.EncodeToString(h[:]) }),
		"filebase64sha512": asText(func(b []byte) string { h := sha512.Sum512(b); return base64.StdEncoding.EncodeToString(h[:]) }),
		"fileexists": {class: content, fn: onText(1, cty.Bool, func(s []string) (cty.Value, error) {
			if _, ok := f.read(s[0]); ok {
				return cty.True, nil
			}
			return cty.UnknownVal(cty.Bool), nil
		})},
		"fileset":      {class: absent},
		"templatefile": {class: structural, fn: templateFileFunc(t, f, functions)},
	}
}

func templateFileFunc(t *symbols, f files, functions map[string]function.Function) function.Function {
	render := func(args []cty.Value) cty.Value {
		name, _ := args[0].Unmark()
		vars, _ := args[1].Unmark()
		if !name.IsKnown() || name.IsNull() || !vars.IsKnown() || vars.IsNull() || !vars.CanIterateElements() {
			return cty.DynamicVal
		}
		b, ok := f.read(name.AsString())
		if !ok {
			return cty.DynamicVal
		}
		e, diags := parseTemplate(b, name.AsString(), hcl.InitialPos)
		if diags.HasErrors() {
			return cty.DynamicVal
		}
		e = guard{t}.expr(e)
		ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: maps.Clone(functions)}
		// A template that renders templates may render itself.
		ctx.Functions["templatefile"], ctx.Functions["core::templatefile"] = absentFunc, absentFunc
		for it := vars.ElementIterator(); it.Next(); {
			k, v := it.Element()
			ctx.Variables[k.AsString()] = v
		}
		v, diags := e.Value(ctx)
		if diags.HasErrors() {
			return cty.DynamicVal
		}
		return v
	}
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "path", Type: cty.String, AllowMarked: true, AllowUnknown: true},
			{Name: "vars", Type: cty.DynamicPseudoType, AllowMarked: true, AllowUnknown: true, AllowDynamicType: true},
		},
		Type: func(args []cty.Value) (cty.Type, error) { return render(args).Type(), nil },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return render(args), nil },
	})
}
