package incident_test

import (
	"strings"
	"time"

	"boswell/incident"

	"pgregory.net/rapid"
)

// What people type and platforms send, good and bad.
var (
	drawnText = rapid.OneOf(
		rapid.SampledFrom([]string{"", " ", "-", "the gate moves", "two\n\nparagraphs", "https://example.com/x", "השער תקוע", "البوابة عالقة",
			"a\x00b", "left\u202eright", "\xff\xfe", "Ada, Grace and Linus", "12", "#12", "2024-03-21", "Europe/Paris", "second", "e2", "3",
			"/incident close", "| a | b |", "line\u2028line", "\u200d", "tab\tbed", "\r\nwindows\r\n"}),
		rapid.SampledFrom([]string{strings.Repeat("long ", 1000), strings.Repeat("שער", 7000)}),
		rapid.String(),
	)
	drawnLabel    = rapid.SampledFrom([]string{"", "0", "1", "2", "3", "-1", "99", "e1", "e2", "e3", "e4", "E2", " 1 ", "e", "e0", "e01", "x1", "eleven", "99999999999999999999"})
	drawnNumber   = rapid.IntRange(-1, 4)
	drawnPerson   = rapid.SampledFrom([]incident.PersonID{"p-ines", "p-tariq", "p-wen"})
	drawnSeverity = rapid.SampledFrom(incident.Severities())
	drawnMarker   = rapid.SampledFrom(append(incident.Markers(), ""))
	drawnRole     = rapid.SampledFrom(incident.Roles())
	drawnField    = rapid.Map(rapid.SampledFrom(append(incident.Fields(), "front.cover")), func(s string) incident.Field { return incident.Field(s) })
	drawnLesson   = rapid.SampledFrom(incident.LessonKinds())
	drawnCause    = rapid.SampledFrom(incident.CauseKinds())
	drawnMessage  = rapid.Map(rapid.SampledFrom([]string{"M-1", "M-2"}), inQuay)
	drawnTime     = rapid.Map(rapid.IntRange(-90, 90), func(minutes int) time.Time { return typedAt.Add(time.Duration(minutes) * time.Minute / 2) })
	drawnMoment   = rapid.Custom(drawMoment)
	drawnRoom     = rapid.Custom(drawRoom)
	drawnContent  = rapid.Custom(drawContent)
	drawnSighting = rapid.Custom(drawSighting)
	drawnAction   = rapid.Custom(drawAction)
)

// inQuay is a message of the room that all the incidents have.
func inQuay(id string) incident.MessageRef {
	return incident.MessageRef{Platform: quay.Platform, Channel: quay.Channel, Message: id}
}

func drawMoment(t *rapid.T) incident.Moment {
	m := incident.At(drawnTime.Draw(t, "start"), rapid.SampledFrom([]incident.Precision{
		incident.Unknown, incident.Day, incident.Minute, incident.Second}).Draw(t, "precision"))
	m.Approximate = rapid.Bool().Draw(t, "approximate")
	if m.Known() && rapid.Bool().Draw(t, "range") {
		m.End = m.Start.Add(30 * time.Minute)
	}
	return m
}

func drawRoom(t *rapid.T) incident.Room {
	return incident.Room{
		RoomID:     incident.RoomID{Platform: "harbour", Channel: rapid.SampledFrom([]string{"C-quay", "C-mole", "C-dock"}).Draw(t, "channel")},
		Name:       rapid.SampledFrom([]string{"#quay", "#mole"}).Draw(t, "name"),
		Unreadable: rapid.SampledFrom([]string{"", "I am not in that room."}).Draw(t, "unreadable"),
	}
}

func drawAction(t *rapid.T) incident.Action {
	return incident.Action{
		Text:     drawnText.Draw(t, "text"),
		Type:     rapid.SampledFrom([]string{"", "prevent", "Repair", "nonsense", "\x00"}).Draw(t, "type"),
		Term:     rapid.SampledFrom([]string{"", "short", "LONG", "medium"}).Draw(t, "term"),
		Priority: rapid.SampledFrom([]int{0, 1, 999, 1000, -1}).Draw(t, "priority"),
		Owner:    rapid.SampledFrom([]string{"", " Ines ", "a\x00b"}).Draw(t, "owner"),
		Bug:      rapid.SampledFrom([]string{"", "https://bugs.example/1", "bugs.example/1", "https://bugs.example/\u202e", "https://bugs.example/\xff"}).Draw(t, "bug"),
	}
}

func drawContent(t *rapid.T) incident.Content {
	c := incident.Content{Author: drawnPerson.Draw(t, "author"), Said: drawnTime.Draw(t, "said"),
		Order: rapid.StringN(0, 2, 2).Draw(t, "order"), Text: strings.ToValidUTF8(drawnText.Draw(t, "text"), "\uFFFD")}
	if rapid.Bool().Draw(t, "edited") {
		c.Version = drawnTime.Draw(t, "version")
	}
	if rapid.Bool().Draw(t, "with a file") {
		c.Files = []incident.File{{ID: "F-1", Name: "tide.png", Type: "image/png"}}
	}
	return c
}

// drawSighting draws what a platform may tell. It tells one thing of each tag, and that everybody's is gone by itself.
func drawSighting(t *rapid.T) incident.Sighting {
	s := incident.Sighting{Message: drawnMessage.Draw(t, "message"), At: drawnTime.Draw(t, "seen"),
		Complete: rapid.Bool().Draw(t, "complete"), Take: rapid.Bool().Draw(t, "take"),
		Gone: rapid.IntRange(0, 9).Draw(t, "gone") == 0, Why: rapid.SampledFrom([]string{"", "missing permission"}).Draw(t, "why")}
	if rapid.Bool().Draw(t, "with content") {
		c := drawnContent.Draw(t, "content")
		s.Content = &c
	}
	if rapid.IntRange(0, 9).Draw(t, "all of a way") == 0 {
		s.Complete, s.Tags = false, []incident.SeenTag{drawTag(t)}
		s.Tags[0].Every, s.Tags[0].Removed = true, true
		return s
	}
	s.Tags = rapid.SliceOfNDistinct(rapid.Custom(drawTag), 0, 3, func(t incident.SeenTag) string { return string(t.Tag) + string(t.Way) }).Draw(t, "tags")
	return s
}

func drawTag(t *rapid.T) incident.SeenTag {
	tag := incident.SeenTag{
		Tag: rapid.SampledFrom([]incident.Tag{incident.TagTimeline, incident.TagSupporting}).Draw(t, "tag"),
		Way: rapid.SampledFrom([]incident.Way{incident.WayPin, incident.WayWords, incident.WayShortcut,
			incident.WayReaction + "📌", incident.WayReaction + "🧷"}).Draw(t, "way"),
		Person: drawnPerson.Draw(t, "tagger"), Removed: rapid.IntRange(0, 2).Draw(t, "removed") == 0,
	}
	if rapid.Bool().Draw(t, "time told") {
		tag.At = drawnTime.Draw(t, "tagged")
	}
	return tag
}
