package postmortem_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"boswell/incident"
	"boswell/postmortem"
)

// headings are in every document, in this order.
var headings = []string{"# ", "**Date:**", "**Authors:**", "**Status:**", "**Summary:**", "**Impact:**", "**Root Causes:**", "**Trigger:**",
	"**Resolution:**", "**Detection:**", "## Action Items", "## Lessons Learned", "### What went well", "### What went wrong",
	"### Where we got lucky", "## Timeline", "## Supporting information"}

// FuzzExport puts one text into every place that people fill, and entries at arbitrary times, into one incident.
func FuzzExport(f *testing.F) {
	f.Add("Payments fail.", int64(1715673600), int64(600), uint8(0))
	f.Add("a\n\n```\nb\n\n\nc\n```\n| d |", int64(1711846800), int64(7200), uint8(7))
	f.Add("## Timeline\n\n- 14:05 not an entry\r\n\r\n**Date:** x", int64(-62135596800), int64(-1), uint8(255))
	f.Add(" \t", int64(0), int64(0), uint8(3))
	f.Fuzz(func(t *testing.T, text string, unix, span int64, shape uint8) {
		in := everythingOf(text, unix, span, shape)
		out := string(postmortem.SRE(postmortem.From(in, func(incident.PersonID) string { return text })))
		rest := out
		for _, h := range headings {
			i := strings.Index("\n"+rest, "\n"+h)
			if i < 0 {
				t.Fatalf("%q is missing, or not in its place, in\n%s", h, out)
			}
			rest = rest[i+len(h):]
		}
		if !strings.HasSuffix(out, "\n") || strings.HasSuffix(out, "\n\n") {
			t.Errorf("the end is %q", out[len(out)-3:])
		}
		if !utf8.ValidString(out) {
			t.Errorf("not in UTF-8: %q", out)
		}
		if !strings.Contains(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n\n\n") && strings.Contains(out, "\n\n\n") {
			t.Errorf("two empty lines in\n%q", out)
		}
		data, err := postmortem.JSON(in, byName)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(data) {
			t.Errorf("no JSON: %s", data)
		}
		for _, finding := range postmortem.Check(in, byName, start) {
			if finding.Text == "" || finding.Rule == "" {
				t.Errorf("an empty finding: %+v", finding)
			}
		}
	})
}

// everythingOf uses the bits of shape for what is there.
func everythingOf(text string, unix, span int64, shape uint8) *incident.Incident {
	at := time.Unix(unix%(1<<40), 0).UTC()
	end := at.Add(time.Duration(span % 1e9 * int64(time.Second)))
	zones := []string{"UTC", "America/New_York", "Asia/Kathmandu", "UTC+05:30"}
	b := build(text, incident.ZoneSet{Zone: incident.Zone{Name: zones[shape%4]}})
	for _, f := range incident.Fields() {
		b.apply(set(incident.Field(f), text), incident.FieldAppended{Field: incident.Field(f), Text: text})
	}
	b.apply(incident.StatusSet{Text: text}, incident.NumberSet{Number: int(shape)}, incident.PublishedSet{At: at},
		incident.DateSet{Date: incident.Date{Written: text, Month: shape&8 != 0, From: incident.Civil{Year: 2024, Month: 5, Day: 1}, To: incident.Civil{Year: 2024, Month: 5, Day: 31}}},
		incident.CauseAdded{Cause: incident.Cause{ID: "c1", Kind: "root", Title: text, Text: text, Recommendations: []string{text, text}}},
		incident.ActionAdded{Action: incident.Action{ID: "a1", Text: text, Type: text, Term: text, Owner: text, Bug: text, Outcome: text, Priority: int(shape)}},
		set(incident.Field("front.x"), text),
		incident.Joined{Person: "p", Did: text},
		incident.Missed{Room: incident.RoomID{Platform: "p", Channel: "c"}, From: at, To: end, Why: text},
		incident.RoomLinked{Room: incident.Room{RoomID: incident.RoomID{Platform: "p", Channel: "c"}, Name: text}},
	)
	for i, kind := range incident.LessonKinds() {
		b.apply(incident.LessonAdded{Lesson: incident.Lesson{ID: incident.LessonID(fmt.Sprintf("l%d", i)), Kind: incident.LessonKind(kind), Text: text}})
	}
	for i, kind := range incident.SupportKinds() {
		b.apply(incident.SupportAdded{Support: incident.Support{Entry: incident.EntryID(fmt.Sprintf("e%d", 100+i)), Kind: kind, Title: text,
			Language: text, Text: text, File: &incident.File{Name: text, Link: text, Hash: text}, Captured: at}})
	}
	for i, p := range []incident.Precision{incident.Unknown, incident.Day, incident.Minute, incident.Second} {
		m := incident.At(at, p)
		m.Approximate = shape&16 != 0
		b.apply(incident.Noted{Entry: incident.EntryID(fmt.Sprintf("e%d", 2*i)), At: m, Text: text, Said: at, Marker: incident.OutageBegins})
		if end.After(at) && p != incident.Unknown {
			m.End = incident.At(end, p).Start
		}
		b.apply(incident.Noted{Entry: incident.EntryID(fmt.Sprintf("e%d", 2*i+1)), At: m, Text: text, Said: end, Marker: incident.OutageEnds, After: "e2"})
	}
	ref := incident.MessageRef{Platform: "p", Channel: "c", Message: "m"}
	b.apply(incident.Tagged{Message: ref, Tag: incident.TagTimeline, At: at, Entry: "e50"},
		incident.MessageRead{Message: ref, Content: incident.Content{Alias: text, Said: end, Text: text, Files: []incident.File{{ID: "1", Name: text, Problem: text}, {ID: "2", Hash: "h", Type: "image/png"}}}})
	return b.in
}

// tenThousand is an incident with ten thousand tagged messages.
func tenThousand() *incident.Incident {
	in := build("A long day").in
	for i := range 10_000 {
		at := start.Add(time.Duration(i) * 7 * time.Second)
		id := incident.EntryID(fmt.Sprintf("e%d", i+1))
		ref := incident.MessageRef{Platform: "p", Channel: "c", Message: string(id)}
		for _, e := range []incident.Event{
			incident.Tagged{Message: ref, Tag: incident.TagTimeline, Way: incident.WayPin, Tagger: "Omar", At: at, Entry: id},
			incident.MessageRead{Message: ref, Content: incident.Content{Author: "Ines", Said: at, Text: "Something happened, and somebody wrote a sentence about it."}},
		} {
			in.Apply(incident.Record{Incident: 7, Seq: in.Head + 1, At: at, By: "Omar", Event: e})
		}
	}
	return in
}

// BenchmarkExport10k makes and prints the document of a long incident.
func BenchmarkExport10k(b *testing.B) {
	in := tenThousand()
	b.ReportAllocs()
	for b.Loop() {
		postmortem.SRE(postmortem.From(in, byName))
	}
}

// BenchmarkCheck10k looks over the postmortem of a long incident.
func BenchmarkCheck10k(b *testing.B) {
	in := tenThousand()
	for b.Loop() {
		postmortem.Check(in, byName, asked)
	}
}
