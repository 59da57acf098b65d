package netmodel

// A Peering connects two VPCs (PCX-1).
type Peering struct {
	Address Address
	// Requester and Accepter are its VPCs.
	Requester, Accepter Ref
	// Active says whether it is requested and accepted.
	Active Truth
	// SameRegion says whether group references work across it (SG-14).
	SameRegion Truth
	Origin     Origin
}

// A TransitGateway connects its attachments by its route tables.
type TransitGateway struct {
	Address Address
	// Referencing says whether inbound rules may name groups across it (SG-16).
	Referencing Truth
	Origin      Origin
}

// An Attachment joins a VPC to a transit gateway.
type Attachment struct {
	Address Address
	Gateway Ref
	VPC     Ref
	// Subnets are those in which the gateway has an interface, one per zone.
	Subnets Refs
	// Table is the transit table that routes what enters from the VPC; no link:
	// nothing gets on (TGW-2).
	Table Ref
	// Active says whether the attachment exists and is accepted.
	Active Truth
	// Referencing is the attachment's half of group references (SG-16).
	Referencing Truth
	// ApplianceMode: the gateway brings a flow and its replies into the VPC by one
	// subnet, whichever that is (TGW-24); else by the one in the zone that they
	// come from.
	ApplianceMode Truth
	Origin        Origin
}

// A TransitTable is a route table of a transit gateway. The targets of its
// Routes are Attachments; propagated routes are among them.
type TransitTable struct {
	Address Address
	Gateway Ref
	Routes  []Route
	Hidden  []Gap // why there may be routes that the plan does not show
	Origin  Origin
}
