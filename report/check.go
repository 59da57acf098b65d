package report

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/netmodel"
)

// ToolName is the name of the program in every format.
const ToolName = "planreach"

// maxFlows bounds the flows of one result.
const maxFlows = 1000

// A Run is one run of assertions: what a Check is made of.
type Run struct {
	Facts
	Version     string
	Date        string
	Plans       []Plan
	Files       []File
	Results     []evaluator.Result
	Assumptions []Assumption // all that were made
	Diagnostics hcl.Diagnostics
	FailOn      assertions.Severity // the lowest that decides the exit code
	Passing     bool                // list flows that pass as well
}

// NewCheck is the report on r.
func NewCheck(r Run) *Check {
	c := &Check{
		FormatVersion: FormatVersion, Tool: Tool{ToolName, r.Version}, Date: r.Date,
		Plans: list(r.Plans), Files: list(r.Files), Results: []Result{},
		Coverage:    Unmodelled{NotModelled: r.notModelled()},
		Diagnostics: Diagnostics(r.Diagnostics),
	}
	for _, res := range r.Results {
		c.Results = append(c.Results, r.result(res))
	}
	useWaivers(c.Results)
	slices.SortStableFunc(c.Results, asInFiles)
	c.Summary = summarize(c.Results, r.Diagnostics.HasErrors())
	return c
}

// list is xs as JSON has it: never null.
func list[T any](xs []T) []T {
	if xs == nil {
		return []T{}
	}
	return xs
}

// asInFiles orders results by place; those of the command line come last.
func asInFiles(a, b Result) int {
	if (a.File == "") != (b.File == "") {
		return cmp.Compare(b.File, a.File)
	}
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
		netmodel.CompareAddresses(netmodel.Address(a.Module), netmodel.Address(b.Module)))
}

func (r Run) result(res evaluator.Result) Result {
	a := res.Assertion
	out := Result{
		ID: a.ID, Label: a.Label, Verb: a.Verb.String(), Flow: a.Flow, Module: a.Module, EachKey: a.EachKey,
		File: a.Range.Filename, Line: a.Range.Start.Line,
		Description: a.Description, Labels: map[string]string{},
		Severity: a.Severity.String(), Unknown: a.Unknown.String(),
		Verdict: res.Outcome.String(), NewInPlan: res.NewInPlan, SkippedBecause: a.SkippedBecause,
		Flows: []Flow{}, Waivers: waivers(res), Assumptions: []Assumption{}, Notes: []string{},
	}
	for k, v := range a.Labels {
		out.Labels[k] = v
	}
	out.Counts = a.Severity >= r.FailOn && (res.Outcome == evaluator.Fail ||
		res.Outcome == evaluator.OutcomeUnknown && a.Unknown == assertions.FailUnknown)
	r.addFlows(&out, res)
	return out
}

func (r Run) addFlows(out *Result, res evaluator.Result) {
	note := func(text string) {
		if !slices.Contains(out.Notes, text) {
			out.Notes = append(out.Notes, text)
		}
	}
	for _, text := range notesText(res.Notes) {
		note(text)
	}
	rests := map[string]bool{}
	for _, f := range res.Flows {
		for _, a := range f.Assumptions {
			rests[originText(a)] = true
		}
	}
	for _, a := range r.Assumptions {
		if rests[a.Target+"."+a.Attribute] {
			out.Assumptions = append(out.Assumptions, a)
		}
	}
	flows := slices.Clone(res.Flows)
	slices.SortStableFunc(flows, worst)
	for _, f := range flows {
		out.Pairs.count(f.Outcome)
		for _, n := range r.flowNotes(f) {
			note(n)
		}
		switch {
		case !isListed(f.Outcome) && !r.Passing:
		case len(out.Flows) == maxFlows:
			out.FlowsLeftOut++
		default:
			out.Flows = append(out.Flows, r.flow(f))
		}
	}
}

func (p *Pairs) count(o evaluator.Outcome) {
	p.Total++
	switch o {
	case evaluator.Pass:
		p.Passed++
	case evaluator.Fail:
		p.Failed++
	case evaluator.OutcomeUnknown:
		p.Unknown++
	case evaluator.Waived:
		p.Waived++
	case evaluator.Skipped:
		panic("report: a pair that is skipped")
	}
}

func waivers(res evaluator.Result) []Waiver {
	out := []Waiver{}
	for i, w := range res.Assertion.Waivers {
		flows := []string{}
		for _, f := range w.Flows {
			flows = append(flows, f.Text)
		}
		used := res.Waivers[i]
		state := "active"
		switch {
		case used.Ended:
			state = "ended"
		case used.Pairs == 0:
			state = "unused"
		}
		out = append(out, Waiver{
			Flows: flows, Reason: w.Reason, Until: w.Until, By: w.By, Ticket: w.Ticket,
			File: w.Range.Filename, Line: w.Range.Start.Line, State: state, Pairs: used.Pairs,
		})
	}
	return out
}

// useWaivers takes a waiver for used that takes something out of any element of
// its block's for_each, or in any instance of its module (L-43).
func useWaivers(results []Result) {
	type written struct {
		file string
		line int
	}
	used := map[written]bool{}
	for _, r := range results {
		for _, w := range r.Waivers {
			at := written{w.File, w.Line}
			used[at] = used[at] || w.Pairs > 0
		}
	}
	for _, r := range results {
		for i := range r.Waivers {
			if w := &r.Waivers[i]; w.State == "unused" && used[written{w.File, w.Line}] {
				w.State = "active"
			}
		}
	}
}

func summarize(results []Result, broken bool) Summary {
	var s Summary
	for _, r := range results {
		s.Total++
		s.Pairs += r.Pairs.Total
		switch r.Verdict {
		case evaluator.Pass.String():
			s.Pass++
		case evaluator.Fail.String():
			s.Fail++
			if r.Counts {
				s.FailCounting++
			}
			if r.NewInPlan {
				s.NewInPlan++
			}
		case evaluator.OutcomeUnknown.String():
			s.Unknown++
			if r.Counts {
				s.UnknownCounting++
			}
		case evaluator.Waived.String():
			s.Waived++
		case evaluator.Skipped.String():
			s.Skipped++
		}
	}
	switch {
	case broken:
		s.ExitCode = 2
	case s.FailCounting > 0:
		s.ExitCode = 1
	case s.UnknownCounting > 0:
		s.ExitCode = 3
	}
	return s
}

// notModelled is what bears on the network without a model, in the order of
// the network.
func (f Facts) notModelled() []NotModelled {
	out := []NotModelled{}
	if f.Network == nil {
		return out
	}
	for _, u := range f.Network.NotModelled {
		file, line := f.position(u.Origin)
		out = append(out, NotModelled{
			Address: string(u.Address), Type: u.Type, Effect: u.Effect.String(), Note: u.Note, File: file, Line: line,
		})
	}
	return out
}

// Diagnostics is ds as reports have them.
func Diagnostics(ds hcl.Diagnostics) []Diagnostic {
	out := []Diagnostic{}
	for _, d := range ds {
		e := Diagnostic{Severity: "error", Summary: d.Summary, Detail: d.Detail}
		if d.Severity == hcl.DiagWarning {
			e.Severity = "warning"
		}
		if d.Subject != nil && d.Subject.Filename != assertions.CommandLine {
			e.File, e.Line, e.Column = d.Subject.Filename, d.Subject.Start.Line, d.Subject.Start.Column
		}
		out = append(out, e)
	}
	return out
}
