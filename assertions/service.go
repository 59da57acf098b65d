package assertions

import (
	"maps"
	"slices"
)

// builtinServices are the services that every scope has, as lists of ports:
// IANA's assignments, with the transport that is used in practice, and below
// them the defaults of products that IANA does not list.
var builtinServices = map[string][]string{
	"ftp":        {"tcp/21"},
	"ssh":        {"tcp/22"},
	"telnet":     {"tcp/23"},
	"smtp":       {"tcp/25"},
	"smtps":      {"tcp/465"},
	"submission": {"tcp/587"},
	"dns":        {"udp/53", "tcp/53"},
	"dhcp":       {"udp/67-68"},
	"tftp":       {"udp/69"},
	"http":       {"tcp/80"},
	"https":      {"tcp/443"},
	"http3":      {"udp/443"},
	"kerberos":   {"tcp/88", "udp/88"},
	"pop3":       {"tcp/110"},
	"pop3s":      {"tcp/995"},
	"imap":       {"tcp/143"},
	"imaps":      {"tcp/993"},
	"rpcbind":    {"tcp/111", "udp/111"},
	"ntp":        {"udp/123"},
	"msrpc":      {"tcp/135"},
	"snmp":       {"udp/161"},
	"snmp_trap":  {"udp/162"},
	"bgp":        {"tcp/179"},
	"radius":     {"udp/1812-1813"},
	"openvpn":    {"udp/1194"},
	"ping":       {"icmp/echo-request", "icmp6/echo-request"},
	"ldap":       {"tcp/389"},
	"ldaps":      {"tcp/636"},
	"smb":        {"tcp/445"},
	"syslog":     {"udp/514"},
	"syslog_tls": {"tcp/6514"},
	"nfs":        {"tcp/2049"},
	"iscsi":      {"tcp/3260"},
	"mssql":      {"tcp/1433"},
	"mysql":      {"tcp/3306"},
	"postgres":   {"tcp/5432"},
	"mongodb":    {"tcp/27017"},
	"redis":      {"tcp/6379"},
	"memcached":  {"tcp/11211"},
	"etcd":       {"tcp/2379-2380"},
	"amqp":       {"tcp/5672"},
	"amqps":      {"tcp/5671"},
	"mqtt":       {"tcp/1883"},
	"mqtts":      {"tcp/8883"},
	"rdp":        {"tcp/3389"},
	"vnc":        {"tcp/5900"},
	"winrm":      {"tcp/5985-5986"},
	"docker":     {"tcp/2375-2376"},
	"ipsec":      {"udp/500", "udp/4500", "proto/50"},
	"vxlan":      {"udp/4789"},
	"geneve":     {"udp/6081"},

	"kafka":         {"tcp/9092"},
	"elasticsearch": {"tcp/9200"},
	"oracle":        {"tcp/1521"},
	"kube_api":      {"tcp/6443"},
	"kubelet":       {"tcp/10250"},
	"zookeeper":     {"tcp/2181"},
	"cassandra":     {"tcp/9042"},
	"redshift":      {"tcp/5439"},
	"wireguard":     {"udp/51820"},
}

// notServices are words of the port grammar that no service may take.
var notServices = []string{"tcp", "udp", "icmp", "icmp6", "proto", "any"}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
