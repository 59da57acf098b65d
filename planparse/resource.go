package planparse

import (
	"maps"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// A Mode tells resources from data sources.
type Mode uint8

// The modes. The zero value is invalid.
const (
	Managed Mode = iota + 1
	Data
)

// An Action is what the plan does with a resource instance. The zero value is
// invalid.
type Action uint8

// The actions.
const (
	NoOp Action = iota + 1
	Create
	ReadData // of a data source, during apply
	Update
	Replace
	Delete
	Forget // leaves Terraform's hands and stays in the cloud
)

// Change is the wording of the JSON field change of a hop.
func (a Action) Change() string {
	return [...]string{"none", "none", "add", "none", "update", "replace", "delete", "none"}[a]
}

// A World is one state of everything.
type World uint8

// The worlds. The zero value is After.
const (
	After  World = iota // as it will be
	Before              // prior_state: as the refresh found it
)

// A Resource is one resource instance of a plan or state.
type Resource struct {
	Address  netmodel.Address
	Previous netmodel.Address // its address before this plan, if it moved; else empty
	Module   string           // module instance address; empty for the root
	Mode     Mode
	Type     string // "aws_subnet"
	Name     string
	Key      any    // instance key: nil, int or string
	Provider string // provider source: "registry.terraform.io/hashicorp/aws"
	// ProviderConfig is the provider configuration that manages it, by the name
	// it has in the root module ("aws", "aws.west"); empty if not known.
	ProviderConfig string
	Action         Action
	// values of each world; Absent if it does not exist there.
	after, before Value
	touched       map[string]bool // arguments read; nil: not recorded
	// Existing reports whether the object exists before the plan, by import or
	// otherwise, and keeps its identity.
	Existing bool
}

// NewResource is a copy of r with its values in the two worlds. A value is an
// Object, or Absent if the instance does not exist in that world.
func NewResource(r Resource, after, before Value) *Resource {
	r.after, r.before = after, before
	return &r
}

// Value is everything the plan says of r in w; Absent if r does not exist there.
func (r *Resource) Value(w World) Value {
	if w == Before {
		return r.before
	}
	return r.after
}

// Resolved is a copy of r whose value after the plan is v.
func (r *Resource) Resolved(v Value) *Resource {
	out := *r
	out.after = v
	return &out
}

// Recording is a copy of r that remembers what is read of it.
func (r *Resource) Recording() *Resource {
	out := *r
	out.touched = map[string]bool{}
	return &out
}

// Touched is the top-level arguments that were read of a Recording resource,
// sorted.
func (r *Resource) Touched() []string { return slices.Sorted(maps.Keys(r.touched)) }

// TypeName is how a ResourceType calls resources of r's mode and type:
// "aws_subnet", "data.aws_subnet".
func (r *Resource) TypeName() string {
	if r.Mode == Data {
		return "data." + r.Type
	}
	return r.Type
}

// A Declared is one resource block of the configuration.
type Declared struct {
	Module string // module address without instance keys: "module.net"; empty for the root
	Mode   Mode
	Type   string
	Name   string
}

// A Plan is what was read of a plan or state.
type Plan struct {
	Kind             string // "plan" or "state"
	SHA256           string // of the JSON read, lower-case hex
	TerraformVersion string
	Timestamp        string // of the plan; empty before Terraform 1.5
	// Complete is false with -target, deferred changes and refresh-only: some
	// objects keep prior values, or are missing.
	Complete bool
	// Total is the number of resource instances of any type.
	Total int
	// Types counts the resource instances by TypeName.
	Types map[string]int
	// Resources are the instances of the types that were asked for, in natural
	// order of the addresses. Deposed objects are not among them.
	Resources []*Resource
	// Declared are all resource blocks of the configuration; nil for a state.
	Declared []Declared
	// Variables are the root's values, defaults filled in.
	Variables map[string]Value
	// Config is the configuration as plan JSON has it; nil for a state.
	Config *ConfigModule
	// Sources tell what the configuration sets, if they are at hand; else nil.
	Sources Configurer
	// Assumed are the assumptions that Assume has filled in.
	Assumed []Assumption
	// Warnings are things to tell the user, one sentence each.
	Warnings []string
	// Accounts maps each provider configuration whose credentials are constant to
	// the first one with the same credentials.
	Accounts map[string]string
}

// A ConfigModule is a module of the plan's configuration.
type ConfigModule struct {
	Resources map[string]*ConfigResource // by "type.name" or "data.type.name"
	Calls     map[string]*ConfigCall
	Outputs   map[string]Expression
	Variables map[string]ConfigVariable
}

// A ConfigResource is a resource block. Expressions are present for the types
// that were asked for.
type ConfigResource struct {
	ProviderConfigKey string
	Expressions       Expression // kind ExprBlock
	Count, ForEach    Expression
}

// A ConfigCall is a module call.
type ConfigCall struct {
	Source         string
	Inputs         map[string]Expression
	Count, ForEach Expression
	Module         *ConfigModule
}

// A ConfigVariable is an input variable of a module.
type ConfigVariable struct {
	Default   Value // Absent: none
	Sensitive bool  // its value must not be printed
}

// An ExprKind tells what plan JSON keeps of an expression.
type ExprKind uint8

// The kinds. The zero value: the argument is not set.
const (
	ExprAbsent     ExprKind = iota
	ExprConstant            // its value
	ExprReferences          // the names that occur in it, nothing else
	ExprOpaque              // {}: a function of constants
	ExprBlocks              // nested blocks in Blocks
	ExprBlock               // one body: Fields
)

// An Expression is what plan JSON keeps of an argument.
type Expression struct {
	Kind       ExprKind
	Constant   Value
	References []string
	Fields     map[string]Expression
	Blocks     []Expression // each of kind ExprBlock
}
