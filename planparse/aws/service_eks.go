package aws

import (
	"github.com/planreach/planreach/netmodel"
)

// clusterGroup is the name of the group that EKS makes for a cluster.
func clusterGroup(cluster netmodel.Address) netmodel.Address {
	return cluster + ".vpc_config[0].cluster_security_group_id"
}

// addClusterGroup adds the group that EKS makes for a cluster (SVC-10, TFI-5).
func addClusterGroup(n block) {
	address := clusterGroup(n.r.Address)
	configs, _ := n.Blocks("vpc_config")
	for _, c := range configs {
		alias(n.b, c, "cluster_security_group_id", address)
	}
	o := netmodel.Origin{Address: n.r.Address, Path: "vpc_config[0].cluster_security_group_id"}
	self := netmodel.Peer{Kind: netmodel.PeerGroup, Ref: netmodel.To(address)}
	g := &netmodel.Group{Address: address, Origin: o, Notes: assumedIfExisting(n.r, n.b),
		Ingress: netmodel.Filter{Default: netmodel.Deny, Stateful: true, Rules: []netmodel.Rule{permitAll(0, self, o)}},
		Egress:  netmodel.Filter{Default: netmodel.Deny, Stateful: true, Rules: []netmodel.Rule{permitAll(0, netmodel.InPrefix(anywhere4), o)}},
	}
	n.b.AddGroup(g)
	n.b.Later(func() {
		subnets := n.refsAt(n.Block, "vpc_config.subnet_ids")
		g.VPC = netmodel.Unsettled(subnets.More)
		for _, s := range subnets.Links {
			if g.VPC = overSubnets(n.b, s, func(s *netmodel.Subnet) netmodel.Ref { return s.VPC }); g.VPC.IsSettled() {
				return
			}
		}
	})
}

// dressCluster gives an interface of a cluster its groups: that of the cluster
// and those given (SVC-9). The public endpoint of its API, which is on unless
// switched off, is none of its interfaces.
func dressCluster(n block, e *netmodel.Endpoint, x *netmodel.Interface) {
	configs, _ := n.Blocks("vpc_config")
	for _, c := range configs {
		if e.More.IsZero() && !c.Truth("endpoint_public_access", true).IsFalse() {
			e.MoreReceives = true
			e.More = netmodel.Gap{Origin: c.Origin("endpoint_public_access"), Why: netmodel.NotModelled,
				Code: netmodel.UnsupportedResourceType, Detail: "the public endpoint of a cluster is not modelled"}
		}
	}
	x.Groups.Links = append([]netmodel.Ref{netmodel.To(clusterGroup(n.r.Address))}, x.Groups.Links...)
}

// dressNodes gives an interface of nodes the groups of their launch template, or
// else the group of the cluster.
func dressNodes(n block, e *netmodel.Endpoint, x *netmodel.Interface) {
	if t, ok := n.launchTemplate(); ok {
		n.dressFrom(e, x, &t, func() { x.Groups = n.groupOfCluster() })
		return
	}
	x.Groups = n.groupOfCluster()
	remote, more := n.Blocks("remote_access")
	switch {
	case len(remote) > 0:
		x.Groups.More = netmodel.Gap{Origin: n.Origin("remote_access"), Why: netmodel.OutsidePlan,
			Code: netmodel.UnknownSecurityGroupRules, Detail: "EKS makes a further group for remote access"}
	case !more.IsZero() && !n.unset("remote_access"):
		x.Groups.More = more
	}
}

// dressFargate gives an interface of pods the group of the cluster.
func dressFargate(n block, _ *netmodel.Endpoint, x *netmodel.Interface) {
	x.Groups = n.groupOfCluster()
}

// groupOfCluster is the group of the cluster that n belongs to.
func (n block) groupOfCluster() netmodel.Refs {
	cluster, gap := n.named(n.Block, "cluster_name", "aws_eks_cluster")
	if cluster == nil {
		return netmodel.Refs{More: gap}
	}
	return netmodel.Refs{Links: []netmodel.Ref{netmodel.To(clusterGroup(cluster.Address))}}
}
