package report

import (
	"net/netip"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A Positioner finds facts in the source files.
type Positioner interface {
	// Position is the place that says o: file relative to the root module's
	// directory, with slashes, and line from 1; empty and 0 if not known.
	Position(o netmodel.Origin) (file string, line int)
}

// Facts are what reports tell beside the results themselves.
type Facts struct {
	Network    *netmodel.Network             // whose ends and hops are told
	Positioner Positioner                    // nil: no place is known
	Change     func(netmodel.Address) string // what the plan does to a resource; nil: nothing
	// SourcesAssumed: what is known only after apply follows a directory that
	// nothing proves to be the plan's.
	SourcesAssumed bool
}

func (f Facts) position(o netmodel.Origin) (file string, line int) {
	if f.Positioner == nil || o.Address == "" {
		return "", 0
	}
	return f.Positioner.Position(o)
}

func (f Facts) change(a netmodel.Address) string {
	if f.Change == nil {
		return "none"
	}
	if c := f.Change(a); c != "" {
		return c
	}
	return "none"
}

// hidden stands for every value that the plan marks sensitive.
const hidden = "(sensitive)"

func (f Facts) isSensitive(p netip.Prefix) bool {
	for _, s := range f.Network.Sensitive {
		if s.Bits() <= p.Bits() && s.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

// prefix is p in words, or hidden.
func (f Facts) prefix(p netip.Prefix) string {
	if f.isSensitive(p) {
		return hidden
	}
	return p.String()
}

// addr is a in words, or hidden.
func (f Facts) addr(a netip.Addr) string {
	if f.isSensitive(netip.PrefixFrom(a, a.BitLen())) {
		return hidden
	}
	return a.String()
}

// reveals reports whether ps has an edge where a sensitive prefix has one: then
// writing ps down would tell the prefix.
func (f Facts) reveals(ps []netip.Prefix) bool {
	for _, s := range f.Network.Sensitive {
		around := s
		if s.Bits() > 0 {
			around = netip.PrefixFrom(s.Addr(), s.Bits()-1).Masked()
		}
		outside := headerspace.Subtract([]netip.Prefix{around}, ps)
		none := len(outside) == 1 && outside[0] == around
		if len(outside) > 0 && !none {
			return true
		}
	}
	return false
}

// end is e within a sentence.
func (f Facts) end(e assertions.End) string {
	switch e.Kind {
	case assertions.EndpointEnd, assertions.GatewayEnd:
		return string(e.Endpoint)
	case assertions.InternetEnd:
		return "the internet"
	case assertions.PrefixEnd:
		return f.prefix(e.Prefix)
	}
	panic("report: an end of no kind")
}

// endField is e as the JSON fields from and to have it.
func (f Facts) endField(e assertions.End) string {
	if e.Kind == assertions.PrefixEnd {
		return f.prefix(e.Prefix)
	}
	return e.String()
}

// address is what ends of a flow call a packet's address: it itself where the
// plan knows that e has it, else e.
func (f Facts) address(a netip.Addr, e assertions.End) string {
	if !a.IsValid() {
		return f.end(e)
	}
	switch e.Kind {
	case assertions.GatewayEnd:
		return f.end(e)
	case assertions.EndpointEnd:
		if f.hasAddress(e.Endpoint, a) {
			return f.addr(a)
		}
		return f.end(e)
	case assertions.InternetEnd:
		return "the internet"
	case assertions.PrefixEnd:
		// An address picked from a range may lie next to a sensitive prefix.
		if e.Prefix.Contains(a) && (e.Prefix.IsSingleIP() || len(f.Network.Sensitive) == 0) {
			return f.addr(a)
		}
		return f.end(e)
	}
	panic("report: an end of no kind")
}

func (f Facts) hasAddress(endpoint netmodel.Address, a netip.Addr) bool {
	end := f.Network.Endpoint(endpoint)
	if end == nil {
		return false
	}
	for _, name := range end.Interfaces {
		i := f.Network.Interface(name)
		if i == nil {
			continue
		}
		if i.PublicIPv4 == a || i.ElasticIP == a {
			return true
		}
		for _, own := range i.IPv4 {
			if own == a {
				return true
			}
		}
		for _, own := range i.IPv6 {
			if own == a {
				return true
			}
		}
	}
	return false
}
