package rocketchat

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"boswell/chat"
)

// elsewhere is a message of a room that the bot is not in, as a busy server sends them all the time.
func elsewhere() []byte {
	return fmt.Appendf(nil, `{"msg":"changed","collection":"stream-room-messages","id":"id","fields":{"eventName":"__my_messages__","args":[{"_id":"m1",`+
		`"rid":"r9","msg":%q,"ts":{"$date":1772355600000},"u":{"_id":"u1","username":"ann","name":"Ann"},"_updatedAt":{"$date":1772355600001},`+
		`"urls":[],"mentions":[],"channels":[],"md":[{"type":"PARAGRAPH","value":[{"type":"PLAIN_TEXT","value":%q}]}]},`+
		`{"roomParticipant":false,"roomType":"c","roomName":"lounge"}]}}`, strings.Repeat("talk ", 50), strings.Repeat("talk ", 50))
}

// listener is a line whose events nobody takes.
func listener(t testing.TB) *line {
	p := nobodyThere(t)
	p.Sift(func(chat.Place) bool { return false })
	r := &running{p: p, ctx: t.Context(), h: func(context.Context, chat.Inbound) (chat.Reply, error) {
		t.Error("the bot heard of a room that it does not heed")
		return chat.Reply{}, nil
	}}
	return &line{trace: func(bool) {}, stream: r.stream}
}

// TestUnheededRoomsCostLittle: a message of a room that the bot is in, where no incident is fought, is read as far as tells that
// it is no command.
func TestUnheededRoomsCostLittle(t *testing.T) {
	l, ctx := listener(t), t.Context()
	data := []byte(strings.Replace(string(elsewhere()), `"roomParticipant":false`, `"roomParticipant":true`, 1))
	allocated := testing.AllocsPerRun(1000, func() { takeOne(t, ctx, l, data) })
	if allocated > 60 {
		t.Errorf("it costs %v allocations", allocated)
	}
}

// takeOne takes a frame and waits until it is dealt with.
func takeOne(t testing.TB, ctx context.Context, l *line, data []byte) {
	dealt := make(chan struct{})
	l.trace = func(done bool) {
		if done {
			close(dealt)
		}
	}
	if err := l.take(ctx, data); err != nil {
		t.Fatal(err)
	}
	<-dealt
}

// TestOtherRoomsCostNothing: a message of a room that the bot is not in is passed over unread, with no disk and next to no
// memory.
func TestOtherRoomsCostNothing(t *testing.T) {
	l, data, ctx := listener(t), elsewhere(), t.Context()
	allocated := testing.AllocsPerRun(1000, func() {
		if err := l.take(ctx, data); err != nil {
			t.Fatal(err)
		}
	})
	if allocated > 2 {
		t.Errorf("it costs %v allocations", allocated)
	}
}

// BenchmarkOtherRooms: a message of a room that the bot is not in, from the bytes of its frame.
func BenchmarkOtherRooms(b *testing.B) {
	l, data, ctx := listener(b), elsewhere(), b.Context()
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := l.take(ctx, data); err != nil {
			b.Fatal(err)
		}
	}
}
