package main

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/report"
)

// A model is a study with its assertions, and the networks they are asked of.
type model struct {
	set           *assertions.Set
	inventory     assertions.Inventory
	after, before *evaluator.Engine // before is nil for a state
	assumptions   []report.Assumption
	diags         hcl.Diagnostics // of everything so far
}

// model reads the assertions, whose assumptions belong to the networks, settles
// what the plan leaves open and builds these.
func (p *program) model(s *study, f assertionFlags, flows []string) (*model, error) {
	sources, err := findAssertions(s.root, moduleDirs(s.inventory(nil, planparse.After)), f)
	if err != nil {
		return nil, err
	}
	return p.modelOf(s, sources, f, flows)
}

// modelOf is the model with the assertions of given files.
func (p *program) modelOf(s *study, sources []assertions.Source, f assertionFlags, flows []string) (*model, error) {
	m := &model{inventory: s.inventory(nil, planparse.After), diags: s.warnings}
	var diags hcl.Diagnostics
	var err error
	if m.set, diags, err = p.parseAssertions(sources, f, flows); err != nil {
		return nil, err
	}
	m.diags = append(m.diags, diags...)
	p.progress.at("building the network")
	m.build(s)
	return m, nil
}

// bareModel is the model without the assertion files that may be there.
func bareModel(s *study) *model {
	m := &model{inventory: s.inventory(nil, planparse.After), diags: s.warnings}
	m.set, _ = assertions.Parse(assertions.Input{Version: version})
	m.build(s)
	return m
}

// build settles what the plan leaves open and builds the networks.
func (m *model) build(s *study) {
	assumed, diags := m.set.Assumptions(m.inventory)
	m.diags = append(m.diags, diags...)
	m.assumptions, diags = s.assume(assumed)
	m.diags = append(m.diags, diags...)
	s.settle()
	after := aws.Network(s.plan, planparse.After)
	m.after, m.inventory.Network = evaluator.New(after), after
	if s.plan.Kind == "plan" {
		m.before = evaluator.New(aws.Network(s.plan, planparse.Before))
	}
	s.info.NetworkResources = after.Modelled
	m.diags = append(m.diags, s.facts(after).Conflicts()...)
}
