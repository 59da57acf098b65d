package netmodel

import "fmt"

// A VPNGateway is a virtual private gateway: it joins a VPC with private
// networks outside (VPN-1).
type VPNGateway struct {
	Address Address
	VPC     Ref // attachment; a VPC has at most one
	Table   Ref // as of an InternetGateway
	// Prefixes are the addresses outside to which it is known to have a route;
	// Hidden says why it may have others, learned by BGP (VPN-3, VPN-8).
	Prefixes []PrefixEntry
	Hidden   []Gap
	// IPv6 says whether anything behind it carries IPv6: no VPN does (VPN-4).
	IPv6   Truth
	Origin Origin
}

func (d *dumper) vpnGateways(n *Network) {
	for _, x := range n.VPNGateways {
		d.head("vpn gateway", x.Address, x.Origin, nil)
		d.field("vpc", x.VPC, x.VPC.Gap())
		d.edgeTable(x.Table)
		for _, e := range x.Prefixes {
			fmt.Fprintf(&d.b, "    %s [%s]%s\n", e.Prefix, shownOrigin(e.Origin), shownDoubt(e.Doubt))
		}
		d.hidden("prefixes", x.Hidden)
		d.truth("ipv6", x.IPv6)
	}
}
