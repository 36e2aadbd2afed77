package rocketchat

import (
	"fmt"
	"time"

	"boswell/chat"
)

// Why a room can no longer be read.
const (
	whyArchived  = "the room was archived"
	whyRemoved   = "I was removed from the room"
	whyMissed    = "I was removed from the room while I was away"
	whyDeleted   = "the room was deleted"
	whyEncrypted = "the room is end-to-end encrypted, so I cannot read it"
)

// readability is what was told of rooms. It stands apart from what is known of them: every look at a room changes that, and
// what changed between two events would not be told.
type readability struct {
	told    bounded[string, string] // why a room cannot be read; empty where it can
	closing bounded[string, bool]   // rooms that the bot itself archives, which is no news
	warned  bounded[string, bool]   // encrypted rooms whose people know
}

// stands tells of a room that it cannot be read, or that it can again, if that is news.
func (r *running) stands(now room) {
	switch {
	case now.Encrypted.v:
		r.encrypted(now.ID, "")
	case now.Archived.v:
		r.p.readability.warned.drop(now.ID)
		r.shut(now.ID, whyArchived)
	default:
		r.p.readability.warned.drop(now.ID)
		r.back(now.ID)
	}
}

// shut tells that a room cannot be read any more, if that is news, and says whether it is.
func (r *running) shut(id, why string) bool {
	was, told := r.p.readability.told.swap(id, why)
	own, _ := r.p.readability.closing.get(id)
	switch {
	case told && was == why:
		return false
	case why == whyArchived && (own || !told): // before the start the bot may have done so, too
		r.p.readability.closing.drop(id)
		return false
	}
	r.tellStanding(id, chat.Gone{Meta: r.standing(id), Why: why})
	return true
}

// back tells that a room can be read, if that is news. After a start it always is: what was told before is not known.
func (r *running) back(id string) {
	if was, told := r.p.readability.told.swap(id, ""); told && was == "" {
		return
	}
	in := chat.Joined{Meta: r.standing(id)}
	in.From = r.p.person(r.ctx, account{ID: r.p.knownSelf()})
	r.tellStanding(id, in)
}

// tellStanding forgets that something was told which was not taken.
func (r *running) tellStanding(id string, in chat.Inbound) {
	if _, taken := r.deliver(in); !taken {
		r.p.readability.told.drop(id)
	}
}

// standing is where something is told of a room as a whole. It happened at no moment that the server names.
func (r *running) standing(id string) chat.Meta {
	delivery := fmt.Sprintf("room/%s/%d/%d", id, r.p.o.Now().UnixNano(), r.standings.Add(1))
	return r.meta(id, delivery, time.Time{})
}

// review asks what a room is like now, whatever the order in which that was told.
func (r *running) review(id string) {
	if !r.p.rooms.joined(id) {
		return
	}
	now, err := r.p.roomByID(r.ctx, id)
	if err != nil {
		r.p.log.Warn().Err(err).Str("room", id).Msg("could not look whether a room can be read")
		return
	}
	r.stands(now)
}

// encrypted says, where people and operators look, that a room cannot be read. writer is who wrote there, if that is known.
func (r *running) encrypted(id, writer string) {
	news := r.shut(id, whyEncrypted)
	if news {
		r.p.log.Warn().Str("room", id).Msg("a room is end-to-end encrypted: nothing in it can be read")
	}
	if warned, _ := r.p.readability.warned.get(id); !warned && (news || writer != "") {
		r.p.readability.warned.put(id, r.warn(id, writer))
	}
}

// warn says in an encrypted room that it is one, and where the server refuses what is not encrypted, to who wrote there alone.
// It says whether nothing is left to try.
func (r *running) warn(id, writer string) bool {
	known, _ := r.p.rooms.get(id)
	notice := chat.Message{Text: chat.Say("🔒 The room #" + known.shown() + " is end-to-end encrypted, so I can read nothing that is said there. " +
		"Switch encryption off in the room, or fight the incident in another one.")}
	_, err := r.p.Post(r.ctx, "encrypted/"+id, r.p.place(id, ""), notice)
	if err != nil && writer != "" {
		var alone chat.Place
		if alone, err = r.p.Direct(r.ctx, chat.UserID(writer)); err == nil {
			_, err = r.p.Post(r.ctx, "encrypted/"+id, alone, notice)
		}
	}
	if err != nil {
		r.p.log.Warn().Err(err).Str("room", id).Msg("could not say that a room is encrypted")
	}
	return err == nil || writer != "" && !chat.AsFailure(err).Temporary
}
