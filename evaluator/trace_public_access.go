package evaluator

import "github.com/planreach/planreach/netmodel"

// blockPublic makes a hop at an internet gateway one that Block Public Access
// stops, if it does so where the packet is.
func (t *tracer) blockPublic(hop *Hop, s *netmodel.Subnet, vpc netmodel.Address, byGateway bool) {
	if hop.Result == HopBlock {
		return
	}
	for _, b := range t.n.PublicAccess {
		covers := b.Covers(vpc)
		if covers.IsOpen() && b.On.IsFalse() || !t.w.holds(b.Address, shutQuestion(vpc), covers) {
			continue
		}
		if !t.w.holds(b.Address, "on", b.On) || byGateway && !t.w.holds(b.Address, "all", b.All) {
			continue
		}
		excluded, gaps := t.excluded(s, vpc, byGateway)
		switch {
		case excluded:
		case len(gaps) > 0:
			hop.Result, hop.Code, hop.Gaps = HopUnknown, codeOf(gaps), gaps
		default:
			hop.Result, hop.Code, hop.Step, hop.Gaps = HopBlock, netmodel.PublicAccessBlocked, Passed{}, nil
			hop.Origin = b.Origin
			return
		}
	}
}

// excluded reports whether Block Public Access exempts the traffic of a place;
// gaps say why it may.
func (t *tracer) excluded(s *netmodel.Subnet, vpc netmodel.Address, byGateway bool) (bool, []netmodel.Gap) {
	var gaps []netmodel.Gap
	for _, x := range t.n.PublicAccessExclusions {
		a, okV := t.w.follow(x.Address, "VPC", x.VPC)
		b, okS := t.w.follow(x.Address, "subnet", x.Subnet)
		var gap netmodel.Gap
		switch {
		case !okV:
			gap = x.VPC.Gap()
		case !okS:
			gap = x.Subnet.Gap()
		case b != "" && s == nil:
			gap = netmodel.Gap{Origin: x.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownBPAMode,
				Detail: "whether a subnet that is excluded may use a regional NAT gateway"}
		case a != "" && a == vpc, b != "" && b == s.Address:
		default:
			continue
		}
		if !byGateway && !t.w.holds(x.Address, "both ways", x.BothWays) {
			continue
		}
		if gap.IsZero() {
			return true, nil
		}
		gaps = append(gaps, gap)
	}
	return false, gaps
}
