package rocketchat

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"boswell/chat"
)

// unseen is a character without width. Rocket.Chat has no way to switch markup off, so what would be taken for markup is
// broken up with it, where a backslash does not do.
const unseen = "\u200b"

// markdown is a message with its rows as lines, in Rocket.Chat's markup. Nobody is mentioned in it.
func markdown(m chat.Message) string { return render(withRows(m), nil) }

// withRows is the text of a message with its rows as lines.
func withRows(m chat.Message) chat.Text {
	t := append(chat.Text{}, m.Text...)
	for _, r := range m.Rows {
		if len(t) > 0 {
			t = t.Plain("\n")
		}
		t = append(t.Bold(r.Label).Plain(": "), r.Text...)
	}
	return t
}

// render writes a text in Rocket.Chat's markup. username says what somebody is mentioned by; empty, or a nil function, is
// nobody who can be mentioned.
func render(t chat.Text, username func(chat.UserID) string) string {
	var b strings.Builder
	for _, s := range t {
		switch s.Kind {
		case chat.SpanBold:
			bold(&b, s.Text)
		case chat.SpanCode:
			verbatim(&b, s.Text)
		case chat.SpanBlock:
			block(&b, s.Text)
		case chat.SpanLink:
			link(&b, s)
		case chat.SpanMention:
			mentionOf(&b, s, username)
		default:
			plain(&b, s.Text)
		}
	}
	return b.String()
}

func mentionOf(b *strings.Builder, s chat.Span, username func(chat.UserID) string) {
	if username != nil {
		if name := username(s.User); name != "" {
			b.WriteString("@" + name)
			return
		}
	}
	plain(b, "@"+s.Text)
}

// plain writes a text that shows as it is: it neither formats, nor links, nor notifies anybody.
func plain(b *strings.Builder, text string) {
	e := escaping{b: b, start: b.Len() == 0 || strings.HasSuffix(b.String(), "\n")}
	e.write(text)
}

// bold writes a text in bold, but for the blanks at its ends. What holds markup of its own is plain: within bold there is no
// way to break it up.
func bold(b *strings.Builder, text string) {
	inner := strings.TrimSpace(text)
	if inner == "" || strings.ContainsAny(inner, "*_~`\n\r") {
		plain(b, text)
		return
	}
	at := strings.Index(text, inner)
	b.WriteString(text[:at] + "*")
	e := escaping{b: b, bold: true}
	e.write(inner)
	b.WriteString("*" + text[at+len(inner):])
}

// verbatim writes a text to read verbatim. Where backticks cannot hold it, it is plain.
func verbatim(b *strings.Builder, text string) {
	if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "`\n\r") {
		plain(b, text)
		return
	}
	b.WriteString("`" + unping(text) + "`")
}

// unping breaks up what would notify somebody: the server looks for that in code, too.
func unping(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	var b strings.Builder
	before := '\n'
	for _, r := range text {
		b.WriteRune(r)
		if r == '@' && (unicode.IsSpace(before) || before == '>') {
			b.WriteString(unseen)
		}
		before = r
	}
	return b.String()
}

const fence = "```"

// block writes lines to read verbatim.
func block(b *strings.Builder, text string) {
	text = strings.Trim(strings.ReplaceAll(text, "\r", ""), "\n")
	if text == "" {
		return
	}
	text = strings.ReplaceAll(text, fence, "`"+unseen+"`"+unseen+"`")
	text = strings.ReplaceAll(text+"\n", "`\n", "`"+unseen+"\n") // a line must not end in a backtick
	b.WriteString("\n" + fence + "\n" + unping(text) + fence + "\n")
}

var inAddress = strings.NewReplacer(" ", "%20", "\n", "%0A", "\r", "", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "|", "%7C",
	"`", "%60", "*", "%2A", "[", "%5B", "]", "%5D", "\\", "%5C")

// link writes a link with its text, or by itself where the text says nothing more.
func link(b *strings.Builder, s chat.Span) {
	address := inAddress.Replace(s.Link)
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		plain(b, chat.Text{s}.String())
		return
	}
	switch {
	case s.Text == "" || s.Text == s.Link:
		b.WriteString(address)
	case strings.ContainsAny(s.Text, "*_~`[]\\\n\r@#"):
		plain(b, s.Text)
		b.WriteString(" (" + address + " )")
	default:
		b.WriteString("[" + s.Text + "](" + address + ")")
	}
}

// An escaping writes plain text.
type escaping struct {
	b      *strings.Builder
	bold   bool // within bold: there are no backslashes, and no addresses are made links
	start  bool // at the beginning of a line
	digits bool // nothing but digits since then
	before rune
	prior  rune // before that
}

func (e *escaping) write(text string) {
	runes := []rune(text)
	for i, r := range runes {
		after := rune(-1)
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		e.one(r, after)
		e.digits = unicode.IsDigit(r) && (e.start || e.digits)
		e.start = r == '\n'
		e.prior, e.before = e.before, r
	}
}

// one writes one character, and what keeps it from being more than that.
func (e *escaping) one(r, after rune) {
	switch r {
	case '*', '_', '~', '`':
		e.b.WriteRune('\\')
		e.b.WriteRune(r)
	case '@', '#', '[', ']', '<', '|', '\\':
		e.b.WriteString(string(r) + unseen)
	case '.':
		e.dot(after)
	case ':', ';', '=', '+':
		e.joint(r, after)
	case ')':
		if strings.ContainsRune("8BX%#", e.before) || e.before == 'y' && e.prior == '(' {
			e.b.WriteString(unseen)
		}
		e.b.WriteRune(r)
	case '>', '-':
		if e.start && (r == '>' || blank(after)) {
			e.b.WriteString(unseen)
		}
		e.b.WriteRune(r)
	default:
		e.b.WriteRune(r)
	}
}

func blank(r rune) bool { return r == ' ' || r == '\t' }

// dot writes a dot: within a word it would make an address of it, behind a number at the beginning of a line a list.
func (e *escaping) dot(after rune) {
	within := wordRune(e.before) && wordRune(after)
	if !e.bold && (within || e.digits && blank(after)) {
		e.b.WriteRune('\\')
	}
	e.b.WriteRune('.')
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// joint writes what begins an emoji, an address or a number of a telephone together with what follows it.
func (e *escaping) joint(r, after rune) {
	if r == ':' && (e.before == 'D' || e.before == '>') {
		e.b.WriteString(unseen)
	}
	e.b.WriteRune(r)
	breaks := false
	switch r {
	case ':':
		breaks = after != -1 && !unicode.IsSpace(after)
	case '+':
		breaks = unicode.IsDigit(after) || after == '('
	default:
		breaks = after != -1 && strings.ContainsRune(`)](-^D/\LX#P*[`, after)
	}
	if breaks {
		e.b.WriteString(unseen)
	}
}

// length is how long a text is as the server counts it.
func length(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// pieces are a text in markup, in as many pieces as the server asks for.
func pieces(t chat.Text, most int, username func(chat.UserID) string) []string {
	whole := render(t, username)
	runes := len([]rune(t.String()))
	if length(whole) <= most || runes < 2 {
		return []string{whole}
	}
	left, right := halves(t)
	return append(pieces(left, most, username), pieces(right, most, username)...)
}

// halves cuts a text near its middle, at the end of a line if there is one not far from it.
func halves(t chat.Text) (left, right chat.Text) {
	total := 0
	for _, s := range t {
		total += len([]rune(s.Text))
	}
	room := max(total/2, 1)
	for i, s := range t {
		runes := []rune(s.Text)
		if len(runes) < room || len(runes) == room && i == 0 && len(t) > 1 {
			left, room = append(left, s), room-len(runes)
			continue
		}
		at := room
		for back := room; back > room/2; back-- {
			if runes[back-1] == '\n' {
				at = back
				break
			}
		}
		a, b := s, s
		a.Text, b.Text = string(runes[:at]), string(runes[at:])
		left = append(left, a)
		if b.Text != "" {
			right = append(right, b)
		}
		return left, append(right, t[i+1:]...)
	}
	return left, right
}
