package planparse

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
)

// A document is a walk through the JSON of a plan or state.
type document struct {
	f    *framer
	a    *assembly
	name string // for refusals

	isPlan, isState, isErrored, isRaw bool
	format, version                   string

	bodies map[[sha256.Size]byte]Expression
}

// read walks through the whole document.
func (d *document) read() {
	if c := d.f.peek(); c != '{' {
		d.refuseText()
	}
	d.f.object(d.member)
	d.f.end()
	d.judge()
}

// member reads a member of the top level.
func (d *document) member(key string) {
	f, p := d.f, d.a.plan
	switch key {
	case "format_version":
		d.format = f.text()
	case "terraform_version":
		p.TerraformVersion = f.text()
	case "timestamp":
		p.Timestamp = f.text()
	case "errored":
		d.isErrored = f.value().True()
	case "complete":
		if v := f.value(); v.Kind() == Bool && !v.True() {
			p.Complete = false
		}
	case "planned_values":
		d.isPlan = true
		f.skip() // every instance is in resource_changes too
	case "resource_changes":
		d.isPlan = true
		f.array(func() { d.change(d.a.change) })
	case "deferred_changes":
		f.array(d.deferral)
	case "action_invocations", "deferred_action_invocations":
		f.array(func() {
			d.a.actions++
			f.skip()
		})
	case "prior_state":
		d.values(d.a.priorInstance, func(h *head) bool { return d.wants(h) && !d.a.seen[netmodel.Address(h.address)] })
	case "variables":
		f.object(func(name string) { p.Variables[name] = f.value().Field("value") })
	case "configuration":
		d.configuration()
	case "values":
		d.isState = true
		d.rootModule(d.a.stateInstance, d.wants)
	case "version":
		d.version = f.value().Text()
	case "resources":
		d.isRaw = true
		f.array(func() { d.check(d.a.rawBlock(f.value())) })
	default:
		d.stranger(key)
		f.skip()
	}
}

func (d *document) check(err error) {
	if err != nil {
		fail(fmt.Errorf("%w (before byte %d)", err, d.f.base+int64(d.f.pos)))
	}
}

// A wants tells whether the resource that is named is wanted. More may be known
// about it later.
type wants func(h *head) bool

// A text is a part of the document that is held back.
type text struct{ start, end int64 }

// resource reads a resource: its head, which it returns, and the members called
// names, which it hands to part if the resource is wanted. As its type may come
// last, they are held back until it is known; what is known not to be wanted
// goes by. other reads the members that are neither.
func (d *document) resource(wants wants, names []string, part func(name string, raw []byte, at int64), other func(name string)) head {
	f := d.f
	var h head
	back := make([]text, len(names))
	outer := f.held
	f.object(func(key string) {
		i := slices.Index(names, key)
		switch isKnown := h.mode != "" && h.typeName != ""; {
		case i < 0:
			d.headMember(&h, key, other)
		case !isKnown:
			f.peek()
			if f.held < 0 {
				f.held = f.pos
			}
			back[i].start = f.base + int64(f.pos)
			f.skip()
			back[i].end = f.base + int64(f.pos)
		case wants(&h):
			raw := f.raw()
			part(key, raw, f.base+int64(f.pos-len(raw)))
		default:
			f.skip()
		}
	})
	for i, t := range back {
		if t.end > 0 && wants(&h) {
			part(names[i], f.buf[t.start-f.base:t.end-f.base], t.start)
		}
	}
	if outer < 0 {
		f.held = -1
	}
	return h
}

func (d *document) wants(h *head) bool {
	if h.mode == "data" {
		return d.a.wanted("data." + h.typeName)
	}
	return d.a.wanted(h.typeName)
}

func (d *document) headMember(h *head, key string, other func(key string)) {
	f := d.f
	switch key {
	case "address":
		h.address = f.text()
	case "previous_address":
		h.previous = f.text()
	case "module_address":
		h.module = f.text()
	case "mode":
		h.mode = f.text()
	case "type":
		h.typeName = f.text()
	case "name":
		h.name = f.text()
	case "provider_name":
		h.provider = f.text()
	case "deposed", "deposed_key":
		h.deposed = f.text()
	case "index":
		h.index = f.value()
	case "index_unknown":
		h.indexUnknown = f.value().True()
	default:
		other(key)
	}
}

func (d *document) skip(string) { d.f.skip() }

var changeMembers, valueMembers = []string{"change"}, []string{"values", "sensitive_values"}

// change reads an entry of resource_changes.
func (d *document) change(add func(*head, Value) error) {
	var change Value
	h := d.resource(d.wants, changeMembers, func(_ string, raw []byte, at int64) { change = d.f.decode(raw, at) }, d.skip)
	d.check(add(&h, change))
}

func (d *document) deferral() {
	d.f.object(func(key string) {
		if key == "resource_change" {
			d.change(d.a.deferral)
		} else {
			d.f.skip()
		}
	})
}

// An addInstance adds a resource of a state.
type addInstance func(h *head, values, sensitive Value) error

// values reads a state.
func (d *document) values(add addInstance, wants wants) {
	d.f.object(func(key string) {
		if key == "values" {
			d.rootModule(add, wants)
		} else {
			d.f.skip()
		}
	})
}

func (d *document) rootModule(add addInstance, wants wants) {
	d.f.object(func(key string) {
		if key == "root_module" {
			d.module(add, wants)
		} else {
			d.f.skip()
		}
	})
}

// module reads a module of a state. Its address may come after its resources,
// so their own tells theirs.
func (d *document) module(add addInstance, wants wants) {
	d.f.object(func(key string) {
		switch key {
		case "resources":
			d.f.array(func() { d.instance(add, wants) })
		case "child_modules":
			d.f.array(func() { d.module(add, wants) })
		default:
			d.f.skip()
		}
	})
}

func (d *document) instance(add addInstance, wants wants) {
	var values, sensitive Value
	h := d.resource(wants, valueMembers, func(name string, raw []byte, at int64) {
		if name == "values" {
			values = d.f.decode(raw, at)
		} else {
			sensitive = d.f.decode(raw, at)
		}
	}, d.skip)
	if h.address == "" {
		d.f.failAt("a resource without address")
	}
	h.module = moduleOf(&h)
	d.check(add(&h, values, sensitive))
}

// moduleOf is the module instance that the address of a resource of a state
// lies in: what stands before the resource's own part.
func moduleOf(h *head) string {
	r := Resource{Mode: Managed, Type: h.typeName, Name: h.name}
	if h.mode == "data" {
		r.Mode = Data
	}
	r.Key, _ = instanceKey(h.index)
	own := string(appendAddress(nil, r))
	return strings.TrimSuffix(strings.TrimSuffix(h.address, own), ".")
}
