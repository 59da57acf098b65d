// Package planparse reads Terraform plans and states, keeps what bears on the
// network, and hands each resource to the model of its type. It knows the plan
// format; what a type means is in planparse/aws, and what is known only after
// apply is settled by a Resolver such as planparse/source.
package planparse

import (
	"github.com/planreach/planreach/netmodel"
)

// A ResourceType is the model of one Terraform resource type, or of a data
// source.
type ResourceType struct {
	Name string // "aws_subnet", "data.aws_subnet"
	Doc  string // what it means in the network, one phrase
	// Reads are the top-level arguments that Build looks at, Ignores those that
	// are known to move no packet. An argument in neither list that is set makes
	// docs and coverage say "partly".
	Reads, Ignores []string
	// IgnoresRest: the arguments in neither list are known to move no packet.
	IgnoresRest bool
	// Build adds what r says to the network.
	Build func(r *Resource, b *Builder)

	// Identities are the attributes that name an object of this type, besides
	// id and arn: they become symbols while the plan leaves them open. One in a
	// nested block is given by its path: "vpc_config.cluster_security_group_id".
	Identities []string
	// Addresses are those among the attributes that hold an IPv4 address of an
	// object of this type: private_ip, public_ip. They become symbols as Identities
	// do, but may be equal to any other text.
	Addresses []string
	// Aliases maps an attribute to the one whose value it shares:
	// aws_eip.allocation_id to id.
	Aliases map[string]string
	// Sets are the paths of set-valued arguments and set blocks, without
	// indexes: "vpc_security_group_ids", "ingress", "ingress.security_groups".
	Sets []string
	// Accepts maps an argument, by its path without indexes, to the resource
	// types whose objects it may name.
	Accepts map[string][]string
	// StaleBlocks are Optional and Computed arguments that keep their prior
	// value while the configuration does not set them.
	StaleBlocks []string
	// Suppressed are arguments that mean nothing for some of the objects, of which
	// the provider then plans something else than is configured.
	Suppressed []string
}

// A Resolver settles values that are known only after apply.
type Resolver interface {
	// Settle is r's value after the plan, with every Hole that can be settled
	// filled in and every other one explained by its Leaf.
	Settle(r *Resource) Value
}

// A Configurer knows from the sources what a resource block sets.
type Configurer interface {
	// Configured reports whether r's resource block sets the argument or block
	// called name, dynamic blocks included; ok is false if that is not known.
	Configured(r *Resource, name string) (set, ok bool)
}

// A Positioner finds facts in the source files.
type Positioner interface {
	// Position is the place that says o: file relative to the root module's
	// directory, with slashes, and line from 1; empty and 0 if not known. For
	// code outside the repository it is that of the module call.
	Position(o netmodel.Origin) (file string, line int)
}
