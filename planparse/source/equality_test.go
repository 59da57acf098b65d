package source

import (
	"strconv"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

func oneSymbol() (*symbols, string) {
	t := newSymbols()
	return t, spelled(t, "aws_vpc", "a", "id", true)
}

func spelled(t *symbols, typ, name, attr string, unique bool) string {
	id := planparse.Identity{Address: netmodel.Address(typ + "." + name), Attr: attr}
	s := t.byID[id]
	if s == nil {
		s = &symbol{id: id, typ: typ, unique: unique}
		t.byID[id] = s
	}
	return t.text(s, 0)
}

func TestCompareTexts(t *testing.T) {
	s := newSymbols()
	a := spelled(s, "aws_vpc", "a", "id", true)
	b := spelled(s, "aws_vpc", "b", "id", true)
	aARN := spelled(s, "aws_vpc", "a", "arn", true)
	acl := spelled(s, "aws_vpc", "a", "default_network_acl_id", true)
	other := spelled(s, "aws_subnet", "a", "id", true)
	role := spelled(s, "aws_iam_role", "r", "id", false)
	role2 := spelled(s, "aws_iam_role", "s", "id", false)
	for _, c := range []struct {
		name, x, y string
		want       answer
	}{
		{"the same", a, a, equal},
		{"two objects of a type", a, b, different},
		{"id and literal", a, "vpc-1", different},
		{"id and nothing", a, "", different},
		{"id and arn of one object", a, aARN, perhaps},
		{"objects of different types", a, other, perhaps},
		{"an object that may be absent, and nothing", acl, "", perhaps},
		{"an id that may be a given name", role, "admin", perhaps},
		{"such an id and nothing", role, "", different},
		{"two such ids", role, role2, perhaps},
		{"common ends", "x-" + a + "-y", "x-" + b + "-y", different},
		{"common ends, the same", "x-" + a + "-y", "x-" + a + "-y", equal},
		{"different beginnings", "x-" + a, "y-" + a, different},
		{"different ends", a + "x", b + "y", different},
		{"crossed", "x-" + a, a + "-x", perhaps},
		{"literal around", "x-" + a, "x-vpc-1", different},
		{"a longer beginning", "x-" + a, "x-y" + b, perhaps},
		{"arn made of an id", "arn:vpc/" + a, aARN, perhaps},
		{"nothing left", "x" + a, "x", different},
		{"nothing left of what may be empty", "x" + acl, "x", perhaps},
		{"literals", "p", "q", different},
	} {
		if got := s.compareTexts(c.x, c.y); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
		if got := s.compareTexts(c.y, c.x); got != c.want {
			t.Errorf("%s, swapped: %d, want %d", c.name, got, c.want)
		}
	}
}

// TestNamings: the namings spell each symbol in its own way, before and after
// other texts, and in every order of two symbols.
func TestNamings(t *testing.T) {
	s := newSymbols()
	spelled(s, "aws_vpc", "a", "id", true)
	spelled(s, "aws_vpc", "b", "id", true)
	x := s.byID[planparse.Identity{Address: "aws_vpc.a", Attr: "id"}]
	y := s.byID[planparse.Identity{Address: "aws_vpc.b", Attr: "id"}]
	seen := map[string]bool{}
	var first, last, before, after, quotedBefore, quotedAfter int
	for n := range namings {
		p, q := s.text(x, n), s.text(y, n)
		if seen[p] || seen[q] || p == q {
			t.Fatalf("naming %d spells two symbols alike", n)
		}
		seen[p], seen[q] = true, true
		if p < q {
			first++
		} else {
			last++
		}
		if p < "0" {
			before++
		}
		if p > "zzz" {
			after++
		}
		if strconv.Quote(p) < `"0` {
			quotedBefore++
		}
		if strconv.Quote(p) > `"zzz` {
			quotedAfter++
		}
		if got := s.pieces("<" + p + q + ">"); len(got) != 4 || got[1].symbol != x || got[2].symbol != y {
			t.Errorf("naming %d: the symbols in a text are %v", n, got)
		}
		if s.respell("<"+s.text(x, 0)+">", n) != "<"+p+">" {
			t.Errorf("naming %d: respelled otherwise", n)
		}
	}
	if first == 0 || last == 0 || before == 0 || after == 0 || quotedBefore == 0 || quotedAfter == 0 {
		t.Errorf("orders: %d, %d; before %d and after %d of other texts; quoted %d, %d", first, last, before, after, quotedBefore, quotedAfter)
	}
}
