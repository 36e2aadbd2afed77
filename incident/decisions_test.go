package incident_test

import (
	"time"

	"boswell/incident"

	"pgregory.net/rapid"
)

// ask is a question to an incident that yields events or a refusal; it may be asked again.
type ask func(in *incident.Incident) ([]incident.Event, error)

// A decision draws arguments, good or bad, and gives the question that takes them.
type decision struct {
	name string
	trait
	draw func(t *rapid.T, now time.Time) ask
}

// A trait says what comes of asking the same twice, and who asks.
type trait int

const (
	adding   trait = iota // a person asks for something more, or something else, each time
	lasting               // a person asks for what already is, the second time
	observed              // the bot tells what it saw; telling it twice says nothing new
)

// told wraps what cannot be refused.
func told(events []incident.Event) ([]incident.Event, error) { return events, nil }

// observe is what most of an incident's life consists of.
var observe = decision{"observe", observed, func(t *rapid.T, _ time.Time) ask {
	s := drawnSighting.Draw(t, "sighting")
	return func(in *incident.Incident) ([]incident.Event, error) { return told(in.Observe(s)) }
}}

// decisions are all that can be asked of an incident, but Undo.
var decisions = []decision{
	{"set", lasting, func(t *rapid.T, now time.Time) ask {
		f, text := drawnField.Draw(t, "field"), drawnText.Draw(t, "text")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Set(f, text, now) }
	}},
	{"append", adding, func(t *rapid.T, _ time.Time) ask {
		f, text := drawnField.Draw(t, "field"), drawnText.Draw(t, "text")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Append(f, text) }
	}},
	{"severity", lasting, func(t *rapid.T, _ time.Time) ask {
		s := drawnSeverity.Draw(t, "severity")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.SetSeverity(s) }
	}},
	{"status", lasting, func(t *rapid.T, _ time.Time) ask {
		text := drawnText.Draw(t, "text")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.SetStatus(text) }
	}},
	{"update", adding, func(t *rapid.T, _ time.Time) ask {
		text := drawnText.Draw(t, "text")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Update(text) }
	}},
	{"mitigate", lasting, func(t *rapid.T, _ time.Time) ask {
		at := drawnMoment.Draw(t, "at")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Mitigate(at) }
	}},
	{"resolve", lasting, func(t *rapid.T, _ time.Time) ask {
		at := drawnMoment.Draw(t, "at")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Resolve(at) }
	}},
	{"close", lasting, func(*rapid.T, time.Time) ask { return (*incident.Incident).Close }},
	{"reopen", adding, func(*rapid.T, time.Time) ask { return (*incident.Incident).Reopen }},
	{"cancel", lasting, func(t *rapid.T, _ time.Time) ask {
		text := drawnText.Draw(t, "reason")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Cancel(text) }
	}},
	{"snooze", lasting, func(t *rapid.T, _ time.Time) ask {
		until := drawnTime.Draw(t, "until")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Snooze("update", until) }
	}},
	{"link", lasting, func(t *rapid.T, _ time.Time) ask {
		room := drawnRoom.Draw(t, "room")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Link(room) }
	}},
	{"unlink", lasting, func(t *rapid.T, _ time.Time) ask {
		room := drawnRoom.Draw(t, "room").RoomID
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Unlink(room) }
	}},
	{"card", observed, func(t *rapid.T, _ time.Time) ask {
		card := drawnMessage.Draw(t, "card")
		return func(in *incident.Incident) ([]incident.Event, error) { return told(in.ShowCard(card)) }
	}},
	{"miss", observed, func(t *rapid.T, _ time.Time) ask {
		gap := incident.Gap{Room: drawnRoom.Draw(t, "room").RoomID, From: drawnTime.Draw(t, "from"), To: drawnTime.Draw(t, "to")}
		return func(in *incident.Incident) ([]incident.Event, error) { return told(in.Miss(gap)) }
	}},
	{"note", adding, func(t *rapid.T, now time.Time) ask {
		n := incident.Note{Text: drawnText.Draw(t, "text"), At: drawnMoment.Draw(t, "at"), Said: now, Marker: drawnMarker.Draw(t, "marker")}
		if rapid.Bool().Draw(t, "placed") {
			n.After = drawnLabel.Draw(t, "after")
		}
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Note(n) }
	}},
	{"edit", adding, func(t *rapid.T, _ time.Time) ask {
		label := drawnLabel.Draw(t, "label")
		text, at := rapid.Ptr(drawnText, true).Draw(t, "text"), rapid.Ptr(drawnMoment, true).Draw(t, "at")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Edit(label, text, at) }
	}},
	{"remove", adding, func(t *rapid.T, _ time.Time) ask {
		label := drawnLabel.Draw(t, "label")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Remove(label) }
	}},
	{"mark", lasting, func(t *rapid.T, _ time.Time) ask {
		label, marker := drawnLabel.Draw(t, "label"), drawnMarker.Draw(t, "marker")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Mark(label, marker) }
	}},
	observe,
	{"keep file", observed, func(t *rapid.T, _ time.Time) ask {
		ref, size := drawnMessage.Draw(t, "message"), rapid.Int64Range(0, 2).Draw(t, "size")
		return func(in *incident.Incident) ([]incident.Event, error) {
			return told(in.KeepFile(ref, incident.File{ID: "F-1", Name: "tide.png", Size: size, Hash: "9f"}))
		}
	}},
	{"offer", observed, func(t *rapid.T, _ time.Time) ask {
		refs := rapid.SliceOfN(drawnMessage, 0, 3).Draw(t, "messages")
		return func(in *incident.Incident) ([]incident.Event, error) { return told(in.Offer(refs)) }
	}},
	{"cause", adding, func(t *rapid.T, _ time.Time) ask {
		kind, title, text := drawnCause.Draw(t, "kind"), drawnText.Draw(t, "title"), drawnText.Draw(t, "text")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.AddCause(kind, title, text) }
	}},
	{"recommend", lasting, func(t *rapid.T, _ time.Time) ask {
		n, text := drawnNumber.Draw(t, "n"), drawnText.Draw(t, "text")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Recommend(n, text) }
	}},
	{"remove cause", adding, func(t *rapid.T, _ time.Time) ask {
		n := drawnNumber.Draw(t, "n")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.RemoveCause(n) }
	}},
	{"lesson", adding, func(t *rapid.T, _ time.Time) ask {
		kind, text := drawnLesson.Draw(t, "kind"), drawnText.Draw(t, "text")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.AddLesson(kind, text) }
	}},
	{"remove lesson", adding, func(t *rapid.T, _ time.Time) ask {
		kind, n := drawnLesson.Draw(t, "kind"), drawnNumber.Draw(t, "n")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.RemoveLesson(kind, n) }
	}},
	{"action", adding, func(t *rapid.T, _ time.Time) ask {
		a := drawnAction.Draw(t, "action")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.AddAction(a) }
	}},
	{"finish action", lasting, func(t *rapid.T, _ time.Time) ask {
		n, done := drawnNumber.Draw(t, "n"), rapid.Bool().Draw(t, "done")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.FinishAction(n, done) }
	}},
	{"conclude action", lasting, func(t *rapid.T, _ time.Time) ask {
		n, text := drawnNumber.Draw(t, "n"), drawnText.Draw(t, "text")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.ConcludeAction(n, text) }
	}},
	{"revise action", lasting, func(t *rapid.T, _ time.Time) ask {
		n, to := drawnNumber.Draw(t, "n"), drawnAction.Draw(t, "to")
		return func(in *incident.Incident) ([]incident.Event, error) {
			return in.ReviseAction(n, func(a *incident.Action) { a.Text, a.Owner, a.Term, a.Bug = to.Text, to.Owner, to.Term, to.Bug })
		}
	}},
	{"remove action", adding, func(t *rapid.T, _ time.Time) ask {
		n := drawnNumber.Draw(t, "n")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.RemoveAction(n) }
	}},
	{"support", adding, func(t *rapid.T, now time.Time) ask {
		title, text := drawnText.Draw(t, "title"), drawnText.Draw(t, "text")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.AddSupport(title, text, now) }
	}},
	{"remove support", adding, func(t *rapid.T, _ time.Time) ask {
		n := drawnNumber.Draw(t, "n")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.RemoveSupport(n) }
	}},
	{"join", lasting, func(t *rapid.T, _ time.Time) ask {
		p, did := drawnPerson.Draw(t, "person"), drawnText.Draw(t, "did")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Join(p, did) }
	}},
	{"leave", lasting, func(t *rapid.T, _ time.Time) ask {
		p := drawnPerson.Draw(t, "person")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Leave(p) }
	}},
	{"take role", lasting, func(t *rapid.T, _ time.Time) ask {
		role, p := drawnRole.Draw(t, "role"), drawnPerson.Draw(t, "person")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.TakeRole(role, p) }
	}},
	{"leave role", lasting, func(t *rapid.T, _ time.Time) ask {
		role := drawnRole.Draw(t, "role")
		return func(in *incident.Incident) ([]incident.Event, error) { return in.LeaveRole(role) }
	}},
}
