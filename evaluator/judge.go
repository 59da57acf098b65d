package evaluator

import (
	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A demand is what an assertion asks of one pair of ends.
type demand struct {
	traffic headerspace.Traffic
	promise bool
	oneWay  bool
	clients assertions.PortRange // the client ports whose replies count
	all     bool                 // every one of them has to return, not only some
	condition
	// exempt are ends that may carry a prohibited flow as proxies (L-34).
	exempt []assertions.End
}

// The client ports of L-44.
var (
	clientsOfPromise     = assertions.PortRange{Lo: 32768, Hi: 65535}
	clientsOfProhibition = assertions.PortRange{Lo: 0, Hi: 65535}
	clientsOfBalancers   = assertions.PortRange{Lo: natPortLo, Hi: natPortHi} // LB-8
)

func demandOf(a *assertions.Assertion) demand {
	d := demand{traffic: a.Traffic, promise: a.Verb.IsPromise(), oneWay: a.OneWay, condition: conditionOf(a), exempt: a.Exempt}
	switch {
	case a.SourcePort != nil:
		d.clients, d.all = *a.SourcePort, d.promise
	case !d.promise:
		d.clients = clientsOfProhibition
	case a.DefaultSourcePort != nil:
		d.clients = *a.DefaultSourcePort
	default:
		d.clients = clientsOfPromise
	}
	return d
}

// needsReply reports whether traffic of p passes only if its reply does
// (L-44, L-45).
func (d demand) needsReply(p headerspace.Proto) bool {
	return !d.oneWay && (d.promise || p == headerspace.TCP)
}

// judge is what passes of a passage in the sense of the demand: forward, and
// as far as replies are needed, back.
func (d demand) judge(way passage) headerspace.Tri {
	answered := everything
	for _, p := range []headerspace.Proto{headerspace.TCP, headerspace.UDP} {
		if d.needsReply(p) {
			answered = replaceProto(answered, p, d.portsReturn(way.back, p))
		}
	}
	if d.needsReply(headerspace.ICMP) {
		for _, p := range []headerspace.Proto{headerspace.ICMP, headerspace.ICMPv6} {
			for t := range 256 {
				reply, ok := headerspace.ReplyType(p, uint8(t))
				if !ok {
					continue
				}
				fate := fateOf(way.back, headerspace.ICMPTypes(p, int(reply), 0))
				answered = answered.And(onlyWithin(headerspace.ICMPTypes(p, t, -1), fate))
			}
		}
		rest := headerspace.All()
		for _, p := range []headerspace.Proto{headerspace.TCP, headerspace.UDP, headerspace.ICMP, headerspace.ICMPv6} {
			rest = rest.Minus(headerspace.Whole(p))
		}
		answered = answered.And(way.back.Or(headerspace.Exactly(headerspace.All().Minus(rest))))
	}
	return way.there.And(answered)
}

// portsReturn is whether the replies that the demand needs return.
func (d demand) portsReturn(back headerspace.Tri, p headerspace.Proto) tri {
	ports := headerspace.Ports(p, d.clients.Lo, d.clients.Hi)
	if d.all {
		return fateOf(back, ports)
	}
	switch {
	case back.Yes().Overlaps(ports):
		return yes
	case back.No().ContainsAll(ports):
		return no
	}
	return maybe
}

// fateOf is yes if all of t passes, no if some of it certainly does not.
func fateOf(x headerspace.Tri, t headerspace.Traffic) tri {
	switch {
	case x.Yes().ContainsAll(t):
		return yes
	case x.No().Overlaps(t):
		return no
	}
	return maybe
}

// replaceProto is x with all of p having the given fate.
func replaceProto(x headerspace.Tri, p headerspace.Proto, fate tri) headerspace.Tri {
	return x.And(onlyWithin(headerspace.Whole(p), fate))
}

// onlyWithin gives the traffic t a fate and lets everything else pass.
func onlyWithin(t headerspace.Traffic, fate tri) headerspace.Tri {
	rest := headerspace.All().Minus(t)
	switch fate {
	case yes:
		return everything
	case no:
		return headerspace.NewTri(rest, t)
	case maybe:
	}
	return headerspace.AtLeast(rest)
}

// lost is the client ports of p within the demand's range whose replies
// certainly do not return.
func (d demand) lost(back headerspace.Tri, p headerspace.Proto) []assertions.PortRange {
	var out []assertions.PortRange
	for _, r := range back.No().Intersect(headerspace.Ports(p, d.clients.Lo, d.clients.Hi)).PortRanges(p) {
		out = append(out, assertions.PortRange{Lo: r[0], Hi: r[1]})
	}
	return out
}

// by is the demand on what a given source sends: the connections of a load
// balancer come from other ports than those of hosts (NACL-18).
func (d demand) by(n *netmodel.Network, from terminal) demand {
	if d.clients == clientsOfPromise && !d.all && from.endpoint != nil && n.LoadBalancer(from.endpoint.Address) != nil {
		d.clients = clientsOfBalancers
	}
	return d
}
