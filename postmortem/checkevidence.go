package postmortem

import (
	"regexp"
	"strings"

	"boswell/incident"
)

// evidence is S1 to S4.
func (c *checker) evidence() {
	c.emptyLinks()
	all := c.texts.all()
	c.reportPassages("S2", SeverityWarning, all, pagerResidue.in,
		"a paste ends with what the pager printed, like (END). Take it out.")
	c.reportPassages("S3", SeverityWarning, all, leavesFenceOpen,
		"a code block is opened and not closed, so the rest of the document would be in it. Add ``` on a line of its own.")
	c.reportPassages("S4", SeverityWarning, c.unfinished(), func(p passage) bool { return strings.HasSuffix(strings.TrimSpace(p.text), ":") },
		"the text ends in a colon, as if something had been cut off. Add what is missing.")
}

var (
	pagerResidue = pattern{
		words: []string{"(end)", "--more--", "lines "},
		form:  regexp.MustCompile(`(?m)^(\(END\)|--More--.*|~?lines \d+-\d+.*)$`),
	}
	seeSomething = pattern{
		words: []string{"see ", "this line of code"},
		form:  regexp.MustCompile(`(?i)\b(see (the |this |attached )*(chart|graph|dashboard|screenshot|picture|image|link)s?|this line of code)\b`),
	}
	loneLink = pattern{
		words: []string{"link", "here", "chart", "screenshot"},
		form:  regexp.MustCompile(`(?m)(^|[.!?:]\s+|\()(Link|Here|Chart|Screenshot)s?\)?[.!]?(\s|$)`),
	}
)

// emptyLinks is S1.
func (c *checker) emptyLinks() {
	c.reportEntries("S1", SeverityWarning, c.entriesThat(func(e incident.Entry) bool {
		if len(e.Files) > 0 || strings.Contains(e.Text, "://") {
			return false
		}
		p := newPassage("", "", e.Text)
		return seeSomething.in(p) || loneLink.in(p)
	}), "A link or a picture is spoken of and not there in {entries}. Add the address with `/incident edit {n} <text>`, or the picture with 📎.")
}

func leavesFenceOpen(p passage) bool {
	if !strings.Contains(p.text, "```") && !strings.Contains(p.text, "~~~") {
		return false
	}
	var f fence
	for line := range strings.SplitSeq(p.text, "\n") {
		f.read(line)
	}
	return f.open()
}

// unfinished are the texts after which nothing follows that a colon could announce.
func (c *checker) unfinished() []passage {
	d := c.doc
	found := []passage{fieldPassage(incident.FieldSummary, d.Summary), fieldPassage(incident.FieldBackground, d.Background),
		fieldPassage(incident.FieldTrigger, d.Trigger), fieldPassage(incident.FieldDetection, d.Detection)}
	if len(d.Resolution.Steps) == 0 {
		found = append(found, fieldPassage(incident.FieldResolution, d.Resolution.Text))
	}
	if n := len(d.Impact); n > 0 {
		found = append(found, fieldPassage(incident.FieldImpact, d.Impact[n-1]))
	}
	for i, p := range c.texts.causes {
		if len(d.Causes[i].Recommendations) == 0 {
			found = append(found, p)
		}
	}
	found = append(append(found, c.texts.wrong...), c.texts.actions...)
	for i, p := range c.texts.timeline {
		if len(c.timeline[i].Files) == 0 {
			found = append(found, p)
		}
	}
	return found
}
