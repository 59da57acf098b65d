package report

import "strings"

// bracketed is an end as an arrow has it: IPv6 addresses stand in brackets.
func bracketed(end string) string {
	if strings.Contains(end, ":") && !strings.ContainsAny(end, "[.\"") {
		return "[" + end + "]"
	}
	return end
}

// arrowPorts is the canonical traffic as it stands behind an arrow. Ports are
// tcp unless they say otherwise, and a prohibition without ports means any.
func arrowPorts(traffic string, promise bool) string {
	if traffic == "any" && !promise {
		return ""
	}
	parts := strings.Split(traffic, ",")
	for i, p := range parts {
		parts[i] = strings.TrimPrefix(p, "tcp/")
	}
	return ":" + strings.Join(parts, ",")
}
