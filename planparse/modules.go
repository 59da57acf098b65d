package planparse

import "strings"

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

// parentOf is the module instance in which the module instance is called, and
// the name of the call; both empty for the root.
func parentOf(instance string) (parent, call string) {
	start := 0 // of the last step
	for end := 0; end < len(instance); {
		start = end
		end += len("module.")
		end += strings.IndexAny(instance[end:]+".", ".[")
		call = instance[start+len("module.") : end]
		end += keyLength(instance[end:]) + len(".")
	}
	return strings.TrimSuffix(instance[:start], "."), call
}
