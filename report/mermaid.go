package report

import (
	"fmt"
	"io"
	"strings"
)

func writeMermaid(w io.Writer, g *Graph, _ Style) error {
	_, err := io.WriteString(w, mermaid(*g))
	return err
}

// mermaid is g as a flowchart, in the part of the language that platforms draw
// without scripts or links.
func mermaid(g Graph) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	g.mermaidBox(&b, "", "  ")
	classes := map[look][]string{}
	for _, n := range g.Nodes {
		classes[n.Look] = append(classes[n.Look], n.ID)
	}
	lines := map[look][]string{}
	for i, a := range g.Arrows {
		fmt.Fprintf(&b, "  %s %s%s %s\n", a.From, mermaidArrow(a.Look), mermaidLabel(a.Label), a.To)
		lines[a.Look] = append(lines[a.Look], fmt.Sprint(i))
	}
	for _, l := range []look{lookBad, lookBlocked, lookOpen, lookChanged} {
		if classes[l] != nil {
			fmt.Fprintf(&b, "  classDef %s %s\n  class %s %s\n", lookName(l), lookStyle(l), strings.Join(classes[l], ","), lookName(l))
		}
	}
	for _, l := range []look{lookBad, lookBlocked, lookOpen} {
		if lines[l] != nil {
			fmt.Fprintf(&b, "  linkStyle %s %s\n", strings.Join(lines[l], ","), lookStyle(l))
		}
	}
	return b.String()
}

// mermaidBox writes what is in a box; the empty one is the whole picture.
func (g Graph) mermaidBox(b *strings.Builder, in, indent string) {
	for _, n := range g.Nodes {
		if n.In == in {
			fmt.Fprintf(b, "%s%s%s\n", indent, n.ID, fmt.Sprintf(mermaidShape(n.Shape), mermaidText(n.Label)))
		}
	}
	for _, box := range g.Boxes {
		if box.In == in {
			fmt.Fprintf(b, "%ssubgraph %s[%s]\n", indent, box.ID, mermaidText(box.Label))
			g.mermaidBox(b, box.ID, indent+"  ")
			fmt.Fprintf(b, "%send\n", indent)
		}
	}
}

func mermaidShape(s shape) string {
	switch s {
	case shapeFilter:
		return "[%s]"
	case shapeEnd:
		return "([%s])"
	case shapeGateway:
		return "{{%s}}"
	}
	panic(fmt.Sprintf("report: invalid shape %d", s))
}

func mermaidArrow(l look) string {
	switch l {
	case lookPlain, lookChanged:
		return "-->"
	case lookBad:
		return "==>"
	case lookBlocked:
		return "-.-x"
	case lookOpen, lookMissed:
		return "-.->"
	}
	panic(fmt.Sprintf("report: invalid look %d", l))
}

func mermaidLabel(label string) string {
	if label == "" {
		return ""
	}
	return "|" + mermaidText(label) + "|"
}

var mermaidEscapes = strings.NewReplacer(`"`, "#quot;", "#", "#35;", "<", "#lt;", ">", "#gt;", "`", "#96;", "&", "#amp;")

// mermaidText is a quoted label, in which nothing is markup.
func mermaidText(label string) string {
	return `"` + mermaidEscapes.Replace(oneLine(plain(label))) + `"`
}

func lookName(l look) string {
	return [...]string{"plain", "bad", "blocked", "open", "missed", "changed"}[l]
}

func lookStyle(l look) string {
	switch l {
	case lookBad, lookBlocked:
		return "stroke:#c4320a,stroke-width:3px"
	case lookOpen:
		return "stroke:#b54708,stroke-width:2px,stroke-dasharray:4 4"
	case lookChanged:
		return "stroke-width:3px"
	case lookPlain, lookMissed:
	}
	panic(fmt.Sprintf("report: a look without style: %d", l))
}
