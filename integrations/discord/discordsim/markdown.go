package discordsim

import (
	"regexp"
	"slices"
	"strings"

	"boswell/chat"
)

var (
	mentionToken = regexp.MustCompile(`<@!?(\d+)>`)
	everyone     = regexp.MustCompile(`@(everyone|here)`)
)

func mentionedIn(content string) []string {
	var ids []string
	for _, m := range mentionToken.FindAllStringSubmatch(content, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func everybody(content string) bool { return everyone.MatchString(content) }

// A rule is a piece of Discord's markup: what it looks like at the beginning of a text, and what a client shows for it.
type rule struct {
	look  *regexp.Regexp
	start bool // only at the beginning of a line
	show  func(s *Sim, found []string) chat.Text
}

// markup is Discord's, what binds first before the others.
func markup() []rule {
	styled := func(kind chat.SpanKind, group int) func(*Sim, []string) chat.Text {
		return func(s *Sim, found []string) chat.Text {
			var t chat.Text
			for _, span := range s.rendered(found[group]) {
				if span.Kind == chat.SpanPlain {
					span.Kind = kind
				}
				t = append(t, span)
			}
			return t
		}
	}
	verbatim := func(kind chat.SpanKind) func(*Sim, []string) chat.Text {
		return func(_ *Sim, found []string) chat.Text { return chat.Text{{Kind: kind, Text: found[1]}} }
	}
	return []rule{
		{regexp.MustCompile(`^\\([^0-9A-Za-z\s])`), false, verbatim(chat.SpanPlain)},
		{regexp.MustCompile("(?s)^```(?:[a-zA-Z0-9_+.-]+\n)?\n*(.+?)\n*```"), false, verbatim(chat.SpanBlock)},
		{regexp.MustCompile("(?s)^``(.*?[^`])``(?:[^`]|$)"), false, verbatim(chat.SpanCode)},
		{regexp.MustCompile("(?s)^`([^`]+)`"), false, verbatim(chat.SpanCode)},
		{regexp.MustCompile(`^(?:>>> |> )(.*)`), true, styled("quote", 1)},
		{regexp.MustCompile(`^(?:#{1,3}|-#) +(.+)`), true, styled("heading", 1)},
		{regexp.MustCompile(`^ *(?:[-*]|\d+\.) +(.*)`), true, styled("list", 1)},
		{regexp.MustCompile(`^<@!?(\d+)>`), false, func(s *Sim, f []string) chat.Text { return s.somebody(f) }},
		{regexp.MustCompile(`^<#(\d+)>`), false, func(s *Sim, f []string) chat.Text { return s.somewhere(f) }},
		{regexp.MustCompile(`^<@&\d+>`), false, styled("role", 0)},
		{regexp.MustCompile(`^<a?:(\w+):\d+>`), false, verbatim("emoji")},
		{regexp.MustCompile(`^:(fire|smile|tada|pushpin):`), false, verbatim("emoji")},
		{regexp.MustCompile(`^<t:-?\d+(?::[tTdDfFR])?>`), false, func(_ *Sim, f []string) chat.Text { return chat.Text{{Kind: "time", Text: f[0]}} }},
		{regexp.MustCompile(`^\[((?:\\.|[^\[\]\\])+)\]\(<?(https?://[^\s<>]+?)>?\)`), false, func(s *Sim, f []string) chat.Text {
			var label string
			for _, span := range s.rendered(f[1]) {
				label += span.Text
			}
			return chat.Text{{Kind: chat.SpanLink, Text: label, Link: f[2]}}
		}},
		{regexp.MustCompile(`^<?(https?://[^\s<>]*[^\s<>.,:;"')\]])>?`), false, func(_ *Sim, f []string) chat.Text {
			return chat.Text{{Kind: chat.SpanLink, Text: f[1], Link: f[1]}}
		}},
		{regexp.MustCompile(`(?s)^\*\*((?:\\.|[^\\])+?)\*\*`), false, styled(chat.SpanBold, 1)},
		{regexp.MustCompile(`(?s)^__((?:\\.|[^\\])+?)__`), false, styled("underline", 1)},
		{regexp.MustCompile(`(?s)^~~((?:\\.|[^\\])+?)~~`), false, styled("strike", 1)},
		{regexp.MustCompile(`(?s)^\|\|((?:\\.|[^\\])+?)\|\|`), false, styled("spoiler", 1)},
		{regexp.MustCompile(`(?s)^\*([^\s*](?:\\.|[^\\*])*?)\*`), false, styled("italic", 1)},
		{regexp.MustCompile(`(?s)^_((?:\\.|[^\\_])+?)_`), false, styled("italic", 1)},
	}
}

func (s *Sim) somebody(found []string) chat.Text {
	u := s.users[found[1]]
	if u == nil {
		return chat.Say("@unknown-user")
	}
	name := u.name
	if name == "" {
		name = u.handle
	}
	return chat.Text{{Kind: chat.SpanMention, Text: "@" + name, User: chat.UserID(u.id)}}
}

func (s *Sim) somewhere(found []string) chat.Text {
	c := s.channels[found[1]]
	if c == nil {
		return chat.Say("#unknown")
	}
	return chat.Text{{Kind: "channel", Text: "#" + c.name}}
}

// rendered is a text as a client shows it.
func (s *Sim) rendered(content string) chat.Text {
	var t chat.Text
	plain := func(text string) {
		if n := len(t); n > 0 && t[n-1].Kind == chat.SpanPlain {
			t[n-1].Text += text
			return
		}
		t = append(t, chat.Span{Text: text})
	}
	lineStart := true
	for len(content) > 0 {
		shown, n := s.piece(content, lineStart)
		if n == 0 {
			n = len(string([]rune(content[:min(len(content), 4)])[:1]))
			plain(content[:n])
			lineStart = content[0] == '\n'
			content = content[n:]
			continue
		}
		for _, span := range shown {
			if span.Kind == chat.SpanPlain {
				plain(span.Text)
			} else {
				t = append(t, span)
			}
		}
		lineStart = strings.HasSuffix(content[:n], "\n")
		content = content[n:]
	}
	return slices.Clip(t)
}

// piece is what a client shows for the markup that a text begins with, and how long that is; 0 where it is none.
func (s *Sim) piece(content string, lineStart bool) (chat.Text, int) {
	for _, r := range s.markup {
		if r.start && !lineStart {
			continue
		}
		if found := r.look.FindStringSubmatch(content); found != nil {
			length := len(found[0])
			if strings.HasPrefix(found[0], "``") && !strings.HasSuffix(found[0], "`") {
				length-- // what ends the code is not part of it
			}
			return r.show(s, found), length
		}
	}
	return nil, 0
}
