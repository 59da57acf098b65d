package planparse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
)

// showPlanFile runs `show -json` on the plan file at path; name is how the user calls
// it.
func showPlanFile(ctx context.Context, name, path, dir, program string) (*Input, error) {
	program, err := findProgram(name, program)
	if err != nil {
		return nil, err
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &showing{what: fmt.Sprintf("`%s show -json %s`", filepath.Base(program), name), cancel: cancel}
	s.cmd = exec.CommandContext(ctx, program, "show", "-json", "-no-color", path)
	s.cmd.Dir = dir
	s.cmd.Stderr = &s.said
	if s.out, err = s.cmd.StdoutPipe(); err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, fmt.Errorf("%s: %w", s.what, err)
	}
	return &Input{PlanFile: path, name: name, reader: s, close: s.Close}, nil
}

func findProgram(name, program string) (string, error) {
	if program != "" {
		path, err := exec.LookPath(program)
		if err != nil {
			return "", fmt.Errorf("%s is a binary plan file, and the program to show it cannot be run: %w", name, err)
		}
		return path, nil
	}
	for _, p := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(p); err == nil {
			return path, nil
		}
	}
	return "", refuse("%s is a binary plan file, and neither terraform nor tofu is on PATH. "+
		"Run `terraform show -json %s > plan.json`, then `planreach check plan.json --source %s`.", name, name, name)
}

// A showing is the standard output of a running `show -json`. It ends with an
// error if the program fails, so that half a document is never taken for one.
type showing struct {
	what   string
	cmd    *exec.Cmd
	out    io.Reader
	said   tail
	cancel func()
	ended  bool
	err    error // how it ended
}

func (s *showing) Read(p []byte) (int, error) {
	if s.ended {
		return 0, s.err
	}
	n, err := s.out.Read(p)
	if err == nil || n > 0 {
		return n, nil
	}
	s.end()
	if s.err == nil {
		s.err = err // io.EOF, or what broke the pipe
	}
	return 0, s.err
}

func (s *showing) end() {
	s.ended = true
	err := s.cmd.Wait()
	s.cancel()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		s.err = refuse("%s failed (its message follows). Run planreach in the directory where `terraform init` was run, or pass plan JSON.\n%s",
			s.what, strings.TrimSpace(s.said.String()))
	case err != nil:
		s.err = fmt.Errorf("%s: %w", s.what, err)
	}
}

// Close ends the program if it is still running.
func (s *showing) Close() error {
	if s.ended {
		return nil
	}
	s.cancel()
	s.end() // its failure is ours
	s.err = io.ErrClosedPipe
	return nil
}

// A tail keeps the last bytes written to it.
type tail struct{ b []byte }

const tailLength = 1 << 16

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if extra := len(t.b) - tailLength; extra > 0 {
		t.b = append(t.b[:0], t.b[extra:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.b) }
