package planparse

import (
	"maps"
	"slices"
	"strings"
)

// providerKeys are the provider configurations of a plan: the full names by
// key.
type providerKeys map[string]string

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
		if k[name] == r.Provider {
			same = append(same, name)
		}
	}
	if len(same) == 1 && !strings.Contains(same[0], ":") {
		return same[0]
	}
	return ""
}
