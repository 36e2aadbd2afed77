package chat_test

import (
	"slices"
	"testing"

	"boswell/chat"
)

func TestTyped(t *testing.T) {
	for text, want := range map[string]chat.Text{
		"":              nil,
		"Try again.":    chat.Say("Try again."),
		"Write `a b`.":  chat.Say("Write ").Code("a b").Plain("."),
		"`a`":           chat.Text{}.Code("a"),
		"`a``b`":        chat.Text{}.Code("a").Code("b"),
		"a ` b":         chat.Say("a ` b"),
		"`":             chat.Say("`"),
		"``":            chat.Say("``"),
		"`a` and `b":    chat.Text{}.Code("a").Plain(" and `b"),
		"say `a\nb` ok": chat.Say("say ").Code("a\nb").Plain(" ok"),
	} {
		if got := chat.Typed(text); !slices.Equal(got, want) {
			t.Errorf("%q is shown as %+v, want %+v", text, got, want)
		}
	}
}
