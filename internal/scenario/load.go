// Package scenario loads plans and states into networks, for tests.
package scenario

import (
	"context"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/planparse/source"
)

// Load reads a plan, plan JSON or state at path, settles its links from the
// sources in a plan file or a directory (either or both may be empty), and
// builds the network after it.
func Load(t testing.TB, path, planFile, dir string) (*planparse.Plan, *netmodel.Network) {
	t.Helper()
	in, err := planparse.Open(context.Background(), path, nil, "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}()
	wanted := aws.Wanted
	var sources *source.Sources
	if planFile != "" || dir != "" {
		if sources, err = source.Open(planFile, dir); err != nil {
			t.Fatal(err)
		}
		needs := sources.Wants(aws.Types)
		wanted = func(name string) bool { return aws.Wanted(name) || needs(name) }
	}
	p, err := planparse.Read(in, wanted)
	if err != nil {
		t.Fatal(err)
	}
	if sources == nil {
		p = p.Resolve(planparse.References(p, aws.Types))
		return p, aws.Network(p, planparse.After)
	}
	if err := sources.Check(p); err != nil {
		t.Fatal(err)
	}
	p.Sources = sources
	p = p.Resolve(sources.Resolver(p, aws.Types))
	return p, aws.Network(p, planparse.After)
}
