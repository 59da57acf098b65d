// Package bigplan writes plans of any size in the shape of real ones, for
// benchmarks and tests of memory. The same arguments give the same bytes.
package bigplan

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
)

// A Shape is the kind of plan. The zero value is invalid.
type Shape uint8

// The shapes.
const (
	Settled Shape = iota + 1 // nearly all of it exists and stays as it is
	Fresh                    // nothing exists yet
)

// Wanted reports whether typeName is a network type of the plans.
func Wanted(typeName string) bool {
	for _, k := range kinds {
		if k.typeName == typeName {
			return k.network
		}
	}
	return false
}

// Write writes a plan with so many resource instances; a thousand are about
// 6 MB if settled and 3 MB if fresh. Each module instance is a VPC of three tiers
// in three zones, whose groups let the tiers talk to the next.
func Write(w io.Writer, shape Shape, instances int) error {
	p := &plan{w: bufio.NewWriterSize(w, 1<<20), shape: shape, instances: instances}
	p.text(`{"format_version":"1.2","terraform_version":"1.13.3","variables":{"region":{"value":"us-east-1"}},"planned_values":{"root_module":{"child_modules":[`)
	p.modules(func(i instance) any { return i.planned(shape) })
	p.text(`]}},"resource_changes":[`)
	for n := range instances {
		p.comma(n)
		p.json(p.instance(n).change(shape))
	}
	p.text(`],"prior_state":{"format_version":"1.0","terraform_version":"1.13.3","values":{"root_module":{`)
	if shape == Settled {
		p.text(`"child_modules":[`)
		p.modules(func(i instance) any { return i.planned(shape) })
		p.text(`]`)
	}
	p.text(`}}},"configuration":`)
	p.json(p.configuration())
	p.text(`,"timestamp":"2026-01-01T00:00:00Z","applyable":true,"complete":true,"errored":false}` + "\n")
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}

// perModule is how many instances a module instance holds.
var perModule = func() int {
	n := 0
	for _, k := range kinds {
		n += k.count
	}
	return n
}()

type plan struct {
	w         *bufio.Writer
	shape     Shape
	instances int
	err       error
}

func (p *plan) text(s string) {
	if p.err == nil {
		_, p.err = p.w.WriteString(s)
	}
}

func (p *plan) json(x any) {
	b, err := json.Marshal(x)
	if err != nil {
		panic(err) // maps, slices and strings only
	}
	p.text(string(b))
}

func (p *plan) comma(n int) {
	if n > 0 {
		p.text(",")
	}
}

// modules writes all instances, as show makes them, by module instance.
func (p *plan) modules(show func(instance) any) {
	for first := 0; first < p.instances; first += perModule {
		p.comma(first)
		p.text(`{"address":"` + module(first) + `","resources":[`)
		for n := first; n < min(first+perModule, p.instances); n++ {
			p.comma(n - first)
			p.json(show(p.instance(n)))
		}
		p.text(`]}`)
	}
}

func module(n int) string { return fmt.Sprintf("module.net%d", n/perModule) }

// instance is the resource instance with the number n.
func (p *plan) instance(n int) instance {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	kind, index := kindOf(n % perModule)
	return instance{kind: kind, module: module(n), index: index, values: kind.values(at{r, n / perModule, index}), open: kind.open}
}

// kindOf is the kind of the n-th instance of a module, and its number among
// those.
func kindOf(n int) (*kind, int) {
	for i := range kinds {
		if n < kinds[i].count {
			return &kinds[i], n
		}
		n -= kinds[i].count
	}
	panic("bigplan: no such instance")
}

// Interfaces is how many instances with an interface a plan of so many resource
// instances has.
func Interfaces(instances int) int {
	out := 0
	for n := range instances {
		if kind, _ := kindOf(n % perModule); kind.typeName == "aws_instance" {
			out++
		}
	}
	return out
}
