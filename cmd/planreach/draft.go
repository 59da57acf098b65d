package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/report"
)

// A drafter finds out what can be asserted of a plan: it proposes statements
// after the matrix, has each of them checked, and keeps those that hold.
type drafter struct {
	m      *model
	units  []unit // the internet first
	cells  []evaluator.MatrixCell
	groups []report.DraftGroup
}

func newDrafter(m *model) *drafter {
	d := &drafter{m: m}
	d.units, d.groups = unitsOf(m)
	d.ask()
	if units, changed := splitBlocks(d.units, d.isMixed); changed {
		d.units = units
		d.ask()
	}
	return d
}

// ask fills the cells.
func (d *drafter) ask() {
	var groups []evaluator.MatrixGroup
	for _, u := range d.units {
		groups = append(groups, evaluator.MatrixGroup{Name: u.word, Internet: u.isInternet(), Members: u.members})
	}
	d.cells = d.m.after.Matrix(groups)
}

// isMixed reports whether something gets through for some members of a unit and
// nothing for others.
func (d *drafter) isMixed(n int) bool {
	for k := range d.units {
		for _, c := range []evaluator.MatrixCell{d.cell(n, k), d.cell(k, n)} {
			if c.Pairs.Unreachable > 0 && c.Pairs.Unreachable < c.Pairs.Total() {
				return true
			}
		}
	}
	return false
}

// A proposal is a statement to be checked.
type proposal struct {
	text    string // of a block whose label is %q
	outcome evaluator.Outcome
	flows   []evaluator.FlowResult
}

// check checks proposals, each by itself; one that is no statement fails.
func (d *drafter) check(ps []*proposal) {
	var b strings.Builder
	for _, g := range d.groups {
		fmt.Fprintf(&b, "group %q {\n members = [%s]\n}\n", g.Name, strings.Join(g.Members, ", "))
	}
	at := map[string]*proposal{}
	for n, x := range ps {
		label := fmt.Sprintf("proposal %d", n)
		fmt.Fprintf(&b, x.text+"\n", label)
		at[label] = x
		x.outcome = evaluator.Fail
	}
	set, _ := assertions.Parse(assertions.Input{Version: version, Sources: []assertions.Source{{Path: draftFile, Bytes: []byte(b.String())}}})
	as, _ := set.Resolve(d.m.inventory, assertions.Defaults{Unknown: assertions.FailUnknown})
	for _, r := range evaluator.Check(d.m.after, nil, as, "") {
		if x := at[r.Assertion.Label]; x != nil {
			x.outcome, x.flows = r.Outcome, r.Flows
		}
	}
}

func (d *drafter) cell(from, to int) evaluator.MatrixCell { return d.cells[from*len(d.units)+to] }

func (d *drafter) draft(plan string) *report.Draft {
	out := &report.Draft{Plan: plan}
	d.promise(out)
	d.forbid(out)
	d.expose(out)
	used := map[string]bool{}
	words := strings.Join(slices.Concat(out.Promises, out.Pending), " ")
	for _, e := range slices.Concat(out.Hidden, out.Silent) {
		used[e.Selector] = true
	}
	for _, o := range out.Only {
		used[o.To.Selector] = true
		for _, s := range o.From {
			used[s] = true
		}
	}
	for _, g := range d.groups {
		if used["group."+g.Name] || slices.Contains(strings.FieldsFunc(words, func(r rune) bool { return r == ' ' || r == ':' }), g.Name) {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

// A flowProposal is one port of one pair of units.
type flowProposal struct {
	proposal
	from, to string // words of the arrow
	port     string
	n        int // pairs in the order of the units
	instead  *flowProposal
}

func arrowProposal(n int, from, to, port string) *flowProposal {
	arrow := fmt.Sprintf("%s -> %s:%s", from, to, port)
	return &flowProposal{proposal: proposal{text: "flows %q {\n must_succeed = [" + escaped(arrow) + "]\n}"}, from: from, to: to, port: port, n: n}
}

// escaped is a text as an HCL string within a format.
func escaped(text string) string { return strings.ReplaceAll(fmt.Sprintf("%q", text), "%", "%%") }

// promise adds what gets through between units, and out to the internet.
func (d *drafter) promise(out *report.Draft) {
	var all []*flowProposal
	wide := func(from, to unit) { out.Wide = append(out.Wide, from.word+" -> "+to.word) }
	for i, from := range d.units {
		for k, to := range d.units {
			c := d.cell(i, k)
			if from.isInternet() && !to.balancer || c.Pairs.Total() == 0 {
				continue
			}
			n := i*len(d.units) + k
			certain, isWide := d.narrow(c.Allowed, to.isInternet())
			may, _ := d.narrow(c.Undecided, to.isInternet())
			if isWide && !to.isInternet() {
				wide(from, to)
			}
			for _, port := range slices.Concat(certain, may) {
				x := arrowProposal(n, from.word, to.word, port)
				if to.isInternet() { // IPv6 may be missing
					x.instead = arrowProposal(n, from.word, "internet.v4", port)
				}
				all = append(all, x)
			}
		}
	}
	var ps []*proposal
	for _, x := range all {
		ps = append(ps, &x.proposal)
		if x.instead != nil {
			ps = append(ps, &x.instead.proposal)
		}
	}
	d.check(ps)
	var holds, pending []*flowProposal
	for _, x := range all {
		if x.instead != nil && x.outcome != evaluator.Pass && x.instead.outcome != evaluator.Fail {
			x = x.instead
		}
		switch x.outcome {
		case evaluator.Pass:
			holds = append(holds, x)
		case evaluator.OutcomeUnknown:
			pending = append(pending, x)
		case evaluator.Fail, evaluator.Waived, evaluator.Skipped:
		}
	}
	out.Promises, out.Pending = arrows(holds), arrows(pending)
}

// arrows joins the ports of the same ends.
func arrows(xs []*flowProposal) []string {
	var out []string
	for len(xs) > 0 {
		n := slices.IndexFunc(xs, func(x *flowProposal) bool { return x.n != xs[0].n || x.to != xs[0].to })
		if n < 0 {
			n = len(xs)
		}
		var ports []string
		for _, x := range xs[:n] {
			ports = append(ports, x.port)
		}
		out = append(out, fmt.Sprintf("%s -> %s:%s", xs[0].from, xs[0].to, strings.Join(ports, ",")))
		xs = xs[n:]
	}
	return out
}

// portNames are the services that read better than their ports.
var portNames = map[uint16]string{22: "ssh", 80: "http", 443: "https", 3306: "mysql", 3389: "rdp", 5432: "postgres", 6379: "redis"}

// maxPorts is how many ports a range has that somebody would promise, and
// maxPieces how many such ranges between two units.
const maxPorts, maxPieces = 200, 12

// narrow is the ports of a set that one would write down, and whether there is
// much more. Of what may go out to the internet, HTTPS is enough.
func (d *drafter) narrow(s evaluator.Set, out bool) (ports []string, wide bool) {
	t := headerspace.Traffic{}
	for _, c := range s {
		t = t.Union(c.Traffic)
	}
	for _, p := range []headerspace.Proto{headerspace.TCP, headerspace.UDP} {
		for _, r := range t.PortRanges(p) {
			lo, hi := r[0], r[1]
			if int(hi)-int(lo) >= maxPorts {
				wide = true
				if !out || p != headerspace.TCP || lo > 443 || hi < 443 {
					continue
				}
				lo, hi = 443, 443
			}
			if !d.isSecret(headerspace.Ports(p, lo, hi)) {
				ports = append(ports, portText(p, lo, hi))
			}
		}
	}
	if len(ports) > maxPieces {
		return nil, true
	}
	return ports, wide
}

// isSecret reports whether ports end where those of a sensitive rule do.
func (d *drafter) isSecret(t headerspace.Traffic) bool {
	return slices.ContainsFunc(d.m.inventory.Network.SensitiveTraffic, func(s headerspace.Traffic) bool {
		return t.HasEdgeOf(s, headerspace.All())
	})
}

func portText(p headerspace.Proto, lo, hi uint16) string {
	text := fmt.Sprint(lo)
	if lo != hi {
		text = fmt.Sprintf("%d-%d", lo, hi)
	}
	if p != headerspace.TCP {
		return p.String() + "/" + text
	}
	if lo == hi {
		return cmp.Or(portNames[lo], text)
	}
	return text
}

// forbid adds what does not get through.
func (d *drafter) forbid(out *report.Draft) {
	type forbidden struct {
		proposal
		unit unit
		from []string
	}
	var hidden, silent, only []*forbidden
	for k, u := range d.units {
		if u.isInternet() {
			continue
		}
		block := func(from, to string) proposal {
			return proposal{text: "must_not_reach %q {\n from = [" + from + "]\n to = [" + to + "]\n}"}
		}
		in, away := d.cell(0, k), d.cell(k, 0)
		if len(in.Allowed) == 0 {
			hidden = append(hidden, &forbidden{block("internet", escapedSelector(u)), u, nil})
		}
		if len(away.Allowed) == 0 {
			silent = append(silent, &forbidden{block(escapedSelector(u), "internet"), u, nil})
		}
		var sources []string
		certain := false
		for i, from := range d.units {
			if c := d.cell(i, k); len(c.Allowed)+len(c.Undecided) > 0 && !from.isInternet() {
				sources = append(sources, from.selector)
				certain = certain || len(c.Allowed) > 0
			}
		}
		if len(in.Allowed) == 0 && certain && len(sources) <= len(d.units)/2 {
			text := strings.ReplaceAll(strings.Join(sources, ", "), "%", "%%")
			only = append(only, &forbidden{proposal{text: "only %q {\n from = [" + text + "]\n to = [" + escapedSelector(u) + "]\n}"}, u, sources})
		}
	}
	var ps []*proposal
	for _, x := range slices.Concat(hidden, silent, only) {
		ps = append(ps, &x.proposal)
	}
	d.check(ps)
	kept := func(xs []*forbidden) []report.DraftEnd {
		var ends []report.DraftEnd
		for _, x := range xs {
			if x.outcome == evaluator.Pass || x.outcome == evaluator.OutcomeUnknown {
				ends = append(ends, report.DraftEnd{Selector: x.unit.selector, Open: x.outcome == evaluator.OutcomeUnknown})
			}
		}
		return ends
	}
	out.Hidden, out.Silent = kept(hidden), kept(silent)
	for _, x := range only {
		for _, e := range kept([]*forbidden{x}) {
			out.Only = append(out.Only, report.DraftOnly{To: e, Name: x.unit.word, From: x.from})
		}
	}
}

func escapedSelector(u unit) string { return strings.ReplaceAll(u.selector, "%", "%%") }

// expose adds what the internet reaches beside load balancers.
func (d *drafter) expose(out *report.Draft) {
	for k, u := range d.units {
		c := d.cell(0, k)
		if u.isInternet() || u.balancer || len(c.Allowed) == 0 {
			continue
		}
		for _, clause := range c.Allowed {
			out.Exposed = append(out.Exposed, report.DraftExposure{
				To: u.word, Passes: clause, Rule: d.admits(u, clause.Traffic),
			})
		}
	}
}

// admits is the rule that lets the internet in.
func (d *drafter) admits(u unit, t headerspace.Traffic) netmodel.Origin {
	a := assertions.Assertion{
		ID: "q", Verb: assertions.MustNotReach, Severity: assertions.Error, Unknown: assertions.FailUnknown, Traffic: t,
		From: assertions.Side{Ends: []assertions.End{{Kind: assertions.InternetEnd, V4: true, V6: true}}},
		To:   assertions.Side{Ends: []assertions.End{{Kind: assertions.EndpointEnd, Endpoint: u.members[0]}}},
	}
	for _, f := range evaluator.Check(d.m.after, nil, []assertions.Assertion{a}, "")[0].Flows {
		for _, h := range f.Forward {
			if h.Kind == evaluator.SecurityGroup && h.Direction == netmodel.Ingress && h.Result == evaluator.HopPass {
				return h.Origin
			}
		}
	}
	return netmodel.Origin{}
}
