package chat

import (
	"regexp"
	"strings"
)

// A SpanKind says how a span is shown.
type SpanKind string

// The kinds of span.
const (
	SpanPlain   SpanKind = ""
	SpanBold    SpanKind = "bold"
	SpanCode    SpanKind = "code"
	SpanBlock   SpanKind = "block" // a block of its own, verbatim
	SpanLink    SpanKind = "link"
	SpanMention SpanKind = "mention"
)

// A Span is a stretch of text of one look.
type Span struct {
	Kind SpanKind `json:"kind,omitempty"`
	Text string   `json:"text"`
	Link string   `json:"link,omitempty"`
	User UserID   `json:"user,omitempty"`
}

// Text is what the bot says. Each platform renders the spans and escapes their text, so that what people wrote cannot
// format, link or ping.
type Text []Span

// Say is plain text.
func Say(text string) Text { return Text{{Text: text}} }

var inBackticks = regexp.MustCompile("`[^`]+`")

// Typed is a text of ours, in which what is to be typed stands in backticks. One that nothing closes is a backtick.
func Typed(text string) Text {
	var t Text
	from := 0
	for _, m := range inBackticks.FindAllStringIndex(text, -1) {
		if m[0] > from {
			t = t.Plain(text[from:m[0]])
		}
		t, from = t.Code(text[m[0]+1:m[1]-1]), m[1]
	}
	if from < len(text) {
		t = t.Plain(text[from:])
	}
	return t
}

// Bold appends bold text.
func (t Text) Bold(text string) Text { return append(t, Span{Kind: SpanBold, Text: text}) }

// Plain appends plain text.
func (t Text) Plain(text string) Text { return append(t, Span{Text: text}) }

// Code appends something to type or to read verbatim.
func (t Text) Code(text string) Text { return append(t, Span{Kind: SpanCode, Text: text}) }

// Block appends a verbatim block of lines.
func (t Text) Block(text string) Text { return append(t, Span{Kind: SpanBlock, Text: text}) }

// Link appends a link.
func (t Text) Link(text, link string) Text {
	return append(t, Span{Kind: SpanLink, Text: text, Link: link})
}

// Mention appends a person, who is notified where the platform notifies.
func (t Text) Mention(u User) Text {
	return append(t, Span{Kind: SpanMention, Text: u.Display(), User: u.ID})
}

// String is the text without any look, as a plain platform shows it.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.plain())
	}
	return b.String()
}

func (s Span) plain() string {
	switch s.Kind {
	case SpanLink:
		if s.Text == s.Link || s.Text == "" {
			return s.Link
		}
		return s.Text + " (" + s.Link + ")"
	case SpanMention:
		return "@" + s.Text
	case SpanBlock:
		return "\n" + s.Text + "\n"
	default:
		return s.Text
	}
}
