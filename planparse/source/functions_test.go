package source

import (
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// languageFunctions are the functions of Terraform 1.15 and OpenTofu 1.12, from
// "terraform metadata functions" and their documentation.
const languageFunctions = `abs abspath alltrue anytrue base64decode base64encode base64gunzip base64gzip base64sha256
base64sha512 basename bcrypt can ceil chomp chunklist cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce
coalescelist compact concat contains convert csvdecode dirname distinct element endswith ephemeralasnull file filebase64
filebase64sha256 filebase64sha512 fileexists filemd5 fileset filesha1 filesha256 filesha512 flatten floor format
formatdate formatlist indent index issensitive join jsondecode jsonencode keys length list log lookup lower map
matchkeys max md5 merge min nonsensitive one parseint pathexpand plantimestamp pow range regex regexall replace reverse
rsadecrypt sensitive setintersection setproduct setsubtract setunion sha1 sha256 sha512 signum slice sort split
startswith strcontains strrev substr sum templatefile templatestring textdecodebase64 textencodebase64 timeadd timecmp
timestamp title tobool tolist tomap tonumber toset tostring transpose trim trimprefix trimspace trimsuffix try type
upper urldecode urlencode uuid uuidv5 values yamldecode yamlencode zipmap`

// TestFunctionClasses: every function has a class, so that none is called, or
// found to be missing, without a decision about what it does to symbols.
func TestFunctionClasses(t *testing.T) {
	names := strings.Fields(languageFunctions)
	rows := map[string]row{}
	for name, r := range functionTable() {
		rows[name] = r
	}
	for name, r := range fileTable(newSymbols(), files{}, nil) {
		rows[name] = r
	}
	for _, name := range names {
		r, ok := rows[name]
		switch {
		case !ok || r.class == 0:
			t.Errorf("%s has no class", name)
		case r.class != absent && isZero(r.fn):
			t.Errorf("%s has no implementation and is not absent", name)
		}
	}
	for name := range rows {
		if !slices.Contains(names, name) {
			t.Errorf("%s is no function of the language", name)
		}
	}
}

func isZero(f function.Function) bool { return f == function.Function{} }

// TestContentFunctions: a function that looks into texts is unknown if one
// holds a symbol, wherever it stands.
func TestContentFunctions(t *testing.T) {
	symbols, id := oneSymbol()
	fs := newFunctions(symbols, files{}, "")
	for name, r := range functionTable() {
		if r.class != content {
			continue
		}
		params := r.fn.Params()
		for i, p := range params {
			if p.Type != cty.String {
				continue
			}
			args := make([]cty.Value, len(params))
			for j, q := range params {
				switch q.Type {
				case cty.String:
					args[j] = cty.StringVal("x")
				case cty.Number:
					args[j] = cty.NumberIntVal(1)
				default:
					args[j] = cty.UnknownVal(q.Type)
				}
			}
			args[i] = cty.StringVal("a-" + id)
			v, err := fs[name].Call(args)
			if err != nil || v.IsKnown() {
				t.Errorf("%s with a symbol as argument %d is %#v, %v; want unknown", name, i, v, err)
			}
		}
	}
}
