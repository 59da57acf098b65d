package planparse

import (
	"fmt"
	"strconv"

	"github.com/planreach/planreach/netmodel"
)

// A JSON document is decoded to Values first; the functions of this file and of
// state.go and config.go give its parts their meaning.

// deferred and readLater are the leaves of what Terraform put off.
var (
	unsettled = &Leaf{}
	deferred  = &Leaf{Reason: Deferred}
	readLater = &Leaf{Reason: DeferredData}
)

// actionOf classifies the actions of a change. keepsOld reports that the object
// that is replaced stays in the cloud.
func actionOf(actions Value) (a Action, keepsOld bool, err error) {
	words := actions.Elements()
	var first, second string
	if len(words) > 0 {
		first = words[0].Text()
	}
	if len(words) > 1 {
		second = words[1].Text()
	}
	switch {
	case len(words) == 1:
		switch first {
		case "no-op":
			return NoOp, false, nil
		case "create":
			return Create, false, nil
		case "read":
			return ReadData, false, nil
		case "update":
			return Update, false, nil
		case "delete":
			return Delete, false, nil
		case "forget":
			return Forget, false, nil
		}
	case len(words) == 2 && (first == "create" || second == "create"):
		switch first + second {
		case "deletecreate", "createdelete":
			return Replace, false, nil
		case "forgetcreate", "createforget":
			return Replace, true, nil
		}
	}
	return 0, false, fmt.Errorf("the plan has an action that planreach does not know: %s %s", first, second)
}

// A head is the part of a resource of a plan or state that names it.
type head struct {
	address, previous, module, mode, typeName, name, provider, deposed string

	index        Value
	indexUnknown bool
}

// isLive reports whether h names an object of the instance, not one that is
// left over or that lives only during a run.
func (h *head) isLive() bool { return h.deposed == "" && h.mode != "ephemeral" }

// resource is the resource that h names.
func (h *head) resource() (Resource, error) {
	r := Resource{
		Previous: netmodel.Address(h.previous),
		Module:   h.module,
		Type:     h.typeName,
		Name:     h.name,
		Provider: h.provider,
	}
	switch h.mode {
	case "managed":
		r.Mode = Managed
	case "data":
		r.Mode = Data
	default:
		return Resource{}, fmt.Errorf("%s: the mode of the resource is %q", h.address, h.mode)
	}
	if r.Type == "" || r.Name == "" {
		return Resource{}, fmt.Errorf("%s: a resource without type or name", h.address)
	}
	var err error
	if r.Key, err = instanceKey(h.index); err != nil {
		return Resource{}, fmt.Errorf("%s: %w", h.address, err)
	}
	r.Address = addressOf(r)
	if h.indexUnknown {
		r.Address += "[*]"
	}
	if h.address != "" && h.address != string(r.Address) {
		return Resource{}, fmt.Errorf("the address %s does not agree with its parts, %s", h.address, r.Address)
	}
	return r, nil
}

func instanceKey(v Value) (any, error) {
	switch v.Kind() {
	case Absent, Null:
		return nil, nil
	case String:
		return v.Text(), nil
	case Number:
		n, err := strconv.Atoi(v.Text())
		if err != nil {
			return nil, fmt.Errorf("an instance key that is no whole number: %s", v.Text())
		}
		return n, nil
	case Bool, List, Object, Hole:
	}
	return nil, fmt.Errorf("an instance key that is neither number nor string")
}

// changed is the resource that one entry of resource_changes describes.
func changed(r Resource, change Value) (*Resource, bool, error) {
	action, keepsOld, err := actionOf(change.Field("actions"))
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", r.Address, err)
	}
	r.Action = action
	r.Existing = action == NoOp || action == Update || action == Forget
	before := worldOf(change.Field("before"), Value{}, change.Field("before_sensitive"), unsettled)
	leaf := unsettled
	if action == ReadData {
		leaf = readLater
	}
	after := worldOf(change.Field("after"), change.Field("after_unknown"), change.Field("after_sensitive"), leaf)
	switch action {
	case Forget:
		after = before // it stays in the cloud
	case Update:
		after = keepIdentity(after, before)
	case NoOp, Create, ReadData, Replace, Delete:
	}
	return NewResource(r, after, before), keepsOld, nil
}

// keepIdentity fills in the id of an object that is updated in place, which some
// providers hide.
func keepIdentity(after, before Value) Value {
	if after.Kind() != Object || after.Field("id").Kind() != Hole || before.Field("id").Kind() != String {
		return after
	}
	fields := map[string]Value{}
	for _, name := range after.FieldNames() {
		fields[name] = after.Field(name)
	}
	fields["id"] = before.Field("id")
	out := ObjectValue(fields)
	out.sensitive = after.sensitive
	return out
}

// putOff is the resource of an entry of deferred_changes: it may exist, and
// nothing about it is certain.
func putOff(r Resource, change Value) *Resource {
	r.Action = Create
	before := worldOf(change.Field("before"), Value{}, change.Field("before_sensitive"), unsettled)
	if before.Kind() != Absent {
		r.Action, r.Existing = Update, true
	}
	return NewResource(r, HoleValue(deferred), before)
}

// worldOf joins the values of one world with their masks. null is an object
// that does not exist.
func worldOf(value, unknown, sensitive Value, leaf *Leaf) Value {
	if value.Kind() != Object && !hasTrue(unknown) {
		return Value{}
	}
	return join(value, unknown, sensitive, leaf)
}

// join is v with Holes where the mask unknown says true, and marked where
// sensitive says true. An unknown member is missing in v, an unknown element
// is null.
func join(v, unknown, sensitive Value, leaf *Leaf) Value {
	out := open(v, unknown, leaf)
	if hasTrue(sensitive) {
		out = mark(out, sensitive)
	}
	return out
}

// hasTrue reports whether the mask has true anywhere.
func hasTrue(mask Value) bool {
	switch mask.Kind() {
	case Bool:
		return mask.True()
	case List:
		for _, e := range mask.Elements() {
			if hasTrue(e) {
				return true
			}
		}
	case Object:
		for _, name := range mask.FieldNames() {
			if hasTrue(mask.Field(name)) {
				return true
			}
		}
	case Absent, Null, String, Number, Hole:
	}
	return false
}

func open(v, unknown Value, leaf *Leaf) Value {
	switch {
	case !hasTrue(unknown):
		return v
	case unknown.Kind() == List && v.Kind() == List:
		elements := make([]Value, max(len(v.Elements()), len(unknown.Elements())))
		copy(elements, v.Elements())
		for i, u := range unknown.Elements() {
			elements[i] = open(elements[i], u, leaf)
		}
		return ListValue(elements)
	case unknown.Kind() == Object && v.Kind() == Object:
		fields := map[string]Value{}
		for _, name := range v.FieldNames() {
			fields[name] = v.Field(name)
		}
		for _, name := range unknown.FieldNames() {
			if o := open(fields[name], unknown.Field(name), leaf); o.Kind() != Absent {
				fields[name] = o
			}
		}
		return ObjectValue(fields)
	}
	// The whole value; or a mask that does not fit, under which nothing is sure.
	return HoleValue(leaf)
}

// mark marks the parts of v that the mask names, with all that is in them.
func mark(v, mask Value) Value {
	switch mask.Kind() {
	case Bool:
		if mask.True() {
			return markAll(v)
		}
	case List:
		if v.Kind() != List {
			break
		}
		elements := make([]Value, len(v.Elements()))
		for i, e := range v.Elements() {
			elements[i] = e
			if i < len(mask.Elements()) {
				elements[i] = mark(e, mask.Elements()[i])
			}
		}
		return ListValue(elements)
	case Object:
		if v.Kind() != Object {
			break
		}
		fields := map[string]Value{}
		for _, name := range v.FieldNames() {
			fields[name] = mark(v.Field(name), mask.Field(name))
		}
		return ObjectValue(fields)
	case Absent, Null, String, Number, Hole:
	}
	if hasTrue(mask) {
		return markAll(v) // the mask does not fit
	}
	return v
}

func markAll(v Value) Value {
	switch v.Kind() {
	case List:
		elements := make([]Value, len(v.Elements()))
		for i, e := range v.Elements() {
			elements[i] = markAll(e)
		}
		v = ListValue(elements)
	case Object:
		fields := map[string]Value{}
		for _, name := range v.FieldNames() {
			fields[name] = markAll(v.Field(name))
		}
		v = ObjectValue(fields)
	case Absent, Null, String, Number, Bool, Hole:
	}
	return v.MarkSensitive()
}
