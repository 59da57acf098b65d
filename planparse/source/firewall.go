package source

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// firewallStatus is what apply will put into firewall_status of a firewall: an
// endpoint for each of its subnets. Configurations look there for the endpoint
// of a zone. ok is false if r is no such thing.
func (w *world) firewallStatus(r *planparse.Resource, name string) (v cty.Value, ok bool) {
	if r.TypeName() != "aws_networkfirewall_firewall" || name != "firewall_status" || r.Value(planparse.After).Field(name).Kind() != planparse.Hole {
		return cty.NilVal, false
	}
	mappings := unmarked(w.filled(r, "subnet_mapping"))
	if !mappings.IsKnown() || mappings.IsNull() || !mappings.CanIterateElements() || mappings.LengthInt() == 0 {
		return cty.DynamicVal, true
	}
	var states []cty.Value
	known := true
	for it := mappings.ElementIterator(); it.Next(); {
		_, m := it.Element()
		m = unmarked(m)
		if !m.IsKnown() || m.IsNull() || !m.Type().IsObjectType() || !m.Type().HasAttribute("subnet_id") {
			return cty.DynamicVal, true
		}
		subnet, zone := unmarked(m.GetAttr("subnet_id")), cty.UnknownVal(cty.String)
		if subnet.Type() == cty.String && subnet.IsKnown() && !subnet.IsNull() {
			zone = w.zoneOf(subnet.AsString())
		}
		known = known && zone.IsKnown() && subnet.IsKnown()
		id := planparse.Identity{Address: r.Address, Attr: fmt.Sprintf("subnet_mapping[%d].endpoint_id", len(states))}
		states = append(states, cty.ObjectVal(map[string]cty.Value{
			"availability_zone": zone,
			"attachment": cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{
				"endpoint_id": w.useSymbol(id, r.TypeName(), true), "subnet_id": subnet,
			})}),
		}))
	}
	switch {
	case known:
		w.orderMatters()
		v = cty.SetVal(states)
	case len(states) == 1:
		v = cty.TupleVal(states)
	default:
		return cty.DynamicVal, true
	}
	return cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"sync_states": v})}), true
}

// zoneOf is the zone of the subnet that a text names; unknown if the plan does not
// tell.
func (w *world) zoneOf(subnet string) cty.Value {
	s := w.symbols.bare(subnet)
	for _, r := range w.plan.Resources {
		if r.Type != "aws_subnet" && r.Type != "aws_default_subnet" {
			continue
		}
		if s != nil && s.id == (planparse.Identity{Address: r.Address, Attr: "id"}) || r.Value(planparse.After).Field("id").Text() == subnet {
			if zone := unmarked(w.filled(r, "availability_zone")); zone.IsKnown() && !zone.IsNull() && zone.Type() == cty.String && !holdsSymbol(zone.AsString()) {
				return zone
			}
		}
	}
	return cty.UnknownVal(cty.String)
}
