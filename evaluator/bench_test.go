package evaluator_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// manyInstances is twoSubnets with count instances, each with a group of its own
// that admits ten single addresses.
func manyInstances(count int) (*netmodel.Network, assertions.Side) {
	base := twoSubnets()
	n := &netmodel.Network{VPCs: base.VPCs, ACLs: base.ACLs, Subnets: base.Subnets, RouteTables: base.RouteTables,
		InternetGateways: base.InternetGateways, NATGateways: base.NATGateways}
	var side assertions.Side
	for i := range count {
		name := netmodel.Address(fmt.Sprintf("i%d", i))
		g := *base.Groups[0]
		g.Address = "group_" + name
		rule := g.Ingress.Rules[0]
		g.Ingress.Rules = nil
		for j := range 10 {
			rule.Peer = netmodel.InPrefix(netip.PrefixFrom(netip.AddrFrom4([4]byte{52, byte(i >> 8), byte(i), byte(j)}), 32))
			g.Ingress.Rules = append(g.Ingress.Rules, rule)
		}
		eni := *base.Interfaces[i%2]
		eni.Address = name + ".eni"
		eni.Groups = netmodel.Refs{Links: []netmodel.Ref{netmodel.To(g.Address)}}
		n.Groups = append(n.Groups, &g)
		n.Interfaces = append(n.Interfaces, &eni)
		n.Endpoints = append(n.Endpoints, &netmodel.Endpoint{Address: name, Interfaces: []netmodel.Address{eni.Address}})
		side.Ends = append(side.Ends, end(name))
	}
	return n.Seal(), side
}

func BenchmarkCheck(b *testing.B) {
	n, all := manyInstances(200)
	e := evaluator.New(n)
	internet := assertions.Side{Ends: []assertions.End{end("internet")}}
	for _, c := range []struct {
		name     string
		from, to assertions.Side
	}{{"every pair", all, all}, {"from the internet", internet, all}} {
		as := []assertions.Assertion{{ID: "q", Verb: assertions.MustNotReach, Severity: assertions.Error, Unknown: assertions.FailUnknown,
			Traffic: headerspace.All(), From: c.from, To: c.to}}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			pairs := 0
			for b.Loop() {
				pairs += len(evaluator.Check(e, nil, as, "2026-01-01")[0].Flows)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(pairs), "ns/pair")
		})
	}
}
