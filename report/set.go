package report

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// set is a set of packets in the notation of allowed and undecided; asked is the traffic of the question.
func (f Facts) set(s evaluator.Set, asked headerspace.Traffic, from, to assertions.End) string {
	var clauses []string
	for _, c := range s {
		if c.Traffic.IsEmpty() {
			continue
		}
		text := f.traffic(c.Traffic, asked)
		if c.From != nil {
			text += " from " + f.addresses(c.From, from)
		}
		if c.To != nil {
			text += " to " + f.addresses(c.To, to)
		}
		if c.SourcePorts != nil {
			text += " with source port " + portRanges(c.SourcePorts)
		}
		clauses = append(clauses, text)
	}
	if len(clauses) == 0 {
		return "none"
	}
	return strings.Join(clauses, "; ")
}

// traffic is t in words, or hidden if it has an edge that a sensitive rule has
// and the question has not.
func (f Facts) traffic(t, asked headerspace.Traffic) string {
	if slices.ContainsFunc(f.Network.SensitiveTraffic, func(s headerspace.Traffic) bool { return t.HasEdgeOf(s, asked) }) {
		return hidden
	}
	return t.String()
}

func portRanges(rs []assertions.PortRange) string {
	texts := make([]string, len(rs))
	for i, r := range rs {
		texts[i] = fmt.Sprintf("%d-%d", r.Lo, r.Hi)
		if r.Lo == r.Hi {
			texts[i] = fmt.Sprint(r.Lo)
		}
	}
	return strings.Join(texts, ",")
}

// addresses is ps as a list, or as a whole minus a list if that has fewer
// prefixes. The whole is the end of the question or the internet.
func (f Facts) addresses(ps []netip.Prefix, end assertions.End) string {
	if f.reveals(ps) {
		return hidden
	}
	best := words(ps)
	for _, whole := range wholes(end) {
		if len(headerspace.Subtract(ps, whole)) > 0 {
			continue
		}
		rest := words(headerspace.Subtract(whole, ps))
		if 1+len(rest) < len(best) {
			return strings.Join(words(whole), ", ") + " minus " + strings.Join(rest, ", ")
		}
	}
	return strings.Join(best, ", ")
}

// wholes are the address sets that have one word, narrower ones first.
func wholes(end assertions.End) [][]netip.Prefix {
	v4, v6 := netmodel.Internet(false), netmodel.Internet(true)
	out := [][]netip.Prefix{v4, v6, slices.Concat(v4, v6)}
	if end.Kind == assertions.PrefixEnd {
		out = append([][]netip.Prefix{{end.Prefix}}, out...)
	}
	return out
}

// words is ps as the fewest words: prefixes, and internet where all of it is
// there.
func words(ps []netip.Prefix) []string {
	ps = headerspace.Aggregate(ps)
	var out []string
	take := func(word string, whole ...netip.Prefix) {
		if len(headerspace.Subtract(whole, ps)) > 0 {
			return
		}
		// A range that reaches beyond the internet is written as it is.
		rest := headerspace.Subtract(ps, whole)
		if len(rest) < len(ps) {
			out, ps = append(out, word), rest
		}
	}
	v4, v6 := netmodel.Internet(false), netmodel.Internet(true)
	take("internet", slices.Concat(v4, v6)...)
	take("internet.v4", v4...)
	take("internet.v6", v6...)
	for _, p := range ps {
		out = append(out, p.String())
	}
	return out
}

// points is how many protocols and ports a set lets pass at all, to compare how
// bad failures are.
func points(s evaluator.Set) int {
	all := headerspace.Traffic{}
	for _, c := range s {
		all = all.Union(c.Traffic)
	}
	n := len(all.Protos())
	for _, p := range [...]headerspace.Proto{headerspace.TCP, headerspace.UDP} {
		for _, r := range all.PortRanges(p) {
			n += int(r[1]-r[0]) + 1
		}
	}
	return n
}
