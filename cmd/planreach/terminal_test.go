package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What takes long is told after a second, in a line that goes away.
func TestProgress(t *testing.T) {
	var b bytes.Buffer
	g := &progress{w: &b, start: time.Unix(0, 0)}
	g.at("reading plan.json")
	if !g.tick(time.Unix(0, 900_000_000)) || b.Len() > 0 {
		t.Errorf("told too early: %q", &b)
	}
	g.tick(time.Unix(2, 0))
	g.end()
	if got, want := b.String(), "\r\x1b[Kreading plan.json (2 s)\r\x1b[K"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if g.tick(time.Unix(3, 0)) || strings.HasSuffix(b.String(), "s)") {
		t.Error("told after the end")
	}
}

// hangs is the file that TestMainHangs is writing when Ctrl-C comes.
const hangs = "PLANREACH_TEST_HANGS"

func TestMainHangs(t *testing.T) {
	path := os.Getenv(hangs)
	if path == "" {
		t.Skip("runs in a process of its own")
	}
	_, stop := interruptible()
	defer stop()
	err := writeFile(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, "half of it"); err != nil {
			return err
		}
		if _, err := os.Stdout.WriteString("hanging\n"); err != nil {
			return err
		}
		select {}
	})
	t.Fatal("it went on", err)
}

// On Ctrl-C a file that is being written is removed, and the old one stays as it
// was.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.json")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestMainHangs$")
	cmd.Env = append(os.Environ(), hangs+"="+path)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, len("hanging\n"))); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var failed *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &failed) || failed.ExitCode() != exitInterrupted {
		t.Errorf("ends with %v, want exit status %d", err, exitInterrupted)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || len(entries) != 1 || string(text) != "old" {
		t.Errorf("left behind: %v, %q, %v", entries, text, err)
	}
}

// A reader that goes away ends the program without a word, and the files are
// there.
func TestBrokenPipe(t *testing.T) {
	program, err := exec.LookPath("planreach") // the scripts' one
	if err != nil {
		t.Fatal(err)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.json")
	var stderr bytes.Buffer
	cmd := exec.Command(program, "check", "../../examples/three-tier/plan.json", "-o", "json="+file)
	cmd.Stdout, cmd.Stderr = writer, &stderr
	err = cmd.Run()
	var failed *exec.ExitError
	if !errors.As(err, &failed) || failed.Sys().(syscall.WaitStatus).Signal() != syscall.SIGPIPE || stderr.Len() > 0 {
		t.Errorf("ends with %v and says %q", err, &stderr)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}
