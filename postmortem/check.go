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
	c.texts = c.passages()
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
	texts    passages
	found    []Finding
}

func (c *checker) report(rule string, s Severity, format string, args ...any) {
	c.found = append(c.found, Finding{Rule: rule, Severity: s, Text: fmt.Sprintf(format, args...)})
}

// reportEntries reports something about entries, given by their places from 1. In text, {entries} stands for them and {n}
// for the first.
func (c *checker) reportEntries(rule string, s Severity, places []int, text string) {
	if len(places) == 0 {
		return
	}
	f := Finding{Rule: rule, Severity: s, Text: strings.NewReplacer(
		"{entries}", named("entry", "entries", places), "{n}", strconv.Itoa(places[0])).Replace(text)}
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
	return many + " " + enumerated(words)
}

// enumerated lists words: "a", "a and b", "a, b and c".
func enumerated(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
