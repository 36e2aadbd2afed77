package bot

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"boswell/chat"
)

func TestFitSplitsAtLines(t *testing.T) {
	text := strings.Repeat("one line of the timeline\n", 40)
	parts := fit(chat.Limits{Text: 400, Buttons: 5}, chat.Message{
		Text:    chat.Say("Timeline\n").Bold(text),
		Buttons: []chat.Button{{Label: "More"}},
	})
	if len(parts) < 3 {
		t.Fatalf("got %d messages, want the text in at least 3", len(parts))
	}
	var whole strings.Builder
	for i, p := range parts {
		s := p.Text.String()
		whole.WriteString(s)
		if n := utf8.RuneCountInString(s); n > 400 {
			t.Errorf("message %d has %d characters, more than 400", i, n)
		}
		if !strings.HasSuffix(s, "\n") {
			t.Errorf("message %d does not end with a line: %q", i, s[len(s)-20:])
		}
		if (len(p.Buttons) > 0) != (i == len(parts)-1) {
			t.Errorf("message %d of %d has %d buttons; only the last should", i, len(parts), len(p.Buttons))
		}
	}
	if got, want := whole.String(), "Timeline\n"+text; got != want {
		t.Errorf("the parts do not add up to the text:\n%q\nwant\n%q", got, want)
	}
}

func TestFitCutsALineThatIsTooLong(t *testing.T) {
	text := strings.Repeat("ä", 950)
	var got string
	for _, p := range fit(chat.Limits{Text: 300}, chat.Message{Text: chat.Say("x").Code(text)}) {
		if n := utf8.RuneCountInString(p.Text.String()); n > 300 {
			t.Errorf("a message has %d characters, more than 300", n)
		}
		got += p.Text.String()
	}
	if got != "x"+text {
		t.Errorf("the parts do not add up to the text")
	}
}

func TestFitWritesButtonsAsWords(t *testing.T) {
	buttons := []chat.Button{{Label: "Join", Typed: "!incident join"}, {Label: "Snooze", Typed: "!incident snooze"}}
	tests := []struct {
		name  string
		limit int
		text  string
		left  int
	}{
		{"none", 0, "Hello\nJoin: !incident join\nSnooze: !incident snooze", 0},
		{"one", 1, "Hello\nSnooze: !incident snooze", 1},
		{"enough", 5, "Hello", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := fit(chat.Limits{Buttons: tt.limit}, chat.Message{Text: chat.Say("Hello"), Buttons: buttons})
			if got := parts[0].Text.String(); got != tt.text || len(parts[0].Buttons) != tt.left {
				t.Errorf("got %q with %d buttons, want %q with %d", got, len(parts[0].Buttons), tt.text, tt.left)
			}
		})
	}
}

func TestFitOffersMenusOtherwise(t *testing.T) {
	m := chat.Message{Text: chat.Say("Card"), Buttons: []chat.Button{{Label: "Join", Typed: "!incident join"}}, Menus: []chat.Menu{
		{Label: "Severity", Typed: "!incident severity <severity>", Options: []chat.Button{{Label: "sev1"}, {Label: "sev2"}}},
		{Label: "Role", Typed: "!incident role <role>", Options: []chat.Button{{Label: "scribe"}, {Label: "liaison"}}},
	}}
	const roleTyped = "Card\nRole: !incident role <role>"
	for _, c := range []struct {
		name    string
		limits  chat.Limits
		text    string
		buttons string
		menus   int
	}{
		{"menus", chat.Limits{Buttons: 1, Menus: 2}, "Card", "Join", 2},
		{"one menu", chat.Limits{Buttons: 1, Menus: 1}, roleTyped, "Join", 1},
		{"buttons for all", chat.Limits{Buttons: 5}, "Card", "Join, Severity: sev1, Severity: sev2, Role: scribe, Role: liaison", 0},
		{"buttons for one", chat.Limits{Buttons: 4}, roleTyped, "Join, Severity: sev1, Severity: sev2", 0},
		{"neither", chat.Limits{}, "Card\nSeverity: !incident severity <severity>\nRole: !incident role <role>\nJoin: !incident join", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := fit(c.limits, m)[0]
			var labels []string
			for _, b := range got.Buttons {
				labels = append(labels, b.Label)
			}
			if buttons := strings.Join(labels, ", "); got.Text.String() != c.text || buttons != c.buttons || len(got.Menus) != c.menus {
				t.Errorf("got %q with the buttons %q and %d menus, want %q with %q and %d", got.Text, buttons, len(got.Menus), c.text, c.buttons, c.menus)
			}
		})
	}
	if len(m.Buttons) != 1 || m.Menus[0].Options[0].Label != "sev1" {
		t.Errorf("the message itself was changed to %+v", m)
	}
}

func TestCommandsAreWrittenAsTheyAreTypedThere(t *testing.T) {
	said := chat.Typed("There is no command \"x\". `/incident help` lists all, `/incidents` is a page, and /incident stays.")
	for slash, want := range map[string]string{
		"!incident": "There is no command \"x\". !incident help lists all, /incidents is a page, and /incident stays.",
		"/incident": said.String(),
		"":          said.String(),
	} {
		if got := fit(chat.Limits{Slash: slash}, chat.Message{Text: said})[0].Text.String(); got != want {
			t.Errorf("with %q it reads %q, want %q", slash, got, want)
		}
	}
}

// directing is a stage without whispers that opens direct conversations.
type directing struct{ *stage }

func (d directing) Direct(_ context.Context, user chat.UserID) (chat.Place, error) {
	return chat.Place{Platform: d.id, Channel: chat.ChannelID("dm-" + user)}, d.do(call{"direct", string(user), ""})
}

// TestWhatIsPrivateIsNeverSaidInTheOpen lets direct messages fail while somebody asks about a private incident elsewhere.
func TestWhatIsPrivateIsNeverSaidInTheOpen(t *testing.T) {
	s := directing{newStage("one")}
	th := open(t, s)
	h := <-s.h
	ask := func(channel, line string, delivery int) chat.Reply {
		t.Helper()
		m := meta(fmt.Sprint("ask", delivery), ada, delivery)
		m.Place.Channel = chat.ChannelID(channel)
		reply, err := h(t.Context(), chat.Invoked{Meta: m, Line: line})
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		th.settle()
		return reply
	}
	ask("ops", "start private:yes Breach of customer data", 1)
	failing := func(what string, err error, times int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.obey = func(c call) error {
			if c.What != what || what == "post" && !strings.Contains(c.Key, "/answer/") || times == 0 {
				return nil
			}
			times--
			return err
		}
	}
	const always = -1
	withheld := chat.Reply{}.Withheld().Text.String()
	delivery := 1
	for _, c := range []struct {
		what  string
		err   error
		times int
		want  string // what the room reads
	}{
		{"nothing", nil, always, ""},
		{"post", chat.Temporary(errBusy, 0), 1, ""},
		{"post", chat.InDoubt(errBusy), 1, ""},
		{"direct", chat.Temporary(errBusy, 0), 1, ""},
		{"post", chat.Temporary(errBusy, 0), always, withheld},
		{"post", chat.InDoubt(errBusy), always, withheld},
		{"post", chat.Final(errBusy, "No."), 1, withheld},
		{"direct", chat.Final(errBusy, "No."), always, withheld},
	} {
		for _, line := range []string{"show in:INC-1", "list", "find breach", "remove 99 in:INC-1", "note where?", "join in:INC-1"} {
			failing(c.what, c.err, c.times)
			delivery++
			first := ask("general", line, delivery)
			failing(c.what, c.err, c.times)
			for _, reply := range []chat.Reply{first, ask("general", line, delivery)} { // delivered again
				if got := reply.Text.String(); got != c.want || len(reply.More) > 0 || len(reply.Rows) > 0 {
					t.Errorf("%s fails with %v, %d times: after %q the room reads %q, want %q", c.what, c.err, c.times, line, got, c.want)
				}
			}
		}
	}
}

func TestAnAnswerInTheOpenIsBetterThanNone(t *testing.T) {
	s := directing{newStage("one")}
	th := open(t, s)
	s.obey = func(c call) error {
		if c.What == "direct" {
			return chat.Final(errBusy, "No.")
		}
		return nil
	}
	th.incident("one")
	h := <-s.h
	reply, err := h(t.Context(), chat.Invoked{Meta: meta("list", ada, 1), Line: "list"})
	if err != nil || !reply.Public || !strings.Contains(reply.Text.String(), "Checkout is down") {
		t.Errorf("the room reads %+v and %v, want the list for all to see", reply, err)
	}
}
