package planparse

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/planreach/planreach/netmodel"
)

// appendAddress appends the absolute address that the parts of r make.
func appendAddress(b []byte, r Resource) []byte {
	if r.Module != "" {
		b = append(append(b, r.Module...), '.')
	}
	if r.Mode == Data {
		b = append(b, "data."...)
	}
	b = append(append(append(b, r.Type...), '.'), r.Name...)
	return append(b, keyText(r.Key)...)
}

// keyText is an instance key as it stands in an address; empty for none.
func keyText(key any) string {
	switch k := key.(type) {
	case int:
		return "[" + strconv.Itoa(k) + "]"
	case string:
		return "[" + quote(k) + "]"
	}
	return ""
}

var quoting = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`, `"`, `\"`, `\`, `\\`, "${", "$${", "%{", "%%{")

// quote writes s as a string literal of the configuration language.
func quote(s string) string { return `"` + quoting.Replace(s) + `"` }

// compareAddresses orders addresses as people count: numbers by value, the rest
// by bytes.
func compareAddresses(a, b netmodel.Address) int {
	x, y := string(a), string(b)
	for x != "" && y != "" {
		if isDigit(x[0]) && isDigit(y[0]) {
			n, m := digits(x), digits(y)
			p, q := strings.TrimLeft(x[:n], "0"), strings.TrimLeft(y[:m], "0")
			if c := cmp.Or(cmp.Compare(len(p), len(q)), cmp.Compare(p, q)); c != 0 {
				return c
			}
			x, y = x[n:], y[m:]
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}
