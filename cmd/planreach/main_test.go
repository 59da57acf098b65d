package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

// A bug is told in one line, not as a stack.
func TestPanic(t *testing.T) {
	var stderr bytes.Buffer
	p := &program{stdout: writer(func([]byte) (int, error) { panic("impossible") }), stderr: &stderr}
	if code := p.run([]string{"version"}); code != 2 {
		t.Errorf("exit status %d, want 2", code)
	}
	if got, want := stderr.String(), "internal error, please report: impossible\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A report that cannot be written is no success.
func TestFullDisk(t *testing.T) {
	var stderr bytes.Buffer
	p := &program{stdout: writer(func([]byte) (int, error) { return 0, errors.New("no space left") }), stderr: &stderr}
	if code := p.run([]string{"version"}); code != 2 || !strings.Contains(stderr.String(), "no space left") {
		t.Errorf("exit status %d, %q", code, &stderr)
	}
}

func TestPicks(t *testing.T) {
	for _, c := range []struct {
		target, address string
		want            bool
	}{
		{"aws_subnet.a", "aws_subnet.a", true},
		{"aws_subnet.a", `aws_subnet.a["x"]`, true},
		{"aws_subnet.a", "aws_subnet.ab", false},
		{"aws_subnet.ab", "aws_subnet.a", false},
		{`aws_subnet.a["x"]`, `aws_subnet.a["x"]`, true},
		{`aws_subnet.a["x"]`, `aws_subnet.a["y"]`, false},
		{"module.m.aws_subnet.a", `module.m["]."].aws_subnet.a[0]`, true},
		{"module.m[0].aws_subnet.a", "module.m[1].aws_subnet.a", false},
		{"module.m.aws_subnet.a", "aws_subnet.a", false},
	} {
		if got := picks(c.target, c.address); got != c.want {
			t.Errorf("picks(%s, %s) = %v", c.target, c.address, got)
		}
	}
}

func TestAround(t *testing.T) {
	got := strings.Join(around(`module.a["x.module.y"].module.b[0]`), " | ")
	if want := `module.a["x.module.y"] | module.a["x.module.y"].module.b[0]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := around(""); got != nil {
		t.Errorf("around the root: %v", got)
	}
}
