package discord_test

import (
	"testing"
	"time"

	"boswell/chat/chattest"
	"boswell/integrations/discord/discordsim"
)

// open makes a World that ends with the test.
func open(t testing.TB, o discordsim.WorldOptions) *discordsim.World {
	t.Helper()
	w, err := discordsim.Open(chattest.NewClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func TestConform(t *testing.T) {
	chattest.Conform(t, func(t *testing.T) chattest.World { return open(t, discordsim.WorldOptions{}) })
}
