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
		t, more := in.flowTraffic(f)
		diags = append(diags, more...)
		waived := WaivedFlow{Text: f.flow.String(), Traffic: t, BothWays: f.flow.op.bothWays()}
		if in.world != nil {
			from, _ := in.lookup(f.ends(f.flow.from), lookupOptions{skipEmpty: true, source: true})
			to, _ := in.lookup(f.ends(f.flow.to), lookupOptions{skipEmpty: true})
			waived.From, waived.To = from.ends, to.ends
		}
		w.Flows = append(w.Flows, waived)
	}
	return w, diags
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}
