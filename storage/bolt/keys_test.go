package bolt

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"boswell/incident"
)

func anyTime(t *rapid.T, name string) time.Time {
	return time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, name), rapid.Int64Range(0, 999999999).Draw(t, name)).UTC()
}

func anyRoomID(t *rapid.T) incident.RoomID {
	return incident.RoomID{Platform: rapid.String().Draw(t, "platform"), Channel: rapid.String().Draw(t, "channel"), Thread: rapid.String().Draw(t, "thread")}
}

func TestTimesSortAsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyTime(t, "a"), anyTime(t, "b")
		if got := bytes.Compare(appendTime(nil, a), appendTime(nil, b)); got != a.Compare(b) {
			t.Fatalf("%s and %s compare as %d", a, b, got)
		}
		back, rest, err := cutTime(append(appendTime(nil, a), "rest"...))
		if err != nil || !back.Equal(a) || string(rest) != "rest" {
			t.Fatalf("%s comes back as %s, %q, %v", a, back, rest, err)
		}
	})
	if zero, _, err := cutTime(appendTime(nil, time.Time{})); err != nil || !zero.IsZero() {
		t.Errorf("the zero time comes back as %s, %v", zero, err)
	}
}

func TestLinksComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := link{anyRoomID(t), anyTime(t, "at"), incident.ID(rapid.Uint64().Draw(t, "id"))}
		if have, err := parseLink(want.key()); err != nil || have != want {
			t.Fatalf("%v comes back as %v, %v", want, have, err)
		}
	})
}

// TestRoomsAreNoPrefixes wants no room to be found under the key of another.
func TestRoomsAreNoPrefixes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyRoomID(t), anyRoomID(t)
		if a != b && bytes.HasPrefix(roomKey(a), roomKey(b)) {
			t.Fatalf("%v is found under %v", a, b)
		}
	})
}

func FuzzStoredKeys(f *testing.F) {
	f.Add(link{incident.RoomID{Platform: "lake", Channel: "roof"}, time.Unix(1, 2), 3}.key())
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := parseLink(b); err == nil {
			// A uvarint may be written in more bytes than it needs; what was read must then still say the same.
			if again, err := parseLink(l.key()); err != nil || again != l {
				t.Errorf("%v comes back as %v, %v", l, again, err)
			}
		}
		if end, summary, err := decodeTip(b); err == nil {
			if fixed, rest, err := decodeTip(b[:len(b)-len(summary)]); err != nil || fixed != end || len(rest) > 0 {
				t.Errorf("%v comes back as %v, %v", end, fixed, err)
			}
		}
		for _, room := range []bucket{inRooms, inFiles} {
			owner(room, b)
		}
		if next := after(b); next != nil && bytes.Compare(next, b) <= 0 {
			t.Errorf("%x comes after %x", next, b)
		}
	})
}

func FuzzFileNames(f *testing.F) {
	f.Add(strings.Repeat("a", 64))
	f.Add("../../boswell.db")
	f.Fuzz(func(t *testing.T, name string) {
		if _, ok := parseHash(name); ok && (len(name) != 64 || strings.Trim(name, "0123456789abcdef") != "") {
			t.Errorf("%q is taken for a hash", name)
		}
	})
}
