package bot

import (
	"sync"
	"sync/atomic"

	"boswell/chat"
	"boswell/incident"
)

// links says which rooms belong to live incidents, in memory: what is said elsewhere is dropped without touching a disk.
type links struct {
	// reading is held from the moment the store is read until what it says is set, so that no older reading follows a newer one.
	reading sync.Mutex
	rooms   atomic.Pointer[map[incident.RoomID]incident.ID]
}

func (l *links) set(rooms map[incident.RoomID]incident.ID) { l.rooms.Store(&rooms) }

// none says that no room is linked.
func (l *links) none() bool { return len(*l.rooms.Load()) == 0 }

// of is the live incident that is fought in a place: in that thread, else in its channel.
func (l *links) of(p chat.Place) (incident.ID, bool) {
	rooms := *l.rooms.Load()
	if id, ok := rooms[roomOf(p)]; ok && p.Thread != "" {
		return id, true
	}
	id, ok := rooms[roomOf(p.Room())]
	return id, ok
}

// in is the live incident of the channel that a message is in.
func (l *links) in(r chat.Ref) (incident.ID, bool) {
	return l.of(chat.Place{Platform: r.Platform, Channel: r.Channel})
}

func roomOf(p chat.Place) incident.RoomID {
	return incident.RoomID{Platform: string(p.Platform), Channel: string(p.Channel), Thread: string(p.Thread)}
}

func placeOf(r incident.RoomID) chat.Place {
	return chat.Place{Platform: chat.PlatformID(r.Platform), Channel: chat.ChannelID(r.Channel), Thread: chat.ThreadID(r.Thread)}
}

func messageOf(r chat.Ref) incident.MessageRef {
	return incident.MessageRef{Platform: string(r.Platform), Channel: string(r.Channel), Message: string(r.Message)}
}

func refOf(m incident.MessageRef) chat.Ref {
	return chat.Ref{Platform: chat.PlatformID(m.Platform), Channel: chat.ChannelID(m.Channel), Message: chat.MessageID(m.Message)}
}
