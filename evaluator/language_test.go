package evaluator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A saying is one row of TestLanguage: what a statement of the language means for
// an assertion. Its name begins with the statement's number.
type saying struct {
	name   string
	change func(region)
	// before makes the network before the plan from the same region; nil: there is
	// none.
	before   func(region)
	ask      string // as an arrow; ends are separated by commas, "any of" may precede them
	traffic  headerspace.Traffic
	demand   func(*assertions.Assertion) // further arguments; may be nil
	want     string                      // see told
	silently bool                        // without its notes
}

// ends reads "a, b" or "any of a, b".
func ends(text string) assertions.Side {
	list, anyOne := strings.CutPrefix(text, "any of ")
	out := assertions.Side{Any: anyOne}
	for _, word := range strings.Split(list, ", ") {
		out.Ends = append(out.Ends, sideOf(word).Ends...)
	}
	return out
}

func (s saying) assertion() assertions.Assertion {
	from, to, promise := strings.Cut(s.ask, " -> ")
	a := assertions.Assertion{ID: "a", Label: "a", Verb: assertions.MustReach, Severity: assertions.Error, Unknown: assertions.FailUnknown, Traffic: s.traffic}
	if !promise {
		from, to, _ = strings.Cut(s.ask, " -/> ")
		a.Verb = assertions.MustNotReach
	}
	if s.traffic.IsEmpty() {
		a.Traffic = https
	}
	a.From, a.To = ends(from), ends(to)
	if s.demand != nil {
		s.demand(&a)
	}
	return a
}

// told is the outcome, and each pair that does not pass: its outcome, what gets
// through for certain, what it misses or meets, and whether it is new. Notes
// stand in parentheses.
func told(r evaluator.Result, silently bool) string {
	words := []string{r.Outcome.String()}
	if r.Assertion.SkippedBecause != "" {
		words = append(words, "because "+r.Assertion.SkippedBecause)
	}
	for _, f := range r.Flows {
		if f.Outcome != evaluator.Pass {
			text := fmt.Sprintf("%s to %s %s %s", f.From, f.To, f.Outcome, f.Verdict)
			for _, c := range f.Allowed {
				if f.Verdict == evaluator.Partial {
					text += fmt.Sprintf(" %s", c.Traffic)
					if c.From != nil {
						text += fmt.Sprintf(" from %s", c.From[0])
					}
				}
			}
			if len(f.Missed)+len(f.Met) > 0 {
				text += fmt.Sprintf(" missed %v met %v", f.Missed, f.Met)
			}
			if f.NewInPlan {
				text += " new"
			}
			words = append(words, text)
		}
		for _, n := range f.Notes {
			if note := "(" + string(n.Code) + ")"; n.Code != netmodel.BPAAssumedOff && !silently && !slices.Contains(words, note) {
				words = append(words, note)
			}
		}
	}
	for _, w := range r.Waivers {
		words = append(words, fmt.Sprintf("waiver %d pairs ended %t", w.Pairs, w.Ended))
	}
	return strings.Join(words, "; ")
}

func passing(points ...string) []assertions.Waypoint {
	var out []assertions.Waypoint
	for _, p := range points {
		w := assertions.Waypoint{Text: p}
		for _, a := range strings.Split(p, "|") {
			w.Objects = append(w.Objects, netmodel.Address(a))
		}
		out = append(out, w)
	}
	return out
}

func only(exempt ...string) func(*assertions.Assertion) {
	return func(a *assertions.Assertion) {
		a.Verb = assertions.Only
		for _, e := range exempt {
			a.Exempt = append(a.Exempt, sideOf(e).Ends...)
		}
	}
}

func waiving(until string, flows ...string) func(*assertions.Assertion) {
	return func(a *assertions.Assertion) {
		w := assertions.Waiver{Reason: "a test", Until: until}
		for _, f := range flows {
			from, to, _ := strings.Cut(f, " -> ")
			w.Flows = append(w.Flows, assertions.ListedFlow{Text: f, From: ends(from).Ends, To: ends(to).Ends, Traffic: https})
		}
		a.Waivers = append(a.Waivers, w)
	}
}

func isolating(except []assertions.ListedFlow, groups ...string) func(*assertions.Assertion) {
	return func(a *assertions.Assertion) {
		a.Verb, a.Except = assertions.Isolate, except
		for _, g := range groups {
			a.Groups = append(a.Groups, ends(g).Ends)
		}
	}
}

func noNew(a *assertions.Assertion) { a.Verb = assertions.NoNew }

func nothingIn(a netmodel.Address) func(region) {
	return func(r region) { r.group(a).Ingress = admitting(true) }
}

func mayAdmit(r region) {
	r.group("db").Ingress = admitting(true)
	r.group("db").Ingress.Hidden = []netmodel.Gap{openGap}
}

// mayAdmitMore admits https to db for certain, and may admit more.
func mayAdmitMore(r region) {
	r.group("db").Ingress = admitting(true, permit(https, "10.0.0.0/8"))
	r.group("db").Ingress.Hidden = []netmodel.Gap{openGap}
}

func through(points ...string) func(*assertions.Assertion) {
	return func(a *assertions.Assertion) { a.Through = passing(points...) }
}

// balanced puts db behind a load balancer, which alone it admits.
func balanced(r region) {
	r.balance(netmodel.ApplicationBalancer)
	r.guard(permitGroup("lb.sg"))
}

var sayings = []saying{
	{name: "L-29 each source needs one target", change: nothingIn("db"), ask: "web -> any of app, db", want: "pass; web to db fail unreachable"},
	{name: "L-29 one source for all targets", change: func(r region) { nothingIn("db")(r); r.group("web").Egress = admitting(true) },
		ask: "any of web, app -> far, db", want: "fail; web to far fail unreachable; web to db fail unreachable; app to far fail unreachable; app to db fail unreachable", silently: true},
	{name: "L-31 all ports", change: func(r region) { r.group("db").Ingress = admitting(true, permit(https, "0.0.0.0/0")) }, ask: "web -> db",
		traffic: https.Union(postgres), want: "fail; web to db fail partial tcp/443", silently: true},
	{name: "L-33 only, and somebody else", change: func(region) {}, ask: "web, app, internet, far -/> db", demand: only("web"), want: "fail; app to db fail reachable", silently: true},
	{name: "L-33 only, and nobody else", change: func(r region) { r.group("db").Ingress = admitting(true, permitGroup("web.sg")) }, ask: "web, app, internet, far -/> db",
		demand: only("web"), want: "pass", silently: true},
	{name: "L-33 members of to count", change: func(region) {}, ask: "web, app, db -/> app, db", demand: only("web"),
		want: "fail; app to db fail reachable; db to app fail reachable", silently: true},
	{name: "L-33 only the office", change: func(r region) { r.public("front") }, ask: "internet.v4 -/> web", demand: only("203.0.113.0/24"),
		want: "fail; internet.v4 to web fail reachable", silently: true},
	{name: "L-33 only the office, which alone is admitted", change: func(r region) {
		r.public("front")
		r.group("web").Ingress = admitting(true, permit(https, "203.0.113.0/24"))
	}, ask: "internet.v4 -/> web", demand: only("203.0.113.0/24"), want: "pass", silently: true},
	{name: "L-33 addresses inside the VPC are exempt too", change: func(region) {}, ask: "web, app -/> db", demand: only("10.0.0.4/31"), want: "pass", silently: true},
	{name: "L-33 only, where somebody may get through", change: mayAdmit, ask: "web, app -/> db", demand: only("web"),
		want: "unknown; app to db unknown unknown", silently: true},
	{name: "L-34 a load balancer in from carries what it is there for", change: func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		ask: "internet.v4, lb -/> db", traffic: app8080, demand: only("lb"), want: "pass", silently: true},
	{name: "L-34 one that is not", change: func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		ask: "internet.v4, web -/> db", traffic: app8080, demand: only("web"), want: "fail; internet.v4 to db fail unreachable", silently: true},
	{name: "L-19 addresses in a VPC that nothing has", change: func(region) {}, ask: "app -/> 10.0.250.0/24", want: "pass; (NO_SOURCE_OR_DESTINATION)"},
	{name: "L-35 two groups apart", change: nothingIn("db"), demand: isolating(nil, "web, app", "db"), ask: "a -/> b",
		want: "fail; db to web fail reachable; db to app fail reachable", silently: true},
	{name: "L-35 but for a hole", change: nothingIn("db"), ask: "a -/> b",
		demand: isolating([]assertions.ListedFlow{{From: ends("db").Ends, To: ends("web, app").Ends, Traffic: https}}, "web, app", "db"), want: "pass", silently: true},
	{name: "L-35 the hole both ways", change: func(region) {}, ask: "a -/> b",
		demand: isolating([]assertions.ListedFlow{{From: ends("web").Ends, To: ends("db").Ends, Traffic: https, BothWays: true}}, "web", "db"), want: "pass", silently: true},
	{name: "L-35 a hole that is not known", change: func(r region) { mayAdmit(r); nothingIn("web")(r) }, demand: isolating(nil, "web", "db"), ask: "a -/> b",
		want: "unknown; web to db unknown unknown", silently: true},
	{name: "L-36 nothing new", change: func(r region) { r.public("front") }, before: func(r region) { r.public("front") }, ask: "internet.v4 -/> web", demand: noNew, want: "pass"},
	{name: "L-36 a port more", change: func(r region) { r.public("front") }, before: func(r region) {
		r.public("front")
		r.group("web").Ingress = admitting(true, permit(postgres, "0.0.0.0/0"))
	}, ask: "internet.v4 -/> web", traffic: https.Union(postgres), demand: noNew, want: "fail; internet.v4 to web fail partial tcp/443 new", silently: true},
	{name: "L-36 from more addresses", change: func(r region) { r.public("front") }, before: func(r region) {
		r.public("front")
		r.group("web").Ingress = admitting(true, permit(https, "203.0.113.0/24"))
	}, ask: "internet.v4 -/> web", demand: noNew, want: "fail; internet.v4 to web fail partial tcp/443 from 1.0.0.0/8 new", silently: true},
	{name: "L-36 an address given up", change: func(r region) { r.public("front") }, before: func(r region) {
		r.public("front")
		r.instance("web2", "front", "10.0.0.6", "", "198.51.100.77")
	}, ask: "internet.v4 -/> web", demand: noNew, want: "pass"},
	{name: "L-36 a new end", change: func(r region) { r.instance("web2", "front", "10.0.0.6", "", "") }, before: func(region) {}, ask: "web -/> web2", demand: noNew,
		want: "fail; web to web2 fail reachable new", silently: true},
	{name: "L-37 not known before", change: func(region) {}, before: mayAdmit, ask: "web -/> db", demand: noNew, want: "unknown; web to db unknown unknown", silently: true},
	{name: "L-37 not known after", change: mayAdmit, before: nothingIn("db"), ask: "web -/> db", demand: noNew, want: "unknown; web to db unknown unknown", silently: true},
	{name: "L-37 not known after, and open before", change: mayAdmit, before: func(region) {}, ask: "web -/> db", demand: noNew, want: "pass", silently: true},
	{name: "L-37 a state", change: func(region) {}, ask: "web -/> db", demand: noNew, want: "skipped; because a state has no before"},
	{name: "L-42 a waiver takes out what it lists", change: func(region) {}, ask: "web, app -/> db", demand: waiving("2026-12-31", "web -> db"),
		want: "fail; web to db waived reachable; app to db fail reachable; waiver 1 pairs ended false"},
	{name: "L-42 until nothing is left", change: func(region) {}, ask: "web, app -/> db", demand: waiving("2026-12-31", "web, app -> db"),
		want: "waived; web to db waived reachable; app to db waived reachable; waiver 2 pairs ended false"},
	{name: "L-42 and no other traffic", change: func(region) {}, ask: "web -/> db", traffic: https.Union(postgres), demand: waiving("2026-12-31", "web -> db"),
		want: "fail; web to db fail reachable; waiver 1 pairs ended false"},
	{name: "L-43 through the end of the day", change: func(region) {}, ask: "web -/> db", demand: waiving("2026-01-01", "web -> db"),
		want: "waived; web to db waived reachable; waiver 1 pairs ended false"},
	{name: "L-43 after it", change: func(region) {}, ask: "web -/> db", demand: waiving("2025-12-31", "web -> db"),
		want: "fail; web to db fail reachable; waiver 1 pairs ended true"},
	{name: "L-43 one that takes out nothing", change: nothingIn("db"), ask: "web -/> db", demand: waiving("2026-12-31", "web -> db"), want: "pass; waiver 0 pairs ended false", silently: true},
	{name: "L-43 no unknown is waived", change: mayAdmit, ask: "web -/> db", demand: waiving("2026-12-31", "web -> db"),
		want: "unknown; web to db unknown unknown; waiver 0 pairs ended false"},
	{name: "L-43 nor what may pass besides", change: mayAdmitMore, ask: "web -/> db", traffic: https.Union(postgres), demand: waiving("2026-12-31", "web -> db"),
		want: "unknown; web to db unknown unknown; waiver 1 pairs ended false", silently: true},
	{name: "L-42 nor what it only may name", change: func(region) {}, ask: "web -/> db", demand: func(a *assertions.Assertion) {
		waiving("2026-12-31", "web -> db")(a)
		a.Waivers[0].Flows[0].From[0].Doubt = openGap
	}, want: "fail; web to db fail reachable; waiver 0 pairs ended false"},
	{name: "L-35 nor a hole that may not name the pair", change: nothingIn("web"), ask: "a -/> b", demand: func(a *assertions.Assertion) {
		hole := assertions.ListedFlow{Text: "web -> db", From: ends("web").Ends, To: ends("db").Ends, Traffic: https}
		hole.From[0].Doubt = openGap
		isolating([]assertions.ListedFlow{hole}, "web", "db")(a)
	}, want: "fail; web to db fail reachable", silently: true},
	{name: "L-46 only the replies are blocked", change: func(r region) { r.acl("back").Egress.Rules = nil }, ask: "web -/> db", want: "pass; (ONE_WAY_DELIVERY)"},
	{name: "L-47 a family that one end lacks drops out", change: func(region) {}, ask: "web -> app", want: "pass"},
	{name: "L-47 none in common", change: func(r region) { r.inIPv6() }, ask: "web -> app", want: "fail; web to app fail unreachable", silently: true},
	{name: "L-48 part of the internet", change: func(r region) {
		r.public("front")
		r.group("web").Ingress = admitting(true, permit(https, "203.0.113.0/24"))
	}, ask: "internet.v4 -> web", want: "fail; internet.v4 to web fail partial tcp/443 from 203.0.113.0/24", silently: true},
	{name: "L-49 two ends meet on private addresses", change: func(r region) {
		r.public("front")
		r.public("back")
		r.acl("back").Ingress.Rules = denying("10.0.0.0/16")
	},
		ask: "web -> db", want: "fail; web to db fail unreachable", silently: true},
	{name: "L-50 a promise needs every member", change: nothingIn("app"), before: nil, ask: "db -> fleet", want: "fail; db to fleet fail partial tcp/443", silently: true},
	{name: "L-50 a prohibition no member", change: nothingIn("app"), ask: "db -/> fleet", want: "fail; db to fleet fail partial tcp/443", silently: true},
	{name: "L-52 a prohibition follows a load balancer", change: func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		ask: "internet.v4 -/> db", traffic: app8080, want: "fail; internet.v4 to db fail unreachable", silently: true},
	{name: "L-52 unless it is exempt", change: func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		ask: "internet.v4 -/> db", traffic: app8080, demand: func(a *assertions.Assertion) { a.UnlessThrough = passing("lb") }, want: "pass", silently: true},
	{name: "L-52 unless its way is exempt", change: func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		ask: "internet.v4 -/> db", traffic: app8080, demand: func(a *assertions.Assertion) { a.UnlessThrough = passing("igw") }, want: "pass", silently: true},
	{name: "L-52 what is exempt is elsewhere", change: func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		ask: "internet.v4 -/> db", traffic: app8080, demand: func(a *assertions.Assertion) { a.UnlessThrough = passing("nat") }, want: "fail; internet.v4 to db fail unreachable", silently: true},
	{name: "L-52 a promise does not", change: func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		ask: "internet.v4 -> db", traffic: app8080, want: "fail; internet.v4 to db fail unreachable", silently: true},
	{name: "L-52 a promise through one", change: func(r region) { balanced(r); r.public("back") },
		ask: "internet.v4 -> db", traffic: app8080, demand: through("lb"), want: "pass", silently: true},
	{name: "L-52 a promise through one, and what else it passes", change: func(r region) { balanced(r); r.public("back") },
		ask: "internet.v4 -> db", traffic: app8080, demand: through("lb", "igw"), want: "pass", silently: true},
	{name: "L-52 a promise through one, whose one node is not reached", change: balanced,
		ask: "internet.v4 -> db", traffic: app8080, demand: through("lb"), want: "unknown; internet.v4 to db unknown unknown", silently: true},
	{name: "L-52 a promise through one to interfaces that are not shown", change: func(r region) {
		balanced(r)
		r.public("back")
		e := find(r.Endpoints, func(e *netmodel.Endpoint) bool { return e.Address == "db" })
		e.Interfaces, e.More = nil, openGap
	}, ask: "internet.v4 -> db", traffic: app8080, demand: through("lb"), want: "unknown; internet.v4 to db unknown unknown", silently: true},
	{name: "L-52 a promise through one that admits some", change: func(r region) {
		balanced(r)
		r.public("back")
		find(r.Groups, func(g *netmodel.Group) bool { return g.Address == "lb.sg" }).Ingress = admitting(true, permit(https, "203.0.113.0/24"))
	}, ask: "internet.v4 -> db", traffic: app8080, demand: through("lb"), want: "fail; internet.v4 to db fail unreachable", silently: true},
	{name: "L-52 a promise through one that the target does not admit", change: func(r region) { balanced(r); r.public("back"); r.guard(permitGroup("web.sg")) },
		ask: "internet.v4 -> db", traffic: app8080, demand: through("lb"), want: "fail; internet.v4 to db fail unreachable", silently: true},
	{name: "L-52 a promise through one, beside more ways than can be tried", change: crowded,
		ask: "web -> app", traffic: app8080, demand: through("lb"), want: "unknown; web to app unknown unknown"},
	{name: "L-52 a promise through one with another port", change: func(r region) { balanced(r); r.public("back") },
		ask: "internet.v4 -> db", traffic: https, demand: through("lb"), want: "fail; internet.v4 to db fail unreachable", silently: true},
	{name: "L-52 a promise through one that may have other targets", change: func(r region) {
		balanced(r)
		r.public("back")
		r.targets().Targets = nil
		r.targets().Hidden = []netmodel.Gap{openGap}
	},
		ask: "internet.v4 -> db", traffic: app8080, demand: through("lb"), want: "unknown; internet.v4 to db unknown unknown", silently: true},
	{name: "L-52 a promise through one that can be avoided", change: func(r region) { r.balance(netmodel.ApplicationBalancer) },
		ask: "web -> db", traffic: app8080, demand: through("lb"), want: "fail; web to db fail reachable missed [lb] met []", silently: true},
	{name: "L-52 without balancing across zones one node serves", change: func(r region) {
		balanced(r)
		r.public("back")
		r.LoadBalancers[0].CrossZone = netmodel.Fails
		r.acl("front").Egress.Rules = nil // the other one is dead
	}, ask: "internet.v4 -> db", traffic: app8080, demand: through("lb"), want: "pass", silently: true},
	{name: "L-53 the port is the target's", change: func(r region) { r.balance(netmodel.ApplicationBalancer); r.guard(permitGroup("lb.sg")) },
		ask: "internet.v4 -/> db", traffic: https, want: "pass", silently: true},
	{name: "L-54 every pair of a promise", change: nothingIn("db"), ask: "web, app -> db, far", demand: func(a *assertions.Assertion) { a.To.Ends = a.To.Ends[:1] },
		want: "fail; web to db fail unreachable; app to db fail unreachable"},
	{name: "L-54 no pair of a prohibition", change: nothingIn("db"), ask: "web -/> db, app", want: "fail; web to app fail reachable", silently: true},
	{name: "L-55 an endpoint with itself", change: func(region) {}, ask: "web -> web", want: "skipped; because both sides are the same single end"},
	{name: "L-56 a failure beats an unknown", change: mayAdmit, ask: "web -/> db, app", want: "fail; web to db unknown unknown; web to app fail reachable"},
	{name: "L-56 an unknown beats a waiver", change: mayAdmit, ask: "web -/> db, app", demand: waiving("2026-12-31", "web -> app"),
		want: "unknown; web to db unknown unknown; web to app waived reachable; waiver 1 pairs ended false"},
	{name: "L-57 one that is certain", change: mayAdmit, ask: "web -> any of db, app", want: "pass; web to db unknown unknown"},
	{name: "L-57 none that is certain", change: func(r region) { mayAdmit(r); nothingIn("app")(r) }, ask: "web -> any of db, app",
		want: "unknown; web to db unknown unknown; web to app fail unreachable"},
	{name: "L-58 all values agree", change: func(r region) { r.eni("db").Subnet = netmodel.OneOf(openGap, "front", "back") }, ask: "web -> db", want: "pass"},
	{name: "L-59 what is not modelled", change: func(r region) {
		nothingIn("db")(r)
		r.NotModelled = []netmodel.Unmodelled{{Address: "thing", Type: "thing", Effect: netmodel.MayOpen, Touch: netmodel.TouchesAll}}
	}, ask: "web -/> db", want: "unknown; web to db unknown unknown", silently: true},
	{name: "L-61 what is gone was there", change: func(r region) { r.instance("web2", "front", "10.0.0.6", "", "") }, before: func(region) {}, ask: "web -> web2", want: "pass"},
	{name: "L-63 new", change: func(region) {}, before: nothingIn("db"), ask: "web -/> db", want: "fail; web to db fail reachable new"},
	{name: "L-63 not new", change: func(region) {}, before: func(region) {}, ask: "web -/> db", want: "fail; web to db fail reachable"},
	{name: "L-63 more of it", change: func(region) {}, before: func(r region) { r.group("db").Ingress = admitting(true, permit(postgres, "0.0.0.0/0")) },
		ask: "web -/> db", traffic: https.Union(postgres), want: "fail; web to db fail reachable new"},
	{name: "L-64 the source can reach nothing", change: func(r region) { r.group("web").Egress = admitting(true) }, ask: "web -/> db", want: "pass; (PASSES_TRIVIALLY)"},
	{name: "L-64 the target has no interface", change: func(r region) {
		r.Endpoints = append(r.Endpoints, &netmodel.Endpoint{Address: "none", Type: "aws_instance"})
	},
		ask: "web -/> none", want: "pass; (UNASSOCIATED_COMPONENT)"},
}

// The ways of through, avoid and unless_through.
var ways = []saying{
	{name: "through a gateway", change: func(r region) { r.outByNAT() }, ask: "app -> internet.v4", demand: func(a *assertions.Assertion) { a.Through = passing("nat", "igw") }, want: "pass", silently: true},
	{name: "through one of several", change: func(r region) { r.outByNAT() }, ask: "app -> internet.v4", demand: func(a *assertions.Assertion) { a.Through = passing("nat2|nat") }, want: "pass", silently: true},
	{name: "through another", change: func(r region) { r.outByNAT() }, ask: "app -> internet.v4", demand: func(a *assertions.Assertion) { a.Through = passing("nat", "pcx") },
		want: "fail; app to internet.v4 fail reachable missed [pcx] met []", silently: true},
	{name: "through, where nothing gets through", change: func(region) {}, ask: "app -> internet.v4", demand: func(a *assertions.Assertion) { a.Through = passing("nat") },
		want: "fail; app to internet.v4 fail unreachable", silently: true},
	{name: "through on the way back does not count", change: func(r region) { r.join("pcx"); r.table("distant").Routes[0].Target = netmodel.To("tgw") }, ask: "web -> far",
		traffic: https, demand: func(a *assertions.Assertion) { a.Through = passing("tgw") }, want: "fail; web to far fail reachable missed [tgw] met []", silently: true},
	{name: "avoid on the way back counts", change: func(r region) { r.join("pcx"); r.table("distant").Routes[0].Target = netmodel.To("tgw") }, ask: "web -> far",
		traffic: https, demand: func(a *assertions.Assertion) { a.Avoid = passing("tgw") }, want: "fail; web to far fail reachable missed [] met [tgw]", silently: true},
	{name: "avoid what is elsewhere", change: func(r region) { r.join("pcx") }, ask: "web -> far", demand: func(a *assertions.Assertion) { a.Avoid = passing("tgw", "igw") }, want: "pass", silently: true},
	{name: "a table and an ACL are passed", change: func(r region) { r.join("tgw") }, ask: "web -> far",
		demand: func(a *assertions.Assertion) {
			a.Through = passing("front.table", "front.acl", "near", "remote", "transit")
		}, want: "pass", silently: true},
	{name: "one of two ways goes elsewhere", change: func(r region) {
		r.second("web", "back", "10.0.1.9")
		r.join("pcx")
		r.route("back", "10.1.0.0/16", "tgw")
		r.second2()
	}, ask: "web -> far",
		demand: func(a *assertions.Assertion) { a.Through = passing("pcx") }, want: "fail; web to far fail reachable missed [pcx] met []", silently: true},
	{name: "the way is open", change: func(r region) {
		r.join("pcx")
		r.table("front").Routes[0].Target = netmodel.OneOf(openGap, "pcx", "tgw")
	}, ask: "web -> far",
		demand: func(a *assertions.Assertion) { a.Through = passing("pcx") }, want: "unknown; web to far unknown reachable missed [pcx] met []", silently: true},
	{name: "the way is open, and does not matter", change: func(r region) {
		r.join("pcx")
		r.table("front").Routes[0].Target = netmodel.OneOf(openGap, "pcx", "tgw")
	}, ask: "web -> far",
		demand: func(a *assertions.Assertion) { a.Avoid = passing("igw") }, want: "pass", silently: true},
	{name: "all but one way is forbidden", change: func(r region) { r.join("pcx") }, ask: "web -/> far", demand: func(a *assertions.Assertion) { a.UnlessThrough = passing("pcx") },
		want: "pass; (WAYS_LEFT_OUT)"},
	{name: "and it goes by another", change: func(r region) { r.join("tgw") }, ask: "web -/> far", demand: func(a *assertions.Assertion) { a.UnlessThrough = passing("pcx") },
		want: "fail; web to far fail reachable", silently: true},
	{name: "it has to pass all", change: func(r region) { r.join("pcx") }, ask: "web -/> far", demand: func(a *assertions.Assertion) { a.UnlessThrough = passing("pcx", "nat") },
		want: "fail; web to far fail reachable", silently: true},
	{name: "on the way there", change: func(r region) { r.join("pcx"); r.table("distant").Routes[0].Target = netmodel.To("tgw") }, ask: "web -/> far",
		demand: func(a *assertions.Assertion) { a.UnlessThrough = passing("tgw") }, want: "fail; web to far fail reachable", silently: true},
	{name: "whether it does is open", change: func(r region) {
		r.join("pcx")
		r.table("front").Routes[0].Target = netmodel.OneOf(openGap, "pcx", "tgw")
	}, ask: "web -/> far",
		demand: func(a *assertions.Assertion) { a.UnlessThrough = passing("pcx") }, want: "unknown; web to far unknown unknown", silently: true},
	{name: "an end is on its way", change: func(r region) { r.balance(netmodel.ApplicationBalancer); r.public("back") }, ask: "internet.v4 -/> lb",
		demand: func(a *assertions.Assertion) { a.UnlessThrough = passing("lb") }, want: "pass", silently: true},
}

// second2 lets replies of far return to the second interface of web too.
func (r region) second2() { r.route("distant", "10.0.1.0/24", "tgw") }

func TestLanguage(t *testing.T) {
	for _, rows := range [][]saying{sayings, ways} {
		for _, s := range rows {
			t.Run(s.name, func(t *testing.T) {
				a := s.assertion()
				now := newRegion()
				now.members()
				s.change(now)
				var before *evaluator.Engine
				if s.before != nil {
					then := newRegion()
					then.members()
					s.before(then)
					before = evaluator.New(then.Seal())
				}
				after := evaluator.New(now.Seal())
				after.Strict = true
				r := evaluator.Check(after, before, []assertions.Assertion{a}, "2026-01-01")[0]
				if got := told(r, s.silently); got != s.want {
					t.Errorf("%s\n got %s\nwant %s", s.ask, got, s.want)
				}
			})
		}
	}
}
