package assertions

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// A group is a group block as it is read in one module instance.
type group struct {
	*statement
	parts     []written // the union of these
	excluded  []written
	skipEmpty bool
	diags     hcl.Diagnostics // of reading it

	done  bool // members were looked up
	found selection
	more  hcl.Diagnostics // of looking them up
}

// group reads a group; nil if the scope has none of the name.
func (in *instance) group(name string) *group {
	st := in.scope.groups[name]
	if st == nil {
		return nil
	}
	if g := in.groups[name]; g != nil {
		return g
	}
	g := &group{statement: st}
	in.groups[name] = g
	if st.broken() {
		g.diags = st.errors
		return g
	}
	read := func(arg string, to *[]written) {
		if a := st.args[arg]; a != nil {
			list, diags := in.selectors(a.Expr, in.ctx)
			*to, g.diags = append(*to, list...), append(g.diags, diags...)
		}
	}
	read("members", &g.parts)
	read("where", &g.parts)
	read("exclude", &g.excluded)
	if a := st.args["within"]; a != nil {
		places, diags := in.selectors(a.Expr, in.ctx)
		g.diags = append(g.diags, diags...)
		g.parts = append(g.parts, written{objectSelector{within: places}, literal{text: in.set.source(a.Expr.Range()), rng: a.Expr.Range()}})
	}
	in.readCIDRs(g)
	in.readAttachment(g)
	if len(g.parts) == 0 && !g.diags.HasErrors() && in.world != nil {
		g.diags = g.diags.Append(problem(st.rng, "Empty group", "A group needs members, where, within or cidrs."))
	}
	i, diags := in.word(st.args["empty"], in.ctx, "error", "skip")
	g.diags = append(g.diags, diags...)
	g.skipEmpty = i == 1 || i < 0 && in.base.skipEmpty
	return g
}

func (in *instance) readCIDRs(g *group) {
	a := g.args["cidrs"]
	if a == nil {
		return
	}
	list, diags := in.selectors(a.Expr, in.ctx)
	g.diags = append(g.diags, diags...)
	for _, w := range list {
		if _, ok := w.what.(prefixSelector); !ok {
			g.diags = g.diags.Append(problem(w.rng, "Not an address range", "cidrs takes addresses and CIDRs such as 10.0.0.0/16."))
			continue
		}
		g.parts = append(g.parts, w)
	}
}

// attachments are the types of what brings packets of a range outside.
var attachments = []string{"aws_vpn_gateway", "aws_ec2_transit_gateway", "aws_ec2_transit_gateway_vpc_attachment", "aws_vpc_peering_connection", "aws_dx_gateway"}

// readAttachment reads attached_to (L-60). A public range arrives from the internet
// and a private one does not; by which of the plan's attachments a private one
// arrives is what the network says, so what is named has to be there.
func (in *instance) readAttachment(g *group) {
	a := g.args["attached_to"]
	if a == nil {
		return
	}
	list, diags := in.selectors(a.Expr, in.ctx)
	g.diags = append(g.diags, diags...)
	online := false
	for _, w := range list {
		switch s := w.what.(type) {
		case internetSelector:
			online = online || s.v4 && s.v6
		case addressSelector:
			if !slices.Contains(attachments, s.typ) {
				g.diags = g.diags.Append(problem(w.rng, "Not an attachment", "%s brings no packets from outside. Name internet, or a VPN, transit, peering or Direct Connect gateway.", w.text))
			} else if in.world != nil && !slices.ContainsFunc(in.world.instances, s.in(in.at).picks) {
				g.diags = append(g.diags, in.missing(s.address, w)...)
			}
		default:
			g.diags = g.diags.Append(problem(w.rng, "Not an attachment", "attached_to takes internet, and the addresses of VPN, transit, peering and Direct Connect gateways."))
		}
	}
	for _, w := range g.parts {
		p, ok := w.what.(prefixSelector)
		switch {
		case !ok || len(list) == 0:
		case isPublic(p.prefix) && !online:
			g.diags = g.diags.Append(problem(w.rng, "Not supported yet", "%s is public, and attached_to says that its packets do not arrive from the internet. Nothing was checked for the assertions that use this group.", p.prefix))
		case !isPublic(p.prefix) && online && len(list) == 1:
			g.diags = g.diags.Append(problem(w.rng, "Not on the internet", "%s is not a public range, so its packets do not arrive from the internet.", p.prefix))
		}
	}
}

// members is the ends of a group.
func (in *instance) members(name string) (selection, hcl.Diagnostics) {
	g := in.group(name)
	if g.done || g.broken() {
		return g.found, append(slices.Clone(g.diags), g.more...)
	}
	g.done = true // a cycle was reported when the set was read; it ends here
	if g.diags.HasErrors() {
		return g.found, g.diags
	}
	g.found, g.more = in.lookup(g.parts, lookupOptions{skipEmpty: g.skipEmpty})
	for _, w := range g.excluded {
		out, diags := in.lookup([]written{w}, lookupOptions{skipEmpty: true})
		g.more = append(g.more, diags...)
		rest, hit := without(g.found.ends, out.ends)
		if !hit && !diags.HasErrors() {
			g.more = g.more.Append(warning(w.rng, "Exclusion matches nothing", "group.%s does not contain %s.", name, w.text))
		}
		g.found.ends = rest
	}
	return g.found, append(slices.Clone(g.diags), g.more...)
}

// cycles reports groups that contain each other, and marks them as broken.
func (in *instance) cycles() hcl.Diagnostics {
	var diags hcl.Diagnostics
	var path []string
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if i := slices.Index(path, name); i >= 0 {
			diags = append(diags, in.cycle(path[i:])...)
			return
		}
		g := in.group(name)
		if g == nil || seen[name] {
			return
		}
		path = append(path, name)
		for _, w := range slices.Concat(g.parts, g.excluded) {
			switch s := w.what.(type) {
			case groupSelector:
				visit(s.name)
			case nameSelector:
				visit(s.name)
			default:
			}
		}
		path = path[:len(path)-1]
		seen[name] = true
	}
	for _, name := range sortedKeys(in.scope.groups) {
		visit(name)
	}
	return diags
}

func (in *instance) cycle(names []string) hcl.Diagnostics {
	detail := ""
	for i, name := range names {
		if i > 0 {
			detail += ", "
		}
		detail += name + " contains " + names[(i+1)%len(names)]
	}
	diags := hcl.Diagnostics{problem(in.scope.groups[names[0]].rng, "Groups contain each other", "%s.", detail)}
	for _, name := range names {
		in.scope.groups[name].fail(diags)
	}
	return diags
}

// memberships is the names of the groups of this scope that each endpoint is
// in, for certain or not.
func (in *instance) memberships() map[netmodel.Address][]string {
	out := map[netmodel.Address][]string{}
	for _, name := range sortedKeys(in.scope.groups) {
		found, _ := in.members(name)
		for _, e := range found.ends {
			if e.Kind == EndpointEnd {
				out[e.Endpoint] = append(out[e.Endpoint], name)
			}
		}
	}
	return out
}
