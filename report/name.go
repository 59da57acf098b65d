package report

import (
	"regexp"
	"strings"
)

// implicit names the objects that come with another one, by the suffix of the
// reference that Terraform has for them. Defaults are those that AWS makes with
// a VPC, a transit gateway or a cluster.
var implicit = []struct {
	suffix, text string
	isDefault    bool
}{
	{".default_network_acl_id", "default NACL of ", true},
	{".default_security_group_id", "default security group of ", true},
	{".main_route_table_id", "main route table of ", true},
	{".default_route_table_id", "main route table of ", true},
	{".association_default_route_table_id", "default route table of ", true},
	{".propagation_default_route_table_id", "default route table of ", true},
	{".primary_network_interface_id", "primary interface of ", false},
	{".vpc_config[0].cluster_security_group_id", "cluster security group of ", true},
}

// defaultVPC begins the addresses of the default VPC, which no resource of the
// plan describes, and of what comes with it.
const defaultVPC = "default_vpc"

// ofService matches the address of an interface of a service: the resource, and
// the subnet of the interface if the service has one in each.
var ofService = regexp.MustCompile(`^((?:module\.[\w-]+(?:\[[^]]*\])?\.)*[a-z]\w*\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?)\.interface(?:\[(.*)\])?$`)

// plainName is the address for readers of text: "default NACL of aws_vpc.main".
func plainName(address string) string {
	for _, i := range implicit {
		if owner, ok := strings.CutSuffix(address, i.suffix); ok {
			return i.text + plainName(owner)
		}
	}
	if m := ofService.FindStringSubmatch(address); m != nil {
		if m[2] == "" {
			return "interface of " + m[1]
		}
		return "interface of " + m[1] + " in " + plainName(m[2])
	}
	if !isOutside(address) {
		return address
	}
	if owner, ok := strings.CutSuffix(address, ".internet_gateway"); ok {
		return "internet gateway of " + plainName(owner)
	}
	if key, ok := strings.CutPrefix(address, defaultVPC+"["); ok && strings.HasSuffix(key, "]") {
		return "the default VPC of " + strings.TrimSuffix(key, "]")
	}
	if address == defaultVPC {
		return "the default VPC"
	}
	return address
}

// isOutside reports whether the address is that of a default VPC, or of what
// comes with it.
func isOutside(address string) bool {
	rest, ok := strings.CutPrefix(address, defaultVPC)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// isMadeByAWS reports whether the code does not name the object at an address,
// which an attribute of the resource from says something about. A resource
// that adopts it names it.
func isMadeByAWS(address, from string) bool {
	if isOutside(address) {
		return true
	}
	for _, i := range implicit {
		if owner, ok := strings.CutSuffix(address, i.suffix); ok && i.isDefault {
			return from == owner || from == address
		}
	}
	return false
}

// mayBeDefault reports whether an object that has no place in the code is one
// that AWS makes.
func mayBeDefault(address string) bool {
	for _, i := range implicit {
		if strings.HasSuffix(address, i.suffix) && i.isDefault {
			return true
		}
	}
	return isOutside(address)
}
