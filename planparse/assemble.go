package planparse

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
)

// errErrored is the refusal of a plan that is not whole.
var errErrored = Refusal{"This plan ended with an error; what would be applied is not known."}

// An assembly puts a Plan together from the parts of a document, which may come
// in any order.
type assembly struct {
	plan     *Plan
	wanted   func(typeName string) bool
	seen     map[netmodel.Address]bool // instances that have a change
	prior    []*Resource               // wanted managed instances of prior_state
	priors   []instance                // all managed instances of prior_state
	keys     providerKeys
	errored  bool
	leftover bool // a forgotten half of a replacement
}

// An instance is the address and type of a resource.
type instance struct {
	address  netmodel.Address
	typeName string
}

func newAssembly(wanted func(string) bool) *assembly {
	return &assembly{
		plan:   &Plan{Complete: true, Types: map[string]int{}, Variables: map[string]Value{}},
		wanted: wanted,
		seen:   map[netmodel.Address]bool{},
	}
}

func (a *assembly) count(r *Resource) (wanted bool) {
	a.plan.Total++
	a.plan.Types[r.TypeName()]++
	return a.wanted(r.TypeName())
}

// change adds an entry of resource_changes.
func (a *assembly) change(v Value) error {
	if v.Field("deposed").Text() != "" || isEphemeral(v) {
		return nil
	}
	r, err := instanceOf(v, v.Field("module_address").Text())
	if err != nil {
		return err
	}
	if a.seen[r.Address] {
		return fmt.Errorf("%s has two changes", r.Address)
	}
	a.seen[r.Address] = true
	if !a.count(&r) {
		return nil
	}
	out, keepsOld, err := changed(r, v.Field("change"))
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

func isEphemeral(v Value) bool { return v.Field("mode").Text() == "ephemeral" }

// deferral adds an entry of deferred_changes.
func (a *assembly) deferral(v Value) error {
	a.plan.Complete = false
	v = v.Field("resource_change")
	if isEphemeral(v) {
		return nil
	}
	r, err := instanceOf(v, v.Field("module_address").Text())
	if err != nil {
		return err
	}
	a.seen[r.Address] = true
	if a.count(&r) {
		a.plan.Resources = append(a.plan.Resources, putOff(r, v.Field("change")))
	}
	return nil
}

// priorModule adds the instances of a module of prior_state.
func (a *assembly) priorModule(v Value) error {
	return eachInstance(v, func(r Resource, v Value) error {
		r.Action, r.Existing = NoOp, true
		value := worldOf(v.Field("values"), Value{}, v.Field("sensitive_values"), unsettled)
		out := NewResource(r, value, value)
		if r.Mode == Managed {
			a.priors = append(a.priors, instance{r.Address, r.TypeName()})
			if a.wanted(r.TypeName()) {
				a.prior = append(a.prior, out)
			}
			return nil
		}
		if a.count(&r) {
			a.plan.Resources = append(a.plan.Resources, out)
		}
		return nil
	})
}

// stateModule adds the instances of a module of a state.
func (a *assembly) stateModule(v Value) error {
	return eachInstance(v, func(r Resource, v Value) error {
		r.Action, r.Existing = NoOp, true
		if a.count(&r) {
			value := worldOf(v.Field("values"), Value{}, v.Field("sensitive_values"), unsettled)
			a.plan.Resources = append(a.plan.Resources, NewResource(r, value, Value{}))
		}
		return nil
	})
}

// eachInstance visits the resources of a module of a state and of those in it,
// without the deposed objects.
func eachInstance(v Value, visit func(Resource, Value) error) error {
	for _, e := range v.Field("resources").Elements() {
		if e.Field("deposed_key").Text() != "" || isEphemeral(e) {
			continue
		}
		r, err := instanceOf(e, v.Field("address").Text())
		if err != nil {
			return err
		}
		if err := visit(r, e); err != nil {
			return err
		}
	}
	for _, m := range v.Field("child_modules").Elements() {
		if err := eachInstance(m, visit); err != nil {
			return err
		}
	}
	return nil
}

// variables adds the values of the root's variables.
func (a *assembly) variables(v Value) {
	for _, name := range v.FieldNames() {
		a.plan.Variables[name] = v.Field(name).Field("value")
	}
}

// configuration adds the configuration of a plan.
func (a *assembly) configuration(v Value) {
	root := v.Field("root_module")
	a.plan.Config = configModule(root, a.wanted)
	a.plan.Declared = declaredIn(root, "")
	a.keys = newProviderKeys(v.Field("provider_config"))
	for name, secret := range secretVariables(root) {
		if v, ok := a.plan.Variables[name]; ok && secret {
			a.plan.Variables[name] = markAll(v)
		}
	}
}

func secretVariables(root Value) map[string]bool {
	out := map[string]bool{}
	variables := root.Field("variables")
	for _, name := range variables.FieldNames() {
		v := variables.Field(name)
		out[name] = v.Field("sensitive").True() || v.Field("ephemeral").True()
	}
	return out
}

// finish is the plan, once all parts are in.
func (a *assembly) finish() (*Plan, error) {
	if a.errored {
		return nil, errErrored
	}
	p := a.plan
	for _, i := range a.priors {
		if a.seen[i.address] {
			continue
		}
		// -target, -exclude or refresh-only: it stays as it is.
		p.Complete = false
		p.Total++
		p.Types[i.typeName]++
	}
	for _, r := range a.prior {
		if !a.seen[r.Address] {
			p.Resources = append(p.Resources, r)
		}
	}
	for _, r := range p.Resources {
		r.ProviderConfig = a.keys.of(p.Config, r)
	}
	slices.SortStableFunc(p.Resources, func(x, y *Resource) int { return compareAddresses(x.Address, y.Address) })
	for i := 1; i < len(p.Resources); i++ {
		if p.Resources[i].Address == p.Resources[i-1].Address {
			return nil, fmt.Errorf("%s occurs twice", p.Resources[i].Address)
		}
	}
	return p, nil
}

// providerKeys are the provider configurations of a plan by their key.
type providerKeys map[string]Value

func newProviderKeys(v Value) providerKeys {
	out := providerKeys{}
	for _, k := range v.FieldNames() {
		out[k] = v.Field(k)
	}
	return out
}

// of is the root's name of the provider configuration of r, empty if the plan
// does not tell.
func (k providerKeys) of(root *ConfigModule, r *Resource) string {
	if root == nil {
		return ""
	}
	m := root.at(r.Module)
	if m == nil {
		return ""
	}
	c := m.Resources[r.TypeName()+"."+r.Name]
	if c == nil {
		return ""
	}
	key := c.ProviderConfigKey
	if !strings.Contains(key, ":") {
		return key
	}
	if _, ok := k[key]; ok {
		return "" // the module has a configuration of its own
	}
	var same []string
	for _, name := range slices.Sorted(maps.Keys(k)) {
		if k[name].Field("full_name").Text() == r.Provider {
			same = append(same, name)
		}
	}
	if len(same) == 1 && !strings.Contains(same[0], ":") {
		return same[0]
	}
	return ""
}

// at is the module that the address of a module instance means; nil if there
// is none.
func (m *ConfigModule) at(module string) *ConfigModule {
	for _, name := range moduleNames(module) {
		call := m.Calls[name]
		if call == nil {
			return nil
		}
		m = call.Module
	}
	return m
}

// moduleNames is the names of the calls in the address of a module instance.
func moduleNames(module string) []string {
	var names []string
	for module != "" {
		module = strings.TrimPrefix(strings.TrimPrefix(module, "."), "module.")
		n := strings.IndexAny(module, ".[")
		if n < 0 {
			return append(names, module)
		}
		names = append(names, module[:n])
		module = module[n+keyLength(module[n:]):]
	}
	return names
}

// keyLength is the length of the instance key that s begins with, with its
// brackets; 0 if s begins with none.
func keyLength(s string) int {
	if !strings.HasPrefix(s, "[") {
		return 0
	}
	quoted := false
	for i := 1; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case !quoted && s[i] == ']':
			return i + 1
		}
	}
	return len(s)
}
