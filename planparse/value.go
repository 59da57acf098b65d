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

// A Value is one value of the plan, immutable. The zero Value is Absent. Plans
// hold a great many, so it is small.
type Value struct {
	text  string // String, Number; of a Bool, true or nothing
	inner *inner // nil: Absent
}

// An inner is all of a Value but its text.
type inner struct {
	kind      ValueKind
	sensitive bool
	shape     *shape  // Object
	list      []Value // List: the elements; Object: the fields, as in shape
	leaf      *Leaf   // Hole
}

// A shape is the names of an Object's fields; objects that are alike share it.
// Many fields are null: they are only named.
type shape struct {
	names []string // of the fields in list, sorted
	nulls []string // of those that are null, sorted
}

// simple and secret are the insides of Values that have nothing inside.
var (
	simple = [...]inner{
		Null: {kind: Null}, String: {kind: String}, Number: {kind: Number}, Bool: {kind: Bool},
		List: {kind: List}, Object: {kind: Object, shape: &shape{}},
	}
	secret = [...]inner{
		Null: {kind: Null, sensitive: true}, String: {kind: String, sensitive: true}, Number: {kind: Number, sensitive: true},
		Bool: {kind: Bool, sensitive: true}, List: {kind: List, sensitive: true}, Object: {kind: Object, sensitive: true, shape: &shape{}},
	}
)

// Constructors. A Value that a plan marks sensitive is made so by MarkSensitive.

// NullValue is the JSON null.
func NullValue() Value { return Value{inner: &simple[Null]} }

// StringValue is a known string.
func StringValue(s string) Value { return Value{s, &simple[String]} }

// NumberValue is a known number, given by its decimal text.
func NumberValue(decimal string) Value { return Value{decimal, &simple[Number]} }

// BoolValue is a known bool.
func BoolValue(b bool) Value {
	if b {
		return Value{"true", &simple[Bool]}
	}
	return Value{inner: &simple[Bool]}
}

// ListValue is a JSON array; the elements are not copied.
func ListValue(elements []Value) Value {
	if len(elements) == 0 {
		return Value{inner: &simple[List]}
	}
	return Value{inner: &inner{kind: List, list: elements}}
}

// ObjectValue is a JSON object.
func ObjectValue(fields map[string]Value) Value {
	s := &shape{}
	var list []Value
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if f := fields[name]; isPlainNull(f) {
			s.nulls = append(s.nulls, name)
		} else {
			s.names, list = append(s.names, name), append(list, f)
		}
	}
	return objectOf(s, list)
}

func isPlainNull(v Value) bool { return v.inner == &simple[Null] }

// objectOf is an Object of that shape with list for its names; nil is the shape
// without names.
func objectOf(s *shape, list []Value) Value {
	if s == nil || len(s.names)+len(s.nulls) == 0 {
		return Value{inner: &simple[Object]}
	}
	if len(list) == 0 {
		list = nil
	}
	return Value{inner: &inner{kind: Object, shape: s, list: list}}
}

// HoleValue is a value that the plan leaves open.
func HoleValue(l *Leaf) Value { return Value{inner: &inner{kind: Hole, leaf: l}} }

// MarkSensitive is v, never to be printed.
func (v Value) MarkSensitive() Value {
	switch {
	case v.inner == nil:
	case v.Kind() != Hole && v.inner == &simple[v.Kind()]:
		v.inner = &secret[v.Kind()]
	default:
		marked := *v.inner
		marked.sensitive = true
		v.inner = &marked
	}
	return v
}

// Kind tells what v is.
func (v Value) Kind() ValueKind {
	if v.inner == nil {
		return Absent
	}
	return v.inner.kind
}

// IsSensitive reports whether the plan marks v itself sensitive.
func (v Value) IsSensitive() bool { return v.inner != nil && v.inner.sensitive }

// IsNone reports whether v is absent or null.
func (v Value) IsNone() bool { return v.Kind() == Absent || v.Kind() == Null }

// Text is the text of a String or Number, empty for other kinds.
func (v Value) Text() string {
	if v.Kind() == Bool {
		return ""
	}
	return v.text
}

// True reports whether v is the Bool true.
func (v Value) True() bool { return v.Kind() == Bool && v.text != "" }

// Elements is the elements of a List, nil for other kinds.
func (v Value) Elements() []Value {
	if v.Kind() != List {
		return nil
	}
	return v.inner.list
}

// Field is a field of an Object; Absent if there is none or v is of another
// kind. A field of a Hole is that Hole.
func (v Value) Field(name string) Value {
	switch v.Kind() {
	case Hole:
		return v
	case Object:
		if i, ok := slices.BinarySearch(v.inner.shape.names, name); ok {
			return v.inner.list[i]
		}
		if _, ok := slices.BinarySearch(v.inner.shape.nulls, name); ok {
			return NullValue()
		}
	case Absent, Null, String, Number, Bool, List:
	}
	return Value{}
}

// FieldNames is the names of an Object's fields, sorted.
func (v Value) FieldNames() []string {
	if v.Kind() != Object {
		return nil
	}
	names := slices.Concat(v.inner.shape.names, v.inner.shape.nulls)
	slices.Sort(names)
	return names
}

// members is a copy of the fields of an Object, to be changed.
func (v Value) members() map[string]Value {
	out := map[string]Value{}
	if v.Kind() == Object {
		for i, name := range v.inner.shape.names {
			out[name] = v.inner.list[i]
		}
		for _, name := range v.inner.shape.nulls {
			out[name] = NullValue()
		}
	}
	return out
}

// each is v with f done to its elements, or to its fields that are not null.
func (v Value) each(f func(i int, name string, part Value) Value) Value {
	if v.inner == nil || len(v.inner.list) == 0 {
		return v
	}
	out := *v.inner
	out.list = make([]Value, len(v.inner.list))
	for i, part := range v.inner.list {
		name := ""
		if out.kind == Object {
			name = out.shape.names[i]
		}
		out.list[i] = f(i, name, part)
	}
	v.inner = &out
	return v
}

// Leaf is what is known about a Hole, nil for other kinds.
func (v Value) Leaf() *Leaf {
	if v.inner == nil {
		return nil
	}
	return v.inner.leaf
}

// IsWhole reports whether v has no Hole inside.
func (v Value) IsWhole() bool {
	return v.Kind() != Hole && (v.inner == nil || !slices.ContainsFunc(v.inner.list, func(e Value) bool { return !e.IsWhole() }))
}

// A LeafKind says how far a Hole is settled.
type LeafKind uint8

// The kinds. The zero value is Unknown: nothing may be assumed.
const (
	Unknown    LeafKind = iota
	Candidates          // some objects it may name
	Exact               // equals Term in every apply that succeeds
)

// A Leaf is what is known about one value that the plan leaves open.
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

// The reasons.
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
