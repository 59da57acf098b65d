package planparse

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// An Input is the JSON of a plan or state, to be given to Read and closed.
type Input struct {
	// PlanFile is the path of the binary plan file that the JSON comes from;
	// its sources lie in it. Empty for JSON.
	PlanFile string

	name   string
	reader io.Reader
	close  func() error
}

// A Refusal is an input that cannot be used: whole sentences for people, which
// name the input and what to do.
type Refusal struct{ text string }

// Error is the sentences.
func (r Refusal) Error() string { return r.text }

func refuse(format string, args ...any) error { return Refusal{fmt.Sprintf(format, args...)} }

// howToShow tells how to get the JSON of a plan.
const howToShow = "Use `terraform plan -out=tfplan` and `terraform show -json tfplan`."

// Open finds out by its content what path is and returns JSON to read; "-" is
// stdin. Relative paths start at dir. A binary plan file is shown by program in
// dir, which must be initialised; an empty program stands for terraform or
// tofu, whichever is on PATH. What only the whole content tells, such as a plan
// that ended with an error, is an error of Read.
func Open(ctx context.Context, path string, stdin io.Reader, dir, program string) (*Input, error) {
	if path == "-" {
		in := &Input{name: "standard input", close: func() error { return nil }}
		if in.recognise(stdin) {
			return nil, refuse("A binary plan file cannot be read from standard input. Give its path, or pass the output of `show -json`.")
		}
		return in, nil
	}
	full := path
	if !filepath.IsAbs(path) {
		full = filepath.Join(dir, path)
	}
	f, err := os.Open(full)
	if err != nil {
		return nil, err
	}
	in := &Input{name: path, close: f.Close}
	if !in.recognise(f) {
		return in, nil
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	if err := checkPlanFile(path, full); err != nil {
		return nil, err
	}
	return showPlanFile(ctx, path, full, dir, program)
}

// recognise makes in read r, whatever its encoding, unless r is a zip.
func (in *Input) recognise(r io.Reader) (isZip bool) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	head, _ := buffered.Peek(4) // an error comes again with Read
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return true
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = buffered.Discard(3)
		in.reader = buffered
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		_, _ = buffered.Discard(2)
		in.reader = &utf16Reader{r: buffered, bigEndian: head[0] == 0xfe}
	default:
		in.reader = buffered
	}
	return false
}

// Name is the path as it was given, or "standard input".
func (in *Input) Name() string { return in.name }

// Read reads the JSON.
func (in *Input) Read(p []byte) (int, error) { return in.reader.Read(p) }

// Close closes the file, or ends the program that shows it.
func (in *Input) Close() error { return in.close() }

func checkPlanFile(name, path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("%s is a damaged plan file: %w", name, err)
	}
	defer func() { _ = z.Close() }()
	if !slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "tfplan" }) {
		return refuse("%s is a zip file, but not a plan file. %s", name, howToShow)
	}
	return nil
}
