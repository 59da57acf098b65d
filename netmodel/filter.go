package netmodel

import (
	"fmt"
	"net/netip"

	"github.com/planreach/planreach/headerspace"
)

// An Action is what a Rule does with the packets it names. The zero value is
// invalid.
type Action uint8

// The actions.
const (
	Permit Action = iota + 1
	Deny
)

// String is allow or deny, as in a network ACL.
func (a Action) String() string {
	switch a {
	case Permit:
		return "allow"
	case Deny:
		return "deny"
	}
	panic(fmt.Sprintf("netmodel: invalid Action %d", uint8(a)))
}

// A Direction is seen from the filtered interface or subnet. The zero value
// has no direction.
type Direction uint8

// The directions.
const (
	Ingress Direction = iota + 1
	Egress
)

// String is ingress, egress, or empty.
func (d Direction) String() string { return [...]string{"", "ingress", "egress"}[d] }

// A PeerKind says how a Rule names the far end. The zero value is invalid.
type PeerKind uint8

// The ways to name the far end of a rule or the destination of a route.
const (
	PeerPrefix     PeerKind = iota + 1 // addresses in Prefix
	PeerGroup                          // interfaces that carry the group Ref, by their private addresses
	PeerPrefixList                     // addresses in the entries of the prefix list Ref
	PeerOpen                           // some addresses of the families below; which is open
)

// A Peer is the far end that a Rule names, or the destination of a Route. The
// zero Peer is invalid.
type Peer struct {
	Kind   PeerKind
	Prefix netip.Prefix // PeerPrefix; masked
	Ref    Ref          // PeerGroup, PeerPrefixList
	// V4 and V6 say which families PeerOpen may name.
	V4, V6 bool
	Gap    Gap // PeerOpen: why
	// Host narrows PeerOpen to the private IPv4 address of an Interface or a
	// NATGateway; the zero Ref says nothing. Own narrows it to a public IPv4
	// address that the plan gives to an object of its own.
	Host Ref
	Own  bool
	// Sensitive: the plan marks the value; decide by it, never print it.
	Sensitive bool
}

// InPrefix is the far end with an address in p.
func InPrefix(p netip.Prefix) Peer { return Peer{Kind: PeerPrefix, Prefix: p.Masked()} }

// String is for model dumps.
func (p Peer) String() string {
	switch p.Kind {
	case PeerPrefix:
		return p.Prefix.String()
	case PeerGroup, PeerPrefixList:
		return p.Ref.String()
	case PeerOpen:
		switch {
		case p.Own:
			return "a public address of its own"
		case len(p.Host.among) > 0:
			return "address of " + p.Host.String()
		}
		return "open"
	}
	panic(fmt.Sprintf("netmodel: invalid PeerKind %d", uint8(p.Kind)))
}

// A Rule is one line of a Filter and stands for exactly one line of the plan.
type Rule struct {
	Number int // of a network ACL entry; 0 in a group
	Action Action
	Match  headerspace.Tri // traffic it names, the far end apart
	Peer   Peer
	Origin Origin
	// Doubt says why the rule may not be part of this filter after all: its
	// link to the filter is open, or the plan contradicts itself. Zero: it is.
	Doubt Gap
	Gaps  []Gap // why Match is open where it is open
	Notes []Code
	// Sensitive: the plan marks a value that Match was read from; decide by it,
	// never print it.
	Sensitive bool
}

// A Filter decides packets by the first Rule that matches, else by Default.
// The zero Filter is invalid.
type Filter struct {
	Rules   []Rule
	Default Action
	// Stateful: replies to permitted flows pass unexamined, and the rules, all
	// of them Permit, form a union.
	Stateful bool
	// Hidden are the reasons why the filter may hold rules that the plan does
	// not show, anywhere in its order. Empty: Rules are all.
	Hidden []Gap
}
