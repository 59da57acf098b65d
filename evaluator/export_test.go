package evaluator

import (
	"math"

	"github.com/planreach/planreach/assertions"
)

// CheckSingly is Check that looks for no classes; CheckShared looks from the
// first flow on and tells how many flows the engine was asked.
func CheckSingly(after, before *Engine, as []assertions.Assertion, date string) []Result {
	out, _ := checkWith(math.MaxInt, after, before, as, date)
	return out
}

// CheckShared: see CheckSingly.
func CheckShared(after, before *Engine, as []assertions.Assertion, date string) ([]Result, int) {
	return checkWith(0, after, before, as, date)
}

func checkWith(few int, after, before *Engine, as []assertions.Assertion, date string) ([]Result, int) {
	k := newChecker(after, before, as, date)
	k.sharing.few = few
	return k.checkAll(as), k.sharing.decided
}

// MatrixAsked is Matrix with the number of pairs that the engine was asked.
func MatrixAsked(e *Engine, groups []MatrixGroup) ([]MatrixCell, int) {
	m := newMatrix(e.net)
	return m.cells(groups), m.decided
}
