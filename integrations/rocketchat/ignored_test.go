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
	r := &running{p: nobodyThere(t), ctx: t.Context(), h: func(context.Context, chat.Inbound) (chat.Reply, error) {
		t.Error("the bot heard of a room that it is not in")
		return chat.Reply{}, nil
	}}
	return &line{trace: func(bool) {}, stream: r.stream}
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
