package netmodel

import (
	"fmt"
	"slices"
	"strings"
)

// An Address names an object of the network: the absolute address of a
// Terraform resource instance (module.net.aws_subnet.app["a"]); for an object
// that comes with another one, the reference by which Terraform names it
// (aws_vpc.main.default_network_acl_id); for an object that the plan only
// mentions, its cloud id (sg-0abc). The empty Address names nothing.
type Address string

// An Origin says which part of the plan a fact was read from.
type Origin struct {
	Address Address // absolute Terraform address of a resource instance
	Path    string  // attribute path, "ingress[0].cidr_blocks"; empty for the whole resource
}

// A GapReason says why the plan leaves a fact open. The zero value is invalid.
type GapReason uint8

// The reasons, in the words of the JSON field why ("known after apply", …).
const (
	UntilApply  GapReason = iota + 1 // known only after apply
	OutsidePlan                      // belongs to an object that the plan does not describe
	NotModelled                      // planreach does not model it
)

// String is the wording of the JSON field unknown.why.
func (r GapReason) String() string {
	switch r {
	case UntilApply:
		return "known after apply"
	case OutsidePlan:
		return "outside the plan"
	case NotModelled:
		return "not modelled"
	}
	panic(fmt.Sprintf("netmodel: invalid GapReason %d", uint8(r)))
}

// A Gap is a fact that the plan leaves open. The zero Gap is invalid.
type Gap struct {
	Origin Origin
	Why    GapReason
	Code   Code   // class unknown or conflict
	Detail string // one sentence for people: the expression, or what is missing
}

// IsZero reports whether g is the invalid zero Gap.
func (g Gap) IsZero() bool { return g.Why == 0 }

// A Truth is a statement that holds, does not hold, or is left open. The zero
// Truth is open and gives no reason; Holds and Fails are certain.
type Truth struct {
	v   int8 // 1 holds, -1 fails, 0 open
	gap Gap
}

// Holds and Fails are the certain answers.
var (
	Holds = Truth{v: 1}
	Fails = Truth{v: -1}
)

// Certain is Holds or Fails.
func Certain(v bool) Truth {
	if v {
		return Holds
	}
	return Fails
}

// Open is a statement that g leaves open.
func Open(g Gap) Truth { return Truth{gap: g} }

// IsTrue reports whether the statement certainly holds.
func (t Truth) IsTrue() bool { return t.v > 0 }

// IsFalse reports whether the statement certainly does not hold.
func (t Truth) IsFalse() bool { return t.v < 0 }

// IsOpen reports whether the statement may hold or not.
func (t Truth) IsOpen() bool { return t.v == 0 }

// Not is the opposite statement.
func (t Truth) Not() Truth { return Truth{v: -t.v, gap: t.gap} }

// Gap is the reason why t is open; the zero Gap if t is certain.
func (t Truth) Gap() Gap { return t.gap }

// String is for model dumps: yes, no or open.
func (t Truth) String() string { return [...]string{"no", "open", "yes"}[t.v+1] }

// A Ref is a link to at most one other object: exactly known, one of a closed
// list, or open. The zero Ref is open and gives no reason.
type Ref struct {
	// among are the objects it may lead to, distinct; the empty Address among
	// them means that there may be no link at all. If closed, it is certainly
	// one of them; if not, they are only the candidates that are known.
	among  []Address
	closed bool
	gap    Gap // why among is not closed or has several members
}

// To is a link to a.
func To(a Address) Ref { return Ref{among: []Address{a}, closed: true} }

// NoLink is the certain absence of a link.
func NoLink() Ref { return Ref{among: []Address{""}, closed: true} }

// OneOf is a link to one of the given objects, for certain; the empty Address
// stands for no link. g says why it is not known which.
func OneOf(g Gap, among ...Address) Ref {
	out := dedupe(among)
	if len(out) == 0 {
		return Unsettled(g)
	}
	if len(out) == 1 {
		return Ref{among: out, closed: true}
	}
	return Ref{among: out, closed: true, gap: g}
}

// Unsettled is a link that g leaves open: to any object, to one that is not in
// the plan, or to none. The candidates serve messages only.
func Unsettled(g Gap, candidates ...Address) Ref { return Ref{among: dedupe(candidates), gap: g} }

func dedupe(as []Address) []Address {
	var out []Address
	for _, a := range as {
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// Exact is the object that r certainly leads to; ok is false if r is not
// settled or is certainly no link.
func (r Ref) Exact() (a Address, ok bool) {
	if r.closed && len(r.among) == 1 && r.among[0] != "" {
		return r.among[0], true
	}
	return "", false
}

// IsNone reports whether there is certainly no link.
func (r Ref) IsNone() bool { return r.closed && len(r.among) == 1 && r.among[0] == "" }

// IsSettled reports whether r is exact or certainly no link.
func (r Ref) IsSettled() bool { return r.closed && len(r.among) == 1 }

// Among is the objects that r may lead to, the empty Address among them
// meaning none; closed tells whether it is certainly one of these.
func (r Ref) Among() (among []Address, closed bool) { return r.among, r.closed }

// MayBe reports whether r may lead to a.
func (r Ref) MayBe(a Address) bool { return !r.closed || slices.Contains(r.among, a) }

// Gap says why r is not settled; the zero Gap if it is.
func (r Ref) Gap() Gap { return r.gap }

// Map is r with every address replaced by f of it; f of the empty Address is
// not asked.
func (r Ref) Map(f func(Address) Address) Ref {
	out := make([]Address, len(r.among))
	for i, a := range r.among {
		if a != "" {
			a = f(a)
		}
		out[i] = a
	}
	r.among = dedupe(out)
	if r.IsSettled() {
		r.gap = Gap{}
	}
	return r
}

// String is for model dumps: the address, "none", "one of a, b", or "open"
// with the candidates.
func (r Ref) String() string {
	if a, ok := r.Exact(); ok {
		return string(a)
	}
	if r.IsNone() {
		return "none"
	}
	names := make([]string, len(r.among))
	for i, a := range r.among {
		names[i] = string(a)
		if a == "" {
			names[i] = "none"
		}
	}
	switch list := strings.Join(names, ", "); {
	case r.closed:
		return "one of " + list
	case list == "":
		return "open"
	default:
		return "open (" + list + "?)"
	}
}

// Refs is a set of links of which some may be missing from the list.
type Refs struct {
	Links []Ref
	More  Gap // why there may be further links; zero if Links are all
}
