package storagetest

import (
	"github.com/google/go-cmp/cmp"

	"boswell/incident"
	"boswell/storage"
)

// rooms wants a room to lead to a live incident and to a last one; 0 is none.
func (b *bench) rooms(r storage.Reader, id incident.RoomID, live, last incident.ID) {
	b.Helper()
	if have, ok := r.InRoom(id); have != live || ok != (live != 0) {
		b.Errorf("in %v is %d, %t; want %d", id, have, ok, live)
	}
	if have, ok := r.LastInRoom(id); have != last || ok != (last != 0) {
		b.Errorf("last in %v was %d, %t; want %d", id, have, ok, last)
	}
}

func testRooms(b *bench) {
	roof, cellar := room("roof", ""), room("cellar", "")
	id := b.opened("The lift stands still", linked(roof), linked(cellar))
	for _, step := range []struct {
		name  string
		event incident.Event
		live  incident.ID // in the roof
		rooms map[incident.RoomID]incident.ID
	}{
		{"linked", incident.StatusSet{Text: "Climbing"}, id, map[incident.RoomID]incident.ID{roof: id, cellar: id}},
		{"linked anew", incident.RoomLinked{Room: incident.Room{RoomID: roof, Unreadable: "the bot was removed"}}, id, map[incident.RoomID]incident.ID{roof: id, cellar: id}},
		{"unlinked", incident.RoomUnlinked{Room: roof}, 0, map[incident.RoomID]incident.ID{cellar: id}},
		{"linked again", linked(roof), id, map[incident.RoomID]incident.ID{roof: id, cellar: id}},
		{"closed", incident.Closed{}, 0, map[incident.RoomID]incident.ID{}},
		{"reopened", incident.Reopened{}, id, map[incident.RoomID]incident.ID{roof: id, cellar: id}},
		{"cancelled", incident.Cancelled{}, 0, map[incident.RoomID]incident.ID{}},
	} {
		check := func(r storage.Reader) {
			b.rooms(r, roof, step.live, id)
			if diff := cmp.Diff(step.rooms, r.LiveRooms()); diff != "" {
				b.Errorf("%s: the live rooms differ (-want +have):\n%s", step.name, diff)
			}
		}
		b.change(func(tx storage.Tx) error {
			err := tx.Append(id, step.event)
			check(tx)
			return err
		})
		b.read(check)
	}
	b.read(func(r storage.Reader) { b.rooms(r, room("attic", ""), 0, 0) })
	b.verified()
}

// testThreads wants a thread to be looked up by itself, then by its channel.
func testThreads(b *bench) {
	inChannel := b.opened("The lift stands still", linked(room("roof", "")))
	inThread := b.opened("The pump leaks", linked(room("roof", "t1")))
	b.read(func(r storage.Reader) {
		b.rooms(r, room("roof", ""), inChannel, inChannel)
		b.rooms(r, room("roof", "t1"), inThread, inThread)
		b.rooms(r, room("roof", "t2"), inChannel, inChannel)
		b.rooms(r, room("roo", "ft1"), 0, 0)
	})
	b.append(inThread, incident.Closed{})
	b.read(func(r storage.Reader) { b.rooms(r, room("roof", "t1"), inChannel, inThread) })
}

// testSharedRoom has two live incidents in one room: the one that took it last is there, and the other again after it.
func testSharedRoom(b *bench) {
	roof := room("roof", "")
	first := b.opened("The lift stands still", linked(roof))
	second := b.opened("The pump leaks")
	b.append(second, linked(roof))
	b.read(func(r storage.Reader) { b.rooms(r, roof, second, second) })
	b.append(second, incident.Closed{})
	b.read(func(r storage.Reader) { b.rooms(r, roof, first, second) })
	b.append(first, incident.Closed{})
	b.append(first, incident.Reopened{})
	b.read(func(r storage.Reader) { b.rooms(r, roof, first, second) })
	b.verified()
}
