package aws

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// TestServices makes a resource of every type in the table of services, with all
// the arguments that its line names, and looks at the end that comes of it. That
// the provider has these arguments was checked with its schema.
func TestServices(t *testing.T) {
	for i := range services {
		s := &services[i]
		t.Run(s.name, func(t *testing.T) {
			n, r := s.sample(names("subnet-0000000a", "subnet-0000000b"), names("sg-0000000a", "sg-0000000b"))
			e := n.Endpoint(r.Address)
			if e == nil {
				t.Fatal("it is no end")
			}
			want := 1 // in the one block of the sample that says where it is
			if s.place == inEach && (s.by != "" || isPlural(strings.Fields(s.subnets)[0])) {
				want = 2
			}
			if len(e.Interfaces) != want || !e.More.IsZero() && !e.MoreReceives || e.Every != (s.place == inEach) {
				t.Errorf("%d interfaces %v, more %v, every %v", len(e.Interfaces), e.Interfaces, e.More, e.Every)
			}
			for _, a := range e.Interfaces {
				s.look(t, n.Interface(a))
			}
			for _, name := range s.resourceType().Reads {
				if !slices.Contains(r.Touched(), name) {
					t.Errorf("it never reads %s", name)
				}
			}
		})
	}
}

func (s *service) look(t *testing.T, x *netmodel.Interface) {
	t.Helper()
	among, closed := x.Subnet.Among()
	if !closed || !strings.HasPrefix(string(among[0]), "subnet-0000000") || (s.place == inOne && s.like == "") != (len(among) == 2 && s.like == "") {
		t.Errorf("%s is in %s", x.Address, x.Subnet)
	}
	switch {
	case s.dress != nil:
	case s.groups == "" && s.like == "":
		if x.Groups.More.IsZero() {
			t.Errorf("%s has groups %v that nothing tells", x.Address, x.Groups)
		}
	default:
		if len(x.Groups.Links) == 0 || x.Groups.Links[0].String() != "sg-0000000a" || !x.Groups.More.IsZero() {
			t.Errorf("%s has groups %v", x.Address, x.Groups)
		}
	}
	if s.public != "" && !x.AutoPublic.IsTrue() || s.public == "" && !s.launches && !x.AutoPublic.IsFalse() {
		t.Errorf("%s: public %v", x.Address, x.AutoPublic)
	}
}

// TestOpenServices leaves the subnets of every service open.
func TestOpenServices(t *testing.T) {
	for i := range services {
		s := &services[i]
		if s.subnets == "" {
			continue
		}
		open := planparse.HoleValue(&planparse.Leaf{Reason: planparse.OpaqueReference})
		n, r := s.sample(open, names("sg-0000000a"))
		switch e := n.Endpoint(r.Address); {
		case e == nil:
			t.Errorf("%s is no end where its subnets are open", s.name)
		case e.More.IsZero() && (len(e.Interfaces) == 0 || n.Interface(e.Interfaces[0]).Subnet.IsSettled()):
			t.Errorf("%s: nothing tells that its subnets are open", s.name)
		}
	}
}

func names(texts ...string) planparse.Value {
	var out []planparse.Value
	for _, s := range texts {
		out = append(out, planparse.StringValue(s))
	}
	return planparse.ListValue(out)
}

// sample is the network of a resource of type s with those subnets and groups,
// and with what they refer to.
func (s *service) sample(subnets, groups planparse.Value) (*netmodel.Network, *planparse.Resource) {
	value := map[string]any{"tags": planparse.NullValue()}
	in := s.blocks()[0]
	for _, name := range strings.Fields(s.subnets)[:min(1, len(strings.Fields(s.subnets)))] {
		put(value, in, name, subnets)
	}
	for _, name := range strings.Fields(s.groups) {
		put(value, in, name, groups)
	}
	for _, name := range strings.Fields(s.public) {
		put(value, "", name, planparse.StringValue("enabled"))
	}
	for _, name := range strings.Fields(s.address) {
		put(value, in, name, planparse.StringValue("10.0.0.4"))
	}
	for _, name := range strings.Fields(s.by) {
		put(value, in, name, planparse.StringValue("main"))
	}
	for _, name := range strings.Fields(s.also) {
		put(value, "", name, planparse.NullValue())
	}
	if s.like == "replicate_source_db" {
		put(value, "", s.like, planparse.NullValue())
	}
	for _, name := range strings.Fields(s.ipv6) {
		put(value, "", name, planparse.StringValue("dualstack"))
	}
	p := &planparse.Plan{Kind: "state"}
	add := func(typeName string, v map[string]any) *planparse.Resource {
		r := planparse.NewResource(planparse.Resource{Address: netmodel.Address(typeName + ".main"), Mode: planparse.Managed,
			Type: typeName, Name: "main", Action: planparse.NoOp, Existing: true}, object(v), object(v)).Recording()
		p.Resources = append(p.Resources, r)
		return r
	}
	if s.group != "" {
		add(s.group, map[string]any{"name": planparse.StringValue("main"), "replication_subnet_group_id": planparse.StringValue("main"), "subnet_ids": subnets})
	}
	if s.like != "" && s.like != "replicate_source_db" {
		i := slices.IndexFunc(services, func(x service) bool { return x.name == s.of })
		of := services[i]
		put(value, "", s.like, planparse.StringValue("cluster"))
		add(s.of, map[string]any{"id": planparse.StringValue("cluster"), of.by: planparse.StringValue("main"), of.groups: groups})
		if of.group != s.group {
			add(of.group, map[string]any{"name": planparse.StringValue("main"), "subnet_ids": subnets})
		}
	}
	r := add(s.name, value)
	return planparse.Build(p, Types, planparse.After, finish), r
}

// put sets the argument at a path to v, or to its first element if it holds one
// name.
func put(value map[string]any, in, path string, v planparse.Value) {
	steps := strings.Split(strings.TrimPrefix(in+"."+path, "."), ".")
	for _, step := range steps[:len(steps)-1] {
		if value[step] == nil {
			value[step] = map[string]any{}
		}
		value = value[step].(map[string]any)
	}
	name := steps[len(steps)-1]
	if !isPlural(name) && v.Kind() == planparse.List {
		v = v.Elements()[0]
	}
	value[name] = v
}

func object(v any) planparse.Value {
	switch v := v.(type) {
	case planparse.Value:
		return v
	case map[string]any:
		fields := map[string]planparse.Value{}
		for name, f := range v {
			fields[name] = object(f)
			if _, nested := f.(map[string]any); nested {
				fields[name] = planparse.ListValue([]planparse.Value{fields[name]})
			}
		}
		return planparse.ObjectValue(fields)
	}
	panic(fmt.Sprintf("%T", v))
}
