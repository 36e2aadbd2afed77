package postmortem

import (
	"fmt"
	"strings"
	"time"

	"boswell/incident"
	"boswell/postmortem/zonename"
)

// withoutTimes stands above entries of which no day is known.
const withoutTimes = "(*no times recorded; in order of events*)"

func (p *page) timeline(d Document) {
	p.add("## Timeline")
	p.add(d.TimelineNotes...)
	if len(d.Timeline) == 0 {
		p.add(noneRecorded)
	}
	loc := d.Zone.Location()
	headings := dayHeadings(d.Timeline, loc)
	for start := 0; start < len(d.Timeline); {
		end := start + 1
		for end < len(d.Timeline) && headings[end] == headings[start] {
			end++
		}
		items := make([]string, 0, end-start)
		for _, line := range d.Timeline[start:end] {
			items = append(items, entryLine(line, loc))
		}
		p.add(headings[start], bullets(items))
		start = end
	}
	p.add(d.Unread...)
}

// dayHeadings is, for each line, what stands above it: the day and the zone. Where the clocks change within a day the
// heading changes too, so that no time of day is ambiguous. A line without a time stands under the heading before it.
func dayHeadings(lines []Line, loc *time.Location) []string {
	headings := make([]string, len(lines))
	shown := headingInstants(lines, loc)
	last := withoutTimes
	var lastDay incident.Civil
	var lastOffset int
	for i, line := range lines {
		if line.Happened.Known() {
			day := dayOf(line.Happened.Start, line.Happened.Precision, loc)
			offset := offsetOf(shown[i].In(loc))
			if day != lastDay || offset != lastOffset {
				last = fmt.Sprintf("%s (*all times %s*)", day, zonename.Label(loc, shown[i]))
				lastDay, lastOffset = day, offset
			}
		}
		headings[i] = last
	}
	return headings
}

// headingInstants is, for each line with a time, the instant whose zone stands above it: its own, and of a day without a
// time of day that of the next line if it is of the same day, else of the beginning of the day.
func headingInstants(lines []Line, loc *time.Location) []time.Time {
	instants := make([]time.Time, len(lines))
	var next time.Time
	var nextDay incident.Civil
	for i := len(lines) - 1; i >= 0; i-- {
		m := lines[i].Happened
		if !m.Known() {
			continue
		}
		day := dayOf(m.Start, m.Precision, loc)
		if m.Clock() || day != nextDay {
			next = m.Instant(loc)
		}
		instants[i], nextDay = next, day
	}
	return instants
}

func offsetOf(t time.Time) int {
	_, offset := t.Zone()
	return offset
}

// entryLine is the text of a bullet: when, what it means for the course of the incident, what happened, and its files.
func entryLine(line Line, loc *time.Location) string {
	var head []string
	if when := clock(line.Happened, loc); when != "" {
		head = append(head, when)
	}
	body := entryBody(line)
	if line.Marker != "" {
		mark := "**" + string(line.Marker) + "**"
		if body != "" {
			mark += " —"
		}
		head = append(head, mark)
	}
	switch {
	case body == "" && line.Marker == "":
		body = "_Empty message._"
	case len(head) > 0 && startsBlock(body):
		// A code block begins on a line of its own, else it is none.
		return strings.Join(head, " ") + "\n" + body
	case body == "":
		return strings.Join(head, " ")
	}
	return strings.Join(append(head, body), " ")
}

func startsBlock(body string) bool {
	first, _, more := strings.Cut(body, "\n")
	var f fence
	f.read(first)
	return more && f.open()
}

// entryBody is the text, and each file on a line of its own.
func entryBody(line Line) string {
	var parts []string
	if line.Text != "" {
		parts = append(parts, line.Text)
	}
	for _, f := range line.Files {
		parts = append(parts, attached(f))
	}
	return strings.Join(parts, "\n")
}

// clock is a moment as it stands before an entry: the time of day, ~ before an approximate one, and of a range both ends.
// Of a day without a time of day it is empty, and of a range of days both.
func clock(m incident.Moment, loc *time.Location) string {
	about := ""
	if m.Approximate {
		about = "~"
	}
	oneDay := m.End.IsZero() || m.End.Equal(m.Start)
	switch {
	case !m.Known() || m.Precision == incident.Day && oneDay:
		return ""
	case m.Precision == incident.Day:
		return about + m.Start.Format(time.DateOnly) + "–" + m.End.Format(time.DateOnly)
	case m.End.IsZero():
		return about + m.Start.In(loc).Format(layoutOf(m.Precision))
	default:
		return about + m.Start.In(loc).Format(layoutOf(m.Precision)) + "–" + endClock(m, loc)
	}
}

// endClock is the end of a range, with its date if that is another day, and with its offset if the clocks changed.
func endClock(m incident.Moment, loc *time.Location) string {
	layout := layoutOf(m.Precision)
	from, to := m.Start.In(loc), m.End.In(loc)
	if dayOf(from, m.Precision, loc) != dayOf(to, m.Precision, loc) {
		layout = time.DateOnly + " " + layout
	}
	if offsetOf(from) != offsetOf(to) {
		layout += " (UTC-07:00)"
	}
	return to.Format(layout)
}

func layoutOf(p incident.Precision) string {
	if p == incident.Second {
		return time.TimeOnly
	}
	return "15:04"
}
