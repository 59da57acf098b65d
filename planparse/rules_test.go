package planparse

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// need is the resource at an address.
func need(t *testing.T, p *Plan, address string) *Resource {
	t.Helper()
	r := resourceAt(p, address)
	if r == nil {
		t.Fatalf("%s is missing", address)
	}
	return r
}

func readText(t *testing.T, doc string) *Plan {
	t.Helper()
	p, err := Read(strings.NewReader(doc), all)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCreate(t *testing.T) {
	p := readFixture(t, "create.json")
	if p.Kind != "plan" || !p.Complete || p.TerraformVersion != "1.11.4" || p.Timestamp == "" || len(p.SHA256) != 64 {
		t.Errorf("%+v", p)
	}
	if p.Total != 27 || p.Types["aws_security_group"] != 5 || p.Types["data.aws_ami"] != 1 || len(p.Resources) != p.Total {
		t.Error(p.Total, p.Types)
	}
	vpc := need(t, p, "aws_vpc.main")
	if vpc.Action != Create || vpc.Existing || vpc.Value(Before).Kind() != Absent || vpc.ProviderConfig != "aws" {
		t.Errorf("%+v", vpc)
	}
	if v := vpc.Value(After); v.Field("id").Kind() != Hole || v.Field("id").Leaf() == nil || v.Field("cidr_block").Text() != "10.0.0.0/16" ||
		v.Field("ipv4_ipam_pool_id").Kind() != Null || v.Field("no_such").Kind() != Absent {
		t.Error(v)
	}
	ami := need(t, p, "data.aws_ami.linux")
	if ami.Action != NoOp || ami.Mode != Data || !ami.Value(After).IsWhole() || !reflect.DeepEqual(ami.Value(After), ami.Value(Before)) {
		t.Errorf("%+v", ami)
	}
	subnet := need(t, p, `module.net["a.b"].aws_subnet.this["us-east-1a"]`)
	if subnet.Module != `module.net["a.b"]` || subnet.Key != "us-east-1a" || subnet.Name != "this" || subnet.ProviderConfig != "aws" {
		t.Errorf("%+v", subnet)
	}
	if a, b := indexOf(p, "null_resource.n[9]"), indexOf(p, "null_resource.n[10]"); a < 0 || b != a+1 {
		t.Error("order of numbers:", a, b)
	}
	if len(p.Declared) != 12 || !slices.Contains(p.Declared, Declared{"module.net", Managed, "aws_subnet", "this"}) {
		t.Error(len(p.Declared), p.Declared)
	}
}

func indexOf(p *Plan, address string) int {
	return slices.IndexFunc(p.Resources, func(r *Resource) bool { return string(r.Address) == address })
}

func TestSensitive(t *testing.T) {
	p := readFixture(t, "create.json")
	if v := p.Variables["password"]; !v.IsSensitive() || v.Text() != "hunter2" {
		t.Error("password", v)
	}
	if v := p.Variables["open_port"]; v.IsSensitive() || v.Text() != "443" {
		t.Error("open_port", v)
	}
	if v := p.Config.Variables["password"].Default; !v.IsSensitive() {
		t.Error("default of password", v)
	}
	west := need(t, p, "aws_vpc.west")
	if west.ProviderConfig != "aws.west" {
		t.Error(west.ProviderConfig)
	}
	tags := west.Value(After).Field("tags")
	if !tags.Field("secret").IsSensitive() || tags.Field("name").IsSensitive() {
		t.Error(tags)
	}
	kept := need(t, readFixture(t, "state.json"), "aws_vpc.west").Value(After).Field("tags")
	if !kept.Field("secret").IsSensitive() || kept.Field("name").IsSensitive() {
		t.Error("in the state", kept)
	}
	kept = need(t, readFixture(t, "rawstate.json"), "aws_vpc.west").Value(After).Field("tags")
	if !kept.Field("secret").IsSensitive() || kept.Field("name").IsSensitive() {
		t.Error("in the state file", kept)
	}
}

func TestUpdate(t *testing.T) {
	p := readFixture(t, "update.json")
	kept := need(t, p, "aws_eip.kept")
	if kept.Action != Forget || kept.Value(After).Kind() != Object || !reflect.DeepEqual(kept.Value(After), kept.Value(Before)) {
		t.Errorf("forgotten: %+v", kept)
	}
	old := need(t, p, "aws_eip.old")
	if old.Action != Delete || old.Value(After).Kind() != Absent || old.Value(Before).Field("id").Text() == "" {
		t.Errorf("deleted: %+v", old)
	}
	west := need(t, p, "aws_vpc.west")
	if west.Action != Replace || west.Existing || west.Value(After).Field("id").Kind() != Hole || west.Value(Before).Field("id").Text() == "" {
		t.Errorf("replaced: %+v", west)
	}
	friend := need(t, p, "aws_security_group.friend")
	if friend.Action != NoOp || friend.Previous != "aws_security_group.peer" || !friend.Existing || friend.Value(After).Field("id").Text() == "" {
		t.Errorf("moved: %+v", friend)
	}
	rule := need(t, p, "aws_vpc_security_group_ingress_rule.in")
	if rule.Action != Update || !rule.Existing || rule.Value(After).Field("from_port").Text() != "8443" || rule.Value(Before).Field("from_port").Text() != "443" {
		t.Errorf("updated: %+v", rule)
	}
	later := need(t, p, "data.aws_vpc.later")
	if id := later.Value(After).Field("cidr_block"); later.Action != ReadData || id.Kind() != Hole || id.Leaf().Reason != DeferredData {
		t.Errorf("read later: %+v", later)
	}
	if !p.Complete || p.Total != 30 {
		t.Error(p.Complete, p.Total)
	}
}

// With -target and -refresh-only there are objects that the plan does not
// mention: they stay as they are.
func TestKept(t *testing.T) {
	for _, name := range []string{"target.json", "refresh.json"} {
		p := readFixture(t, name)
		if p.Complete || p.Total != 27 {
			t.Error(name, p.Complete, p.Total)
		}
		main := need(t, p, "aws_vpc.main")
		if main.Action != NoOp || !main.Existing || main.Value(After).Field("id").Text() == "" || !reflect.DeepEqual(main.Value(After), main.Value(Before)) {
			t.Errorf("%s: %+v", name, main)
		}
	}
	if r := need(t, readFixture(t, "target.json"), "aws_vpc.west"); r.Action != Replace {
		t.Error(r.Action)
	}
}

func TestDestroy(t *testing.T) {
	p := readFixture(t, "destroy.json")
	for _, r := range p.Resources {
		if r.Mode == Managed && (r.Action != Delete || r.Value(After).Kind() != Absent || r.Value(Before).Kind() != Object) {
			t.Errorf("%+v", r)
		}
	}
	if !p.Complete || p.Total != 27 {
		t.Error(p.Complete, p.Total)
	}
}

func TestStates(t *testing.T) {
	shown, raw := readFixture(t, "state.json"), readFixture(t, "rawstate.json")
	if shown.Kind != "state" || raw.Kind != "state" || shown.Config != nil || raw.Declared != nil {
		t.Error(shown.Kind, raw.Kind)
	}
	if len(raw.Resources) != 27 || !reflect.DeepEqual(raw.Types, shown.Types) {
		t.Fatal(raw.Types, shown.Types)
	}
	for i, r := range raw.Resources {
		s := shown.Resources[i]
		if r.Address != s.Address || r.Module != s.Module || r.Key != s.Key || r.Provider != s.Provider || !r.Existing ||
			r.Value(After).Field("id").Text() != s.Value(After).Field("id").Text() || r.Value(Before).Kind() != Absent {
			t.Errorf("%+v\n%+v", r, s)
		}
	}
	if p := readText(t, `{"format_version":"1.0"}`); p.Kind != "state" || p.Total != 0 {
		t.Errorf("empty state: %+v", p)
	}
}

// changes is a plan with the given entries of resource_changes.
func changes(entries ...string) string {
	return `{"format_version":"1.2","planned_values":{},"resource_changes":[` + strings.Join(entries, ",") + `]}`
}

// entry is an entry of resource_changes for x_y.NAME.
func entry(name, more, change string) string {
	return fmt.Sprintf(`{"address":"x_y.%s","mode":"managed","type":"x_y","name":"%[1]s",%s"change":%s}`, name, more, change)
}

func TestActions(t *testing.T) {
	both := `"before":{"id":"1"},"after":{"id":"1"},"after_unknown":{}`
	for _, c := range []struct {
		actions, more string
		want          Action
		existing      bool
	}{
		{`"no-op"`, both, NoOp, true},
		{`"no-op"`, both + `,"importing":{"id":"1"}`, NoOp, true},
		{`"create"`, `"before":null,"after":{},"after_unknown":{"id":true}`, Create, false},
		{`"update"`, both, Update, true},
		{`"delete","create"`, both, Replace, false},
		{`"create","delete"`, both, Replace, false},
		{`"create","forget"`, both, Replace, false},
		{`"forget","create"`, both, Replace, false},
		{`"delete"`, `"before":{"id":"1"},"after":null`, Delete, false},
		{`"forget"`, `"before":{"id":"1"},"after":null`, Forget, true},
	} {
		p := readText(t, changes(entry("a", "", `{"actions":[`+c.actions+`],`+c.more+`}`)))
		r := need(t, p, "x_y.a")
		if r.Action != c.want || r.Existing != c.existing {
			t.Errorf("%s: %d, existing %v", c.actions, r.Action, r.Existing)
		}
		if wantsWarning := strings.Contains(c.actions, "forget\",") || strings.Contains(c.actions, ",\"forget"); (len(p.Warnings) > 0) != wantsWarning {
			t.Errorf("%s: %q", c.actions, p.Warnings)
		}
	}
}

func TestDeposed(t *testing.T) {
	change := `{"actions":["delete"],"before":{"id":"0"},"after":null}`
	now := `{"actions":["no-op"],"before":{"id":"1"},"after":{"id":"1"}}`
	p := readText(t, changes(entry("a", `"deposed":"byebye",`, change), entry("a", "", now)))
	if r := need(t, p, "x_y.a"); p.Total != 1 || r.Value(After).Field("id").Text() != "1" {
		t.Errorf("%+v", r)
	}
	_, err := Read(strings.NewReader(changes(entry("a", "", now), entry("a", "", now))), all)
	if err == nil || !strings.Contains(err.Error(), "x_y.a has two changes") {
		t.Error(err)
	}
}

func TestUpdateHidesID(t *testing.T) {
	p := readText(t, changes(entry("a", "", `{"actions":["update"],"before":{"id":"1","s":"x"},"after":{"s":"y"},"after_unknown":{"id":true,"t":true}}`)))
	v := need(t, p, "x_y.a").Value(After)
	if v.Field("id").Text() != "1" || v.Field("s").Text() != "y" || v.Field("t").Kind() != Hole {
		t.Error(v)
	}
}

// Lists say false where a value is known, objects leave it out; a whole
// collection can be open.
func TestMasks(t *testing.T) {
	p := readText(t, changes(entry("a", "", `{"actions":["create"],"before":null,
		"after":{"list":[null,"b",null],"null":null,"blocks":[{"a":"1","in":[]}],"short":["x"],"odd":"x","secret":{"a":{"b":"c"}}},
		"after_unknown":{"list":[true,false,false],"whole":true,"blocks":[{"b":true,"in":[]}],"short":[false,true],"odd":[true],"none":false,"empty":{}},
		"after_sensitive":{"list":[false,true],"secret":{"a":true},"whole":true}}`)))
	v := need(t, p, "x_y.a").Value(After)
	list := v.Field("list").Elements()
	if list[0].Kind() != Hole || list[1].Text() != "b" || list[2].Kind() != Null || !list[1].IsSensitive() || list[0].IsSensitive() {
		t.Error("list", list)
	}
	if v.Field("null").Kind() != Null || v.Field("none").Kind() != Absent || v.Field("empty").Kind() != Absent {
		t.Error("nothing", v)
	}
	if w := v.Field("whole"); w.Kind() != Hole || !w.IsSensitive() || w.Field("any").Kind() != Hole {
		t.Error("whole", w)
	}
	if b := v.Field("blocks").Elements()[0]; b.Field("a").Text() != "1" || b.Field("b").Kind() != Hole || b.Field("in").Kind() != List {
		t.Error("block", b)
	}
	if s := v.Field("short").Elements(); len(s) != 2 || s[1].Kind() != Hole {
		t.Error("short", s)
	}
	if v.Field("odd").Kind() != Hole {
		t.Error("a mask that does not fit leaves all open", v.Field("odd"))
	}
	if s := v.Field("secret"); s.IsSensitive() || !s.Field("a").IsSensitive() || !s.Field("a").Field("b").IsSensitive() {
		t.Error("secret", s)
	}
}

func TestDeferred(t *testing.T) {
	change := `{"actions":["create"],"before":null,"after":{"s":"x"},"after_unknown":{"id":true}}`
	p := readText(t, `{"format_version":"1.2","planned_values":{},"deferred_changes":[{"reason":"instance_count_unknown","resource_change":`+
		strings.Replace(entry("a", `"index_unknown":true,`, change), `"x_y.a"`, `"x_y.a[*]"`, 1)+`}]}`)
	r := need(t, p, "x_y.a[*]")
	v := r.Value(After)
	if p.Complete || v.Field("s").Kind() != Hole || v.Field("other").Kind() != Hole || v.Field("s").Leaf().Reason != Deferred {
		t.Errorf("%+v", r)
	}
	if len(p.Warnings) != 1 || p.Warnings[0] != "Terraform puts off 1 of the changes, and what they lead to is open: x_y.a[*]." {
		t.Errorf("%q", p.Warnings)
	}
	if q := p.Resolve(References(p, nil)); q.Resources[0].Value(After).Field("s").Leaf().Reason != Deferred {
		t.Error("resolved:", q.Resources[0].Value(After))
	}
}

func TestActionInvocations(t *testing.T) {
	p := readText(t, `{"format_version":"1.2","planned_values":{},"action_invocations":[{"address":"action.x_y.z"},{}]}`)
	if len(p.Warnings) != 1 || p.Warnings[0] != "The plan runs 2 actions beside its changes; what they do is not modelled." {
		t.Errorf("%q", p.Warnings)
	}
}

// OpenTofu's plans have no complete.
func TestExcluded(t *testing.T) {
	p := readText(t, `{"format_version":"1.2","planned_values":{},"prior_state":{"values":{"root_module":{"resources":[
		{"address":"x_y.a","mode":"managed","type":"x_y","name":"a","values":{"id":"1"}},
		{"address":"x_y.a","mode":"managed","type":"x_y","name":"a","values":{"id":"0"},"deposed_key":"byebye"},
		{"address":"x_y.b","mode":"managed","type":"x_y","name":"b","values":{"id":"2"}}],
		"child_modules":[{"resources":[{"address":"module.m[\"a.b\"].x_y.a[0]","mode":"managed","type":"x_y","name":"a","index":0,"values":{}}],"address":"module.m[\"a.b\"]"}]}}},
		"resource_changes":[`+entry("b", "", `{"actions":["no-op"],"before":{"id":"2"},"after":{"id":"2"}}`)+`]}`)
	if p.Complete || p.Total != 3 || need(t, p, "x_y.a").Value(After).Field("id").Text() != "1" {
		t.Errorf("%+v", p)
	}
	if r := need(t, p, `module.m["a.b"].x_y.a[0]`); r.Module != `module.m["a.b"]` || r.Key != 0 {
		t.Errorf("%+v", r)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{`{"format_version":"1.2","planned_values":{},"errored":true}`, "This plan ended with an error; what would be applied is not known."},
		{`{"@level":"info","@message":"Terraform 1.11.4"}` + "\n" + `{"@level":"info"}`, "plan.json is the log of `terraform plan -json`, not a plan. Use `terraform plan -out=tfplan` and `terraform show -json tfplan`."},
		{"\nTerraform used the selected providers to generate the following execution\nplan.", "plan.json is the printed plan. Use `terraform plan -out=tfplan` and `terraform show -json tfplan`."},
		{`{"remote_plan_format":1,"run_id":"run-x","hostname":"app.terraform.io"}`, "plan.json is only a pointer to a remote run. Pass the output of `show -json`."},
		{`{"meta":{},"encrypted_data":"aGVsbG8=","encryption_version":"v0"}`, "plan.json is encrypted. Pass the output of `show -json`."},
		{`{"format_version":"1.2","plann`, "plan.json: unexpected end of JSON at byte 30"},
		{``, "plan.json: unexpected end of JSON at byte 0"},
		{`hello`, "plan.json: no JSON object at byte 0"},
		{`{}`, "plan.json is JSON, but neither a plan nor a state. Use `terraform plan -out=tfplan` and `terraform show -json tfplan`."},
		{`{"format_version":"0.1","planned_values":{}}`, "plan.json has the format version 0.1. Make it with Terraform 1.0.1 or newer."},
		{`{"format_version":"2.0","planned_values":{}}`, "plan.json has the format version 2.0, which planreach does not know; it reads 0.2 to 1.x."},
		{`{"version":3,"modules":[]}`, "plan.json is a state file of version 3, and only version 4 is read. Pass the output of `terraform show -json`."},
	} {
		_, err := Read(&Input{name: "plan.json", reader: strings.NewReader(c.doc)}, all)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s\n got %v\nwant %s", c.doc, err, c.want)
		}
	}
	for _, version := range []string{"0.2", "1.0", "1.1", "1.2", "1.9"} {
		readText(t, `{"format_version":"`+version+`","planned_values":{}}`)
	}
}
