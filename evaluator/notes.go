package evaluator

import (
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// remark adds the notes that qualify the answer.
func (q *inquiry) remark(out *FlowResult, way passage) {
	note := func(c netmodel.Code, a netmodel.Address) { out.Notes = append(out.Notes, Note{Code: c, Address: a}) }
	switch {
	case q.d.oneWay:
		note(netmodel.UnidirectionalOnly, "")
	case !q.d.promise && out.Verdict != Unreachable && out.Witness.Proto != headerspace.TCP:
		note(netmodel.ReturnNotChecked, "")
	}
	if out.Verdict == Unreachable && out.Witness.Proto == headerspace.TCP && resultOf(out.Forward) == HopPass && resultOf(out.Reply) == HopBlock {
		note(netmodel.OneWayDelivery, "")
	}
	if e := q.from.endpoint; out.Verdict == Unreachable && e != nil && e.MoreReceives && len(e.Interfaces) == 0 {
		note(netmodel.EndpointOnlyReceives, e.Address)
	}
	if out.Verdict == Partial {
		note(netmodel.PartiallyReachable, "")
	}
	if q.from.endpoint == nil && out.Witness.Dst.Is6() && (out.Verdict == Reachable || out.Verdict == Partial) {
		note(netmodel.IPv6PublicByDefault, out.To.Endpoint)
	}
	if (out.Verdict == Reachable || out.Verdict == Partial) && slices.ContainsFunc(out.Forward, func(h Hop) bool { return isOnlineHop(h) && q.c.isUnblocked(h.Address) }) {
		note(netmodel.BPAAssumedOff, "")
	}
	if slices.ContainsFunc(q.keys, q.membersDiffer) {
		note(netmodel.MembersDiffer, "")
	}
	if p := out.Witness.Proto; q.d.promise && p.HasPorts() && !q.d.oneWay && resultOf(out.Forward) == HopPass && resultOf(out.Reply) == HopPass {
		if lost := q.d.lost(way.back, p); len(lost) > 0 {
			out.Notes = append(out.Notes, Note{Code: netmodel.ReturnACLPartial, Ports: lost})
			for i := range out.Allowed {
				out.Allowed[i].SourcePorts = complement(q.d.clients, lost)
			}
		}
	}
	if !q.d.promise && out.Verdict == Unreachable {
		q.remarkTrivial(note)
	}
}

// isOnlineHop reports whether a hop connects with the internet.
func isOnlineHop(h Hop) bool {
	return h.Kind == InternetGateway || h.Kind == EgressOnlyInternetGateway
}

// membersDiffer reports whether traffic certainly passes between some members
// of the ends and certainly not between others.
func (q *inquiry) membersDiffer(k cell) bool {
	x := q.cells[k]
	return x.some.Yes().Intersect(x.every.No()).Overlaps(q.d.asked(k))
}

// remarkTrivial notes a prohibition whose source can reach nothing at all, or
// whose target has no interface (L-64).
func (q *inquiry) remarkTrivial(note func(netmodel.Code, netmodel.Address)) {
	for _, t := range []terminal{q.from, q.to} {
		if t.endpoint != nil && len(t.endpoint.Interfaces) == 0 && t.endpoint.More.IsZero() {
			note(netmodel.PassesTrivially, t.endpoint.Address)
			return
		}
	}
	if q.from.endpoint == nil {
		return
	}
	for _, a := range q.from.endpoint.Interfaces {
		i := q.c.net.Interface(a)
		for _, r := range i.Groups.Links {
			g, ok := r.Exact()
			group := q.c.net.Group(g)
			if !ok || group == nil || len(group.Egress.Rules) > 0 || len(group.Egress.Hidden) > 0 {
				return
			}
		}
		if !i.Groups.More.IsZero() || len(i.Groups.Links) == 0 {
			return
		}
	}
	note(netmodel.PassesTrivially, q.from.endpoint.Address)
}

// complement is the ports of r that are in none of the given ascending ranges.
func complement(r assertions.PortRange, without []assertions.PortRange) []assertions.PortRange {
	var out []assertions.PortRange
	at := int(r.Lo)
	for _, w := range without {
		if at < int(w.Lo) {
			out = append(out, assertions.PortRange{Lo: uint16(at), Hi: w.Lo - 1})
		}
		at = int(w.Hi) + 1
	}
	if at <= int(r.Hi) {
		out = append(out, assertions.PortRange{Lo: uint16(at), Hi: r.Hi})
	}
	return out
}
