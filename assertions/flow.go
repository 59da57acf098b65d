package assertions

import (
	"net/netip"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// An Operator is the arrow of a Flow. The zero value is invalid.
type Operator uint8

// The operators.
const (
	Reaches     Operator = iota + 1 // ->
	ReachesNot                      // -/>
	ReachesBoth                     // <->
	ReachesNone                     // <-/>
)

// String is the operator in ASCII.
func (o Operator) String() string { return [...]string{"", "->", "-/>", "<->", "<-/>"}[o] }

func (o Operator) isNegated() bool { return o == ReachesNot || o == ReachesNone }

func (o Operator) bothWays() bool { return o == ReachesBoth || o == ReachesNone }

// positive is the operator of the same direction that promises.
func (o Operator) positive() Operator {
	if o.bothWays() {
		return ReachesBoth
	}
	return Reaches
}

// operators are the spellings, the longer before the shorter.
var operators = []struct {
	text string
	op   Operator
}{
	{"<-/>", ReachesNone}, {"<->", ReachesBoth}, {"-/>", ReachesNot}, {"->", Reaches},
	{"↮", ReachesNone}, {"↔", ReachesBoth}, {"↛", ReachesNot}, {"→", Reaches},
}

// A Flow is a demand in arrow form, "source -> target:80", well formed. What
// its words mean is not looked up.
type Flow struct {
	op         Operator
	from, to   []arrowEnd
	ports      []port
	qualifiers []qualifier
}

// A qualifier is what stands behind the ports: what the way must or must not
// pass, or what makes it no violation.
type qualifier struct {
	word string // via, not via, unless via
	at   int
	ends []arrowEnd
}

// An arrowEnd is one end as it is written, and where in the text.
type arrowEnd struct {
	what selector
	piece
}

// Operator is the arrow.
func (f Flow) Operator() Operator { return f.op }

// String is the normal form: one space on each side of the operator, ", "
// between ends, no spaces in ports.
func (f Flow) String() string {
	var b strings.Builder
	writeEnds(&b, f.from)
	b.WriteString(" " + f.op.String() + " ")
	writeEnds(&b, f.to)
	for i, p := range f.ports {
		if i == 0 {
			b.WriteString(":")
		} else {
			b.WriteString(",")
		}
		b.WriteString(p.text)
	}
	for _, q := range f.qualifiers {
		b.WriteString(" " + q.word + " ")
		writeEnds(&b, q.ends)
	}
	return b.String()
}

func writeEnds(b *strings.Builder, ends []arrowEnd) {
	for i, e := range ends {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(e.text)
	}
}

// IsFlow reports whether a command-line argument is meant as a flow: it has an
// arrow outside quotes and brackets.
func IsFlow(text string) bool {
	mask, f := protected(text)
	return f == nil && len(findOperators(text, mask)) > 0
}

// ParseFlow reads a flow in arrow form. The ranges of diagnostics count from
// the beginning of text, in a file without name.
func ParseFlow(text string) (Flow, hcl.Diagnostics) {
	flow, f := parseFlow(text)
	if f != nil {
		return Flow{}, hcl.Diagnostics{newLiteral(text, "", 1, 0).diagnostic(f)}
	}
	return flow, nil
}

// newLiteral is a text that stands by itself on a line of a file.
func newLiteral(text, file string, line, byteOffset int) literal {
	start := hcl.Pos{Line: line, Column: 1, Byte: byteOffset}
	end := hcl.Pos{Line: line, Column: 1 + graphemes(text), Byte: byteOffset + len(text)}
	return literal{text: text, rng: hcl.Range{Filename: file, Start: start, End: end}, plain: true}
}

// A hit is an operator found in a text.
type hit struct {
	op     Operator
	lo, hi int
}

func findOperators(text string, mask []bool) []hit {
	var out []hit
	for i := 0; i < len(text); i++ {
		if mask[i] {
			continue
		}
		for _, o := range operators {
			if strings.HasPrefix(text[i:], o.text) {
				out = append(out, hit{o.op, i, i + len(o.text)})
				i += len(o.text) - 1
				break
			}
		}
	}
	return out
}

// qualifiers are the words that may stand behind the ends and ports, the longer
// before the shorter.
var qualifiers = []string{"not via", "unless via", "via"}

// cutQualifiers parts a side from the qualifiers behind it.
func cutQualifiers(side piece, mask []bool) (rest piece, cut []qualifier, f *flaw) {
	rest = side
	for i := 0; i < len(side.text); i++ {
		for _, word := range qualifiers {
			if mask[side.at+i] || !strings.HasPrefix(side.text[i:], " "+word+" ") {
				continue
			}
			if len(cut) == 0 {
				rest = side.slice(0, i)
			} else if f := cut[len(cut)-1].close(side, i, mask); f != nil {
				return rest, nil, f
			}
			cut = append(cut, qualifier{word: word, at: side.at + i + 1})
			i += len(word)
			break
		}
	}
	if len(cut) > 0 {
		f = cut[len(cut)-1].close(side, len(side.text), mask)
	}
	return rest, cut, f
}

// close reads the ends of a qualifier, which reach to the byte hi of its side.
func (q *qualifier) close(side piece, hi int, mask []bool) *flaw {
	p := side.slice(q.at-side.at+len(q.word), hi)
	if i := colon(p, mask); i >= 0 {
		return flawed("Port behind "+q.word, "Ports stand before it, as in \"web -> db:5432 via aws_nat_gateway.main\".").at(p.at+i, p.text[i:])
	}
	var f *flaw
	q.ends, f = parseEnds(p, mask)
	return f
}

// suits is what is wrong with the qualifiers of a flow that promises, or that
// forbids.
func (f Flow) suits(promise bool) *flaw {
	for _, q := range f.qualifiers {
		switch {
		case promise && q.word == "unless via":
			return flawed("Qualifier of a prohibition", "unless via takes ways out of a prohibition. A promise whose way has to pass something has via.").at(q.at, q.word)
		case !promise && q.word != "unless via":
			return flawed("Qualifier of a promise", "%s is for promises. To allow what passes it, write unless via.", q.word).at(q.at, q.word)
		}
	}
	return nil
}

func parseFlow(text string) (Flow, *flaw) {
	if strings.ContainsAny(text, "\r\n") {
		return Flow{}, flawed("Line break in a flow", "A flow stands on one line.")
	}
	mask, f := protected(text)
	if f != nil {
		return Flow{}, f
	}
	hits := findOperators(text, mask)
	switch len(hits) {
	case 0:
		return Flow{}, flawed("No arrow in this flow", "Expected something like \"source -> target:80\", found %q.", text)
	case 1:
	default:
		f := flawed("Two arrows in one flow", "A flow has two sides. To name what lies between, use through (or via).")
		f.lo, f.hi = hits[1].lo, hits[1].hi
		return Flow{}, f
	}
	at := hits[0]
	flow := Flow{op: at.op}
	left, right := piece{text[:at.lo], 0}, piece{text[at.hi:], at.hi}
	if right, flow.qualifiers, f = cutQualifiers(right, mask); f != nil {
		return Flow{}, f
	}
	if _, cut, f := cutQualifiers(left, mask); f != nil || len(cut) > 0 {
		return Flow{}, flawed("Qualifier on the left side", "via, not via and unless via stand behind the right side and its ports.")
	}
	if flow.from, f = parseEnds(left, mask); f != nil {
		return Flow{}, f
	}
	ends, ports, f := cutPorts(right, mask)
	if f != nil {
		return Flow{}, f
	}
	if flow.to, f = parseEnds(ends, mask); f != nil {
		return Flow{}, f
	}
	if ports.text != "" {
		flow.ports, f = parsePorts(ports.slice(1, len(ports.text)), mask)
	}
	return flow, f
}

// colon is the first unprotected colon of p that does not belong to a leading
// tag:, or -1.
func colon(p piece, mask []bool) int {
	for i := range len(p.text) {
		if p.text[i] != ':' || mask[p.at+i] {
			continue
		}
		begin := strings.LastIndexByte(p.text[:i], ',') + 1
		if strings.TrimSpace(p.text[begin:i]) == "tag" {
			continue
		}
		return i
	}
	return -1
}

// cutPorts parts the ends of the right side from its ports, which keep their
// colon.
func cutPorts(right piece, mask []bool) (ends, ports piece, f *flaw) {
	for _, p := range right.split(',', mask) {
		p = p.trim()
		if ipv6Like.MatchString(p.text) && strings.Count(p.text, ":") >= 2 {
			return piece{}, piece{}, bracket(p.text, true).at(p.at, p.text)
		}
		if colon(p, mask) >= 0 {
			break
		}
	}
	i := colon(right, mask)
	if i < 0 {
		return right, piece{}, nil
	}
	return right.slice(0, i), right.slice(i, len(right.text)), nil
}

// bracket asks for brackets round a bare IPv6 address; on the right side the
// last part may be a port.
func bracket(text string, right bool) *flaw {
	write := "[" + text + "]"
	if i := strings.LastIndexByte(text, ':'); right && portNumber.MatchString(text[i+1:]) {
		if _, err := netip.ParseAddr(text[:i]); err == nil {
			write = "[" + text[:i] + "]" + text[i:]
		}
	}
	return flawed("Bracket the IPv6 address", "Write %s.", write)
}

func parseEnds(side piece, mask []bool) ([]arrowEnd, *flaw) {
	var out []arrowEnd
	for _, p := range side.split(',', mask) {
		p = p.trim()
		if p.text == "" {
			return nil, flawed("An end is missing", "Both sides of the arrow name at least one end, as in \"source -> target:80\".")
		}
		text := p.text
		switch inner, bracketed := strings.CutPrefix(text, "["); {
		case bracketed && strings.HasSuffix(inner, "]") && ipv6Like.MatchString(inner[:len(inner)-1]):
			text = inner[:len(inner)-1]
		case ipv6Like.MatchString(text) && strings.Count(text, ":") >= 2:
			return nil, bracket(text, false).at(p.at, text)
		case colon(p, mask) >= 0:
			i := colon(p, mask)
			return nil, flawed("Port on the left side",
				"The port belongs to the right side. To restrict the client's ports set source_port.").at(p.at+i, text[i:])
		}
		s, f := parseSelector(text, nil)
		if f != nil {
			return nil, f.at(p.at, p.text)
		}
		out = append(out, arrowEnd{s, p})
	}
	return out, nil
}

func parsePorts(list piece, mask []bool) ([]port, *flaw) {
	var out []port
	other := "" // the protocol of the first entry that is not TCP
	before := ""
	for _, p := range list.split(',', mask) {
		p = p.trim()
		if strings.Contains(p.text, ":") {
			return nil, flawed(`"`+p.text+`" is not a port`,
				"Ports belong to the whole right side. Two targets with different ports are two flows.").at(p.at, p.text)
		}
		entry, f := parsePort(p.text)
		if f != nil {
			if p.text == "" {
				f.detail += " For every protocol and port write \":*\"."
				return nil, f.at(list.at-1, ":")
			}
			return nil, f.at(p.at, p.text)
		}
		proto, _, _ := strings.Cut(p.text, "/")
		if entry.bare && other != "" {
			return nil, flawed("Which protocol?", "%s would be TCP. Write %s%s/%s or %stcp/%s.",
				p.text, before, other, p.text, before, p.text).at(p.at, p.text)
		}
		if !entry.bare && proto != "tcp" && protoByName[proto] != 0 && other == "" {
			other = proto
		}
		entry.at = p.at
		out = append(out, entry)
		before += p.text + ","
	}
	return out, nil
}
