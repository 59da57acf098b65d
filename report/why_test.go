package report

import "testing"

// Of many ways through proxies text names few, those that are certain first.
func TestProxies(t *testing.T) {
	way := func(name, allowed string) Detour { return Detour{Through: []string{name}, Allowed: allowed} }
	for _, c := range []struct {
		ways []Detour
		want string
	}{
		{nil, ""},
		{[]Detour{way("a", "tcp/80")}, "      (reachable through a)"},
		{[]Detour{way("a", "none"), way("b", "tcp/80")}, "      (reachable through b; perhaps reachable through a)"},
		{[]Detour{way("a", "none"), way("b", "none"), way("c", "none"), way("d", "none"), way("e", "none")},
			"      (perhaps reachable through a; b; c; 2 more)"},
	} {
		if got := proxies(Flow{ViaProxy: c.ways}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
