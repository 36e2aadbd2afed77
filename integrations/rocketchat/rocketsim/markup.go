package rocketsim

import (
	"regexp"
	"strings"

	"boswell/chat"
)

// invisible are characters that nobody sees, but that part what stands on their two sides.
var invisible = strings.NewReplacer("\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "")

// A look is what a client makes of the text at one place: how much it takes, and what it shows.
type look struct {
	pattern *regexp.Regexp // which begins at the place
	// word says that it counts only where no word is under way.
	word bool
	show func(s *Sim, m []string) (chat.Span, bool)
}

// inside shows what stands between two marks, with another look or none.
func inside(kind chat.SpanKind) func(*Sim, []string) (chat.Span, bool) {
	return func(_ *Sim, m []string) (chat.Span, bool) {
		return chat.Span{Kind: kind, Text: m[len(m)-1]}, true
	}
}

func linked(text, link int) func(*Sim, []string) (chat.Span, bool) {
	return func(_ *Sim, m []string) (chat.Span, bool) {
		label := m[text]
		if label == "" {
			label = m[link]
		}
		return chat.Span{Kind: chat.SpanLink, Text: label, Link: m[link]}, true
	}
}

// tlds are some of the ends by which a name is taken for an address.
const tlds = `com|org|net|io|dev|app|chat|info|md|sh|py|rs|ai|co|de|eu|uk|fr|me`

// looks are tried in order. What several versions of the client see differently counts where any of them sees something.
var looks = []look{
	{pattern: regexp.MustCompile("^`([^`\n]+)`"), show: inside(chat.SpanCode)},
	{pattern: regexp.MustCompile(`^\\([*_~` + "`" + `#.])`), show: inside(chat.SpanPlain)},
	{pattern: regexp.MustCompile(`^!?\[([^\]\n]*)\]\(([^\s()]+)\)`), show: linked(1, 2)},
	{pattern: regexp.MustCompile(`^<((?:[A-Za-z0-9+-]{1,32}:|(?:[\w-]+\.)+[a-z]{2,})[^<>|\s]*)\|([^<>|\n]+)>`), show: linked(2, 1)},
	{pattern: regexp.MustCompile(`^<t:[^>\s]+>`), show: inside(chat.SpanLink)},
	{pattern: regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+-]*://[^\s<>|]+[^\s<>|.,!?:;'")\]*_~]`), word: true, show: linked(0, 0)},
	{pattern: regexp.MustCompile(`^[\w.+-]+@[\w-]+\.(?:` + tlds + `)\b`), word: true, show: linked(0, 0)},
	{pattern: regexp.MustCompile(`^(?:[\w-]+\.)+(?:` + tlds + `)\b(?:/[^\s<>|]*[^\s<>|.,!?:;'")\]*_~])?`), word: true, show: linked(0, 0)},
	{pattern: regexp.MustCompile(`^\+\d{5,}`), show: linked(0, 0)},
	{pattern: regexp.MustCompile(`^\*\*([^*\n]*[^*\s][^*\n]*)\*\*`), show: inside(chat.SpanBold)},
	{pattern: regexp.MustCompile(`^\*([^*\n]*[^*\s][^*\n]*)\*`), show: inside(chat.SpanBold)},
	{pattern: regexp.MustCompile(`^__([^_\n]*[^_\s][^_\n]*)__`), word: true, show: inside(chat.SpanPlain)},
	{pattern: regexp.MustCompile(`^_([^_\n]*[^_\s][^_\n]*)_`), word: true, show: inside(chat.SpanPlain)},
	{pattern: regexp.MustCompile(`^~~([^~\n]*[^~\s][^~\n]*)~~`), show: inside(chat.SpanPlain)},
	{pattern: regexp.MustCompile(`^~([^~\n]*[^~\s][^~\n]*)~`), show: inside(chat.SpanPlain)},
	{pattern: regexp.MustCompile(`^\|\|([^|\n]+)\|\|`), show: inside(chat.SpanPlain)},
	{pattern: regexp.MustCompile(`^:[0-9a-zA-Z_+.-]+:`), show: (*Sim).emojiSpan},
	{pattern: regexp.MustCompile(`^(?::\)|:\(|:D|;\)|:P|:/|<3|:O|-_-)(?:\s|$)`), word: true, show: emoticon},
	{pattern: regexp.MustCompile(`^@([0-9a-zA-Z_.-]*[0-9a-zA-Z_-])`), word: true, show: (*Sim).mentionSpan},
}

func (s *Sim) emojiSpan(m []string) (chat.Span, bool) {
	return chat.Span{Text: shownEmoji(m[0])}, s.emoji[m[0]]
}

func emoticon(_ *Sim, m []string) (chat.Span, bool) {
	return chat.Span{Text: "🙂" + strings.TrimLeft(m[0], ":()D;P/<3O-_")}, true
}

func (s *Sim) mentionSpan(m []string) (chat.Span, bool) {
	if m[1] == "all" || m[1] == "here" {
		return chat.Span{Kind: chat.SpanMention, Text: m[1], User: chat.UserID(m[1])}, true
	}
	u := s.named(m[1])
	if u == nil {
		return chat.Span{}, false
	}
	return chat.Span{Kind: chat.SpanMention, Text: u.name, User: chat.UserID(u.id)}, true
}

var (
	block   = regexp.MustCompile("^```[a-zA-Z0-9 _.-]*\n((?s:.+?))\n```\n?")
	heading = regexp.MustCompile(`^#{1,4}[ \t]+([^\n]+)`)
	quote   = regexp.MustCompile(`^>[ \t]*`)
)

// Show is what a client shows of a text.
func (s *Sim) Show(text string) chat.Text {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.markup(text)
}

// markup is what a client shows of a text. It is called with the lock held.
func (s *Sim) markup(text string) chat.Text {
	var t chat.Text
	plain := func(some string) {
		switch shown := invisible.Replace(some); {
		case shown == "":
		case len(t) > 0 && t[len(t)-1].Kind == chat.SpanPlain:
			t[len(t)-1].Text += shown
		default:
			t = t.Plain(shown)
		}
	}
	for at := 0; at < len(text); {
		span, n := s.lookAt(text, at)
		if n == 0 {
			n = 1
			for at+n < len(text) && text[at+n]&0xc0 == 0x80 {
				n++
			}
			plain(text[at : at+n])
		} else if span.Text = invisible.Replace(span.Text); span.Kind == chat.SpanPlain {
			plain(span.Text)
		} else {
			t = append(t, span)
		}
		at += n
	}
	return t
}

// lookAt is what a client makes of the text at a place, and how many bytes that takes; 0 is nothing.
func (s *Sim) lookAt(text string, at int) (chat.Span, int) {
	rest := text[at:]
	if at == 0 || text[at-1] == '\n' {
		if m := block.FindStringSubmatch(rest); m != nil {
			return chat.Span{Kind: chat.SpanBlock, Text: m[1]}, len(m[0])
		}
		if m := heading.FindStringSubmatch(rest); m != nil {
			return chat.Span{Kind: chat.SpanBold, Text: m[1]}, len(m[0])
		}
		if m := quote.FindString(rest); m != "" {
			return chat.Span{}, len(m)
		}
	}
	inWord := at > 0 && wordy(text[at-1])
	if text[at] == ' ' || inWord && wordy(text[at]) {
		return chat.Span{}, 0 // nothing begins there
	}
	for _, l := range looks {
		if l.word && inWord {
			continue
		}
		if m := l.pattern.FindStringSubmatch(rest); m != nil {
			if span, ok := l.show(s, m); ok {
				return span, len(m[0])
			}
		}
	}
	return chat.Span{}, 0
}

// wordy says that a byte belongs to a word, so that what follows is part of one.
func wordy(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
