package incident

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// nearestLimit is the length, in runes, beyond which a word is nobody's slip of the pen.
const nearestLimit = 64

// Nearest are the entries of from that a person who typed word may have meant, the likeliest first and at most limit of
// them. Upper and lower case are the same. The word itself comes first, then entries that begin with it, then those that
// differ in a few letters (one in three, and two at most); equally likely ones keep their order. It is empty if nothing
// is near.
func Nearest(word string, from []string, limit int) []string {
	typed := []rune(strings.ToLower(word))
	if len(typed) == 0 || len(typed) > nearestLimit {
		return nil
	}
	type match struct {
		entry string
		score int
	}
	var near []match
	for _, entry := range from {
		if score, ok := nearness(typed, entry); ok {
			near = append(near, match{entry, score})
		}
	}
	slices.SortStableFunc(near, func(a, b match) int { return cmp.Compare(a.score, b.score) })
	var entries []string
	for _, m := range near[:min(max(limit, 0), len(near))] {
		entries = append(entries, m.entry)
	}
	return entries
}

// DidYouMean is the end of a refusal that offers the two nearest entries, such as ` Did you mean "x" or "y"?` with the
// blank in front, and empty if nothing is near.
func DidYouMean(word string, from []string) string {
	var quoted []string
	for _, entry := range Nearest(word, from, 2) {
		quoted = append(quoted, fmt.Sprintf("%q", entry))
	}
	if len(quoted) == 0 {
		return ""
	}
	return " Did you mean " + strings.Join(quoted, " or ") + "?"
}

// nearness is how far entry is from what was typed (in lower case), and whether that is near at all. What is typed in
// full is nearer than what begins with it, and that is nearer than anything else.
func nearness(typed []rune, entry string) (score int, near bool) {
	lower := strings.ToLower(entry)
	if lower == string(typed) {
		return -1, true
	}
	if strings.HasPrefix(lower, string(typed)) {
		return 0, true
	}
	allowed := min(len(typed)/3, 2)
	if apart := utf8.RuneCountInString(lower) - len(typed); max(apart, -apart) > allowed {
		return 0, false
	}
	score = distance(typed, []rune(lower))
	return score, score <= allowed
}

// distance is the number of letters to add, drop, change or swap with their neighbour that turns a into b.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
