package assertions

import "strings"

// A glob is a pattern over addresses, step by step (L-15).
type glob struct {
	root  bool
	steps []rawStep
	data  bool // names data sources
}

// isGlob reports whether one of the steps is a pattern: it holds a * anywhere
// but in [*]. In an expression, as opposed to a string, a * in a quoted key is
// the key's.
func isGlob(steps []rawStep, expression bool) bool {
	for _, s := range steps {
		index := s.index.text
		if expression {
			index, _, _ = strings.Cut(index, `"`)
		}
		if strings.Contains(s.name, "*") || index != "[*]" && strings.Contains(index, "*") {
			return true
		}
	}
	return false
}

func parseGlob(steps []rawStep) glob {
	g := glob{steps: steps}
	if steps[0].text() == "root" {
		g.root, g.steps = true, steps[1:]
	}
	for _, s := range steps {
		g.data = g.data || s.text() == "data"
	}
	return g
}

// matches reports whether the glob matches x, an address relative to the
// glob's module.
func (g glob) matches(x address) bool {
	if x.data && !g.data {
		return false
	}
	var at []step
	for _, m := range x.modules {
		at = append(at, step{name: "module"}, m)
	}
	if x.data {
		at = append(at, step{name: "data"})
	}
	return matchSteps(g.steps, append(at, step{name: x.typ}, x.name))
}

func matchSteps(pattern []rawStep, at []step) bool {
	switch {
	case len(pattern) == 0:
		return len(at) == 0
	case pattern[0].text() == "**":
		for i := range len(at) + 1 {
			if matchSteps(pattern[1:], at[i:]) {
				return true
			}
		}
		return false
	}
	return len(at) > 0 && pattern[0].matches(at[0]) && matchSteps(pattern[1:], at[1:])
}

// matches: a step without index matches every index.
func (s rawStep) matches(x step) bool {
	switch s.index.text {
	case "":
		return matchWord(s.name, x.name) || matchWord(s.name, x.String())
	case "[*]":
		return matchWord(s.name, x.name)
	}
	return matchWord(s.name, x.name) && matchWord(s.index.text, x.index.text)
}

// matchWord matches text against a pattern in which * stands for any run of
// characters.
func matchWord(pattern, text string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, first)
	if !ok {
		return false
	}
	for {
		var part string
		part, rest, star = strings.Cut(rest, "*")
		if !star {
			return strings.HasSuffix(text, part)
		}
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
}
