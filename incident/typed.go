package incident

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// typedLimit is the length, in runes, beyond which nobody types a time, a date or a zone.
const typedLimit = 100

func tooLong(text string) bool { return utf8.RuneCountInString(text) > typedLimit }

// quoteTyped shows a person what they typed, cut if it is long.
func quoteTyped(text string) string { return fmt.Sprintf("%q", cut(strings.TrimSpace(text), 40)) }

// cleanTyped is text in lower case with single blanks, and with the variants of characters that phones and calendars
// put in (narrow blanks, full-width signs, several hyphens) replaced by the plain ones. Longer than typedLimit, it is
// returned as it is, since it will be refused.
func cleanTyped(text string) string {
	if tooLong(text) {
		return text
	}
	return strings.Join(strings.Fields(strings.Map(plainRune, text)), " ")
}

func plainRune(r rune) rune {
	switch r {
	case '\u200b', '\u200e', '\u200f', '\ufeff':
		return -1
	case '\u2010', '\u2011', '\u2212':
		return '-'
	case '\u2014':
		return '–'
	case '\u223c', '\u02dc', '\uff5e':
		return '~'
	case '\uff1a':
		return ':'
	case '\uff1f':
		return '?'
	}
	return unicode.ToLower(r)
}

// typedText is a cursor over a cleaned text. Readers that find nothing leave the cursor where it was.
type typedText struct {
	text string
	pos  int
}

func (t *typedText) rest() string { return t.text[t.pos:] }

func (t *typedText) done() bool { return t.pos == len(t.text) }

// next is the byte at the cursor, and 0 at the end.
func (t *typedText) next() byte {
	if t.done() {
		return 0
	}
	return t.text[t.pos]
}

// accept steps over s if it comes next.
func (t *typedText) accept(s string) bool {
	if !strings.HasPrefix(t.rest(), s) {
		return false
	}
	t.pos += len(s)
	return true
}

// run reads the characters that belong, possibly none.
func (t *typedText) run(belongs func(byte) bool) string {
	start := t.pos
	for !t.done() && belongs(t.text[t.pos]) {
		t.pos++
	}
	return t.text[start:t.pos]
}

func (t *typedText) digits() string { return t.run(isDigit) }

func (t *typedText) letters() string { return t.run(isLetter) }

// word steps over the first of words that comes next and is not the beginning of a longer word. It returns the empty
// text if none does.
func (t *typedText) word(words ...string) string {
	start := t.pos
	read := t.letters()
	for _, w := range words {
		if read == w {
			return w
		}
	}
	t.pos = start
	return ""
}

// skip steps over blanks, commas and the small words between the parts of a time.
func (t *typedText) skip() {
	for t.accept(" ") || t.accept(",") || t.word("at", "on", "from", "the") != "" {
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' }

// number is the value of digits, a run short enough to fit, and 0 of none.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = 10*n + int(digits[i]-'0')
	}
	return n
}
