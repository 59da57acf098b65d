package planparse

import (
	"fmt"
	"slices"
	"strings"
)

// Validate finds what is wrong with a list of resource types, one sentence
// each: names that occur twice, missing texts, arguments that are both read and
// ignored, tables about arguments that are not read.
func Validate(types []*ResourceType) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range types {
		if seen[t.Name] {
			out = append(out, t.Name+" is listed twice")
		}
		seen[t.Name] = true
		for _, problem := range t.problems() {
			out = append(out, t.Name+" "+problem)
		}
	}
	return out
}

func (t *ResourceType) problems() []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if strings.TrimPrefix(t.Name, "data.") == "" {
		say("has no name")
	}
	if t.Doc == "" || strings.HasSuffix(t.Doc, ".") {
		say("needs a Doc: one phrase without a full stop")
	}
	if t.Build == nil {
		say("has no Build")
	}
	for _, name := range t.Reads {
		if slices.Contains(t.Ignores, name) {
			say("both reads and ignores %s", name)
		}
	}
	for _, list := range [][]string{t.Reads, t.Ignores} {
		sorted := slices.Clone(list)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != len(list) {
			say("lists an argument twice")
		}
	}
	for path := range t.Accepts {
		if !t.reads(path) {
			say("says what %s accepts, which it does not read", path)
		}
	}
	for _, path := range append(slices.Clone(t.Sets), t.StaleBlocks...) {
		if !t.reads(path) {
			say("has a table entry for %s, which it does not read", path)
		}
	}
	return out
}

// reads reports whether the argument with the given path, or the block that it
// is in, is read.
func (t *ResourceType) reads(path string) bool {
	top, _, _ := strings.Cut(path, ".")
	return slices.Contains(t.Reads, top)
}
