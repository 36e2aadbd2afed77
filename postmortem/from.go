package postmortem

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"boswell/incident"
)

// From is the document of an incident as it stands now.
func From(in *incident.Incident, people People) Document {
	timeline := in.Timeline()
	return Document{
		Title:          oneLine(in.Title()),
		Number:         in.Number,
		Preamble:       joined(in.Values(incident.FieldPreamble)),
		Days:           daysOf(in, timeline),
		Published:      in.Published,
		Authors:        texts(in.Values(incident.FieldAuthors)),
		Status:         tidy(in.Status()),
		Network:        joined(in.Values(incident.FieldNetwork)),
		Duration:       in.MetricsOf(timeline).Duration.String(),
		Summary:        joined(in.Values(incident.FieldSummary)),
		Background:     joined(in.Values(incident.FieldBackground)),
		References:     texts(in.Values(incident.FieldReferences)),
		Impact:         texts(in.Values(incident.FieldImpact)),
		Causes:         causesOf(in),
		Trigger:        joined(in.Values(incident.FieldTrigger)),
		Resolution:     Resolution{joined(in.Values(incident.FieldResolution)), texts(in.Values(incident.FieldSteps))},
		Detection:      joined(in.Values(incident.FieldDetection)),
		Actions:        actionsOf(in),
		Lessons:        lessonsOf(in),
		Zone:           in.Zone,
		TimelineNotes:  texts(in.Values(incident.FieldTimelineNote)),
		Timeline:       linesOf(timeline),
		Unread:         unread(in, people),
		RespondersNote: joined(in.Values(incident.FieldRespondersNote)),
		Responders:     respondersOf(in, people),
		Supporting:     exhibitsOf(in),
		Closing:        joined(in.Values(incident.FieldClosing)),
	}
}

// daysOf is the date as set. A month that was set without a day is narrowed to the days of it on which something
// happened.
func daysOf(in *incident.Incident, timeline []incident.Entry) Days {
	d := in.Date
	if !d.Month {
		return Days{From: d.From, To: d.To}
	}
	var first, last incident.Civil
	note := func(day incident.Civil) {
		if day.Compare(d.From) < 0 || day.Compare(d.To) > 0 {
			return
		}
		if first.IsZero() || day.Compare(first) < 0 {
			first = day
		}
		if day.Compare(last) > 0 {
			last = day
		}
	}
	loc := in.Zone.Location()
	for _, e := range timeline {
		eachDay(e.Happened, loc, note)
	}
	switch {
	case first.IsZero():
		return Days{From: d.From, Month: true}
	case first == last:
		return Days{From: first}
	default:
		return Days{From: first, To: last}
	}
}

// eachDay calls note with the day on which a moment starts and, of a range, with the one on which it ends.
func eachDay(m incident.Moment, loc *time.Location, note func(incident.Civil)) {
	if !m.Known() {
		return
	}
	note(dayOf(m.Start, m.Precision, loc))
	if !m.End.IsZero() {
		note(dayOf(m.End, m.Precision, loc))
	}
}

// dayOf is the date that one end of a moment has in loc.
func dayOf(t time.Time, p incident.Precision, loc *time.Location) incident.Civil {
	if p == incident.Day {
		loc = time.UTC
	}
	year, month, day := t.In(loc).Date()
	return incident.Civil{Year: year, Month: month, Day: day}
}

func causesOf(in *incident.Incident) []incident.Cause {
	causes := make([]incident.Cause, 0, len(in.Causes))
	for _, c := range in.Causes {
		c.Title, c.Text, c.Recommendations = oneLine(c.Title), tidy(c.Text), texts(c.Recommendations)
		causes = append(causes, c)
	}
	return causes
}

func actionsOf(in *incident.Incident) []incident.Action {
	actions := make([]incident.Action, 0, len(in.Actions))
	for _, a := range in.Actions {
		a.Text, a.Outcome = tidy(a.Text), tidy(a.Outcome)
		a.Type, a.Term, a.Owner, a.Bug = oneLine(a.Type), oneLine(a.Term), oneLine(a.Owner), oneLine(a.Bug)
		actions = append(actions, a)
	}
	return actions
}

func lessonsOf(in *incident.Incident) Lessons {
	var lessons Lessons
	for _, l := range in.Lessons {
		text := tidy(l.Text)
		switch l.Kind {
		case incident.WentWell:
			lessons.Well = append(lessons.Well, paragraphs(text)...)
		case incident.WentWrong:
			lessons.Wrong = append(lessons.Wrong, paragraphs(text)...)
		case incident.GotLucky:
			lessons.Lucky = append(lessons.Lucky, paragraphs(text)...)
		default:
			lessons.General = append(lessons.General, text)
		}
	}
	return lessons
}

func linesOf(timeline []incident.Entry) []Line {
	lines := make([]Line, 0, len(timeline))
	for _, e := range timeline {
		lines = append(lines, Line{e.Happened, e.Marker, tidy(e.Text), e.Files})
	}
	return lines
}

// respondersOf are those whose actions are recorded, in the order in which that was said first.
func respondersOf(in *incident.Incident, people People) []Responder {
	var responders []Responder
	for _, r := range inOrderOfActions(in.Responders) {
		if did := tidy(r.Did); did != "" {
			responders = append(responders, Responder{nameOf(people, r.Person, ""), did})
		}
	}
	return responders
}

// inOrderOfActions puts those whose actions are recorded first, in the order in which that was said; the others follow as
// they joined.
func inOrderOfActions(responders []incident.Responder) []incident.Responder {
	ordered := slices.Clone(responders)
	slices.SortStableFunc(ordered, func(a, b incident.Responder) int {
		return cmp.Compare(a.DidSeq-1, b.DidSeq-1) // nothing said is 0, which wraps to the end
	})
	return ordered
}

func exhibitsOf(in *incident.Incident) []Exhibit {
	var exhibits []Exhibit
	for _, s := range in.Supporting() {
		text := tidy(s.Text)
		if isPaste(s.Kind) {
			text = tidyPaste(s.Text)
		}
		exhibits = append(exhibits, Exhibit{s.Kind, tidy(s.Title), s.Language, text, s.File})
	}
	return exhibits
}

// isPaste says that a kind of supporting information is printed in a fence.
func isPaste(kind string) bool { return kind == "diff" || kind == "code" || kind == "metrics" }

// nobodyKnown stands for a person whose name is gone.
const nobodyKnown = "somebody"

// nameOf is the name to print: the alias that a bridge gave, else the person's.
func nameOf(people People, p incident.PersonID, alias string) string {
	if alias = oneLine(alias); alias != "" {
		return alias
	}
	if p == "" {
		return ""
	}
	if name := oneLine(people(p)); name != "" {
		return name
	}
	return nobodyKnown
}

// joined is a text of several paragraphs.
func joined(paragraphs []string) string { return strings.Join(texts(paragraphs), "\n\n") }

// texts are the texts that say something, tidied.
func texts(values []string) []string {
	var kept []string
	for _, v := range values {
		if v = tidy(v); v != "" {
			kept = append(kept, v)
		}
	}
	return kept
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// plain is a text in UTF-8 with the line ends of Unix.
func plain(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if !strings.Contains(text, "\r") {
		return text
	}
	return lineEnds.Replace(text)
}

// tidy is a text without blanks at its two ends.
func tidy(text string) string { return strings.TrimSpace(plain(text)) }

// tidyPaste takes off empty lines at the two ends, but no indentation: in a paste that is part of what it says.
func tidyPaste(text string) string {
	text = strings.TrimRight(plain(text), " \t\n")
	for {
		line, rest, more := strings.Cut(text, "\n")
		if !more || strings.TrimSpace(line) != "" {
			return text
		}
		text = rest
	}
}

// oneLine is a text whose line ends have become blanks.
func oneLine(text string) string { return strings.ReplaceAll(tidy(text), "\n", " ") }
