package planparse

import (
	"fmt"

	"github.com/planreach/planreach/netmodel"
)

// A line is a rule, a route or an entry on its way into an object.
type line[L any] struct {
	value  L
	origin netmodel.Origin
	doubt  *netmodel.Gap // of the value
	key    string        // equal for lines that say the same
}

// reconcile is the lines of one object: those its own resource holds and those
// of resources of their own, alone now and prior before the plan.
func reconcile[L any](b *Builder, in inline, own, alone, prior []*line[L]) []*line[L] {
	if len(alone) == 0 && len(prior) == 0 {
		return own
	}
	switch in.kind {
	case InlineStale:
		return append(without(own, prior, alone), alone...)
	case InlineConfigured:
		if len(own) == 0 && in.fresh(b) || len(alone) == 0 {
			return append(own, alone...)
		}
		mixed(b, in, alone)
		doubt(without(alone, own), in)
		return append(without(own, alone), alone...)
	case InlineUnsure:
		return unsure(in, own, alone, prior)
	case InlineObserved:
		only := without(own, alone)
		if b.world == After && len(alone) > 0 {
			unexplained(only, in)
		}
		return append(only, alone...)
	}
	return append(without(own, alone), alone...)
}

// unsure is reconcile where the object's own lines may be configured, by a
// dynamic block, or stale. If each of them is one that another resource
// contributed, they are stale: the cloud refuses the same rule, entry or route
// twice.
func unsure[L any](in inline, own, alone, prior []*line[L]) []*line[L] {
	only := without(own, prior)
	if len(only) == 0 {
		return alone
	}
	doubt(without(own, alone), in)
	doubt(without(alone, own), in)
	return append(without(own, alone), alone...)
}

// fresh reports whether the object is made by this apply: its own lines are
// then set before others can be added.
func (in inline) fresh(b *Builder) bool {
	r := b.resources[in.origin.Address]
	return r == nil || r.Value(Before).IsNone() || r.Action == Replace || r.Action == Create
}

func without[L any](lines []*line[L], others ...[]*line[L]) []*line[L] {
	taken := map[string]bool{}
	for _, o := range others {
		for _, l := range o {
			taken[l.key] = true
		}
	}
	var out []*line[L]
	for _, l := range lines {
		if !taken[l.key] {
			out = append(out, l)
		}
	}
	return out
}

func doubt[L any](lines []*line[L], in inline) {
	for _, l := range lines {
		*l.doubt = doubted(*l.doubt, netmodel.Gap{Origin: l.origin, Why: netmodel.UntilApply, Code: in.conflict,
			Detail: fmt.Sprintf("%s sets some of the lines itself, others are resources of their own, and each may undo the other", in.origin.Address)})
	}
}

// unexplained doubts what a state lists inside an object that others make the
// lines of: somebody added it by hand, or the apply that wrote the state took
// away the resource that made it, and the next refresh will show that.
func unexplained[L any](lines []*line[L], in inline) {
	for _, l := range lines {
		*l.doubt = doubted(*l.doubt, netmodel.Gap{Origin: l.origin, Why: netmodel.OutsidePlan, Code: in.conflict,
			Detail: fmt.Sprintf("%s lists it, and no resource that makes its lines does: made by hand, or gone since the last refresh", in.origin.Address)})
	}
}

func mixed[L any](b *Builder, in inline, with []*line[L]) {
	b.Conflict(netmodel.Conflict{Code: in.conflict, Origin: in.origin, With: originsOf(with),
		Detail: fmt.Sprintf("%s is set in %s and beside it by resources of their own: each may undo the other", in.origin.Path, in.origin.Address)})
}

func originsOf[L any](lines []*line[L]) []netmodel.Origin {
	var out []netmodel.Origin
	for _, l := range lines {
		out = append(out, l.origin)
	}
	return out
}

// keyName is how an object is called in keys: names that this world has lost
// stand for the resource that had them.
func (b *Builder) keyName(r netmodel.Ref) string {
	return b.CanonicalRef(r).Map(func(a netmodel.Address) netmodel.Address {
		if was, ok := b.Gone(a); ok {
			return was
		}
		return a
	}).String()
}

func (b *Builder) peerKey(p netmodel.Peer) string {
	switch p.Kind {
	case netmodel.PeerGroup, netmodel.PeerPrefixList:
		return b.keyName(p.Ref)
	case netmodel.PeerPrefix, netmodel.PeerOpen:
	}
	return p.String()
}

func (b *Builder) ruleLine(r netmodel.Rule) *line[netmodel.Rule] {
	l := &line[netmodel.Rule]{value: r, origin: r.Origin}
	l.doubt = &l.value.Doubt
	l.key = fmt.Sprint(r.Number, r.Action, r.Match, b.peerKey(r.Peer))
	link := r.Peer.Kind == netmodel.PeerGroup || r.Peer.Kind == netmodel.PeerPrefixList
	if r.Peer.Kind == netmodel.PeerOpen || link && !r.Peer.Ref.IsSettled() || !r.Match.Open().IsEmpty() {
		l.key += fmt.Sprint(r.Origin) // what is open may differ
	}
	return l
}

func (b *Builder) routeLine(r netmodel.Route) *line[netmodel.Route] {
	l := &line[netmodel.Route]{value: r, origin: r.Origin}
	l.doubt = &l.value.Doubt
	l.key = b.peerKey(r.Destination) + " " + b.keyName(r.Target)
	if r.Destination.Kind == netmodel.PeerOpen || !r.Target.IsSettled() {
		l.key += fmt.Sprint(r.Origin)
	}
	return l
}

func (b *Builder) entryLine(e netmodel.PrefixEntry) *line[netmodel.PrefixEntry] {
	l := &line[netmodel.PrefixEntry]{value: e, origin: e.Origin, key: e.Prefix.String()}
	l.doubt = &l.value.Doubt
	return l
}
