package report

import (
	"fmt"
	"strings"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A leg is one way of a flow: the ends as its packets see them.
type leg struct {
	from, to assertions.End
	reply    bool
}

// rule is what decided at h, in words.
func (f Facts) rule(h evaluator.Hop, l leg) string {
	switch s := h.Step.(type) {
	case evaluator.Filtered:
		return f.filtered(h, s, l)
	case evaluator.Routed:
		return f.routed(h, s, l)
	case evaluator.Translated:
		return f.translated(h, s, l)
	case evaluator.Passed:
		return f.passed(h, l)
	}
	panic(fmt.Sprintf("report: a hop with the step %T", h.Step))
}

func (f Facts) filtered(h evaluator.Hop, s evaluator.Filtered, l leg) string {
	switch {
	case s.Reply:
		return "reply to an admitted flow"
	case s.Rule != nil && h.Kind == evaluator.NetworkACL:
		text := fmt.Sprintf("rule %d %s", s.Rule.Number, s.Rule.Action)
		if h.Result != evaluator.HopPass {
			text += " " + f.filterRule(s.Rule, h.Direction)
		}
		return text
	case s.Rule != nil:
		return f.filterRule(s.Rule, h.Direction)
	case h.Result == evaluator.HopUnknown:
		return fmt.Sprintf("whether a rule admits %s %s is not known", traffic(h), f.farEnd(h, l))
	case h.Result == evaluator.HopPass:
		return "admitted by default"
	case h.Code == netmodel.SGHasNoRules:
		return fmt.Sprintf("it has no %s rules", h.Direction)
	}
	return fmt.Sprintf("no rule admits %s %s", traffic(h), f.farEnd(h, l))
}

// traffic is the protocol and port of the packet at h.
func traffic(h evaluator.Hop) string { return headerspace.One(h.Packet).String() }

// farEnd is the end that h's filter sees on the other side, with its
// preposition.
func (f Facts) farEnd(h evaluator.Hop, l leg) string {
	if h.Direction == netmodel.Egress {
		return "to " + f.end(l.to)
	}
	return "from " + f.end(l.from)
}

// filterRule is what a rule names: "tcp/5432 from 0.0.0.0/0".
func (f Facts) filterRule(r *netmodel.Rule, d netmodel.Direction) string {
	side := "from "
	if d == netmodel.Egress {
		side = "to "
	}
	what := hidden
	if !r.Sensitive {
		what = matchText(r.Match)
	}
	return what + " " + side + f.peer(r.Peer)
}

func matchText(m headerspace.Tri) string {
	open := m.Open()
	switch {
	case open.IsEmpty():
		return trafficText(m.Yes())
	case m.Yes().IsEmpty() && m.No().IsEmpty():
		return "traffic that is not known"
	case m.Yes().IsEmpty():
		return "part of " + trafficText(m.May())
	}
	return trafficText(m.Yes()) + " and perhaps " + trafficText(open)
}

// trafficText is t, where everything of one address family is any.
func trafficText(t headerspace.Traffic) string {
	if t.ContainsAll(headerspace.Family(false)) || t.ContainsAll(headerspace.Family(true)) {
		return "any"
	}
	return t.String()
}

func (f Facts) peer(p netmodel.Peer) string {
	if p.Sensitive {
		return hidden
	}
	switch p.Kind {
	case netmodel.PeerPrefix:
		return f.prefix(p.Prefix)
	case netmodel.PeerGroup, netmodel.PeerPrefixList:
		return refText(p.Ref)
	case netmodel.PeerOpen:
		return "addresses that are not known"
	}
	panic("report: a peer of no kind")
}

func refText(r netmodel.Ref) string {
	if a, ok := r.Exact(); ok {
		return plainName(string(a))
	}
	if r.IsNone() {
		return "nothing"
	}
	among, closed := r.Among()
	if !closed || len(among) == 0 {
		return "something that is not known"
	}
	names := make([]string, len(among))
	for i, a := range among {
		names[i] = plainName(string(a))
		if a == "" {
			names[i] = "nothing"
		}
	}
	return "one of " + strings.Join(names, ", ")
}

func (f Facts) routed(h evaluator.Hop, s evaluator.Routed, l leg) string {
	switch {
	case s.IsLocal && s.Local.IsValid():
		return f.prefix(s.Local) + " -> local"
	case s.IsLocal:
		return "the VPC's range -> local"
	case s.Route != nil:
		return f.peer(s.Route.Destination) + " -> " + refText(s.Route.Target) + routeBlock(h)
	case h.Result == evaluator.HopUnknown:
		return "whether it has a route to " + f.address(h.Packet.Dst, l.to) + " is not known"
	case l.reply:
		return "no route back to " + f.address(h.Packet.Dst, l.to)
	}
	return "no route to " + f.address(h.Packet.Dst, l.to)
}

// routeBlock is why a route that matches does not carry the packet.
func routeBlock(h evaluator.Hop) string {
	switch {
	case h.Result != evaluator.HopBlock:
		return ""
	case h.Code == netmodel.BadStateRoute:
		return ", which is gone"
	case h.Code == netmodel.ReturnAsymmetric:
		return ", which does not carry these replies"
	}
	return ": " + sentence(h.Code)
}

func (f Facts) translated(h evaluator.Hop, s evaluator.Translated, l leg) string {
	out := l.to.Kind != assertions.EndpointEnd
	switch {
	case h.Result != evaluator.HopPass && isPublicAddressCode(h.Code) && s.Endpoint != "":
		return string(s.Endpoint) + " has no public address"
	case h.Result == evaluator.HopUnknown && s.Endpoint != "":
		return "whether " + string(s.Endpoint) + " gets through with a public address is not known"
	case h.Result != evaluator.HopPass:
		return f.passed(h, l)
	case h.Kind == evaluator.NATGateway && l.reply:
		return "back to the address that the gateway replaced"
	case h.Kind == evaluator.NATGateway:
		return "the gateway's address becomes the source"
	case out:
		return "to " + f.end(l.to)
	case s.Endpoint != "":
		return "to the public address of " + string(s.Endpoint)
	}
	return "to the private address"
}

func isPublicAddressCode(c netmodel.Code) bool {
	return c == netmodel.IGWPublicIPForEgress || c == netmodel.IGWPrivateIPForIngress
}

// passed is what happened at a component without rules or routes.
func (f Facts) passed(h evaluator.Hop, l leg) string {
	switch {
	case h.Code == netmodel.IGWPrivateIPForIngress && h.Result == evaluator.HopBlock:
		return f.end(l.to) + " has no public address"
	case h.Code == netmodel.IGWPublicIPForEgress && h.Result == evaluator.HopBlock:
		return f.end(l.from) + " has no public address"
	case h.Kind == evaluator.Outside && h.Result == evaluator.HopBlock &&
		(h.Code == netmodel.NoRouteToDestination || h.Code == netmodel.ReturnNoRoute):
		return "nothing in the plan carries packets between " + f.end(l.from) + " and " + f.end(l.to)
	case h.Code == netmodel.BadStateAttachment && f.Network != nil && f.Network.VPC(h.Address) != nil:
		return "no internet gateway is attached to it"
	case h.Code != "":
		return sentence(h.Code)
	}
	switch h.Result {
	case evaluator.HopPass:
		return forwards(h)
	case evaluator.HopBlock:
		return "does not let it through"
	case evaluator.HopUnknown:
		return "whether it lets this through is not known"
	}
	panic("report: a hop without result")
}

// forwards is what a component does that lets a packet through.
func forwards(h evaluator.Hop) string {
	port := func() string { return headerspace.Ports(h.Packet.Proto, h.Packet.DstPort, h.Packet.DstPort).String() }
	switch {
	case h.Kind == evaluator.Listener:
		return "listens on " + port()
	case h.Kind == evaluator.TargetGroup:
		return "has it as a target on " + port()
	case len(h.Notes) > 0:
		return sentence(h.Notes[0])
	case h.Kind == evaluator.VPCEndpoint:
		return "takes it to its service"
	case h.Kind == evaluator.LoadBalancer:
		return "its node in this zone takes it for the service"
	}
	return "forwards it"
}

// closest is the rule that nearly admitted the packet at h; nil if there is
// none.
func (f Facts) closest(h evaluator.Hop, l leg) *Closest {
	s, ok := h.Step.(evaluator.Filtered)
	if !ok || s.Closest == nil {
		return nil
	}
	r := s.Closest.Rule
	file, line := f.position(r.Origin)
	if isMadeByAWS(string(h.Address), string(r.Origin.Address)) {
		file, line = "", 0
	}
	return &Closest{
		Address: string(r.Origin.Address), Rule: f.filterRule(r, h.Direction),
		Differs: f.differs(h, s.Closest, l), File: file, Line: line,
	}
}

func (f Facts) differs(h evaluator.Hop, c *evaluator.Closest, l leg) string {
	switch c.Field {
	case evaluator.FieldProtocol:
		return fmt.Sprintf("the protocol is %s", h.Packet.Proto)
	case evaluator.FieldPort:
		if h.Packet.Proto.HasTypes() {
			return fmt.Sprintf("the ICMP type is %d", h.Packet.ICMPType)
		}
		return fmt.Sprintf("the port is %d", h.Packet.DstPort)
	case evaluator.FieldFamily:
		if c.Rule.Peer.Kind == netmodel.PeerPrefix && !c.Rule.Peer.Prefix.Addr().Is6() {
			return "the packet is IPv6"
		}
		return "the packet is IPv4"
	case evaluator.FieldAddress:
		return f.addressDiffers(h, c, l)
	}
	panic(fmt.Sprintf("report: invalid PacketField %d", uint8(c.Field)))
}

func (f Facts) addressDiffers(h evaluator.Hop, c *evaluator.Closest, l leg) string {
	who, at, end := "source", h.Packet.Src, l.from
	if h.Direction == netmodel.Egress {
		who, at, end = "destination", h.Packet.Dst, l.to
	}
	if end.Kind == assertions.InternetEnd && c.Rule.Peer.Kind == netmodel.PeerPrefix {
		return fmt.Sprintf("the %s is another address of the internet", who)
	}
	text := fmt.Sprintf("the %s is %s", who, f.address(at, end))
	switch c.Rule.Peer.Kind {
	case netmodel.PeerGroup:
		return text + ", which is not in that group"
	case netmodel.PeerPrefixList:
		return text + ", which is not on that list"
	case netmodel.PeerPrefix, netmodel.PeerOpen:
	}
	return text + ", which is outside"
}
