package headerspace

import (
	"net/netip"
	"testing"
)

func TestReply(t *testing.T) {
	a, b := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	for _, c := range []struct {
		name     string
		in, want Packet
		answered bool
	}{
		{"tcp", Packet{Src: a, Dst: b, Proto: TCP, SrcPort: 40000, DstPort: 443},
			Packet{Src: b, Dst: a, Proto: TCP, SrcPort: 443, DstPort: 40000}, true},
		{"udp", Packet{Src: a, Dst: b, Proto: UDP, SrcPort: 40000, DstPort: 53},
			Packet{Src: b, Dst: a, Proto: UDP, SrcPort: 53, DstPort: 40000}, true},
		{"echo", Packet{Src: a, Dst: b, Proto: ICMP, ICMPType: 8, ICMPCode: 3},
			Packet{Src: b, Dst: a, Proto: ICMP, ICMPType: 0}, true},
		{"timestamp", Packet{Src: a, Dst: b, Proto: ICMP, ICMPType: 13},
			Packet{Src: b, Dst: a, Proto: ICMP, ICMPType: 14}, true},
		{"address mask", Packet{Src: a, Dst: b, Proto: ICMP, ICMPType: 17},
			Packet{Src: b, Dst: a, Proto: ICMP, ICMPType: 18}, true},
		{"echo, IPv6", Packet{Src: a, Dst: b, Proto: ICMPv6, ICMPType: 128},
			Packet{Src: b, Dst: a, Proto: ICMPv6, ICMPType: 129}, true},
		{"echo reply", Packet{Src: a, Dst: b, Proto: ICMP, ICMPType: 0}, Packet{}, false},
		{"type 128 of IPv4", Packet{Src: a, Dst: b, Proto: ICMP, ICMPType: 128}, Packet{}, false},
		{"type 8 of IPv6", Packet{Src: a, Dst: b, Proto: ICMPv6, ICMPType: 8}, Packet{}, false},
		{"GRE", Packet{Src: a, Dst: b, Proto: 47}, Packet{Src: b, Dst: a, Proto: 47}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, answered := c.in.Reply()
			if got != c.want || answered != c.answered {
				t.Errorf("Reply() = %s, %t, want %s, %t", got, answered, c.want, c.answered)
			}
		})
	}
}
