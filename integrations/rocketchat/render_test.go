package rocketchat

import (
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/emoji"
)

// TestMarkup: what the bot says, in the server's markup. The vendor's own parser reads it back in the conformance tests.
func TestMarkup(t *testing.T) {
	handles := map[chat.UserID]string{"U1": "ann"}
	for _, c := range []struct {
		text chat.Text
		want string
	}{
		{chat.Say("plain words, 12:05 and v1.2"), "plain words, 12:\u200b05 and v1\\.2"},
		{chat.Say("a *b* _c_ ~d~ `e`"), "a \\*b\\* \\_c\\_ \\~d\\~ \\`e\\`"},
		{chat.Say("@all and @here"), "@\u200ball and @\u200bhere"},
		{chat.Say("# no heading\n> no quote\n- no list\n1. no list"), "#\u200b no heading\n\u200b> no quote\n\u200b- no list\n1\\. no list"},
		{chat.Say("x").Bold(" bold ").Plain("y"), "x *bold* y"},
		{chat.Text{}.Bold("2*3"), "2\\*3"},
		{chat.Text{}.Code("!incident role scribe @ann"), "`!incident role scribe @\u200bann`"},
		{chat.Text{}.Code("a`b"), "a\\`b"},
		{chat.Say("see").Block("one\n```two`"), "see\n```\none\n`\u200b`\u200b`two`\u200b\n```\n"},
		{chat.Text{}.Link("the page", "https://b.example/x(1)"), "[the page](https://b.example/x%281%29)"},
		{chat.Text{}.Link("", "https://b.example/x"), "https://b.example/x"},
		{chat.Text{}.Link("odd", "javascript:alert(1)"), "odd (javascript:\u200balert(1))"},
		{chat.Text{}.Mention(chat.User{ID: "U1", Name: "Ann"}).Plain(" hello"), "@ann hello"},
		{chat.Text{}.Mention(chat.User{ID: "U9", Name: "Nobody"}), "@\u200bNobody"},
	} {
		if got := render(c.text, func(id chat.UserID) string { return handles[id] }); got != c.want {
			t.Errorf("%+v\nis  %q\nnot %q", c.text, got, c.want)
		}
	}
}

// TestPieces: a text that is too long in markup is cut, and nothing of it is lost.
func TestPieces(t *testing.T) {
	text := chat.Say(strings.Repeat("line *with* stars\n", 40)).Bold("bold").Block(strings.Repeat("code\n", 50)).Plain(strings.Repeat("😀", 100))
	for _, most := range []int{40, 200, 5000} {
		all := pieces(text, most, nil)
		for _, piece := range all {
			if length(piece) > most {
				t.Errorf("a piece has %d of %d characters", length(piece), most)
			}
		}
		whole := strings.Map(func(r rune) rune {
			if strings.ContainsRune("\\`\n\u200b*", r) {
				return -1
			}
			return r
		}, strings.Join(all, ""))
		for _, want := range []string{strings.Repeat("line with stars", 40), "bold", strings.Repeat("code", 50), strings.Repeat("😀", 100)} {
			if !strings.Contains(whole, want) {
				t.Errorf("in pieces of %d, %.20q is not whole", most, want)
			}
		}
	}
}

// TestEmoji: every name leads to a character and back.
func TestEmoji(t *testing.T) {
	for name, characters := range emojis().Characters {
		back, ok := nameOfEmoji(characters)
		if !ok || emojiOf(back) != characters && emoji.Unvaried(emojiOf(back)) != emoji.Unvaried(characters) {
			t.Errorf(":%s: is %q, which is called %q", name, characters, back)
		}
	}
	for _, c := range [][2]string{{":pushpin:", "📌"}, {":thumbsup_tone3:", "👍🏽"}, {":our_own:", ":our_own:"}, {":+1:", "👍"}} {
		if got := emojiOf(c[0]); got != c[1] {
			t.Errorf("%s is %q, want %q", c[0], got, c[1])
		}
	}
	for _, c := range [][2]string{{"✅", ":white_check_mark:"}, {"👍🏽", ":thumbsup_tone3:"}, {":our_own:", ":our_own:"}} {
		if got, ok := nameOfEmoji(c[0]); !ok || got != c[1] {
			t.Errorf("%s is called %q, want %q", c[0], got, c[1])
		}
	}
	if _, ok := nameOfEmoji("x"); ok {
		t.Error("x is called something")
	}
}

// TestReadableMentions: people's names stand in place of their usernames, and of no longer words.
func TestReadableMentions(t *testing.T) {
	for _, c := range [][2]string{
		{"@ann is on it", "@Ann Archer is on it"},
		{"ask @ann.", "ask @Ann Archer."},
		{"@anna and @ann.b and mail@ann", "@anna and @ann.b and mail@ann"},
		{"(@ann)", "(@Ann Archer)"},
	} {
		if got := renamed(c[0], "ann", "Ann Archer"); got != c[1] {
			t.Errorf("%q becomes %q, want %q", c[0], got, c[1])
		}
	}
}
