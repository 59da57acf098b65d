package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var dataSecurityGroup = &planparse.ResourceType{
	Name:    "data.aws_security_group",
	Doc:     "existing group: its identity, not its rules",
	Reads:   []string{"id", "name", "vpc_id"},
	Ignores: []string{"arn", "description", "filter", "region", "tags", "timeouts"},
	Accepts: map[string][]string{"vpc_id": acceptsVPC},
	Build:   buildDataSecurityGroup,
}

// buildDataSecurityGroup leaves the rules of an existing group open, unless
// other data sources read all of them. The default group of the default VPC is
// taken as AWS makes it: the data source tells nothing else (DEF-5).
func buildDataSecurityGroup(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	vpc := n.Ref("vpc_id")
	g := hiddenGroup(r.Address, vpc, n.outside("", netmodel.UnknownSecurityGroupRules, "no data source shows the rules of the group"))
	if n.hasAllRules() {
		g.Ingress.Hidden, g.Egress.Hidden = nil, nil
	}
	b.AddGroup(g)
	if n.String("name").Or("") == "default" {
		n.joinDefaultGroup(vpc)
	}
}

// joinDefaultGroup says that the group is the default one of the VPC, if the
// plan describes the VPC.
func (n block) joinDefaultGroup(vpc netmodel.Ref) {
	id, ok := vpc.Exact()
	if !ok {
		return
	}
	for _, r := range n.b.Plan().Resources {
		switch r.TypeName() {
		case "aws_vpc", "aws_default_vpc", "data.aws_vpc":
			if r.Address == id || r.Block(n.b.World()).String("id").Or("") == string(id) {
				n.b.Alias(n.r.Address, r.Address+".default_security_group_id")
			}
		}
	}
}

// hasAllRules reports whether data sources list the rules of the group and read
// every one of them.
func (n block) hasAllRules() bool {
	id, ok := n.String("id").Get()
	if !ok {
		return false
	}
	read := map[string]bool{}
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() == dataSecurityGroupRule.Name {
			read[r.Block(n.b.World()).String("security_group_rule_id").Or("")] = true
		}
	}
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != dataSecurityGroupRules.Name {
			continue
		}
		list := newBlock(r, n.b)
		ids, more := list.Strings("ids")
		if !list.listsAllOf(id) || !more.IsZero() {
			continue
		}
		all := true
		for _, rule := range ids {
			all = all && read[rule.Or("")]
		}
		if all {
			return true
		}
	}
	return false
}

// listsAllOf reports whether the list of rules is that of one group, without
// any other restriction.
func (n block) listsAllOf(group string) bool {
	filters, more := n.Blocks("filter")
	tags, open := n.Map("tags")
	if len(filters) != 1 || !more.IsZero() || len(tags) > 0 || !open.IsZero() {
		return false
	}
	values, more := filters[0].Strings("values")
	return filters[0].String("name").Or("") == "group-id" && more.IsZero() && len(values) == 1 && values[0].Or("") == group
}

var dataSecurityGroupRules = &planparse.ResourceType{
	Name:    "data.aws_vpc_security_group_rules",
	Doc:     "tells which rules an existing group has",
	Reads:   []string{"filter", "ids", "tags"},
	Ignores: []string{"id", "region"},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		// data.aws_security_group asks for it.
		n := newBlock(r, b)
		for _, name := range []string{"filter", "ids", "tags"} {
			n.Get(name)
		}
	},
}

var dataSecurityGroupRule = &planparse.ResourceType{
	Name: "data.aws_vpc_security_group_rule",
	Doc:  "one rule of an existing group",
	Reads: []string{
		"cidr_ipv4", "cidr_ipv6", "from_port", "ip_protocol", "is_egress", "prefix_list_id", "referenced_security_group_id",
		"security_group_id", "to_port", "security_group_rule_id",
	},
	Ignores: []string{"arn", "description", "filter", "id", "region", "tags"},
	Accepts: map[string][]string{
		"security_group_id": acceptsGroup, "referenced_security_group_id": acceptsGroup, "prefix_list_id": acceptsPrefixList,
	},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		n.Get("security_group_rule_id")
		egress := n.Bool("is_egress")
		if egress.IsOpen() {
			return // its group is not known either
		}
		d := netmodel.Ingress
		if egress.Or(false) {
			d = netmodel.Egress
		}
		for _, rule := range singleRule(n.Block, b) {
			b.AddGroupRule(n.Ref("security_group_id"), d, rule)
		}
	},
}
