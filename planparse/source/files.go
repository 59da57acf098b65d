package source

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// configSuffixes are the endings of configuration files, the ones that only
// OpenTofu reads last.
var configSuffixes = []string{".tf.json", ".tf", ".tofu.json", ".tofu"}

func isConfig(name string) bool {
	editors := strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#")
	return !strings.HasPrefix(name, ".") && !editors && suffixOf(name) != ""
}

func suffixOf(name string) string {
	for _, s := range configSuffixes {
		if strings.HasSuffix(name, s) {
			return s
		}
	}
	return ""
}

// A sourceFile is one parsed file.
type sourceFile struct {
	body     *hclsyntax.Body
	override bool
	diags    hcl.Diagnostics
}

// parseFiles parses the files of a module in the order in which they take
// effect: overrides last, by name. A file x.tofu takes the place of x.tf.
func parseFiles(dir string, content map[string][]byte) []sourceFile {
	var names, overrides []string
	for _, name := range sortedKeys(content) {
		suffix := suffixOf(name)
		if !isConfig(name) || shadowed(name, suffix, content) {
			continue
		}
		if base := strings.TrimSuffix(name, suffix); base == "override" || strings.HasSuffix(base, "_override") {
			overrides = append(overrides, name)
		} else {
			names = append(names, name)
		}
	}
	var out []sourceFile
	for _, name := range slices.Concat(names, overrides) {
		f := sourceFile{override: slices.Contains(overrides, name)}
		f.body, f.diags = parseFile(path.Join(dir, name), content[name])
		out = append(out, f)
	}
	return out
}

func shadowed(name, suffix string, content map[string][]byte) bool {
	other, ok := strings.CutPrefix(suffix, ".tf")
	if !ok {
		return false
	}
	_, ok = content[strings.TrimSuffix(name, suffix)+".tofu"+other]
	return ok
}

func parseFile(name string, content []byte) (*hclsyntax.Body, hcl.Diagnostics) {
	if strings.HasSuffix(name, ".json") {
		return parseJSON(name, content)
	}
	f, diags := parseConfig(content, name)
	if diags.HasErrors() {
		return nil, diags
	}
	body := f.Body.(*hclsyntax.Body)
	return body, nil
}
