package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// A progress tells on a terminal what takes so long, in a line that goes away.
// A nil progress tells nothing.
type progress struct {
	w     io.Writer
	start time.Time

	mu    sync.Mutex
	stage string
	shown bool
	over  bool
}

// patience is how long a run may take before it says what it does.
const patience = time.Second

// newProgress starts to tell if stderr is a terminal.
func (p *program) newProgress() *progress {
	f, ok := p.stderr.(*os.File)
	if !ok || p.quiet || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	out := &progress{w: f, start: time.Now()}
	ticks := time.NewTicker(patience / 4)
	go func() {
		defer ticks.Stop()
		for now := range ticks.C {
			if !out.tick(now) {
				return
			}
		}
	}()
	return out
}

// at says what is being done from now on.
func (g *progress) at(stage string) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stage = stage
}

// tick shows the line, and reports whether there is more to come.
func (g *progress) tick(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if spent := now.Sub(g.start); !g.over && spent >= patience && g.stage != "" {
		g.shown = true
		_, _ = fmt.Fprintf(g.w, "\r\x1b[K%s (%d s)", g.stage, int(spent.Seconds())) // nobody to tell if it fails
	}
	return !g.over
}

// end takes the line away. Nothing else may be written to the terminal before.
func (g *progress) end() {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shown {
		_, _ = io.WriteString(g.w, "\r\x1b[K") // nobody to tell if it fails
	}
	g.over, g.shown = true, false
}
