package postmortem

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"boswell/incident"
)

var (
	blameful = pattern{
		words: []string{"ignor", "forg", "dismiss", "careless", "negligen", "sloppy", "human error", "to blame", "fault"},
		form:  regexp.MustCompile(`(?i)\b(ignor(ed|es)|forg(ot|otten|ets)|dismiss(ed|es)|careless(ly|ness)?|negligen(t|ce)|sloppy|human error|to blame|at fault|(his|her|their|my|our|whose) fault|\w+['’]s fault)\b`),
	}
	counterfactual = pattern{
		words: []string{"should", "would", "could", "easily", "ought"},
		form:  regexp.MustCompile(`(?i)\b((should|would)(n['’]t| not)? have|could have (been )?(avoided|prevented|noticed|caught|seen)|easily (preventable|avoidable|prevented|avoided)|ought to have)\b`),
	}
	animated = pattern{
		words: []string{"!!", "scary", "ridiculous", "insane", "crazy", "horrible", "horrific", "awful", "terrible", "nightmare", "stupid"},
		form:  regexp.MustCompile(`(?i)(!{2,}|\b(scary|ridiculous(ly)?|insane(ly)?|crazy|horrible|horrific|awful|terrible|nightmare|stupid)\b)`),
	}
)

// language is L1 to L4.
func (c *checker) language() {
	told := c.texts.told()
	c.reportPassages("L1", SeverityWarning, told, blameful.in,
		"the words put blame on people. Say what they knew and what the system let happen.")
	const alternate = "it tells what did not happen. Tell what did, and let lessons and action items say what will be different."
	c.reportPassages("L2", SeverityWarning, append(slices.Clone(c.texts.timeline), fieldPassage(incident.FieldSummary, c.doc.Summary)), counterfactual.in, alternate)
	c.reportPassages("L2", SeverityInfo, c.texts.analysis(), counterfactual.in, alternate)
	c.reportPassages("L3", SeverityInfo, told, animated.in,
		"the words are loud. A sober text is believed more readily.")
	names := c.names()
	c.reportPassages("L4", SeverityWarning, c.texts.analysis(), func(p passage) bool {
		return slices.ContainsFunc(names, func(name string) bool { return mentions(p.text, name) })
	}, "a person is named. A cause is never a person; name the role, the tool or the rule.")
}

// ordinaryWords are first names that are words too. They count only with the rest of the name.
var ordinaryWords = []string{"will", "mark", "grace", "bill", "rich", "hope", "art", "may", "june", "april", "august", "frank",
	"chase", "drew", "dawn", "grant", "rob", "jack", "max", "ray", "rose", "ruby", "pat", "sue", "cliff", "gene", "lance", "miles",
	"norm", "pierce", "reed", "stew", "summer", "ward", "wade", "iris", "faith", "joy", "jay", "page", "dash", "case", "bot"}

// names are those of everybody who took part: in full, and the first one alone if it can be nothing else.
func (c *checker) names() []string {
	var names []string
	for _, name := range c.participants() {
		first, _, several := strings.Cut(name, " ")
		if several || isTellingName(name) {
			names = append(names, name)
		}
		if several && isTellingName(first) {
			names = append(names, first)
		}
	}
	return names
}

// mentions finds a name that is not a part of a longer word.
func mentions(text, name string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from+i])
		from += i + len(name)
		after, _ := utf8.DecodeRuneInString(text[from:])
		if !isWordRune(before) && !isWordRune(after) {
			return true
		}
	}
}

// participants are the names of authors, responders and those who wrote entries.
func (c *checker) participants() []string {
	names := slices.Clone(c.doc.Authors)
	for _, r := range c.in.Responders {
		names = append(names, nameOf(c.people, r.Person, ""))
	}
	for _, e := range c.timeline {
		names = append(names, nameOf(c.people, e.Author, e.Alias))
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "" || n == nobodyKnown })
}

// isTellingName says that a single word is a name and nothing else.
func isTellingName(word string) bool {
	runes := []rune(word)
	return len(runes) >= 3 && unicode.IsUpper(runes[0]) && !slices.Contains(ordinaryWords, strings.ToLower(word))
}
