package source

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/planreach/planreach/planparse"
)

// A symbol is an identity that apply will make up.
type symbol struct {
	id  planparse.Identity
	typ string // as TypeName
	// modelled: the type has a model.
	modelled bool
	address  bool // an address of the object, which is a text like any other
}

// unique reports whether s is certainly different from every text that the plan
// knows, and from the same attribute of every other object of its type.
func (s *symbol) unique() bool { return !s.address && (madeIDs[s.typ] || s.isEndpoint()) }

// isEndpoint reports whether s is the id of an endpoint of a firewall.
func (s *symbol) isEndpoint() bool { return strings.HasSuffix(s.id.Attr, "].endpoint_id") }

// firm reports whether s is certainly not null and not empty. Attributes that
// name other objects may be, if there is no such object.
func (s *symbol) firm() bool {
	return s.id.Attr == "id" || s.isEndpoint() || (s.id.Attr == "arn" && s.modelled)
}

// madeIDs are the types whose objects get an id of their own when they are made,
// of a-z, 0-9 and dashes. The id of another type may be a name that the user
// gave (a cluster's), or that of an object that was there before (a default
// VPC's), and so may be equal to any text and to the id of another object.
var madeIDs = map[string]bool{
	"terraform_data":                         true,
	"aws_vpc":                                true,
	"aws_subnet":                             true,
	"aws_security_group":                     true,
	"aws_vpc_security_group_egress_rule":     true,
	"aws_vpc_security_group_ingress_rule":    true,
	"aws_route_table":                        true,
	"aws_route_table_association":            true,
	"aws_network_acl":                        true,
	"aws_internet_gateway":                   true,
	"aws_egress_only_internet_gateway":       true,
	"aws_nat_gateway":                        true,
	"aws_network_interface":                  true,
	"aws_instance":                           true,
	"aws_launch_template":                    true,
	"aws_eip":                                true,
	"aws_vpc_endpoint":                       true,
	"aws_vpc_peering_connection":             true,
	"aws_ec2_transit_gateway":                true,
	"aws_ec2_transit_gateway_route_table":    true,
	"aws_ec2_transit_gateway_vpc_attachment": true,
	"aws_ec2_managed_prefix_list":            true,
}

// symbols knows the texts that stand for symbols under each naming. A text has
// the form start, letters, end mark; the last tailLength letters are its own
// among all namings.
type symbols struct {
	byID   map[planparse.Identity]*symbol
	byTail map[string]spelling
	texts  []map[*symbol]string // by naming
}

type spelling struct {
	symbol *symbol
	text   string
}

const (
	endMark    = "\uE000"
	lowStart   = " "          // sorts before what an id or a name starts with
	highStart  = "~"          // sorts after that
	topStart   = "\U0010FFFD" // sorts after any text, but low where texts are quoted
	tailLength = 14
)

func newSymbols() *symbols {
	return &symbols{byID: map[planparse.Identity]*symbol{}, byTail: map[string]spelling{}}
}

// holdsSymbol reports whether s holds a symbol.
func holdsSymbol(s string) bool { return strings.Contains(s, endMark) }

// text is how naming n spells the symbol.
func (t *symbols) text(s *symbol, n int) string {
	for len(t.texts) <= n {
		t.texts = append(t.texts, map[*symbol]string{})
	}
	if text, ok := t.texts[n][s]; ok {
		return text
	}
	text, tail := spell(s, n)
	for salt := 0; ; salt++ {
		if old, taken := t.byTail[tail]; !taken || old.symbol == s {
			break
		}
		tail = letters(random(s, n, "tail"+strconv.Itoa(salt)), tailLength)
	}
	text += tail + endMark
	t.byTail[tail] = spelling{s, text}
	t.texts[n][s] = text
	return text
}

// namings is the number of namings tried where order matters; fewNamings where
// it does not.
const (
	namings    = 16
	fewNamings = 6
)

// spell is the start and the tail of s under naming n. Namings 1 to 3 put all
// symbols before or after everything else; between themselves, naming 1 orders
// them by some order and naming 2 in reverse. The others are random, in
// different lengths. Sets of objects are ordered by their quoted texts, hence
// the two ways to come last.
func spell(s *symbol, n int) (start, tail string) {
	tail = letters(random(s, n, "tail"), tailLength)
	switch n {
	case 1:
		return lowStart + letters(random(s, 1, "order"), 8), tail
	case 2:
		mirrored := []byte(letters(random(s, 1, "order"), 8))
		for i, c := range mirrored {
			mirrored[i] = 'a' + 'z' - c
		}
		return topStart + string(mirrored), tail
	case 3:
		return highStart + letters(random(s, n, "order"), 8), tail
	}
	r := random(s, n, "order")
	start = [...]string{lowStart, lowStart, lowStart, highStart, highStart, highStart, topStart, topStart}[r.IntN(8)]
	return start + letters(r, 2+r.IntN(12)), tail
}

func random(s *symbol, n int, salt string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(string(s.id.Address) + "\x00" + s.id.Attr + "\x00" + salt))
	return rand.New(rand.NewPCG(h.Sum64(), uint64(n)))
}

func letters(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(r.IntN(26))
	}
	return string(b)
}

// A piece is a literal or, if symbol is set, a symbol.
type piece struct {
	literal string
	symbol  *symbol
}

// pieces is what the text s consists of, under any naming.
func (t *symbols) pieces(s string) []piece {
	var out []piece
	for {
		i := strings.Index(s, endMark)
		if i < 0 {
			break
		}
		head := s[:i+len(endMark)]
		found := false
		if i >= tailLength {
			if sp, ok := t.byTail[s[i-tailLength:i]]; ok && strings.HasSuffix(head, sp.text) {
				out = appendLiteral(out, strings.TrimSuffix(head, sp.text))
				out = append(out, piece{symbol: sp.symbol})
				found = true
			}
		}
		if !found {
			out = appendLiteral(out, head)
		}
		s = s[i+len(endMark):]
	}
	return appendLiteral(out, s)
}

func appendLiteral(ps []piece, s string) []piece {
	if s == "" {
		return ps
	}
	if n := len(ps); n > 0 && ps[n-1].symbol == nil {
		ps[n-1].literal += s
		return ps
	}
	return append(ps, piece{literal: s})
}

// bare is the symbol that s is, or nil.
func (t *symbols) bare(s string) *symbol {
	if !strings.HasSuffix(s, endMark) || len(s) < tailLength+len(endMark) {
		return nil
	}
	sp, ok := t.byTail[s[len(s)-len(endMark)-tailLength:len(s)-len(endMark)]]
	if !ok || sp.text != s {
		return nil
	}
	return sp.symbol
}

// respell is the text s of naming 0 under naming n.
func (t *symbols) respell(s string, n int) string {
	if !holdsSymbol(s) {
		return s
	}
	var b strings.Builder
	for _, p := range t.pieces(s) {
		if p.symbol == nil {
			b.WriteString(p.literal)
		} else {
			b.WriteString(t.text(p.symbol, n))
		}
	}
	return b.String()
}

// term is the text s as a Term.
func (t *symbols) term(s string) planparse.Term {
	var out planparse.Term
	for _, p := range t.pieces(s) {
		if p.symbol == nil {
			out = append(out, planparse.TermPart{Literal: p.literal})
		} else {
			out = append(out, planparse.TermPart{Identity: p.symbol.id})
		}
	}
	return out
}
