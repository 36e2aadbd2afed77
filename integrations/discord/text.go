package discord

import (
	"strings"

	"boswell/chat"
)

// special are the characters that Discord's clients make something of, somewhere. Behind a backslash they are themselves.
const special = "\\*_~`|><#-+.()[]:@!&/"

// escaped is a text that shows as it is: it neither formats nor links.
func escaped(text string) string {
	if !strings.ContainsAny(text, special) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 && strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// markdown is a text in Discord's.
func markdown(t chat.Text) string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(span(s))
	}
	return b.String()
}

func span(s chat.Span) string {
	switch s.Kind {
	case chat.SpanBold:
		return around("**", s.Text)
	case chat.SpanCode:
		return code(s.Text)
	case chat.SpanBlock:
		return block(s.Text)
	case chat.SpanLink:
		return link(s)
	case chat.SpanMention:
		if isSnowflake(string(s.User)) {
			return "<@" + string(s.User) + ">"
		}
		return escaped("@" + s.Text)
	default:
		return escaped(s.Text)
	}
}

// around puts marks around a text, but not around the blanks at its ends, where they would not count as marks.
func around(mark, text string) string {
	inner := strings.TrimSpace(text)
	if inner == "" {
		return text
	}
	at := strings.Index(text, inner)
	return text[:at] + mark + escaped(inner) + mark + text[at+len(inner):]
}

// code is a text to read verbatim. Where backticks cannot hold it, it is plain.
func code(text string) string {
	switch {
	case strings.TrimSpace(text) == "":
		return text
	case !strings.Contains(text, "`"):
		return "`" + text + "`"
	case strings.Contains(text, "``") || strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`"):
		return escaped(text)
	default:
		return "``" + text + "``"
	}
}

// fence is what a block stands between; within, an invisible character keeps it from ending early.
const (
	fence       = "```"
	brokenFence = "`\u200b`\u200b`"
)

func block(text string) string {
	return "\n" + fence + "\n" + strings.ReplaceAll(text, fence, brokenFence) + "\n" + fence + "\n"
}

// link is a link with its text, or by itself where the text says nothing more.
func link(s chat.Span) string {
	address := strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20", "\n", "%0A").Replace(s.Link)
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return escaped(s.Text + " (" + s.Link + ")")
	}
	if s.Text == "" || s.Text == s.Link {
		return "<" + address + ">"
	}
	if strings.Contains(s.Text, "://") {
		return escaped(s.Text) + " (<" + address + ">)" // Discord takes no address for the text of a link
	}
	return "[" + escaped(s.Text) + "](<" + address + ">)"
}

// legibleMessage is a message with its rows as lines.
func legibleMessage(m chat.Message) string {
	var b strings.Builder
	b.WriteString(markdown(m.Text))
	for _, row := range m.Rows {
		if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
			b.WriteByte('\n')
		}
		b.WriteString(around("**", row.Label) + "\\: " + markdown(row.Text))
	}
	return b.String()
}

// mentionedIn are those whom a message may ping: whom it mentions, and nobody whom a text in it names.
func mentionedIn(m chat.Message) []string {
	ids := []string{}
	texts := []chat.Text{m.Text}
	for _, row := range m.Rows {
		texts = append(texts, row.Text)
	}
	for _, t := range texts {
		for _, s := range t {
			if s.Kind == chat.SpanMention && isSnowflake(string(s.User)) && len(ids) < 100 {
				ids = append(ids, string(s.User))
			}
		}
	}
	return ids
}
