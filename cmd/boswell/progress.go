package main

import (
	"fmt"
	"io"
	"os"
)

// A progress says on standard error how far a long work has come: in one line that changes on a terminal, in a line for
// each tenth elsewhere.
type progress struct {
	w        io.Writer
	done     string // what has been done with each: "checked"
	terminal bool
	tenth    int
	told     bool
}

func newProgress(w io.Writer, done string) *progress {
	p := &progress{w: w, done: done}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// tell says that done of total are done. A reader who is gone is no reason to stop the work.
func (p *progress) tell(done, total int) {
	tenth := 10 * done / max(total, 1)
	switch {
	case p.terminal:
		p.told = true
		_, _ = fmt.Fprintf(p.w, "\r%s %d of %d", p.done, done, total)
	case tenth > p.tenth || done == total:
		_, _ = fmt.Fprintf(p.w, "%s %d of %d\n", p.done, done, total)
	}
	p.tenth = tenth
}

// end leaves the line that changes.
func (p *progress) end() error {
	if !p.told {
		return nil
	}
	_, err := fmt.Fprintln(p.w)
	return err
}
