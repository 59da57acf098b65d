package assertions

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/planreach/planreach/headerspace"
)

// A port is one entry of a list of ports.
type port struct {
	text    string
	at      int    // in the flow
	service string // a service by name, to be looked up; else empty
	traffic headerspace.Traffic
	bare    bool // a number or range without protocol, which is TCP
}

var (
	portNumber  = regexp.MustCompile(`^[0-9]+(-[0-9]+)?$`)
	portProto   = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9]*)/(.*)$`)
	maxPort     = 65535
	protoByName = map[string]headerspace.Proto{
		"tcp": headerspace.TCP, "udp": headerspace.UDP, "icmp": headerspace.ICMP, "icmp6": headerspace.ICMPv6,
	}
)

// The ICMP messages that have names, by type and code; -1 is every code.
var icmpNames = map[headerspace.Proto]map[string][2]int{
	headerspace.ICMP: {
		"echo-reply": {0, -1}, "unreachable": {3, -1}, "fragmentation-needed": {3, 4}, "redirect": {5, -1},
		"echo-request": {8, -1}, "time-exceeded": {11, -1},
	},
	headerspace.ICMPv6: {
		"unreachable": {1, -1}, "packet-too-big": {2, -1}, "time-exceeded": {3, -1}, "echo-request": {128, -1},
		"echo-reply": {129, -1}, "router-solicitation": {133, -1}, "router-advertisement": {134, -1},
		"neighbor-solicitation": {135, -1}, "neighbor-advertisement": {136, -1}, "redirect": {137, -1},
	},
}

// parsePort reads one entry: "80", "8000-8100", "tcp/443", "icmp/3/4",
// "proto/47", "any", "*", or the name of a service.
func parsePort(text string) (port, *flaw) {
	out := port{text: text}
	switch name, isService := strings.CutPrefix(text, "service."); {
	case text == "":
		return out, flawed("A port is missing", "Expected a port, as in 80, udp/53 or https.")
	case text == "any" || text == "*":
		out.traffic = headerspace.All()
	case portNumber.MatchString(text):
		lo, hi, f := parsePortRange(text)
		if f != nil {
			return out, f
		}
		out.bare, out.traffic = true, headerspace.Ports(headerspace.TCP, lo, hi)
	case protoByName[text] != 0:
		out.traffic = headerspace.Whole(protoByName[text])
	case portProto.MatchString(text):
		m := portProto.FindStringSubmatch(text)
		var f *flaw
		out.traffic, f = parseProtocol(m[1], m[2])
		return out, f
	case isIdentifier(name) && (isService || name != "proto"):
		out.service = name
	default:
		return out, flawed(strconv.Quote(text)+" is not a port", "Write a port such as 80, 8000-8100, udp/53, icmp/echo-request or proto/47, or the name of a service.")
	}
	return out, nil
}

func parsePortRange(text string) (lo, hi uint16, f *flaw) {
	a, b, isRange := strings.Cut(text, "-")
	if !isRange {
		b = a
	}
	l, errL := strconv.Atoi(a)
	h, errH := strconv.Atoi(b)
	if errL != nil || errH != nil || l < 0 || l > h || h > maxPort {
		return 0, 0, flawed("Not a port range", "Ports are 0 to 65535, the lower one first.")
	}
	return uint16(l), uint16(h), nil
}

func parseProtocol(name, rest string) (headerspace.Traffic, *flaw) {
	p, known := protoByName[name]
	switch {
	case name == "proto":
		n, err := strconv.ParseUint(rest, 10, 8)
		if err != nil {
			return headerspace.Traffic{}, flawed("Not a protocol number", "Protocol numbers are 0 to 255, as in proto/47.")
		}
		return headerspace.Whole(headerspace.Proto(n)), nil
	case !known:
		or := ""
		if _, ok := builtinServices[name]; ok {
			or = ", or the service " + name
		}
		return headerspace.Traffic{}, flawed("Unknown protocol "+strconv.Quote(name),
			"Protocols are tcp, udp, icmp, icmp6 and proto/N. Write tcp/%s%s.", rest, or)
	case p.HasTypes():
		return parseICMP(p, rest)
	}
	if !portNumber.MatchString(rest) {
		return headerspace.Traffic{}, flawed("Not a port range", "Expected a number or a range behind %s/, as in %s/53 or %s/8000-8100.", name, name, name)
	}
	lo, hi, f := parsePortRange(rest)
	if f != nil {
		return headerspace.Traffic{}, f
	}
	return headerspace.Ports(p, lo, hi), nil
}

func parseICMP(p headerspace.Proto, text string) (headerspace.Traffic, *flaw) {
	if tc, ok := icmpNames[p][text]; ok {
		return headerspace.ICMPTypes(p, tc[0], tc[1]), nil
	}
	t, c, hasCode := strings.Cut(text, "/")
	typ, err := strconv.ParseUint(t, 10, 8)
	if err != nil {
		return headerspace.Traffic{}, flawed("Not an ICMP type",
			"Expected a number from 0 to 255, type/code, or a name such as echo-request.%s", didYouMean(text, sortedKeys(icmpNames[p])))
	}
	if !hasCode {
		return headerspace.ICMPTypes(p, int(typ), -1), nil
	}
	code, err := strconv.ParseUint(c, 10, 8)
	if err != nil {
		return headerspace.Traffic{}, flawed("Not an ICMP code", "ICMP codes are 0 to 255, as in %s/3/4.", p)
	}
	return headerspace.ICMPTypes(p, int(typ), int(code)), nil
}
