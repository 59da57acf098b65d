package netmodel

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
)

// Internet is the public addresses of one family as the fewest prefixes: what
// the word internet means (L-18).
func Internet(is6 bool) []netip.Prefix {
	if is6 {
		return []netip.Prefix{netip.MustParsePrefix("2000::/3")}
	}
	var not []netip.Prefix
	for _, p := range notInternet4 {
		not = append(not, netip.MustParsePrefix(p))
	}
	return headerspace.Subtract([]netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0)}, not)
}

// Unforwarded are the addresses to which no packet is forwarded by a VPC's route
// tables, whatever their routes (RT-25, RT-26).
func Unforwarded() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("169.254.168.0/22"), netip.MustParsePrefix("fd00:ec2::/32")}
}

var notInternet4 = []string{
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
	"172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
}
