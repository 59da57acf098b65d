package headerspace

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// The tiny space: every set the random programs build starts and ends at one
// of these values, so the probes meet every class of traffic they tell apart.
var (
	tinyPorts  = []uint16{0, 1, 2, 3, 4, 5, 6, 7, 80, 3388, 3389, 3390, 65533, 65534, 65535}
	tinyTypes  = []int{0, 1, 2, 8, 127, 128, 129, 254, 255}
	tinyCodes  = []int{0, 1, 2, 254, 255}
	tinyProtos = []Proto{0, 2, 3, 5, 7, 16, 18, 47, 57, 59, 254, 255}
)

func probes() []Packet {
	var out []Packet
	for _, p := range []Proto{TCP, UDP} {
		for _, port := range tinyPorts {
			out = append(out, Packet{Proto: p, DstPort: port})
		}
		out = append(out, Packet{Proto: p, DstPort: 1000}, Packet{Proto: p, DstPort: 40000})
	}
	for _, p := range []Proto{ICMP, ICMPv6} {
		for _, t := range append([]int{100}, tinyTypes...) {
			for _, c := range append([]int{100}, tinyCodes...) {
				out = append(out, Packet{Proto: p, ICMPType: uint8(t), ICMPCode: uint8(c)})
			}
		}
	}
	for _, p := range append([]Proto{100}, tinyProtos...) {
		out = append(out, Packet{Proto: p})
	}
	return out
}

var tiny = probes()

// A bitmap is the plain twin of a Traffic: for each probe, whether it is in.
type bitmap []bool

func bitmapOf(in func(Packet) bool) bitmap {
	out := make(bitmap, len(tiny))
	for i, p := range tiny {
		out[i] = in(p)
	}
	return out
}

func (b bitmap) with(c bitmap, op func(x, y bool) bool) bitmap {
	out := make(bitmap, len(b))
	for i := range b {
		out[i] = op(b[i], c[i])
	}
	return out
}

// A program draws its choices from next, which answers with a number below n.
type program struct {
	next  func(n int) int
	sets  []Traffic
	maps  []bitmap
	steps []string
}

func (p *program) say(format string, args ...any) {
	p.steps = append(p.steps, fmt.Sprintf("%d: ", len(p.sets))+fmt.Sprintf(format, args...))
}

func (p *program) push(t Traffic, b bitmap) {
	p.sets, p.maps = append(p.sets, t), append(p.maps, b)
}

// step builds one more set, from nothing or from earlier ones.
func (p *program) step() {
	if len(p.sets) < 2 || p.next(3) == 0 {
		p.leaf()
		return
	}
	i, j := p.next(len(p.sets)), p.next(len(p.sets))
	t, u, b, c := p.sets[i], p.sets[j], p.maps[i], p.maps[j]
	switch p.next(3) {
	case 0:
		p.say("%d union %d", i, j)
		p.push(t.Union(u), b.with(c, func(x, y bool) bool { return x || y }))
	case 1:
		p.say("%d intersect %d", i, j)
		p.push(t.Intersect(u), b.with(c, func(x, y bool) bool { return x && y }))
	case 2:
		p.say("%d minus %d", i, j)
		p.push(t.Minus(u), b.with(c, func(x, y bool) bool { return x && !y }))
	}
}

func (p *program) leaf() {
	switch p.next(8) {
	case 0:
		p.say("all")
		p.push(All(), bitmapOf(func(Packet) bool { return true }))
	case 1:
		p.say("none")
		p.push(Traffic{}, bitmapOf(func(Packet) bool { return false }))
	case 2:
		is6 := p.next(2) == 1
		p.say("family(%t)", is6)
		p.push(Family(is6), bitmapOf(func(q Packet) bool {
			return (q.Proto != ICMP || !is6) && (q.Proto != ICMPv6 || is6)
		}))
	case 3:
		whole := append([]Proto{TCP, UDP, ICMP, ICMPv6}, tinyProtos...)[p.next(4+len(tinyProtos))]
		p.say("whole %s", whole)
		p.push(Whole(whole), bitmapOf(func(q Packet) bool { return q.Proto == whole }))
	case 4:
		proto := []Proto{ICMP, ICMPv6}[p.next(2)]
		typ, code := append(tinyTypes, -1)[p.next(len(tinyTypes)+1)], append(tinyCodes, -1)[p.next(len(tinyCodes)+1)]
		p.say("%s/%d/%d", proto, typ, code)
		p.push(ICMPTypes(proto, typ, code), bitmapOf(func(q Packet) bool {
			return q.Proto == proto && (typ < 0 || int(q.ICMPType) == typ) && (code < 0 || int(q.ICMPCode) == code)
		}))
	case 5:
		one := tiny[p.next(len(tiny))]
		p.say("one %s", one)
		p.push(One(one), bitmapOf(func(q Packet) bool { return q == one }))
	default:
		proto := []Proto{TCP, UDP}[p.next(2)]
		lo, hi := tinyPorts[p.next(len(tinyPorts))], tinyPorts[p.next(len(tinyPorts))]
		if lo > hi {
			lo, hi = hi, lo
		}
		p.say("%s/%d-%d", proto, lo, hi)
		p.push(Ports(proto, lo, hi), bitmapOf(func(q Packet) bool { return q.Proto == proto && lo <= q.DstPort && q.DstPort <= hi }))
	}
}

// check compares the last set with its twin, and its spans with their
// invariant.
func (p *program) check(t *testing.T) {
	t.Helper()
	n := len(p.sets) - 1
	got, want := p.sets[n], p.maps[n]
	fail := func(format string, args ...any) {
		t.Helper()
		t.Fatalf("%s\nspans %v\nsteps:\n%s", fmt.Sprintf(format, args...), got.spans, strings.Join(p.steps, "\n"))
	}
	for i, q := range tiny {
		if got.Contains(q) != want[i] {
			fail("Contains(%s) = %t, want %t", q, got.Contains(q), want[i])
		}
	}
	if err := canonical(got); err != nil {
		fail("%v", err)
	}
	sample, ok := got.Sample()
	if ok == got.IsEmpty() || ok && !got.Contains(sample) {
		fail("Sample() = %s, %t", sample, ok)
	}
	back, err := parseTraffic(got.String())
	if err != nil || !back.Equal(got) {
		fail("String() = %q, which reads as %v, %v", got.String(), back.spans, err)
	}
	var protos []string
	for _, proto := range got.Protos() {
		protos = append(protos, proto.String())
		if !got.Overlaps(Whole(proto)) {
			fail("Protos() has %s", proto)
		}
	}
	for _, q := range tiny {
		if got.Contains(q) && !strings.Contains(" "+strings.Join(protos, " ")+" ", " "+q.Proto.String()+" ") {
			fail("Protos() = %v lacks %s", protos, q.Proto)
		}
	}
	for i, other := range p.sets {
		equal, all, overlap := true, true, false
		for k := range tiny {
			equal = equal && want[k] == p.maps[i][k]
			all = all && (want[k] || !p.maps[i][k])
			overlap = overlap || want[k] && p.maps[i][k]
		}
		if got.Equal(other) != equal || got.ContainsAll(other) != all || got.Overlaps(other) != overlap {
			fail("against %d: Equal %t, ContainsAll %t, Overlaps %t, want %t, %t, %t", i,
				got.Equal(other), got.ContainsAll(other), got.Overlaps(other), equal, all, overlap)
		}
	}
}

// canonical says how t breaks the invariant of its spans.
func canonical(t Traffic) error {
	for i, s := range t.spans {
		switch {
		case s.lo > s.hi:
			return fmt.Errorf("span %d is empty", i)
		case s.hi > lastPoint:
			return fmt.Errorf("span %d leaves the line", i)
		case i > 0 && s.lo <= t.spans[i-1].hi:
			return fmt.Errorf("span %d overlaps or precedes the one before", i)
		case i > 0 && s.lo == t.spans[i-1].hi+1:
			return fmt.Errorf("span %d is adjacent to the one before", i)
		}
	}
	return nil
}

// parseTraffic reads the canonical text of a Traffic, by its grammar alone.
func parseTraffic(s string) (Traffic, error) {
	switch s {
	case "none":
		return Traffic{}, nil
	case "any":
		return All(), nil
	}
	var out Traffic
	for word := range strings.SplitSeq(s, ",") {
		name, rest, has := strings.Cut(word, "/")
		proto, known := map[string]Proto{"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmp6": ICMPv6}[name]
		var numbers []int
		for field := range strings.FieldsFuncSeq(rest, func(r rune) bool { return r == '/' || r == '-' }) {
			n, err := strconv.Atoi(field)
			if err != nil {
				return Traffic{}, err
			}
			numbers = append(numbers, n)
		}
		switch {
		case known && !has:
			out = out.Union(Whole(proto))
		case known && proto.HasPorts() && (len(numbers) == 1 || len(numbers) == 2):
			out = out.Union(Ports(proto, uint16(numbers[0]), uint16(numbers[len(numbers)-1])))
		case known && proto.HasTypes() && len(numbers) == 1:
			out = out.Union(ICMPTypes(proto, numbers[0], -1))
		case known && proto.HasTypes() && len(numbers) == 2 && strings.Contains(rest, "-"):
			for n := numbers[0]; n <= numbers[1]; n++ {
				out = out.Union(ICMPTypes(proto, n, -1))
			}
		case known && proto.HasTypes() && (len(numbers) == 2 || len(numbers) == 3):
			for n := numbers[1]; n <= numbers[len(numbers)-1]; n++ {
				out = out.Union(ICMPTypes(proto, numbers[0], n))
			}
		case name == "proto" && (len(numbers) == 1 || len(numbers) == 2):
			for n := numbers[0]; n <= numbers[len(numbers)-1]; n++ {
				out = out.Union(Whole(Proto(n)))
			}
		default:
			return Traffic{}, fmt.Errorf("cannot read %q", word)
		}
	}
	return out, nil
}

func TestRandomPrograms(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := &program{next: r.IntN, steps: []string{fmt.Sprintf("seed %d", seed)}}
		for range 20 {
			p.step()
			p.check(t)
		}
	}
}

// FuzzProgram reads the choices of a set program from its input.
func FuzzProgram(f *testing.F) {
	f.Add([]byte{6, 0, 11, 11, 0, 1, 0, 2})           // all minus one port
	f.Add([]byte{4, 0, 9, 0, 4, 0, 9, 1, 1, 0, 1, 0}) // two ICMP codes of every type
	f.Fuzz(func(t *testing.T, choices []byte) {
		at := 0
		p := &program{next: func(n int) int {
			at++
			return int(choices[at-1]) % n
		}}
		for at+6 <= len(choices) && len(p.sets) < 12 { // a step takes at most six choices
			p.step()
			p.check(t)
		}
	})
}

// Set algebras that widen a hole to its neighbours lose this one.
func TestAllMinusOnePortIsNotEmpty(t *testing.T) {
	left := All().Minus(Ports(TCP, 3389, 3389))
	if left.IsEmpty() || left.Contains(Packet{Proto: TCP, DstPort: 3389}) {
		t.Errorf("all less tcp/3389 is %s", left)
	}
	for _, port := range []uint16{0, 3388, 3390, 65535} {
		if !left.Contains(Packet{Proto: TCP, DstPort: port}) {
			t.Errorf("all less tcp/3389 lacks tcp/%d", port)
		}
	}
	if got := All().Minus(left).String(); got != "tcp/3389" {
		t.Errorf("the rest is %s", got)
	}
}

func TestTrafficString(t *testing.T) {
	for _, c := range []struct {
		set  Traffic
		want string
	}{
		{Traffic{}, "none"},
		{All(), "any"},
		{Ports(TCP, 80, 80).Union(Ports(TCP, 443, 443)).Union(Ports(UDP, 53, 53)), "tcp/80,tcp/443,udp/53"},
		{Whole(TCP).Union(Ports(UDP, 0, 0)), "tcp,udp/0"},
		{Ports(TCP, 65535, 65535).Union(Ports(UDP, 0, 7)), "tcp/65535,udp/0-7"},
		{ICMPTypes(ICMP, 8, -1), "icmp/8"},
		{ICMPTypes(ICMP, 3, 4), "icmp/3/4"},
		{ICMPTypes(ICMP, 255, -1).Union(ICMPTypes(ICMPv6, 0, 0)), "icmp/255,icmp6/0/0"},
		{Whole(ICMPv6), "icmp6"},
		{Whole(ICMP).Minus(ICMPTypes(ICMP, 8, -1)), "icmp/0-7,icmp/9-255"},
		{ICMPTypes(ICMP, 0, -1).Union(ICMPTypes(ICMP, 1, -1)).Union(ICMPTypes(ICMP, 3, 0)), "icmp/0,icmp/1,icmp/3/0"},
		{ICMPTypes(ICMP, 3, -1).Minus(ICMPTypes(ICMP, 3, 4)), "icmp/3/0-3,icmp/3/5-255"},
		{Whole(2).Union(Whole(3)).Union(Whole(4)).Union(Whole(7)).Union(Whole(8)), "proto/2-4,proto/7,proto/8"},
		{Whole(47).Union(Whole(0)), "proto/0,proto/47"},
		{Family(false).Minus(Whole(47)).Minus(Whole(TCP)).Intersect(Whole(UDP).Union(Whole(50))), "udp,proto/50"},
	} {
		if got := c.set.String(); got != c.want {
			t.Errorf("String() = %q, want %q", got, c.want)
		}
	}
}

func TestBadSetsPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"ports of icmp":     func() { Ports(ICMP, 0, 0) },
		"reversed ports":    func() { Ports(TCP, 2, 1) },
		"types of tcp":      func() { ICMPTypes(TCP, 0, 0) },
		"type 256":          func() { ICMPTypes(ICMP, 256, 0) },
		"code -2":           func() { ICMPTypes(ICMP, 0, -2) },
		"contradictory Tri": func() { NewTri(Whole(TCP), Ports(TCP, 80, 80)) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func TestEveryProtocolHasItsPoint(t *testing.T) {
	seen := map[string]Proto{}
	var all Traffic
	for n := range 256 {
		p := Proto(n)
		s := Whole(p)
		if other, twice := seen[s.String()]; twice {
			t.Errorf("%s and %s have the same traffic", p, other)
		}
		seen[s.String()] = p
		if got := s.Protos(); len(got) != 1 || got[0] != p {
			t.Errorf("Whole(%s).Protos() = %v", p, got)
		}
		all = all.Union(s)
	}
	if !all.Equal(All()) {
		t.Errorf("the protocols together are %s", all)
	}
}
