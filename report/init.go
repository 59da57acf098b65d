package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A Draft is an assertion file in the making: what is reachable, in the words of
// the language.
type Draft struct {
	Plan   string // as outputs call it
	Groups []DraftGroup
	// Promises are flows in arrow form that get through, and Pending those of
	// which that is not known yet.
	Promises, Pending []string
	// Hidden are the ends that the internet does not reach, Silent those that do
	// not reach the internet; as selectors.
	Hidden, Silent []DraftEnd
	Only           []DraftOnly
	// Exposed are ends that the internet reaches, and Wide flows that let so much
	// through that nobody would promise it; for comments.
	Exposed []DraftExposure
	Wide    []string
}

// A DraftGroup is a group block.
type DraftGroup struct {
	Name    string
	Members []string // selectors as they stand in HCL
}

// A DraftEnd is a selector.
type DraftEnd struct {
	Selector string // as it stands in HCL
	Open     bool   // what is said of it cannot be decided yet
}

// A DraftOnly says who reaches an end.
type DraftOnly struct {
	To   DraftEnd
	Name string // of the end, for the label
	From []string
}

// A DraftExposure is what gets through from the internet, and the rule that
// admits it.
type DraftExposure struct {
	To     string
	Passes evaluator.Clause
	Rule   netmodel.Origin
}

// IsEmpty reports whether d asserts nothing.
func (d *Draft) IsEmpty() bool {
	return len(d.Promises)+len(d.Pending)+len(d.Hidden)+len(d.Silent)+len(d.Only) == 0
}

// open is how many of some ends cannot be decided yet.
func open(ends []DraftEnd) (settled, pending []DraftEnd) {
	for _, e := range ends {
		if e.Open {
			pending = append(pending, e)
		} else {
			settled = append(settled, e)
		}
	}
	return settled, pending
}

// WriteDraft writes the file.
func WriteDraft(w io.Writer, f Facts, d *Draft) error {
	p := &draftPrinter{}
	p.line("# Written by planreach init from %s: who reaches whom at present.", d.Plan)
	p.line("# Read it, delete what is not meant, and commit the rest.")
	for _, g := range d.Groups {
		p.gap()
		p.line("group %q {", g.Name)
		p.list("members", g.Members)
		p.line("}")
	}
	if len(d.Promises) > 0 {
		p.gap()
		p.line("flows \"reachable at present\" {")
		p.quoted("must_succeed", d.Promises)
		p.line("}")
	}
	p.prohibitions(d)
	for _, o := range d.Only {
		p.only(o)
	}
	if len(d.Pending) > 0 {
		p.gap()
		p.line("# Whether these get through, the plan does not tell.")
		p.line("flows \"not known yet\" {")
		p.line("  unknown = \"warn\" # set it to \"fail\" once they are settled")
		p.quoted("must_succeed", d.Pending)
		p.line("}")
	}
	p.comments(f, d)
	_, err := io.WriteString(w, p.String())
	return err
}

type draftPrinter struct{ strings.Builder }

func (p *draftPrinter) line(format string, args ...any) {
	p.WriteString(fmt.Sprintf(format, args...) + "\n")
}

func (p *draftPrinter) gap() { p.WriteByte('\n') }

// list is an argument with selectors: one as it is, few on a line, more below
// each other.
func (p *draftPrinter) list(name string, selectors []string) {
	switch all := strings.Join(selectors, ", "); {
	case utf8.RuneCountInString(all) < 80:
		p.line("  %s = [%s]", name, all)
	default:
		p.line("  %s = [", name)
		for _, s := range selectors {
			p.line("    %s,", s)
		}
		p.line("  ]")
	}
}

func (p *draftPrinter) quoted(name string, flows []string) {
	p.line("  %s = [", name)
	for _, f := range flows {
		p.line("    %q,", f)
	}
	p.line("  ]")
}

func selectors(ends []DraftEnd) []string {
	var out []string
	for _, e := range ends {
		out = append(out, e.Selector)
	}
	return out
}

// prohibitions are those of the internet, what is not known in blocks of its own.
func (p *draftPrinter) prohibitions(d *Draft) {
	block := func(label string, from, to []string, pending bool) {
		p.gap()
		if pending {
			p.line("# Whether this holds, the plan does not tell.")
		}
		p.line("must_not_reach %q {", label)
		p.list("from", from)
		p.list("to", to)
		if pending {
			p.line("  unknown = \"warn\" # set it to \"fail\" once it is settled")
		}
		p.line("}")
	}
	settled, pending := open(d.Hidden)
	if len(settled) > 0 {
		block("not on the internet", []string{"internet"}, selectors(settled), false)
	}
	if len(pending) > 0 {
		block("perhaps not on the internet", []string{"internet"}, selectors(pending), true)
	}
	settled, pending = open(d.Silent)
	if len(settled) > 0 {
		block("no way out", selectors(settled), []string{"internet"}, false)
	}
	if len(pending) > 0 {
		block("perhaps no way out", selectors(pending), []string{"internet"}, true)
	}
}

func (p *draftPrinter) only(o DraftOnly) {
	p.gap()
	if o.To.Open {
		p.line("# Whether this holds, the plan does not tell.")
	}
	p.line("only %q {", "who reaches "+o.Name)
	p.list("from", o.From)
	p.list("to", []string{o.To.Selector})
	if o.To.Open {
		p.line("  unknown = \"warn\" # set it to \"fail\" once it is settled")
	}
	p.line("}")
}

// comments are what is reachable and is no promise.
func (p *draftPrinter) comments(f Facts, d *Draft) {
	if len(d.Exposed) > 0 {
		p.gap()
		p.line("# Reachable from the internet at present. Is this meant?")
		var rows [][]string
		for _, e := range d.Exposed {
			file, line := f.position(e.Rule)
			from := "internet"
			if e.Passes.From != nil {
				from = listed("any from " + f.addresses(e.Passes.From, theInternet))[len("any from "):]
			}
			flow := from + " -> " + e.To + ":" + short(f.traffic(e.Passes.Traffic, headerspace.All()))
			rows = append(rows, []string{"#   " + flow, string(e.Rule.Address), place(file, line)})
		}
		for _, l := range columns(rows) {
			p.line("%s", l)
		}
	}
	if len(d.Wide) > 0 {
		p.gap()
		p.line("# Much gets through here, and nothing of it is promised above.")
		for _, flow := range d.Wide {
			p.line("#   %s", flow)
		}
	}
}
