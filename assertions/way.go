package assertions

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// notPassed are way types by which no packet can be told to go: what they say is
// part of something else, or planreach does not model them as steps of a way.
var notPassed = map[string]string{
	"aws_route":                   "is a line of a route table. Name the table.",
	"aws_eip":                     "is an address. Name what has it.",
	"aws_ec2_managed_prefix_list": "is a list of addresses; packets do not pass it.",
	"aws_customer_gateway":        "lies outside of what is followed. Name the VPN gateway or the attachment.",
	"aws_vpn_connection":          "lies outside of what is followed. Name the VPN gateway or the attachment.",
	"aws_vpc_endpoint_service":    "is offered by load balancers. Name a load balancer, or an endpoint.",
	"aws_dx_gateway":              "lies outside of what is followed. Name the VPN gateway or the attachment.",
}

// waypoints reads through, avoid and unless_through.
func (in *instance) waypoints(st *statement, ctx *hcl.EvalContext, a *Assertion, skipEmpty bool) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for name, to := range map[string]*[]Waypoint{"through": &a.Through, "avoid": &a.Avoid, "unless_through": &a.UnlessThrough} {
		arg := st.args[name]
		if arg == nil {
			continue
		}
		list, more := in.selectors(arg.Expr, ctx)
		diags = append(diags, more...)
		*to, more = in.waypointsOf(list, skipEmpty)
		diags = append(diags, more...)
	}
	return diags
}

// waypointsOf is one waypoint for each selector.
func (in *instance) waypointsOf(list []written, skipEmpty bool) ([]Waypoint, hcl.Diagnostics) {
	var out []Waypoint
	var diags hcl.Diagnostics
	for _, w := range list {
		if f := in.noWaypoint(w); f != nil {
			diags = diags.Append(w.diagnostic(f))
			continue
		}
		if in.world == nil {
			continue
		}
		objects, more := in.passed(w, skipEmpty)
		diags = append(diags, more...)
		switch {
		case len(objects) > 0:
			out = append(out, Waypoint{w.text, objects})
		case !skipEmpty && !more.HasErrors():
			diags = diags.Append(problem(w.rng, "Nothing selected", "%s%s", in.emptiness(w), nothing))
		}
	}
	return out, diags
}

// noWaypoint says why a selector cannot be on the way between two ends.
func (in *instance) noWaypoint(w written) *flaw {
	const how = " Name a gateway, a route table, a network ACL, a load balancer or an instance that forwards."
	switch s := w.what.(type) {
	case internetSelector, prefixSelector, anySelector:
		return flawed("Not on the way", "Packets begin and end at %s; they do not pass it.%s", w.text, how)
	case quantifiedSelector:
		return flawed("Quantifier inside a list", "all(…) and any(…) stand only at the top of from and to.")
	case addressSelector:
		switch r := roles[s.typ]; {
		case r == vpcRole || r == subnetRole || r == groupRole:
			return flawed("Not on the way", "%s is a place, in which packets begin and end.%s", w.text, how)
		case notPassed[s.typ] != "":
			return flawed("Not on the way", "%s %s", w.text, notPassed[s.typ])
		}
	case groupSelector, tagSelector, globSelector, nameSelector, objectSelector:
	}
	return nil
}

// passed is the objects that a selector names as waypoints: gateways and the
// like, or endpoints that forward.
func (in *instance) passed(w written, skipEmpty bool) ([]netmodel.Address, hcl.Diagnostics) {
	var matches func(address) bool
	switch s := w.what.(type) {
	case addressSelector:
		abs := s.in(in.at)
		isEndpoint := func(e endpoint) bool { return abs.picks(e.at) }
		if s.typ == "" || roles[s.typ] != wayRole && slices.ContainsFunc(in.world.endpoints, isEndpoint) {
			return in.passedEnds(w, skipEmpty)
		}
		matches = abs.picks
		if s.typ != "" && !slices.ContainsFunc(in.world.instances, abs.picks) {
			return nil, in.missing(s.address, w)
		}
	case globSelector:
		matches = func(x address) bool {
			at := in.at
			if s.root {
				at = nil
			}
			r, ok := relative(x, at)
			return ok && s.matches(r)
		}
	default:
		return in.passedEnds(w, skipEmpty)
	}
	var out []netmodel.Address
	for _, x := range in.world.instances {
		if matches(x) && (roles[x.typ] == wayRole || in.world.isEndType(x.typ)) && notPassed[x.typ] == "" {
			out = append(out, in.world.named(netmodel.Address(x.String()))...)
		}
	}
	if s, ok := w.what.(addressSelector); ok && len(out) == 0 && s.typ != "" {
		return nil, hcl.Diagnostics{problem(w.rng, "Not on the way", "%s forwards no packets.", w.text)}
	}
	return out, nil
}

// passedEnds is endpoints as waypoints.
func (in *instance) passedEnds(w written, skipEmpty bool) ([]netmodel.Address, hcl.Diagnostics) {
	found, diags := in.lookup([]written{w}, lookupOptions{skipEmpty: skipEmpty})
	var out []netmodel.Address
	for _, e := range found.ends {
		switch {
		case e.Kind != EndpointEnd:
			diags = diags.Append(problem(w.rng, "Not on the way", "Packets begin and end at %s; they do not pass it.", e))
		case !e.Doubt.IsZero():
			diags = diags.Append(problem(w.rng, "Value not known", "Whether %s belongs to %s is known only after apply. Name it by its address.", e.Endpoint, w.text))
		default:
			out = append(out, e.Endpoint)
			out = append(out, in.world.inv.Network.Endpoint(e.Endpoint).Interfaces...)
		}
	}
	return out, diags
}

// named is the names that the network has for what a resource describes: its own
// address, and that of an object that AWS made and the resource adopts.
func (w *world) named(a netmodel.Address) []netmodel.Address {
	n, out := w.inv.Network, []netmodel.Address{a}
	also := func(x netmodel.Address, from netmodel.Origin) {
		if from.Address == a && x != a {
			out = append(out, x)
		}
	}
	for _, x := range n.RouteTables {
		also(x.Address, x.Origin)
	}
	for _, x := range n.ACLs {
		also(x.Address, x.Origin)
	}
	for _, x := range n.Middleboxes {
		also(x.Address, x.Origin)
	}
	for _, x := range slices.Sorted(maps.Keys(n.Foreign)) {
		if strings.HasPrefix(string(x), string(a)+".") {
			out = append(out, x)
		}
	}
	if e := n.Endpoint(a); e != nil {
		out = append(out, e.Interfaces...)
	}
	return out
}
