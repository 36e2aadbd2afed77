package rocketchat_test

import (
	"testing"

	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestConform: the platform does what platforms do, on every version, and on servers that misbehave.
func TestConform(t *testing.T) {
	for name, c := range map[string]struct {
		o         rocketsim.Options
		misbehave func(*rocketsim.World)
	}{
		"8":         {},
		"7":         {o: rocketsim.Options{Version: "7.10.0"}},
		"twice":     {misbehave: func(w *rocketsim.World) { w.Twice(true) }},
		"overtaken": {misbehave: func(w *rocketsim.World) { w.Overtake(true) }},
	} {
		t.Run(name, func(t *testing.T) {
			chattest.Conform(t, func(t *testing.T) chattest.World {
				w, _ := newWorld(t, chattest.NewClock(morning), c.o)
				if c.misbehave != nil {
					c.misbehave(w)
				}
				return w
			})
		})
	}
}

// TestConformWithApp: with the app in the server, the platform can more.
func TestConformWithApp(t *testing.T) {
	chattest.Conform(t, func(t *testing.T) chattest.World {
		return newAppWorld(t, chattest.NewClock(morning), rocketsim.Options{})
	})
}
