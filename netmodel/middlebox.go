package netmodel

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
)

// A MiddleboxKind says whose endpoint a Middlebox is. The zero value is invalid.
type MiddleboxKind uint8

// The kinds.
const (
	FirewallEndpoint        MiddleboxKind = iota + 1 // of a Network Firewall (NFW-1)
	GatewayBalancerEndpoint                          // of a Gateway Load Balancer (VPCE-15)
)

// A Middlebox is a point without security groups that routes send packets to.
// What it passes goes on unchanged by the route table of its subnet, the
// identity of the sender's groups is lost, and the replies must come back by it
// (VPCE-17, SG-19, GRT-9).
type Middlebox struct {
	Address Address // as routes name it
	Kind    MiddleboxKind
	Subnet  Ref
	// Policy says what passes; nil: everything, unless Unknown says why that is
	// not known.
	Policy  *FirewallPolicy
	Unknown Gap
	Origin  Origin
	Notes   []Code // PATH_THROUGH_GWLB_NOT_CHECKED
}

// A FirewallAction is what a FirewallRule does with the packets it names. The
// zero value is invalid.
type FirewallAction uint8

// The actions.
const (
	FirewallPass FirewallAction = iota + 1
	FirewallDrop
	FirewallInspect // hands on to the stateful rules; of stateless ones only
	FirewallUnclear // may do any of these, or nothing (NFW-12)
)

// String is the word of the firewall's own rules.
func (a FirewallAction) String() string {
	switch a {
	case FirewallPass:
		return "pass"
	case FirewallDrop:
		return "drop"
	case FirewallInspect:
		return "inspect"
	case FirewallUnclear:
		return "unclear"
	}
	panic(fmt.Sprintf("netmodel: invalid FirewallAction %d", uint8(a)))
}

// A FirewallPolicy decides each packet by the first stateless rule that matches,
// and what that hands on by the first stateful one; each list has its default
// (NFW-3 to NFW-7). Replies meet the stateless rules as packets of their own;
// among the stateful ones a connection that a rule passes is passed both ways.
type FirewallPolicy struct {
	Address          Address
	Stateless        []FirewallRule
	StatelessDefault FirewallAction
	Stateful         []FirewallRule // in the order in which they decide
	StatefulDefault  FirewallAction // FirewallPass, FirewallDrop or FirewallUnclear
	// Gaps are why a default is FirewallUnclear.
	Gaps   []Gap
	Origin Origin
}

// A FirewallRule is one line of a FirewallPolicy.
type FirewallRule struct {
	Action    FirewallAction
	Match     headerspace.Tri // traffic it names, addresses apart
	From, To  AddressSet
	EitherWay bool // From and To may change places
	Origin    Origin
	Gaps      []Gap // why Match is open or Action unclear
}

// An AddressSet is the addresses in any prefix of In and in none of Except. With
// an Open gap it is not known which; the zero AddressSet is empty.
type AddressSet struct {
	In, Except []netip.Prefix
	Open       Gap
}

// Anywhere is every address.
func Anywhere() AddressSet {
	return AddressSet{In: []netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0)}}
}

// Prefixes is every prefix by which a policy tells addresses apart.
func (p *FirewallPolicy) Prefixes() []netip.Prefix {
	var out []netip.Prefix
	for _, r := range p.Rules() {
		for _, s := range []AddressSet{r.From, r.To} {
			out = append(append(out, s.In...), s.Except...)
		}
	}
	return out
}

// Rules is the rules of both kinds; none of a nil policy.
func (p *FirewallPolicy) Rules() []FirewallRule {
	if p == nil {
		return nil
	}
	return slices.Concat(p.Stateless, p.Stateful)
}

// Ways is how the traffic of t can pass the stateless rules: FirewallPass if all
// that passes does so without the stateful ones, FirewallInspect if all of it is
// handed on to them, FirewallUnclear if there may be both.
func (p *FirewallPolicy) Ways(t headerspace.Traffic) FirewallAction {
	var found [FirewallUnclear + 1]bool
	found[p.StatelessDefault] = true
	for i := range p.Stateless {
		if r := &p.Stateless[i]; r.Match.May().Overlaps(t) {
			found[r.Action] = true
		}
	}
	switch {
	case found[FirewallUnclear], found[FirewallPass] && found[FirewallInspect]:
		return FirewallUnclear
	case found[FirewallInspect]:
		return FirewallInspect
	case found[FirewallPass]:
		return FirewallPass
	}
	return FirewallDrop
}
