package rocketchat_test

import (
	"context"
	"fmt"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// fight is an incident that is fought in some channels, each with Ann in it.
func fight(b *testing.B, rooms int) (h *office, ann chat.UserID, places []chat.Place) {
	b.Helper()
	ctx := context.Background()
	h = newOffice(b, chattest.NewClock(morning), rocketsim.Options{})
	u, err := h.world.AddPerson(ctx, chattest.Person{Handle: "ann", Name: "Ann"})
	must(b, err)
	for n := range rooms {
		place, err := h.world.AddRoom(ctx, chattest.Room{Name: fmt.Sprintf("ops-%d", n), Members: []chat.UserID{u.ID}})
		must(b, err)
		places = append(places, place)
	}
	must(b, chattest.Settle(ctx, h.world, h))
	_, err = h.world.Type(ctx, u.ID, places[0], "start room:here Benchmark", nil)
	must(b, err)
	for n := range places[1:] {
		_, err = h.world.Type(ctx, u.ID, places[0], fmt.Sprintf("room link #ops-%d", n+1), nil)
		must(b, err)
	}
	must(b, chattest.Settle(ctx, h.world, h))
	return h, u.ID, places
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkTagged: messages that tag themselves, from the socket to the disk.
func BenchmarkTagged(b *testing.B) {
	for _, rooms := range []int{1, 64} {
		b.Run(fmt.Sprintf("rooms=%d", rooms), func(b *testing.B) {
			ctx := context.Background()
			h, ann, places := fight(b, rooms)
			b.ResetTimer()
			for n := range b.N {
				_, err := h.world.Say(ctx, ann, places[n%rooms], "#timeline something happened")
				must(b, err)
			}
			_, err := h.world.Idle(ctx)
			must(b, err)
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkTalk: messages in the room of an incident that nobody tagged: they are remembered, and touch no disk.
func BenchmarkTalk(b *testing.B) {
	ctx := context.Background()
	h, ann, places := fight(b, 1)
	b.ResetTimer()
	for range b.N {
		_, err := h.world.Say(ctx, ann, places[0], "just talk")
		must(b, err)
	}
	_, err := h.world.Idle(ctx)
	must(b, err)
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkBusyServer: messages in rooms that the bot is not in, through the socket, simulator and all.
func BenchmarkBusyServer(b *testing.B) {
	ctx := context.Background()
	h, ann, _ := fight(b, 1)
	other, err := h.world.AddRoom(ctx, chattest.Room{Name: "lounge", Unseen: true, Members: []chat.UserID{ann}})
	must(b, err)
	b.ResetTimer()
	for range b.N {
		_, err := h.world.Say(ctx, ann, other, "what a busy server this is")
		must(b, err)
	}
	_, err = h.world.Idle(ctx)
	must(b, err)
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
