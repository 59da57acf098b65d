package randnet

import (
	"math/rand/v2"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/internal/oracle"
	"github.com/planreach/planreach/netmodel"
)

// Question is the k-th question about the network of a seed.
func Question(n *netmodel.Network, seed uint64, k int) oracle.Question {
	r := rand.New(rand.NewPCG(seed, 3+uint64(k)))
	q := oracle.Question{Traffic: traffics[min(r.IntN(len(traffics)), r.IntN(len(traffics)))], Promise: r.IntN(2) == 0}
	endpoint := func() assertions.End {
		if len(n.Endpoints) == 0 {
			return assertions.End{Kind: assertions.InternetEnd, V4: true, V6: true}
		}
		// Those of one VPC come first, and meet each other more often if nothing
		// connects the VPCs.
		k := r.IntN(len(n.Endpoints))
		if len(n.Peerings)+len(n.TransitGateways) == 0 {
			k = min(k, r.IntN(len(n.Endpoints)))
		}
		return assertions.End{Kind: assertions.EndpointEnd, Endpoint: n.Endpoints[k].Address}
	}
	outside := func() assertions.End {
		kind := r.IntN(5)
		if slices.ContainsFunc(n.Endpoints, func(e *netmodel.Endpoint) bool { return e.Every }) {
			// A range in which members lie asks for each of them, and the endpoint
			// for all: the words differ, the outcome does not.
			kind = max(kind, 1)
		}
		if len(n.VPNGateways) > 0 && r.IntN(2) == 0 {
			prefixes := []string{"192.168.0.0/16", "192.168.1.0/24", "192.168.0.0/23", "203.0.113.128/25"}
			return assertions.End{Kind: assertions.PrefixEnd, Prefix: netip.MustParsePrefix(prefixes[r.IntN(len(prefixes))])}
		}
		switch kind {
		case 0:
			prefixes := []string{"10.0.0.0/26", "10.0.0.0/28", "10.0.0.16/28", "10.0.0.4/30"}
			return assertions.End{Kind: assertions.PrefixEnd, Prefix: netip.MustParsePrefix(prefixes[r.IntN(len(prefixes))])}
		case 1:
			prefixes := []string{"203.0.113.0/24", "203.0.112.0/23", "203.0.113.7/32", "2001:db8:f::/48"}
			return assertions.End{Kind: assertions.PrefixEnd, Prefix: netip.MustParsePrefix(prefixes[r.IntN(len(prefixes))])}
		case 2:
			six := r.IntN(2) == 0
			return assertions.End{Kind: assertions.InternetEnd, V4: !six, V6: six}
		default:
			return assertions.End{Kind: assertions.InternetEnd, V4: true, V6: true}
		}
	}
	ends := r.IntN(3)
	if connected := len(n.Peerings)+len(n.TransitGateways) > 0; connected && r.IntN(2) == 0 {
		ends = 2
	}
	switch ends {
	case 0:
		q.From, q.To = endpoint(), outside()
	case 1:
		q.From, q.To = outside(), endpoint()
	default:
		q.From, q.To = endpoint(), endpoint()
	}
	// One way is for promises without TCP and for prohibitions of TCP (L-45).
	tcp := q.Traffic.Overlaps(headerspace.Whole(headerspace.TCP))
	q.OneWay = q.Promise != tcp && r.IntN(4) == 0
	if !q.OneWay && r.IntN(8) == 0 {
		q.SourcePort = &assertions.PortRange{Lo: 1024, Hi: 40000}
	}
	return q
}
