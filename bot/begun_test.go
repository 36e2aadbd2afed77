package bot

import (
	"path/filepath"
	"testing"
)

// TestDiedWhileThePlatformWasAsked goes on with what a process would leave that dies while the platform posts: the next one
// knows that it is in doubt, and looks before it posts again.
func TestDiedWhileThePlatformWasAsked(t *testing.T) {
	s := finding{newStage("one")}
	th := open(t, s)
	left := filepath.Join(t.TempDir(), "left")
	s.obey = func(call) error { return th.store.Backup(t.Context(), left) }
	th.owe("one", 0, "lane", say("ops", "once"))
	th.settle()
	th.end()

	again := finding{newStage("one")}
	again.posts = s.posts
	th.dir = left
	th.start(again)
	th.settle()
	if n := len(s.seen()) + len(again.seen()); n != 1 {
		t.Errorf("posted %d times, although the first had worked", n)
	}
	if n := th.owed(); n != 0 {
		t.Errorf("%d effects are still owed", n)
	}
}
