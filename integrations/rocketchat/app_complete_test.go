package rocketchat

import (
	"fmt"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/typing"
)

// TestPreviews: what could be meant by a line that is being typed. The first is what Enter runs.
func TestPreviews(t *testing.T) {
	suggest := func(in chat.Inbound) (chat.Reply, error) {
		s := in.(chat.Suggest)
		if s.Line != "set" || s.Field != "field" || s.From.ID != "ann" {
			t.Errorf("the bot is asked %+v", s)
		}
		all := []chat.Choice{{Value: "zone", Label: "zone"}, {Value: "summary", Label: "summary"}}
		if s.Typed == "a b" {
			all = []chat.Choice{{Value: `a "b" c`, Label: "quoted"}}
		}
		return chat.Reply{Choices: typing.Begun(all, s.Typed)}, nil
	}
	for line, want := range map[string]string{
		"":                 "note|set|people",
		"no":               "note",
		"note":             "note|note at:",
		"note the cache":   "note the cache",
		"note a":           "note a|note at:",
		"set":              "set|set zone|set summary",
		"set z":            "set z|set zone",
		"people":           "people|people role|people join",
		"people r":         "people r|people role",
		"people role":      "people role|people role scribe|people role commander",
		"people role sc":   "people role sc|people role scribe",
		"role incident":    "role incident|role commander",
		"ROLE sc":          "ROLE sc|ROLE scribe",
		"nonsense is this": "",
		"set zone Eu":      "set zone Eu",
	} {
		d, _ := newDoor(t, suggest)
		_, a := knock(t, d, fmt.Sprintf(`{"id":"1","kind":"preview","user":{"id":"ann"},"room":{"id":"R"},"line":%q}`, line))
		var got []string
		for _, p := range a.Previews {
			got = append(got, p.ID)
			if p.Label == "" {
				t.Errorf("%q: %q has no label", line, p.ID)
			}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q could be %q, want %q", line, got, want)
		}
	}
}

// TestPreviewsAreFew: a client takes ten.
func TestPreviewsAreFew(t *testing.T) {
	d, _ := newDoor(t, func(chat.Inbound) (chat.Reply, error) {
		var many chat.Reply
		for i := range 25 {
			many.Choices = append(many.Choices, chat.Choice{Value: fmt.Sprint(i), Label: "one of many"})
		}
		return many, nil
	})
	if _, a := knock(t, d, `{"id":"1","kind":"preview","user":{"id":"ann"},"room":{"id":"R"},"line":"set"}`); len(a.Previews) != previewsMost {
		t.Errorf("%d lines are offered", len(a.Previews))
	}
}

// TestPreviewsWithoutBot: who types while the bot is away is not bothered with it.
func TestPreviewsWithoutBot(t *testing.T) {
	d, _ := newDoor(t, func(chat.Inbound) (chat.Reply, error) { return chat.Reply{}, errAway })
	status, a := knock(t, d, `{"id":"1","kind":"preview","user":{"id":"ann"},"room":{"id":"R"},"line":"set z"}`)
	if status != 200 || a.Error != "" || len(a.Previews) != 1 {
		t.Errorf("the door answers %d %+v", status, a)
	}
}
