package slacksim

import (
	"regexp"
	"strings"
)

var (
	clientEscaper   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	clientUnescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	// what a client makes something of: an address, somebody, a channel
	clickable = regexp.MustCompile(`https?://[^\s<>|]+|@[\p{L}\p{N}._-]+|#[\p{L}\p{N}_-]+`)
)

// typed is what a client makes of what somebody types: addresses become links, names mentions. With labels, as in the text
// of a slash command, a mention says its name too.
func (s *Sim) typed(text string, labels bool) string {
	var b strings.Builder
	from := 0
	for _, m := range clickable.FindAllStringIndex(text, -1) {
		word := text[m[0]:m[1]]
		made := s.clicked(word, labels, m[0] > 0 && wordy(text[m[0]-1]))
		if made == "" {
			continue
		}
		b.WriteString(clientEscaper.Replace(text[from:m[0]]))
		b.WriteString(made)
		from = m[1]
	}
	b.WriteString(clientEscaper.Replace(text[from:]))
	return b.String()
}

// wordy says that a character belongs to a word, so that what follows is part of one.
func wordy(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '/' || c == '_' || c >= 0x80
}

// clicked is what becomes of one word; empty is that it stays as it is.
func (s *Sim) clicked(word string, labels, inWord bool) string {
	name := strings.TrimRight(word[1:], ".-")
	rest := word[1+len(name):]
	switch {
	case strings.HasPrefix(word, "http"):
		address := strings.TrimRight(word, ".,;:!?'\")]}")
		return "<" + clientEscaper.Replace(address) + ">" + clientEscaper.Replace(word[len(address):])
	case inWord:
		return ""
	case word[0] == '#':
		if c := s.channelNamed(name); c != nil {
			return "<#" + c.id + "|" + c.name + ">" + rest
		}
	case name == "here" || name == "channel" || name == "everyone":
		return "<!" + name + ">" + rest
	default:
		return s.mention(name, rest, labels)
	}
	return ""
}

func (s *Sim) mention(name, rest string, labels bool) string {
	if u := s.userNamed(name); u != nil {
		if labels {
			return "<@" + u.id + "|" + u.name + ">" + rest
		}
		return "<@" + u.id + ">" + rest
	}
	for _, g := range s.groups {
		if g.handle == name {
			return "<!subteam^" + g.id + "|@" + g.handle + ">" + rest
		}
	}
	return ""
}

// mentions says that a text mentions an account.
func mentions(text, id string) bool {
	return strings.Contains(text, "<@"+id+">") || strings.Contains(text, "<@"+id+"|")
}

// emojiNames are the emoji that people of the simulator know, and what a client shows for them.
var emojiNames = map[string]string{"📌": "pushpin", "📍": "round_pushpin", "📎": "paperclip", "✅": "white_check_mark", "👍": "+1",
	"👀": "eyes", "🔥": "fire", "❤️": "heart", "🎉": "tada", "🚀": "rocket", "⚠️": "warning", "🙏": "pray", "😀": "grinning", "❌": "x"}

var tones = map[rune]string{0x1f3fb: "2", 0x1f3fc: "3", 0x1f3fd: "4", 0x1f3fe: "5", 0x1f3ff: "6"}

// nameOf is Slack's name of an emoji.
func nameOf(emoji string) (string, bool) {
	if name, ok := strings.CutPrefix(emoji, ":"); ok {
		return strings.TrimSuffix(name, ":"), true
	}
	if name, ok := emojiNames[emoji]; ok {
		return name, true
	}
	runes := []rune(emoji)
	if tone, ok := tones[runes[len(runes)-1]]; ok {
		name, known := emojiNames[string(runes[:len(runes)-1])]
		return name + "::skin-tone-" + tone, known
	}
	return "", false
}

// shownEmoji is what a client shows for a name.
func shownEmoji(name string) string {
	base, tone, toned := strings.Cut(name, "::skin-tone-")
	for characters, n := range emojiNames {
		if n != base {
			continue
		}
		for r, t := range tones {
			if toned && t == tone {
				return characters + string(r)
			}
		}
		return characters
	}
	return ":" + name + ":"
}
