package incident

import (
	"slices"
	"strings"
)

// timeForms is the end of a refusal that shows what can be written instead.
const timeForms = `Write for example 14:05, ~14:05, 14:05~14:20, 5:06pm, "yesterday 22:16", 2024-03-21T14:05, "10m ago", or ? if the time is not known.`

// vagueWords are in texts that say something about a time without giving one.
var vagueWords = []string{
	"night", "tonight", "morning", "afternoon", "evening", "lunch", "week", "weekend", "month", "last", "this", "early",
	"earlier", "late", "later", "soon", "recently", "before", "after", "sometime", "few", "couple",
}

// refuseUnreadable answers a text that is no time, or has a part that belongs to none.
func refuseUnreadable(text string) error {
	if isVague(text) {
		return Refuse("%s does not say when. Write a time of day, such as \"yesterday 22:16\", ~22:00 if it is not exact, or ? if it is not known.", quoteTyped(text))
	}
	return Refuse("%s is not a time that I can read. %s", quoteTyped(text), timeForms)
}

func isVague(text string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(word string) bool { return slices.Contains(vagueWords, word) })
}

// refuseOffset answers "14:05-15:10" and "14:05 -06:00": the sign can be meant either way.
func refuseOffset(text string) error {
	return Refuse("%s can be a range or a time with an offset. Write a range with ~, such as 14:05~15:10, or the offset as UTC-06:00.", quoteTyped(text))
}
