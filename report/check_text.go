package report

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Passes are folded to a count per file beyond this many, and modules' always.
const foldPasses = 20

// otherFlows is how many further flows of a failing assertion are named.
const otherFlows = 10

func writeCheckText(w io.Writer, c *Check, s Style) error {
	p := newPrinter(c, s)
	if !s.Quiet {
		p.heading(c)
		for _, verdict := range []string{"fail", "unknown", "waived"} {
			for _, r := range c.Results {
				if r.Verdict == verdict {
					p.result(r)
				}
			}
		}
		p.staleWaivers(c)
		p.passes(c)
		p.commonNotes(c)
	} else {
		for _, r := range c.Results {
			if r.Verdict != "pass" && r.Verdict != "skipped" {
				p.line("%s %s", p.mark(markOf(r.Verdict)), join("   ", r.ID, place(r.File, r.Line)))
			}
		}
	}
	p.tally(c)
	return p.flush(w)
}

// newPrinter is a printer of results of c.
func newPrinter(c *Check, s Style) *printer {
	p := &printer{Style: s, bothWays: s.Verbose}
	for _, plan := range c.Plans {
		p.plan = plan.Path
		p.noSources = plan.Kind == "plan" && strings.HasPrefix(plan.Sources, "none")
	}
	return p
}

// SourcesAssumed is what a reader of an answer must know if the sources are a
// directory's.
const SourcesAssumed = "links known only after apply follow the .tf files, taken to be those of this plan"

func (p *printer) heading(c *Check) {
	for _, plan := range c.Plans {
		parts := []string{plan.Path}
		if plan.TerraformVersion != "" {
			parts = append(parts, "terraform "+plan.TerraformVersion)
		}
		parts = append(parts, fmt.Sprintf("%s, %d of them network",
			count(plan.Resources, "resource", "resources"), plan.NetworkResources))
		parts = append(parts, count(len(c.Results), "assertion", "assertions")+inFiles(c.Files))
		p.line("%s", strings.Join(parts, p.dot()))
		p.cautions(plan)
	}
}

// cautions is what a reader of any answer about the plan must know.
func (p *printer) cautions(plan Plan) {
	if !plan.Complete {
		p.line("%s this plan is incomplete: what it leaves out keeps its values of before", p.mark(markNote))
	}
	if plan.Kind == "plan" && plan.Sources == "directory" {
		p.line("%s %s", p.mark(markNote), SourcesAssumed)
	}
}

func inFiles(files []File) string {
	if len(files) == 0 {
		return ""
	}
	return " in " + count(len(files), "file", "files")
}

// result writes an assertion that does not pass.
func (p *printer) result(r Result) {
	p.gap()
	note := ""
	switch {
	case r.NewInPlan:
		note = "NEW IN THIS PLAN"
	case len(r.Flows) > 0 && r.Verdict == "fail" && r.Flows[0].VerdictBefore != "":
		note = "already so before this plan"
	}
	if r.Verdict == "waived" {
		note = waivedNote(r)
	}
	p.line("%s %s", p.mark(markOf(r.Verdict)), join("   ", r.ID, place(r.File, r.Line), note))
	if r.Description != "" {
		p.prose("    ", r.Description)
	}
	if r.Verdict == "waived" || len(r.Flows) == 0 {
		return
	}
	f := r.Flows[0]
	p.line("    %s      expected: %s      %s", f.Arrow(), f.Expected, p.outcome(f))
	p.others(r)
	p.gap()
	p.ways(f)
	p.gap()
	p.policy(r, f)
}

func (p *printer) outcome(f Flow) string {
	if f.Outcome == "unknown" {
		text := "cannot be decided from this plan"
		if f.Allowed != "none" {
			text += "; certain: " + f.Allowed
		}
		return p.paint(yellow, text)
	}
	return "found: " + p.paint(red, f.found())
}

// others names the further flows of a result that do not pass.
func (p *printer) others(r Result) {
	if r.Pairs.Total == 1 {
		return
	}
	var names []string
	for _, f := range r.Flows[1:] {
		if f.Outcome == r.Flows[0].Outcome && len(names) < otherFlows {
			names = append(names, f.Arrow())
		}
	}
	bad := r.Pairs.Failed
	if r.Flows[0].Outcome == "unknown" {
		bad = r.Pairs.Unknown
	}
	text := fmt.Sprintf("(%d of %d pairs", bad, r.Pairs.Total)
	if more := bad - 1 - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	if len(names) > 0 {
		word := "; the others: "
		if len(names) == 1 {
			word = "; the other: "
		}
		text += word + strings.Join(names, ", ")
	}
	p.line("    %s)", text)
}

// policy says what an undecided result does and how to settle it.
func (p *printer) policy(r Result, f Flow) {
	if r.Verdict == "fail" && f.Expected == "unreachable" && f.Verdict == "unreachable" && len(f.ViaProxy) > 0 {
		through := strings.Join(f.ViaProxy[0].Through, ", ")
		switch r.Verb {
		case "isolate":
		case "only":
			p.line("    Intended? Add it to from, or unless_through = [%s].", through)
		default:
			if r.Flow != "" {
				p.line("    Intended? Add \"unless via %s\" behind the flow.", through)
			} else {
				p.line("    Intended? Add unless_through = [%s].", through)
			}
		}
	}
	if hint := p.waiver(r, f); hint != "" {
		p.line("    Intended? %s", hint)
	}
	if r.Verdict != "unknown" {
		if !r.Counts {
			p.line("    Does not decide the exit code (severity = %q).", r.Severity)
		}
		return
	}
	settle := suggestion(f)
	switch {
	case r.Counts && p.noSources:
		p.line("    Counts as failing here (unknown = %q). Settle it by giving the sources, with --source DIR or", r.Unknown)
		p.line("    the binary plan file, or accept it with unknown = \"warn\".")
	case r.Counts && settle == "":
		p.line("    Counts as failing here (unknown = %q); accept it with unknown = \"warn\".", r.Unknown)
	case r.Counts:
		p.line("    Counts as failing here (unknown = %q). Settle it with", r.Unknown)
		for _, l := range strings.Split(settle, "\n") {
			p.line("      %s", l)
		}
		p.line("    or accept it with unknown = \"warn\".")
	default:
		p.line("    Does not count (severity = %q, unknown = %q).", r.Severity, r.Unknown)
	}
}

// waiver is the command that takes a forbidden flow out of an assertion's
// failures; "" for what no file holds.
func (p *printer) waiver(r Result, f Flow) string {
	proxied := f.Verdict == "unreachable" && r.Verb != "isolate" // which has a hint of its own
	if r.Verdict != "fail" || f.Expected != "unreachable" || r.File == "" || proxied {
		return ""
	}
	traffic := f.Traffic
	if f.Allowed != "none" && len(f.ViaProxy) == 0 && !strings.Contains(f.Allowed, ";") { // one clause
		traffic, _, _ = strings.Cut(f.Allowed, " ")
	}
	f.Expected, f.Traffic = "reachable", traffic
	if r.Module != "" { // whose file reads addresses as its own
		f.From, f.To = rooted(f.From), rooted(f.To)
	}
	return fmt.Sprintf("planreach waive %s '%s' --until YYYY-MM-DD --reason \"...\"", p.plan, strings.ReplaceAll(f.Arrow(), "'", `'\''`))
}

// rooted is an end as the file of a module names it.
func rooted(end string) string {
	if _, err := netip.ParsePrefix(end); err == nil || strings.HasPrefix(end, "internet") {
		return end
	}
	return "root." + end
}

// suggestion is an assume block for the first fact that one can settle.
func suggestion(f Flow) string {
	for _, u := range f.Unknowns {
		if u.Why == "not modelled" || u.Attribute == "" || strings.ContainsAny(u.Attribute, ".[") {
			continue
		}
		value := "..."
		if len(u.Outcomes) > 0 && strings.Contains(u.Outcomes[0].Value, ".") {
			value = u.Outcomes[0].Value + ".id"
		}
		return fmt.Sprintf("assume {\n  target = %s\n  values = { %s = %s }\n  reason = \"...\"\n}", u.Address, u.Attribute, value)
	}
	return ""
}

func waivedNote(r Result) string {
	for _, w := range r.Waivers {
		if w.State == "active" {
			return fmt.Sprintf("%s waived until %s (%s)", count(r.Pairs.Waived, "flow", "flows"), w.Until, join(": ", w.Ticket, w.Reason))
		}
	}
	return ""
}

// staleWaivers names waivers that have ended or match nothing, each once.
func (p *printer) staleWaivers(c *Check) {
	told := map[string]bool{}
	for _, r := range c.Results {
		for _, w := range r.Waivers {
			at := place(w.File, w.Line)
			text := ""
			switch w.State {
			case "unused":
				text = at + ": this waiver matches nothing; remove it"
			case "ended":
				text = at + ": this waiver ended on " + w.Until + ended(w.Until, c.Date)
			}
			if text != "" && !told[text] {
				p.line("%s %s", p.mark(markNote), text)
				told[text] = true
			}
		}
	}
}

// ended is how long before a day another day was: ", 3 days ago".
func ended(until, day string) string {
	was, err := time.Parse(time.DateOnly, until)
	now, err2 := time.Parse(time.DateOnly, day)
	if err != nil || err2 != nil {
		return ""
	}
	return ", " + count(int(now.Sub(was).Hours()/24), "day ago", "days ago")
}

// passes lists what passes and what is skipped, under their files.
func (p *printer) passes(c *Check) {
	passing := 0
	for _, r := range c.Results {
		if r.Verdict == "pass" {
			passing++
		}
	}
	var files []string
	for _, r := range c.Results {
		if isQuietVerdict(r.Verdict) && !slices.Contains(files, r.File) {
			files = append(files, r.File)
		}
	}
	for _, file := range files {
		p.gap()
		p.line("%s", fileHeading(c, file))
		folded := 0
		for _, r := range c.Results {
			if r.File != file || !isQuietVerdict(r.Verdict) {
				continue
			}
			if r.Verdict == "pass" && !p.Verbose && (passing > foldPasses || r.Module != "") {
				folded++
				continue
			}
			p.pass(r)
		}
		if folded > 0 {
			p.line("  %s %d passed", p.mark(markPass), folded)
		}
	}
}

func isQuietVerdict(v string) bool { return v == "pass" || v == "skipped" }

func fileHeading(c *Check, file string) string {
	if file == "" {
		return "command line"
	}
	for _, f := range c.Files {
		if f.Path == file && len(f.Modules) > 0 && !slices.Equal(f.Modules, []string{""}) {
			return file + "  (" + strings.Join(f.Modules, ", ") + ")"
		}
	}
	return file
}

func (p *printer) pass(r Result) {
	if r.Verdict == "skipped" {
		p.line("  %s %s", p.mark(markSkipped), join("   ", r.ID, r.SkippedBecause))
		return
	}
	note := ""
	switch r.Verb {
	case "must_not_reach":
		note = "must not reach"
	case "only":
		note = "no one else"
	case "isolate":
		note = "kept apart"
	case "no_new":
		note = "nothing new"
	}
	if r.Pairs.Total > 1 {
		note = join(", ", note, fmt.Sprintf("%d pairs", r.Pairs.Total))
	}
	p.line("  %s %s", p.mark(markPass), join("   ", r.ID, note))
	if p.Verbose {
		for _, f := range r.Flows {
			p.line("    %s      %s", f.Arrow(), f.Verdict)
			p.ways(f)
			p.gap()
		}
	}
}

// commonNotes lists each note of the results that are not shown in full.
func (p *printer) commonNotes(c *Check) {
	var order []string
	times := map[string]int{}
	for _, r := range c.Results {
		for _, n := range r.Notes {
			if r.Verdict == "fail" || r.Verdict == "unknown" || p.Verbose && len(r.Flows) > 0 {
				if r.toldWith(n) {
					continue
				}
			}
			if times[n] == 0 {
				order = append(order, n)
			}
			times[n]++
		}
	}
	p.gap()
	for _, n := range order {
		times := times[n]
		text := "note: " + n
		if times > 1 {
			text += fmt.Sprintf(" [%d assertions]", times)
		}
		p.prose("", text)
	}
	p.assumptions(c)
	p.gap()
}

// assumptions lists what the user assumed and any result rests on.
func (p *printer) assumptions(c *Check) {
	told := map[Assumption]bool{}
	for _, r := range c.Results {
		for _, a := range r.Assumptions {
			if !told[a] {
				told[a] = true
				p.prose("", "assumed: "+join("   ", join(".", a.Target, a.Attribute), place(a.File, a.Line), a.Reason))
			}
		}
	}
}

// toldWith reports whether the flow that is shown has the note.
func (r Result) toldWith(note string) bool {
	return len(r.Flows) > 0 && slices.Contains(r.Flows[0].Notes, note)
}

// tally is the last lines: the counts, the exit status, what is not modelled.
func (p *printer) tally(c *Check) {
	s := c.Summary
	text := tally(s)
	if s.ExitCode != 0 {
		text += strings.Repeat(" ", max(4, p.width()-len(text)-len("exit 1"))) + fmt.Sprintf("exit %d", s.ExitCode)
	}
	p.line("%s", text)
	p.notModelled(c.Coverage.NotModelled)
}

// tally is the counts in words.
func tally(s Summary) string {
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, text))
		}
	}
	failed := "failed"
	if s.NewInPlan > 0 {
		failed += fmt.Sprintf(" (%d new in this plan)", s.NewInPlan)
	}
	add(s.Fail, failed)
	add(s.Unknown, "unknown")
	add(s.Pass, "passed")
	add(s.Waived, "waived")
	add(s.Skipped, "skipped")
	if len(parts) == 0 {
		return "nothing decided"
	}
	return strings.Join(parts, ", ")
}

func (p *printer) notModelled(all []NotModelled) {
	if len(all) == 0 {
		return
	}
	var types []string
	byType := map[string][]string{}
	for _, u := range all {
		if byType[u.Type] == nil {
			types = append(types, u.Type)
		}
		byType[u.Type] = append(byType[u.Type], u.Address)
	}
	var names []string
	for _, t := range types {
		name := byType[t][0]
		if n := len(byType[t]); n > 1 {
			name = fmt.Sprintf("%d x %s", n, t)
		}
		names = append(names, name)
	}
	p.line("not modelled, may matter: %s", strings.Join(names, ", "))
}
