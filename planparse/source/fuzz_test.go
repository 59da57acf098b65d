package source

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/planreach/planreach/planparse"
)

// FuzzLoad: no text of a configuration makes loading, or evaluation of what it
// defines, fail otherwise than by leaving it unknown.
func FuzzLoad(f *testing.F) {
	for _, s := range []string{
		"resource \"t\" \"a\" { x = [for k, v in { (t.a.id) = 1 } : k...] }\n",
		"locals { a = local.b\n b = local.a }\nresource \"t\" \"a\" { x = local.a }\n",
		"resource \"t\" \"a\" {\n count = 1\n x = try(t.a[0].id, one([]), toset([\"a\"])[0])\n dynamic \"y\" {\n for_each = [1]\n content { z = y.value }\n }\n}\n",
		"variable \"v\" {\n type = map(object({ a = optional(set(string), [\"x\"]) }))\n default = {}\n}\nresource \"t\" \"a\" { x = var.v }\n",
		"module \"m\" {\n source = \"./m\"\n for_each = {}\n}\nresource \"t\" \"a\" { x = module.m[*].o }\n",
		"resource \"t\" \"a\" {\n x = toset([t.a.id, t.a.x, uuid()])\n dynamic \"y\" {\n for_each = toset([t.a.arn, \"p\"])\n content { z = values({ (t.a.id) = [1], zz = \"s\" })[0] }\n }\n}\n",
		"variable \"v\" {\n type = set(object({ a = any }))\n default = [{ a = null }]\n}\nresource \"t\" \"a\" {\n x = can(t.a.y[0].z) ? one(var.v) : lookup({}, t.a.id, setunion([t.a.id], [uuid()]))\n y = flatten([t.a.y, merge({}, { (t.a.id) = length(t.a.y) })])\n}\n",
		"locals { s = setproduct(toset([uuid(), t.a.id]), [1]) }\nresource \"t\" \"a\" {\n x = { for p in local.s : p[0] => p... }\n y { z = { a = element(tolist(local.s), length(local.s)) } }\n}\n",
	} {
		f.Add([]byte(s), "tf")
	}
	f.Add([]byte(`{"resource":{"t":{"a":{"x":"${t.a.id}","dynamic":{"y":{"for_each":[1],"content":{}}}}}}}`), "tf.json")
	f.Fuzz(func(t *testing.T, content []byte, suffix string) {
		a := &archive{modules: map[string]map[string][]byte{"": {"main." + suffix: content}}}
		s := &Sources{symbols: newSymbols(), content: map[string][]byte{}}
		l := loader{tree: a, guard: guard{s.symbols}, content: s.content}
		root, err := l.load("", ".")
		if err != nil {
			return
		}
		s.root = root
		hole := planparse.HoleValue(nil)
		fields := map[string]planparse.Value{"id": hole, "x": hole, "y": planparse.ListValue([]planparse.Value{hole, planparse.ObjectValue(map[string]planparse.Value{"z": hole})})}
		r := planparse.NewResource(planparse.Resource{Address: "t.a", Mode: planparse.Managed, Type: "t", Name: "a", Action: planparse.Create}, planparse.ObjectValue(fields), planparse.Value{})
		p := &planparse.Plan{Kind: "plan", Complete: true, Resources: []*planparse.Resource{r}}
		p.Resolve(s.Resolver(p, []*planparse.ResourceType{{Name: "t", Reads: []string{"x", "y"}}}))
	})
}

// FuzzArchive: no zip makes reading panic.
func FuzzArchive(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"tfplan", "tfconfig/m-/main.tf", "tfconfig/modules.json"} {
		w, err := z.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := w.Write([]byte("[]")); err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		a := &archive{modules: map[string]map[string][]byte{}}
		if a.read(r) == nil {
			workspaceOf(a.plan)
			a.snapshot()
		}
	})
}
