package postmortem

import (
	"regexp"
	"slices"
	"strings"
)

// A pattern is a regular expression and words in lower case of which every match has at least one. A long incident has a
// megabyte of text: words are found in it a hundred times faster, so only passages that have one are matched.
type pattern struct {
	words []string
	form  *regexp.Regexp
}

func (p pattern) in(q passage) bool {
	return slices.ContainsFunc(p.words, func(w string) bool { return strings.Contains(q.lower, w) }) && p.form.MatchString(q.text)
}
