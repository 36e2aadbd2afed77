package commands_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
)

// complete asks what could complete an argument, as somebody types it in a room.
func (h *house) complete(who, where, path, field, typed string, given args) (choices []chat.Choice) {
	h.t.Helper()
	errRead := errors.New("only read")
	_, err := h.store.Do(context.Background(), storage.Cause{Key: "complete"}, func(tx storage.Tx) (storage.Outcome, error) {
		req := h.request(tx, who, where)
		choices = commands.Complete(&req, chat.Suggest{Line: path, Field: chat.FieldID(field), Typed: typed, Args: given})
		return storage.Outcome{}, errRead
	})
	if !errors.Is(err, errRead) {
		h.t.Fatal(err)
	}
	return choices
}

func TestComplete(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "role scribe Grace")
	h.must("Ada", ops, "note at:14:05 First alert")
	h.must("Ada", ops, "note at:14:20 Failover "+strings.Repeat("is done ", 30))
	h.must("Ada", ops, "cause root Clients retried.")
	h.must("Ada", ops, "action Add an alert.")
	h.must("Ada", ops, "lesson well It was fast.")
	h.must("Ada", ops, "support https://example.com")
	h.must("Ada", ops, "link #alerts")
	h.must("Ada", "third", "start sure:yes private:yes Hidden")
	h.must("Ada", "fourth", "start sure:yes Ended")
	h.must("Ada", "fourth", "cancel")
	for _, c := range []struct {
		path, field, typed string
		given              args
		want               string // values, in their order
	}{
		{path: "timeline edit", field: "entry", want: "e2 e1"},
		{path: "timeline mark", field: "entry", typed: "alert", want: "e1"},
		{path: "note", field: "after", typed: "2", want: "e2"},
		{path: "people role", field: "role", typed: "com", want: "commander communications"},
		{path: "people role", field: "person", typed: "ad", want: "@ada"},
		{path: "people role", field: "person", typed: "me", want: "me"},
		{path: "set", field: "field", typed: "imp", want: "impact +impact"},
		{path: "set", field: "text", typed: "paris", given: args{"field": "zone"}, want: "Europe/Paris"},
		{path: "set", field: "text", typed: "paris", given: args{"field": "summary"}},
		{path: "show", field: "in", want: "INC-1 INC-3"},
		{path: "show", field: "in", typed: "ended", want: "INC-3"},
		{path: "help", field: "command", typed: "timeline m", want: "timeline mark"},
		{path: "cause remove", field: "number", want: "1"},
		{path: "action done", field: "number", typed: "add", want: "1"},
		{path: "lesson remove", field: "number", given: args{"kind": "well"}, want: "1"},
		{path: "lesson remove", field: "number", given: args{"kind": "wrong"}},
		{path: "support remove", field: "number", want: "1"},
		{path: "room unlink", field: "room", want: "acme:#alerts"},
		{path: "snooze", field: "reminder", want: "commander update"},
		{path: "severity", field: "severity", typed: "sev1", want: "sev1"},
		{path: "timeline", field: "part", want: "all"},
		{path: "fly", field: "in"},
		{path: "note", field: "colour"},
	} {
		var values []string
		for _, choice := range h.complete("Grace", ops, c.path, c.field, c.typed, c.given) {
			values = append(values, choice.Value)
			if n := utf8.RuneCountInString(choice.Label); n == 0 || n > 100 {
				t.Errorf("the label of %s has %d characters", choice.Value, n)
			}
		}
		if got := strings.Join(values, " "); got != c.want {
			t.Errorf("%s %s %q: %q, want %q", c.path, c.field, c.typed, got, c.want)
		}
	}
	if got := h.complete("Grace", ops, "timeline edit", "entry", "alert", nil)[0].Label; got != "1 · 14:05 First alert" {
		t.Errorf("an entry is shown as %q", got)
	}
	if n := len(h.complete("Ada", ops, "set", "text", "", args{"field": "zone"})); n != 25 {
		t.Errorf("%d zones", n)
	}
	if got := h.complete("Grace", "fifth", "timeline edit", "entry", "", args{"in": "INC-1"}); len(got) != 2 {
		t.Errorf("of a named incident: %v", got)
	}
	if got := h.complete("Grace", "fifth", "timeline edit", "entry", "", args{"in": "INC-2"}); len(got) != 0 {
		t.Errorf("of a hidden incident: %v", got)
	}
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		line, fields, typed string
		values              args
		want                string
	}{
		{"start severity:sev1", "title room private drill", "/incident start [room:…] [severity:…] [private:yes] [drill:yes] [since:…] [invite:…] [sure:yes] <title>",
			args{"title": " at:5 it broke ", "room": ""}, "start severity:sev1 at:5 it broke"},
		{"INC-3 cause root", "text title", "/incident cause <kind> [title:…] [from:…] <text>",
			args{"text": "One\ntwo", "title": "A \"b\""}, "cause root title:\"A \"\"b\"\"\" in:INC-3 One\ntwo"},
		{"action owner:Ada", "text type term priority bug", "", args{"text": "2 done"}, "action owner:Ada -- 2 done"},
		{"note", "text at marker", "", args{"text": "x", "at": "14:05"}, "note at:14:05 x"},
		{"role", "role person", "/incident role <role> <person>", args{"role": "scribe", "person": "ada"}, "role scribe ada"},
	} {
		p, err := commands.Parse(c.line, nil)
		if err != nil {
			t.Fatal(err)
		}
		form := commands.FormFor(p, "/incident")
		var fields []string
		for _, f := range form.Fields {
			fields = append(fields, string(f.ID))
		}
		if got := strings.Join(fields, " "); got != c.fields || c.typed != "" && form.Typed != c.typed {
			t.Errorf("%q asks for %q, typed %q", c.line, got, form.Typed)
		}
		if utf8.RuneCountInString(form.Title) > 24 || len(form.State) > 60 || form.Action != commands.ActionForm {
			t.Errorf("%q: the form is %+v", c.line, form)
		}
		back, err := commands.FromForm(form.State, c.values)
		if err != nil || back.Line() != c.want || len(back.Missing) > 0 {
			t.Errorf("%q filled in is %q, missing %v, want %q: %v", c.line, back.Line(), back.Missing, c.want, err)
		}
	}
}

func TestFormsRefuse(t *testing.T) {
	for _, state := range []string{"", "%", ".=fly", ".=cause", ".=note&colour=red", ".=cause+add&kind=rot"} {
		p, err := commands.FromForm(state, args{})
		var r incident.Refusal
		if !errors.As(err, &r) {
			t.Errorf("%q became %v: %v", state, p, err)
		}
	}
}

func TestButtons(t *testing.T) {
	slash := "/incident"
	for _, b := range []chat.Button{commands.SnoozeButton(7, "update", slash), commands.TakeButton(7, slash)} {
		p, err := commands.FromButton(b.Action, b.Value)
		if err != nil || b.Typed != slash+" "+p.Line() || p.Incident != 7 || len(b.Action)+len(b.Value) > 60 {
			t.Errorf("%+v is %q: %v", b, p.Line(), err)
		}
	}
	for action, value := range map[chat.ActionID]string{"fly": "INC-7", "join": "", "snooze": "update"} {
		var r incident.Refusal
		if p, err := commands.FromButton(action, value); !errors.As(err, &r) {
			t.Errorf("%s %q became %v: %v", action, value, p, err)
		}
	}
}

func TestHelp(t *testing.T) {
	h := newHouse(t)
	all := h.must("Ada", ops, "")
	for _, c := range commands.All() {
		if !strings.Contains(all, c.Help) {
			t.Errorf("help does not explain %s", c.Name)
		}
		for _, s := range c.Sub {
			if !strings.Contains(all, s.Name) && c.Name != s.Name {
				t.Errorf("help does not name %s", s.Path())
			}
		}
	}
	if n := utf8.RuneCountInString(all); n > 2500 {
		t.Errorf("help has %d characters", n)
	}
	h.says("Ada", ops, "help note", "/incident note [at:…]", "after · ", "For example /incident note at:14:05 First alert")
	h.says("Ada", ops, "", "cause <number> recommend", "timeline, edit, remove, mark · ")
	h.says("Ada", ops, "help cause", "cause <kind>", "cause <number> recommend <text>", "remove")
	h.says("Ada", ops, "help action done", "action <number> done")
	h.says("Ada", ops, "help /incident mark", "mark <entry> <marker>")
	h.refuses("Ada", ops, "help flying", `"flying"`)
	h.settings.Version = "1.2.3"
	h.says("Ada", ops, "?", "Boswell 1.2.3")
}

func TestCardDoesNotDependOnTheTimeline(t *testing.T) {
	h := started(t)
	names := func(p incident.PersonID) string { return string(p) }
	before := fmt.Sprint(commands.Card(h.incident(1), names, h.settings))
	h.must("Ada", ops, "note one")
	h.must("Ada", ops, "set summary two")
	if after := fmt.Sprint(commands.Card(h.incident(1), names, h.settings)); after != before {
		t.Errorf("the card was %s and is %s", before, after)
	}
}

func TestCard(t *testing.T) {
	h := newHouse(t)
	h.settings.WebURL = "https://boswell.example"
	h.must("Ada", ops, "start severity:sev2 private:yes drill:yes Checkout answers 500")
	h.must("Ada", ops, "role scribe Grace")
	h.must("Ada", ops, "status Nearly over")
	card := commands.Card(h.incident(1), func(p incident.PersonID) string { return string(p) }, h.settings)
	want := `DRILL · INC-1 · Checkout answers 500
Status: open · Nearly over
Severity: sev2
Incident commander: nobody yet
Scribe: p-grace
Opened: 21 March 2024 14:30 UTC
Private: only its rooms and responders see it
Page: https://boswell.example/incidents/INC-1
[Join]
[Take command]
[Update…]
[Set the severity: sev1 | sev2 | sev3 | sev4 | sev5]
[Set the status: Investigating | Cause identified | Fix under way | Watching the fix | Mitigated: the impact is contained | Resolved: the impact is over]
[Take a role: Incident commander | Scribe | Communications | Operations | Planning | Liaison]`
	if got := shown(chat.Reply{Message: card}); got != want {
		t.Errorf("the card is\n%s\nwant\n%s", got, want)
	}
	h.must("Ada", ops, "close")
	if card := commands.Card(h.incident(1), func(incident.PersonID) string { return "" }, h.settings); len(card.Buttons)+len(card.Menus) > 0 {
		t.Errorf("the card of a closed incident has the buttons %v and the menus %v", card.Buttons, card.Menus)
	}
}

// TestMenusOfTheCard picks every option there is: each does what its typed form does, a second time it changes nothing, and from
// a card that is older than the end of the incident it says so.
func TestMenusOfTheCard(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start Checkout answers 500")
	card := commands.Card(h.incident(1), func(p incident.PersonID) string { return string(p) }, h.settings)
	for _, menu := range card.Menus {
		if len(menu.Options) == 0 || len(menu.Options) > chat.MenuOptions || !strings.HasPrefix(menu.Typed, "/incident ") {
			t.Errorf("the menu is %+v", menu)
		}
		for _, o := range menu.Options {
			p, err := commands.FromButton(o.Action, o.Value)
			if err != nil || len(o.Action)+len(o.Value) > 60 || o.Typed != "/incident "+p.Line() {
				t.Errorf("%+v is %q: %v", o, p.Line(), err)
			}
			if reply, err := h.press("Ada", alerts, o); err != nil || !strings.Contains(shown(reply), "INC-1") {
				t.Errorf("%s is answered %q: %v", o.Typed, shown(reply), err)
			}
			before := h.logs()
			if reply, err := h.press("Ada", alerts, o); err != nil || !strings.Contains(shown(reply), "already") || h.logs() != before {
				t.Errorf("%s a second time is answered %q: %v", o.Typed, shown(reply), err)
			}
		}
	}
	in := h.incident(1)
	if in.Severity != incident.Sev5 || in.Status() != "Watching the fix" || in.State != incident.StateResolved || in.Holder(incident.Liaison) == "" {
		t.Errorf("the incident is %s, %s, %q", in.Severity, in.State, in.Status())
	}
	h.must("Ada", ops, "close")
	for _, menu := range card.Menus {
		var r incident.Refusal
		if _, err := h.press("Ada", ops, menu.Options[0]); !errors.As(err, &r) || !strings.Contains(r.Text, "INC-1 is closed") {
			t.Errorf("%s of an old card: %v", menu.Options[0].Typed, err)
		}
	}
}
