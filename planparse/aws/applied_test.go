package aws_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/planparse/source"
)

// TestApplied compares the model of a plan with that of the state which applying
// it made: what the plan is certain of must be so, and lists that it knows in
// full must have nothing else.
func TestApplied(t *testing.T) {
	dirs, err := filepath.Glob("../../testdata/applied/*/main.tf")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no applied plans: ", err)
	}
	for _, main := range dirs {
		dir := filepath.Dir(main)
		if name := filepath.Base(dir); name == "default-vpc" || name == "existing-subnets" {
			continue // the state shows the id of the default VPC, which the plan does not know
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			plan := factsOf(aws.Network(planIn(t, dir), planparse.After).Dump())
			state := factsOf(aws.Network(read(t, file(t, dir, "state.json"), aws.Wanted), planparse.After).Dump())
			compared := 0
			for list, facts := range plan {
				if state[list] == nil {
					t.Errorf("the state has no %s", list)
					continue
				}
				for _, f := range facts.certain {
					compared++
					if !slices.Contains(state[list].shown, f) {
						t.Errorf("the plan is certain of what the state does not show: %s / %s", list, f)
					}
				}
				if facts.open {
					continue
				}
				for _, f := range state[list].certain {
					if !slices.Contains(facts.certain, f) {
						t.Errorf("the state shows what the plan rules out: %s / %s", list, f)
					}
				}
			}
			if compared < 20 {
				t.Errorf("only %d facts were compared", compared)
			}
		})
	}
}

func planIn(t *testing.T, dir string) *planparse.Plan {
	t.Helper()
	s, err := source.Open("", dir)
	if err != nil {
		t.Fatal(err)
	}
	wants := s.Wants(aws.Types)
	p := read(t, file(t, dir, "plan.json"), func(name string) bool { return aws.Wanted(name) || wants(name) })
	p = p.Resolve(s.Resolver(p, aws.Types))
	p.Sources = s
	return p
}

func file(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// facts are the lines of one list of an object: the rules of a direction, the
// routes of a table, the links of a subnet.
type facts struct {
	certain []string
	shown   []string // in doubt or not
	open    bool     // there may be others
}

var (
	linkLine = regexp.MustCompile(`^(vpc|table|acl|subnet|group|main table|default acl|default group) `)
	restText = regexp.MustCompile(` \[.*$`) // origin, notes, doubt
	noteText = regexp.MustCompile(` !\w+`)
)

// factsOf sorts the lines of a dump that must be the same before and after
// apply by object and list.
func factsOf(dump string) map[string]*facts {
	out := map[string]*facts{}
	object, list := "", ""
	for _, line := range strings.Split(dump, "\n") {
		text := strings.TrimSpace(restText.ReplaceAllString(noteText.ReplaceAllString(line, ""), ""))
		depth := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case depth == 0:
			object, list = text, text
		case text == "ingress" || text == "egress":
			list = object + " / " + text
		}
		if out[list] == nil {
			out[list] = &facts{}
		}
		isOpen := strings.Contains(line, " ? ") || strings.Contains(line, "(open:")
		out[list].open = out[list].open || isOpen
		if depth == 4 || depth == 2 && linkLine.MatchString(text) {
			out[list].shown = append(out[list].shown, text)
			if !isOpen {
				out[list].certain = append(out[list].certain, text)
			}
		}
	}
	return out
}
