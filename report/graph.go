package report

import (
	"slices"
	"strconv"

	"github.com/planreach/planreach/netmodel"
)

// A Graph is a picture as data: nodes in boxes, boxes in boxes, and arrows.
type Graph struct {
	Boxes  []Box
	Nodes  []Node
	Arrows []Arrow
}

// A Box surrounds nodes and other boxes.
type Box struct {
	ID, Label string
	In        string // the box around it; empty: none
}

// A Node is one thing in a picture.
type Node struct {
	ID, Label string
	In        string // the box around it; empty: none
	Shape     shape
	Look      look

	about []netmodel.Address // what it stands for
	hub   bool               // everything in its box is one step away from it
}

// An Arrow leads from one node to another.
type Arrow struct {
	From, To, Label string
	Look            look
}

// A shape tells kinds of nodes apart. The zero shape is a filter's.
type shape uint8

const (
	shapeFilter  shape = iota
	shapeEnd           // sends or receives
	shapeGateway       // whatever else packets pass
)

// A look is what a node or an arrow says beside its label. The zero look says
// nothing.
type look uint8

const (
	lookPlain   look = iota
	lookBad          // carries what it must not
	lookBlocked      // stops what must pass
	lookOpen         // not known
	lookMissed       // not reached
	lookChanged      // this plan changes it
)

// maxNodes is how large a picture of one flow may be: beyond, nobody reads it.
const maxNodes = 40

// flowGraph is the way of a flow: its ends, and the hops between them.
func flowGraph(f Flow) Graph {
	hops := f.way()
	var g Graph
	end := func(name, in string) string { return g.node(Node{Label: name, In: in, Shape: shapeEnd}) }
	from, to := "", ""
	if len(hops) > 0 && hops[0].Direction == "egress" {
		from = g.hopBox(hops[0])
	}
	at := end(f.From, from)
	passing := lookPlain
	if f.Outcome == "fail" && f.Expected == "unreachable" {
		passing = lookBad
	}
	for _, h := range hops {
		n := Node{Label: hopLabel(f, h), In: g.hopBox(h), Look: hopLook(h, lookPlain), Shape: shapeGateway}
		if h.Direction != "" {
			n.Shape = shapeFilter
		}
		next := g.node(n)
		g.Arrows = append(g.Arrows, Arrow{at, next, strconv.Itoa(h.N), hopLook(h, passing)})
		if h.Result == "block" {
			passing = lookMissed
		}
		at = next
	}
	if last := len(hops) - 1; last >= 0 && hops[last].Direction == "ingress" {
		to = g.hopBox(hops[last])
	}
	target := end(f.To, to)
	g.Arrows = append(g.Arrows, Arrow{at, target, "", passing})
	if passing == lookBad {
		g.Nodes[len(g.Nodes)-1].Look = lookBad
	}
	return g
}

// hopLook is the look of a hop, and of the arrow that arrives at it.
func hopLook(h Hop, passing look) look {
	switch h.Result {
	case "block":
		return lookBlocked
	case "unknown":
		return lookOpen
	}
	return passing
}

func hopLabel(f Flow, h Hop) string {
	text := join(" ", plainName(h.Address)+":", directionWord(h.Direction), h.Rule)
	if existed(f) && h.Change != "none" {
		text += " (changed)"
	}
	return text
}

// node adds a node and returns its name.
func (g *Graph) node(n Node) string {
	n.ID = "n" + strconv.Itoa(len(g.Nodes))
	g.Nodes = append(g.Nodes, n)
	return n.ID
}

// box is the name of the box with that label in another one; it is added if it
// is not there.
func (g *Graph) box(label, in string) string {
	for _, b := range g.Boxes {
		if b.Label == label && b.In == in {
			return b.ID
		}
	}
	b := Box{ID: "g" + strconv.Itoa(len(g.Boxes)), Label: label, In: in}
	g.Boxes = append(g.Boxes, b)
	return b.ID
}

// hopBox is the box of a hop: its subnet within its VPC.
func (g *Graph) hopBox(h Hop) string {
	in := ""
	for _, label := range []string{h.VPC, h.Subnet} {
		if label != "" {
			in = g.box(plainName(label), in)
		}
	}
	return in
}

// near is the part of g around the nodes that wanted picks: what is at most two
// steps away.
func (g Graph) near(wanted func(Node) bool) Graph {
	distance := map[string]int{}
	for _, n := range g.Nodes {
		if wanted(n) {
			distance[n.ID] = 1
		}
	}
	steps := slices.Clone(g.Arrows)
	for _, hub := range g.Nodes {
		for _, n := range g.Nodes {
			if hub.hub && n.ID != hub.ID && n.In == hub.In {
				steps = append(steps, Arrow{From: hub.ID, To: n.ID})
			}
		}
	}
	for step := 1; step <= 2; step++ {
		for _, a := range steps {
			for _, pair := range [][2]string{{a.From, a.To}, {a.To, a.From}} {
				if distance[pair[0]] == step && distance[pair[1]] == 0 {
					distance[pair[1]] = step + 1
				}
			}
		}
	}
	isAway := func(id string) bool { return distance[id] == 0 }
	out := Graph{Nodes: slices.Clone(g.Nodes), Arrows: slices.Clone(g.Arrows), Boxes: slices.Clone(g.Boxes)}
	out.Nodes = slices.DeleteFunc(out.Nodes, func(n Node) bool { return isAway(n.ID) })
	out.Arrows = slices.DeleteFunc(out.Arrows, func(a Arrow) bool { return isAway(a.From) || isAway(a.To) })
	out.Boxes = slices.DeleteFunc(out.Boxes, func(b Box) bool { return !out.isUsed(b.ID) })
	return out
}

// isUsed reports whether a node lies in the box, or in one within.
func (g Graph) isUsed(box string) bool {
	return slices.ContainsFunc(g.Nodes, func(n Node) bool { return n.In == box }) ||
		slices.ContainsFunc(g.Boxes, func(b Box) bool { return b.In == box && g.isUsed(b.ID) })
}
