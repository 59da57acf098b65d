package planparse

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// A ValueKind tells what a Value is.
type ValueKind uint8

// The kinds. The zero value is Absent.
const (
	Absent ValueKind = iota // there is no such attribute
	Null
	String
	Number // its text is the decimal of the plan
	Bool
	List   // JSON array: a Terraform list, set or tuple, or nested blocks
	Object // JSON object: a Terraform map or object, or one nested block
	Hole   // known only after apply; Leaf says what is known about it
)

// A Value is one value of the plan, immutable. The zero Value is Absent.
type Value struct {
	kind      ValueKind
	sensitive bool
	text      string           // String, Number
	truth     bool             // Bool
	list      []Value          // List
	fields    map[string]Value // Object
	leaf      *Leaf            // Hole
}

// Constructors. A Value that a plan marks sensitive is made so by MarkSensitive.

// NullValue is the JSON null.
func NullValue() Value { return Value{kind: Null} }

// StringValue is a known string.
func StringValue(s string) Value { return Value{kind: String, text: s} }

// NumberValue is a known number, given by its decimal text.
func NumberValue(decimal string) Value { return Value{kind: Number, text: decimal} }

// BoolValue is a known bool.
func BoolValue(b bool) Value { return Value{kind: Bool, truth: b} }

// ListValue is a JSON array; the elements are not copied.
func ListValue(elements []Value) Value { return Value{kind: List, list: elements} }

// ObjectValue is a JSON object; the fields are not copied.
func ObjectValue(fields map[string]Value) Value { return Value{kind: Object, fields: fields} }

// HoleValue is a value that the plan leaves open.
func HoleValue(l *Leaf) Value { return Value{kind: Hole, leaf: l} }

// MarkSensitive is v, never to be printed.
func (v Value) MarkSensitive() Value { v.sensitive = true; return v }

// Kind tells what v is.
func (v Value) Kind() ValueKind { return v.kind }

// IsSensitive reports whether the plan marks v itself sensitive.
func (v Value) IsSensitive() bool { return v.sensitive }

// IsNone reports whether v is absent or null.
func (v Value) IsNone() bool { return v.kind == Absent || v.kind == Null }

// Text is the text of a String or Number, empty for other kinds.
func (v Value) Text() string { return v.text }

// True reports whether v is the Bool true.
func (v Value) True() bool { return v.truth }

// Elements is the elements of a List, nil for other kinds.
func (v Value) Elements() []Value { return v.list }

// Field is a field of an Object; Absent if there is none or v is of another
// kind. A field of a Hole is that Hole.
func (v Value) Field(name string) Value {
	if v.kind == Hole {
		return v
	}
	return v.fields[name]
}

// FieldNames is the names of an Object's fields, sorted.
func (v Value) FieldNames() []string { return slices.Sorted(maps.Keys(v.fields)) }

// Leaf is what is known about a Hole, nil for other kinds.
func (v Value) Leaf() *Leaf { return v.leaf }

// IsWhole reports whether v has no Hole inside.
func (v Value) IsWhole() bool {
	switch v.kind {
	case Hole:
		return false
	case List:
		return !slices.ContainsFunc(v.list, func(e Value) bool { return !e.IsWhole() })
	case Object:
		for _, f := range v.fields {
			if !f.IsWhole() {
				return false
			}
		}
	case Absent, Null, String, Number, Bool:
	}
	return true
}

// A LeafKind says how far a Hole is settled.
type LeafKind uint8

// The kinds. The zero value is Unknown: nothing may be assumed.
const (
	Unknown    LeafKind = iota
	Candidates          // some objects it may name
	Exact               // equals Term in every apply that succeeds
)

// A Leaf is what is known about one value that the plan leaves open
// (resolver.md section 6).
type Leaf struct {
	Kind   LeafKind
	Term   Term       // Exact
	Among  []Identity // Candidates
	Closed bool       // Candidates: proven that the value is one of Among
	Reason Reason     // Candidates, Unknown
	Detail string     // for people: the expression, or what it lacks
	Expr   hcl.Range  // of the expression; zero without sources
	Via    []hcl.Range
	// Stale: an inline block of an existing object that the configuration does
	// not set; the prior value stands here.
	Stale bool
	// Unset: the configuration does not set the argument, or sets it to null, so
	// that the provider chooses.
	Unset bool
	// Assumed: the sources could not be proven to be those of the plan.
	Assumed   bool
	Sensitive bool
}

// An Identity is an attribute that names an object: id, arn and the like.
type Identity struct {
	Address netmodel.Address // of the resource instance
	Attr    string
}

// A Term is what an Exact value equals: a text made of literals and
// identities. A null or composite result is not a Term: it is filled in as a
// Value.
type Term []TermPart

// A TermPart is a literal or, if Identity.Address is set, an identity.
type TermPart struct {
	Literal  string
	Identity Identity
}

// Identity is the identity that t consists of; ok is false if t is anything else.
func (t Term) Identity() (id Identity, ok bool) {
	if len(t) == 1 && t[0].Identity.Address != "" {
		return t[0].Identity, true
	}
	return Identity{}, false
}

// A Reason says why a Leaf is not Exact. The zero value is invalid.
type Reason uint8

// The reasons of resolver.md section 6.
const (
	NoSources Reason = iota + 1
	NotIdentity
	NamingsDiffer
	ContentDependent
	UnsupportedFunction
	MissingFile
	UntypedIndex
	UnknownCondition
	UnknownBlocks
	DeferredData
	Deferred
	Incomplete
	Disagrees
	Ambiguous
	Local
	OpaqueReference
	Cycle
	ParseError
)

var reasonTexts = [...]string{
	NoSources:           "without the sources the plan does not tell which object it will be",
	NotIdentity:         "it is computed by the provider",
	NamingsDiffer:       "it depends on what the ids will be",
	ContentDependent:    "it depends on the text of an id",
	UnsupportedFunction: "it uses a function that is not evaluated",
	MissingFile:         "it reads a file that is not at hand",
	UntypedIndex:        "it indexes a collection whose type is not known",
	UnknownCondition:    "it depends on a condition that is known only after apply",
	UnknownBlocks:       "the number of blocks is known only after apply",
	DeferredData:        "it comes from a data source that is read during apply",
	Deferred:            "it belongs to a deferred change",
	Incomplete:          "the plan is incomplete",
	Disagrees:           "the sources and the plan disagree about this resource",
	Ambiguous:           "several objects fit",
	Local:               "it passes through a local value, which plan JSON does not show",
	OpaqueReference:     "plan JSON does not show what it refers to",
	Cycle:               "its definition leads back to itself",
	ParseError:          "its source file could not be read",
}

// String is one clause for people.
func (r Reason) String() string {
	if r == 0 || int(r) >= len(reasonTexts) {
		panic(fmt.Sprintf("planparse: invalid Reason %d", uint8(r)))
	}
	return reasonTexts[r]
}
