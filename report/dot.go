package report

import (
	"fmt"
	"io"
	"strings"
)

// writeDOT writes g in the language of Graphviz.
func writeDOT(w io.Writer, g *Graph, _ Style) error {
	var b strings.Builder
	b.WriteString("digraph planreach {\n  rankdir=LR\n  node [shape=box fontname=\"sans-serif\"]\n  edge [fontname=\"sans-serif\"]\n")
	g.dotBox(&b, "", "  ")
	for _, a := range g.Arrows {
		fmt.Fprintf(&b, "  %s -> %s [label=%s%s]\n", a.From, a.To, dotText(a.Label), dotArrow(a.Look))
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (g Graph) dotBox(b *strings.Builder, in, indent string) {
	for _, n := range g.Nodes {
		if n.In == in {
			fmt.Fprintf(b, "%s%s [label=%s%s%s]\n", indent, n.ID, dotText(n.Label), dotShape(n.Shape), dotNode(n.Look))
		}
	}
	for _, box := range g.Boxes {
		if box.In == in {
			fmt.Fprintf(b, "%ssubgraph cluster_%s {\n%s  label=%s\n", indent, box.ID, indent, dotText(box.Label))
			g.dotBox(b, box.ID, indent+"  ")
			fmt.Fprintf(b, "%s}\n", indent)
		}
	}
}

func dotShape(s shape) string {
	switch s {
	case shapeFilter:
		return ""
	case shapeEnd:
		return " shape=oval"
	case shapeGateway:
		return " shape=hexagon"
	}
	panic(fmt.Sprintf("report: invalid shape %d", s))
}

func dotNode(l look) string {
	switch l {
	case lookBad, lookBlocked:
		return ` color="#c4320a" penwidth=3`
	case lookOpen:
		return ` color="#b54708" style=dashed`
	case lookChanged:
		return " penwidth=3"
	case lookPlain, lookMissed:
		return ""
	}
	panic(fmt.Sprintf("report: invalid look %d", l))
}

func dotArrow(l look) string {
	switch l {
	case lookBlocked:
		return dotNode(l) + " style=dotted arrowhead=tee"
	case lookMissed:
		return " style=dotted"
	case lookPlain, lookBad, lookOpen, lookChanged:
		return dotNode(l)
	}
	panic(fmt.Sprintf("report: invalid look %d", l))
}

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// dotText is a quoted label.
func dotText(label string) string { return `"` + dotEscapes.Replace(oneLine(plain(label))) + `"` }
