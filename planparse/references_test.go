package planparse

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var linkTypes = []*ResourceType{
	{Name: "aws_vpc", Identities: []string{"default_network_acl_id"}},
	{Name: "aws_subnet", Accepts: map[string][]string{"vpc_id": {"aws_vpc"}}},
	{
		Name: "aws_security_group", Sets: []string{"ingress", "ingress.security_groups"},
		Accepts: map[string][]string{"vpc_id": {"aws_vpc"}, "ingress.security_groups": {"aws_security_group"}},
	},
	{
		Name: "aws_instance", Sets: []string{"vpc_security_group_ids"},
		Accepts: map[string][]string{"subnet_id": {"aws_subnet"}, "vpc_security_group_ids": {"aws_security_group"}},
	},
	{
		Name:    "aws_vpc_security_group_ingress_rule",
		Accepts: map[string][]string{"security_group_id": {"aws_security_group"}, "referenced_security_group_id": {"aws_security_group"}},
	},
	{Name: "aws_eip", Aliases: map[string]string{"allocation_id": "id"}},
	{Name: "aws_nat_gateway", Accepts: map[string][]string{"allocation_id": {"aws_eip"}}},
	{Name: "aws_lb", Accepts: map[string][]string{"rule.subnet": {"aws_subnet"}}},
	{Name: "data.aws_vpc"},
}

// leafText describes a value that was open.
func leafText(v Value) string {
	if v.Kind() == List {
		var items []string
		for _, e := range v.Elements() {
			items = append(items, leafText(e))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	l := v.Leaf()
	if l == nil {
		return fmt.Sprint("known ", v.Text())
	}
	switch l.Kind {
	case Exact:
		id, _ := l.Term.Identity()
		return fmt.Sprintf("exactly %s.%s", id.Address, id.Attr)
	case Candidates, Unknown:
	}
	var among []string
	for _, id := range l.Among {
		among = append(among, string(id.Address)+"."+id.Attr)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", strings.Join(among, ","), l.Reason, l.Detail))
}

func TestReferencesFixture(t *testing.T) {
	p := readFixture(t, "create.json")
	s := References(p, linkTypes)
	trusting := References(p, linkTypes)
	trusting.Trust = true
	group := `module.net["c"].aws_security_group.app[0].id`
	only := "without the sources the plan does not tell which object it will be; the only candidate is "
	for _, c := range []struct{ address, name, want, trusted string }{
		{`module.net["a.b"].aws_subnet.this["us-east-1a"]`, "vpc_id", "aws_vpc.main.id 1 " + only + "aws_vpc.main.id", "exactly aws_vpc.main.id"},
		{"aws_vpc_security_group_ingress_rule.in", "security_group_id",
			"aws_security_group.peer.id 1 " + only + "aws_security_group.peer.id", "exactly aws_security_group.peer.id"},
		{"aws_vpc_security_group_ingress_rule.in", "referenced_security_group_id", group + " 1 " + only + group, "exactly " + group},
		{"aws_instance.app", "vpc_security_group_ids", group + " 1 " + only + group, "[exactly " + group + "]"},
		{"aws_instance.app", "subnet_id",
			`module.net["c"].aws_subnet.this["us-east-1a"].id 16 plan JSON does not show which attribute of module.net["c"].aws_subnet.this["us-east-1a"] it is`, ""},
		{"aws_instance.plain", "subnet_id", "2", ""},
		{"aws_instance.plain", "vpc_security_group_ids", "2", ""},
		{"aws_vpc.main", "id", "2", ""},
	} {
		r := need(t, p, c.address)
		if got := leafText(s.Settle(r).Field(c.name)); got != c.want {
			t.Errorf("%s.%s: %s", c.address, c.name, got)
		}
		if c.trusted == "" {
			c.trusted = c.want
		}
		if got := leafText(trusting.Settle(r).Field(c.name)); got != c.trusted {
			t.Errorf("%s.%s, trusted: %s", c.address, c.name, got)
		}
	}
}

// refer is a plan of two VPCs, two groups and a subnet whose vpc_id is open and
// whose expression is e.
func refer(e, more string) string {
	created := func(kind, name, after, unknown string) string {
		address, index := name, ""
		if base, key, ok := strings.Cut(name, "["); ok {
			name, index = base, `"index":`+strings.TrimSuffix(key, "]")+","
		}
		return fmt.Sprintf(`{"address":"%s.%s","mode":"managed","type":"%[1]s","name":%[3]q,%s
			"change":{"actions":["create"],"before":null,"after":{%s},"after_unknown":{"id":true%s}}}`, kind, address, name, index, after, unknown)
	}
	changes := []string{
		created("aws_vpc", "a[0]", `"cidr_block":"10.0.0.0/16"`, `,"default_network_acl_id":true,"dhcp":true`),
		created("aws_vpc", "a[1]", "", ""), created("aws_vpc", "b", "", ""),
		created("aws_security_group", "g", "", `,"vpc_id":true`),
		created("aws_subnet", "s", "", `,"vpc_id":true`),
	}
	return fmt.Sprintf(`{"format_version":"1.2","planned_values":{},"variables":{"v":{"value":"vpc-1"}},"resource_changes":[%s],
	"configuration":{"root_module":{"resources":[
		{"mode":"managed","type":"aws_vpc","name":"a","expressions":{}},{"mode":"managed","type":"aws_vpc","name":"b","expressions":{}},
		{"mode":"managed","type":"aws_security_group","name":"g","expressions":{"vpc_id":{"references":["aws_vpc.b.id","aws_vpc.b"]}}},
		{"mode":"managed","type":"aws_subnet","name":"s","expressions":{"vpc_id":%s}%s}]}}}`, strings.Join(changes, ","), e, more)
}

func TestReferences(t *testing.T) {
	references := func(names ...string) string { return `{"references":["` + strings.Join(names, `","`) + `"]}` }
	for _, c := range []struct {
		name, expr, more string
		among            string
		reason           Reason
		trusted          bool
	}{
		{name: "one", expr: references("aws_vpc.b.id", "aws_vpc.b"), among: "aws_vpc.b.id", reason: NoSources, trusted: true},
		{name: "an element", expr: references("aws_vpc.a[1].id", "aws_vpc.a[1]", "aws_vpc.a"), among: "aws_vpc.a[1].id", reason: NoSources, trusted: true},
		{name: "an index that is not shown", expr: references("aws_vpc.a", "count.index"), among: "aws_vpc.a[0].id,aws_vpc.a[1].id", reason: Ambiguous},
		{name: "an attribute that is not shown", expr: references("aws_vpc.b"), among: "aws_vpc.b.id", reason: OpaqueReference},
		{name: "two", expr: references("aws_vpc.b.id", "aws_vpc.b", "aws_vpc.a[0].id", "aws_vpc.a[0]", "aws_vpc.a"),
			among: "aws_vpc.a[0].id,aws_vpc.b.id", reason: Ambiguous},
		{name: "a condition on another type", expr: references("aws_security_group.g.id", "aws_security_group.g", "aws_vpc.b.id", "aws_vpc.b"),
			among: "aws_vpc.b.id", reason: NoSources},
		{name: "a chain", expr: references("aws_security_group.g.vpc_id", "aws_security_group.g"), among: "aws_vpc.b.id", reason: NoSources, trusted: true},
		{name: "a local", expr: references("local.vpc"), reason: Local},
		{name: "a local and a name", expr: references("local.on", "aws_vpc.b.id", "aws_vpc.b"), among: "aws_vpc.b.id", reason: Local},
		{name: "a variable", expr: references("var.v"), reason: OpaqueReference},
		{name: "a variable or a name", expr: references("var.v", "aws_vpc.b.id", "aws_vpc.b"), among: "aws_vpc.b.id", reason: NoSources},
		{name: "another attribute", expr: references("aws_vpc.a[0].dhcp", "aws_vpc.a[0]", "aws_vpc.a"), reason: NotIdentity},
		{name: "a known attribute", expr: references("aws_vpc.a[0].cidr_block", "aws_vpc.a[0]", "aws_vpc.a"), reason: OpaqueReference},
		{name: "an identity of another name", expr: references("aws_vpc.a[0].default_network_acl_id", "aws_vpc.a[0]", "aws_vpc.a"),
			among: "aws_vpc.a[0].default_network_acl_id", reason: NoSources, trusted: true},
		{name: "a function of constants", expr: `{}`, reason: OpaqueReference},
		{name: "null", expr: `{"constant_value":null}`, reason: NotIdentity},
		{name: "a type that is not read", expr: references("random_id.x.hex", "random_id.x"), reason: OpaqueReference},
		{name: "an output that is not shown", expr: references("module.m"), reason: OpaqueReference},
		{name: "each value", expr: references("each.value.id", "each.value"), more: `,"for_each_expression":` + references("aws_vpc.b"),
			among: "aws_vpc.b.id", reason: OpaqueReference},
		{name: "a module that is not there", expr: references("module.m.vpc", "module.m"), reason: OpaqueReference},
		{name: "no name at all", expr: references("???"), reason: OpaqueReference},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := readText(t, refer(c.expr, c.more))
			s := References(p, linkTypes)
			l := s.Settle(need(t, p, "aws_subnet.s")).Field("vpc_id").Leaf()
			var among []string
			for _, id := range l.Among {
				among = append(among, string(id.Address)+"."+id.Attr)
			}
			if got := strings.Join(among, ","); got != c.among || l.Reason != c.reason || l.Closed || (l.Kind == Candidates) != (c.among != "") || l.Kind == Exact {
				t.Errorf("%q, reason %d: %s", got, l.Reason, l.Detail)
			}
			if l.Reason != NotIdentity && l.Detail == "" {
				t.Error("no detail")
			}
			s.Trust = true
			l = s.Settle(need(t, p, "aws_subnet.s")).Field("vpc_id").Leaf()
			if (l.Kind == Exact) != c.trusted {
				t.Errorf("trusted: %+v", l)
			}
		})
	}
}

// Definitions that lead back to themselves end.
func TestReferencesCycle(t *testing.T) {
	doc := strings.Replace(refer(`{"references":["aws_security_group.g.vpc_id","aws_security_group.g"]}`, ""),
		`"aws_vpc.b.id","aws_vpc.b"`, `"aws_subnet.s.vpc_id","aws_subnet.s"`, 1)
	p := readText(t, doc)
	v := References(p, linkTypes).Settle(need(t, p, "aws_subnet.s")).Field("vpc_id")
	if v.Leaf().Kind != Unknown {
		t.Error(leafText(v))
	}
}

// Planned blocks are in another order than the written ones, and dynamic blocks
// are not written at all.
func TestReferencesBlocks(t *testing.T) {
	plan := func(blocks string) *Plan {
		return readText(t, fmt.Sprintf(`{"format_version":"1.2","planned_values":{},"resource_changes":[
		{"address":"aws_subnet.a","mode":"managed","type":"aws_subnet","name":"a","change":{"actions":["create"],"before":null,"after":{},"after_unknown":{"id":true}}},
		{"address":"aws_subnet.b","mode":"managed","type":"aws_subnet","name":"b","change":{"actions":["create"],"before":null,"after":{},"after_unknown":{"id":true}}},
		{"address":"aws_lb.l","mode":"managed","type":"aws_lb","name":"l","change":{"actions":["create"],"before":null,
			"after":{"rule":[{"port":1},{"port":2}]},"after_unknown":{"id":true,"rule":[{"subnet":true},{"subnet":true}]}}}],
		"configuration":{"root_module":{"resources":[
		{"mode":"managed","type":"aws_subnet","name":"a","expressions":{}},{"mode":"managed","type":"aws_subnet","name":"b","expressions":{}},
		{"mode":"managed","type":"aws_lb","name":"l","expressions":{%s}}]}}}`, blocks))
	}
	block := func(name string) string {
		return fmt.Sprintf(`{"subnet":{"references":["aws_subnet.%s.id","aws_subnet.%[1]s"]}}`, name)
	}
	for _, c := range []struct {
		blocks string
		among  int
		reason Reason
	}{
		{`"rule":[` + block("a") + `,` + block("b") + `]`, 2, Ambiguous},
		{`"rule":[` + block("a") + `]`, 1, OpaqueReference},
		{``, 0, OpaqueReference},
		{`"rule":{"references":["aws_subnet.a.id","aws_subnet.a","aws_subnet.b.id","aws_subnet.b"]}`, 2, Ambiguous},
	} {
		p := plan(c.blocks)
		s := References(p, linkTypes)
		s.Trust = true
		for _, e := range s.Settle(need(t, p, "aws_lb.l")).Field("rule").Elements() {
			l := e.Field("subnet").Leaf()
			if len(l.Among) != c.among || l.Reason != c.reason {
				t.Errorf("%s: %s", c.blocks, leafText(e.Field("subnet")))
			}
		}
	}
}

func TestLongest(t *testing.T) {
	for _, c := range []struct{ names, want string }{
		{"x[0].id x[0] x", "x[0].id"},
		{"x[0].id x[0] x x", "x[0].id x"},
		{"a.b.c a.b a.bc a.b", "a.b.c a.bc a.b"},
		{"module.m[0].out module.m[0] module.m", "module.m[0].out"},
		{"x count.index y.z y", "x count.index y.z"},
	} {
		if got := longest(strings.Fields(c.names)); !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%s: %q", c.names, got)
		}
	}
}

func TestModuleAddresses(t *testing.T) {
	for _, c := range []struct{ instance, parent, call string }{
		{"", "", ""},
		{"module.a", "", "a"},
		{"module.a.module.b", "module.a", "b"},
		{`module.a["x.module.y\"]"].module.b[0]`, `module.a["x.module.y\"]"]`, "b"},
	} {
		if parent, call := parentOf(c.instance); parent != c.parent || call != c.call {
			t.Errorf("%s: %q %q", c.instance, parent, call)
		}
	}
}

// All instances of a block have the same leaf: a thousand of them that name a
// thousand others take no million candidates.
func TestReferencesShareLeaves(t *testing.T) {
	p := readFixture(t, "create.json")
	s := References(p, linkTypes)
	leaf := func(address string) *Leaf { return s.Settle(need(t, p, address)).Field("vpc_id").Leaf() }
	if a, b := leaf(`module.net["c"].aws_security_group.app[0]`), leaf(`module.net["c"].aws_security_group.app[1]`); a != b {
		t.Error("two leaves", a, b)
	}
	if a, b := leaf(`module.net["a.b"].aws_security_group.app[0]`), leaf(`module.net["c"].aws_security_group.app[0]`); a == b {
		t.Error("one leaf for two modules")
	}
}
