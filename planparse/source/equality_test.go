package source

import (
	"strconv"
	"strings"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

func oneSymbol() (*symbols, string) {
	t := newSymbols()
	return t, spelled(t, "aws_vpc", "a", "id")
}

func spelled(t *symbols, typ, name, attr string) string {
	id := planparse.Identity{Address: netmodel.Address(typ + "." + name), Attr: attr}
	s := t.byID[id]
	if s == nil {
		s = &symbol{id: id, typ: typ, modelled: strings.HasPrefix(typ, "aws_")}
		t.byID[id] = s
	}
	return t.text(s, 0)
}

func TestCompareTexts(t *testing.T) {
	s := newSymbols()
	a := spelled(s, "aws_vpc", "a", "id")
	b := spelled(s, "aws_vpc", "b", "id")
	aARN := spelled(s, "aws_vpc", "a", "arn")
	acl := spelled(s, "aws_vpc", "a", "default_network_acl_id")
	other := spelled(s, "aws_subnet", "a", "id")
	role := spelled(s, "aws_iam_role", "r", "id")
	role2 := spelled(s, "aws_iam_role", "s", "id")
	cluster := spelled(s, "aws_eks_cluster", "c", "id")
	clusterARN := spelled(s, "aws_eks_cluster", "c", "arn")
	adopted := spelled(s, "aws_default_vpc", "a", "id")
	adopted2 := spelled(s, "aws_default_vpc", "b", "id")
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
		{"a cluster's id, which is its name", cluster, "main", perhaps},
		{"an arn made of that name", clusterARN, "arn:aws:eks:::cluster/main", perhaps},
		{"such an arn and nothing", clusterARN, "", different},
		{"an object that is adopted, and an id", adopted, "vpc-1", perhaps},
		{"an object that is adopted twice", adopted, adopted2, perhaps},
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
	spelled(s, "aws_vpc", "a", "id")
	spelled(s, "aws_vpc", "b", "id")
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
