package report

import (
	"fmt"
	"slices"
	"strings"
)

// ways writes the hops of a flow and what is open or close to passing.
func (p *printer) ways(f Flow) {
	if !p.bothWays && f.Verdict == "unreachable" && len(f.ViaProxy) > 0 { // the direct way is not what is wrong
		p.detours(f)
		p.unknowns(f)
		p.remarks(f)
		return
	}
	p.way(f)
	p.unknowns(f)
	p.remarks(f)
	p.detours(f)
}

// detours writes the ways through proxies, leg by leg.
func (p *printer) detours(f Flow) {
	open := 0
	for _, d := range f.ViaProxy {
		if d.Allowed == "none" {
			if open++; open > maxWays {
				continue
			}
		}
		p.line("      through %s", strings.Join(d.Through, ", "))
		for _, l := range d.Legs {
			p.way(Flow{From: l.From, To: l.To, Traffic: l.Traffic, Verdict: l.Verdict, VerdictBefore: f.VerdictBefore, Hops: l.Hops, ReturnHops: l.ReturnHops})
		}
	}
	if n := open - maxWays; n > 0 {
		p.line("      and %d more ways that may carry it", n)
	}
}

// way writes the hops there, and back where they matter.
func (p *printer) way(f Flow) {
	rows := [][]string{p.endRow(f.From)}
	rows = append(rows, p.hopRows(f, f.Hops)...)
	rows = append(rows, p.arrivalRow(f))
	back := p.showsReturn(f)
	if back {
		rows = append(rows, p.hopRows(f, f.ReturnHops)...)
	}
	lines := columns(rows)
	forward, reply := lines[:len(f.Hops)+2], lines[len(f.Hops)+2:]
	p.line("%s", forward[0])
	p.hopLines(f, "forward", f.Hops, forward[1:len(forward)-1])
	p.line("%s", forward[len(forward)-1])
	switch {
	case back:
		p.line("      return")
		p.hopLines(f, "return", f.ReturnHops, reply)
	case len(f.ReturnHops) > 0:
		p.line("      return %s", p.mark(markPass))
	}
}

// remarks writes what was assumed and what is worth knowing.
func (p *printer) remarks(f Flow) {
	for _, a := range f.Assumptions {
		p.prose("      ", "assumed: "+a)
	}
	for _, n := range f.Notes {
		p.prose("      ", "note: "+n)
	}
}

// endRow starts or ends the list of hops.
func (p *printer) endRow(end string) []string {
	return []string{"      " + p.padded(mark{}) + " " + end, "", "", ""}
}

func (p *printer) arrivalRow(f Flow) []string {
	if reaches(f.Hops) && (len(f.Hops) > 0 || f.Verdict != "unreachable") {
		return p.endRow(f.To)
	}
	return []string{"    " + p.padded(markMissed) + "   " + f.To, "", "not reached", ""}
}

func (p *printer) hopRows(f Flow, hops []Hop) [][]string {
	var rows [][]string
	for _, h := range hops {
		rows = append(rows, []string{
			fmt.Sprintf("%5d %s %s", h.N, p.padded(markOf(h.Result)), plainName(h.Address)),
			directionWord(h.Direction), h.Rule, hopPlace(f, h),
		})
	}
	return rows
}

// hopLines writes the lines of hops, each with the rule that nearly fitted.
func (p *printer) hopLines(f Flow, path string, hops []Hop, lines []string) {
	for i, l := range lines {
		p.line("%s", l)
		for _, b := range f.Blockers {
			if b.Path == path && b.N == hops[i].N && b.Closest != nil {
				p.line("          closest: %s   %s", b.Closest.Rule,
					join("   ", b.Closest.where(), b.Closest.Differs))
			}
		}
	}
}

// where is the place of a rule, or its address where the place is not known.
func (c *Closest) where() string {
	if at := place(c.File, c.Line); at != "" {
		return at
	}
	return c.Address
}

func directionWord(d string) string {
	return map[string]string{"ingress": "in", "egress": "out"}[d]
}

// hopPlace is where the deciding rule stands, what the plan does to it, and for
// a hop that does not pass its code, for people to search.
func hopPlace(f Flow, h Hop) string {
	at, change, code := place(h.File, h.Line), "", ""
	if at == "" && mayBeDefault(h.Address) && hasPlaces(f) {
		at = "(AWS default, not in your code)"
	}
	if existed(f) {
		change = changeWord(h.Change)
	}
	if h.Result != "pass" && h.Code != "" {
		code = "(" + h.Code + ")"
	}
	return join("   ", at, change, code)
}

// hasPlaces reports whether the sources are at hand, so that what has no place
// in them is not in the code.
func hasPlaces(f Flow) bool {
	return slices.ContainsFunc(slices.Concat(f.Hops, f.ReturnHops), func(h Hop) bool { return h.File != "" })
}

// existed reports whether the question made sense before the plan. Where it did
// not, that hops are new is no news.
func existed(f Flow) bool { return f.VerdictBefore != "" && f.VerdictBefore != "absent" }

func changeWord(change string) string {
	return map[string]string{
		"add": "+ added by this plan", "update": "~ changed by this plan",
		"replace": "~ replaced by this plan", "delete": "- deleted by this plan",
	}[change]
}

func join(sep string, parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, sep)
}

// reaches reports whether all hops let the packet through.
func reaches(hops []Hop) bool {
	return !slices.ContainsFunc(hops, func(h Hop) bool { return h.Result == "block" })
}

// isReply reports whether h passes whatever its rules say: groups remember the
// flows that they admitted.
func (h Hop) isReply() bool { return h.Kind == "security_group" && h.Result == "pass" }

// showsReturn reports whether the way back is worth its lines.
func (p *printer) showsReturn(f Flow) bool {
	return len(f.ReturnHops) > 0 && (p.bothWays || slices.ContainsFunc(f.ReturnHops, func(h Hop) bool {
		return h.Result != "pass" || existed(f) && h.Change != "none" && !h.isReply()
	}))
}

func (p *printer) unknowns(f Flow) {
	for _, u := range f.Unknowns {
		what := join(".", u.Address, u.Attribute)
		if what == "" {
			p.line("    %s %s", p.mark(markUnknown), whyUnknown(u))
			continue
		}
		p.line("    %s %s", p.mark(markUnknown), join("   ", plainName(what), place(u.File, u.Line)))
		p.prose("          ", whyUnknown(u))
		var rows [][]string
		for _, o := range u.Outcomes {
			rows = append(rows, []string{"            " + o.Value, "->  " + o.Verdict})
		}
		for _, l := range columns(rows) {
			p.line("%s", l)
		}
	}
}

func whyUnknown(u Unknown) string {
	text := u.Why
	if u.Attribute != "" {
		text = lastStep(u.Attribute) + " is " + u.Why
	}
	if u.Why == "known after apply" {
		text = strings.Replace(text, "known after apply", "known only after apply", 1)
	}
	if u.Detail != "" {
		text += " (" + u.Detail + ")"
	}
	return text
}

// lastStep is the argument that an attribute path ends in.
func lastStep(path string) string {
	return path[strings.LastIndexByte(path, '.')+1:]
}

// found is what came out: "REACHABLE", "UNREACHABLE at hop 5".
func (f Flow) found() string {
	text := strings.ToUpper(f.Verdict)
	if f.Verdict != "unreachable" && len(f.Missed)+len(f.Met) > 0 {
		return text + f.astray()
	}
	if f.Verdict == "unreachable" && len(f.ViaProxy) > 0 {
		return f.foundThrough()
	}
	if _, from, ok := strings.Cut(f.Allowed, " from "); ok && f.Verdict == "reachable" {
		text += " from " + from
	}
	if f.Verdict == "partial" {
		text += ": " + f.part() + " gets through"
	}
	if f.Verdict == "unreachable" && len(f.Blockers) > 0 {
		at := f.Blockers[0]
		text += fmt.Sprintf(" at hop %d", at.N)
		if at.Path == "return" {
			text += " of the way back"
		}
	}
	return text
}

// astray is what is wrong with the way of a promise that looks at ways.
func (f Flow) astray() string {
	var parts []string
	if len(f.Missed) > 0 {
		parts = append(parts, "but not through "+strings.Join(f.Missed, ", "))
	}
	if len(f.Met) > 0 {
		parts = append(parts, "but through "+strings.Join(f.Met, ", "))
	}
	return ", " + strings.Join(parts, " and ")
}

// foundThrough is what came out where only proxies carry anything, or may.
func (f Flow) foundThrough() string {
	word := "UNKNOWN"
	var names []string
	for _, d := range f.ViaProxy {
		if d.Allowed != "none" {
			word = "REACHABLE"
		}
	}
	for _, d := range f.ViaProxy {
		if (d.Allowed != "none") == (word == "REACHABLE") {
			names = append(names, strings.Join(d.Through, ", "))
		}
	}
	if word == "UNKNOWN" {
		return "UNKNOWN: whether it is reachable through " + strings.Join(names, "; ")
	}
	return "REACHABLE through " + strings.Join(names, "; ")
}
