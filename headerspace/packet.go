// Package headerspace holds the traffic that filters and routes can tell
// apart: concrete packets, sets of protocols and ports, three-way splits of
// all traffic, and the classes of addresses that no prefix separates.
//
// Everything that restricts addresses does so by prefixes, and prefixes nest
// or are disjoint. So addresses fall into atoms once per network, and for a
// fixed pair of atoms all that a filter says is a set on one line of
// (protocol; port, or ICMP type and code).
package headerspace

import (
	"fmt"
	"net/netip"
)

// A Proto is an IANA protocol number.
type Proto uint8

// The protocols whose headers have more for a filter to read than the number.
const (
	ICMP   Proto = 1
	TCP    Proto = 6
	UDP    Proto = 17
	ICMPv6 Proto = 58
)

// HasPorts reports whether packets of the protocol carry ports.
func (p Proto) HasPorts() bool { return p == TCP || p == UDP }

// HasTypes reports whether packets of the protocol carry an ICMP type and code.
func (p Proto) HasTypes() bool { return p == ICMP || p == ICMPv6 }

// String is the name used in assertions: tcp, udp, icmp, icmp6, proto/47.
func (p Proto) String() string {
	switch p {
	case TCP:
		return "tcp"
	case UDP:
		return "udp"
	case ICMP:
		return "icmp"
	case ICMPv6:
		return "icmp6"
	default:
		return fmt.Sprintf("proto/%d", uint8(p))
	}
}

// A Packet is the part of one packet's header that filters and routes read.
type Packet struct {
	Src, Dst           netip.Addr // same family
	Proto              Proto
	SrcPort, DstPort   uint16 // valid iff Proto.HasPorts
	ICMPType, ICMPCode uint8  // valid iff Proto.HasTypes
}

// Is6 reports whether the packet is IPv6.
func (p Packet) Is6() bool { return p.Dst.Is6() }

// Reply is the packet that answers p, and whether there is one: TCP and UDP
// answer with exchanged ports, an ICMP request with its reply type, other ICMP
// messages not at all, every other protocol with itself
// (EV-9).
func (p Packet) Reply() (Packet, bool) {
	r := p
	r.Src, r.Dst = p.Dst, p.Src
	switch {
	case p.Proto.HasPorts():
		r.SrcPort, r.DstPort = p.DstPort, p.SrcPort
	case p.Proto.HasTypes():
		t, ok := ReplyType(p.Proto, p.ICMPType)
		if !ok {
			return Packet{}, false
		}
		r.ICMPType, r.ICMPCode = t, 0
	}
	return r, true
}

// ReplyType is the ICMP type that answers type t, and whether one does.
func ReplyType(p Proto, t uint8) (uint8, bool) {
	switch {
	case p == ICMP && t == 8: // echo
		return 0, true
	case p == ICMP && t == 13: // timestamp
		return 14, true
	case p == ICMP && t == 17: // address mask
		return 18, true
	case p == ICMPv6 && t == 128: // echo
		return 129, true
	}
	return 0, false
}

// String is for test failures and bug reports.
func (p Packet) String() string {
	switch {
	case p.Proto.HasPorts():
		return fmt.Sprintf("%s %s -> %s", p.Proto, netip.AddrPortFrom(p.Src, p.SrcPort), netip.AddrPortFrom(p.Dst, p.DstPort))
	case p.Proto.HasTypes():
		return fmt.Sprintf("%s/%d/%d %s -> %s", p.Proto, p.ICMPType, p.ICMPCode, p.Src, p.Dst)
	default:
		return fmt.Sprintf("%s %s -> %s", p.Proto, p.Src, p.Dst)
	}
}
