package aws

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// stateful is the rules of a stateful group in written order.
func (g groupReader) stateful() []netmodel.FirewallRule {
	out := g.opaqueSource()
	for _, s := range g.sources {
		rules, more := s.Blocks("stateful_rule")
		for _, r := range rules {
			out = append(out, g.statefulRules(r)...)
		}
		if !more.IsZero() {
			out = append(out, opaque(more))
		}
		if text := s.String("rules_string"); !text.IsNull() && text.Or("?") != "" {
			out = append(out, g.lines(text, s.Origin("rules_string"))...)
		}
		out = append(out, g.domains(s)...)
	}
	if text := g.String("rules"); len(g.sources) == 0 && !text.IsNull() {
		return g.lines(text, g.Origin("rules"))
	}
	return out
}

// domains is what a list of domains may decide: any connection may turn out to
// be one of a web client.
func (g groupReader) domains(s planparse.Block) []netmodel.FirewallRule {
	lists, more := s.Blocks("rules_source_list")
	if len(lists) == 0 && more.IsZero() {
		return nil
	}
	gap := netmodel.Gap{Origin: s.Origin("rules_source_list"), Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedGroup,
		Detail: "a list of domains looks into the traffic"}
	return []netmodel.FirewallRule{{Action: netmodel.FirewallUnclear, Match: headerspace.Exactly(headerspace.Whole(headerspace.TCP)),
		From: g.addresses["HOME_NET"], To: netmodel.Anywhere(), Origin: gap.Origin, Gaps: []netmodel.Gap{gap}}}
}

// A suricataRule is a stateful rule in the words in which it is written.
type suricataRule struct {
	action, protocol                          string
	source, sourcePort, destination, destPort string
	bothWays                                  bool
	options                                   []string // keywords
	origin                                    netmodel.Origin
}

// statefulRules is a stateful_rule block.
func (g groupReader) statefulRules(b planparse.Block) []netmodel.FirewallRule {
	headers, more := b.Blocks("header")
	action := b.String("action")
	if len(headers) != 1 || action.IsOpen() {
		if more.IsZero() {
			more = action.Gap()
		}
		return []netmodel.FirewallRule{opaque(more)}
	}
	h := headers[0]
	r := suricataRule{action: strings.ToLower(action.Or("")), origin: b.Origin("")}
	for name, to := range map[string]*string{"protocol": &r.protocol, "source": &r.source, "source_port": &r.sourcePort,
		"destination": &r.destination, "destination_port": &r.destPort} {
		text := h.String(name)
		if text.IsOpen() {
			return []netmodel.FirewallRule{opaque(text.Gap())}
		}
		*to = text.Or("any")
	}
	r.bothWays = strings.EqualFold(h.String("direction").Or(""), "any")
	options, more := b.Blocks("rule_option")
	for _, o := range options {
		keyword, _, _ := strings.Cut(o.String("keyword").Or("?"), ":") // "sid:1" is "sid" with a setting
		r.options = append(r.options, strings.TrimSpace(keyword))
	}
	if !more.IsZero() || h.String("direction").IsOpen() {
		r.options = append(r.options, "?")
	}
	return g.understand(r)
}

// lines is the rules of a text in Suricata's language; what it cannot read may do
// anything.
func (g groupReader) lines(text planparse.Known[string], o netmodel.Origin) []netmodel.FirewallRule {
	if text.IsOpen() {
		return []netmodel.FirewallRule{opaque(text.Gap())}
	}
	var out []netmodel.FirewallRule
	for _, line := range strings.Split(strings.ReplaceAll(text.Or(""), "\\\n", " "), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r, ok := parseLine(line)
		if !ok {
			out = append(out, opaque(netmodel.Gap{Origin: o, Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedRules,
				Detail: "a rule of a form that is not modelled"}))
			continue
		}
		r.origin = o
		out = append(out, g.understand(r)...)
	}
	return out
}

// parseLine reads "action protocol source port -> destination port (options)".
func parseLine(line string) (suricataRule, bool) {
	head, options, ok := strings.Cut(line, "(")
	if !ok || !strings.HasSuffix(options, ")") {
		return suricataRule{}, false
	}
	for strings.Contains(head, ", ") { // in a list
		head = strings.ReplaceAll(head, ", ", ",")
	}
	words := strings.Fields(head)
	if len(words) != 7 || words[4] != "->" && words[4] != "<>" {
		return suricataRule{}, false
	}
	r := suricataRule{action: strings.ToLower(words[0]), protocol: words[1], source: words[2], sourcePort: words[3],
		destination: words[5], destPort: words[6], bothWays: words[4] == "<>"}
	quoted := false
	keyword := ""
	for _, c := range strings.TrimSuffix(options, ")") {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ';' && !quoted:
			r.options = append(r.options, keyword)
			keyword = ""
			continue
		}
		keyword += string(c)
	}
	for i, o := range r.options {
		name, _, _ := strings.Cut(o, ":")
		r.options[i] = strings.TrimSpace(name)
	}
	return r, true
}

// plainOptions are keywords that decide nothing.
var plainOptions = []string{"sid", "rev", "msg", "gid", "classtype", "reference", "metadata", "priority", ""}

// understand is a rule, and its reverse if it goes both ways; none if it only
// alerts (NFW-10).
func (g groupReader) understand(s suricataRule) []netmodel.FirewallRule {
	r := netmodel.FirewallRule{Origin: s.origin, From: parseAddresses(s.source, g.addresses, s.origin), To: parseAddresses(s.destination, g.addresses, s.origin)}
	switch s.action {
	case "alert":
		return nil
	case "pass":
		r.Action = netmodel.FirewallPass
	case "drop", "reject":
		r.Action = netmodel.FirewallDrop
	default:
		return []netmodel.FirewallRule{opaque(netmodel.Gap{Origin: s.origin, Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedRules, Detail: "an action that is not modelled"})}
	}
	from, to := parsePorts(s.sourcePort, g.ports), parsePorts(s.destPort, g.ports)
	named, certain := headerOf(s.protocol)
	doubts := !certain || slices.ContainsFunc(s.options, func(o string) bool { return !slices.Contains(plainOptions, o) })
	line := func(r netmodel.FirewallRule, to portSet, doubts bool) netmodel.FirewallRule {
		match := named
		if !to.isAll() {
			match = match.Intersect(to.traffic(headerspace.TCP).Union(to.traffic(headerspace.UDP)).Union(portless))
		}
		r.Match = headerspace.Exactly(match)
		if doubts || to.open {
			r.Match = headerspace.AtMost(match)
			r.Gaps = []netmodel.Gap{{Origin: s.origin, Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedOption,
				Detail: "the rule looks at more than addresses, protocol and destination port"}}
		}
		return r
	}
	r.EitherWay = s.bothWays && from.isAll() && to.isAll()
	out := []netmodel.FirewallRule{line(r, to, doubts || !from.isAll())}
	if s.bothWays && !r.EitherWay {
		r.From, r.To = r.To, r.From
		out = append(out, line(r, from, doubts || !to.isAll()))
	}
	return out
}

// portless is the traffic without ports.
var portless = headerspace.All().Minus(headerspace.Whole(headerspace.TCP)).Minus(headerspace.Whole(headerspace.UDP))

// headerOf is the traffic that a protocol of a stateful rule may mean; certain if
// all of it is meant, whatever it carries.
func headerOf(name string) (t headerspace.Traffic, certain bool) {
	tcp, udp := headerspace.Whole(headerspace.TCP), headerspace.Whole(headerspace.UDP)
	switch strings.ToLower(name) {
	case "ip":
		return headerspace.All(), true
	case "tcp":
		return tcp, true
	case "udp":
		return udp, true
	case "icmp":
		return headerspace.Whole(headerspace.ICMP).Union(headerspace.Whole(headerspace.ICMPv6)), true
	case "http", "http2", "ftp", "tls", "smb", "dcerpc", "ssh", "smtp", "imap", "msn":
		return tcp, false
	case "tftp", "ntp", "dhcp", "ikev2", "ike", "quic":
		return udp, false
	}
	return headerspace.All(), false
}

// A portSet is the ports that a rule names.
type portSet struct {
	ranges [][2]uint16
	isSet  bool
	open   bool
}

func (s portSet) isAll() bool {
	return !s.open && slices.Contains(s.ranges, [2]uint16{0, 65535})
}

func (s portSet) traffic(p headerspace.Proto) headerspace.Traffic {
	if s.open {
		return headerspace.Whole(p)
	}
	var out headerspace.Traffic
	for _, r := range s.ranges {
		out = out.Union(headerspace.Ports(p, r[0], r[1]))
	}
	return out
}

// parsePorts reads "any", "80", "1024:", "[80,443]", "!80" or "$NAME".
func parsePorts(text string, variables map[string]portSet) portSet {
	text = strings.TrimSpace(text)
	switch {
	case strings.EqualFold(text, "any"):
		return portSet{ranges: [][2]uint16{{0, 65535}}}
	case strings.HasPrefix(text, "$"):
		if s, ok := variables[text[1:]]; ok {
			return s
		}
		return portSet{open: true}
	case strings.HasPrefix(text, "["):
		out := portSet{}
		for _, part := range strings.Split(strings.Trim(text, "[]"), ",") {
			one := parsePorts(part, variables)
			out.ranges, out.open = append(out.ranges, one.ranges...), out.open || one.open
		}
		return out
	}
	low, high, isRange := strings.Cut(text, ":")
	if !isRange {
		high = low
	}
	if isRange && low == "" {
		low = "0"
	}
	if isRange && high == "" {
		high = "65535"
	}
	lo, err1 := strconv.ParseUint(low, 10, 16)
	hi, err2 := strconv.ParseUint(high, 10, 16)
	if err1 != nil || err2 != nil || hi < lo {
		return portSet{open: true}
	}
	return portSet{ranges: [][2]uint16{{uint16(lo), uint16(hi)}}}
}

// parseAddresses reads "any", a CIDR, "[a,b,!c]", "!x" or "$NAME"; variables that
// nobody defines, and references, are open.
func parseAddresses(text string, variables map[string]netmodel.AddressSet, o netmodel.Origin) netmodel.AddressSet {
	text = strings.TrimSpace(text)
	open := netmodel.AddressSet{Open: netmodel.Gap{Origin: o, Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedOption,
		Detail: "it is not known which addresses are " + text}}
	switch {
	case strings.EqualFold(text, "any"):
		return netmodel.Anywhere()
	case strings.HasPrefix(text, "$"):
		if s, ok := variables[text[1:]]; ok {
			return s
		}
		return open
	case strings.HasPrefix(text, "!"):
		return without(netmodel.Anywhere(), parseAddresses(text[1:], variables, o))
	case strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]"):
		return parseList(text[1:len(text)-1], variables, o, open)
	}
	if p, err := netip.ParsePrefix(text); err == nil {
		return netmodel.AddressSet{In: []netip.Prefix{p.Masked()}}
	}
	if a, err := netip.ParseAddr(text); err == nil {
		return netmodel.AddressSet{In: []netip.Prefix{netip.PrefixFrom(a, a.BitLen())}}
	}
	return open
}

func parseList(text string, variables map[string]netmodel.AddressSet, o netmodel.Origin, open netmodel.AddressSet) netmodel.AddressSet {
	if strings.ContainsAny(text, "[]") {
		return open
	}
	var in, except netmodel.AddressSet
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		if rest, negated := strings.CutPrefix(part, "!"); negated {
			except = united(except, parseAddresses(rest, variables, o))
		} else {
			in = united(in, parseAddresses(part, variables, o))
		}
	}
	if len(in.In) == 0 && in.Open.IsZero() {
		in = netmodel.Anywhere()
	}
	if len(except.In) == 0 && except.Open.IsZero() {
		return in
	}
	return without(in, except)
}

// united is the addresses of either set.
func united(a, b netmodel.AddressSet) netmodel.AddressSet {
	switch {
	case !a.Open.IsZero():
		return a
	case !b.Open.IsZero():
		return b
	case len(a.Except) > 0 || len(b.Except) > 0:
		if len(a.In) == 0 {
			return b
		}
		if len(b.In) == 0 {
			return a
		}
		return netmodel.AddressSet{Open: netmodel.Gap{Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedOption, Detail: "a list of lists with exceptions"}}
	}
	return netmodel.AddressSet{In: slices.Concat(a.In, b.In)}
}

// without is the addresses of one set that are not in another.
func without(a, b netmodel.AddressSet) netmodel.AddressSet {
	switch {
	case !a.Open.IsZero():
		return a
	case !b.Open.IsZero():
		return b
	case len(b.Except) > 0:
		return netmodel.AddressSet{Open: netmodel.Gap{Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedOption, Detail: "an exception to an exception"}}
	}
	return netmodel.AddressSet{In: a.In, Except: slices.Concat(a.Except, b.In)}
}
