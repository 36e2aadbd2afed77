package localsim_test

import (
	"testing"
	"time"

	"boswell/chat/chattest"
	"boswell/integrations/local/localsim"
)

func open(t *testing.T) *localsim.World {
	t.Helper()
	w, err := localsim.Open(t.TempDir(), "chat", chattest.NewClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("the chat did not close: %v", err)
		}
	})
	return w
}

func TestConform(t *testing.T) {
	chattest.Conform(t, func(t *testing.T) chattest.World { return open(t) })
}
