package aws

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// everyProtocol stands for the spellings -1 and all (TFA-16).
const everyProtocol = -1

// protocolNames are the IANA names that the provider accepts beside numbers
// (TFA-16, TFB-16).
var protocolNames = map[string]int{
	"-1": everyProtocol, "all": everyProtocol,
	"icmp": 1, "igmp": 2, "ggp": 3, "ipv4": 4, "st": 5, "tcp": 6, "cbt": 7, "egp": 8, "igp": 9, "bbn-rcc-mon": 10,
	"nvp-ii": 11, "pup": 12, "argus": 13, "emcon": 14, "xnet": 15, "chaos": 16, "udp": 17, "mux": 18,
	"dcn-meas": 19, "hmp": 20, "prm": 21, "xns-idp": 22, "trunk-1": 23, "trunk-2": 24, "leaf-1": 25, "leaf-2": 26,
	"rdp": 27, "irtp": 28, "iso-tp4": 29, "netblt": 30, "mfe-nsp": 31, "merit-inp": 32, "dccp": 33, "3pc": 34,
	"idpr": 35, "xtp": 36, "ddp": 37, "idpr-cmtp": 38, "tp++": 39, "il": 40, "ipv6": 41, "sdrp": 42,
	"ipv6-route": 43, "ipv6-frag": 44, "idrp": 45, "rsvp": 46, "gre": 47, "dsr": 48, "bna": 49, "esp": 50, "ah": 51,
	"i-nlsp": 52, "swipe": 53, "narp": 54, "mobile": 55, "tlsp": 56, "ipv6-icmp": 58, "icmpv6": 58,
	"ipv6-nonxt": 59, "ipv6-opts": 60, "61": 61, "cftp": 62, "sat-expak": 64, "kryptolan": 65, "rvd": 66, "ippc": 67,
	"sat-mon": 69, "visa": 70, "ipcv": 71, "cpnx": 72, "cphb": 73, "wsn": 74, "pvp": 75, "br-sat-mon": 76,
	"sun-nd": 77, "wb-mon": 78, "wb-expak": 79, "iso-ip": 80, "vmtp": 81, "secure-vmtp": 82, "vines": 83, "ttp": 84,
	"nsfnet-igp": 85, "dgp": 86, "tcf": 87, "eigrp": 88, "ospfigp": 89, "sprite-rpc": 90, "larp": 91, "mtp": 92,
	"ax.25": 93, "ipip": 94, "micp": 95, "scc-sp": 96, "etherip": 97, "encap": 98, "gmtp": 100, "ifmp": 101,
	"pnni": 102, "pim": 103, "aris": 104, "scps": 105, "qnx": 106, "a/n": 107, "ipcomp": 108, "snp": 109,
	"compaq-peer": 110, "ipx-in-ip": 111, "vrrp": 112, "pgm": 113, "l2tp": 115, "dd": 116, "iatp": 117, "stp": 118,
	"srp": 119, "uti": 120, "smp": 121, "sm": 122, "ptp": 123, "isis-over-ipv4": 124, "fire": 125, "crtp": 126,
	"crudp": 127, "sscopmce": 128, "iplt": 129, "sps": 130, "pipe": 131, "sctp": 132, "fc": 133,
	"rsvp-e2e-ignore": 134, "mobility-header": 135, "udplite": 136, "mpls-in-ip": 137, "manet": 138, "shim6": 139,
	"wesp": 140, "rohc": 141,
}

// protocol is the number that a protocol argument means.
func protocol(s string) (number int, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if n, ok := protocolNames[s]; ok {
		return n, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && 0 <= n && n <= 255
}

// A trafficSpec is the arguments of a rule that say which traffic it names.
type trafficSpec struct {
	block    planparse.Block
	protocol string // names of the arguments
	from, to string // ports, or ICMP type and code unless those below are set
	icmpType string
	icmpCode string
	// omitted is what a missing ICMP type or code stands for: 0 in ACLs (TFV-8),
	// -1 in groups.
	omitted int
	// portsFrom0 says that missing ports are sent as 0 (TFV-8); otherwise they
	// stand for all ports.
	portsFrom0 bool
}

// match is the traffic that a rule names, with the reasons for what is open.
func (s trafficSpec) match() (m headerspace.Tri, gaps []netmodel.Gap) {
	text := s.block.String(s.protocol)
	if text.IsOpen() {
		return headerspace.Tri{}, []netmodel.Gap{text.Gap()}
	}
	n, ok := protocol(text.Or("-1"))
	if !ok {
		return headerspace.Tri{}, []netmodel.Gap{s.invalid(s.protocol, "it names no protocol")}
	}
	switch p := headerspace.Proto(n); {
	case n == everyProtocol:
		return headerspace.Exactly(headerspace.All()), nil
	case p.HasPorts():
		return s.ports(p)
	case p.HasTypes():
		return s.messages(p)
	default:
		return headerspace.Exactly(headerspace.Whole(p)), nil // SG-22
	}
}

// isSensitive reports whether the plan marks one of the arguments.
func (s trafficSpec) isSensitive() bool {
	for _, name := range []string{s.protocol, s.from, s.to, s.icmpType, s.icmpCode} {
		if name != "" && s.block.Get(name).IsSensitive() {
			return true
		}
	}
	return false
}

func (s trafficSpec) invalid(name, why string) netmodel.Gap {
	return netmodel.Gap{Origin: s.block.Origin(name), Why: netmodel.NotModelled, Code: netmodel.InvalidConfiguration, Detail: why}
}

func (s trafficSpec) ports(p headerspace.Proto) (headerspace.Tri, []netmodel.Gap) {
	from, to := s.block.Int(s.from), s.block.Int(s.to)
	var gaps []netmodel.Gap
	lo, hi := from.Or(0), to.Or(65535)
	if s.portsFrom0 && to.IsNull() {
		hi = 0
	}
	if from.IsOpen() {
		lo, gaps = 0, append(gaps, from.Gap())
	}
	if to.IsOpen() {
		hi, gaps = 65535, append(gaps, to.Gap())
	}
	if lo == -1 && hi == -1 {
		lo, hi = 0, 65535
	}
	if lo < 0 || hi > 65535 || lo > hi {
		return headerspace.AtMost(headerspace.Whole(p)), append(gaps, s.invalid(s.from, "it is no range of ports"))
	}
	t := headerspace.Ports(p, uint16(lo), uint16(hi))
	if len(gaps) > 0 {
		return headerspace.AtMost(t), gaps
	}
	return headerspace.Exactly(t), nil
}

func (s trafficSpec) messages(p headerspace.Proto) (headerspace.Tri, []netmodel.Gap) {
	nameT, nameC := s.from, s.to
	if s.icmpType != "" {
		nameT, nameC = s.icmpType, s.icmpCode
	}
	typ, code := s.block.Int(nameT), s.block.Int(nameC)
	var gaps []netmodel.Gap
	t, c := typ.Or(s.omitted), code.Or(s.omitted)
	if typ.IsOpen() {
		t, gaps = -1, append(gaps, typ.Gap())
	}
	if code.IsOpen() {
		c, gaps = -1, append(gaps, code.Gap())
	}
	if t < -1 || t > 255 || c < -1 || c > 255 {
		return headerspace.AtMost(headerspace.Whole(p)), append(gaps, s.invalid(nameT, "it is no ICMP type and code"))
	}
	if t == -1 {
		c = -1 // SG-24
	}
	named := headerspace.ICMPTypes(p, t, c)
	if len(gaps) > 0 {
		return headerspace.AtMost(named), gaps
	}
	return headerspace.Exactly(named), nil
}

// The attributes that hold an address of an object.
const privateIP, publicIP = "private_ip", "public_ip"

// prefixPeer is the far end that a CIDR argument names.
func prefixPeer(b *planparse.Builder, p planparse.Known[netip.Prefix], is6 bool) netmodel.Peer {
	q, ok := p.Get()
	if !ok {
		peer := netmodel.Peer{Kind: netmodel.PeerOpen, V4: !is6, V6: is6, Gap: p.Gap()}
		if id, ok := p.Host(); ok && !is6 {
			switch id.Attr {
			case privateIP:
				peer.Host = netmodel.To(planparse.ObjectAddress(id))
			case publicIP:
				peer.Own = true
			}
		}
		return peer
	}
	peer := netmodel.InPrefix(q)
	if p.IsSensitive() {
		peer.Sensitive = true
		b.AddSensitive(q)
	}
	return peer
}
