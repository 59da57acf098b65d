// Package evaluator decides assertions on a network: by sets of traffic, in
// three values, with a separate concrete walk of a witness packet as the
// explanation. It does no I/O and writes no text.
package evaluator

import (
	"fmt"
	"net/netip"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A Verdict is what can be said of one flow. The zero Verdict is Undecided.
type Verdict uint8

// The verdicts.
const (
	Undecided Verdict = iota
	Reachable
	Unreachable
	Partial // some of it certainly passes and some certainly does not
)

// String is the word of the JSON field verdict.
func (v Verdict) String() string {
	return [...]string{"unknown", "reachable", "unreachable", "partial"}[v]
}

// An Outcome is what a verdict means for the assertion. The zero Outcome is
// OutcomeUnknown.
type Outcome uint8

// The outcomes.
const (
	OutcomeUnknown Outcome = iota
	Pass
	Fail
	Waived
	Skipped
)

// String is the word of the JSON fields outcome and result.verdict.
func (o Outcome) String() string {
	return [...]string{"unknown", "pass", "fail", "waived", "skipped"}[o]
}

// A Result is the outcome of one assertion together with its evidence.
type Result struct {
	Assertion assertions.Assertion
	Outcome   Outcome
	NewInPlan bool
	// Flows are all pairs, in the order of their ends.
	Flows []FlowResult
	// Waivers tells for each of the assertion's waivers how many failing pairs
	// it takes out, and whether it has ended.
	Waivers []WaiverUse
	Notes   []Note
}

// A WaiverUse is what a waiver did.
type WaiverUse struct {
	Ended bool
	Pairs int // 0: it matches nothing
}

// A FlowResult is what was found about one pair of ends.
type FlowResult struct {
	From, To assertions.End
	Traffic  headerspace.Traffic // what was asked
	Promise  bool                // expected to be reachable
	Outcome  Outcome
	Verdict  Verdict
	// Before is the same question before the plan: BeforeNone if there is no
	// before, BeforeAbsent if an end did not exist.
	Before        BeforeState
	BeforeVerdict Verdict // valid iff Before is BeforeKnown
	NewInPlan     bool
	WaivedUntil   string
	Allowed       Set // what certainly passes
	Undecided     Set // what may pass
	Witness       headerspace.Packet
	Forward       []Hop // the way of Witness
	Reply         []Hop // the way of its reply; empty if none is asked for
	// Unknowns are the facts to pin down, iff something is open.
	Unknowns []OpenFact
	// Assumptions are the facts settled by the user that the answer rests on.
	Assumptions []netmodel.Origin
	Notes       []Note
	// Missed and Met are the waypoints, as written, that the ways of a promise do
	// not pass although they have to, and pass although they must not; of one that
	// fails for it or is undecided.
	Missed, Met []string
	// Detours are the ways through load balancers and other proxies that carry
	// any of a prohibited flow, or may (L-52), or of one to explain. Verdict, Allowed and Undecided are
	// without them; Outcome is with them.
	Detours []Detour
}

// A Detour is a way through load balancers and other proxies.
type Detour struct {
	Through   []netmodel.Address // in the order of passing
	Verdict   Verdict
	Allowed   Set // on the target's ports
	Undecided Set
	// Legs are the flows that it is made of; a leg from the source to the target
	// is handed on by the last proxy with the client's address.
	Legs     []FlowResult
	Unknowns []OpenFact // iff Verdict is Undecided
}

// A BeforeState says whether a verdict before the plan exists. The zero value
// is BeforeNone.
type BeforeState uint8

// The states.
const (
	BeforeNone BeforeState = iota
	BeforeAbsent
	BeforeKnown
)

// A Set is a set of packets: the union of its clauses. The zero Set is empty.
type Set []Clause

// A Clause is some traffic between some addresses. Nil addresses or ports
// restrict nothing beyond the question.
type Clause struct {
	Traffic     headerspace.Traffic
	From, To    []netip.Prefix
	SourcePorts []assertions.PortRange
}

// An OpenFact is a Gap and what each of its values would mean, where that can
// be said.
type OpenFact struct {
	netmodel.Gap
	Candidates []ValueOutcome
}

// A ValueOutcome is the verdict if the fact turns out to be Value.
type ValueOutcome struct {
	Value   string // an address, or empty for anything else
	Verdict Verdict
}

// A Note is a detail code with what it speaks of.
type Note struct {
	Code    netmodel.Code
	Address netmodel.Address       // the object concerned; may be empty
	Ports   []assertions.PortRange // RETURN_ACL_PARTIAL_EPHEMERAL: those that do not return
}

// A HopResult is what a hop does with the witness. The zero value is invalid.
type HopResult uint8

// The results.
const (
	HopPass HopResult = iota + 1
	HopBlock
	HopUnknown
)

// String is the word of the JSON field result.
func (r HopResult) String() string { return [...]string{"", "pass", "block", "unknown"}[r] }

// A HopKind is the kind of component. The zero value is invalid.
type HopKind uint8

// The kinds of components.
const (
	SecurityGroup HopKind = iota + 1
	NetworkACL
	RouteTable
	NetworkInterface
	InternetGateway
	EgressOnlyInternetGateway
	NATGateway
	VPCPeeringConnection
	TransitGateway
	TransitGatewayAttachment
	TransitGatewayRouteTable
	VPCEndpoint
	LoadBalancer
	Listener
	TargetGroup
	NetworkFirewall
	VPNGateway
	Outside
)

// String is the word of the JSON field kind.
func (k HopKind) String() string {
	return [...]string{"", "security_group", "network_acl", "route_table", "network_interface",
		"internet_gateway", "egress_only_internet_gateway", "nat_gateway", "vpc_peering_connection",
		"transit_gateway", "transit_gateway_attachment", "transit_gateway_route_table", "vpc_endpoint", "load_balancer", "listener", "target_group", "network_firewall", "vpn_gateway", "outside"}[k]
}

// A Hop is one component on the way of a packet, and what happened there.
type Hop struct {
	Address   netmodel.Address
	Kind      HopKind
	Direction netmodel.Direction
	Subnet    netmodel.Address // whose edge, table or interface it is; empty if none's
	Result    HopResult
	Code      netmodel.Code // always on a block or unknown
	Step      Step
	// Packet is the header as it arrives at the component.
	Packet headerspace.Packet
	Origin netmodel.Origin // of the deciding rule if it has a place of its own, else of the component
	Gaps   []netmodel.Gap  // HopUnknown: what is missing
	Notes  []netmodel.Code

	// suspected: made unknown because the verdict hangs on a question asked here.
	suspected bool
}

// A Step is one thing that happened to a packet at a component.
//
//sumtype:decl
type Step interface{ isStep() }

// Filtered is the decision of a filter.
type Filtered struct {
	Rule    *netmodel.Rule // nil: no rule matched
	Reply   bool           // passes as the reply to an admitted flow, no rule asked
	Closest *Closest       // the rule that nearly admitted it; nil if there is none
}

// Routed is the choice of a next hop by a route table.
type Routed struct {
	Route   *netmodel.Route // nil with Local: the VPC's local route; else no route matched
	Local   netip.Prefix    // the VPC CIDR of the local route; invalid if it is not known
	IsLocal bool
	Losing  []*netmodel.Route
}

// Translated is the rewriting of an address by a gateway.
type Translated struct {
	From, To netip.Addr       // invalid: an address that is not known
	Endpoint netmodel.Address // whose public address it is, if any
}

// Passed is a component that let the packet through, or stopped it for the
// reason in Hop.Code.
type Passed struct{}

func (Filtered) isStep()   {}
func (Routed) isStep()     {}
func (Translated) isStep() {}
func (Passed) isStep()     {}

// A Closest is the rule that nearly admitted a packet, and the field that
// fails.
type Closest struct {
	Rule  *netmodel.Rule
	Field PacketField
	fails int // on how many counts
}

// A PacketField names the header field on which a rule fails. The zero value is
// invalid.
type PacketField uint8

// The fields, in the words of AWS.
const (
	FieldProtocol PacketField = iota + 1
	FieldPort                 // destination port, or ICMP type and code
	FieldAddress              // far end
	FieldFamily
)

// String is AWS's word.
func (f PacketField) String() string {
	switch f {
	case FieldProtocol:
		return "protocol"
	case FieldPort:
		return "destination-port"
	case FieldAddress:
		return "address"
	case FieldFamily:
		return "address-family"
	}
	panic(fmt.Sprintf("evaluator: invalid PacketField %d", uint8(f)))
}
