package report

import (
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
)

// NewList tells what the selector means: the given endpoints, found as
// matchedBy says.
func NewList(f Facts, selector, matchedBy, world string, endpoints []netmodel.Address) *List {
	l := &List{FormatVersion: FormatVersion, Selector: selector, MatchedBy: matchedBy, World: world, Endpoints: []Endpoint{}}
	for _, a := range endpoints {
		if e := f.Network.Endpoint(a); e != nil {
			l.Endpoints = append(l.Endpoints, f.endpoint(e))
		}
	}
	return l
}

func (f Facts) endpoint(e *netmodel.Endpoint) Endpoint {
	file, line := f.position(e.Origin)
	out := Endpoint{
		Address: string(e.Address), Type: e.Type, NameTag: e.Name,
		Subnets: []string{}, SecurityGroups: []string{}, AvailabilityZones: []string{}, Families: []string{},
		PrivateAddresses: []string{}, PublicAddresses: []string{}, AddressesKnown: e.More.IsZero(),
		Groups: []string{}, Change: f.change(e.Address), File: file, Line: line,
	}
	for _, name := range e.Interfaces {
		if i := f.Network.Interface(name); i != nil {
			f.addInterface(&out, i)
		}
	}
	return out
}

func (f Facts) addInterface(out *Endpoint, i *netmodel.Interface) {
	if s, ok := i.Subnet.Exact(); ok {
		add(&out.Subnets, string(s))
		if subnet := f.Network.Subnet(s); subnet != nil {
			f.addSubnet(out, subnet)
		}
	}
	for _, g := range i.Groups.Links {
		if a, ok := g.Exact(); ok {
			add(&out.SecurityGroups, string(a))
		}
	}
	families := []struct {
		name  string
		has   netmodel.Truth
		known []netip.Addr
	}{{"ipv4", i.HasIPv4, i.IPv4}, {"ipv6", i.HasIPv6, i.IPv6}}
	for _, v := range families {
		if v.has.IsTrue() {
			add(&out.Families, v.name)
		}
		if !v.has.IsFalse() && len(v.known) == 0 {
			out.AddressesKnown = false
		}
		for _, a := range v.known {
			add(&out.PrivateAddresses, f.addr(a))
		}
	}
	switch {
	case i.ElasticIP.IsValid():
		add(&out.PublicAddresses, f.addr(i.ElasticIP))
	case i.PublicIPv4.IsValid():
		add(&out.PublicAddresses, f.addr(i.PublicIPv4))
	case !i.Elastic.IsFalse() || !i.AutoPublic.IsFalse():
		out.AddressesKnown = false
	}
}

func (f Facts) addSubnet(out *Endpoint, s *netmodel.Subnet) {
	if vpc, ok := s.VPC.Exact(); ok {
		out.VPC = string(vpc)
	}
	if s.Zone != "" {
		add(&out.AvailabilityZones, s.Zone)
	}
}

func add(to *[]string, text string) {
	if !slices.Contains(*to, text) {
		*to = append(*to, text)
	}
}

func writeListText(w io.Writer, l *List, s Style) error {
	p := &printer{Style: s}
	heading := join("   ", l.Selector, l.MatchedBy)
	switch l.MatchedBy {
	case "group", "name":
		heading = l.MatchedBy + " \"" + l.Selector + "\""
	case "all":
		heading = "all endpoints"
	}
	p.line("%s   %s", heading, count(len(l.Endpoints), "endpoint", "endpoints"))
	var rows [][]string
	for _, e := range l.Endpoints {
		rows = append(rows, []string{
			"  " + e.Address, addressesText(e), strings.Join(e.Subnets, ", "),
			strings.Join(e.SecurityGroups, ", "), join("    ", place(e.File, e.Line), addedWord(e.Change)),
		})
	}
	for _, row := range columns(rows) {
		p.line("%s", row)
	}
	return p.flush(w)
}

func addressesText(e Endpoint) string {
	all := slices.Concat(e.PrivateAddresses, e.PublicAddresses)
	if !e.AddressesKnown {
		all = append(all, "known after apply")
	}
	return strings.Join(all, ", ")
}

func addedWord(change string) string {
	return map[string]string{"add": "+ added", "update": "~ changed", "replace": "~ replaced"}[change]
}
