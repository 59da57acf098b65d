package planparse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func all(string) bool { return true }

func network(typeName string) bool {
	switch typeName {
	case "aws_vpc", "aws_security_group", "data.aws_vpc", "data.aws_ami":
		return true
	}
	return false
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// readFixture is the plan of testdata/NAME with all resources.
func readFixture(t testing.TB, name string) *Plan {
	t.Helper()
	p, err := Read(bytes.NewReader(fixture(t, name)), all)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// resourceAt is the resource at an address, nil if there is none.
func resourceAt(p *Plan, address string) *Resource {
	for _, r := range p.Resources {
		if string(r.Address) == address {
			return r
		}
	}
	return nil
}

// sorted is the document with the keys of all objects sorted, as jq -S prints.
func sorted(t testing.TB, data []byte) []byte {
	t.Helper()
	var doc any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	out, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestReadEqualsSlowTwin(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data := fixture(t, filepath.Base(file))
		for form, data := range map[string][]byte{"as it is": data, "sorted": sorted(t, data)} {
			for want, wanted := range map[string]func(string) bool{"all": all, "network": network} {
				t.Run(fmt.Sprintf("%s/%s/%s", filepath.Base(file), form, want), func(t *testing.T) {
					fast, err := Read(iotest.HalfReader(bytes.NewReader(data)), wanted)
					if err != nil {
						t.Fatal(err)
					}
					slow, err := readSlowly(data, wanted)
					if err != nil {
						t.Fatal(err)
					}
					comparePlans(t, fast, slow)
				})
			}
		}
	}
}

func comparePlans(t *testing.T, fast, slow *Plan) {
	t.Helper()
	if len(fast.Resources) != len(slow.Resources) {
		t.Fatalf("%d resources, slowly %d", len(fast.Resources), len(slow.Resources))
	}
	for i, x := range fast.Resources {
		if y := slow.Resources[i]; !reflect.DeepEqual(x, y) {
			t.Fatalf("%s differs:\n%s", x.Address, cmp.Diff(x, y, cmp.AllowUnexported(Resource{}, Value{}, inner{}, shape{})))
		}
	}
	if !reflect.DeepEqual(fast, slow) {
		t.Fatal(cmp.Diff(fast, slow, cmpopts.IgnoreFields(Plan{}, "Resources"), cmp.AllowUnexported(Value{}, inner{}, shape{})))
	}
}

// A small plan that has everything that the walk distinguishes.
const small = `{"format_version":"1.2","terraform_version":"1.11.4",
"variables":{"a\"b":{"value":"é€😀\u00e9\ud83d\ude00"}},"planned_values":{"root_module":{"resources":[{"x":[{"a":"]}"},"\\"]}]}},
"resource_changes":[
{"address":"aws_vpc.a","mode":"managed","type":"aws_vpc","name":"a","provider_name":"p","change":{"actions":["create"],"before":null,"after":{"cidr_block":"10.0.0.0/16","n":-1.5e+3,"l":[null,true]},"after_unknown":{"id":true,"l":[true,false]},"before_sensitive":false,"after_sensitive":{"cidr_block":true}}},
{"address":"b_x.a[\"k\"]","change":{"actions":["no-op"],"before":{"s":"\\\""},"after":{"s":"\\\""},"after_unknown":{}},"index":"k","mode":"managed","type":"b_x","name":"a"}],
"prior_state":{"values":{"root_module":{"resources":[{"address":"data.aws_ami.l","mode":"data","type":"aws_ami","name":"l","values":{"id":"ami-1"},"sensitive_values":{}}]}}},
"configuration":{"root_module":{"resources":[{"mode":"managed","type":"aws_vpc","name":"a","expressions":{"cidr_block":{}}}],"variables":{"v":{"default":null,"sensitive":true}}}},
"errored":false}`

func TestReadRefusesTruncation(t *testing.T) {
	if _, err := Read(strings.NewReader(small+"\n"), network); err != nil {
		t.Fatal(err)
	}
	for n := range len(small) {
		for _, wanted := range []func(string) bool{all, network} {
			_, err := read(strings.NewReader(small[:n]), "", wanted, 1<<10)
			if err == nil {
				t.Fatalf("accepted: %s", small[:n])
			}
			if want := fmt.Sprintf("at byte %d", n); !strings.Contains(err.Error(), "unexpected end of JSON "+want) &&
				!strings.Contains(err.Error(), "invalid UTF-8") {
				t.Errorf("cut after %d bytes: %v", n, err)
			}
		}
	}
}

func TestReadRefusesDamage(t *testing.T) {
	for _, c := range []struct{ name, doc, want string }{
		{"deep, skipped", `{"planned_values":` + strings.Repeat("[", 100_000), "nested deeper than 1000 levels at byte 1017"},
		{"deep, decoded", `{"variables":{"a":` + strings.Repeat(`{"a":`, 100_000), "nested deeper than 1000 levels"},
		{"deep modules", `{"configuration":` + strings.Repeat(`{"root_module":{"module_calls":{"m":{"module":`, 100_000), "nested deeper than 1000 levels"},
		{"deep module calls", `{"configuration":{"root_module":` + strings.Repeat(`{"module_calls":{"m":{"module":`, 100_000), "nested deeper than 1000 levels"},
		{"wrong bracket, skipped", `{"planned_values":{"a":[1}}`, `'}' where ']' is expected at byte 25`},
		{"duplicate at the top", `{"complete":true,"complete":false}`, `duplicate key "complete" at byte 27`},
		{"duplicate in a value", `{"variables":{"a":{"value":{"x":1,"x":2}}}}`, `duplicate key "x"`},
		{"duplicate in a resource", `{"resource_changes":[{"mode":"managed","mode":"data"}]}`, `duplicate key "mode"`},
		{"duplicate by escape", `{"complete":true,"\u0063omplete":false}`, `duplicate key "complete"`},
		{"not UTF-8, skipped", "{\"planned_values\":\"\xff\"}", "invalid UTF-8 at byte 19"},
		{"not UTF-8, read", "{\"timestamp\":\"\xc3(\"}", "invalid UTF-8 at byte 14"},
		{"two documents", small + small, "something follows the JSON"},
		{"no number", `{"variables":{"a":{"value":01}}}`, "at byte 28"},
		{"no word", `{"errored":nul}`, "no JSON value at byte 11"},
		{"control character", "{\"timestamp\":\"a\nb\"}", "control character in a string at byte 15"},
		{"missing comma", `{"complete":true "errored":false}`, `'"' where ',' is expected at byte 17`},
		{"trailing comma", `{"complete":true,}`, `'}' where a key is expected at byte 17`},
		{"an action of the future", strings.Replace(small, `"create"`, `"ponder"`, 1), "aws_vpc.a: the plan has an action that planreach does not know: ponder"},
		{"an address that does not agree", strings.Replace(small, `"aws_vpc.a"`, `"aws_vpc.b"`, 1), "the address aws_vpc.b does not agree with its parts, aws_vpc.a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.doc), network)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// One resource that is larger than the window, wanted or not, with its type
// before or after what is large.
func TestReadLargeResource(t *testing.T) {
	large := strings.Repeat(`{"[\"x\\\\":"}"},`, 200_000) + "{}"
	change := `"change":{"actions":["no-op"],"before":{"a":[` + large + `]},"after":{"a":[` + large + `]}}`
	for _, entry := range []string{
		`{"mode":"managed","type":"aws_vpc","name":"a",` + change + `}`,
		`{` + change + `,"mode":"managed","type":"aws_vpc","name":"a"}`,
		`{"mode":"managed","type":"x_y","name":"a",` + change + `}`,
		`{` + change + `,"mode":"managed","type":"x_y","name":"a"}`,
	} {
		p, err := Read(strings.NewReader(changes(entry, `{"mode":"managed","type":"aws_vpc","name":"b","change":{"actions":["create"],"after":{}}}`)), network)
		if err != nil {
			t.Fatal(err)
		}
		if p.Total != 2 || resourceAt(p, "aws_vpc.b") == nil {
			t.Error(p.Total, len(p.Resources))
		}
		if r := resourceAt(p, "aws_vpc.a"); r != nil && (len(r.Value(After).Field("a").Elements()) != 200_001 || !reflect.DeepEqual(r.Value(After), r.Value(Before))) {
			t.Error(len(r.Value(After).Field("a").Elements()))
		}
	}
}
