package planparse

import (
	"context"
	"io"
	"os"
)

// An Input is the JSON of a plan or state, to be given to Read.
type Input struct {
	// PlanFile is the path of the binary plan file that the JSON comes from;
	// its sources lie in it. Empty for JSON.
	PlanFile string

	name string
	r    io.Reader
	c    io.Closer
}

// Open finds out by its content what path is and returns JSON to read; "-" is
// stdin. A binary plan file is shown by terraform or tofu, whichever env has on
// its PATH, in the directory dir; dir is also what path is relative to.
func Open(ctx context.Context, path string, stdin io.Reader, dir string, env []string) (*Input, error) {
	if path == "-" {
		return &Input{name: "standard input", r: stdin}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &Input{name: path, r: f, c: f}, nil
}

// Name is the path as given, or "standard input".
func (in *Input) Name() string { return in.name }

// Read reads the JSON.
func (in *Input) Read(p []byte) (int, error) { return in.r.Read(p) }

// Close closes the file.
func (in *Input) Close() error {
	if in.c == nil {
		return nil
	}
	return in.c.Close()
}
