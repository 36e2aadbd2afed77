package slack_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/incident"
	"boswell/integrations/slack/slacksim"
	"boswell/storage"
)

// fight is an incident that is fought in some channels, each with Ann in it.
func fight(b *testing.B, o slacksim.Options, rooms int) (h *office, ann chat.UserID, places []chat.Place) {
	b.Helper()
	ctx := context.Background()
	h = newOffice(b, chattest.NewClock(morning), o)
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

// BenchmarkTagged: messages that tag themselves, from the socket to the disk, 64 of them under way at once.
func BenchmarkTagged(b *testing.B) {
	for _, rooms := range []int{1, 64} {
		b.Run(fmt.Sprintf("rooms=%d", rooms), func(b *testing.B) {
			ctx := context.Background()
			h, ann, places := fight(b, slacksim.Options{Window: 64, Patience: time.Minute}, rooms)
			b.ResetTimer()
			for n := range b.N {
				_, err := h.world.Say(ctx, ann, places[n%rooms], "#timeline something happened")
				must(b, err)
			}
			_, err := h.world.Idle(ctx)
			must(b, err)
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}

// BenchmarkStore: the same messages into the store alone.
func BenchmarkStore(b *testing.B) {
	ctx := context.Background()
	h, _, _ := fight(b, slacksim.Options{}, 1)
	b.ResetTimer()
	var group sync.WaitGroup
	next := make(chan int)
	for range 64 {
		group.Go(func() {
			for n := range next {
				if err := record(ctx, h, n); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for n := range b.N {
		next <- n
	}
	close(next)
	group.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

func record(ctx context.Context, h *office, n int) error {
	_, err := h.store.Do(ctx, storage.Cause{Key: fmt.Sprintf("bench/%d", n)}, func(tx storage.Tx) (storage.Outcome, error) {
		in, err := tx.Incident(1)
		if err != nil {
			return storage.Outcome{}, err
		}
		events := in.Observe(incident.Sighting{Message: incident.MessageRef{Platform: "bench", Channel: "C1", Message: fmt.Sprint(n)},
			Content: &incident.Content{Author: "p1", Said: morning, Text: "something happened"}, At: morning,
			Tags: []incident.SeenTag{{Tag: incident.TagTimeline, Way: incident.WayWords, Person: "p1", At: morning}}})
		return storage.Outcome{Incident: 1}, tx.Append(1, events...)
	})
	return err
}

// BenchmarkAcknowledge: how long an event waits for its acknowledgement, at 200 messages a second of which each tenth is
// tagged.
func BenchmarkAcknowledge(b *testing.B) {
	ctx := context.Background()
	h, ann, places := fight(b, slacksim.Options{Patience: time.Minute}, 4)
	before := len(h.world.Took())
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	b.ResetTimer()
	for n := range b.N {
		<-tick.C
		text := "just talk"
		if n%10 == 0 {
			text = "#timeline something happened"
		}
		_, err := h.world.Say(ctx, ann, places[n%len(places)], text)
		must(b, err)
	}
	_, err := h.world.Idle(ctx)
	must(b, err)
	b.StopTimer()
	took := h.world.Took()[before:]
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
}
