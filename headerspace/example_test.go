package headerspace_test

import (
	"fmt"
	"net/netip"

	"github.com/planreach/planreach/headerspace"
)

func ExampleTraffic_Minus() {
	all := headerspace.Whole(headerspace.TCP)
	fmt.Println(all.Minus(headerspace.Ports(headerspace.TCP, 3389, 3389)))
	// Output: tcp/0-3388,tcp/3390-65535
}

func ExampleTraffic_String() {
	web := headerspace.Ports(headerspace.TCP, 80, 80).Union(headerspace.Ports(headerspace.TCP, 443, 443))
	fmt.Println(web.Union(headerspace.ICMPTypes(headerspace.ICMP, 8, -1)).Union(headerspace.Whole(47)))
	// Output: tcp/80,tcp/443,icmp/8,proto/47
}

// A rule that may or may not exist admits ssh; another one certainly admits
// https.
func ExampleTri_Or() {
	ssh := headerspace.Exactly(headerspace.Ports(headerspace.TCP, 22, 22)).Doubt()
	https := headerspace.Exactly(headerspace.Ports(headerspace.TCP, 443, 443))
	fmt.Println(ssh.Or(https))
	// Output: tcp/443 (open: tcp/22)
}

// An address that may lie in either of two atoms is decided where both agree.
func ExampleTri_Unanimous() {
	here := headerspace.Exactly(headerspace.Ports(headerspace.TCP, 80, 443))
	there := headerspace.Exactly(headerspace.Ports(headerspace.TCP, 443, 444))
	fmt.Println(here.Unanimous(there))
	// Output: tcp/443 (open: tcp/80-442,tcp/444)
}

func ExampleAtoms() {
	vpc, subnet := netip.MustParsePrefix("10.0.0.0/16"), netip.MustParsePrefix("10.0.0.0/17")
	atoms := headerspace.NewAtoms([]netip.Prefix{vpc, subnet})
	x := atoms.Of(netip.MustParseAddr("10.0.200.1"))
	fmt.Println(atoms.In(x, vpc), atoms.In(x, subnet), atoms.Prefixes([]headerspace.Atom{x}))
	// Output: true false [10.0.128.0/17]
}

func ExampleSubtract() {
	fmt.Println(headerspace.Subtract(
		[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/10")},
	))
	// Output: [10.64.0.0/10 10.128.0.0/9]
}
