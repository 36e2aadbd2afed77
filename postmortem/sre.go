package postmortem

import (
	"fmt"
	"strings"
	"time"

	"boswell/incident"
)

const (
	notRecorded  = "_Not recorded._"
	noneRecorded = "None recorded."
)

// SRE prints a document in the format of the example postmortem in Google's SRE book: labels, then a table of action
// items, lessons, timeline and supporting information. Nine of the labels and five of the sections are there even when they
// are empty, and then say so. Outside the table nothing is escaped.
func SRE(d Document) []byte {
	var p page
	p.add(heading(d), d.Preamble)
	p.labels(d)
	p.add("## Action Items", actionTable(d.Actions))
	p.lessons(d.Lessons)
	p.timeline(d)
	p.responders(d)
	p.supporting(d.Supporting)
	p.add(d.Closing)
	return p.bytes()
}

func heading(d Document) string {
	title := d.Title
	if title == "" {
		title = notRecorded
	}
	if d.Number != 0 {
		title += fmt.Sprintf(" (incident #%d)", d.Number)
	}
	return "# " + title
}

func (p *page) labels(d Document) {
	p.label("Date", date(d))
	p.label("Authors", strings.Join(d.Authors, ", "))
	p.label("Status", d.Status)
	p.optional("Network", d.Network)
	p.optional("Duration", d.Duration)
	p.label("Summary", d.Summary)
	p.optional("Background", d.Background)
	if len(d.References) > 0 {
		p.list("Reference issues", d.References)
	}
	p.list("Impact", d.Impact)
	p.causes(d.Causes)
	p.label("Trigger", d.Trigger)
	p.resolution(d.Resolution)
	p.label("Detection", d.Detection)
}

// label prints a field: one line behind its label, more below it, and of an empty one that it is.
func (p *page) label(name, text string) {
	switch {
	case text == "":
		p.add("**" + name + ":** " + notRecorded)
	case strings.Contains(text, "\n"):
		p.add("**"+name+":**", text)
	default:
		p.add("**" + name + ":** " + text)
	}
}

// optional prints a field that is left out when it is empty.
func (p *page) optional(name, text string) {
	if text != "" {
		p.label(name, text)
	}
}

// list prints a field of several texts. One alone is printed as a text.
func (p *page) list(name string, items []string) {
	if len(items) < 2 {
		p.label(name, strings.Join(items, ""))
		return
	}
	p.add("**"+name+":**", bullets(items))
}

func (p *page) causes(causes []incident.Cause) {
	const name = "Root Causes"
	if len(causes) == 0 {
		p.label(name, "")
		return
	}
	if first := causes[0]; len(causes) == 1 && first.Title == "" && len(first.Recommendations) == 0 {
		p.label(name, first.Text)
		return
	}
	p.add("**" + name + ":**")
	for _, c := range causes {
		p.add(causeTitle(c), c.Text, bullets(c.Recommendations))
	}
}

func causeTitle(c incident.Cause) string {
	if c.Title == "" {
		return ""
	}
	return fmt.Sprintf("*(%s)* **%s**", capitalized(string(c.Kind)), c.Title)
}

// capitalized is a word of the program's own, in ASCII, with an upper-case letter in front.
func capitalized(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

func (p *page) resolution(r Resolution) {
	const name = "Resolution"
	switch {
	case len(r.Steps) == 0:
		p.label(name, r.Text)
	case r.Text == "" && len(r.Steps) == 1:
		p.label(name, r.Steps[0])
	default:
		p.add("**"+name+":**", r.Text, numbered(r.Steps))
	}
}

// numbered is a list counted from 1.
func numbered(items []string) string {
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = listItem(fmt.Sprintf("%d. ", i+1), item)
	}
	return strings.Join(lines, "\n")
}

// date is the day or days; of an unknown one it is when the document came out, if that is known.
func date(d Document) string {
	switch {
	case d.Days.Month:
		return monthOf(d.Days.From)
	case !d.Days.To.IsZero():
		return d.Days.From.String() + " – " + d.Days.To.String()
	case !d.Days.From.IsZero():
		return d.Days.From.String()
	case !d.Published.IsZero():
		return "not recorded (published " + d.Published.UTC().Format(time.DateOnly) + ")"
	default:
		return ""
	}
}

// monthOf is the month of a date in ISO form.
func monthOf(c incident.Civil) string { return fmt.Sprintf("%04d-%02d", c.Year, c.Month) }

func (p *page) lessons(l Lessons) {
	p.add("## Lessons Learned")
	p.add(l.General...)
	p.lessonList("What went well", l.Well)
	p.lessonList("What went wrong", l.Wrong)
	p.lessonList("Where we got lucky", l.Lucky)
}

func (p *page) lessonList(name string, lessons []string) {
	p.add("### " + name)
	if len(lessons) == 0 {
		p.add(noneRecorded)
		return
	}
	p.add(bullets(lessons))
}

func (p *page) responders(d Document) {
	if len(d.Responders) == 0 {
		return
	}
	items := make([]string, len(d.Responders))
	for i, r := range d.Responders {
		items[i] = "**" + r.Name + "** — " + r.Did
	}
	p.add("## Responders", d.RespondersNote, bullets(items))
}

func (p *page) supporting(exhibits []Exhibit) {
	p.add("## Supporting information")
	if len(exhibits) == 0 {
		p.add(noneRecorded)
	}
	for _, e := range exhibits {
		p.add(e.Title, exhibit(e))
	}
}

// exhibit is the body of an item: what has a language in a fence, a link as a bullet, everything else as it is.
func exhibit(e Exhibit) string {
	switch {
	case isPaste(e.Kind):
		return fenced(e.Language, e.Text)
	case e.Kind == "link":
		return listItem("- ", e.Text)
	case e.File != nil && e.Text == "":
		return attached(*e.File)
	default:
		return e.Text
	}
}
