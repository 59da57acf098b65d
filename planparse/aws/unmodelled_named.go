package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// homes knows, of everything that the network has, which VPCs it is part of;
// none: of several, or of which is not known.
type homes map[netmodel.Address][]netmodel.Ref

// homesOf must be called from Check.
func homesOf(b *planparse.Builder) homes {
	h, n := homes{}, b.Network()
	for _, x := range n.VPCs {
		h.add(x.Address, netmodel.To(x.Address))
	}
	for _, x := range n.Subnets {
		h.add(x.Address, x.VPC)
	}
	for _, x := range n.Groups {
		h.add(x.Address, x.VPC)
	}
	for _, x := range n.ACLs {
		h.add(x.Address, x.VPC)
	}
	for _, x := range n.RouteTables {
		h.add(x.Address, x.VPC)
	}
	for _, x := range n.InternetGateways {
		h.add(x.Address, x.VPC)
	}
	for _, x := range n.EgressGateways {
		h.add(x.Address, x.VPC)
	}
	for _, x := range n.VPNGateways {
		h.add(x.Address, x.VPC)
	}
	for _, x := range n.NATGateways {
		h.add(x.Address, overSubnets(b, x.Subnet, func(s *netmodel.Subnet) netmodel.Ref { return s.VPC }))
	}
	for _, x := range n.Peerings {
		h.add(x.Address, x.Requester, x.Accepter)
	}
	for _, x := range n.TransitGateways {
		h.add(x.Address)
	}
	for _, x := range n.TransitTables {
		h.add(x.Address)
	}
	for _, x := range n.Attachments {
		h.add(x.Address)
	}
	for _, x := range n.Interfaces {
		h.add(x.Address, overSubnets(b, x.Subnet, func(s *netmodel.Subnet) netmodel.Ref { return s.VPC }))
	}
	return h
}

func (h homes) add(a netmodel.Address, vpcs ...netmodel.Ref) {
	if slices.ContainsFunc(vpcs, netmodel.Ref.IsNone) {
		vpcs = nil // of no VPC yet: it may be put into any
	}
	h[a] = vpcs
}

// A naming is what a resource names of the network.
type naming struct {
	b     *planparse.Builder
	homes homes
	self  netmodel.Address
	// deep: names inside of texts count as well.
	deep bool

	some  bool           // it names something
	alien bool           // it holds an id of something that the plan does not show
	open  bool           // it may name more
	vpcs  []netmodel.Ref // of what it names
	vast  bool           // what it names is not part of certain VPCs alone
	text  []string       // the texts that it holds: to be looked at, never to be printed
}

// where is the VPCs that a resource with these names may bear on; nil: any. What
// happens in a VPC on a transit gateway may matter to flows between others.
func (n *naming) where() []netmodel.Ref {
	if n.vast || n.open || len(n.b.Network().TransitGateways) > 0 {
		return nil
	}
	return distinct(n.vpcs)
}

// says reports whether the resource holds a text in which re occurs.
func (n *naming) says(re *regexp.Regexp) bool { return slices.ContainsFunc(n.text, re.MatchString) }

// namedID matches the ids of parts of a network, inside of other texts too.
var namedID = regexp.MustCompile(`\b(sg|vpc|subnet|rtb|acl|eni|igw|eigw|nat|pcx|i|tgw|tgw-rtb|tgw-attach)-[0-9a-f]{8,17}\b`)

func (n *naming) read(v planparse.Value) {
	switch v.Kind() {
	case planparse.String:
		n.literal(v.Text())
	case planparse.List:
		for _, e := range v.Elements() {
			n.read(e)
		}
	case planparse.Object:
		for _, name := range v.FieldNames() {
			n.read(v.Field(name))
		}
	case planparse.Hole:
		n.hole(v.Leaf())
	case planparse.Absent, planparse.Null, planparse.Number, planparse.Bool:
	}
}

func (n *naming) literal(text string) {
	n.text = append(n.text, text)
	for _, id := range namedID.FindAllString(text, -1) {
		if n.deep || id == text {
			n.object(netmodel.Address(id), true)
		}
	}
}

func (n *naming) hole(l *planparse.Leaf) {
	if l == nil {
		n.open = true
		return
	}
	switch l.Kind {
	case planparse.Exact:
		_, whole := l.Term.Identity()
		for _, part := range l.Term {
			switch {
			case part.Identity.Address == "":
				n.literal(part.Literal)
			case whole || n.deep:
				n.object(planparse.ObjectAddress(part.Identity), true)
			}
		}
	case planparse.Candidates:
		for _, id := range l.Among {
			n.object(planparse.ObjectAddress(id), l.Closed)
		}
		n.open = n.open || !l.Closed && l.Reason != planparse.NoSources
	case planparse.Unknown:
		// What a provider computes names nothing: an id would be an identity.
		n.open = n.open || !l.Unset && l.Reason != planparse.NotIdentity
	}
}

// object notes the object at a, if the network has one.
func (n *naming) object(a netmodel.Address, certain bool) {
	a = n.b.Canonical(a)
	vpcs, ok := n.homes[a]
	if r := n.b.Resource(a); !ok && n.deep && r != nil && r.TypeName() == instance.Name {
		vpcs, ok = n.homes[n.b.Canonical(a+".primary_network_interface_id")]
	}
	if !ok || a == n.self {
		n.alien = n.alien || namedID.MatchString(string(a))
		return
	}
	n.some, n.vpcs = true, append(n.vpcs, vpcs...)
	n.vast = n.vast || len(vpcs) == 0 || !certain
}

// A maker is a resource that makes others, which the plan does not show.
//
// What it makes can bear only on what it names: by ids in its arguments, or in
// a text among them. A stack may also look ids up, and name a group of the
// default VPC by the group's name. An id that the plan does not know may still
// be of what it bears on.
type maker struct {
	*naming
	typeName string
}

// makers are the types, and beginnings of types, of resources that make others.
var makers = []string{
	"aws_cloudcontrolapi_resource", "aws_cloudformation_stack", "aws_servicecatalog_provisioned_product",
	"aws_serverlessapplicationrepository_cloudformation_stack",
	"awscc_cloudformation_stack", "awscc_directconnect_", "awscc_ec2_", "awscc_elasticloadbalancing", "awscc_globalaccelerator_",
	"awscc_networkfirewall_", "awscc_networkmanager_", "awscc_odb_", "awscc_servicecatalog_cloud", "awscc_vpclattice_",
}

func isMaker(typeName string) bool {
	return slices.ContainsFunc(makers, func(prefix string) bool { return strings.HasPrefix(typeName, prefix) })
}

// What the texts of makers, and the types of their own, say.
var (
	network    = regexp.MustCompile(`AWS::(EC2|ElasticLoadBalancing|NetworkFirewall|NetworkManager|VpcLattice)|^awscc_`)
	lookUp     = regexp.MustCompile(`ImportValue|\{\{resolve:|AWS::SSM::Parameter|Transform|AWS::CloudFormation::`)
	byName     = regexp.MustCompile(`SecurityGroupIngress|Transform|AWS::CloudFormation::`)
	accountBPA = regexp.MustCompile(`VPCBlockPublicAccessOptions|awscc_ec2_vpc_block_public_access_options`)
)

// looksUp reports whether it may find out ids that it does not name.
func (m *maker) looksUp() bool { return m.says(network) && m.says(lookUp) }

// reachesDefault reports whether it may bear on the default VPC without naming
// anything of it. Of a stack whose template is elsewhere nothing is known.
func (m *maker) reachesDefault(r planparse.Value) bool {
	switch {
	case m.typeName == "awscc_ec2_security_group_ingress" || m.says(byName):
		return true
	case m.typeName == "aws_cloudcontrolapi_resource" || strings.HasPrefix(m.typeName, "awscc_ec2_"):
		return false
	}
	t := r.Field("template_body")
	return t.Kind() != planparse.String && (t.Kind() != planparse.Hole || t.Leaf().Kind != planparse.Exact)
}

// reportMaker lists r, whose effects are as wide as what it names.
func reportMaker(b *planparse.Builder, h homes, r *planparse.Resource) {
	v := r.Value(b.World())
	m := &maker{&naming{b: b, homes: h, self: r.Address, deep: true, text: []string{r.Type}}, r.Type}
	m.read(v)
	x := netmodel.Unmodelled{
		Address: r.Address, Type: r.Type, Effect: netmodel.MayDoBoth, Touch: netmodel.TouchesAll,
		Note: "makes what the plan does not show", Origin: netmodel.Origin{Address: r.Address},
	}
	var defaults []netmodel.Ref
	if m.reachesDefault(v) {
		defaults = defaultVPCs(b)
	}
	switch {
	case m.some || m.open:
		if x.VPCs = m.where(); len(x.VPCs) > 0 {
			x.VPCs = distinct(append(x.VPCs, defaults...))
		}
	case m.looksUp() || m.alien && m.says(network):
	case m.says(accountBPA):
		x.Effect, x.Touch = netmodel.MayBlock, netmodel.TouchesInternet
	case len(defaults) > 0:
		x.VPCs = defaults
	default:
		x.Touch, x.Note = netmodel.TouchesEnds, x.Note+"; it names nothing of the network"
	}
	b.AddUnmodelled(x)
}

// defaultVPCs are the default VPCs of the network.
func defaultVPCs(b *planparse.Builder) []netmodel.Ref {
	var out []netmodel.Ref
	for _, v := range b.Network().VPCs {
		r := b.Resource(v.Address)
		if strings.HasPrefix(string(v.Address), "default_vpc") || r != nil && isDefaultVPC(r, b.World()) {
			out = append(out, netmodel.To(v.Address))
		}
	}
	return out
}

// reportNaming lists r, of which nothing is known, if it names an object of the
// network under a name that does not say what for: a rule names its group, and
// what has interfaces names its own.
func reportNaming(b *planparse.Builder, h homes, r *planparse.Resource, x netmodel.Unmodelled) {
	n := &naming{b: b, homes: h, self: r.Address}
	n.readStrange(r.Value(b.World()))
	switch where := n.where(); {
	case !n.some:
	case x.Touch != 0 && (len(where) == 0 || len(x.VPCs) == 0):
		x.Touch, x.VPCs = netmodel.TouchesAll, nil
	default:
		x.Touch, x.VPCs = netmodel.TouchesAll, distinct(append(where, x.VPCs...))
	}
	if x.Touch != 0 {
		b.AddUnmodelled(x)
	}
}

// readStrange is read without the arguments that mentions knows.
func (n *naming) readStrange(v planparse.Value) {
	for _, e := range v.Elements() {
		n.readStrange(e)
	}
	if v.Kind() == planparse.String || v.Kind() == planparse.Hole {
		n.read(v)
	}
	for _, name := range v.FieldNames() {
		if is := mentionKinds[name]; is == 0 || is == otherMention {
			n.readStrange(v.Field(name))
		}
	}
}
