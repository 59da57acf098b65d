package evaluator_test

import (
	"fmt"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// sharingNetwork is twoSubnets with so many instances that share its groups, and
// all of them as a side and as groups of a matrix by subnet.
func sharingNetwork(count int) (*netmodel.Network, assertions.Side, []evaluator.MatrixGroup) {
	base := twoSubnets()
	n := &netmodel.Network{VPCs: base.VPCs, ACLs: base.ACLs, Subnets: base.Subnets, RouteTables: base.RouteTables,
		InternetGateways: base.InternetGateways, NATGateways: base.NATGateways, Groups: base.Groups}
	var side assertions.Side
	groups := []evaluator.MatrixGroup{{Name: "internet", Internet: true}, {Name: "0"}, {Name: "1"}}
	for i := range count {
		name := netmodel.Address(fmt.Sprintf("i%d", i))
		eni := *base.Interfaces[i%2]
		eni.Address = name + ".eni"
		eni.Origin.Address = name
		n.Interfaces = append(n.Interfaces, &eni)
		n.Endpoints = append(n.Endpoints, &netmodel.Endpoint{Address: name, Interfaces: []netmodel.Address{eni.Address}})
		side.Ends = append(side.Ends, end(name))
		groups[1+i%2].Members = append(groups[1+i%2].Members, name)
	}
	return n.Seal(), side, groups
}

// However many endpoints there are, the engine is asked once for each two
// classes.
func TestSharingDoesNotGrow(t *testing.T) {
	internet := assertions.Side{Ends: []assertions.End{end("internet")}}
	asked := map[string][]int{}
	for _, count := range []int{100, 10_000} {
		n, all, groups := sharingNetwork(count)
		_, matrix := evaluator.MatrixAsked(evaluator.New(n), groups)
		as := []assertions.Assertion{{ID: "q", Verb: assertions.MustNotReach, Severity: assertions.Error, Unknown: assertions.FailUnknown,
			Traffic: headerspace.All(), From: internet, To: all}}
		results, check := evaluator.CheckShared(evaluator.New(n), nil, as, "2026-01-01")
		if len(results[0].Flows) != count {
			t.Fatalf("%d flows of %d", len(results[0].Flows), count)
		}
		asked["matrix"], asked["check"] = append(asked["matrix"], matrix), append(asked["check"], check)
	}
	t.Log(asked)
	for what, counts := range asked {
		if counts[0] != counts[1] || counts[0] > 10 {
			t.Errorf("%s asks the engine %d times for 100 endpoints and %d times for 10000", what, counts[0], counts[1])
		}
	}
}

func BenchmarkSharing(b *testing.B) {
	for _, count := range []int{100, 1000, 10_000} {
		n, all, groups := sharingNetwork(count)
		e := evaluator.New(n)
		b.Run(fmt.Sprintf("matrix of %d", count), func(b *testing.B) {
			for b.Loop() {
				e.Matrix(groups)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*count*count), "ns/pair")
		})
		if count > 1000 {
			continue
		}
		as := []assertions.Assertion{{ID: "q", Verb: assertions.MustNotReach, Severity: assertions.Error, Unknown: assertions.FailUnknown,
			Traffic: headerspace.All(), From: all, To: all}}
		b.Run(fmt.Sprintf("every pair of %d, explained", count), func(b *testing.B) {
			for b.Loop() {
				evaluator.Check(e, nil, as, "2026-01-01")
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*count*count), "ns/pair")
		})
	}
}
