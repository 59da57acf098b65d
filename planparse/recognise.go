package planparse

import "strings"

// stranger refuses documents that are something else, by a key of theirs.
func (d *document) stranger(key string) {
	switch {
	case strings.HasPrefix(key, "@"):
		fail(refuse("%s is the log of `terraform plan -json`, not a plan. %s", d.name, howToShow))
	case key == "remote_plan_format":
		fail(refuse("%s is only a pointer to a remote run. Pass the output of `show -json`.", d.name))
	case key == "encrypted_data" || key == "encryption_version":
		fail(refuse("%s is encrypted. Pass the output of `show -json`.", d.name))
	}
}

// refuseText refuses what is no JSON object. The output of terraform plan is
// told by its words.
func (d *document) refuseText() {
	f := d.f
	const enough = 1 << 16
	f.held = f.pos
	start := f.base + int64(f.pos)
	f.pos = len(f.buf)
	for len(f.buf) < enough && f.more() {
		f.pos = len(f.buf)
	}
	text := string(f.buf[f.held:])
	f.pos = int(start - f.base)
	for _, word := range []string{"Terraform", "OpenTofu", "Refreshing state...", "No changes."} {
		if strings.Contains(text, word) {
			fail(refuse("%s is the printed plan. %s", d.name, howToShow))
		}
	}
	d.f.failAt("no JSON object")
}

// judge decides what the document is.
func (d *document) judge() {
	p := d.a.plan
	switch {
	case d.isErrored:
		fail(errErrored)
	case d.isPlan:
		p.Kind = "plan"
		d.checkFormat("0.2")
	case d.isRaw || d.version != "":
		p.Kind = "state"
		if d.version != "4" {
			fail(refuse("%s is a state file of version %s, and only version 4 is read. Pass the output of `terraform show -json`.", d.name, d.version))
		}
	case d.isState || d.format != "": // an empty state has no values
		p.Kind = "state"
		d.checkFormat("0.1")
	default:
		fail(refuse("%s is JSON, but neither a plan nor a state. %s", d.name, howToShow))
	}
}

// checkFormat refuses formats older than oldest, and those after 1.
func (d *document) checkFormat(oldest string) {
	major, minor, ok := strings.Cut(d.format, ".")
	switch {
	case d.format == "":
		fail(refuse("%s does not say its format_version. %s", d.name, howToShow))
	case !ok || major != "0" && major != "1" || minor == "":
		fail(refuse("%s has the format version %s, which planreach does not know; it reads 0.2 to 1.x.", d.name, d.format))
	case major == "0" && minor < oldest[2:]:
		fail(refuse("%s has the format version %s. Make it with Terraform 1.0.1 or newer.", d.name, d.format))
	}
}
