package assertions

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// waivers reads the waive blocks of an assertion. They may name things that no
// longer exist (L-43).
func (in *instance) waivers(st *statement, e element) ([]Waiver, hcl.Diagnostics) {
	var out []Waiver
	var diags hcl.Diagnostics
	for _, b := range st.blocks {
		body, more := in.set.read(b.Type, b.Body)
		diags = append(diags, more...)
		if more.HasErrors() {
			continue
		}
		w, more := in.waiver(body, b.DefRange, e)
		diags = append(diags, more...)
		out = append(out, w)
	}
	return out, diags
}

func (in *instance) waiver(body content, at hcl.Range, e element) (Waiver, hcl.Diagnostics) {
	w := Waiver{Range: at}
	var diags hcl.Diagnostics
	for name, to := range map[string]*string{"reason": &w.Reason, "until": &w.Until, "by": &w.By, "ticket": &w.Ticket} {
		if a := body.args[name]; a != nil {
			text, known, more := in.text(a, e.ctx)
			*to, diags = text, append(diags, more...)
			if name == "until" && known && !isDate(text) {
				diags = diags.Append(problem(a.Expr.Range(), "Not a date", `Write until = "2027-03-31".`))
			}
		}
	}
	flows, more := in.arrowList(body.args["flows"], e.ctx)
	diags = append(diags, more...)
	for _, f := range flows {
		listed, _, more := in.listed(f)
		diags = append(diags, more...)
		w.Flows = append(w.Flows, listed)
	}
	return w, diags
}

// listed is one arrow of a list of exceptions. missing are the mistakes of
// looking up its ends, which a waiver may name although they are gone.
func (in *instance) listed(f writtenFlow) (out ListedFlow, missing, diags hcl.Diagnostics) {
	t, diags := in.flowTraffic(f)
	if len(f.flow.qualifiers) > 0 {
		q := f.flow.qualifiers[0]
		diags = diags.Append(f.diagnostic(flawed("Qualifier in a list of exceptions", "Exceptions name ends and ports only.").at(q.at, q.word)))
	}
	out = ListedFlow{Text: f.flow.String(), Traffic: t, BothWays: f.flow.op.bothWays()}
	if in.world == nil {
		return out, nil, diags
	}
	from, missing := in.lookup(f.ends(f.flow.from), lookupOptions{skipEmpty: true, source: true, gateways: true})
	to, more := in.lookup(f.ends(f.flow.to), lookupOptions{skipEmpty: true, source: out.BothWays, gateways: true})
	out.From, out.To = from.ends, to.ends
	return out, append(missing, more...), diags
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}
