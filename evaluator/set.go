package evaluator

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
)

// key is the same for equal clauses in the same order.
func (s Set) key() string {
	out := ""
	for i := range s {
		out += s[i].where() + " " + s[i].Traffic.String() + ";"
	}
	return out
}

// where is the same for clauses about the same addresses and client ports.
func (c *Clause) where() string { return fmt.Sprint(c.From, c.To, c.SourcePorts) }

func (c *Clause) isEverywhere() bool { return c.From == nil && c.To == nil && c.SourcePorts == nil }

// union is the packets of s and t. What a clause without addresses has is not
// said again of some of them.
func (s Set) union(t Set) Set {
	if len(t) == 0 {
		return s
	}
	var out Set
	at := map[string]int{}
	everywhere := headerspace.Traffic{}
	for _, set := range []Set{s, t} {
		for _, c := range set {
			n, ok := at[c.where()]
			if !ok {
				n = len(out)
				at[c.where()] = n
				out = append(out, Clause{From: c.From, To: c.To, SourcePorts: c.SourcePorts})
			}
			out[n].Traffic = out[n].Traffic.Union(c.Traffic)
			if c.isEverywhere() {
				everywhere = everywhere.Union(c.Traffic)
			}
		}
	}
	return out.less(everywhere)
}

// less takes traffic out of the clauses about some addresses.
func (s Set) less(everywhere headerspace.Traffic) Set {
	var out Set
	for _, c := range s {
		if !c.isEverywhere() {
			c.Traffic = c.Traffic.Minus(everywhere)
		}
		if !c.Traffic.IsEmpty() {
			out = append(out, c)
		}
	}
	return out
}

// without is the packets of s that are not, by the same addresses or by any, in
// t.
func (s Set) without(t Set) Set {
	var out Set
	for _, c := range s {
		for _, d := range t {
			if d.isEverywhere() || d.where() == c.where() {
				c.Traffic = c.Traffic.Minus(d.Traffic)
			}
		}
		if !c.Traffic.IsEmpty() {
			out = append(out, c)
		}
	}
	return out
}

// byTraffic is s with one clause for each part of the traffic that passes
// between the same addresses: what is said of few addresses does not cut what is
// said of all. whole replaces a side's addresses, as far as they are known, by
// fewer words.
func (s Set) byTraffic(whole func([]netip.Prefix) []netip.Prefix) Set {
	var parts Set
	for _, c := range s {
		parts = parts.overlay(c)
	}
	var out Set
	at := map[string]int{}
	for _, c := range parts {
		c.From, c.To = whole(c.From), whole(c.To)
		n, ok := at[c.where()]
		if !ok {
			at[c.where()] = len(out)
			out = append(out, c)
			continue
		}
		out[n].Traffic = out[n].Traffic.Union(c.Traffic)
	}
	return out
}

// overlay adds a clause to clauses of which no two have traffic in common.
func (s Set) overlay(c Clause) Set {
	var out Set
	for _, d := range s {
		if both := d.Traffic.Intersect(c.Traffic); !both.IsEmpty() {
			out = append(out, Clause{Traffic: both, From: joinRanges(c.From, d.From), To: joinRanges(c.To, d.To)})
		}
		if rest := d.Traffic.Minus(c.Traffic); !rest.IsEmpty() {
			d.Traffic = rest
			out = append(out, d)
		}
	}
	for _, d := range s {
		c.Traffic = c.Traffic.Minus(d.Traffic)
	}
	if !c.Traffic.IsEmpty() {
		out = append(out, c)
	}
	return out
}

// joinRanges is the addresses of both; nil, which is all, if either is.
func joinRanges(a, b []netip.Prefix) []netip.Prefix {
	switch {
	case a == nil || b == nil:
		return nil
	case slices.Equal(a, b):
		return a
	}
	return headerspace.Aggregate(slices.Concat(a, b))
}
