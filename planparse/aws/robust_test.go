package aws_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
)

// TestOrder shuffles the resources: the model stays the same to the byte.
func TestOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range testCases(t, "*/*.txtar") {
		_, p := c.plan(t)
		want := aws.Network(p, planparse.After).Dump()
		shuffled := *p
		shuffled.Resources = append([]*planparse.Resource(nil), p.Resources...)
		for range 3 {
			rng.Shuffle(len(shuffled.Resources), func(i, j int) {
				r := shuffled.Resources
				r[i], r[j] = r[j], r[i]
			})
			if diff := cmp.Diff(want, aws.Network(&shuffled, planparse.After).Dump()); diff != "" {
				t.Errorf("%s: the order of the resources matters (-want +got):\n%s", c.file, diff)
				break
			}
		}
	}
}

// TestDamaged builds models of plans in which values are open, missing or of
// another type than the schema says: no model panics.
func TestDamaged(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range testCases(t, "*/*.txtar") {
		_, p := c.plan(t)
		for range 6 {
			damaged := *p
			damaged.Resources = nil
			for _, r := range p.Resources {
				damaged.Resources = append(damaged.Resources, r.Resolved(damage(rng, r.Value(planparse.After), 0)))
			}
			aws.Network(&damaged, planparse.After).Dump()
		}
	}
}

// damage is v with some parts replaced.
func damage(rng *rand.Rand, v planparse.Value, depth int) planparse.Value {
	if depth > 0 && rng.IntN(8) == 0 {
		return []planparse.Value{
			{}, planparse.NullValue(), planparse.HoleValue(&planparse.Leaf{}), planparse.HoleValue(&planparse.Leaf{Unset: true}),
			planparse.StringValue("x"), planparse.StringValue(""), planparse.NumberValue("70000"), planparse.BoolValue(true),
			planparse.ListValue(nil), planparse.ListValue([]planparse.Value{planparse.HoleValue(&planparse.Leaf{})}),
			planparse.ObjectValue(nil),
		}[rng.IntN(11)]
	}
	switch v.Kind() {
	case planparse.List:
		var out []planparse.Value
		for _, e := range v.Elements() {
			out = append(out, damage(rng, e, depth+1))
		}
		return planparse.ListValue(out)
	case planparse.Object:
		out := map[string]planparse.Value{}
		for _, name := range v.FieldNames() {
			out[name] = damage(rng, v.Field(name), depth+1)
		}
		return planparse.ObjectValue(out)
	case planparse.Absent, planparse.Null, planparse.String, planparse.Number, planparse.Bool, planparse.Hole:
	}
	return v
}
