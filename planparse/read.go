package planparse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads a plan or state. wanted tells by TypeName which resources to keep.
// An error begins with the name of r, if it has one, or is a Refusal.
func Read(r io.Reader, wanted func(typeName string) bool) (*Plan, error) {
	p, err := read(r, wanted)
	if err == nil {
		return p, nil
	}
	if n, ok := r.(interface{ Name() string }); ok && !errors.As(err, &Refusal{}) {
		return nil, fmt.Errorf("%s: %w", n.Name(), err)
	}
	return nil, err
}

func read(r io.Reader, wanted func(string) bool) (*Plan, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	doc, err := decodeSlowly(data)
	if err != nil {
		return nil, err
	}
	a := newAssembly(wanted)
	if err := a.document(doc); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	a.plan.SHA256 = hex.EncodeToString(sum[:])
	return a.finish()
}

func (a *assembly) document(v Value) error {
	p := a.plan
	p.TerraformVersion = v.Field("terraform_version").Text()
	p.Timestamp = v.Field("timestamp").Text()
	if v.Field("version").Text() == "4" {
		p.Kind = "state"
		return a.rawState(v)
	}
	if v.Field("planned_values").Kind() == Absent && v.Field("resource_changes").Kind() == Absent {
		p.Kind = "state"
		return a.stateModule(v.Field("values").Field("root_module"))
	}
	p.Kind = "plan"
	a.errored = v.Field("errored").True()
	if c := v.Field("complete"); c.Kind() == Bool && !c.True() {
		p.Complete = false
	}
	for _, c := range v.Field("resource_changes").Elements() {
		if err := a.change(c); err != nil {
			return err
		}
	}
	for _, c := range v.Field("deferred_changes").Elements() {
		if err := a.deferral(c); err != nil {
			return err
		}
	}
	if err := a.priorModule(v.Field("prior_state").Field("values").Field("root_module")); err != nil {
		return err
	}
	a.variables(v.Field("variables"))
	a.configuration(v.Field("configuration"))
	return nil
}

func decodeSlowly(data []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return Value{}, fmt.Errorf("unexpected end of JSON at byte %d", len(data))
		}
		return Value{}, err
	}
	return valueOf(doc), nil
}

func valueOf(x any) Value {
	switch x := x.(type) {
	case nil:
		return NullValue()
	case string:
		return StringValue(x)
	case json.Number:
		return NumberValue(string(x))
	case bool:
		return BoolValue(x)
	case []any:
		out := make([]Value, len(x))
		for i, e := range x {
			out[i] = valueOf(e)
		}
		return ListValue(out)
	case map[string]any:
		out := make(map[string]Value, len(x))
		for k, e := range x {
			out[k] = valueOf(e)
		}
		return ObjectValue(out)
	}
	panic(fmt.Sprintf("planparse: JSON decodes to %T", x))
}
