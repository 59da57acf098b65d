package headerspace

import (
	"fmt"
	"slices"
	"strings"
)

// A point is one place on the line of all traffic: tcp port p at p, udp port p
// at 65536+p, ICMP and then ICMPv6 at type*256+code, then every other protocol
// number in order.
type point uint32

const (
	udpBase   point = 1 << 16
	icmpBase  point = 2 << 16
	icmp6Base point = 3 << 16
	otherBase point = 4 << 16
	lastPoint       = otherBase + 251 // 256 numbers less the four above
)

// otherNumber is the protocol at a rank of the line's last part.
func otherNumber(rank point) Proto {
	n := Proto(rank)
	for _, p := range [...]Proto{ICMP, TCP, UDP, ICMPv6} { // ascending
		if n >= p {
			n++
		}
	}
	return n
}

// otherRank is the place of a protocol in the line's last part.
func otherRank(n Proto) point {
	rank := point(n)
	for _, p := range [...]Proto{ICMP, TCP, UDP, ICMPv6} {
		if n > p {
			rank--
		}
	}
	return rank
}

type span struct{ lo, hi point } // both included

// Traffic is an immutable set of (protocol; port, or ICMP type and code)
// points. The zero Traffic is empty.
type Traffic struct {
	// spans are sorted, non-empty, disjoint and not adjacent; every operation
	// relies on this, and equal sets have equal spans.
	spans []span
}

// All is every protocol and port.
func All() Traffic { return Traffic{[]span{{0, lastPoint}}} }

// Family is all the traffic that occurs in one address family: everything but
// the other family's ICMP.
func Family(is6 bool) Traffic {
	if is6 {
		return All().Minus(Whole(ICMP))
	}
	return All().Minus(Whole(ICMPv6))
}

// Ports is the destination ports lo to hi of p, which is TCP or UDP. It panics
// for other protocols and for lo > hi.
func Ports(p Proto, lo, hi uint16) Traffic {
	if !p.HasPorts() || lo > hi {
		panic(fmt.Sprintf("headerspace: no ports %s/%d-%d", p, lo, hi))
	}
	var base point
	if p == UDP {
		base = udpBase
	}
	return Traffic{[]span{{base + point(lo), base + point(hi)}}}
}

// ICMPTypes is the messages of p, which is ICMP or ICMPv6, with the given type
// and code; -1 stands for all. It panics for other protocols and for values
// outside -1 to 255.
func ICMPTypes(p Proto, typ, code int) Traffic {
	if !p.HasTypes() || typ < -1 || typ > 255 || code < -1 || code > 255 {
		panic(fmt.Sprintf("headerspace: no ICMP messages %s/%d/%d", p, typ, code))
	}
	base := icmpBase
	if p == ICMPv6 {
		base = icmp6Base
	}
	switch {
	case typ == -1 && code == -1:
		return Traffic{[]span{{base, base + 0xffff}}}
	case code == -1:
		return Traffic{[]span{{base + point(typ)<<8, base + point(typ)<<8 + 0xff}}}
	case typ == -1:
		spans := make([]span, 0, 256)
		for t := range point(256) {
			spans = append(spans, span{base + t<<8 + point(code), base + t<<8 + point(code)})
		}
		return Traffic{spans}
	default:
		at := base + point(typ)<<8 + point(code)
		return Traffic{[]span{{at, at}}}
	}
}

// Whole is everything of one protocol.
func Whole(p Proto) Traffic {
	switch {
	case p.HasPorts():
		return Ports(p, 0, 65535)
	case p.HasTypes():
		return ICMPTypes(p, -1, -1)
	default:
		at := otherBase + otherRank(p)
		return Traffic{[]span{{at, at}}}
	}
}

// One is the single point that p lies on.
func One(p Packet) Traffic {
	at := pointOf(p)
	return Traffic{[]span{{at, at}}}
}

func pointOf(p Packet) point {
	switch p.Proto {
	case TCP:
		return point(p.DstPort)
	case UDP:
		return udpBase + point(p.DstPort)
	case ICMP:
		return icmpBase + point(p.ICMPType)<<8 + point(p.ICMPCode)
	case ICMPv6:
		return icmp6Base + point(p.ICMPType)<<8 + point(p.ICMPCode)
	default:
		return otherBase + otherRank(p.Proto)
	}
}

// IsEmpty reports whether t has no point.
func (t Traffic) IsEmpty() bool { return len(t.spans) == 0 }

// Equal reports whether t and u have the same points.
func (t Traffic) Equal(u Traffic) bool { return slices.Equal(t.spans, u.spans) }

// Contains reports whether p's protocol and port, or type and code, are in t.
// Addresses and the source port play no part.
func (t Traffic) Contains(p Packet) bool {
	at := pointOf(p)
	_, found := slices.BinarySearchFunc(t.spans, at, func(s span, at point) int {
		switch {
		case s.hi < at:
			return -1
		case s.lo > at:
			return 1
		}
		return 0
	})
	return found
}

// ContainsAll reports whether every point of u is in t.
func (t Traffic) ContainsAll(u Traffic) bool { return u.Minus(t).IsEmpty() }

// Overlaps reports whether t and u have a point in common.
func (t Traffic) Overlaps(u Traffic) bool { return !t.Intersect(u).IsEmpty() }

// Union is the points in t or u.
func (t Traffic) Union(u Traffic) Traffic {
	switch {
	case len(t.spans) == 0:
		return u
	case len(u.spans) == 0:
		return t
	}
	out := make([]span, 0, len(t.spans)+len(u.spans))
	add := func(s span) {
		if n := len(out); n > 0 && s.lo <= out[n-1].hi+1 {
			out[n-1].hi = max(out[n-1].hi, s.hi)
			return
		}
		out = append(out, s)
	}
	i, j := 0, 0
	for i < len(t.spans) || j < len(u.spans) {
		if j == len(u.spans) || i < len(t.spans) && t.spans[i].lo <= u.spans[j].lo {
			add(t.spans[i])
			i++
		} else {
			add(u.spans[j])
			j++
		}
	}
	return Traffic{out}
}

// Intersect is the points in t and u.
func (t Traffic) Intersect(u Traffic) Traffic {
	var out []span
	i, j := 0, 0
	for i < len(t.spans) && j < len(u.spans) {
		a, b := t.spans[i], u.spans[j]
		if lo, hi := max(a.lo, b.lo), min(a.hi, b.hi); lo <= hi {
			out = append(out, span{lo, hi})
		}
		if a.hi < b.hi {
			i++
		} else {
			j++
		}
	}
	return Traffic{out}
}

// Minus is the points in t and not in u.
func (t Traffic) Minus(u Traffic) Traffic {
	if len(t.spans) == 0 || len(u.spans) == 0 {
		return t
	}
	var out []span
	j := 0
	for _, a := range t.spans {
		lo := a.lo
		for j < len(u.spans) && u.spans[j].hi < lo {
			j++
		}
		covered := false
		for k := j; k < len(u.spans) && u.spans[k].lo <= a.hi; k++ {
			if lo < u.spans[k].lo {
				out = append(out, span{lo, u.spans[k].lo - 1})
			}
			if u.spans[k].hi >= a.hi {
				covered = true
				break
			}
			lo = u.spans[k].hi + 1
		}
		if !covered {
			out = append(out, span{lo, a.hi})
		}
	}
	return Traffic{out}
}

// HasEdgeOf reports whether t begins or ends, on the line of all traffic, at a
// place where secret does and known does not: whoever knows known then learns
// that place of secret from t.
func (t Traffic) HasEdgeOf(secret, known Traffic) bool {
	told := known.edges()
	hidden := secret.edges()
	for at := range t.edges() {
		if hidden[at] && !told[at] {
			return true
		}
	}
	return false
}

func (t Traffic) edges() map[point]bool {
	out := make(map[point]bool, 2*len(t.spans))
	for _, s := range t.spans {
		out[s.lo], out[s.hi+1] = true, true
	}
	return out
}

// Sample is one packet of t, without addresses, and whether t has any. It is
// the first point of the line: the lowest tcp port, else udp port, and so on.
func (t Traffic) Sample() (Packet, bool) {
	if t.IsEmpty() {
		return Packet{}, false
	}
	at := t.spans[0].lo
	switch {
	case at < udpBase:
		return Packet{Proto: TCP, DstPort: uint16(at)}, true
	case at < icmpBase:
		return Packet{Proto: UDP, DstPort: uint16(at - udpBase)}, true
	case at < icmp6Base:
		return Packet{Proto: ICMP, ICMPType: uint8((at - icmpBase) >> 8), ICMPCode: uint8(at - icmpBase)}, true
	case at < otherBase:
		return Packet{Proto: ICMPv6, ICMPType: uint8((at - icmp6Base) >> 8), ICMPCode: uint8(at - icmp6Base)}, true
	default:
		return Packet{Proto: otherNumber(at - otherBase)}, true
	}
}

// Protos is the protocols that occur in t, in the order of the line.
func (t Traffic) Protos() []Proto {
	var out []Proto
	for _, p := range [...]Proto{TCP, UDP, ICMP, ICMPv6} {
		if t.Overlaps(Whole(p)) {
			out = append(out, p)
		}
	}
	for _, s := range t.spans {
		for at := max(s.lo, otherBase); at <= s.hi; at++ {
			out = append(out, otherNumber(at-otherBase))
		}
	}
	return out
}

// PortRanges is the destination ports of p, which is TCP or UDP, that are in
// t: ascending, disjoint, each with both ends included.
func (t Traffic) PortRanges(p Proto) [][2]uint16 {
	base := point(0)
	if p == UDP {
		base = udpBase
	}
	var out [][2]uint16
	for _, s := range t.Intersect(Whole(p)).spans {
		out = append(out, [2]uint16{uint16(s.lo - base), uint16(s.hi - base)})
	}
	return out
}

// String is the canonical text, fit to stand behind the colon
// of an arrow: "tcp/80,tcp/443,udp/53", "tcp" for all of its ports, "icmp/8",
// "icmp/0-7" for more than two types at once, "proto/2-5" likewise,
// "proto/47", "any", and "none" for the empty set.
func (t Traffic) String() string {
	switch {
	case t.IsEmpty():
		return "none"
	case t.Equal(All()):
		return "any"
	}
	var out []string
	piece := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, p := range [...]Proto{TCP, UDP} {
		for _, r := range t.PortRanges(p) {
			switch {
			case r == [2]uint16{0, 65535}:
				piece("%s", p)
			case r[0] == r[1]:
				piece("%s/%d", p, r[0])
			default:
				piece("%s/%d-%d", p, r[0], r[1])
			}
		}
	}
	for _, p := range [...]Proto{ICMP, ICMPv6} {
		whole := Whole(p)
		if t.ContainsAll(whole) {
			piece("%s", p)
			continue
		}
		base := whole.spans[0].lo
		for _, s := range t.Intersect(whole).spans {
			lo, hi := s.lo-base, s.hi-base
			for lo <= hi {
				typ, code := lo>>8, lo&0xff
				// Whole types, or codes of one.
				types := (hi+1)>>8 - typ
				switch last := min(hi, lo|0xff) & 0xff; {
				case code == 0 && types > 2:
					piece("%s/%d-%d", p, typ, typ+types-1)
					lo += types << 8
				case code == 0 && types > 0:
					piece("%s/%d", p, typ)
					lo += 1 << 8
				case last-code > 1:
					piece("%s/%d/%d-%d", p, typ, code, last)
					lo += last - code + 1
				default:
					piece("%s/%d/%d", p, typ, code)
					lo++
				}
			}
		}
	}
	others := t.Minus(Whole(TCP).Union(Whole(UDP)).Union(Whole(ICMP)).Union(Whole(ICMPv6))).Protos()
	for len(others) > 0 {
		run := 1
		for run < len(others) && others[run] == others[0]+Proto(run) {
			run++
		}
		if run > 2 {
			piece("%s-%d", others[0], uint8(others[run-1]))
		} else {
			run = 1
			piece("%s", others[0])
		}
		others = others[run:]
	}
	return strings.Join(out, ",")
}
