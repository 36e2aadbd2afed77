package discord_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"boswell/bot"
	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/incident"
	"boswell/integrations/discord/discordsim"
	"boswell/storage/bolt"
)

// benched is a bot with an incident in one room, on a real disk that is synced, and 50 rooms that it must ignore.
type benched struct {
	w      *discordsim.World
	ann    chat.User
	room   chat.Place
	others []chat.Place
}

func bench(b *testing.B) *benched {
	b.Helper()
	w := open(b, discordsim.WorldOptions{Pick: pick})
	ctx := b.Context()
	check(b, w.Platform().(chat.Registrar).Register(ctx, commands.Declared()))
	s := &benched{w: w, ann: must(w.AddPerson(ctx, chattest.Person{Handle: "ann"}))(b)}
	s.room = must(w.AddRoom(ctx, chattest.Room{Name: "ops", Members: []chat.UserID{s.ann.ID}}))(b)
	for i := range 50 {
		s.others = append(s.others, must(w.AddRoom(ctx, chattest.Room{Name: fmt.Sprintf("talk-%d", i), Members: []chat.UserID{s.ann.ID}}))(b))
	}
	store := must(bolt.Open(b.TempDir(), bolt.Options{Clock: w.Clock().Now}))(b)
	run, cancel := context.WithCancel(context.Background())
	live := must(bot.New(store, []chat.Platform{w.Platform()}, w.Clock(), bot.Options{Settings: commands.Settings{Zone: incident.Zone{Name: "UTC"}, Slash: "/incident"}}))(b)
	ran := make(chan error, 1)
	go func() { ran <- live.Run(run) }()
	b.Cleanup(func() {
		cancel()
		check(b, <-ran, store.Close())
	})
	check(b, w.Connected(ctx))
	must(w.Type(ctx, s.ann.ID, s.room, "start Checkout answers 500", nil))(b)
	return s
}

// BenchmarkIgnored is a message of a room that nobody fights an incident in, from the gateway to being dropped.
func BenchmarkIgnored(b *testing.B) {
	s := bench(b)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		must(s.w.Say(b.Context(), s.ann.ID, s.others[i%len(s.others)], "chatter"))(b)
	}
	must(s.w.Idle(b.Context()))(b)
}

// BenchmarkToDisk is a message that tags itself, from the gateway to the disk.
func BenchmarkToDisk(b *testing.B) {
	s := bench(b)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		must(s.w.Say(b.Context(), s.ann.ID, s.room, "it rains #timeline"))(b)
	}
	must(s.w.Idle(b.Context()))(b)
}

// BenchmarkLatency tells how long a tagged message takes to the disk while 200 messages a second arrive in all.
func BenchmarkLatency(b *testing.B) {
	s := bench(b)
	tick := time.NewTicker(time.Second / 200)
	defer tick.Stop()
	var took []time.Duration
	b.ResetTimer()
	for i := range b.N {
		<-tick.C
		if i%20 != 0 {
			must(s.w.Say(b.Context(), s.ann.ID, s.others[i%len(s.others)], "chatter"))(b)
			continue
		}
		began := time.Now()
		must(s.w.Say(b.Context(), s.ann.ID, s.room, "it rains #timeline"))(b)
		must(s.w.Idle(b.Context()))(b)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
