package planparse

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// Read reads a plan or state. wanted tells by TypeName which resources to keep.
// An error begins with the name of r, if it has one, or is a Refusal.
func Read(r io.Reader, wanted func(typeName string) bool) (*Plan, error) {
	name := "the input"
	n, isNamed := r.(interface{ Name() string })
	if isNamed {
		name = n.Name()
	}
	p, err := read(r, name, wanted, windowSize)
	if err != nil && isNamed && !errors.As(err, &Refusal{}) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, err
}

func read(r io.Reader, name string, wanted func(string) bool, window int) (*Plan, error) {
	sum := sha256.New()
	a := newAssembly(wanted)
	d := &document{f: newFramer(r, sum, window, a.shapes), a: a, name: name, bodies: map[[sha256.Size]byte]Expression{}}
	if err := catch(d.read); err != nil {
		return nil, err
	}
	a.plan.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return a.finish()
}
