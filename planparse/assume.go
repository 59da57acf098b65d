package planparse

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
)

// An Assumption is what the user says of values that the plan leaves open
// (L-40).
type Assumption struct {
	Target netmodel.Address
	// Values are known values, or Holes whose Leaf names another object.
	Values map[string]Value
	Reason string
}

// An AssumptionProblem is something to tell the user about an Assumption.
type AssumptionProblem struct {
	Index     int    // of the assumption
	Attribute string // empty: it is about the target
	Warning   bool   // else an error: the assumption does not hold
	Summary   string
	Detail    string
}

// facts are what can be assumed although no attribute holds it, by the type of
// the target.
var facts = map[string][]string{
	"aws_vpc": vpcFacts, "data.aws_vpc": vpcFacts, "aws_default_vpc": vpcFacts,
	"aws_subnet": {"network_acl"}, "data.aws_subnet": {"network_acl"}, "aws_default_subnet": {"network_acl"},
	"aws_instance": {transparent}, "data.aws_instance": {transparent}, "aws_network_interface": {transparent}, "data.aws_network_interface": {transparent},
	"aws_vpn_gateway": vpnFacts, "data.aws_vpn_gateway": vpnFacts,
	"aws_vpc_endpoint": {transparent}, "data.aws_vpc_endpoint": {transparent}, "aws_lb": {transparent}, "aws_alb": {transparent}, "data.aws_lb": {transparent},
	defaultVPC: {"internet_gateway", "cidr_block", "map_public_ip_on_launch", "network_acl", "block_public_access"},
}

var vpnFacts = []string{"prefixes"}

var vpcFacts = []string{"network_acl", "block_public_access"}

// transparent says that an appliance sends on unchanged what a route sends to it
// (ENI-4).
const transparent = "transparent"

// later are facts of the language that are not acted on yet.
var later = []string{"prefixes"}

// defaultVPC is how assumptions call the default VPC, which no resource of the
// plan describes; default_vpc["aws.west"] that of another provider configuration.
const defaultVPC = "default_vpc"

// Assume is p with the values filled in that as gives and p leaves open. What
// contradicts the plan, or is not needed, is among the problems and not filled
// in. The values must be given before a Resolver works on the plan, so that
// what depends on them is settled too.
func Assume(p *Plan, as []Assumption) (*Plan, []AssumptionProblem) {
	out := *p
	out.Resources = slices.Clone(p.Resources)
	out.Assumed = slices.Clone(p.Assumed)
	var problems []AssumptionProblem
	for i, a := range as {
		for _, problem := range out.assume(a) {
			problem.Index = i
			problems = append(problems, problem)
		}
	}
	return &out, problems
}

// AssumedBlock is the facts about target that assumptions give and that are
// attributes of no resource; everything in it is null if there are none.
func (p *Plan) AssumedBlock(target netmodel.Address) Block {
	fields := map[string]Value{}
	for _, a := range p.Assumed {
		if a.Target == target {
			maps.Copy(fields, a.Values)
		}
	}
	return Block{address: target, value: ObjectValue(fields), read: map[string]bool{}}
}

func (p *Plan) assume(a Assumption) []AssumptionProblem {
	at := slices.IndexFunc(p.Resources, func(r *Resource) bool {
		return r.Address == a.Target && !r.Value(After).IsNone()
	})
	typeName, value := defaultVPC, ObjectValue(nil)
	switch {
	case at >= 0:
		typeName, value = p.Resources[at].TypeName(), p.Resources[at].Value(After)
	case a.Target != defaultVPC && !strings.HasPrefix(string(a.Target), defaultVPC+"["):
		return []AssumptionProblem{{Summary: "No such resource",
			Detail: fmt.Sprintf("This plan has no %s that bears on the network after it is applied.", a.Target)}}
	}
	fields := value.members()
	kept := Assumption{Target: a.Target, Values: map[string]Value{}, Reason: a.Reason}
	var problems []AssumptionProblem
	for _, name := range slices.Sorted(maps.Keys(a.Values)) {
		v := a.Values[name]
		if slices.Contains(facts[typeName], name) {
			if name == transparent && v.Kind() != Bool {
				problems = append(problems, AssumptionProblem{Attribute: name, Summary: "Not true or false", Detail: "transparent is true or false."})
				continue
			}
			kept.Values[name] = v
			continue
		}
		if problem, ok := check(a.Target, name, value.Field(name), v); !ok {
			problems = append(problems, problem)
			continue
		}
		fields[name] = v
		kept.Values[name] = v
	}
	if at >= 0 {
		p.Resources[at] = p.Resources[at].Resolved(withFields(value, fields))
	}
	if len(kept.Values) > 0 {
		p.Assumed = append(p.Assumed, kept)
	}
	return problems
}

func withFields(v Value, fields map[string]Value) Value {
	out := ObjectValue(fields)
	if v.IsSensitive() {
		out = out.MarkSensitive()
	}
	return out
}

// check reports whether an assumed value fills in what the plan has.
func check(target netmodel.Address, name string, has, assumed Value) (problem AssumptionProblem, ok bool) {
	problem.Attribute = name
	switch {
	case name == transparent:
		problem.Summary, problem.Detail = "Not an appliance", fmt.Sprintf("transparent is said of instances, network interfaces, Gateway Load Balancers and their endpoints, not of %s.", target)
	case slices.Contains(later, name):
		problem.Summary, problem.Detail = "Not supported yet", name+" cannot be assumed in this version."
	case has.Kind() == Absent:
		problem.Summary, problem.Detail = "No such attribute", fmt.Sprintf("%s has no attribute called %q.", target, name)
	case has.Kind() == Hole && (has.Leaf() == nil || has.Leaf().Kind != Exact):
		return problem, true
	case !has.IsWhole() && fits(has, assumed):
		return problem, true
	case equal(has, assumed):
		problem.Warning = true
		problem.Summary = "Assumption not needed"
		problem.Detail = fmt.Sprintf("The plan already has %s = %s.", name, show(has))
	default:
		problem.Summary = "The plan knows better"
		problem.Detail = fmt.Sprintf("%s.%s is %s in this plan; the assumption says %s.", target, name, bare(has), bare(assumed))
	}
	return problem, false
}

// fits reports whether v may be what has turns out to be.
func fits(has, v Value) bool {
	switch has.Kind() {
	case Hole:
		return true
	case List:
		if v.Kind() != List || len(v.Elements()) != len(has.Elements()) {
			return false
		}
		for _, e := range has.Elements() { // a set has its unknown elements last
			if !slices.ContainsFunc(v.Elements(), func(x Value) bool { return fits(e, x) }) {
				return false
			}
		}
		return true
	case Object:
		for name, f := range has.members() {
			if !fits(f, v.Field(name)) {
				return false
			}
		}
		return v.Kind() == Object
	case Absent, Null, String, Number, Bool:
	}
	return equal(has, v)
}

func equal(x, y Value) bool {
	if x.Kind() != y.Kind() {
		return false
	}
	switch x.Kind() {
	case String, Number:
		return x.Text() == y.Text()
	case Bool:
		return x.True() == y.True()
	case List:
		return slices.EqualFunc(x.Elements(), y.Elements(), equal)
	case Object:
		return maps.EqualFunc(x.members(), y.members(), equal)
	case Hole:
		return isExact(x) && isExact(y) && slices.Equal(x.Leaf().Term, y.Leaf().Term)
	case Absent, Null:
	}
	return true
}

func isExact(v Value) bool { return v.Leaf() != nil && v.Leaf().Kind == Exact }

// bare is show without quotes around a text.
func bare(v Value) string {
	if v.Kind() == String && !v.IsSensitive() {
		return v.Text()
	}
	return show(v)
}

// show is v as a user would write it, without what must not be printed.
func show(v Value) string {
	if v.IsSensitive() {
		return "(sensitive)"
	}
	switch v.Kind() {
	case Absent, Null:
		return "null"
	case String:
		return fmt.Sprintf("%q", v.Text())
	case Number:
		return v.Text()
	case Bool:
		return fmt.Sprint(v.True())
	case List:
		items := make([]string, len(v.Elements()))
		for i, e := range v.Elements() {
			items[i] = show(e)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case Object:
		var items []string
		for _, name := range v.FieldNames() {
			items = append(items, name+" = "+show(v.Field(name)))
		}
		return "{ " + strings.Join(items, ", ") + " }"
	case Hole:
		if isExact(v) {
			if id, ok := v.Leaf().Term.Identity(); ok {
				return string(id.Address) + "." + id.Attr
			}
		}
	}
	return "(known after apply)"
}
