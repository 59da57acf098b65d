package planparse_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/planreach/planreach/internal/bigplan"
	"github.com/planreach/planreach/planparse"
)

func bigPlan(t testing.TB, shape bigplan.Shape, instances int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := bigplan.Write(&b, shape, instances); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Instances that make a plan of about 20 MB and of about 100 MB.
var sizes = map[bigplan.Shape]struct{ small, large int }{
	bigplan.Settled: {3300, 16500},
	bigplan.Fresh:   {6000, 30000},
}

func TestBigPlan(t *testing.T) {
	for shape := range sizes {
		data := bigPlan(t, shape, 1000)
		p, err := planparse.Read(bytes.NewReader(data), bigplan.Wanted)
		if err != nil {
			t.Fatal(err)
		}
		if p.Total != 1000 || len(p.Resources) != 692 || !p.Complete || len(p.Declared) != 4*12 {
			t.Errorf("%d, %d, %v, %d", p.Total, len(p.Resources), p.Complete, len(p.Declared))
		}
		var plan tfjson.Plan
		if err := plan.UnmarshalJSON(data); err != nil {
			t.Fatal(err)
		}
		if len(plan.ResourceChanges) != 1000 {
			t.Error(len(plan.ResourceChanges))
		}
	}
}

// What is kept of a plan, and all that is allocated on the way, is a fraction of
// its size.
func TestReadAllocates(t *testing.T) {
	for shape, size := range sizes {
		data := bigPlan(t, shape, size.small)
		var before, after, kept runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		p, err := planparse.Read(bytes.NewReader(data), bigplan.Wanted)
		if err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		runtime.GC()
		runtime.ReadMemStats(&kept)
		runtime.KeepAlive(p)
		runtime.KeepAlive(data)
		part := func(bytes uint64) float64 { return float64(bytes) / float64(len(data)) }
		keeps, allocates := part(kept.HeapAlloc-before.HeapAlloc), part(after.TotalAlloc-before.TotalAlloc)
		t.Logf("of %d bytes keeps %.2f, allocates %.2f", len(data), keeps, allocates)
		if keeps > 0.4 || allocates > 1.4 {
			t.Errorf("shape %d: of %d bytes keeps %.2f, allocates %.2f", shape, len(data), keeps, allocates)
		}
	}
}

// The memory that a process takes to read 100 MB is at most 0.6 of that. It is
// measured in a process of its own, and only if PLANREACH_TEST_BIG is set.
func TestReadMemory(t *testing.T) {
	if path := os.Getenv("PLANREACH_TEST_READ"); path != "" {
		readAndReport(t, path)
		return
	}
	if os.Getenv("PLANREACH_TEST_BIG") == "" {
		t.Skip("PLANREACH_TEST_BIG is not set")
	}
	for shape, size := range sizes {
		path := filepath.Join(t.TempDir(), "plan.json")
		data := bigPlan(t, shape, size.large)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		child := exec.Command(os.Args[0], "-test.run=^TestReadMemory$", "-test.v")
		child.Env = append(os.Environ(), "PLANREACH_TEST_READ="+path, "GOGC=50")
		out, err := child.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		_, text, _ := strings.Cut(string(out), "heap of ")
		var heap int
		if _, err := fmt.Sscan(text, &heap); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		t.Logf("%d bytes of plan, heap %.2f of that", len(data), float64(heap)/float64(len(data)))
		if heap > len(data)*6/10 {
			t.Errorf("shape %d: %d bytes of heap for %d bytes of plan", shape, heap, len(data))
		}
	}
}

// readAndReport prints the most that the heap took from the system.
func readAndReport(t *testing.T, path string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	p, err := planparse.Read(f, bigplan.Wanted)
	if err != nil {
		t.Fatal(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("heap of %d bytes", m.HeapSys)
	runtime.KeepAlive(p)
}

func BenchmarkRead(b *testing.B) {
	for _, shape := range []struct {
		name  string
		shape bigplan.Shape
	}{{"settled", bigplan.Settled}, {"fresh", bigplan.Fresh}} {
		data := bigPlan(b, shape.shape, sizes[shape.shape].small)
		for _, reader := range []struct {
			name string
			read func() error
		}{
			{"planreach", func() error { _, err := planparse.Read(bytes.NewReader(data), bigplan.Wanted); return err }},
			{"terraform-json", func() error { return new(tfjson.Plan).UnmarshalJSON(data) }},
			{"json.Valid", func() error { json.Valid(data); return nil }},
		} {
			b.Run(shape.name+"/"+reader.name, func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					if err := reader.read(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
