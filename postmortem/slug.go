package postmortem

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longestSlug is the most bytes that Slug returns.
const longestSlug = 60

// Slug is a title as part of a file name: lower-case ASCII letters and digits with single hyphens between words, at most
// 60 bytes, cut between words where there is room for one. It is never empty: a title that leaves nothing is "incident".
func Slug(title string) string {
	var words []string
	length := 0
	for _, word := range strings.FieldsFunc(asciiLetters(title), func(r rune) bool { return r == ' ' }) {
		if len(words) > 0 && length+1+len(word) > longestSlug {
			break
		}
		word = word[:min(len(word), longestSlug)]
		words = append(words, word)
		length += len(word)
		if len(words) > 1 {
			length++
		}
	}
	if len(words) == 0 {
		return "incident"
	}
	return strings.Join(words, "-")
}

// asciiLetters takes accents off letters, drops apostrophes and turns everything else that is no letter or digit of ASCII
// into a blank.
func asciiLetters(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
			return -1
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			return unicode.ToLower(r)
		default:
			return ' '
		}
	}, norm.NFKD.String(undecomposed.Replace(title)))
}

// undecomposed are letters that Unicode does not take apart into a letter of ASCII and an accent.
var undecomposed = strings.NewReplacer("ß", "ss", "ø", "o", "Ø", "O", "æ", "ae", "Æ", "AE", "œ", "oe", "Œ", "OE",
	"ł", "l", "Ł", "L", "đ", "d", "Đ", "D", "ð", "d", "Ð", "D", "þ", "th", "Þ", "Th", "ı", "i")
