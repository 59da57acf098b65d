package evaluator

import (
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// promisedThrough decides a promise that names a proxy in through (L-52), of
// which nothing gets through directly. It holds if every node of the proxy that
// serves the target takes every client's connections and hands them on; it is
// broken if no way through proxies carries some of what was asked. Between these
// it is unknown.
func (c *compiled) promisedThrough(d demand, s, t terminal, direct FlowResult, strict bool) FlowResult {
	f := &pathfinder{compiled: c, d: d.bare(), source: s}
	all := f.to(t)
	named := slices.DeleteFunc(slices.Clone(all), func(way detour) bool {
		return len(way.through) != 1 || slices.ContainsFunc(d.through, func(p assertions.Waypoint) bool { return f.passesPoint(way, p) != yes })
	})
	ways := merged(slices.Clone(all))
	out := direct
	out.Detours = c.shownDetours(d, s, ways, strict)
	out.Outcome, out.Verdict = OutcomeUnknown, Undecided
	switch {
	case len(d.avoid) == 0 && f.allCarried(t, named):
		out.Outcome, out.Verdict = Pass, Unreachable // of the direct way
	case isShown(s) && isShown(t) && someLost(d, ways):
		out.Outcome, out.Verdict = Fail, Unreachable
	default:
		out.Unknowns = nil
		for _, way := range out.Detours {
			out.Unknowns = append(out.Unknowns, way.Unknowns...)
		}
		if len(out.Unknowns) == 0 {
			out.Unknowns = []OpenFact{{Gap: netmodel.Gap{Origin: netmodel.Origin{Address: c.proxyIn(d.through)}, Why: netmodel.NotModelled,
				Code: netmodel.UnsupportedComponent, Detail: "its nodes differ, or what else the way passes does not tell whether the promise holds"}}}
		}
	}
	return out
}

// passesPoint is whether a detour passes a waypoint, as a proxy or on one of its
// legs.
func (f *pathfinder) passesPoint(way detour, p assertions.Waypoint) tri {
	g := *f
	g.d.unless = []assertions.Waypoint{p}
	return g.passesAll(way)
}

// allCarried reports whether every node of the one proxy of some ways that serves
// a target carries all that was asked, for every client.
func (f *pathfinder) allCarried(t terminal, ways []detour) bool {
	if len(ways) == 0 || t.endpoint == nil {
		return false
	}
	lb := f.net.Endpoint(ways[0].through[0])
	if lb == nil || slices.ContainsFunc(ways, func(w detour) bool { return w.through[0] != lb.Address }) || !lb.More.IsZero() {
		return false
	}
	good := 0
	targets := oneByOne(t)
	for _, target := range targets {
		served, carried := 0, 0
		for _, node := range oneByOne(terminal{endpoint: lb, end: endpointEnd(lb)}) {
			if !f.mayServeFrom(node, target) {
				continue
			}
			served++
			if f.carries(ways, node.only, target.only) {
				carried++
			}
		}
		if served > 0 && served == carried {
			good++
		}
	}
	if t.endpoint.Every || t.within.IsValid() {
		return good == len(targets)
	}
	return good > 0
}

// mayServeFrom reports whether a node may send to a target where that is: without
// balancing across zones it does not reach into others (LB-6).
func (f *pathfinder) mayServeFrom(node, target terminal) bool {
	w := &world{}
	w.begin()
	for _, is6 := range []bool{false, true} {
		for _, n := range f.hosts(w, node, is6) {
			for _, t := range f.hosts(w, target, is6) {
				for i := range f.balancers.of[f.net.LoadBalancer(node.endpoint.Address)] {
					h := f.balancers.of[f.net.LoadBalancer(node.endpoint.Address)][i]
					if min(f.isAt(h, t), f.isServed(w, h, n, t)) != no {
						return true
					}
				}
			}
		}
	}
	return len(w.log) > 0 // it depends on what is open
}

// carries reports whether the ways by a node to a target carry all that was
// asked, for every client that the node knows.
func (f *pathfinder) carries(ways []detour, node, target netmodel.Address) bool {
	total := map[client]headerspace.Tri{}
	for _, way := range ways {
		if len(way.legs) == 0 || way.legs[0].to.only != node || way.legs[len(way.legs)-1].to.only != target {
			continue
		}
		for who, x := range way.passes {
			if old, ok := total[who]; ok {
				x = x.Or(old)
			}
			total[who] = x
		}
	}
	for _, x := range total {
		if !x.Yes().ContainsAll(f.d.traffic) {
			return false
		}
	}
	return len(total) > 0
}

// isShown reports whether the plan shows all interfaces of an end: ways to others
// cannot be followed.
func isShown(t terminal) bool { return t.endpoint == nil || t.endpoint.More.IsZero() }

// someLost reports whether some of what was asked certainly gets through by none
// of the ways, for some client.
func someLost(d demand, ways []detour) bool {
	if len(ways) == 0 {
		return true
	}
	best := map[client]headerspace.Tri{}
	for _, way := range ways {
		for who, x := range way.passes {
			if old, ok := best[who]; ok {
				x = x.Or(old)
			}
			best[who] = x
		}
	}
	for _, x := range best {
		if x.No().Overlaps(d.traffic) {
			return true
		}
	}
	return false
}
