package postmortem

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"boswell/incident"
)

// Severity says how much a finding matters.
type Severity string

// The severities, the heaviest first. None of them keeps an incident from being closed or exported.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warn"
	SeverityInfo    Severity = "info"
)

// A Finding is something about a postmortem that its readers would stumble over.
type Finding struct {
	// Rule names the rule for good: a letter for what it looks at (F fields, A action items, T timeline, M milestones,
	// L language, S supporting evidence and secrets, R roles, P publication), then a number.
	Rule     string
	Severity Severity
	// Text says what is wrong, then what to do, with the command to type. It never quotes a secret.
	Text string
	// Entries are the timeline entries it is about, in their order.
	Entries []incident.EntryID
}

// Check looks over the postmortem of an incident as it stands and returns what it finds, the heaviest first. It is advice:
// real, published postmortems have findings too. now is when it is asked for.
func Check(in *incident.Incident, people People, now time.Time) []Finding {
	timeline := in.Timeline()
	c := checker{
		in:       in,
		doc:      From(in, people),
		timeline: timeline,
		metrics:  in.MetricsOf(timeline),
		people:   people,
		loc:      in.Zone.Location(),
		now:      now,
	}
	for _, rule := range []func(*checker){
		(*checker).fields, (*checker).actions, (*checker).times, (*checker).milestones, (*checker).language,
		(*checker).evidence, (*checker).secrets, (*checker).roles, (*checker).publication,
	} {
		rule(&c)
	}
	slices.SortStableFunc(c.found, func(a, b Finding) int { return cmp.Compare(weight(a.Severity), weight(b.Severity)) })
	return c.found
}

func weight(s Severity) int {
	return slices.Index([]Severity{SeverityError, SeverityWarning, SeverityInfo}, s)
}

// A checker is what the rules look at and what they found.
type checker struct {
	in       *incident.Incident
	doc      Document
	timeline []incident.Entry
	metrics  incident.Metrics
	people   People
	loc      *time.Location
	now      time.Time
	found    []Finding
}

func (c *checker) report(rule string, s Severity, format string, args ...any) {
	c.found = append(c.found, Finding{Rule: rule, Severity: s, Text: fmt.Sprintf(format, args...)})
}

// reportEntries reports something about entries, given by their places from 1. In format, %s stands for them.
func (c *checker) reportEntries(rule string, s Severity, places []int, format string) {
	if len(places) == 0 {
		return
	}
	f := Finding{Rule: rule, Severity: s, Text: fmt.Sprintf(format, named("entry", "entries", places))}
	for _, n := range places {
		f.Entries = append(f.Entries, c.timeline[n-1].ID)
	}
	c.found = append(c.found, f)
}

// entriesThat are the places, from 1, of the entries for which a test holds.
func (c *checker) entriesThat(test func(incident.Entry) bool) []int {
	var places []int
	for i, e := range c.timeline {
		if test(e) {
			places = append(places, i+1)
		}
	}
	return places
}

// mostNamed is how many numbers a finding lists before it only counts the rest.
const mostNamed = 8

// named lists numbers behind their noun: "entry 3", "entries 3, 5 and 8", "entries 1, 2, … and 40 more".
func named(one, many string, numbers []int) string {
	if len(numbers) == 1 {
		return one + " " + strconv.Itoa(numbers[0])
	}
	var words []string
	for _, n := range numbers[:min(len(numbers), mostNamed)] {
		words = append(words, strconv.Itoa(n))
	}
	if more := len(numbers) - mostNamed; more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	last := len(words) - 1
	return many + " " + strings.Join(words[:last], ", ") + " and " + words[last]
}

// A passage is a text of the document with the words that name where it stands.
type passage struct {
	where string
	text  string
	entry int // place in the timeline, from 1; 0 elsewhere
}

// analysis are the texts that say why it happened and what is to be done about it.
func (c *checker) analysis() []passage {
	var passages []passage
	for i, cause := range c.doc.Causes {
		text := strings.Join(append([]string{cause.Title, cause.Text}, cause.Recommendations...), "\n")
		passages = append(passages, passage{where: fmt.Sprintf("cause %d", i+1), text: text})
	}
	passages = append(passages, lessonPassages("wrong", c.doc.Lessons.Wrong)...)
	for i, a := range c.doc.Actions {
		passages = append(passages, passage{where: fmt.Sprintf("action item %d", i+1), text: a.Text + "\n" + a.Outcome})
	}
	return passages
}

func lessonPassages(kind string, lessons []string) []passage {
	passages := make([]passage, len(lessons))
	for i, l := range lessons {
		passages[i] = passage{where: fmt.Sprintf("lesson %d of the kind %s", i+1, kind), text: l}
	}
	return passages
}

// fieldPassages are the fields of several words.
func (c *checker) fieldPassages() []passage {
	d := c.doc
	return []passage{
		{where: "the status", text: d.Status},
		{where: "the summary", text: d.Summary},
		{where: "the background", text: d.Background},
		{where: "the impact", text: strings.Join(d.Impact, "\n\n")},
		{where: "the trigger", text: d.Trigger},
		{where: "the resolution", text: strings.Join(append([]string{d.Resolution.Text}, d.Resolution.Steps...), "\n\n")},
		{where: "the detection", text: d.Detection},
	}
}

func (c *checker) timelinePassages() []passage {
	passages := make([]passage, len(c.timeline))
	for i, e := range c.timeline {
		passages[i] = passage{where: fmt.Sprintf("entry %d", i+1), text: e.Text, entry: i + 1}
	}
	return passages
}

// otherPassages are the texts that no other list has.
func (c *checker) otherPassages() []passage {
	d := c.doc
	passages := []passage{
		{where: "the title", text: d.Title},
		{where: "the preamble", text: d.Preamble},
		{where: "the references", text: strings.Join(d.References, "\n")},
		{where: "the notes on the timeline", text: strings.Join(d.TimelineNotes, "\n\n")},
		{where: "the note on the responders", text: d.RespondersNote},
		{where: "the closing text", text: d.Closing},
	}
	passages = append(passages, lessonPassages("well", d.Lessons.Well)...)
	passages = append(passages, lessonPassages("lucky", d.Lessons.Lucky)...)
	passages = append(passages, lessonPassages("general", d.Lessons.General)...)
	for _, r := range d.Responders {
		passages = append(passages, passage{where: "what " + r.Name + " did", text: r.Did})
	}
	for i, e := range d.Supporting {
		passages = append(passages, passage{where: fmt.Sprintf("supporting information %d", i+1), text: e.Title + "\n" + e.Text})
	}
	return passages
}

// everything that is printed.
func (c *checker) everything() []passage {
	return slices.Concat(c.fieldPassages(), c.analysis(), c.timelinePassages(), c.otherPassages())
}

// reportPassages reports, once, all the passages that a test finds something in. In format, %s stands for them.
func (c *checker) reportPassages(rule string, s Severity, passages []passage, test func(string) bool, format string) {
	var where []string
	var entries []incident.EntryID
	for _, p := range passages {
		if p.text == "" || !test(p.text) {
			continue
		}
		where = append(where, p.where)
		if p.entry > 0 {
			entries = append(entries, c.timeline[p.entry-1].ID)
		}
	}
	if len(where) == 0 {
		return
	}
	c.found = append(c.found, Finding{rule, s, fmt.Sprintf(format, placesInWords(where)), entries})
}

// placesInWords lists where something stands, as the beginning of a sentence.
func placesInWords(where []string) string {
	if more := len(where) - mostNamed; more > 0 {
		where = append(slices.Clone(where[:mostNamed]), fmt.Sprintf("%d more", more))
	}
	last := len(where) - 1
	text := where[last]
	if last > 0 {
		text = strings.Join(where[:last], ", ") + " and " + text
	}
	return capitalized(text)
}
