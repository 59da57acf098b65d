package source_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/source"
)

// settled resolves resources of made-up types against a configuration.
func settled(t *testing.T, config string, resources ...*planparse.Resource) (map[netmodel.Address]planparse.Value, source.Stats) {
	t.Helper()
	s, err := source.Open("", write(t, map[string]string{"main.tf": config}))
	if err != nil {
		t.Fatal(err)
	}
	types := []*planparse.ResourceType{{Name: "t", Reads: []string{"link", "size", "links"}, Sets: []string{"links"}}}
	p := &planparse.Plan{Kind: "plan", Complete: true, Resources: resources}
	out := map[netmodel.Address]planparse.Value{}
	for _, r := range p.Resolve(s.Resolver(p, types)).Resources {
		out[r.Address] = r.Value(planparse.After)
	}
	return out, s.Stats()
}

func created(name string, fields map[string]planparse.Value) *planparse.Resource {
	fields["id"] = planparse.HoleValue(nil)
	return planparse.NewResource(planparse.Resource{
		Address: netmodel.Address("t." + name), Mode: planparse.Managed, Type: "t", Name: name, Action: planparse.Create,
	}, planparse.ObjectValue(fields), planparse.Value{})
}

// TestDisagreement: nothing is believed of a resource that the sources describe
// otherwise than the plan, nor of what is derived from it.
func TestDisagreement(t *testing.T) {
	hole := planparse.HoleValue(nil)
	config := `
resource "t" "a" {}
resource "t" "b" {
  size = 2
  link = t.a.id
}
resource "t" "c" { link = t.b.link }
resource "t" "ignoring" {
  size = 2
  link = t.a.id
  lifecycle { ignore_changes = [size] }
}
resource "t" "provider" {
  link = "given"
}
`
	values, stats := settled(t, config,
		created("a", map[string]planparse.Value{}),
		created("b", map[string]planparse.Value{"size": planparse.NumberValue("1"), "link": hole}),
		created("c", map[string]planparse.Value{"link": hole}),
		created("ignoring", map[string]planparse.Value{"size": planparse.NumberValue("1"), "link": hole}),
		created("provider", map[string]planparse.Value{"link": hole}))
	for address, want := range map[netmodel.Address]string{
		"t.b":        "? the sources and the plan disagree about this resource",
		"t.c":        "? it is computed by the provider",
		"t.ignoring": "<t.a.id>",
		// Known when the plan was made and open in it: the provider's choice.
		"t.provider": "? it is computed by the provider",
	} {
		if got := describeValue(values[address].Field("link")); got != want {
			t.Errorf("%s.link is %s, want %s", address, got, want)
		}
	}
	if stats.Disagreements != 1 || !slices.Equal(stats.Disagreeing, []string{"t.b.size"}) {
		t.Errorf("%+v, want one disagreement about t.b.size", stats)
	}
	if detail := values["t.b"].Field("link").Leaf().Detail; !strings.Contains(detail, "t.b.size") {
		t.Errorf("the detail is %q, want it to name t.b.size", detail)
	}
}

// TestMissingInstances: a resource that the plan does not hold is never taken
// for absent.
func TestMissingInstances(t *testing.T) {
	hole := planparse.HoleValue(nil)
	config := `
resource "t" "gone" { count = 2 }
resource "t" "one" {}
resource "t" "a" { link = try(t.gone[0].id, t.one.id) }
resource "t" "b" { links = [for x in t.gone : x.id] }
`
	values, _ := settled(t, config,
		created("one", map[string]planparse.Value{}),
		created("a", map[string]planparse.Value{"link": hole}),
		created("b", map[string]planparse.Value{"links": hole}))
	if l := values["t.a"].Field("link").Leaf(); l.Kind == planparse.Exact {
		t.Errorf("t.a.link is settled as %v", l.Term)
	}
	if v := values["t.b"].Field("links"); v.Kind() != planparse.Hole || v.Leaf().Kind == planparse.Exact {
		t.Errorf("t.b.links is settled as %s", describeValue(v))
	}
}

// TestUnmodelledIDs: the id of a type without a model may be any text, a given
// one too.
func TestUnmodelledIDs(t *testing.T) {
	hole := planparse.HoleValue(nil)
	config := `
resource "t" "one" {}
resource "t" "two" {}
resource "u" "x" {}
resource "u" "y" {}
resource "t" "a" { link = u.x.id == "admin" ? t.one.id : t.two.id }
resource "t" "b" { link = lookup({ admin = t.one.id }, u.x.id, t.two.id) }
resource "t" "c" { link = try({ admin = t.one.id }[u.x.id], t.two.id) }
resource "t" "d" { link = length(toset([u.x.id, u.y.id])) == 2 ? t.one.id : t.two.id }
resource "t" "e" { link = u.x.id == u.x.id ? t.one.id : t.two.id }
resource "t" "f" { link = u.x.id == "" ? t.one.id : t.two.id }
resource "t" "g" { link = u.x.id }
resource "t" "h" { link = distinct([u.x.id, u.y.id, t.one.id])[1] }
resource "t" "i" { link = try(local.by_id["admin"], t.two.id) }
resource "t" "j" { link = try({ (u.x.id) = t.one.id }["admin"], t.two.id) }
resource "t" "k" { link = try({ for x in [u.x] : x.id => t.one.id }.admin, t.two.id) }
resource "t" "l" { link = try(zipmap([u.x.id], [t.one.id])["admin"], t.two.id) }
resource "t" "m" { link = can(transpose({ a = [u.x.id] })["admin"]) ? t.one.id : t.two.id }
locals {
  by_id = { (u.x.id) = t.one.id }
}
`
	resources := []*planparse.Resource{created("one", map[string]planparse.Value{}), created("two", map[string]planparse.Value{})}
	for _, name := range []string{"x", "y"} {
		resources = append(resources, planparse.NewResource(planparse.Resource{
			Address: netmodel.Address("u." + name), Mode: planparse.Managed, Type: "u", Name: name, Action: planparse.Create,
		}, planparse.ObjectValue(map[string]planparse.Value{"id": hole}), planparse.Value{}))
	}
	for _, name := range strings.Split("abcdefghijklm", "") {
		resources = append(resources, created(name, map[string]planparse.Value{"link": hole}))
	}
	values, _ := settled(t, config, resources...)
	for name, want := range map[string]string{"e": "<t.one.id>", "f": "<t.two.id>", "g": "<u.x.id>"} {
		if got := describeValue(values[netmodel.Address("t."+name)].Field("link")); got != want {
			t.Errorf("t.%s.link is %s, want %s", name, got, want)
		}
	}
	for _, name := range strings.Split("abcdhijklm", "") {
		if l := values[netmodel.Address("t."+name)].Field("link").Leaf(); l == nil || l.Kind == planparse.Exact {
			t.Errorf("t.%s.link is settled as %v", name, l)
		}
	}
}

// TestMayBeNull: an attribute that may turn out to be null may be replaced by
// the default of a variable.
func TestMayBeNull(t *testing.T) {
	hole := planparse.HoleValue(nil)
	s, err := source.Open("", write(t, map[string]string{
		"main.tf": `
resource "t" "one" {}
module "m" {
  source = "./m"
  other  = t.one.other_id
  object = { x = t.one.other_id }
  whole  = t.one.id
  maybe  = t.one.other_id
}
`, "m/main.tf": `
variable "other" {
  default  = "given"
  nullable = false
}
variable "object" { type = object({ x = optional(string, "given") }) }
variable "whole" {
  default  = "given"
  nullable = false
}
resource "t" "a" { link = var.other }
resource "t" "b" { link = var.object.x }
variable "maybe" {}
resource "t" "c" { link = var.whole }
resource "t" "d" { link = length(var.maybe[*]) == 1 ? var.whole : "given" }
resource "t" "e" { link = length(var.whole[*]) == 1 ? var.whole : "given" }
`}))
	if err != nil {
		t.Fatal(err)
	}
	resources := []*planparse.Resource{created("one", map[string]planparse.Value{"other_id": hole})}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		resources = append(resources, planparse.NewResource(planparse.Resource{
			Address: netmodel.Address("module.m.t." + name), Module: "module.m", Mode: planparse.Managed, Type: "t", Name: name, Action: planparse.Create,
		}, planparse.ObjectValue(map[string]planparse.Value{"link": hole}), planparse.Value{}))
	}
	p := &planparse.Plan{Kind: "plan", Complete: true, Resources: resources}
	types := []*planparse.ResourceType{{Name: "t", Reads: []string{"link"}, Identities: []string{"other_id"}}}
	for i, r := range p.Resolve(s.Resolver(p, types)).Resources[1:] {
		got := describeValue(r.Value(planparse.After).Field("link"))
		if want := "<t.one.id>"; (got == want) != (i == 2 || i == 4) || strings.Contains(got, "other_id") {
			t.Errorf("%s.link is %s", r.Address, got)
		}
	}
}

// TestCandidatesBehindDefinitions: where the ids decide, the objects that the
// definitions lead to are named.
func TestCandidatesBehindDefinitions(t *testing.T) {
	hole := planparse.HoleValue(nil)
	s, err := source.Open("", write(t, map[string]string{"main.tf": `
resource "t" "one" {}
resource "t" "two" {}
resource "t" "a" { link = local.first }
locals {
  first = sort(local.all)[0]
  all   = [t.one.id, t.two.id]
}
`}))
	if err != nil {
		t.Fatal(err)
	}
	p := &planparse.Plan{Kind: "plan", Complete: true, Resources: []*planparse.Resource{
		created("one", map[string]planparse.Value{}), created("two", map[string]planparse.Value{}),
		created("a", map[string]planparse.Value{"link": hole}),
	}}
	types := []*planparse.ResourceType{{Name: "t", Reads: []string{"link"}, Accepts: map[string][]string{"link": {"t"}}}}
	l := p.Resolve(s.Resolver(p, types)).Resources[2].Value(planparse.After).Field("link").Leaf()
	want := []planparse.Identity{{Address: "t.one", Attr: "id"}, {Address: "t.two", Attr: "id"}}
	if l == nil || l.Kind != planparse.Candidates || l.Closed || !slices.Equal(l.Among, want) {
		t.Errorf("link is %+v, want perhaps one of %v", l, want)
	}
}
