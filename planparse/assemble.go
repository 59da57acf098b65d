package planparse

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// errErrored is the refusal of a plan that is not whole.
var errErrored = Refusal{"This plan ended with an error; what would be applied is not known."}

// An assembly puts a Plan together from the parts of a document, which may come
// in any order.
type assembly struct {
	plan   *Plan
	wanted func(typeName string) bool
	seen   map[netmodel.Address]bool // instances that have a change
	prior  []prior                   // instances of prior_state
	shapes shapes

	actions   int      // side effects beside the changes
	deferred  []string // addresses
	providers providerKeys
	// credentials are those of the provider configurations that tell them, in a
	// form that can only be compared.
	credentials map[string]string
}

// A prior is an instance of prior_state.
type prior struct {
	address  netmodel.Address
	mode     Mode
	typeName string
	resource *Resource // nil if it is not wanted
}

func newAssembly(wanted func(string) bool) *assembly {
	return &assembly{
		plan:   &Plan{Complete: true, Types: map[string]int{}, Variables: map[string]Value{}},
		wanted: wanted,
		seen:   map[netmodel.Address]bool{},
		shapes: shapes{},

		providers: providerKeys{}, credentials: map[string]string{},
	}
}

func (a *assembly) count(typeName string) {
	a.plan.Total++
	a.plan.Types[typeName]++
}

// change adds an entry of resource_changes. change is Absent if the type is not
// wanted.
func (a *assembly) change(h *head, change Value) error {
	if !h.isLive() {
		return nil
	}
	r, err := h.resource()
	if err != nil {
		return err
	}
	if a.seen[r.Address] {
		return fmt.Errorf("%s has two changes", r.Address)
	}
	a.seen[r.Address] = true
	a.count(r.TypeName())
	if !a.wanted(r.TypeName()) {
		return nil
	}
	out, keepsOld, err := a.changed(r, change)
	if err != nil {
		return err
	}
	if keepsOld {
		a.plan.Warnings = append(a.plan.Warnings, fmt.Sprintf(
			"%s is replaced and its old object stays in the cloud; the old object is not modelled after the plan.", r.Address))
	}
	a.plan.Resources = append(a.plan.Resources, out)
	return nil
}

// deferral adds an entry of deferred_changes.
func (a *assembly) deferral(h *head, change Value) error {
	a.plan.Complete = false
	if !h.isLive() {
		return nil
	}
	r, err := h.resource()
	if err != nil {
		return err
	}
	a.seen[r.Address] = true
	a.deferred = append(a.deferred, string(r.Address))
	a.count(r.TypeName())
	if a.wanted(r.TypeName()) {
		a.plan.Resources = append(a.plan.Resources, a.putOff(r, change))
	}
	return nil
}

// priorInstance adds an instance of prior_state. Its values are Absent if the
// type is not wanted.
func (a *assembly) priorInstance(h *head, values, sensitive Value) error {
	if !h.isLive() || a.seen[netmodel.Address(h.address)] {
		return nil
	}
	r, err := h.resource()
	if err != nil {
		return err
	}
	r.Action, r.Existing = NoOp, true
	p := prior{address: r.Address, mode: r.Mode, typeName: r.TypeName()}
	if a.wanted(p.typeName) {
		value := worldOf(values, sensitive)
		p.resource = NewResource(r, value, value)
	}
	a.prior = append(a.prior, p)
	return nil
}

// stateInstance adds an instance of a state. Its values are Absent if the type
// is not wanted.
func (a *assembly) stateInstance(h *head, values, sensitive Value) error {
	if !h.isLive() {
		return nil
	}
	r, err := h.resource()
	if err != nil {
		return err
	}
	r.Action, r.Existing = NoOp, true
	a.count(r.TypeName())
	if a.wanted(r.TypeName()) {
		value := worldOf(values, sensitive)
		a.plan.Resources = append(a.plan.Resources, NewResource(r, value, Value{}))
	}
	return nil
}

// finish is the plan, once all parts are in.
func (a *assembly) finish() (*Plan, error) {
	p := a.plan
	for _, i := range a.prior {
		if a.seen[i.address] {
			continue
		}
		if i.mode == Managed {
			p.Complete = false // -target, -exclude or refresh-only: it stays as it is
		}
		a.count(i.typeName)
		if i.resource != nil {
			p.Resources = append(p.Resources, i.resource)
		}
	}
	if p.Kind == "plan" {
		a.configuration()
	}
	a.warn()
	slices.SortStableFunc(p.Resources, func(x, y *Resource) int { return compareAddresses(x.Address, y.Address) })
	for i := 1; i < len(p.Resources); i++ {
		if p.Resources[i].Address == p.Resources[i-1].Address {
			return nil, fmt.Errorf("%s occurs twice", p.Resources[i].Address)
		}
	}
	return p, nil
}

// warn tells what of the plan is not modelled.
func (a *assembly) warn() {
	if n := len(a.deferred); n > 0 {
		a.plan.Warnings = append(a.plan.Warnings, fmt.Sprintf("Terraform puts off %d of the changes, and what they lead to is open: %s.", n, some(a.deferred)))
	}
	if a.actions > 0 {
		a.plan.Warnings = append(a.plan.Warnings, fmt.Sprintf("The plan runs %d actions beside its changes; what they do is not modelled.", a.actions))
	}
}

// configuration fills in what the configuration says of the rest.
func (a *assembly) configuration() {
	p := a.plan
	if p.Config == nil {
		p.Config = newConfigModule()
	}
	slices.SortFunc(p.Declared, compareDeclared)
	for _, r := range p.Resources {
		r.ProviderConfig = a.providers.of(p.Config, r)
	}
	p.Accounts = accountsOf(a.credentials)
	for name, v := range p.Variables {
		if p.Config.Variables[name].Sensitive {
			p.Variables[name] = markAll(v)
		}
	}
}

func compareDeclared(x, y Declared) int {
	return cmp.Or(cmp.Compare(x.Module, y.Module), cmp.Compare(x.Mode, y.Mode), cmp.Compare(x.Type, y.Type), cmp.Compare(x.Name, y.Name))
}
