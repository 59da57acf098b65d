// Package assertions reads *.reach.hcl and *.reach.json files and flows in
// arrow form, and resolves what they name against a plan. It says what is
// demanded; deciding it is the evaluator's.
package assertions

import (
	"fmt"
	"net/netip"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A Verb is what an assertion demands. The zero value is invalid.
type Verb uint8

// The verbs.
const (
	MustReach Verb = iota + 1
	MustNotReach
	Only
	Isolate
	NoNew
)

// verbs are the words of the language.
var verbs = map[string]Verb{
	"must_reach": MustReach, "must_not_reach": MustNotReach, "only": Only, "isolate": Isolate, "no_new": NoNew,
}

// String is the word of the language and of the JSON field verb.
func (v Verb) String() string {
	switch v {
	case MustReach:
		return "must_reach"
	case MustNotReach:
		return "must_not_reach"
	case Only:
		return "only"
	case Isolate:
		return "isolate"
	case NoNew:
		return "no_new"
	}
	panic(fmt.Sprintf("assertions: invalid Verb %d", uint8(v)))
}

// IsPromise reports whether the verb says that traffic gets through; it is a
// prohibition otherwise.
func (v Verb) IsPromise() bool { return v == MustReach }

// A Severity says how much a failure weighs. The zero value is invalid.
type Severity uint8

// The severities, ascending.
const (
	Info Severity = iota + 1
	Warning
	Error
)

// String is the word of the language.
func (s Severity) String() string { return [...]string{"", "info", "warning", "error"}[s] }

// A Policy is what an undecided outcome does. The zero value is invalid.
type Policy uint8

// The policies of the argument unknown.
const (
	FailUnknown Policy = iota + 1
	WarnUnknown
	PassUnknown
)

// String is the word of the language.
func (p Policy) String() string { return [...]string{"", "fail", "warn", "pass"}[p] }

// A PortRange is the ports Lo to Hi, both included. The zero value is port 0.
type PortRange struct{ Lo, Hi uint16 }

// An Assertion is one demand, with all its names resolved.
type Assertion struct {
	ID          string // stable and unique in the run (L-7)
	Label       string
	Verb        Verb
	Flow        string    // the arrow in normal form; empty for blocks
	Module      string    // module instance address; empty for the root
	EachKey     *string   // nil without for_each
	Range       hcl.Range // block header or list element; zero for FLOW arguments
	Description string
	Labels      map[string]string
	Severity    Severity
	Unknown     Policy
	// SkippedBecause, if not empty, is why the assertion is not evaluated.
	SkippedBecause string
	// From and To are empty with Isolate. From of Only is everybody (L-33).
	From, To Side
	// Exempt are the ends that Only lets through.
	Exempt []End
	// Groups are those that Isolate keeps apart, and Except the flows between them
	// that it lets through.
	Groups     [][]End
	Except     []ListedFlow
	Traffic    headerspace.Traffic
	BothWays   bool
	OneWay     bool
	SourcePort *PortRange // set explicitly on the assertion
	// DefaultSourcePort replaces the client ports of promises; it does not
	// demand that all of them return (L-44).
	DefaultSourcePort *PortRange
	// Through and Avoid are what the way of a promise has to pass and must not
	// pass; ways of a prohibition that pass all of UnlessThrough do not count.
	Through, Avoid, UnlessThrough []Waypoint
	Waivers                       []Waiver
}

// A Waypoint is something that packets pass: a gateway, a route table, a network
// ACL, a load balancer or an appliance. One of several objects is enough.
type Waypoint struct {
	Text    string
	Objects []netmodel.Address
}

// A Side is the ends on one side of a flow.
type Side struct {
	Any  bool // one of them is enough; promises only
	Ends []End
}

// An EndKind tells what an End is. The zero value is invalid.
type EndKind uint8

// The kinds of ends.
const (
	EndpointEnd EndKind = iota + 1
	InternetEnd
	PrefixEnd
	// GatewayEnd is what lies beyond a gateway, or behind an endpoint service, by
	// that very object: some of it is enough for a promise.
	GatewayEnd
)

// An End is what a flow starts from or arrives at.
type End struct {
	Kind     EndKind
	Endpoint netmodel.Address // EndpointEnd; of a GatewayEnd the gateway
	V4, V6   bool             // InternetEnd: the families meant
	Prefix   netip.Prefix     // PrefixEnd; masked
	// Doubt says why the end may not belong to the selection (L-23); zero: it
	// does.
	Doubt netmodel.Gap
}

// String is the JSON form: an address, internet, or a CIDR.
func (e End) String() string {
	switch e.Kind {
	case EndpointEnd, GatewayEnd:
		return string(e.Endpoint)
	case InternetEnd:
		switch {
		case e.V4 && !e.V6:
			return "internet.v4"
		case e.V6 && !e.V4:
			return "internet.v6"
		}
		return "internet"
	case PrefixEnd:
		return e.Prefix.String()
	}
	panic(fmt.Sprintf("assertions: invalid EndKind %d", uint8(e.Kind)))
}

// A Waiver takes the listed flows out of an assertion's failures.
type Waiver struct {
	Flows                     []ListedFlow
	Reason, Until, By, Ticket string // Until is YYYY-MM-DD, the last day, UTC
	Range                     hcl.Range
}

// A ListedFlow is one arrow of a list of exceptions. From and To of a waiver's may
// be empty: it may name things that no longer exist.
type ListedFlow struct {
	Text     string
	From, To []End
	Traffic  headerspace.Traffic
	BothWays bool
}

// An Inventory is what the plan declares and has, as far as selectors ask.
type Inventory struct {
	Network *netmodel.Network
	// Declared are all resource blocks of the configuration; nil for a state,
	// where only instances count.
	Declared []Declared
	// Instances are all resource instances of the plan's after world, those
	// without network meaning included as far as they are known.
	Instances []Instance
	// Deleted are the instances that the plan deletes.
	Deleted []netmodel.Address
	// Modules are the module instances, the root first.
	Modules []ModuleInstance
	// Calls are the module calls of the configuration, those without an instance
	// too.
	Calls []ModuleCall
}

// A ModuleCall is one module call of the configuration.
type ModuleCall struct {
	Address string // without instance keys
	Dir     string // as in ModuleInstance
}

// A Declared is one resource block of the configuration.
type Declared struct {
	Module string // module address without instance keys; empty for the root
	Data   bool
	Type   string
	Name   string
}

// An Instance is one resource instance.
type Instance struct {
	Address netmodel.Address
	Module  string // module instance address
	Data    bool
	Type    string
	Name    string
	Key     any // nil, int or string
}

// A ModuleInstance is one instance of a module.
type ModuleInstance struct {
	Address string // "module.batch[\"eu\"]"; empty for the root
	Dir     string // its directory relative to the root's, if local; else empty
	// Variables are the module's input variables, for plan.var: those that are
	// not known as unknown values, those that are sensitive marked Sensitive.
	// Nil: nothing is known of them.
	Variables map[string]cty.Value
}
