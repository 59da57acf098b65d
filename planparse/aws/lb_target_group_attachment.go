package aws

import (
	"net/netip"
	"regexp"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var lbTargetGroupAttachment = &planparse.ResourceType{
	Name:    "aws_lb_target_group_attachment",
	Doc:     "registers an instance, an address or an Application Load Balancer with a target group",
	Reads:   []string{"availability_zone", "port", "target_group_arn", "target_id"},
	Ignores: []string{"id", "quic_server_id", "region"},
	Accepts: map[string][]string{"target_group_arn": acceptsTargetGroup, "target_id": acceptsTarget},
	Build:   buildLBTargetGroupAttachment,
}

// acceptsTarget are the types whose objects, or addresses, can be targets.
var acceptsTarget = []string{"aws_instance", "data.aws_instance", "aws_network_interface", "data.aws_network_interface",
	"aws_lb", "aws_alb", "data.aws_lb", "data.aws_alb", "aws_lambda_function", "aws_lambda_alias", "data.aws_lambda_function"}

func buildLBTargetGroupAttachment(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	t := netmodel.Target{Origin: n.Origin("target_id"), AnyZone: n.String("availability_zone").Or("") == "all"}
	group, port := n.Ref("target_group_arn"), n.Int("port")
	if addr, ok := n.Addr("target_id").Get(); ok {
		t.Addr = addr
		if n.Addr("target_id").IsSensitive() {
			b.AddSensitive(netip.PrefixFrom(addr, addr.BitLen()))
		}
		b.AddTarget(group, t, port)
		return
	}
	to := n.Ref("target_id")
	if id, ok := n.Addr("target_id").Host(); ok && id.Attr == publicIP { // no target has it; AWS refuses that
		to = netmodel.Unsettled(n.Gap("target_id"))
	}
	n.afterEnds(func() {
		if t.To = n.targetOf(to); !n.isFunction(t.To) {
			b.AddTarget(group, t, port)
		}
	})
}

// afterEnds has f called when all interfaces belong to their ends.
func (n block) afterEnds(f func()) { n.afterInterfaces(func() { n.b.Later(f) }) }

// targetOf is the interface, or the end with all its interfaces, that r leads to
// if that is an instance, a load balancer or something with an address (LB-10).
func (n block) targetOf(r netmodel.Ref) netmodel.Ref {
	r = n.b.CanonicalRef(r)
	among, closed := r.Among()
	var out []netmodel.Address
	gap := r.Gap()
	for _, a := range among {
		some, settled, more := n.targetsAt(a)
		out = append(out, some...)
		if !settled {
			gap = more
			closed = closed && !more.IsZero() && len(some) > 0
		}
	}
	if !closed {
		return netmodel.Unsettled(gap, out...)
	}
	return netmodel.OneOf(gap, out...)
}

// targetsAt is what a link to a means as a target; if settled is false it is one
// of these, or more are possible if there are none.
func (n block) targetsAt(a netmodel.Address) (among []netmodel.Address, settled bool, why netmodel.Gap) {
	if a == "" {
		return []netmodel.Address{""}, true, why
	}
	for _, name := range []netmodel.Address{a, primaryInterface(a)} {
		if x := interfaceAt(n.b, name); x != nil {
			return []netmodel.Address{x.Address}, true, why
		}
	}
	e := byAddress(n.b, n.b.Network().Endpoints, func(e *netmodel.Endpoint) netmodel.Address { return e.Address }, a)
	switch {
	case e == nil:
		return []netmodel.Address{a}, true, why
	case e.Type != "aws_instance" && e.Type != "data.aws_instance" || len(e.Interfaces) == 1 && e.More.IsZero():
		return []netmodel.Address{e.Address}, true, why
	}
	why = netmodel.Gap{Origin: n.Origin("target_id"), Why: netmodel.OutsidePlan, Code: netmodel.UnknownReference,
		Detail: "the plan does not tell which interface of " + string(e.Address) + " is the primary one"}
	if !e.More.IsZero() {
		return nil, false, e.More
	}
	return e.Interfaces, false, why
}

// isFunction reports whether r leads to a Lambda function, which gets no packets
// from a load balancer.
func (n block) isFunction(r netmodel.Ref) bool {
	a, ok := r.Exact()
	return ok && function.MatchString(string(a))
}

// function matches the addresses of functions and what belongs to them, and their
// ARNs.
var function = regexp.MustCompile(`^((module\.[^.[]+(\[[^]]*\])?\.)*aws_lambda_|arn:[^:]*:lambda:)`)
