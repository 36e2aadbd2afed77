package rocketchat_test

import (
	"testing"

	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestConform: the platform does what platforms do.
func TestConform(t *testing.T) {
	chattest.Conform(t, func(t *testing.T) chattest.World {
		w, _ := newWorld(t, chattest.NewClock(morning), rocketsim.Options{})
		return w
	})
}
