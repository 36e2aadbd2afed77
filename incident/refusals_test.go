package incident_test

import (
	"strings"
	"testing"

	"boswell/incident"
)

// opened asks an incident to open with a title.
func opened(title string) error {
	_, err := incident.Open(incident.Opening{Title: title})
	return err
}

// refusal is the error of what a decision gives.
func refusal(_ []incident.Event, err error) error { return err }

func TestTextsAreRefused(t *testing.T) {
	j := newJournal(t)
	long := strings.Repeat("a", 5000)
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"empty title", opened(""), "The title is empty. Write it behind the command."},
		{"blank title", opened(" \t\n"), "The title is empty. Write it behind the command."},
		{"long title", opened(long), "The title has 5000 characters; 200 is the most. Shorten it."},
		{"title with a bell", opened("Lock\a open"), "The title contains the invisible character U+0007. Type it again without."},
		{"title of two lines", opened("Lock\nopen"), "The title contains the invisible character U+000A. Type it again without."},
		{"title that turns around", opened("Lock \u202enepo"), "The title contains the invisible character U+202E. Type it again without."},
		{"title that hides its direction", opened("Lock\u2066 open"), "The title contains the invisible character U+2066. Type it again without."},
		{"title with a line separator", opened("Lock\u2028open"), "The title contains the invisible character U+2028. Type it again without."},
		{"status", refusal(j.in.SetStatus(long)), "The status has 5000 characters; 300 is the most. Shorten it."},
		{"update", refusal(j.in.Update("\n")), "The update is empty. Write it behind the command."},
		{"reason", refusal(j.in.Cancel("a\x00b")), "The reason contains the invisible character U+0000. Type it again without."},
		{"field", refusal(j.in.Set(incident.FieldSummary, "", typedAt)), "The field summary is empty. Write it behind the command."},
		{"long field", refusal(j.in.Append(incident.FieldSummary, strings.Repeat(long, 5))),
			"The field summary has 25000 characters; 20000 is the most. Attach it as a file and mark that with 📎."},
		{"note", refusal(j.in.Note(incident.Note{Text: "\u202e"})), "The note contains the invisible character U+202E. Type it again without."},
		{"cause", refusal(j.in.AddCause("root", "", "")), "The cause is empty. Write it behind the command."},
		{"title of a cause", refusal(j.in.AddCause("root", long, "rust")), "The title of the cause has 5000 characters; 200 is the most. Shorten it."},
		{"lesson", refusal(j.in.AddLesson(incident.GotLucky, " ")), "The lesson is empty. Write it behind the command."},
		{"supporting information", refusal(j.in.AddSupport("", "", typedAt)), "The supporting information is empty. Write it behind the command."},
		{"description", refusal(j.in.Join("p-ines", "\x1b[2J")), "The description contains the invisible character U+001B. Type it again without."},
	} {
		t.Run(c.name, func(t *testing.T) { wantRefusal(t, c.err, c.want); checkSentence(t, c.err) })
	}
}

func TestTextsOfAllLanguagesAreTaken(t *testing.T) {
	for _, title := range []string{"השער תקוע", "البوابة عالقة في المنتصف", "闸门卡住了", "Слюз заклинило", "Schleuse №3 – \u201eOst\u201c", "🚢 stuck 👨‍👩‍👧", "नहर बंद है",
		"C:\\lock | `rm -rf` <b>*_~", "  blanks around  ", "Lock\xffopen"} {
		events, err := incident.Open(incident.Opening{Title: title})
		if err != nil {
			t.Errorf("%q: %v", title, err)
			continue
		}
		want := strings.TrimSpace(strings.ToValidUTF8(title, "\uFFFD"))
		if got := events[0].(incident.Opened).Title; got != want {
			t.Errorf("%q became %q", title, got)
		}
	}
}

func TestProseIsKeptVerbatim(t *testing.T) {
	j := newJournal(t)
	text := "  two blanks\n\n```\ncode\twith tabs\n```\n> השער | 🚢 \n"
	j.note(incident.Note{Text: strings.ReplaceAll(text, "\n", "\r\n")})
	if got := j.reread().Timeline()[0].Text; got != text {
		t.Errorf("got %q, want %q", got, text)
	}
}

// TestNumbersAreRefused has one entry, one cause and nothing else.
func TestNumbersAreRefused(t *testing.T) {
	j := newJournal(t)
	wantRefusal(t, refusal(j.in.Remove("1")), "The timeline of INC-7 is empty. Pin a message with 📌, or write `/incident INC-7 note <text>`.")
	wantRefusal(t, refusal(j.in.Recommend(1, "Oil it.")), "INC-7 has no cause yet. `/incident INC-7 cause root <text>` adds one.")
	j.note(incident.Note{Text: "the crew is called", At: incident.At(minute(5), incident.Minute)})
	j.must("p-ines")(j.in.AddCause("root", "", "rust"))
	other := incident.Note{Text: "later", At: incident.At(minute(6), incident.Minute), After: "e1"}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"entry 0", refusal(j.in.Remove("0")), "There is no entry 0: the timeline of INC-7 goes from 1 to 1. `/incident INC-7 timeline` shows it."},
		{"entry 2", refusal(j.in.Mark("2", incident.Detected)), "There is no entry 2: the timeline of INC-7 goes from 1 to 1. `/incident INC-7 timeline` shows it."},
		{"handle", refusal(j.in.Edit(" E9 ", nil, nil)), "Entry e9 is not in the timeline of INC-7. `/incident INC-7 timeline` shows it."},
		{"long handle", refusal(j.in.Remove("e" + strings.Repeat("0", 3000) + "1")),
			"Entry e" + strings.Repeat("0", 39) + "… is not in the timeline of INC-7. `/incident INC-7 timeline` shows it."},
		{"word", refusal(j.in.Remove("last\x07")),
			`"last\a" is not an entry. Write its number in the timeline, like 3, or its handle, like e12. ` + "`/incident INC-7 timeline` shows both."},
		{"behind another time", refusal(j.in.Note(other)),
			"Entry e1 has another time, so the order follows from the times. Leave out after:e1, or give at:? for a note without a time."},
		{"cause 2", refusal(j.in.RemoveCause(2)), "There is no cause 2. Choose one from 1 to 1."},
		{"action item", refusal(j.in.FinishAction(1, true)), "INC-7 has no action item yet. `/incident INC-7 action <text>` adds one."},
		{"lesson", refusal(j.in.RemoveLesson(incident.WentWell, 1)), "INC-7 has no lesson of the kind well yet. `/incident INC-7 lesson well <text>` adds one."},
		{"supporting information", refusal(j.in.RemoveSupport(1)), "INC-7 has no supporting information yet. `/incident INC-7 support <text>` adds one."},
		{"printed number", refusal(j.in.Set(incident.FieldNumber, "twelve", typedAt)), `"twelve" is not a number of an incident. Write a whole number from 1 on, like 12.`},
		{"negative number", refusal(j.in.Set(incident.FieldNumber, "-1", typedAt)), `"-1" is not a number of an incident. Write a whole number from 1 on, like 12.`},
		{"priority", refusal(j.in.AddAction(incident.Action{Text: "Oil it.", Priority: 1000})), "The priority 1000 is out of range. 1 is the first to do, 999 the last."},
	} {
		t.Run(c.name, func(t *testing.T) { wantRefusal(t, c.err, c.want); checkSentence(t, c.err) })
	}
}

func TestActionItemsAreRefused(t *testing.T) {
	j := newJournal(t)
	for _, c := range []struct {
		name   string
		action incident.Action
		want   string
	}{
		{"empty", incident.Action{}, "The action item is empty. Write it behind the command."},
		{"type", incident.Action{Text: "a", Type: "prevnt"},
			`There is no type of action item "prevnt". Did you mean "prevent"? Choose one of: detect, investigate, mitigate, other, prevent, process, repair.`},
		{"term", incident.Action{Text: "a", Term: "soon"}, `There is no term "soon". Choose one of: long, short.`},
		{"owner", incident.Action{Text: "a", Owner: "In\u202ees"}, "The owner contains the invisible character U+202E. Type it again without."},
		{"bug without a scheme", incident.Action{Text: "a", Bug: "bugs.example/12"},
			`"bugs.example/12" is not the address of a bug. Write it in full, like bug:https://example.com/issues/12.`},
		{"bug that is a program", incident.Action{Text: "a", Bug: "javascript:alert(1)"},
			`"javascript:alert(1)" is not the address of a bug. Write it in full, like bug:https://example.com/issues/12.`},
		{"bug that breaks a table", incident.Action{Text: "a", Bug: "https://bugs.example/1|2"},
			`"https://bugs.example/1|2" is not the address of a bug. Write it in full, like bug:https://example.com/issues/12.`},
		{"bug that turns around", incident.Action{Text: "a", Bug: "https://bugs.example/\u202e21"},
			"The address of the bug contains the invisible character U+202E. Type it again without."},
		{"long bug", incident.Action{Text: "a", Bug: "https://bugs.example/" + strings.Repeat("1", 2000)},
			"The address of the bug has 2021 characters; 2000 is the most. Shorten it."},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := j.in.AddAction(c.action)
			wantRefusal(t, err, c.want)
			checkSentence(t, err)
		})
	}
}
