package aws

import (
	"net/netip"
	"strings"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var lbListener = &planparse.ResourceType{
	Name:  "aws_lb_listener",
	Doc:   "port on which a load balancer takes connections, and where it brings them",
	Reads: []string{"default_action", "load_balancer_arn", "port", "protocol"},
	Ignores: []string{
		"alpn_policy", "arn", "certificate_arn", "id", "mutual_authentication", "region",
		"routing_http_request_x_amzn_mtls_clientcert_header_name", "routing_http_request_x_amzn_mtls_clientcert_issuer_header_name",
		"routing_http_request_x_amzn_mtls_clientcert_leaf_header_name",
		"routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name",
		"routing_http_request_x_amzn_mtls_clientcert_subject_header_name",
		"routing_http_request_x_amzn_mtls_clientcert_validity_header_name",
		"routing_http_request_x_amzn_tls_cipher_suite_header_name", "routing_http_request_x_amzn_tls_version_header_name",
		"routing_http_response_access_control_allow_credentials_header_value",
		"routing_http_response_access_control_allow_headers_header_value",
		"routing_http_response_access_control_allow_methods_header_value",
		"routing_http_response_access_control_allow_origin_header_value",
		"routing_http_response_access_control_expose_headers_header_value",
		"routing_http_response_access_control_max_age_header_value",
		"routing_http_response_content_security_policy_header_value", "routing_http_response_server_enabled",
		"routing_http_response_strict_transport_security_header_value",
		"routing_http_response_x_content_type_options_header_value", "routing_http_response_x_frame_options_header_value",
		"ssl_policy", "tags", "tags_all", "tcp_idle_timeout_seconds", "timeouts",
	},
	Sets: []string{"default_action.forward.target_group"},
	Accepts: map[string][]string{
		"load_balancer_arn": acceptsBalancer, "default_action.target_group_arn": acceptsTargetGroup,
		"default_action.forward.target_group.arn": acceptsTargetGroup,
	},
	Build: buildLBListener,
}

var dataLBListener = &planparse.ResourceType{
	Name:    "data.aws_lb_listener",
	Doc:     "existing listener of a load balancer, not its rules",
	Reads:   lbListener.Reads,
	Ignores: []string{"alpn_policy", "arn", "certificate_arn", "id", "mutual_authentication", "region", "ssl_policy", "tags", "timeouts"},
	Accepts: map[string][]string{"load_balancer_arn": acceptsBalancer},
	Build:   buildLBListener,
}

var lbListenerRule = &planparse.ResourceType{
	Name:    "aws_lb_listener_rule",
	Doc:     "where a listener brings some of its connections",
	Reads:   []string{"action", "condition", "listener_arn"},
	Ignores: []string{"arn", "id", "priority", "region", "tags", "tags_all", "transform"},
	Sets:    []string{"action.forward.target_group", "condition", "condition.source_ip.values"},
	Accepts: map[string][]string{
		"listener_arn": acceptsListener, "action.target_group_arn": acceptsTargetGroup,
		"action.forward.target_group.arn": acceptsTargetGroup,
	},
	Build: buildLBListenerRule,
}

func buildLBListener(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	l := netmodel.Listener{Address: r.Address, Origin: n.Origin("")}
	l.Accepts, l.Doubt = n.listens()
	l.Forwards, l.Hidden = n.forwards("default_action")
	if r.Mode == planparse.Data {
		l.Hidden = append(l.Hidden, n.outside("", netmodel.UnknownTargets, "the data source does not show the rules of the listener"))
	}
	b.AddListener(n.Ref("load_balancer_arn"), l)
}

func buildLBListenerRule(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	listener := n.Ref("listener_arn")
	sources, open, none := n.sources()
	forwards, hidden := n.forwards("action")
	for _, g := range hidden {
		forwards = append(forwards, netmodel.Forward{Group: netmodel.Unsettled(g), Origin: n.Origin("action"), Doubt: g})
	}
	for _, f := range forwards {
		f.Sources = sources
		if f.Doubt.IsZero() {
			f.Doubt = open
		}
		if !none {
			b.AddForward(listener, f)
		}
	}
}

// listens is the port and the protocol of a listener (LB-7); doubt says why it
// may be another of those in the traffic. That of a Gateway Load Balancer has
// neither.
func (n block) listens() (accepts headerspace.Traffic, doubt netmodel.Gap) {
	port, protocol := n.Int("port"), n.String("protocol")
	protos, doubt := protocolsOf(protocol)
	if n.isOpen("protocol") || protocol.IsNull() {
		if n.isOpen("port") || port.IsNull() {
			return headerspace.All(), netmodel.Gap{}
		}
		protos, doubt = []headerspace.Proto{headerspace.TCP}, netmodel.Gap{} // the default of an Application Load Balancer
	}
	return onPort(protos, port, doubt)
}

// onPort is the traffic of some protocols on a port; all ports of them if the
// port is open.
func onPort(protos []headerspace.Proto, port planparse.Known[int], doubt netmodel.Gap) (headerspace.Traffic, netmodel.Gap) {
	var out headerspace.Traffic
	p, ok := port.Get()
	if doubt.IsZero() && port.IsOpen() {
		doubt = port.Gap()
	}
	for _, proto := range protos {
		part := headerspace.Whole(proto)
		if ok && p > 0 && p < 1<<16 {
			part = headerspace.Ports(proto, uint16(p), uint16(p))
		}
		out = out.Union(part)
	}
	return out, doubt
}

// protocolsOf is the protocols of layer 4 below what listeners and target groups
// call a protocol. doubt says why it may be but one of them.
func protocolsOf(name planparse.Known[string]) (protos []headerspace.Proto, doubt netmodel.Gap) {
	switch strings.ToUpper(name.Or("")) {
	case "HTTP", "HTTPS", "TCP", "TLS", "SSL":
		return []headerspace.Proto{headerspace.TCP}, doubt
	case "UDP", "QUIC", "GENEVE":
		return []headerspace.Proto{headerspace.UDP}, doubt
	}
	if name.IsOpen() {
		doubt = name.Gap()
	}
	return []headerspace.Proto{headerspace.TCP, headerspace.UDP}, doubt // TCP_UDP, TCP_QUIC
}

// forwards is where the actions called name bring connections (LB-14, LB-15).
// more says why there may be other ways.
func (n block) forwards(name string) (out []netmodel.Forward, more []netmodel.Gap) {
	actions, gap := n.Blocks(name)
	if !gap.IsZero() {
		more = append(more, gap)
	}
	add := func(at planparse.Block, name string, doubt netmodel.Gap) {
		f := netmodel.Forward{Group: at.Ref(name), Origin: at.Origin(name), Doubt: doubt}
		if f.Group.IsNone() {
			return
		}
		for _, has := range out { // some states show a group twice
			if has.Group.String() == f.Group.String() && f.Group.IsSettled() {
				return
			}
		}
		out = append(out, f)
	}
	for _, a := range actions {
		kind := a.String("type")
		if kind.Or("forward") != "forward" {
			continue
		}
		var doubt netmodel.Gap
		if kind.IsOpen() {
			doubt = kind.Gap()
		}
		if !n.isComputedIn(a, "target_group_arn") {
			add(a, "target_group_arn", doubt)
		}
		groups, gap := n.at(a, "forward.target_group")
		if !gap.IsZero() && !n.isComputedIn(a, "forward") {
			more = append(more, gap)
		}
		for _, g := range groups {
			weight := g.Int("weight")
			switch {
			case weight.IsOpen():
				add(g, "arn", weight.Gap())
			case weight.Or(1) != 0:
				add(g, "arn", doubt)
			}
		}
	}
	return out, more
}

// isComputedIn reports whether an argument of a nested block is left to the
// provider, which has not chosen yet.
func (n block) isComputedIn(x planparse.Block, name string) bool {
	l := x.Get(name).Leaf()
	return l != nil && l.Unset
}

// sources are the addresses of the clients that a rule is for (LB-16); none
// given: all. open says why they may be others; none reports that no address
// fits.
func (n block) sources() (out []netip.Prefix, open netmodel.Gap, none bool) {
	conditions, open := n.Blocks("condition")
	limited := false
	for _, c := range conditions {
		blocks, more := c.Blocks("source_ip")
		if open.IsZero() {
			open = more
		}
		for _, s := range blocks {
			values, more := s.Prefixes("values")
			var these []netip.Prefix
			for _, v := range values {
				p, ok := v.Get()
				if ok {
					these = append(these, p)
				} else if more.IsZero() {
					more = v.Gap()
				}
			}
			if !more.IsZero() { // anybody, perhaps
				if open.IsZero() {
					open = more
				}
				continue
			}
			if limited {
				these = common(out, these)
			}
			out, limited = these, true
		}
	}
	return out, open, limited && len(out) == 0
}

// common is what two lists of prefixes have in common.
func common(xs, ys []netip.Prefix) []netip.Prefix {
	var out []netip.Prefix
	for _, x := range xs {
		for _, y := range ys {
			switch {
			case !x.Overlaps(y):
			case x.Bits() >= y.Bits():
				out = append(out, x)
			default:
				out = append(out, y)
			}
		}
	}
	return out
}
