package assertions

import (
	"bytes"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/tools/txtar"

	"github.com/planreach/planreach/netmodel"
)

var update = flag.Bool("update", false, "rewrite what the cases expect")

// TestSpec runs the cases of testdata/spec; its README tells how to read them.
func TestSpec(t *testing.T) {
	files, err := filepath.Glob("testdata/spec/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := runCase(t, archive)
			if *update {
				setFile(archive, "want.txt", got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(fileOf(archive, "want.txt")), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func fileOf(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func setFile(a *txtar.Archive, name, text string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(text)
			return
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
}

// runCase is the assertions and diagnostics of a case as text.
func runCase(t *testing.T, a *txtar.Archive) string {
	t.Helper()
	in := Input{Version: "0.2.1"}
	var lists []string
	for _, f := range a.Files {
		switch {
		case isAssertionFile(f.Name):
			in.Sources = append(in.Sources, Source{Path: f.Name, Bytes: f.Data, Dir: filepath.Dir(f.Name)})
		case f.Name == "flows.txt":
			in.Flows = lines(f.Data)
		case f.Name == "vars.txt":
			in.Variables.Flags = lines(f.Data)
		case f.Name == "list.txt":
			lists = lines(f.Data)
		case strings.HasSuffix(f.Name, ".vars.hcl"):
			in.Variables.Files = append(in.Variables.Files, Source{Path: f.Name, Bytes: f.Data})
		}
	}
	set, diags := Parse(in)
	inv := parsePlan(t, fileOf(a, "plan.txt"))
	var out bytes.Buffer
	assumed, more := set.Assumptions(inv)
	diags = append(diags, more...)
	for _, x := range assumed {
		writeAssumption(&out, x)
	}
	as, more := set.Resolve(inv, Defaults{})
	diags = append(diags, more...)
	for _, x := range as {
		writeAssertion(&out, x)
	}
	for _, l := range lists {
		s, more := set.Select(inv, l)
		if more.HasErrors() {
			fmt.Fprintf(&out, "%s  %s: %s\n", l, more[0].Summary, more[0].Detail)
			continue
		}
		fmt.Fprintf(&out, "%s  is by %s: %s\n", l, s.MatchedBy, endsText(s.Ends))
	}
	if err := hcl.NewDiagnosticTextWriter(&out, set.Files(), 0, false).WriteDiagnostics(diags); err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

func lines(data []byte) []string {
	return strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' })
}

func writeAssertion(out *bytes.Buffer, a Assertion) {
	fmt.Fprintf(out, "%s %q\n", a.Verb, a.ID)
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(out, "  %-11s %s\n", name, text)
		}
	}
	if a.SkippedBecause != "" {
		line("skipped", a.SkippedBecause)
		return
	}
	side := func(s Side) string {
		if s.Any {
			return "any of " + endsText(s.Ends)
		}
		return endsText(s.Ends)
	}
	if a.Verb == Isolate {
		for _, g := range a.Groups {
			line("group", endsText(g))
		}
		for _, f := range a.Except {
			line("except", fmt.Sprintf("%s (%s to %s, %s)", f.Text, endsText(f.From), endsText(f.To), f.Traffic))
		}
	} else {
		line("from", side(a.From))
		line("to", side(a.To))
	}
	if a.Verb == Only {
		line("but not", endsText(a.Exempt))
	}
	for _, way := range []struct {
		name   string
		points []Waypoint
	}{{"through", a.Through}, {"avoid", a.Avoid}, {"unless by", a.UnlessThrough}} {
		for _, p := range way.points {
			line(way.name, fmt.Sprintf("%s %v", p.Text, p.Objects))
		}
	}
	line("traffic", a.Traffic.String())
	set := func(name string, on bool) {
		if on {
			line(name, "true")
		}
	}
	set("both ways", a.BothWays)
	set("one way", a.OneWay)
	ports := func(name string, r *PortRange) {
		if r != nil {
			line(name, fmt.Sprintf("%d-%d", r.Lo, r.Hi))
		}
	}
	ports("source port", a.SourcePort)
	ports("by default", a.DefaultSourcePort)
	if a.Severity != Error {
		line("severity", a.Severity.String())
	}
	if a.Unknown != FailUnknown {
		line("unknown", a.Unknown.String())
	}
	line("description", a.Description)
	for _, k := range sortedKeys(a.Labels) {
		line("label "+k, a.Labels[k])
	}
	for _, w := range a.Waivers {
		for _, f := range w.Flows {
			line("waived", fmt.Sprintf("%s (%s to %s, %s) until %s: %s", f.Text, endsText(f.From), endsText(f.To), f.Traffic, w.Until, w.Reason))
		}
	}
}

func endsText(ends []End) string {
	var out []string
	for _, e := range ends {
		text := e.String()
		if !e.Doubt.IsZero() {
			text += "?"
		}
		out = append(out, text)
	}
	if out == nil {
		return "nothing"
	}
	return strings.Join(out, ", ")
}

func writeAssumption(out *bytes.Buffer, a Assumption) {
	fmt.Fprintf(out, "assume %s: %s\n", a.Target, a.Reason)
	for _, k := range sortedKeys(a.Values) {
		v := a.Values[k]
		if v.Address != "" {
			fmt.Fprintf(out, "  %s = %s.%s\n", k, v.Address, v.Attr)
			continue
		}
		fmt.Fprintf(out, "  %s = %#v\n", k, v.Value)
	}
}

// parsePlan reads the plan of a case.
func parsePlan(t testing.TB, data []byte) Inventory {
	t.Helper()
	n := &netmodel.Network{}
	inv := Inventory{Network: n, Declared: []Declared{}, Modules: []ModuleInstance{{}}}
	for _, line := range lines(data) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		switch words[0] {
		case "state":
			inv.Declared = nil
		case "declared":
			declare(t, &inv, words[1])
		case "deleted":
			inv.Deleted = append(inv.Deleted, netmodel.Address(words[1]))
		case "interface": // interface ADDRESS of ENDPOINT
			i := slices.IndexFunc(n.Endpoints, func(e *netmodel.Endpoint) bool { return string(e.Address) == words[3] })
			n.Endpoints[i].Interfaces = append(n.Endpoints[i].Interfaces, netmodel.Address(words[1]))
		case "module":
			inv.Modules = append(inv.Modules, ModuleInstance{Address: words[1], Dir: words[2]})
			call := address{modules: bareSteps(planModule(words[1]))}.String()
			inv.Calls = append(inv.Calls, ModuleCall{call, words[2]})
		case "call":
			inv.Calls = append(inv.Calls, ModuleCall{words[1], words[2]})
		case "var":
			if inv.Modules[0].Variables == nil {
				inv.Modules[0].Variables = map[string]cty.Value{}
			}
			v := cty.StringVal(words[2])
			switch words[2] {
			case "unknown":
				v = cty.UnknownVal(cty.String)
			case "sensitive":
				v = v.Mark(Sensitive)
			}
			inv.Modules[0].Variables[words[1]] = v
		case "route": // route CIDR GATEWAY
			n.RouteTables = append(n.RouteTables, &netmodel.RouteTable{
				Address: netmodel.Address("aws_route_table." + fmt.Sprint(len(n.RouteTables))), Routes: []netmodel.Route{route(words[1], words[2])},
			})
		default:
			addResource(t, &inv, words)
		}
	}
	n.Seal()
	return inv
}

func route(destination, target string) netmodel.Route {
	r := netmodel.Route{Target: netmodel.To(netmodel.Address(target))}
	if destination == "?" {
		r.Destination = netmodel.Peer{Kind: netmodel.PeerOpen, V4: true, Gap: netmodel.Gap{Why: netmodel.UntilApply, Code: netmodel.UnknownValue}}
	} else {
		r.Destination = netmodel.InPrefix(netip.MustParsePrefix(destination))
	}
	return r
}

func declare(t testing.TB, inv *Inventory, text string) {
	t.Helper()
	a, ok := planAddress(netmodel.Address(text))
	if !ok {
		t.Fatalf("plan.txt: not an address: %s", text)
	}
	if inv.Declared != nil {
		inv.Declared = append(inv.Declared, Declared{
			Module: address{modules: bareSteps(a.modules)}.String(), Data: a.data, Type: a.typ, Name: a.name.name,
		})
	}
}

// addResource reads "ADDRESS [in LINK] [groups LINK…] [tag KEY=VALUE]…", where a
// LINK with a question mark may lead there or elsewhere.
func addResource(t testing.TB, inv *Inventory, words []string) {
	t.Helper()
	at := netmodel.Address(words[0])
	a, ok := planAddress(at)
	if !ok {
		t.Fatalf("plan.txt: not an address: %s", at)
	}
	declare(t, inv, words[0])
	inv.Instances = append(inv.Instances, Instance{Address: at, Module: address{modules: a.modules}.String(), Data: a.data, Type: a.typ, Name: a.name.name})
	origin := netmodel.Origin{Address: at}
	gap := netmodel.Gap{Origin: origin, Why: netmodel.UntilApply, Code: netmodel.UnknownReference}
	link := func(w string) netmodel.Ref {
		if to, doubt := strings.CutSuffix(w, "?"); doubt {
			return netmodel.Unsettled(gap, netmodel.Address(to))
		}
		return netmodel.To(netmodel.Address(w))
	}
	in := netmodel.NoLink()
	var groups netmodel.Refs
	tags := map[string]string{}
	var tagsOpen netmodel.Gap
	for i := 1; i+1 < len(words); i += 2 {
		switch words[i] {
		case "in":
			in = link(words[i+1])
		case "group":
			groups.Links = append(groups.Links, link(words[i+1]))
		case "tag":
			k, v, _ := strings.Cut(words[i+1], "=")
			if k == "?" {
				tagsOpen = gap
				continue
			}
			tags[k] = v
		case "cidr":
		default:
			t.Fatalf("plan.txt: unknown word %s", words[i])
		}
	}
	n := inv.Network
	switch {
	case roles[a.typ] == vpcRole:
		v := &netmodel.VPC{Address: at}
		if len(words) > 2 {
			v.IPv4 = []netip.Prefix{netip.MustParsePrefix(words[2])}
		}
		n.VPCs = append(n.VPCs, v)
	case roles[a.typ] == subnetRole:
		n.Subnets = append(n.Subnets, &netmodel.Subnet{Address: at, VPC: in})
	case a.typ == "aws_internet_gateway":
		n.InternetGateways = append(n.InternetGateways, &netmodel.InternetGateway{Address: at})
	case a.typ == "aws_nat_gateway":
		n.NATGateways = append(n.NATGateways, &netmodel.NATGateway{Address: at})
	case a.typ == "aws_ec2_transit_gateway":
		n.TransitGateways = append(n.TransitGateways, &netmodel.TransitGateway{Address: at})
	case roles[a.typ] == groupRole:
		n.Groups = append(n.Groups, &netmodel.Group{Address: at})
	case a.typ == "aws_instance" || a.typ == "aws_lb" || a.typ == "aws_network_interface":
		nic := at
		if a.typ != "aws_network_interface" {
			nic += ".primary_network_interface_id"
		}
		n.Interfaces = append(n.Interfaces, &netmodel.Interface{Address: nic, Subnet: in, Groups: groups})
		n.Endpoints = append(n.Endpoints, &netmodel.Endpoint{Address: at, Type: a.typ, Name: tags["Name"], Tags: tags, TagsOpen: tagsOpen,
			Interfaces: []netmodel.Address{nic}, Origin: origin})
	}
}
