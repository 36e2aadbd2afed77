package postmortem

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"boswell/incident"
)

// times looks at the timeline. Its order needs no rule: entries stand by their time.
func (c *checker) times() {
	if len(c.timeline) == 0 {
		c.report("T1", SeverityWarning, "The timeline is empty. Pin messages with 📌, or write `/incident note at:<time> <text>`.")
		return
	}
	c.uncertainTimes()
	c.silence()
	c.roundSeconds()
	c.farEntries()
	if (c.in.Zone == incident.Zone{}) && c.metrics.TimelineSpan.Known {
		c.report("T8", SeverityWarning, "Nobody said in which zone this is, so times are printed in UTC. `/incident set zone Europe/Paris` sets another, `/incident set zone UTC` confirms it.")
	}
	c.duplicates()
}

var vagueTime = pattern{
	words: []string{"at some point", "at one point", "some time", "sometime", "few", "morning", "afternoon", "evening", "night", "while", "later that day", "recently"},
	form:  regexp.MustCompile(`(?i)\b(at some point|at one point|some ?time (later|before|after)|(in|during|over) the (last|past|previous|next) few (minutes|hours|days|weeks)|(on|in) the (morning|afternoon|evening)|that (morning|afternoon|evening|night)|a (little |short )?while (later|after|before)|later that day|recently)\b`),
}

// uncertainTimes is T2 and T3. A vague word counts only where no exact time is given beside it.
func (c *checker) uncertainTimes() {
	c.reportEntries("T2", SeverityWarning, c.entriesThat(func(e incident.Entry) bool { return !e.Happened.Clock() }),
		"There is no time of day for {entries}. If somebody knows it: `/incident edit {n} at:<time>`.")
	c.reportEntries("T3", SeverityInfo, c.entriesThat(func(e incident.Entry) bool {
		return e.Happened.Known() && e.Happened.Approximate || !e.Happened.Clock() && vagueTime.in(newPassage("", "", e.Text))
	}), "The time is approximate or vague in {entries}. If logs or graphs know better: `/incident edit {n} at:<time>`.")
}

// silence is T4: while the impact lasts, a long time without an entry is a question that readers will ask.
func (c *checker) silence() {
	from, to, known := c.impact()
	if !known {
		return
	}
	limit := max(time.Hour, to.Sub(from)/4)
	last, lasting := -1, true
	for i, e := range c.timeline {
		at := e.Happened.Start
		if !e.Happened.Clock() || at.Before(from) || at.After(to) {
			continue
		}
		if last >= 0 && lasting && at.Sub(c.timeline[last].Happened.Start) > limit {
			c.reportSilence(last, i)
		}
		switch e.Marker {
		case incident.OutageEnds:
			lasting = false
		case incident.OutageBegins, incident.Recurrence:
			lasting = true
		}
		last = i
	}
}

// reportSilence reports the time between two entries, given by their indices.
func (c *checker) reportSilence(before, after int) {
	a, b := c.timeline[before], c.timeline[after]
	c.found = append(c.found, Finding{
		Rule:     "T4",
		Severity: SeverityInfo,
		Text: fmt.Sprintf("Nothing is recorded for %s while the impact lasted, between entries %d and %d. If something happened: `/incident note at:<time> <text>`.",
			incident.Words(b.Happened.Start.Sub(a.Happened.Start)), before+1, after+1),
		Entries: []incident.EntryID{a.ID, b.ID},
	})
}

// impact is the time in which the impact lasted, as far as it is known by the clock: from its start, else from the
// detection, until it was resolved.
func (c *checker) impact() (from, to time.Time, known bool) {
	start := c.metrics.ImpactStart.At
	if !start.Known() {
		start = c.metrics.Detected.At
	}
	end := c.metrics.Resolved.At
	return start.Start, end.Start, start.Clock() && end.Clock() && end.Start.After(start.Start)
}

// roundSeconds is T6.
func (c *checker) roundSeconds() {
	precise := c.entriesThat(func(e incident.Entry) bool { return e.Happened.Precision == incident.Second })
	round := c.entriesThat(func(e incident.Entry) bool {
		return e.Happened.Precision == incident.Second && e.Happened.Start.Second() == 0
	})
	if len(precise) > 1 && len(precise) == len(round) {
		c.report("T6", SeverityInfo, "All times end in :00, so the seconds are probably not known. Write times without seconds, like `/incident edit %d at:14:05`.", round[0])
	}
}

// farFromDate is how many days an entry may lie from the date of the incident before that looks like a slip.
const farFromDate = 60

// farEntries is T7.
func (c *checker) farEntries() {
	days := c.doc.Days
	if days.From.IsZero() || days.Month {
		return
	}
	last := days.From
	if !days.To.IsZero() {
		last = days.To
	}
	earliest := days.From.Midnight(c.loc).AddDate(0, 0, -farFromDate)
	latest := last.Midnight(c.loc).AddDate(0, 0, farFromDate+1)
	c.reportEntries("T7", SeverityError, c.entriesThat(func(e incident.Entry) bool {
		at := e.Happened.Instant(c.loc)
		return e.Happened.Known() && (at.Before(earliest) || at.After(latest))
	}), "The date of the incident is "+date(c.doc)+", far from {entries}. Correct the one with `/incident set date <date>` or the other with `/incident edit {n} at:<date and time>`.")
}

// duplicates is T9: the same time and the same words as another entry.
func (c *checker) duplicates() {
	type line struct {
		at   time.Time
		text string
	}
	seen := map[line]bool{}
	c.reportEntries("T9", SeverityWarning, c.entriesThat(func(e incident.Entry) bool {
		l := line{e.Happened.Instant(c.loc), strings.ToLower(strings.Join(strings.Fields(e.Text), " "))}
		again := seen[l] && l.text != ""
		seen[l] = true
		return again
	}), "The same is already said at the same time, before {entries}. `/incident remove {n}` takes it out.")
}
