package incident_test

import (
	"testing"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
)

// withFiles is a tagged message that says a text and has files.
func withFiles(tag incident.Tag, text string, files ...incident.File) incident.Sighting {
	s := saying(seen(3, set(tag, pushpin, "p-ines", 3)), text, 0)
	s.Content.Files = files
	return s
}

func TestSupportOfTaggedMessages(t *testing.T) {
	item := incident.Support{Entry: "e1", Captured: minute(3), Author: "p-wen"}
	text := func(kind, text string) incident.Support {
		s := item
		s.Kind, s.Text = kind, text
		return s
	}
	file := func(kind, title, fence, text string, f incident.File) incident.Support {
		s := item
		s.Kind, s.Title, s.Language, s.Text, s.File = kind, title, fence, text, &f
		return s
	}
	diff := incident.File{ID: "F-1", Name: "a.patch", Language: "Patch", Text: "-a\n+b"}
	code := incident.File{ID: "F-2", Name: "tide.go", Language: "go", Text: "package tide"}
	notes := incident.File{ID: "F-3", Name: "notes.md", Language: "markdown", Text: "# Notes"}
	plain := incident.File{ID: "F-4", Name: "log.txt", Text: "pump 3 dry"}
	image := incident.File{ID: "F-5", Name: "tide.png", Type: "image/png"}
	large := incident.File{ID: "F-6", Name: "core", Type: "application/octet-stream", Problem: "too large"}
	for _, c := range []struct {
		name string
		s    incident.Sighting
		want []incident.Support
	}{
		{"text", withFiles(support, "pump 3 is dry"), []incident.Support{text("text", "pump 3 is dry")}},
		{"link", withFiles(support, "see https://chart.example/tide"), []incident.Support{text("link", "see https://chart.example/tide")}},
		{"lines with a link", withFiles(support, "see\nhttps://chart.example/tide"), []incident.Support{text("text", "see\nhttps://chart.example/tide")}},
		{"diff", withFiles(support, "the fix", diff), []incident.Support{file("diff", "the fix", "diff", "-a\n+b", diff)}},
		{"code", withFiles(support, "", code), []incident.Support{file("code", "", "go", "package tide", code)}},
		{"markdown", withFiles(support, "", notes), []incident.Support{file("chat", "", "", "# Notes", notes)}},
		{"plain text", withFiles(support, "", plain), []incident.Support{file("text", "", "", "pump 3 dry", plain)}},
		{"two files", withFiles(support, "the tide", image, large),
			[]incident.Support{file("image", "the tide", "", "", image), file("file", "", "", "", large)}},
		{"timeline only", withFiles(timeline, "pump 3 is dry", image), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := newJournal(t)
			j.see(c.s)
			if diff := cmp.Diff(c.want, j.in.Supporting()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSupportStandsInTheOrderOfCapture(t *testing.T) {
	j := newJournal(t)
	j.must("p-ines")(j.in.AddSupport("Chart", "https://chart.example/tide", minute(5)))
	j.must("p-ines")(j.in.AddSupport(" ", "typed at once", minute(3)))
	j.see(withFiles(support, "tagged at once"))
	j.must("p-ines")(j.in.AddSupport("", "typed first", minute(1)))
	want := []incident.Support{
		{Entry: "e4", Kind: "text", Text: "typed first", Captured: minute(1)},
		{Entry: "e2", Kind: "text", Text: "typed at once", Captured: minute(3)},
		{Entry: "e3", Kind: "text", Text: "tagged at once", Captured: minute(3), Author: "p-wen"},
		{Entry: "e1", Kind: "link", Title: "Chart", Text: "https://chart.example/tide", Captured: minute(5)},
	}
	if diff := cmp.Diff(want, j.in.Supporting()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFilesAreKept follows a file from the message that names it to the store.
func TestFilesAreKept(t *testing.T) {
	named := incident.File{ID: "F-1", Name: "tide.png", Type: "image/png", Size: 9}
	other := incident.File{ID: "F-2", Name: "core", Size: 9}
	j := newJournal(t)
	j.see(withFiles(timeline, "the tide", named, other))
	if _, files := j.in.Wants(inQuay("M-1")); !cmp.Equal(files, []incident.File{named, other}) {
		t.Errorf("wants %+v", files)
	}
	kept, lost := named, other
	kept.Hash, lost.Problem = "9f2c", "the link had expired"
	for range 2 {
		j.record("", j.in.KeepFile(inQuay("M-1"), kept)...)
		j.record("", j.in.KeepFile(inQuay("M-1"), lost)...)
	}
	if e := j.in.Timeline()[0]; !cmp.Equal(e.Files, []incident.File{kept, lost}) {
		t.Errorf("shows %+v", e.Files)
	}
	if text, files := j.in.Wants(inQuay("M-1")); text || len(files) > 0 || len(j.stored) != 6 {
		t.Errorf("still wants %v %+v after %d records", text, files, len(j.stored))
	}
	if events := j.in.KeepFile(inQuay("M-2"), kept); len(events) > 0 {
		t.Errorf("a file of a message that nobody tagged yields %#v", events)
	}
}

func TestFollowedAreTheTaggedMessagesOfARoom(t *testing.T) {
	j := newJournal(t)
	j.see(said("M-1", "", onTheDay(9, 0, 0), 1))
	j.see(said("M-2", "", onTheDay(8, 0, 0), 1))
	j.see(said("M-3", "", onTheDay(7, 0, 0), 1))
	deleted := gone(9)
	deleted.Message = inQuay("M-3")
	j.see(deleted)
	untagged := said("M-4", "", onTheDay(7, 0, 0), 1)
	j.see(untagged)
	untagged.Tags, untagged.Complete, untagged.At = nil, true, minute(9)
	j.see(untagged)
	want := []incident.FollowedMessage{{Message: inQuay("M-2"), Said: onTheDay(8, 0, 0)}, {Message: inQuay("M-1"), Said: onTheDay(9, 0, 0)}}
	if diff := cmp.Diff(want, j.in.Followed(quay.RoomID)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if others := j.in.Followed(incident.RoomID{Platform: "harbour", Channel: "C-mole"}); len(others) > 0 {
		t.Errorf("another room has %+v", others)
	}
}
