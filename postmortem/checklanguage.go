package postmortem

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"boswell/incident"
)

var (
	blameful       = regexp.MustCompile(`(?i)\b(ignor(ed|es)|forg(ot|otten|ets)|dismiss(ed|es)|careless(ly|ness)?|negligen(t|ce)|sloppy|human error|to blame|at fault|(his|her|their|my|our|whose) fault|\w+['’]s fault)\b`)
	counterfactual = regexp.MustCompile(`(?i)\b((should|would)(n['’]t| not)? have|could have (been )?(avoided|prevented|noticed|caught|seen)|easily (preventable|avoidable|prevented|avoided)|ought to have)\b`)
	animated       = regexp.MustCompile(`(?i)(!{2,}|\b(scary|ridiculous(ly)?|insane(ly)?|crazy|horrible|horrific|awful|terrible|nightmare|stupid)\b)`)
)

// language is L1 to L4.
func (c *checker) language() {
	told := slices.Concat(c.fieldPassages(), c.analysis(), c.timelinePassages())
	c.reportPassages("L1", SeverityWarning, told, blameful.MatchString,
		"%s: the words put blame on people. Say what they knew and what the system let happen.")
	const alternate = "%s: it tells what did not happen. Tell what did, and let lessons and action items say what will be different."
	c.reportPassages("L2", SeverityWarning, append(c.timelinePassages(), passage{where: "the summary", text: c.doc.Summary}),
		counterfactual.MatchString, alternate)
	c.reportPassages("L2", SeverityInfo, c.analysis(), counterfactual.MatchString, alternate)
	c.reportPassages("L3", SeverityInfo, told, animated.MatchString,
		"%s: the words are loud. A sober text is believed more readily.")
	if names := c.names(); names != nil {
		c.reportPassages("L4", SeverityWarning, c.analysis(), names.MatchString,
			"%s: a person is named. A cause is never a person; name the role, the tool or the rule.")
	}
}

// ordinaryWords are first names that are words too. They count only with the rest of the name.
var ordinaryWords = []string{"will", "mark", "grace", "bill", "rich", "hope", "art", "may", "june", "april", "august", "frank",
	"chase", "drew", "dawn", "grant", "rob", "jack", "max", "ray", "rose", "ruby", "pat", "sue", "cliff", "gene", "lance", "miles",
	"norm", "pierce", "reed", "stew", "summer", "ward", "wade", "iris", "faith", "joy", "jay", "page", "dash", "case", "bot"}

// names matches the names of those who took part: in full, and the first one alone if it can be nothing else. It is nil if
// nobody is known.
func (c *checker) names() *regexp.Regexp {
	var alternatives []string
	for _, name := range c.participants() {
		first, _, several := strings.Cut(name, " ")
		if isTellingName(name) || several {
			alternatives = append(alternatives, regexp.QuoteMeta(name))
		}
		if isTellingName(first) {
			alternatives = append(alternatives, regexp.QuoteMeta(first))
		}
	}
	if len(alternatives) == 0 {
		return nil
	}
	// Names need not begin or end with what a regular expression takes for a letter.
	return regexp.MustCompile(`(?:^|[^\pL\pN_])(?:` + strings.Join(alternatives, "|") + `)(?:[^\pL\pN_]|$)`)
}

// participants are the names of authors, responders and those who wrote entries.
func (c *checker) participants() []string {
	names := slices.Clone(c.doc.Authors)
	for _, r := range c.in.Responders {
		names = append(names, c.people(r.Person))
	}
	for _, e := range c.timeline {
		names = append(names, nameOf(c.people, e.Author, e.Alias))
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return strings.TrimSpace(n) == "" || n == nobodyKnown })
}

// isTellingName says that a single word is a name and nothing else.
func isTellingName(word string) bool {
	runes := []rune(word)
	return len(runes) >= 3 && unicode.IsUpper(runes[0]) && !slices.Contains(ordinaryWords, strings.ToLower(word))
}

// evidence is S1 to S4.
func (c *checker) evidence() {
	c.emptyLinks()
	c.reportPassages("S2", SeverityWarning, c.everything(), pagerResidue.MatchString,
		"%s: a paste ends with what the pager printed, like (END). Take it out.")
	c.reportPassages("S3", SeverityWarning, c.everything(), leavesFenceOpen,
		"%s: a code block is opened and not closed, so the rest of the document would be in it. Add ``` on a line of its own.")
	c.reportPassages("S4", SeverityWarning, c.unfinished(), func(text string) bool { return strings.HasSuffix(strings.TrimSpace(text), ":") },
		"%s: the text ends in a colon, as if something had been cut off. Add what is missing.")
}

var (
	pagerResidue = regexp.MustCompile(`(?m)^(\(END\)|--More--.*|~?lines \d+-\d+.*)$`)
	seeSomething = regexp.MustCompile(`(?i)\b(see (the |this |attached )*(chart|graph|dashboard|screenshot|picture|image|link)s?|this line of code)\b`)
	loneLink     = regexp.MustCompile(`(?m)(^|[.!?:]\s+|\()(Link|Here|Chart|Screenshot)s?\)?[.!]?(\s|$)`)
)

// emptyLinks is S1.
func (c *checker) emptyLinks() {
	c.reportEntries("S1", SeverityWarning, c.entriesThat(func(e incident.Entry) bool {
		bare := len(e.Files) == 0 && !strings.Contains(e.Text, "://")
		return bare && (seeSomething.MatchString(e.Text) || loneLink.MatchString(e.Text))
	}), "A link or a picture is spoken of and not there in %s. Add the address with `/incident edit <n> <text>`, or the picture with 📎.")
}

func leavesFenceOpen(text string) bool {
	var f fence
	for line := range strings.SplitSeq(text, "\n") {
		f.read(line)
	}
	return f.open()
}

// unfinished are the texts after which nothing follows that a colon could announce.
func (c *checker) unfinished() []passage {
	d := c.doc
	passages := []passage{
		{where: "the summary", text: d.Summary},
		{where: "the background", text: d.Background},
		{where: "the trigger", text: d.Trigger},
		{where: "the detection", text: d.Detection},
	}
	if len(d.Resolution.Steps) == 0 {
		passages = append(passages, passage{where: "the resolution", text: d.Resolution.Text})
	}
	if n := len(d.Impact); n > 0 {
		passages = append(passages, passage{where: "the impact", text: d.Impact[n-1]})
	}
	for i, p := range c.analysis() {
		if i >= len(d.Causes) || len(d.Causes[i].Recommendations) == 0 {
			passages = append(passages, p)
		}
	}
	for i, p := range c.timelinePassages() {
		if len(c.timeline[i].Files) == 0 {
			passages = append(passages, p)
		}
	}
	return passages
}
