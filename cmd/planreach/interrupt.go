package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// exitInterrupted is the exit code after Ctrl-C, as shells have it.
const exitInterrupted = 130

// grace is how long programs that were started may take to end on Ctrl-C.
const grace = 50 * time.Millisecond

// interruptible ends the process soon after Ctrl-C, whatever it is doing: the
// context is cancelled, and files that are being written are removed. stop ends
// that.
func interruptible() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over := make(chan struct{})
	go func() {
		select {
		case <-signals:
		case <-over:
			return
		}
		cancel()
		select {
		case <-over:
		case <-time.After(grace):
		}
		unfinished.abandon()
		os.Exit(exitInterrupted)
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		cancel()
	}
}

// unfinished is the files that the process is writing.
var unfinished partial

// A partial is files to remove if the process ends now. The zero value has none.
type partial struct {
	mu    sync.Mutex
	files map[string]bool
}

// create makes a file for what is to become path.
func (u *partial) create(path string) (*os.File, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, err
	}
	if u.files == nil {
		u.files = map[string]bool{}
	}
	u.files[f.Name()] = true
	return f, nil
}

func (u *partial) remove(name string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.files, name)
}

// abandon removes all files. None can be added or renamed afterwards.
func (u *partial) abandon() {
	u.mu.Lock() // for good: whoever is about to add a file waits until the end
	for name := range u.files {
		_ = os.Remove(name) // nobody to tell if it fails
	}
}
