package aws

import (
	"fmt"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var networkFirewall = &planparse.ResourceType{
	Name:  "aws_networkfirewall_firewall",
	Doc:   "firewall with an endpoint in each of its subnets, to which routes lead",
	Reads: []string{"firewall_policy_arn", "firewall_status", "subnet_mapping", "transit_gateway_id", "vpc_id"},
	Ignores: []string{
		"arn", "availability_zone_change_protection", "availability_zone_mapping", "delete_protection", "description", "enabled_analysis_types",
		"encryption_configuration", "firewall_policy_change_protection", "id", "name", "region", "subnet_change_protection", "tags", "tags_all",
		"timeouts", "transit_gateway_owner_account_id", "update_token",
	},
	Sets: []string{"firewall_status.sync_states", "subnet_mapping"},
	Accepts: map[string][]string{
		"firewall_policy_arn": acceptsFirewallPolicy, "subnet_mapping.subnet_id": acceptsSubnet, "vpc_id": acceptsVPC,
	},
	Build: buildNetworkFirewall,
}

// buildNetworkFirewall adds an endpoint for each subnet (NFW-1). A firewall that
// is attached to a transit gateway has none (NFW-2).
func buildNetworkFirewall(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	policy := n.Ref("firewall_policy_arn")
	if n.Has("transit_gateway_id") {
		n.reportFirewall("is attached to a transit gateway, and inspects what its route tables send to it")
		return
	}
	mappings, more := n.Blocks("subnet_mapping")
	if !more.IsZero() {
		n.reportFirewall("has endpoints in subnets that the plan leaves open")
	}
	var boxes []*netmodel.Middlebox
	for i, m := range mappings {
		x := &netmodel.Middlebox{Address: firewallEndpoint(r.Address, i), Kind: netmodel.FirewallEndpoint, Subnet: m.Ref("subnet_id"), Origin: n.Origin("")}
		boxes = append(boxes, x)
		b.AddMiddlebox(x)
	}
	n.nameEndpoints(boxes)
	b.Check(func() {
		p, gap := firewallPolicyAt(b, b.CanonicalRef(policy), n)
		for _, x := range boxes {
			x.Policy, x.Unknown = p, gap
		}
	})
}

// firewallEndpoint is how the network calls the endpoint of a firewall in the
// i-th of its subnets.
func firewallEndpoint(firewall netmodel.Address, i int) netmodel.Address {
	return firewall + netmodel.Address(fmt.Sprintf(".subnet_mapping[%d].endpoint_id", i))
}

// nameEndpoints makes the cloud ids of the endpoints known, by their subnets.
func (n block) nameEndpoints(boxes []*netmodel.Middlebox) {
	statuses, _ := n.Blocks("firewall_status")
	for _, s := range statuses {
		states, _ := s.Blocks("sync_states")
		for _, state := range states {
			attachments, _ := state.Blocks("attachment")
			for _, a := range attachments {
				id, known := a.String("endpoint_id").Get()
				subnet, exact := a.Ref("subnet_id").Exact()
				for _, x := range boxes {
					if own, ok := x.Subnet.Exact(); ok && known && exact && own == subnet {
						n.b.Alias(netmodel.Address(id), x.Address)
					}
				}
			}
		}
	}
}

// reportFirewall lists what of a firewall has no model.
func (n block) reportFirewall(note string) {
	n.b.Later(func() {
		n.b.AddUnmodelled(netmodel.Unmodelled{
			Address: n.r.Address, Type: n.r.TypeName(), Effect: netmodel.MayBlock, Touch: netmodel.TouchesRouted, Note: note,
			VPCs: whereIs(n.b, n.r, nil, 0), Origin: n.Origin(""),
		})
	})
}
