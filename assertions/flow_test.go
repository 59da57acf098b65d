package assertions

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestParseFlow is the table of the arrow form: what a text means, by its
// normal form, or the summary of the mistake.
func TestParseFlow(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`source -> target_available:80`, `source -> target_available:80`},
		{`source → target_available:80`, `source -> target_available:80`},
		{`aws_instance.k["x -> y"] -> b:22`, `aws_instance.k["x -> y"] -> b:22`},
		{`web["a:b"] -> module.x["p,q"].aws_db_instance.main:tcp/5432`, `web["a:b"] -> module.x["p,q"].aws_db_instance.main:tcp/5432`},
		{`a -> b, c:80,443`, `a -> b, c:80,443`},
		{`a -> tag:Tier=app:8080`, `a -> tag:Tier=app:8080`},
		{`a -> tag:Name="web: a", db:8080`, `a -> tag:Name="web: a", db:8080`},
		{`[2001:db8::/32] -> web:443`, `[2001:db8::/32] -> web:443`},
		{`app -> db:postgres`, `app -> db:postgres`},
		{`prod <-/> dev`, `prod <-/> dev`},
		{`prod↮dev`, `prod <-/> dev`},
		{`a ↛ b:*`, `a -/> b:*`},
		{`a ↔ b : 80 , 443`, `a <-> b:80,443`},
		{`my-app->db-1:5432`, `my-app -> db-1:5432`},
		{`a-/>b`, `a -/> b`},
		{`a , b   <->c:udp/53,tcp/53`, `a, b <-> c:udp/53,tcp/53`},
		{`a -> b:udp/53,udp/123,80-81`, `Which protocol?`},
		{`a -> b:udp/53,123`, `Which protocol?`},
		{`a -> b:tcp/53,123`, `a -> b:tcp/53,123`},
		{`a -> b:80, c:443`, `"c:443" is not a port`},
		{`a:22 -> b:80`, `Port on the left side`},
		{`internet -> 2001:db8::1:443`, `Bracket the IPv6 address`},
		{`a -> b -> c:80`, `Two arrows in one flow`},
		{`a -> b:`, `A port is missing`},
		{`a -> b:80,`, `A port is missing`},
		{`a b:80`, `No arrow in this flow`},
		{`a->b:80 via  c`, `a -> b:80 via c`},
		{`a -> b:80 via c , d not via aws_instance.k["via x"] via e`, `a -> b:80 via c, d not via aws_instance.k["via x"] via e`},
		{`a -/> b unless via c`, `a -/> b unless via c`},
		{`a -> via:80`, `a -> via:80`},
		{`a -> b via c:80`, `Port behind via`},
		{`a -> b:80 via `, `An end is missing`},
		{`a via c -> b:80`, `Qualifier on the left side`},
		{`a -> b["x via y"]:80`, `a -> b["x via y"]:80`},
		{`a -> b["x`, `Unbalanced quote`},
		{`a -> b]`, `Unbalanced bracket`},
		{`-> b:80`, `An end is missing`},
		{`a ->`, `An end is missing`},
		{`a -> root:80`, `Reserved word`},
		{`a -> 10.0.1.5/16:80`, `Address has host bits`},
		{`10.0.0.0/8 -> 10.0.0.1:80`, `10.0.0.0/8 -> 10.0.0.1:80`},
		{"a ->\nb:80", `Line break in a flow`},
	} {
		got := ""
		if flow, diags := ParseFlow(c.text); diags.HasErrors() {
			got = diags[0].Summary
		} else {
			got = flow.String()
		}
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestFlowRanges: a mistake is shown at its bytes.
func TestFlowRanges(t *testing.T) {
	for _, c := range []struct{ text, at string }{
		{`a:22 -> b:80`, `:22`},
		{`a → b:80, c:443`, `c:443`},
		{`ä -> b -> c:80`, `->`},
		{`a -> b, 10.0.1.5/16`, `10.0.1.5/16`},
		{`a -> b via c:80`, `:80`},
		{`a -> b:`, `:`},
		{`a -> b:udp/53,123`, `123`},
	} {
		_, diags := ParseFlow(c.text)
		if !diags.HasErrors() {
			t.Fatalf("%s: no error", c.text)
		}
		r := diags[0].Subject
		if got := c.text[r.Start.Byte:r.End.Byte]; got != c.at {
			t.Errorf("%s: shown at %q, want %q", c.text, got, c.at)
		}
		if want := 1 + len([]rune(c.text[:r.Start.Byte])); r.Start.Column != want {
			t.Errorf("%s: column %d, want %d", c.text, r.Start.Column, want)
		}
	}
}

func TestIsFlow(t *testing.T) {
	for text, want := range map[string]bool{
		"a -> b:80": true, "a-/>b": true, "plan.json": false, `web["a->b"]`: false, "a→b": true, "-": false, "a <- b": false,
	} {
		if got := IsFlow(text); got != want {
			t.Errorf("IsFlow(%q) is %v", text, got)
		}
	}
}

// TestNormalForm: the normal form of a random flow, however it is spaced, reads
// as the flow itself.
func TestNormalForm(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	space := func() string { return pick("", " ", "   ", "\t") }
	list := func(n int, word func() string) string {
		out := word()
		for range n {
			out += space() + "," + space() + word()
		}
		return out
	}
	end := func() string {
		return pick("web", "my-app", "group.x", "internet", "internet.v6", "any", "*", "10.0.0.0/8", "[2001:db8::/32]",
			"tag:Tier=app", `tag:Name="a -> b, c:d"`, `aws_instance.k["x -> y"]`, `module.m["a,b"].aws_lb.x[0]`, "aws_*.web", "root.module.a")
	}
	number := func() string { return pick("80", "tcp/443", "8000-8100") }
	other := func() string {
		return pick("udp/53", "icmp/echo-request", "proto/47", "any", "*", "postgres", "service.x", "tcp")
	}
	for range 2000 {
		text := space() + list(r.IntN(3), end) + space() + operators[r.IntN(len(operators))].text + space() + list(r.IntN(3), end)
		switch r.IntN(3) {
		case 0:
			text += space() + ":" + space() + list(r.IntN(3), number)
		case 1:
			text += ":" + list(r.IntN(2), other)
		}
		flow, diags := ParseFlow(text)
		if diags.HasErrors() {
			t.Fatalf("%s: %s", text, diags)
		}
		checkNormalForm(t, text, flow)
	}
}

func checkNormalForm(t *testing.T, text string, flow Flow) {
	t.Helper()
	normal := flow.String()
	again, diags := ParseFlow(normal)
	if diags.HasErrors() {
		t.Fatalf("%q has the normal form %q, which is no flow: %s", text, normal, diags)
	}
	if again.String() != normal {
		t.Fatalf("%q has the normal form %q, and that %q", text, normal, again)
	}
	if got, want := meaning(again), meaning(flow); got != want {
		t.Fatalf("%q means %s, its normal form %s", text, want, got)
	}
}

// meaning is a flow without its spelling.
func meaning(f Flow) string {
	var b strings.Builder
	for _, e := range f.from {
		fmt.Fprintf(&b, "%#v ", e.what)
	}
	fmt.Fprint(&b, f.op, " ")
	for _, e := range f.to {
		fmt.Fprintf(&b, "%#v ", e.what)
	}
	for _, p := range f.ports {
		fmt.Fprintf(&b, "%s %s ", p.service, p.traffic)
	}
	return b.String()
}

func FuzzParseFlow(f *testing.F) {
	for _, text := range []string{
		"source -> target:80", `a["x -> y"] <-/> tag:Name="a: b", [2001:db8::1]:udp/53,tcp/53`, "a:22 → b", "a -> b -> c", `"[`, "a->:,", "*↮*:*",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		flow, diags := ParseFlow(text)
		if !diags.HasErrors() {
			checkNormalForm(t, text, flow)
			return
		}
		r := diags[0].Subject
		if r.Start.Byte < 0 || r.Start.Byte > r.End.Byte || r.End.Byte > len(text) {
			t.Fatalf("%q: range %d-%d", text, r.Start.Byte, r.End.Byte)
		}
	})
}
