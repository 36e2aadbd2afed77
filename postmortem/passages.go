package postmortem

import (
	"fmt"
	"slices"
	"strings"

	"boswell/incident"
)

// A passage is a text of the document, the words that name where it stands, and how it is changed.
type passage struct {
	where string
	fix   string // the command to type, in backticks, and what to do after it
	text  string
	lower string // the text in lower case
	entry int    // place in the timeline, from 1; 0 elsewhere
}

func newPassage(where, fix, text string) passage {
	return passage{where: where, fix: "`/incident " + fix + "`", text: text, lower: strings.ToLower(text)}
}

// removable is a passage that is changed by taking it out and writing it anew.
func removable(where, remove, text string) passage {
	p := newPassage(where, remove, text)
	p.fix += ", then write it anew"
	return p
}

// fieldPassage is the text of a field. The field is named as people type it.
func fieldPassage(f incident.Field, text string) passage {
	return newPassage("the field "+string(f), "set "+string(f)+" <text>", text)
}

func statusPassage(d Document) passage { return newPassage("the status", "status <text>", d.Status) }

// passages are all the texts that are printed, by what the rules of language tell apart.
type passages struct {
	fields   []passage // the labels of several words
	causes   []passage
	wrong    []passage // what went wrong
	actions  []passage
	timeline []passage
	others   []passage
}

// analysis are the texts that say why it happened and what is to be done about it.
func (p passages) analysis() []passage { return slices.Concat(p.causes, p.wrong, p.actions) }

// told are the texts that tell what happened.
func (p passages) told() []passage { return slices.Concat(p.fields, p.analysis(), p.timeline) }

func (p passages) all() []passage { return slices.Concat(p.told(), p.others) }

func (c *checker) passages() passages {
	d := c.doc
	p := passages{fields: fieldPassages(d), wrong: c.lessonPassages(incident.WentWrong), others: c.otherPassages()}
	for i, cause := range d.Causes {
		text := strings.Join(append([]string{cause.Title, cause.Text}, cause.Recommendations...), "\n")
		p.causes = append(p.causes, removable(fmt.Sprintf("cause %d", i+1), fmt.Sprintf("cause %d remove", i+1), text))
	}
	for i, a := range d.Actions {
		text := a.Text + "\n" + a.Outcome
		p.actions = append(p.actions, newPassage(fmt.Sprintf("action item %d", i+1), fmt.Sprintf("action %d edit <text>", i+1), text))
	}
	for i, line := range d.Timeline {
		entry := newPassage(fmt.Sprintf("entry %d", i+1), fmt.Sprintf("edit %d <text>", i+1), line.Text)
		entry.entry = i + 1
		p.timeline = append(p.timeline, entry)
	}
	return p
}

// lessonPassages are the lessons of a kind as they were given, since commands count them so.
func (c *checker) lessonPassages(kind incident.LessonKind) []passage {
	var found []passage
	for _, l := range c.in.Lessons {
		if l.Kind == kind {
			n := len(found) + 1
			found = append(found, removable(fmt.Sprintf("lesson %d of the kind %s", n, kind), fmt.Sprintf("lesson remove %s %d", kind, n), tidy(l.Text)))
		}
	}
	return found
}

func fieldPassages(d Document) []passage {
	return []passage{
		statusPassage(d),
		fieldPassage(incident.FieldSummary, d.Summary),
		fieldPassage(incident.FieldBackground, d.Background),
		fieldPassage(incident.FieldImpact, strings.Join(d.Impact, "\n\n")),
		fieldPassage(incident.FieldTrigger, d.Trigger),
		fieldPassage(incident.FieldResolution, d.Resolution.Text),
		fieldPassage(incident.FieldSteps, strings.Join(d.Resolution.Steps, "\n\n")),
		fieldPassage(incident.FieldDetection, d.Detection),
	}
}

func (c *checker) otherPassages() []passage {
	d := c.doc
	found := slices.Concat([]passage{
		fieldPassage(incident.FieldTitle, d.Title),
		fieldPassage(incident.FieldPreamble, d.Preamble),
		fieldPassage(incident.FieldReferences, strings.Join(d.References, "\n")),
		fieldPassage(incident.FieldTimelineNote, strings.Join(d.TimelineNotes, "\n\n")),
		fieldPassage(incident.FieldRespondersNote, d.RespondersNote),
		fieldPassage(incident.FieldClosing, d.Closing),
	}, c.lessonPassages(incident.WentWell), c.lessonPassages(incident.GotLucky), c.lessonPassages(incident.GeneralNote))
	for _, r := range d.Responders {
		found = append(found, newPassage("what "+r.Name+" did", "join <text>", r.Did))
	}
	for i, e := range d.Supporting {
		n := i + 1
		found = append(found, removable(fmt.Sprintf("supporting information %d", n), fmt.Sprintf("support %d remove", n), e.Title+"\n"+e.Text))
	}
	return found
}

// reportPassages reports, once, all the passages that a test finds something in: where they stand, what is wrong, and the
// command that changes the first.
func (c *checker) reportPassages(rule string, s Severity, in []passage, test func(passage) bool, wrong string) {
	var hits []passage
	var entries []incident.EntryID
	for _, p := range in {
		if p.text == "" || !test(p) {
			continue
		}
		hits = append(hits, p)
		if p.entry > 0 {
			entries = append(entries, c.timeline[p.entry-1].ID)
		}
	}
	if len(hits) == 0 {
		return
	}
	remedy := "To change it: " + hits[0].fix + "."
	if len(hits) > 1 {
		remedy = "To change the first: " + hits[0].fix + "."
	}
	c.found = append(c.found, Finding{rule, s, placesInWords(hits) + ": " + wrong + " " + remedy, entries})
}

// placesInWords lists where passages stand, as the beginning of a sentence.
func placesInWords(hits []passage) string {
	var where []string
	for _, p := range hits[:min(len(hits), mostNamed)] {
		where = append(where, p.where)
	}
	if more := len(hits) - mostNamed; more > 0 {
		where = append(where, fmt.Sprintf("%d more", more))
	}
	return capitalized(enumerated(where))
}
