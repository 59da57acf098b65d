package report

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// tcp is some ports, from some addresses or from all.
func tcp(from string, ports ...uint16) evaluator.Clause {
	c := evaluator.Clause{}
	for _, p := range ports {
		c.Traffic = c.Traffic.Union(headerspace.Ports(headerspace.TCP, p, p))
	}
	for _, p := range strings.Fields(from) {
		c.From = append(c.From, netip.MustParsePrefix(p))
	}
	return c
}

// matrix is the internet, web and data, before a plan and after it.
func matrix(diff bool) *Matrix {
	groups := []evaluator.MatrixGroup{
		{Name: "internet", Internet: true},
		{Name: "web", Members: []netmodel.Address{"aws_instance.web[0]", "aws_instance.web[1]"}},
		{Name: "data|base", Members: []netmodel.Address{"aws_instance.db"}},
	}
	before := make([]evaluator.MatrixCell, 9)
	for n := range before {
		before[n] = evaluator.MatrixCell{From: n / 3, To: n % 3, Verdict: evaluator.Unreachable, Uniform: true, Pairs: evaluator.PairCount{Unreachable: 2}}
	}
	before[0].Pairs = evaluator.PairCount{}
	after := append([]evaluator.MatrixCell{}, before...)
	passes := func(cells []evaluator.MatrixCell, n int, uniform bool, allowed ...evaluator.Clause) {
		cells[n].Verdict, cells[n].Allowed, cells[n].Uniform = evaluator.Partial, allowed, uniform
		cells[n].Pairs = evaluator.PairCount{Partial: 2}
	}
	passes(before, 1, true, tcp("", 443))
	passes(after, 1, true, tcp("", 80, 443))
	passes(after, 2, false, tcp("198.51.100.0/24 203.0.113.0/26 203.0.113.64/27 203.0.113.128/27", 22), tcp("198.51.100.0/24", 5432))
	passes(before, 4, true, evaluator.Clause{Traffic: headerspace.All()})
	passes(before, 5, true, tcp("", 5432, 5433, 5434, 6379, 9100, 9200))
	passes(after, 5, false, tcp("", 5432, 5434, 6379, 9100, 9200))
	after[7].Verdict, after[7].Undecided, after[7].Pairs = evaluator.Undecided, evaluator.Set{tcp("", 443)}, evaluator.PairCount{Undecided: 2}
	if !diff {
		return NewMatrix(facts(), "after", "tag:Tier", groups, after, nil)
	}
	return NewMatrix(facts(), "diff", "tag:Tier", groups, after, before)
}

func TestMatrixFormats(t *testing.T) {
	write(t, "matrix", MatrixFormats, matrix(false))
	write(t, "matrix-diff", MatrixFormats, matrix(true))
}

// What does not fit beside each other stands below each other.
func TestMatrixList(t *testing.T) {
	var b strings.Builder
	if err := writeMatrixText(&b, matrix(true), Style{Width: 30}); err != nil {
		t.Fatal(err)
	}
	golden(t, "matrix-list.text", []byte(b.String()))
}

func TestModuleOf(t *testing.T) {
	for address, want := range map[string]string{
		"aws_instance.a":               "",
		"module.net.aws_instance.a[0]": "module.net",
		`module.net["a.b"].module.inner[0].data.aws_subnet.a["x"]`: `module.net["a.b"].module.inner[0]`,
	} {
		if got := moduleOf(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestGroupEndpoints(t *testing.T) {
	n := &netmodel.Network{
		Subnets: []*netmodel.Subnet{{Address: "s", VPC: netmodel.To("v")}},
		Interfaces: []*netmodel.Interface{
			{Address: "i", Subnet: netmodel.To("s"), Groups: netmodel.Refs{Links: []netmodel.Ref{netmodel.To("g"), netmodel.To("h")}}},
			{Address: "j", Groups: netmodel.Refs{More: netmodel.Gap{Why: netmodel.UntilApply}}},
		},
		Endpoints: []*netmodel.Endpoint{
			{Address: "module.m.t.a", Type: "t", Interfaces: []netmodel.Address{"i"}, Tags: map[string]string{"Tier": "web"}},
			{Address: "u.b", Type: "u", Interfaces: []netmodel.Address{"j"}, TagsOpen: netmodel.Gap{Why: netmodel.UntilApply}},
			{Address: "u.c", Type: "u"},
		},
	}
	n.Seal()
	all := []netmodel.Address{"module.m.t.a", "u.b", "u.c"}
	named := map[netmodel.Address][]string{"u.b": {"x", "y"}}
	for by, want := range map[string]string{
		"group":    "internet (in no group)=2 x=1 y=1",
		"endpoint": "internet module.m.t.a=1 u.b=1 u.c=1",
		"subnet":   "internet (no interface)=1 (subnet not known)=1 s=1",
		"vpc":      "internet (no interface)=1 (vpc not known)=1 v=1",
		"sg":       "internet (no interface)=1 (sg not known)=1 g=1 h=1",
		"type":     "internet t=1 u=2",
		"module":   "internet (root module)=2 module.m=1",
		"tag:Tier": "internet (Tier not known)=1 (no Tier)=1 web=1",
	} {
		groups, err := GroupEndpoints(n, all, by, named)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range groups {
			text := g.Name
			if !g.Internet {
				text += "=" + string(rune('0'+len(g.Members)))
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", by, got, want)
		}
	}
	for _, by := range []string{"", "colour", "tag:"} {
		if _, err := GroupEndpoints(n, all, by, nil); err == nil {
			t.Errorf("no error for grouping %q", by)
		}
	}
}
