package planreach_test

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// A workbench is a directory with a configuration, and the environment of a job:
// planreach, and stand-ins for what else a recipe calls. See testdata/gate.
type workbench struct {
	t     *testing.T
	dir   string
	env   map[string]string
	notes string // file of what the stand-ins were asked to change
}

// newWorkbench has the configuration of a directory of testdata/gate.
func newWorkbench(t *testing.T, program, plan string) *workbench {
	t.Helper()
	w := &workbench{t: t, dir: t.TempDir(), notes: filepath.Join(t.TempDir(), "notes")}
	w.copy("testdata/gate/"+plan+"/main.tf", "main.tf")
	w.copy("testdata/gate/network.reach.hcl", "network.reach.hcl")
	w.env = map[string]string{
		"PATH":         strings.Join([]string{absolute(t, "testdata/gate/bin"), filepath.Dir(program), os.Getenv("PATH")}, string(os.PathListSeparator)),
		"HOME":         w.dir,
		"LANG":         "C.UTF-8",
		"GATE_PLAN":    absolute(t, "testdata/gate/"+plan),
		"GATE_NOTES":   w.notes,
		"GATE_SOURCES": absolute(t, "."),
	}
	return w
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

func (w *workbench) copy(from, to string) {
	w.t.Helper()
	w.write(to, string(read(w.t, from)))
}

func (w *workbench) write(name, text string) {
	w.t.Helper()
	name = filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// run runs a script as the steps of a job run, up to the first failure, and
// returns its exit status and what it printed.
func (w *workbench) run(script string) (status int, output string) {
	w.t.Helper()
	return w.exec("bash", "-e", "-o", "pipefail", "-c", script)
}

func (w *workbench) exec(name string, args ...string) (status int, output string) {
	w.t.Helper()
	path := name
	for _, dir := range filepath.SplitList(w.env["PATH"]) {
		if found, err := exec.LookPath(filepath.Join(dir, name)); err == nil && !strings.Contains(name, "/") {
			path = found
			break
		}
	}
	c := exec.Command(path, args...)
	c.Dir = w.dir
	for k, v := range w.env {
		c.Env = append(c.Env, k+"="+v)
	}
	out, err := c.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		w.t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(out)
}

// noted is what the stand-ins were asked to change, without the directories.
func (w *workbench) noted() string {
	text, err := os.ReadFile(w.notes)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// buildProgram is the program, built from this tree.
func buildProgram(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("recipes are for POSIX shells")
	}
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// built builds once for all tests; TestMain removes it.
var built = sync.OnceValues(func() (string, error) {
	program := filepath.Join(workspace, "planreach")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/planreach").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return program, nil
})

// workspace is a directory for the whole run.
var workspace string

func TestMain(m *testing.M) {
	var err error
	if workspace, err = os.MkdirTemp("", "planreach"); err != nil {
		panic(err)
	}
	code := m.Run()
	if err := os.RemoveAll(workspace); err != nil {
		panic(err)
	}
	os.Exit(code)
}

// release lays a release of the program out, as .goreleaser.yaml names its files,
// for the stand-in of curl to serve.
func (w *workbench) release(program string) {
	w.t.Helper()
	archive := strings.NewReplacer("{{ .Version }}", "0.1.0", "{{ .Os }}", runtime.GOOS, "{{ .Arch }}", runtime.GOARCH).
		Replace(readRelease(w.t).Archives[0].NameTemplate) + ".tar.gz"
	w.env["GATE_RELEASE"] = w.t.TempDir()
	file, err := os.Create(filepath.Join(w.env["GATE_RELEASE"], archive))
	if err != nil {
		w.t.Fatal(err)
	}
	sum := sha256.New()
	zipped, err := gzip.NewWriterLevel(io.MultiWriter(file, sum), gzip.NoCompression)
	if err != nil {
		w.t.Fatal(err)
	}
	content := read(w.t, program)
	tape := tar.NewWriter(zipped)
	err = errors.Join(
		tape.WriteHeader(&tar.Header{Name: "planreach", Mode: 0o755, Size: int64(len(content))}),
		func() error { _, err := tape.Write(content); return err }(),
		tape.Close(), zipped.Close(), file.Close(),
	)
	if err != nil {
		w.t.Fatal(err)
	}
	list := fmt.Sprintf("%x  %s\n%064x  another.tar.gz\n", sum.Sum(nil), archive, 0)
	if err := os.WriteFile(filepath.Join(w.env["GATE_RELEASE"], readRelease(w.t).Checksum.NameTemplate), []byte(list), 0o644); err != nil {
		w.t.Fatal(err)
	}
}
