package discord_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
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

func bench(b testing.TB) *benched {
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

// frameMost bounds the allocations of a message of no concern from the wire to being dropped: those of the library, which reads
// every message twice, those of the simulator, which writes it, and a few of the adapter's own.
const frameMost = 120

// TestIgnoredFrame sends messages of a room without an incident through the gateway to the whole bot, and counts.
func TestIgnoredFrame(t *testing.T) {
	s := bench(t)
	frame := json.RawMessage(`{"id":"1456074443980800999","channel_id":"` + discordsim.ChannelID(s.others[0]) + `","guild_id":"` + discordsim.Server + `",
		"type":0,"content":"Who comes to lunch?","timestamp":"2026-03-01T09:00:00.123000+00:00","edited_timestamp":null,"mentions":[],"attachments":[],
		"embeds":[],"author":{"id":"` + string(s.ann.ID) + `","username":"ann"},"member":{"roles":[],"nick":"Ann"}}`)
	const messages = 1000
	send := func() {
		for range messages {
			s.w.Sim().Send("MESSAGE_CREATE", frame)
		}
		must(s.w.Idle(t.Context()))(t)
	}
	send()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	send()
	runtime.ReadMemStats(&after)
	each := float64(after.Mallocs-before.Mallocs) / messages
	t.Logf("%.1f allocations a message, %.0f bytes", each, float64(after.TotalAlloc-before.TotalAlloc)/messages)
	if each > frameMost {
		t.Errorf("a message of no concern takes %.1f allocations from the wire on, %d are the most", each, frameMost)
	}
}
