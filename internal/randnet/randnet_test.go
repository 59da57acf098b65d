package randnet

import (
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/internal/oracle"
)

func dump(r Recipe) string { return r.Network().Dump() }

func TestRecipeIsRepeatable(t *testing.T) {
	for seed := range uint64(20) {
		r := New(seed, 5)
		if a, b := r.Network().Dump(), r.Network().Dump(); a != b {
			t.Fatalf("seed %d: two networks:\n%s\n%s", seed, a, b)
		}
	}
}

// What is left open can be settled, or a verdict on it would mean nothing.
func TestEveryRecipeHasACompletion(t *testing.T) {
	none := 0
	for seed := range uint64(300) {
		worlds, _ := oracle.Completions(New(seed, 3).Network(), 20)
		if len(worlds) == 0 {
			none++
		}
	}
	// Two facts that contradict each other may leave none now and then.
	if none > 10 {
		t.Errorf("%d of 300 recipes have no completion", none)
	}
}

func TestFactsAndPartsChangeTheNetwork(t *testing.T) {
	for seed := range uint64(10) {
		whole := dump(Recipe{Seed: seed})
		facts, parts := 0, 0
		for k := range (Recipe{Seed: seed}).Facts() {
			if dump(Recipe{Seed: seed, Open: []int{k}}) != whole {
				facts++
			}
		}
		for k := range (Recipe{Seed: seed}).Parts() {
			if len(dump(Recipe{Seed: seed, Cut: []int{k}})) < len(whole) {
				parts++
			}
		}
		// Some facts are open from the start, such as addresses not known, and a
		// part may lie in another one that is out already.
		if facts < (Recipe{Seed: seed}).Facts()*3/4 || parts < (Recipe{Seed: seed}).Parts()*9/10 {
			t.Errorf("seed %d: %d of %d facts and %d of %d parts make a difference", seed,
				facts, Recipe{Seed: seed}.Facts(), parts, Recipe{Seed: seed}.Parts())
		}
	}
}

func TestShrinkFindsTheCause(t *testing.T) {
	found := 0
	for seed := range uint64(20) {
		r := New(seed, 5)
		fails := func(r Recipe) bool { return strings.Contains(r.Network().Dump(), "tcp/3389") }
		if !fails(r) {
			continue
		}
		found++
		small := Shrink(r, fails)
		if len(small.Open) > 0 || strings.Count(small.Network().Dump(), "tcp/3389") != 1 {
			t.Errorf("seed %d: %+v\n%s", seed, small, small.Network().Dump())
		}
		if !slices.IsSorted(r.Open) {
			t.Errorf("seed %d: Open %v", seed, r.Open)
		}
	}
	if found == 0 {
		t.Error("no network has the rule that was looked for")
	}
}
