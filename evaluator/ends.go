package evaluator

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// terminals is what an end stands for: an endpoint; the internet; or, for a
// CIDR, the endpoints that have an address in it and the rest of it outside
// (L-19).
func (c *compiled) terminals(e assertions.End) []terminal {
	switch e.Kind {
	case assertions.EndpointEnd:
		ep := c.net.Endpoint(e.Endpoint)
		if ep == nil {
			panic("evaluator: no endpoint is called " + string(e.Endpoint))
		}
		return []terminal{{end: e, endpoint: ep, doubt: e.Doubt}}
	case assertions.InternetEnd:
		t := terminal{end: e, doubt: e.Doubt}
		for n, wanted := range []bool{e.V4, e.V6} {
			for _, p := range c.internet[n] {
				if wanted {
					t.outside = append(t.outside, slices.DeleteFunc(c.outsideVPCs(p, true), func(x headerspace.Atom) bool { return c.reflected[x] })...)
				}
			}
		}
		return []terminal{t}
	case assertions.PrefixEnd:
		return c.prefixTerminals(e)
	case assertions.GatewayEnd:
		return []terminal{{end: e, doubt: e.Doubt}}
	}
	panic("evaluator: invalid EndKind")
}

func (c *compiled) prefixTerminals(e assertions.End) []terminal {
	var out []terminal
	for _, ep := range c.net.Endpoints {
		if ep.Unshown {
			continue
		}
		switch c.endpointIn(ep, e.Prefix) {
		case yes:
			out = append(out, terminal{end: endpointEnd(ep), endpoint: ep, within: e.Prefix, doubt: e.Doubt})
		case maybe:
			doubt := netmodel.Gap{Origin: ep.Origin, Why: netmodel.UntilApply, Code: netmodel.UnknownAddress,
				Detail: "its address may lie in " + e.Prefix.String()}
			out = append(out, terminal{end: endpointEnd(ep), endpoint: ep, within: e.Prefix, doubt: doubt})
		case no:
		}
	}
	rest := terminal{end: e, outside: c.outsideVPCs(e.Prefix, false), doubt: e.Doubt}
	if len(rest.outside) > 0 || len(out) == 0 {
		out = append(out, rest)
	}
	return out
}

// doubted is the end with the terminal's doubt.
func (t terminal) doubted() assertions.End {
	t.end.Doubt = t.doubt
	return t.end
}

func endpointEnd(ep *netmodel.Endpoint) assertions.End {
	return assertions.End{Kind: assertions.EndpointEnd, Endpoint: ep.Address}
}

// outsideVPCs is the address classes of p that belong to no VPC of the plan
// (L-18, L-19): of any, or of those whose interfaces the plan shows.
func (c *compiled) outsideVPCs(p netip.Prefix, any bool) []headerspace.Atom {
	return slices.DeleteFunc(c.atoms.Within(p), func(x headerspace.Atom) bool {
		return slices.ContainsFunc(c.net.VPCs, func(v *netmodel.VPC) bool {
			return (any || len(v.Hidden) == 0) && c.cidrHolds(v.Address, party{is6: c.atoms.Is6(x), atom: x})
		})
	})
}

// endpointIn reports whether an endpoint has a private address in p.
func (c *compiled) endpointIn(ep *netmodel.Endpoint, p netip.Prefix) tri {
	best := no
	if !ep.More.IsZero() {
		best = maybe
	}
	for _, a := range ep.Interfaces {
		i := c.net.Interface(a)
		known := i.IPv4
		has := i.HasIPv4
		if p.Addr().Is6() {
			known, has = i.IPv6, i.HasIPv6
			if i.AssignIPv6FromSubnet {
				has = netmodel.Truth{}
			}
		}
		switch {
		case has.IsFalse():
		case slices.ContainsFunc(known, p.Contains):
			return yes
		case len(known) == 0:
			best = max(best, c.subnetsIn(i.Subnet, p))
		}
	}
	return best
}

// subnetsIn reports whether an unknown address of a subnet lies in p: surely if
// every subnet that it may be lies in p.
func (c *compiled) subnetsIn(r netmodel.Ref, p netip.Prefix) tri {
	among, closed := r.Among()
	if !closed || len(among) == 0 {
		return maybe
	}
	all, some := true, false
	for _, a := range among {
		inside, overlaps := false, true
		if s := c.net.Subnet(a); s != nil {
			own := s.IPv4
			if p.Addr().Is6() {
				own = s.IPv6
			}
			if own.IsValid() {
				overlaps = own.Overlaps(p)
				inside = overlaps && p.Bits() <= own.Bits()
			}
		}
		all, some = all && inside, some || overlaps
	}
	switch {
	case all:
		return yes
	case some:
		return maybe
	}
	return no
}

// prefixesNamed is the prefixes that assertions name, which the atoms are cut
// along.
func prefixesNamed(as []assertions.Assertion) []netip.Prefix {
	var out []netip.Prefix
	for i := range as {
		for _, ends := range append([][]assertions.End{as[i].From.Ends, as[i].To.Ends, as[i].Exempt}, as[i].Groups...) {
			for _, e := range ends {
				if e.Kind == assertions.PrefixEnd {
					out = append(out, e.Prefix)
				}
			}
		}
	}
	return out
}
