package main

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/planreach/planreach/assertions"
)

// defaultPlans are looked for when no plan is given.
var defaultPlans = []string{"plan.json", "tfplan.json", "tfplan"}

// sortArguments tells the plan from the flows, which have an arrow. The plan is
// empty if none is given.
func sortArguments(args []string) (plan string, flows []string, err error) {
	var others []string
	for _, a := range args {
		if assertions.IsFlow(a) {
			flows = append(flows, a)
		} else {
			others = append(others, a)
		}
	}
	for _, a := range others {
		if a != "-" && !exists(a) {
			return "", nil, noSuchPlan(a)
		}
	}
	switch len(others) {
	case 0:
		return "", flows, nil
	case 1:
		return others[0], flows, nil
	}
	return "", nil, problem{"More than one plan", "Given were " + strings.Join(others, " and ") + "; planreach reads one at a time."}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func noSuchPlan(path string) error {
	return problem{"No such plan file: " + path, "If a flow was meant, quote it: 'a -> b:80'. " +
		"Unquoted, your shell takes > as a redirection and - as standard input."}
}

// findPlan is the plan to read if none is named.
func (p *program) findPlan() (string, error) {
	if file := p.getenv("SHOWFILE"); file != "" {
		return file, nil
	}
	if i := slices.IndexFunc(defaultPlans, exists); i >= 0 {
		return defaultPlans[i], nil
	}
	return "", problem{summary: "No plan given, and none of " + strings.Join(defaultPlans, ", ") + " is here."}
}
