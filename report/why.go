package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/planreach/planreach/evaluator"
)

// NewWhy explains the flow of one assertion. World is after or before.
func NewWhy(f Facts, r evaluator.Result, world string) *Why {
	w := &Why{FormatVersion: FormatVersion, Flow: r.Assertion.Flow, World: world, Pairs: []Flow{}}
	for _, pair := range r.Flows {
		flow := f.flow(pair)
		if f.SourcesAssumed {
			flow.Notes = append(flow.Notes, SourcesAssumed)
		}
		w.Pairs = append(w.Pairs, flow)
	}
	w.Verdict = overall(w.Pairs)
	return w
}

// overall is the verdict over all pairs: theirs if they agree, partial if
// something certainly passes and something certainly does not.
func overall(pairs []Flow) string {
	var passes, blocked, agree = false, false, len(pairs) > 0
	for _, f := range pairs {
		agree = agree && f.Verdict == pairs[0].Verdict
		passes = passes || f.Allowed != "none"
		blocked = blocked || f.Verdict == evaluator.Unreachable.String() || f.Verdict == evaluator.Partial.String()
	}
	switch {
	case agree:
		return pairs[0].Verdict
	case passes && blocked:
		return evaluator.Partial.String()
	}
	return evaluator.Undecided.String()
}

func writeWhyText(out io.Writer, w *Why, s Style) error {
	p := &printer{Style: s, bothWays: true}
	if len(w.Pairs) == 0 {
		p.line("%s   nothing to explain: both sides are the same one endpoint", w.Flow)
		return p.flush(out)
	}
	var rows [][]string
	for _, f := range w.Pairs {
		rows = append(rows, []string{
			bracketed(f.From) + " -> " + bracketed(f.To) + arrowPorts(f.Traffic, true),
			"    " + p.verdict(f) + proxies(f) + beforeText(w, f),
		})
	}
	for _, l := range columns(rows) {
		p.line("%s", l)
	}
	for i, f := range w.Pairs {
		if !p.Verbose && i != w.toShow() {
			continue
		}
		p.gap()
		if p.Verbose && len(w.Pairs) > 1 {
			p.line("%s", f.Arrow())
		}
		p.ways(f)
	}
	return p.flush(out)
}

// toShow is the first pair that contradicts the arrow, else the first.
func (w *Why) toShow() int {
	return max(0, slices.IndexFunc(w.Pairs, func(f Flow) bool { return f.Outcome != "pass" }))
}

func (p *printer) verdict(f Flow) string {
	color := yellow
	switch f.Verdict {
	case evaluator.Reachable.String():
		color = green
	case evaluator.Unreachable.String():
		color = red
	}
	text := p.paint(color, strings.ToUpper(f.Verdict))
	switch {
	case f.Verdict == evaluator.Partial.String():
		text += "    only " + f.part()
	case f.Allowed != "none" && f.Allowed != f.Traffic:
		text += "    certain: " + f.Allowed
	}
	return text
}

// part is what gets through where not all does. Where everything that was asked
// for does, the members of an end differ.
func (f Flow) part() string {
	if f.Allowed == f.Traffic {
		return f.Allowed + " between some members"
	}
	return f.Allowed
}

func proxies(f Flow) string {
	var certain, open []string
	for _, d := range f.ViaProxy {
		name := strings.Join(d.Through, ", ")
		if d.Allowed == "none" {
			open = append(open, name)
		} else {
			certain = append(certain, name)
		}
	}
	var parts []string
	if certain != nil {
		parts = append(parts, "reachable through "+fewOf(certain))
	}
	if open != nil {
		parts = append(parts, "perhaps reachable through "+fewOf(open))
	}
	if parts == nil {
		return ""
	}
	return "      (" + strings.Join(parts, "; ") + ")"
}

// maxWays bounds the ways through proxies of one kind that text tells of.
const maxWays = 3

// fewOf is the first of some ways, and how many more there are.
func fewOf(ways []string) string {
	if n := len(ways) - maxWays; n > 0 {
		return strings.Join(ways[:maxWays], "; ") + fmt.Sprintf("; %d more", n)
	}
	return strings.Join(ways, "; ")
}

func beforeText(w *Why, f Flow) string {
	switch {
	case w.World == "before":
		return "      before this plan"
	case f.VerdictBefore == "" || f.VerdictBefore == f.Verdict:
		return ""
	case f.VerdictBefore == "absent":
		return "      (new)"
	}
	return "      (before this plan: " + f.VerdictBefore + ")"
}
