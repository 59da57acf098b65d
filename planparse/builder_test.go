package planparse_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// Toy types: a group; a rule that goes into one; a subnet; a table; an
// association of the two.
var toyTypes = []*planparse.ResourceType{
	{Name: "toy_vpc", Build: func(r *planparse.Resource, b *planparse.Builder) {
		table := r.Address + ".main_table"
		b.AddVPC(&netmodel.VPC{Address: r.Address, HasIPv6: netmodel.Fails, MainTable: netmodel.To(table),
			DefaultACL: netmodel.NoLink(), DefaultGroup: netmodel.NoLink()})
		b.AddRouteTable(&netmodel.RouteTable{Address: table, VPC: netmodel.To(r.Address)})
		if id, ok := r.Block(b.World()).String("main_table").Get(); ok {
			b.Alias(netmodel.Address(id), table)
		}
	}},
	{Name: "toy_group", Build: func(r *planparse.Resource, b *planparse.Builder) {
		f := netmodel.Filter{Default: netmodel.Deny, Stateful: true}
		b.AddGroup(&netmodel.Group{Address: r.Address, VPC: netmodel.NoLink(), Ingress: f, Egress: f})
	}},
	{Name: "toy_rule", Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		b.AddGroupRule(v.Ref("group"), netmodel.Ingress, netmodel.Rule{Action: netmodel.Permit,
			Match: headerspace.Exactly(headerspace.All()), Peer: netmodel.InPrefix(netip.MustParsePrefix("10.0.0.0/8")), Origin: v.Origin("")})
	}},
	{Name: "toy_subnet", Build: func(r *planparse.Resource, b *planparse.Builder) {
		b.AddSubnet(&netmodel.Subnet{Address: r.Address, VPC: r.Block(b.World()).Ref("vpc"), HasIPv4: netmodel.Holds, HasIPv6: netmodel.Fails})
	}},
	{Name: "toy_table", Build: func(r *planparse.Resource, b *planparse.Builder) {
		b.AddRouteTable(&netmodel.RouteTable{Address: r.Address, VPC: r.Block(b.World()).Ref("vpc")})
	}},
	{Name: "toy_adopted", Build: func(r *planparse.Resource, b *planparse.Builder) {
		b.AddRouteTable(&netmodel.RouteTable{Address: r.Address, Origin: netmodel.Origin{Address: r.Address},
			VPC: netmodel.Unsettled(netmodel.Gap{Why: netmodel.UntilApply})})
		if a, ok := r.Block(b.World()).Ref("vpc").Exact(); ok {
			b.Alias(r.Address, a+".main_table")
		}
	}},
	{Name: "toy_association", Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		b.AssociateTable(v.Ref("subnet"), v.Ref("table"), v.Origin(""))
	}},
	{Name: "toy_route", Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		b.AddRoute(v.Ref("table"), netmodel.Route{Destination: netmodel.InPrefix(netip.MustParsePrefix("0.0.0.0/0")),
			Target: v.Ref("target"), Rank: netmodel.StaticRoute, Blackhole: netmodel.Fails, Origin: v.Origin("")})
	}},
}

type fields map[string]planparse.Value

func link(address netmodel.Address) planparse.Value {
	return planparse.HoleValue(&planparse.Leaf{Kind: planparse.Exact,
		Term: planparse.Term{{Identity: planparse.Identity{Address: address, Attr: "id"}}}})
}

func among(closed bool, addresses ...netmodel.Address) planparse.Value {
	l := &planparse.Leaf{Kind: planparse.Candidates, Closed: closed, Reason: planparse.UnknownCondition}
	for _, a := range addresses {
		l.Among = append(l.Among, planparse.Identity{Address: a, Attr: "id"})
	}
	return planparse.HoleValue(l)
}

var text = planparse.StringValue

// toyPlan makes a plan of new resources, given as address and arguments.
func toyPlan(resources map[netmodel.Address]fields) *planparse.Plan {
	p := &planparse.Plan{Kind: "plan", Complete: true}
	for a, f := range resources {
		typ, _, _ := strings.Cut(string(a), ".")
		p.Resources = append(p.Resources, planparse.NewResource(
			planparse.Resource{Address: a, Mode: planparse.Managed, Type: typ, Action: planparse.Create},
			planparse.ObjectValue(f), planparse.Value{}))
	}
	return p
}

func toyNetwork(resources map[netmodel.Address]fields) *netmodel.Network {
	return planparse.Build(toyPlan(resources), toyTypes, planparse.After, nil)
}

func ingress(t *testing.T, n *netmodel.Network, group netmodel.Address) (certain, doubtful int) {
	t.Helper()
	g := n.Group(group)
	if g == nil {
		t.Fatalf("there is no group %s", group)
	}
	for _, r := range g.Ingress.Rules {
		if r.Doubt.IsZero() {
			certain++
		} else {
			doubtful++
		}
	}
	return certain, doubtful
}

// TestRuleLinks puts a rule where its link leads: for certain, to all it may
// lead to, or to every group there is.
func TestRuleLinks(t *testing.T) {
	for _, c := range []struct {
		name string
		link planparse.Value
		want map[netmodel.Address][2]int // certain and doubtful rules
	}{
		{"exact", link("toy_group.a"), map[netmodel.Address][2]int{"toy_group.a": {1, 0}, "toy_group.b": {0, 0}}},
		{"closed", among(true, "toy_group.a", "toy_group.b"), map[netmodel.Address][2]int{"toy_group.a": {0, 1}, "toy_group.b": {0, 1}, "toy_group.c": {0, 0}}},
		{"candidates", among(false, "toy_group.a"), map[netmodel.Address][2]int{"toy_group.a": {0, 1}, "toy_group.b": {0, 1}, "toy_group.c": {0, 1}}},
		{"known id", text("sg-000000aa"), map[netmodel.Address][2]int{"toy_group.a": {1, 0}, "toy_group.b": {0, 0}}},
		{"id outside the plan", text("sg-000000ff"), map[netmodel.Address][2]int{"toy_group.a": {0, 0}, "sg-000000ff": {1, 0}}},
	} {
		n := toyNetwork(map[netmodel.Address]fields{
			"toy_group.a": {"id": text("sg-000000aa")}, "toy_group.b": {}, "toy_group.c": {}, "toy_rule.r": {"group": c.link},
		})
		for group, want := range c.want {
			if certain, doubtful := ingress(t, n, group); certain != want[0] || doubtful != want[1] {
				t.Errorf("%s: %s has %d certain and %d doubtful rules, want %v", c.name, group, certain, doubtful, want)
			}
		}
	}
}

// TestGroupOutsideThePlan says that a group which is only mentioned may have
// other rules.
func TestGroupOutsideThePlan(t *testing.T) {
	n := toyNetwork(map[netmodel.Address]fields{"toy_rule.r": {"group": text("sg-000000ff")}})
	g := n.Group("sg-000000ff")
	if g == nil || len(g.Ingress.Hidden) != 1 || len(g.Egress.Hidden) != 1 {
		t.Fatalf("the group is %+v, want one that may have further rules", g)
	}
	if h := g.Ingress.Hidden[0]; h.Why != netmodel.OutsidePlan || h.Code != netmodel.UnknownSecurityGroupRules {
		t.Errorf("its rules are open for %+v", h)
	}
}

// TestTableOfSubnet settles which route table a subnet has.
func TestTableOfSubnet(t *testing.T) {
	const main, x, y = "toy_vpc.v.main_table", "toy_table.x", "toy_table.y"
	certain := fields{"subnet": link("toy_subnet.a"), "table": link(x)}
	for _, c := range []struct {
		name         string
		associations map[netmodel.Address]fields
		want         string // for toy_subnet.a
		other        string // for toy_subnet.b
	}{
		{"none", nil, main, main},
		{"one", map[netmodel.Address]fields{"toy_association.1": certain}, x, main},
		{"one of two subnets", map[netmodel.Address]fields{
			"toy_association.1": {"subnet": among(true, "toy_subnet.a", "toy_subnet.b"), "table": link(x)},
		}, "one of " + main + ", " + x, "one of " + main + ", " + x},
		{"any subnet", map[netmodel.Address]fields{
			"toy_association.1": {"subnet": among(false, "toy_subnet.a"), "table": link(x)},
		}, "one of " + main + ", " + x, "one of " + main + ", " + x},
		{"one of two tables", map[netmodel.Address]fields{
			"toy_association.1": {"subnet": link("toy_subnet.a"), "table": among(true, x, y)},
		}, "one of " + x + ", " + y, main},
		{"a certain one rules out a doubtful one", map[netmodel.Address]fields{
			"toy_association.1": certain, "toy_association.2": {"subnet": among(false), "table": link(y)},
		}, x, "one of " + main + ", " + y},
		{"two", map[netmodel.Address]fields{
			"toy_association.1": certain, "toy_association.2": {"subnet": link("toy_subnet.a"), "table": link(y)},
		}, "one of " + x + ", " + y, main},
	} {
		resources := map[netmodel.Address]fields{
			"toy_vpc.v": {}, x: {"vpc": link("toy_vpc.v")}, y: {"vpc": link("toy_vpc.v")},
			"toy_subnet.a": {"vpc": link("toy_vpc.v")}, "toy_subnet.b": {"vpc": link("toy_vpc.v")},
		}
		for a, f := range c.associations {
			resources[a] = f
		}
		n := toyNetwork(resources)
		if got := n.Subnet("toy_subnet.a").Table.String(); got != c.want {
			t.Errorf("%s: the table of a is %s, want %s", c.name, got, c.want)
		}
		if got := n.Subnet("toy_subnet.b").Table.String(); got != c.other {
			t.Errorf("%s: the table of b is %s, want %s", c.name, got, c.other)
		}
		if want := c.name == "two"; want != (len(n.Conflicts) == 1) {
			t.Errorf("%s: conflicts %v", c.name, n.Conflicts)
		}
	}
}

// TestNames finds one object under its address, its id, the attribute of
// another object, and that attribute of an id.
func TestNames(t *testing.T) {
	route := func(table planparse.Value) fields { return fields{"table": table, "target": text("igw-00000001")} }
	n := toyNetwork(map[netmodel.Address]fields{
		"toy_vpc.v":     {"id": text("vpc-00000001"), "main_table": text("rtb-00000001")},
		"toy_adopted.t": {"id": text("rtb-00000001"), "vpc": text("vpc-00000001")},
		"toy_route.1":   route(text("rtb-00000001")),
		"toy_route.2":   route(link("toy_adopted.t")),
		"toy_route.3":   route(text("toy_vpc.v.main_table")),
		"toy_route.4":   route(text("vpc-00000001.main_table")),
	})
	if len(n.RouteTables) != 1 {
		t.Fatalf("there are %d tables, want one", len(n.RouteTables))
	}
	table := n.RouteTables[0]
	if table.Address != "toy_vpc.v.main_table" || table.Origin.Address != "toy_adopted.t" {
		t.Errorf("the table is %s from %s, want toy_vpc.v.main_table from toy_adopted.t", table.Address, table.Origin.Address)
	}
	if vpc, ok := table.VPC.Exact(); !ok || vpc != "toy_vpc.v" {
		t.Errorf("its VPC is %s", table.VPC)
	}
	if len(table.Routes) != 4 {
		t.Errorf("it has %d routes, want 4", len(table.Routes))
	}
}

// TestForeign tells targets outside the plan from those without a model.
func TestForeign(t *testing.T) {
	n := toyNetwork(map[netmodel.Address]fields{
		"toy_table.x": {"vpc": text("vpc-000000ff")},
		"toy_route.1": {"table": link("toy_table.x"), "target": text("igw-00000001")},
		"toy_route.2": {"table": link("toy_table.x"), "target": link("strange_gateway.g")},
		"toy_route.3": {"table": link("toy_table.x"), "target": text("local")},

		"strange_gateway.g": {},
	})
	if g := n.Foreign["igw-00000001"]; g.Why != netmodel.OutsidePlan || g.Code != netmodel.UnknownResource {
		t.Errorf("igw-00000001: %+v", g)
	}
	if g := n.Foreign["strange_gateway.g"]; g.Why != netmodel.NotModelled || g.Code != netmodel.UnsupportedResourceType {
		t.Errorf("strange_gateway.g: %+v", g)
	}
	if len(n.Foreign) != 2 {
		t.Errorf("foreign are %v, want two", n.Foreign)
	}
	if v := n.VPC("vpc-000000ff"); v == nil || v.Open4.IsZero() || v.MainTable.IsSettled() || len(v.Hidden) == 0 {
		t.Errorf("the VPC that is only mentioned is %+v", v)
	}
}

// TestReplaced knows the old id of a replaced object as gone.
func TestReplaced(t *testing.T) {
	p := toyPlan(map[netmodel.Address]fields{"toy_rule.r": {"group": text("sg-000000aa")}})
	old := planparse.ObjectValue(fields{"id": text("sg-000000aa")})
	fresh := planparse.ObjectValue(fields{"id": planparse.HoleValue(&planparse.Leaf{})})
	p.Resources = append(p.Resources, planparse.NewResource(planparse.Resource{Address: "toy_group.a", Mode: planparse.Managed,
		Type: "toy_group", Action: planparse.Replace}, fresh, old))
	n := planparse.Build(p, toyTypes, planparse.After, func(b *planparse.Builder) {
		if was, gone := b.Gone("sg-000000aa"); !gone || was != "toy_group.a" {
			t.Errorf("sg-000000aa is gone: %v, and was %s", gone, was)
		}
	})
	if certain, doubtful := ingress(t, n, "toy_group.a"); certain+doubtful != 0 {
		t.Error("a rule of the old group is in the new one")
	}
	before := planparse.Build(p, toyTypes, planparse.Before, nil)
	if before.Group("sg-000000aa") != nil {
		t.Error("before the plan the id is a group of its own")
	}
}

// TestManyDoubts leaves the rules of every group open instead of putting very
// many rules into very many groups.
func TestManyDoubts(t *testing.T) {
	resources := map[netmodel.Address]fields{}
	for i := range 300 {
		n := netmodel.Address(strings.Repeat("x", i+1))
		resources["toy_group."+n] = fields{}
		resources["toy_rule."+n] = fields{"group": among(false)}
	}
	g := toyNetwork(resources).Groups[0]
	if len(g.Ingress.Rules) != 0 || len(g.Ingress.Hidden) != 1 {
		t.Errorf("a group has %d rules and %d reasons for others, want 0 and 1", len(g.Ingress.Rules), len(g.Ingress.Hidden))
	}
}
