package aws

import (
	"strings"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// groupRules makes the rules of one block or resource, which differ in their
// far end only.
type groupRules struct {
	b     *planparse.Builder
	match headerspace.Tri
	gaps  []netmodel.Gap
	doubt netmodel.Gap
	rules []netmodel.Rule

	sensitive bool // what match was read from
}

func newGroupRules(b *planparse.Builder, s trafficSpec) *groupRules {
	s.omitted = -1
	g := &groupRules{b: b}
	g.match, g.gaps = s.match()
	if g.sensitive = s.isSensitive(); g.sensitive {
		b.AddSensitiveTraffic(g.match.May())
	}
	return g
}

func (g *groupRules) add(p netmodel.Peer, o netmodel.Origin) {
	g.rules = append(g.rules, netmodel.Rule{Action: netmodel.Permit, Match: g.match, Peer: p, Origin: o, Gaps: g.gaps, Doubt: g.doubt, Sensitive: g.sensitive})
}

// prefixes adds a rule for each element of a list of CIDRs.
func (g *groupRules) prefixes(v planparse.Block, name string, is6 bool) {
	elements, more := v.Prefixes(name)
	for _, e := range elements {
		g.add(prefixPeer(g.b, e.Known, is6), e.Origin)
	}
	if !more.IsZero() {
		g.add(netmodel.Peer{Kind: netmodel.PeerOpen, V4: !is6, V6: is6, Gap: more}, v.Origin(name))
	}
}

// prefix adds a rule if a CIDR argument is set.
func (g *groupRules) prefix(v planparse.Block, name string, is6 bool) {
	if p := v.Prefix(name); !p.IsNull() {
		g.add(prefixPeer(g.b, p, is6), v.Origin(name))
	}
}

// objects adds a rule for each group or prefix list of a list.
func (g *groupRules) objects(v planparse.Block, name string, kind netmodel.PeerKind) {
	list := v.Get(name)
	if list.Kind() == planparse.Hole {
		// Any number of objects: a link to any one of them, or to none, says the
		// same of each.
		ref := list.Ref(v.Origin(name))
		among, _ := ref.Among()
		gap := ref.Gap()
		if gap.IsZero() {
			gap = v.Gap(name)
		}
		g.add(netmodel.Peer{Kind: kind, Ref: netmodel.Unsettled(gap, among...)}, v.Origin(name))
		return
	}
	for i, e := range list.Elements() {
		o := element(v.Origin(name), i)
		if ref := objectRef(e, o); !ref.IsNone() {
			g.add(netmodel.Peer{Kind: kind, Ref: ref}, o)
		}
	}
}

// object adds a rule if an argument names a group or prefix list.
func (g *groupRules) object(v planparse.Block, name string, kind netmodel.PeerKind) {
	if ref := objectRef(v.Get(name), v.Origin(name)); !ref.IsNone() {
		g.add(netmodel.Peer{Kind: kind, Ref: ref}, v.Origin(name))
	}
}

// self adds a rule for the group that the rule is part of, if the argument self
// says so (SG-10).
func (g *groupRules) self(v planparse.Block, group netmodel.Ref) {
	switch t := v.Truth("self", false); {
	case t.IsTrue():
		g.add(netmodel.Peer{Kind: netmodel.PeerGroup, Ref: group}, v.Origin("self"))
	case t.IsOpen():
		g.doubt = t.Gap()
		g.add(netmodel.Peer{Kind: netmodel.PeerGroup, Ref: group}, v.Origin("self"))
		g.doubt = netmodel.Gap{}
	}
}

// objectRef is the link of a group or prefix list id, in front of which the
// owner's account may stand: account/sg-id (SG-15, TFB-2).
func objectRef(v planparse.Value, o netmodel.Origin) netmodel.Ref {
	if l := v.Leaf(); l != nil && l.Kind == planparse.Exact && len(l.Term) == 2 {
		if t := l.Term; strings.HasSuffix(t[0].Literal, "/") && t[1].Identity.Address != "" {
			return netmodel.To(planparse.ObjectAddress(t[1].Identity))
		}
	}
	return v.Ref(o).Map(func(a netmodel.Address) netmodel.Address {
		if account, id, ok := strings.Cut(string(a), "/"); ok && isAccount(account) {
			return netmodel.Address(id)
		}
		return a
	})
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}
