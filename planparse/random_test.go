package planparse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// scramble writes x as JSON with keys in random order, random space and random
// escapes.
func scramble(b *bytes.Buffer, r *rand.Rand, x any) {
	space := func() { b.WriteString([]string{"", "", "", " ", "\n\t", "\r\n  "}[r.IntN(6)]) }
	space()
	switch x := x.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(x))
		r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		b.WriteByte('{')
		for i, k := range keys {
			if i > 0 {
				b.WriteByte(',')
			}
			space()
			scrambleText(b, r, k)
			space()
			b.WriteByte(':')
			scramble(b, r, x[k])
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, e := range x {
			if i > 0 {
				b.WriteByte(',')
			}
			scramble(b, r, e)
		}
		b.WriteByte(']')
	case string:
		scrambleText(b, r, x)
	default:
		text, err := json.Marshal(x)
		if err != nil {
			panic(err)
		}
		b.Write(text)
	}
	space()
}

func scrambleText(b *bytes.Buffer, r *rand.Rand, s string) {
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c < ' ' || c == '"' || c == '\\' || c < 0x10000 && r.IntN(20) == 0:
			fmt.Fprintf(b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
}

// However a document is written, and in whatever pieces it comes, it says the
// same as to the slow twin.
func TestReadScrambled(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, uint64(i)))
			doc := clone(t, fixture(t, filepath.Base(file)))
			refused := 0
			for round := range 20 {
				var b bytes.Buffer
				scramble(&b, r, doc)
				if round%2 == 1 {
					damaged := damage(r, clone(t, b.Bytes()))
					b.Reset()
					scramble(&b, r, damaged)
				}
				wanted := []func(string) bool{all, network}[r.IntN(2)]
				window := []int{16, 100, 5000, windowSize}[r.IntN(4)]
				fast, err := read(iotest.HalfReader(bytes.NewReader(b.Bytes())), "", wanted, window)
				slow, slowErr := readSlowly(b.Bytes(), wanted)
				if round%2 == 1 && (slowErr != nil || err != nil && stricter(err)) {
					refused++
					continue
				}
				if err != nil || slowErr != nil {
					t.Fatal(err, slowErr)
				}
				comparePlans(t, fast, slow)
			}
			if refused == 10 {
				t.Error("all damaged documents were refused")
			}
		})
	}
}

// clone is the decoded document.
func clone(t *testing.T, data []byte) any {
	t.Helper()
	var doc any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// damage drops and changes a few members and elements of x.
func damage(r *rand.Rand, x any) any {
	const one = 400 // in so many
	switch x := x.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			switch r.IntN(one) {
			case 0:
				delete(x, k)
			case 1:
				x[k] = []any{nil, true, "x", json.Number("7"), []any{}, map[string]any{}}[r.IntN(6)]
			default:
				x[k] = damage(r, x[k])
			}
		}
	case []any:
		for i := range x {
			x[i] = damage(r, x[i])
		}
		if len(x) > 0 && r.IntN(one) == 0 {
			return x[1:]
		}
	}
	return x
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"format_version":"1.0","values":{"root_module":{"child_modules":[{"resources":[{"address":"module.m[0].aws_vpc.a","mode":"managed","type":"aws_vpc","name":"a","values":{"a":"\ud800"}}],"address":"module.m[0]"}]}}}`))
	f.Add([]byte(`{"version":4,"resources":[{"mode":"managed","type":"aws_vpc","name":"a","provider":"provider[\"x\"]","instances":[{"index_key":"k","attributes":{"a":[{"b":1}]},"sensitive_attributes":[[{"type":"get_attr","value":"a"}]]}]}]}`))
	f.Add([]byte(refer(`{"references":["local.a"]}`, `,"count_expression":{}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		fast, err := read(bytes.NewReader(data), "", network, 64)
		slow, slowErr := readSlowly(data, network)
		switch {
		case err == nil && slowErr == nil:
			comparePlans(t, fast, slow)
		case err != nil && slowErr == nil && !stricter(err):
			t.Fatalf("only the slow twin accepts it: %v", err)
		}
	})
}

// stricter reports whether err is one of the refusals that the slow twin does
// not have.
func stricter(err error) bool {
	if errors.As(err, &Refusal{}) {
		return true
	}
	for _, text := range []string{"duplicate key", "nested deeper", "invalid UTF-8", "no string", "is expected", "no JSON object", "without address",
		"instance key", "the mode of", "does not agree", "without type"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}
