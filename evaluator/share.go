package evaluator

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/netmodel"
)

// fewFlows is how many flows are decided one by one before it pays to look for
// classes.
const fewFlows = 200

// A shareKey is a question up to the places of endpoints of one class.
type shareKey struct {
	demand   int
	from, to sideKey
}

// A sideKey is one end of a question: a class now and before the plan, or an end
// that shares its answers with no other.
type sideKey struct {
	class, was int
	end        assertions.End // if class is 0
	spared     string
	within     netip.Prefix
}

// A shared is what was found out about a pair, for others like it.
type shared struct {
	result   FlowResult
	from, to *standing // nil for ends outside
}

// sharing is what a checker has found out so far.
type sharing struct {
	few, flows  int // how many flows to decide before sharing, and how many there were
	now, before *classes
	demands     map[string]int
	last        demand // the one that number stands for
	number      int
	bound       census // what it names
	known       map[shareKey]shared
	decided     int // flows that were not shared
}

// share decides a flow, or takes the answer from one like it. demand says all
// that is asked of the pair.
func (k *checker) share(d demand, s, t terminal) FlowResult {
	h := &k.sharing
	h.flows++
	if h.flows <= h.few || s.some || t.some || !s.doubt.IsZero() || !t.doubt.IsZero() {
		h.decided++
		return k.flow(d, s, t)
	}
	if h.now == nil {
		h.now = k.now.sortEndpoints(k.named)
		if k.before != nil {
			h.before = k.before.sortEndpoints(k.named)
		}
		h.demands, h.known = map[string]int{}, map[shareKey]shared{}
	}
	key := shareKey{h.demand(d), k.sideKey(s), k.sideKey(t)}
	from, to := h.now.standing(s), h.now.standing(t)
	if h.bound.mentions(from) || h.bound.mentions(to) {
		h.decided++
		return k.flow(d, s, t)
	}
	if found, ok := h.known[key]; ok {
		return found.between(s, t, from, to)
	}
	h.decided++
	out := k.flow(d, s, t)
	h.known[key] = shared{out, from, to}
	return out
}

// demand is the number of all that d says.
func (h *sharing) demand(d demand) int {
	if h.number > 0 && reflect.DeepEqual(d, h.last) {
		return h.number
	}
	text := fmt.Sprintf("%+v", d)
	n, ok := h.demands[text]
	if !ok {
		n = len(h.demands) + 1
		h.demands[text] = n
	}
	h.last, h.number, h.bound = d, n, takeCensus(map[reflect.Type]bool{}, d)
	return n
}

// mentions reports whether the names of an endpoint, or its addresses, occur.
func (c *census) mentions(st *standing) bool {
	if st == nil {
		return false
	}
	return c.hidden || slices.ContainsFunc(st.names, func(a netmodel.Address) bool { return c.names[a] > 0 }) ||
		slices.ContainsFunc(st.addrs, func(a netip.Addr) bool { return c.addrs[a] > 0 })
}

func (c *classes) standing(t terminal) *standing {
	if t.endpoint == nil {
		return nil
	}
	return c.of[t.endpoint.Address]
}

func (k *checker) sideKey(t terminal) sideKey {
	out := sideKey{within: t.within, spared: t.spared}
	st := k.sharing.now.standing(t)
	if st == nil {
		out.end = t.end
		return out
	}
	out.class = st.class
	if k.before != nil {
		if was, ok := k.earlier(t); ok {
			out.was = k.sharing.before.standing(was).class
		}
	}
	return out
}

// between is the answer with other names put in.
func (x shared) between(s, t terminal, from, to *standing) FlowResult {
	r := renaming{map[netmodel.Address]netmodel.Address{}, map[netip.Addr]netip.Addr{}, map[string]string{}, map[reflect.Type]bool{}}
	r.add(x.from, from)
	r.add(x.to, to)
	out := x.result
	if len(r.names) > 0 {
		r.rename(reflect.ValueOf(&out).Elem())
	}
	out.From, out.To = s.end, t.end
	return out
}

// A renaming puts other names and addresses in.
type renaming struct {
	names map[netmodel.Address]netmodel.Address
	addrs map[netip.Addr]netip.Addr
	texts map[string]string // names and addresses as text
	holds map[reflect.Type]bool
}

func (r renaming) add(from, to *standing) {
	if from == to {
		return
	}
	for n, a := range from.names {
		r.names[a] = to.names[n]
		r.texts[string(a)] = string(to.names[n])
	}
	for n, a := range from.addrs {
		r.addrs[a] = to.addrs[n]
		r.texts[a.String()] = to.addrs[n].String()
	}
}

// rename puts the names into v, which can be set. It copies what it changes;
// what is behind pointers belongs to the network and names no member of a class.
func (r renaming) rename(v reflect.Value) {
	t := v.Type()
	switch t {
	case nameType:
		if to, ok := r.names[netmodel.Address(v.String())]; ok {
			v.SetString(string(to))
		}
		return
	case addrType:
		if to, ok := r.addrs[v.Interface().(netip.Addr)]; ok {
			v.Set(reflect.ValueOf(to))
		}
		return
	case prefixType: // of the network, or the question's
		return
	}
	switch v.Kind() { //nolint:exhaustive // the model has no others
	case reflect.String:
		if to, ok := r.texts[v.String()]; ok {
			v.SetString(to)
		}
	case reflect.Struct:
		for i := range t.NumField() {
			switch field := v.Field(i); {
			case field.CanSet():
				r.rename(field)
			case t.Field(i).Type.Kind() != reflect.Pointer && isNamed(t.Field(i).Type, r.holds):
				panic("evaluator: a name in a hidden field of " + t.String())
			}
		}
	case reflect.Slice:
		if v.IsNil() || !r.concerns(t.Elem()) {
			return
		}
		out := reflect.MakeSlice(t, v.Len(), v.Len())
		reflect.Copy(out, v)
		for i := range out.Len() {
			r.rename(out.Index(i))
		}
		v.Set(out)
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		out := reflect.New(v.Elem().Type()).Elem()
		out.Set(v.Elem())
		r.rename(out)
		v.Set(out)
	default:
	}
}

// concerns reports whether values of a type may hold names, as such or as text.
func (r renaming) concerns(t reflect.Type) bool {
	return t.Kind() == reflect.String || t.Kind() == reflect.Struct || t.Kind() == reflect.Interface || isNamed(t, r.holds)
}
