package evaluator_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/internal/oracle"
	"github.com/planreach/planreach/internal/randnet"
)

const (
	certifiedFirst = 100_000 // where the seeds of the other properties end
	certifiedParts = 2       // at the same time
	wideQuestions  = 4       // asked of each network, of all traffic
)

// What the engine says of all traffic at once is what happens to each packet in
// each completion. PLANREACH_CASES is how many cases to try at least, each of one
// packet in one completion of one network.
func TestCertified(t *testing.T) {
	t.Parallel()
	wanted := int64(100_000)
	if v := os.Getenv("PLANREACH_CASES"); v != "" {
		var err error
		if wanted, err = strconv.ParseInt(v, 10, 64); err != nil {
			t.Fatalf("PLANREACH_CASES: %v", err)
		}
	}
	var networks atomic.Int64
	var cases, asked, undecided, needless, complete atomic.Int64
	t.Run("networks", func(t *testing.T) {
		for part := range certifiedParts {
			t.Run(fmt.Sprint(part), func(t *testing.T) {
				t.Parallel()
				var mine int64
				for seed := certifiedFirst + uint64(part); mine*certifiedParts < wanted; seed += certifiedParts {
					networks.Add(1)
					recipe := randnet.New(seed, maxGaps)
					n := recipe.Network()
					worlds, all := oracle.Completions(n, completions)
					for k := range wideQuestions {
						q := randnet.Question(n, seed, k)
						q.Traffic, q.OneWay = headerspace.All(), false
						got, pair := judge(n, q)
						if !pair {
							continue
						}
						asked.Add(1)
						verdicts := map[oracle.Verdict]bool{}
						for _, c := range worlds {
							a := oracle.Ask(c, q)
							mine += int64(len(a.Pass) + len(a.Stop))
							if !a.Vacuous {
								verdicts[a.Verdict()] = true
							}
							if disagrees(got, a, c, q) != "" {
								report(t, recipe, func(r randnet.Recipe) string { return contradiction(r, q) })
								return
							}
						}
						if got.Verdict == evaluator.Undecided {
							undecided.Add(1)
						}
						if all {
							complete.Add(1)
							if got.Verdict == evaluator.Undecided && len(verdicts) == 1 {
								needless.Add(1)
								t.Logf("needlessly undecided: %+v, %s: %s", recipe, text(q), missing(got))
							}
						}
					}
				}
				cases.Add(mine)
			})
		}
	})
	t.Logf("%d networks, %d questions: %d packets × completions, %d undecided; of %d questions whose completions are all tried %d are needlessly undecided (%.1f %%)",
		networks.Load(), asked.Load(), cases.Load(), undecided.Load(), complete.Load(), needless.Load(), 100*float64(needless.Load())/float64(max(complete.Load(), 1)))
}

// missing is the codes of the facts that an answer says are missing.
func missing(f evaluator.FlowResult) string {
	var out []string
	for _, u := range f.Unknowns {
		out = append(out, string(u.Code))
	}
	return strings.Join(out, ", ")
}
