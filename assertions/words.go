package assertions

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// A form says what a block of the language may hold.
type form struct {
	labels   []string // names of its labels
	args     []string
	required []string // those of args that must be there
	blocks   []string // kinds of blocks inside
}

// The arguments that every assertion takes.
var common = []string{"description", "severity", "unknown", "empty", "when", "for_each", "labels"}

func args(own ...string) []string { return slices.Concat(own, common) }

// forms are the blocks of the language by kind; kinds inside another block are
// called after it, "reach.defaults". The empty kind is the file.
var forms = map[string]form{
	"": {blocks: []string{"reach", "flows", "must_reach", "must_not_reach", "only", "isolate", "no_new", "group", "service", "assume", "variable", "locals"}},
	"flows": {
		labels: []string{"label"}, blocks: []string{"waive"},
		args: args("must_succeed", "must_fail"),
	},
	"must_reach": {
		labels: []string{"label"}, blocks: []string{"waive"}, required: []string{"from", "to"},
		args: args("from", "to", "port", "ports", "both_ways", "oneway", "source_port", "through", "avoid", "hosts"),
	},
	"must_not_reach": {
		labels: []string{"label"}, blocks: []string{"waive"}, required: []string{"from", "to"},
		args: args("from", "to", "port", "ports", "both_ways", "oneway", "source_port", "unless_through", "hosts"),
	},
	"only": {
		labels: []string{"label"}, blocks: []string{"waive"}, required: []string{"from", "to"},
		args: args("from", "to", "port", "ports", "source_port", "unless_through", "hosts"),
	},
	"no_new": {
		labels: []string{"label"}, blocks: []string{"waive"}, required: []string{"from", "to"},
		args: args("from", "to", "port", "ports", "source_port", "unless_through", "hosts"),
	},
	"isolate": {
		labels: []string{"label"}, blocks: []string{"waive"}, required: []string{"groups"},
		args: args("groups", "except", "port", "ports"),
	},
	"waive": {
		args:     []string{"flows", "reason", "until", "by", "ticket"},
		required: []string{"flows", "reason", "until"},
	},
	"group": {
		labels: []string{"name"},
		args:   []string{"members", "where", "within", "cidrs", "exclude", "attached_to", "empty", "description"},
	},
	"service":  {labels: []string{"name"}, args: []string{"ports", "description"}, required: []string{"ports"}},
	"assume":   {args: []string{"target", "values", "reason"}, required: []string{"target", "values", "reason"}},
	"variable": {labels: []string{"name"}, args: []string{"type", "default", "description", "sensitive"}},
	"reach":    {args: []string{"required_version", "providers"}, blocks: []string{"defaults"}},
	"defaults": {args: []string{"severity", "unknown", "empty", "source_port"}},
}

// unsupported are words of the language that this version refuses, by the kind
// of block in which they stand.
var unsupported = map[string][]string{
	"": {"pack"},
}

// elsewhere are words of the language that stand in other blocks, and what to
// write there.
var elsewhere = map[string]map[string]string{
	"must_reach": {"unless_through": "unless_through takes ways out of a prohibition. A promise that has to pass something has through."},
	"must_not_reach": {
		"through": "through is for promises. To allow what passes it, write unless_through.",
		"avoid":   "avoid is for promises. A must_not_reach without it forbids every way.",
	},
	"only": {
		"through": "through is for promises. To allow what passes it, write unless_through.",
		"avoid":   "avoid is for promises. An only without it forbids every way.",
	},
	"flows": {
		"through":        `In an arrow it is via, as in "web -> internet:443 via aws_nat_gateway.main".`,
		"avoid":          `In an arrow it is not via, as in "web -> internet:443 not via aws_nat_gateway.old".`,
		"unless_through": `In an arrow it is unless via, as in "web -> internet unless via aws_nat_gateway.main".`,
	},
	"isolate": {"source_port": "isolate forbids all client ports."},
}

// rewordSyntax explains a syntax error whose cause is a pattern without quotes,
// which is no expression in HCL.
func rewordSyntax(d *hcl.Diagnostic, src []byte) {
	if d.Subject == nil || d.Subject.Start.Byte > len(src) {
		return
	}
	begin := bytes.LastIndexByte(src[:d.Subject.Start.Byte], '\n') + 1
	line, _, _ := strings.Cut(string(src[begin:]), "\n")
	_, value, ok := strings.Cut(line, "=")
	if value = strings.Trim(value, " \t[],"); !ok || strings.ContainsAny(value, "\" ") || !strings.Contains(value, "*") {
		return
	}
	d.Summary, d.Detail = "Patterns are strings", fmt.Sprintf("Write %q.", value)
}

// A content is what a block holds, by the names of its arguments.
type content struct {
	args   map[string]*hcl.Attribute
	blocks hcl.Blocks
}

// read takes a body apart by the form of its kind. What does not belong there
// is an error that tells what was probably meant.
func (s *Set) read(kind string, body hcl.Body) (content, hcl.Diagnostics) {
	f := forms[kind]
	schema := &hcl.BodySchema{}
	words := slices.Concat(f.args, f.blocks)
	for _, name := range f.args {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	for _, name := range f.blocks {
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: name, LabelNames: forms[name].labels})
	}
	got, diags := body.Content(schema)
	for _, d := range diags {
		s.reword(d, kind, words)
	}
	out := content{got.Attributes, got.Blocks}
	for _, name := range f.required {
		if _, ok := out.args[name]; ok || diags.HasErrors() {
			continue
		}
		detail := fmt.Sprintf("%s needs the argument %s.", kind, name)
		if kind == "waive" {
			detail = `A waiver needs a reason and an end: reason = "…", until = "YYYY-MM-DD".`
		}
		diags = diags.Append(problem(body.MissingItemRange(), "Missing required argument", "%s", detail))
	}
	return out, diags
}

// reword turns HCL's message about a word that does not belong into ours.
func (s *Set) reword(d *hcl.Diagnostic, kind string, words []string) {
	if d.Subject == nil || d.Summary != "Unsupported argument" && d.Summary != "Unsupported block type" &&
		d.Summary != "Extraneous JSON object property" {
		return
	}
	word := strings.Trim(s.source(*d.Subject), `"`)
	if slices.Contains(unsupported[kind], word) {
		f := notSupported(word)
		d.Summary, d.Detail = f.summary, f.detail
		return
	}
	if detail := elsewhere[kind][word]; detail != "" {
		d.Summary, d.Detail = "Unsupported argument", detail
		return
	}
	meant := suggest(word, words)
	if d.Summary == "Extraneous JSON object property" {
		d.Summary = "Unsupported argument"
		if len(words) > 0 && forms[words[0]].labels != nil || slices.Contains(words, "locals") {
			d.Summary = "Unsupported block type"
		}
	}
	switch {
	case d.Summary == "Unsupported block type" && meant != "":
		d.Detail = "Did you mean " + meant + "?"
	case d.Summary == "Unsupported block type":
		d.Detail = fmt.Sprintf("There is no block named %s. Known here: %s.", word, strings.Join(words, ", "))
	default:
		d.Detail = fmt.Sprintf("An argument named %q is not expected here.%s", word, didYouMean(word, words))
	}
}
