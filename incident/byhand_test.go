package incident_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// tagged is an incident with one tagged message.
func tagged(t failer) *journal {
	j := newJournal(t)
	j.see(saying(seen(1, set(timeline, pushpin, "p-ines", 1)), "dry", 0))
	return j
}

func TestATextSetByHandBeatsTheMessage(t *testing.T) {
	j := tagged(t)
	text := "bone dry"
	j.must("p-ines")(j.in.Edit("e1", &text, nil))
	j.see(saying(seen(2), "wet", 2))
	e := j.in.Timeline()[0]
	if e.Text != text || !e.TextByHand || e.TimeByHand || !e.Happened.Equal(incident.At(minute(0), incident.Minute)) {
		t.Errorf("got %+v", e)
	}
	j.record("p-ines", incident.EntryFollows{Entry: "e1", Text: true})
	if got := j.in.Timeline()[0]; got.Text != "wet" || got.TextByHand {
		t.Errorf("following again, it says %+v", got)
	}
}

func TestATimeSetByHandBeatsTheMessage(t *testing.T) {
	j := tagged(t)
	at := incident.Moment{Start: minute(-20), Approximate: true, Precision: incident.Minute}
	j.must("p-ines")(j.in.Edit("1", nil, &at))
	j.see(saying(seen(2), "wet", 2))
	e := j.in.Timeline()[0]
	if !e.Happened.Equal(at) || !e.TimeByHand || e.TextByHand || e.Text != "wet" || !e.Said.Equal(minute(0)) {
		t.Errorf("got %+v", e)
	}
	j.record("p-ines", incident.PrecisionSet{Precision: incident.Day})
	if e := j.in.Timeline()[0]; !e.Happened.Equal(at) {
		t.Errorf("the precision of messages changed a time set by hand to %+v", e.Happened)
	}
}

func TestAnEntryRemovedByHandStaysOut(t *testing.T) {
	steps := []struct {
		name string
		s    incident.Sighting
		want []string
	}{
		{"the message is edited", saying(seen(2), "wet", 2), nil},
		{"somebody else tags it", seen(3, set(timeline, pushpin, "p-tariq", 3)), nil},
		{"the first tag goes", seen(4, unset(timeline, pushpin, "p-ines", 4)), nil},
		{"it is tagged again while a tag is left", seen(5, set(timeline, pushpin, "p-ines", 5)), nil},
		{"one tag goes", seen(6, unset(timeline, pushpin, "p-ines", 6)), nil},
		{"the last tag goes", seen(7, unset(timeline, pushpin, "p-tariq", 7)), nil},
		{"a new tag is set", seen(8, set(timeline, incident.WayPin, "p-wen", 8)), []string{"wet"}},
	}
	j := tagged(t)
	j.must("p-ines")(j.in.Remove("1"))
	for _, step := range steps {
		j.see(step.s)
		if diff := cmp.Diff(step.want, texts(j.in), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestSupportRemovedByHandStaysOut(t *testing.T) {
	j := newJournal(t)
	j.see(saying(seen(1, set(support, pushpin, "p-ines", 1), set(timeline, pushpin, "p-ines", 1)), "dry", 0))
	j.must("p-ines")(j.in.RemoveSupport(1))
	j.see(seen(2, set(support, pushpin, "p-tariq", 2)))
	if got := j.in.Supporting(); len(got) > 0 || len(j.in.Timeline()) != 1 {
		t.Errorf("supporting information: %+v", got)
	}
	j.see(seen(3, unset(support, pushpin, "p-ines", 3), unset(support, pushpin, "p-tariq", 3)))
	j.see(seen(4, set(support, pushpin, "p-tariq", 4)))
	if got := j.in.Supporting(); len(got) != 1 || got[0].Text != "dry" || !got[0].Captured.Equal(minute(4)) {
		t.Errorf("supporting information, tagged again: %+v", got)
	}
}

func TestOfferedTagsWaitForPeople(t *testing.T) {
	older := all(saying(seen(9, untold(set(timeline, incident.WayPin, "", 0))), "runbook", 0))
	j := newJournal(t)
	j.record("", j.in.Offer([]incident.MessageRef{inQuay("M-1")})...)
	if events := j.see(older); len(events) > 0 {
		t.Errorf("a tag on offer was taken: %#v", events)
	}
	older.Take = true
	j.see(older)
	if diff := cmp.Diff([]string{"runbook"}, texts(j.in)); diff != "" {
		t.Errorf("people took it (-want +got):\n%s", diff)
	}
	if events := j.in.Offer([]incident.MessageRef{inQuay("M-1")}); len(events) > 0 {
		t.Errorf("what was taken is offered again: %#v", events)
	}
}

func TestATagSetNowCountsThoughOthersAreOnOffer(t *testing.T) {
	j := newJournal(t)
	j.record("", j.in.Offer([]incident.MessageRef{inQuay("M-1")})...)
	j.see(saying(seen(1, set(timeline, pushpin, "p-tariq", 1)), "dry", 0))
	if diff := cmp.Diff([]string{"dry"}, texts(j.in)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHandlesAreNeverGivenTwice(t *testing.T) {
	j := tagged(t)
	given := map[incident.EntryID]bool{"e1": true}
	claim := func(id incident.EntryID) {
		if given[id] {
			t.Errorf("%s was given twice", id)
		}
		given[id] = true
	}
	claim(j.note(incident.Note{Text: "the crew is called"}))
	j.must("p-ines")(j.in.Remove("e2"))
	j.must("p-ines")(j.in.AddSupport("", "https://chart.example/tide", j.now))
	claim(j.in.Supporting()[0].Entry)
	j.must("p-ines")(j.in.RemoveSupport(1))
	claim(j.note(incident.Note{Text: "the crew is there"}))
	s := seen(2, set(support, pushpin, "p-ines", 2))
	s.Message = inQuay("M-2")
	j.see(s)
	id, _ := j.in.EntryOf(inQuay("M-2"))
	claim(id)
}

// TestHiddenTextIsInNoView looks for the words of messages that are gone, or no longer tagged, in everything that can be shown.
func TestHiddenTextIsInNoView(t *testing.T) {
	secret := func(s incident.Sighting) incident.Sighting {
		s = saying(s, "the password is swordfish", 0)
		s.Content.Files = []incident.File{{ID: "F-1", Name: "swordfish.txt", Text: "swordfish"}}
		return s
	}
	tags := []incident.SeenTag{set(timeline, pushpin, "p-ines", 1), set(support, pushpin, "p-ines", 1)}
	hide := map[string]func(j *journal){
		"deleted": func(j *journal) { j.see(gone(5)) },
		"untagged": func(j *journal) {
			j.see(seen(5, unset(timeline, pushpin, "p-ines", 5), unset(support, pushpin, "p-ines", 5)))
		},
		"not listed": func(j *journal) { j.see(all(seen(5))) },
		"edited":     func(j *journal) { j.see(saying(seen(5), "never mind", 5)) },
		"by hand": func(j *journal) {
			j.must("p-ines")(j.in.Remove("e1"))
			j.must("p-ines")(j.in.RemoveSupport(1))
		},
	}
	for name, hidden := range hide {
		j := newJournal(t)
		j.see(secret(seen(1, tags...)))
		j.record("", j.in.KeepFile(inQuay("M-1"), incident.File{ID: "F-1", Name: "swordfish.txt", Text: "swordfish", Hash: "9f"})...)
		if !shows(t, j.in, "swordfish") {
			t.Fatal("the text was never shown")
		}
		hidden(j)
		if shows(t, j.in, "swordfish") {
			t.Errorf("%s, and still shown: %+v", name, viewsOf(j.in))
		}
		if _, files := j.in.Wants(inQuay("M-1")); len(files) > 0 {
			t.Errorf("%s, and its files are asked for", name)
		}
	}
}

// shows says whether a word is in any view.
func shows(t *testing.T, in *incident.Incident, word string) bool {
	t.Helper()
	entry, _ := in.Entry("e1")
	_, what, _ := in.Undo("p-ines")
	text, err := json.Marshal([]any{viewsOf(in), entry, what})
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(text, []byte(word))
}
