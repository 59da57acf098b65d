package source

import (
	"errors"
	"math/big"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

var errNoPrefix = errors.New("invalid CIDR expression")

// addressOf is number n of p's block, counted in addresses of 2^shift.
func addressOf(p netip.Prefix, n *big.Int, shift int) (netip.Addr, bool) {
	base := new(big.Int).SetBytes(p.Masked().Addr().AsSlice())
	base.Add(base, new(big.Int).Lsh(n, uint(shift)))
	out := make([]byte, p.Addr().BitLen()/8)
	if base.Sign() < 0 || base.BitLen() > p.Addr().BitLen() {
		return netip.Addr{}, false
	}
	base.FillBytes(out)
	a, _ := netip.AddrFromSlice(out)
	return a, p.Contains(a)
}

func parsePrefix(v cty.Value) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(v.AsString())
	if err != nil {
		return p, errNoPrefix
	}
	return p.Masked(), nil
}

var numberParam = function.Parameter{Name: "number", Type: cty.Number}
var prefixParam = function.Parameter{Name: "prefix", Type: cty.String}

var cidrHostFunc = function.New(&function.Spec{
	Params: []function.Parameter{prefixParam, numberParam},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := parsePrefix(args[0])
		if err != nil {
			return cty.DynamicVal, err
		}
		n, _ := args[1].AsBigFloat().Int(nil)
		if n.Sign() < 0 { // counted from the end
			n.Add(n, new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits())))
		}
		a, ok := addressOf(p, n, 0)
		if !ok {
			return cty.DynamicVal, errors.New("prefix is too small for that host number")
		}
		return cty.StringVal(a.String()), nil
	},
})

var cidrNetmaskFunc = function.New(&function.Spec{
	Params: []function.Parameter{prefixParam},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := parsePrefix(args[0])
		if err != nil || !p.Addr().Is4() {
			return cty.DynamicVal, errNoPrefix
		}
		mask, _ := netip.AddrFrom4([4]byte{255, 255, 255, 255}).Prefix(p.Bits())
		return cty.StringVal(mask.Addr().String()), nil
	},
})

var cidrSubnetFunc = function.New(&function.Spec{
	Params: []function.Parameter{prefixParam, numberParam, numberParam},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := parsePrefix(args[0])
		if err != nil {
			return cty.DynamicVal, err
		}
		var bits int
		if err := gocty.FromCtyValue(args[1], &bits); err != nil {
			return cty.DynamicVal, err
		}
		n, _ := args[2].AsBigFloat().Int(nil)
		length := p.Bits() + bits
		if bits < 0 || length > p.Addr().BitLen() || n.Sign() < 0 || n.BitLen() > bits {
			return cty.DynamicVal, errors.New("prefix extension does not fit")
		}
		a, ok := addressOf(p, n, p.Addr().BitLen()-length)
		if !ok {
			return cty.DynamicVal, errors.New("prefix extension does not fit")
		}
		return cty.StringVal(netip.PrefixFrom(a, length).String()), nil
	},
})

var cidrSubnetsFunc = function.New(&function.Spec{
	Params:   []function.Parameter{prefixParam},
	VarParam: &function.Parameter{Name: "newbits", Type: cty.Number},
	Type:     function.StaticReturnType(cty.List(cty.String)),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := parsePrefix(args[0])
		if err != nil {
			return cty.DynamicVal, err
		}
		width := p.Addr().BitLen()
		next := new(big.Int) // first free address, relative to p
		var out []cty.Value
		for _, arg := range args[1:] {
			var bits int
			if err := gocty.FromCtyValue(arg, &bits); err != nil {
				return cty.DynamicVal, err
			}
			length := p.Bits() + bits
			if bits < 1 || length > width {
				return cty.DynamicVal, errors.New("prefix extension does not fit")
			}
			size := new(big.Int).Lsh(big.NewInt(1), uint(width-length))
			start := new(big.Int).Add(next, new(big.Int).Sub(size, big.NewInt(1)))
			start.Div(start, size).Mul(start, size)
			a, ok := addressOf(p, start, 0)
			if !ok {
				return cty.DynamicVal, errors.New("not enough remaining address space")
			}
			next = start.Add(start, size)
			out = append(out, cty.StringVal(netip.PrefixFrom(a, length).String()))
		}
		if len(out) == 0 {
			return cty.ListValEmpty(cty.String), nil
		}
		return cty.ListVal(out), nil
	},
})

var cidrContainsFunc = onText(2, cty.Bool, func(s []string) (cty.Value, error) {
	p, err := netip.ParsePrefix(s[0])
	if err != nil {
		return cty.DynamicVal, errNoPrefix
	}
	if a, err := netip.ParseAddr(s[1]); err == nil {
		return cty.BoolVal(p.Contains(a)), nil
	}
	q, err := netip.ParsePrefix(s[1])
	if err != nil {
		return cty.DynamicVal, errNoPrefix
	}
	return cty.BoolVal(p.Contains(q.Masked().Addr()) && q.Bits() >= p.Bits()), nil
})
