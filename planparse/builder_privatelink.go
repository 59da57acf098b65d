package planparse

import "github.com/planreach/planreach/netmodel"

// AddServiceEndpoint adds what a VPC endpoint with interfaces leads to.
func (b *Builder) AddServiceEndpoint(x *netmodel.ServiceEndpoint) {
	b.ranks[x] = b.rank(x.Address)
	b.net.ServiceEndpoints = append(b.net.ServiceEndpoints, x)
}

// AddEndpointService adds an endpoint service.
func (b *Builder) AddEndpointService(x *netmodel.EndpointService) {
	b.ranks[x] = b.rank(x.Address)
	b.net.EndpointServices = append(b.net.EndpointServices, x)
}

// mergePrivateLink is mergeObjects for endpoints and their services.
func (b *Builder) mergePrivateLink() {
	n := b.net
	n.ServiceEndpoints = merge(b, n.ServiceEndpoints, func(x *netmodel.ServiceEndpoint) *netmodel.Address { return &x.Address }, nil)
	n.EndpointServices = merge(b, n.EndpointServices, func(x *netmodel.EndpointService) *netmodel.Address { return &x.Address }, nil)
}

// privateLinks is links for endpoints and their services.
func privateLinks(n *netmodel.Network, set func(use, *netmodel.Ref)) {
	for _, x := range n.ServiceEndpoints {
		set(anyUse, &x.Service)
	}
	for _, x := range n.EndpointServices {
		for i := range x.Balancers.Links {
			set(anyUse, &x.Balancers.Links[i])
		}
	}
}

// notePrivateLink is present for endpoint services. An endpoint is no target of
// a link.
func notePrivateLink(n *netmodel.Network, out map[netmodel.Address]bool) {
	note(out, n.EndpointServices, func(x *netmodel.EndpointService) netmodel.Address { return x.Address })
}
