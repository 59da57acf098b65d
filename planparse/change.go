package planparse

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/planreach/planreach/netmodel"
)

// A JSON document is decoded to Values first; the functions of this file and of
// state.go and config.go give its parts their meaning.

// What the plan leaves open; and what it leaves open because Terraform put it
// off.
var (
	unsettled = HoleValue(&Leaf{})
	deferred  = HoleValue(&Leaf{Reason: Deferred})
	readLater = HoleValue(&Leaf{Reason: DeferredData})
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
	var buffer [256]byte
	parts := appendAddress(buffer[:0], r)
	if h.indexUnknown {
		parts = append(parts, "[*]"...)
	}
	switch {
	case h.address == string(parts):
		r.Address = netmodel.Address(h.address)
	case h.address == "":
		r.Address = netmodel.Address(parts)
	default:
		return Resource{}, fmt.Errorf("the address %s does not agree with its parts, %s", h.address, parts)
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
func (a *assembly) changed(r Resource, change Value) (*Resource, bool, error) {
	action, keepsOld, err := actionOf(change.Field("actions"))
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", r.Address, err)
	}
	r.Action = action
	r.Existing = action == NoOp || action == Update || action == Forget
	before := worldOf(change.Field("before"), change.Field("before_sensitive"))
	hole := unsettled
	if action == ReadData {
		hole = readLater
	}
	after := worldOf(a.open(change.Field("after"), change.Field("after_unknown"), hole), change.Field("after_sensitive"))
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
	return after.each(func(_ int, name string, field Value) Value {
		if name == "id" {
			return before.Field(name)
		}
		return field
	})
}

// putOff is the resource of an entry of deferred_changes: it may exist, and
// nothing about it is certain.
func (a *assembly) putOff(r Resource, change Value) *Resource {
	r.Action = Create
	before := worldOf(change.Field("before"), change.Field("before_sensitive"))
	if before.Kind() != Absent {
		r.Action, r.Existing = Update, true
	}
	return NewResource(r, deferred, before)
}

// worldOf is the values of one world, marked as the mask sensitive says. null is
// an object that does not exist.
func worldOf(value, sensitive Value) Value {
	if value.Kind() != Object && value.Kind() != Hole {
		return Value{}
	}
	return mark(value, sensitive)
}

// hasTrue reports whether the mask has true anywhere.
func hasTrue(mask Value) bool {
	switch mask.Kind() {
	case Bool:
		return mask.True()
	case List, Object:
		return slices.ContainsFunc(mask.inner.list, hasTrue)
	case Absent, Null, String, Number, Hole:
	}
	return false
}

// open is v with hole where the mask unknown says true. An unknown member is
// missing in v, an unknown element is null.
func (a *assembly) open(v, unknown, hole Value) Value {
	switch {
	case !hasTrue(unknown):
		return v
	case unknown.Kind() == List && v.Kind() == List:
		masks := unknown.Elements()
		list := make([]Value, max(len(v.Elements()), len(masks)))
		copy(list, v.Elements())
		for i, u := range masks {
			list[i] = a.open(list[i], u, hole)
		}
		return ListValue(list)
	case unknown.Kind() == Object && v.Kind() == Object:
		return a.openObject(v, unknown, hole)
	}
	// The whole value; or a mask that does not fit, under which nothing is sure.
	return hole
}

// openObject merges the sorted fields of v and unknown.
func (a *assembly) openObject(v, unknown, hole Value) Value {
	x, y := v.inner.shape.names, unknown.inner.shape.names
	names := make([]string, 0, len(x)+len(y))
	list := make([]Value, 0, len(x)+len(y))
	for i, j := 0, 0; i < len(x) || j < len(y); {
		switch {
		case j == len(y) || i < len(x) && x[i] < y[j]:
			names, list = append(names, x[i]), append(list, v.inner.list[i])
			i++
		case i < len(x) && x[i] == y[j]:
			names, list = append(names, x[i]), append(list, a.open(v.inner.list[i], unknown.inner.list[j], hole))
			i++
			j++
		default:
			if hasTrue(unknown.inner.list[j]) {
				names, list = append(names, y[j]), append(list, hole)
			}
			j++
		}
	}
	nulls := v.inner.shape.nulls
	if slices.ContainsFunc(nulls, func(name string) bool { return hasTrue(unknown.Field(name)) }) {
		nulls = slices.DeleteFunc(slices.Clone(nulls), func(name string) bool { return hasTrue(unknown.Field(name)) })
	}
	return objectOf(a.shapes.of(names, nulls), slices.Clone(list))
}

// mark marks the parts of v that the mask names, with all that is in them.
func mark(v, mask Value) Value {
	switch {
	case !hasTrue(mask):
		return v
	case mask.Kind() == List && v.Kind() == List:
		masks := mask.Elements()
		return v.each(func(i int, _ string, e Value) Value {
			if i < len(masks) {
				return mark(e, masks[i])
			}
			return e
		})
	case mask.Kind() == Object && v.Kind() == Object:
		return v.each(func(_ int, name string, field Value) Value { return mark(field, mask.Field(name)) })
	}
	return markAll(v) // the whole value; or a mask that does not fit
}

func markAll(v Value) Value {
	return v.each(func(_ int, _ string, part Value) Value { return markAll(part) }).MarkSensitive()
}
