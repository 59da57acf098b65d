package report

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
)

// A Matrix is the report on who reaches whom, by group.
type Matrix struct {
	FormatVersion string        `json:"format_version"`
	World         string        `json:"world" enum:"after,before,diff"`
	GroupBy       string        `json:"group_by"` // group, endpoint, subnet, vpc, sg, type, module or tag:KEY
	Groups        []MatrixGroup `json:"groups"`
	Cells         []MatrixCell  `json:"cells"` // all ordered pairs of groups, row by row
}

// A MatrixGroup is a row and a column.
type MatrixGroup struct {
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

// A MatrixCell is what passes from one group to another.
type MatrixCell struct {
	From          string      `json:"from"`
	To            string      `json:"to"`
	Verdict       string      `json:"verdict" enum:"reachable,unreachable,partial,unknown"`
	Allowed       string      `json:"allowed"`   // what passes for at least one pair
	Undecided     string      `json:"undecided"` // what may pass beside
	Uniform       bool        `json:"uniform"`   // the same for every pair, whatever the addresses
	Pairs         MatrixPairs `json:"pairs"`
	Change        string      `json:"change" enum:"none,new,lost,wider,narrower,changed"` // none unless diff
	AllowedBefore string      `json:"allowed_before"`                                     // empty unless diff
}

// MatrixPairs counts the pairs of a cell by verdict.
type MatrixPairs struct {
	Total       int `json:"total"`
	Reachable   int `json:"reachable"`
	Unreachable int `json:"unreachable"`
	Partial     int `json:"partial"`
	Unknown     int `json:"unknown"`
}

// NewMatrix is the report on cells of the given groups. before, if not nil, is
// the same before the plan, for what changes.
func NewMatrix(f Facts, world, by string, groups []evaluator.MatrixGroup, cells, before []evaluator.MatrixCell) *Matrix {
	m := &Matrix{FormatVersion: FormatVersion, World: world, GroupBy: by, Groups: []MatrixGroup{}, Cells: []MatrixCell{}}
	for _, g := range groups {
		members := []string{}
		for _, a := range g.Members {
			members = append(members, string(a))
		}
		m.Groups = append(m.Groups, MatrixGroup{g.Name, members})
	}
	for n, c := range cells {
		out := f.matrixCell(c)
		out.From, out.To = groups[c.From].Name, groups[c.To].Name
		if before != nil {
			out.Change = c.Since(before[n]).String()
			out.AllowedBefore = f.matrixSet(before[n].Allowed)
		}
		m.Cells = append(m.Cells, out)
	}
	return m
}

func (f Facts) matrixCell(c evaluator.MatrixCell) MatrixCell {
	return MatrixCell{
		Verdict: c.Verdict.String(), Allowed: f.matrixSet(c.Allowed), Undecided: f.matrixSet(c.Undecided),
		Uniform: c.Uniform, Change: evaluator.Unchanged.String(),
		Pairs: MatrixPairs{
			Total: c.Pairs.Total(), Reachable: c.Pairs.Reachable, Unreachable: c.Pairs.Unreachable,
			Partial: c.Pairs.Partial, Unknown: c.Pairs.Undecided,
		},
	}
}

var theInternet = assertions.End{Kind: assertions.InternetEnd, V4: true, V6: true}

func (f Facts) matrixSet(s evaluator.Set) string {
	return f.set(s, headerspace.All(), theInternet, theInternet)
}

// maxShort is how many pieces of traffic stand in a narrow column.
const maxShort = 4

// short is the traffic of a set in few words: ports of TCP without the protocol,
// and addresses left out.
func short(set string) string {
	if set == "none" {
		return ""
	}
	var pieces []string
	for _, clause := range strings.Split(set, "; ") {
		traffic, _, _ := strings.Cut(clause, " from ")
		traffic, _, _ = strings.Cut(traffic, " to ")
		for _, piece := range strings.Split(traffic, ",") {
			add(&pieces, strings.TrimPrefix(piece, "tcp/"))
		}
	}
	if len(pieces) > maxShort {
		pieces = append(pieces[:maxShort], "…")
	}
	return strings.Join(pieces, ",")
}

// maxRanges is how many ranges of addresses a list names for one clause.
const maxRanges = 3

// listed is a set with long lists of addresses counted only.
func listed(set string) string {
	clauses := strings.Split(set, "; ")
	for n, clause := range clauses {
		for _, word := range []string{" from ", " to "} {
			traffic, ranges, ok := strings.Cut(clause, word)
			if k := strings.Count(ranges, ", ") + 1; ok && k > maxRanges {
				clauses[n] = traffic + word + count(k, "range", "ranges")
			}
		}
	}
	return strings.Join(clauses, "; ")
}

// isNothing reports whether there is nothing to say of a cell.
func (c *MatrixCell) isNothing() bool {
	return c.Allowed == "none" && c.Undecided == "none" && c.Change == "none"
}

// isGrown reports whether something passes that did not before the plan.
func (c *MatrixCell) isGrown() bool {
	return c.Change == "new" || c.Change == "wider" || c.Change == "changed"
}

// marks are the signs behind what passes.
func (c *MatrixCell) marks() string {
	var out []string
	for _, m := range []struct {
		sign string
		is   bool
	}{{"?", c.Undecided != "none"}, {"~", !c.Uniform && c.Allowed != "none"}, {"!", c.isGrown()}} {
		if m.is {
			out = append(out, m.sign)
		}
	}
	return strings.Join(out, " ")
}

// writeMatrixCSV writes one line for each cell.
func writeMatrixCSV(w io.Writer, m *Matrix, _ Style) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"from", "to", "verdict", "allowed", "undecided", "change"}}
	for _, c := range m.Cells {
		rows = append(rows, []string{c.From, c.To, c.Verdict, c.Allowed, c.Undecided, c.Change})
	}
	return out.WriteAll(rows)
}

// row is the cells from the n-th group.
func (m *Matrix) row(n int) []MatrixCell {
	return m.Cells[n*len(m.Groups) : (n+1)*len(m.Groups)]
}

// hasMark reports whether some cell has a sign.
func (m *Matrix) hasMark(sign string) bool {
	return slices.ContainsFunc(m.Cells, func(c MatrixCell) bool { return strings.Contains(c.marks(), sign) })
}
