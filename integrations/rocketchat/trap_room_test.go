package rocketchat_test

import (
	"slices"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestTrapEncryptedRoom: an end-to-end encrypted room is recognised, and said where people and operators look: in the room, or
// where the server takes nothing there that is not encrypted, to who writes there. A private room is made without encryption.
func TestTrapEncryptedRoom(t *testing.T) {
	for name, takesPlain := range map[string]bool{"takes what is not encrypted": true, "refuses what is not encrypted": false} {
		t.Run(name, func(t *testing.T) { encryptedRoom(t, takesPlain) })
	}
}

func encryptedRoom(t *testing.T, takesPlain bool) {
	d := openDesk(t, rocketsim.Options{Settings: map[string]any{"E2E_Enable": true, "E2E_Allow_Unencrypted_Messages": takesPlain}})
	d.must(d.w.Encrypt(d.ops, true))
	for range 2 {
		_, err := d.w.SayEncrypted(d.ann, d.ops)
		d.must(err)
	}
	if gone := delivered[chat.Gone](d, 1); gone.Place != d.ops || !strings.Contains(gone.Why, "encrypted") {
		t.Errorf("the bot heard %+v, want that the room cannot be read", gone)
	}
	d.idle()
	if said := received[chat.Said](d); slices.ContainsFunc(said, func(s chat.Said) bool { return !s.From.Self }) {
		t.Errorf("the bot heard %+v, which nobody can read", said)
	}
	told := d.ops
	if !takesPlain {
		told = d.w.Alone(d.ann)
		if _, err := d.post("k", "hello"); d.failure(err).Temporary || !strings.Contains(d.failure(err).Tell, "encrypted") {
			t.Errorf("posting there gives %+v", d.failure(err))
		}
	}
	if texts := d.textsIn(told); len(texts) != 1 || !strings.Contains(texts[0], "#ops is end-to-end encrypted") {
		t.Errorf("people read %q, want it said once that the room is encrypted", texts)
	}
	_, err := d.p.History(d.ctx, d.ops, morning, func(chat.Seen) error { return nil })
	if f := d.failure(err); f.Temporary || !strings.Contains(f.Tell, "encrypted") {
		t.Errorf("reading it back gives %+v", f)
	}
	if _, _, err := d.p.FindRoom(d.ctx, d.ops, "#ops"); !strings.Contains(d.failure(err).Tell, "encrypted") {
		t.Errorf("finding it gives %v", err)
	}
	place, _, err := d.p.MakeRoom(d.ctx, "k", chat.NewRoom{Near: d.ops, Name: "war room", Private: true})
	d.must(err)
	if setup, err := d.w.Setup(place); err != nil || setup.Encrypted || setup.Kind != "p" {
		t.Errorf("the private room is %+v, %v; want it not encrypted", setup, err)
	}
}

// TestTrapForcedEncryption: a private room that the server encrypts although it was asked not to is decrypted; where it lets
// nobody do that, people are told, and no room is left that nobody can use.
func TestTrapForcedEncryption(t *testing.T) {
	for name, forGood := range map[string]bool{"at first": false, "for good": true} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t, rocketsim.Options{Settings: map[string]any{"E2E_Enable": true}})
			d.w.Seal(forGood)
			place, _, err := d.p.MakeRoom(d.ctx, "k", chat.NewRoom{Near: d.ops, Name: "war room", Private: true, Users: []chat.UserID{d.ann}})
			left, there := d.w.RoomNamed("war-room")
			if forGood {
				if f := d.failure(err); f.Temporary || !strings.Contains(f.Tell, "encrypts every private room") || there {
					t.Errorf("the failure is %+v, and there is a room: %v", f, there)
				}
				return
			}
			d.must(err)
			if setup, err := d.w.Setup(place); err != nil || setup.Encrypted || left != place {
				t.Errorf("the room %v is %+v, %v; want %v, not encrypted", left, setup, err, place)
			}
		})
	}
}

// TestTrapForeignRooms: the server sends the messages of all public channels, also of those that the bot is not in. A command
// there is none of its business.
func TestTrapForeignRooms(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	private := d.room(chattest.Room{Name: "others", Unseen: true, Members: []chat.UserID{d.ann}})
	_, err := d.w.Say(d.ctx, d.ann, private, "!incident start none of your business")
	d.must(err)
	d.idle()
	if all := received[chat.Said](d); len(all) > 0 {
		t.Errorf("the bot heard %+v from a channel that it is not in", all)
	}
	if all := received[chat.Invoked](d); len(all) > 0 {
		t.Errorf("the bot was asked %+v in a channel that it is not in", all)
	}
	d.say(`{"roomParticipant":false} is only text`)
	if s := delivered[chat.Said](d, 1); !strings.Contains(s.Text, "only text") {
		t.Errorf("the message is %+v", s)
	}
}

// TestTrapRoomLostSilently: who is taken out of a room hears nothing from it any more. The subscription says so; and where
// that is missed, too, the next connection does.
func TestTrapRoomLostSilently(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	other := d.room(chattest.Room{Name: "war-room", Members: []chat.UserID{d.ann}})
	d.idle()
	d.must(d.w.Leave(d.ctx, rocketsim.BotID, d.ops))
	if gone := delivered[chat.Gone](d, 1); gone.Place != d.ops || !strings.Contains(gone.Why, "removed") {
		t.Errorf("the bot heard %+v", gone)
	}
	d.must(d.w.Cut(d.ctx))
	d.must(d.w.Leave(d.ctx, rocketsim.BotID, other))
	d.must(d.w.Mend(d.ctx))
	if gone := delivered[chat.Gone](d, 2); gone.Place != other || gone.Why == "" {
		t.Errorf("after the cut the bot heard %+v", gone)
	}
	d.must(d.w.Join(d.ctx, rocketsim.BotID, other))
	d.idle()
	ref, err := d.w.Say(d.ctx, d.ann, other, "back again")
	d.must(err)
	d.must(d.w.Delete(d.ctx, d.ann, ref))
	if u := delivered[chat.Unsaid](d, 1); u.Ref != ref {
		t.Errorf("the bot heard of the deletion of %v, want %v", u.Ref, ref)
	}
}

// TestTrapReadOnlyRooms: a read-only room, a muted bot and an archived room are said in clear words, and trying again is left.
func TestTrapReadOnlyRooms(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*desk) error
		want  string
	}{
		"read-only": {func(d *desk) error { return d.w.MakeReadOnly(d.ops, true) }, "read-only"},
		"muted":     {func(d *desk) error { return d.w.Mute(d.ops, true) }, "muted"},
		"archived":  {func(d *desk) error { return d.w.Archive(d.ctx, d.ann, d.ops) }, "archived"},
		"left":      {func(d *desk) error { return d.w.Leave(d.ctx, rocketsim.BotID, d.ops) }, ""},
		"deleted":   {func(d *desk) error { return d.w.Destroy(d.ops) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, rocketsim.Options{})
			d.must(c.spoil(d))
			_, err := d.post("k", "hello")
			if name == "left" && err == nil {
				return // a public channel takes messages of everybody
			}
			if f := d.failure(err); f.Temporary || f.InDoubt || f.Tell == "" || !strings.Contains(f.Tell, c.want) {
				t.Errorf("the failure is %+v", f)
			}
		})
	}
}
