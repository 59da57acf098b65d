// Package aws is the model of the Terraform AWS provider: what each resource
// type means in the network. One file holds one type, or a tight family.
package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// Types are the resource types and data sources that have a model.
var Types = []*planparse.ResourceType{
	vpc,
	subnet,
}

// Network is the network that p describes in world w.
func Network(p *planparse.Plan, w planparse.World) *netmodel.Network {
	return planparse.Build(p, Types, w, nil)
}
