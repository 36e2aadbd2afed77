package incident

import "time"

// Metrics are the figures of one incident, never a mean of anything. They follow from the markers that people set and from
// the times that they gave to `mitigate` and `resolve`, never from the first or the last entry of the timeline.
type Metrics struct {
	// IncidentStart is where people let the incident begin, if they put that before the impact; else it is unknown.
	IncidentStart Milestone
	ImpactStart   Milestone
	Detected      Milestone
	Acknowledged  Milestone // the first response, unless it came before the detection
	Mitigated     Milestone
	Resolved      Milestone

	TTD      Span // from the start of the impact until it was detected
	TTA      Span // from the detection until somebody took it on
	TTM      Span // from the start of the impact until it was contained
	TTR      Span // from the start of the impact until it was over
	Duration Span // of the whole incident; known only if both ends of the outage have a time of day
	// DetectedToResolved stands in for TTR where nobody knows when the impact began.
	DetectedToResolved Span

	// TimelineSpan is the time between the first and the last entry that have a time of day.
	TimelineSpan Span
	LargestGap   Lull

	Entries     int // of the timeline
	Timed       int // those with a time, be it only a day
	Approximate int // those of Timed whose time is approximate
	Responders  int

	OpenActions, DoneActions, UnownedActions int
}

// A Milestone is a turn in the course of an incident, and where it was said.
type Milestone struct {
	At     Moment
	Entry  EntryID // empty if it was said with a command
	Number int     // the place of the entry in the timeline, from 1; 0 if it was said with a command
}

// Known reports whether the milestone was set at all, be it only to a day.
func (m Milestone) Known() bool { return m.At.Known() }

// A Span is the time between two milestones. The zero Span is not known, which is not the same as no time at all.
type Span struct {
	Known  bool
	Length time.Duration // never negative
	// Days says that only days are known: Length is a number of calendar days, at least one, of 24 hours each.
	Days        bool
	Approximate bool
}

// String is the span in words, with ~ before it if it is approximate, and empty if it is not known.
func (s Span) String() string {
	switch {
	case !s.Known:
		return ""
	case s.Approximate:
		return "~" + Words(s.Length)
	default:
		return Words(s.Length)
	}
}

// A Lull is the longest time in which the timeline is silent, between two neighbours that have a time of day. After and
// Before are their places, from 1; the first of equally long ones counts.
type Lull struct {
	Span
	After, Before int
}

// ApproximateShare is the part of the known times that is approximate, from 0 to 1; 0 if there are none.
func (m Metrics) ApproximateShare() float64 {
	if m.Timed == 0 {
		return 0
	}
	return float64(m.Approximate) / float64(m.Timed)
}

// Metrics computes the figures from what is known now. What cannot be computed is unknown. Of several outages the first
// beginning counts, and the last mitigation and the last end.
func (in *Incident) Metrics() Metrics { return in.MetricsOf(in.Timeline()) }

// MetricsOf is Metrics for a caller who has the Timeline of this same state at hand.
func (in *Incident) MetricsOf(entries []Entry) Metrics {
	m := Metrics{Entries: len(entries), Responders: len(in.Responders)}
	for _, e := range entries {
		m.count(e)
	}
	in.countActions(&m)
	in.milestones(&m, entries)
	in.spans(&m, entries)
	m.TimelineSpan, m.LargestGap = silences(entries)
	return m
}

func (m *Metrics) count(e Entry) {
	if !e.Happened.Known() {
		return
	}
	m.Timed++
	if e.Happened.Approximate {
		m.Approximate++
	}
}

func (in *Incident) countActions(m *Metrics) {
	for _, a := range in.Actions {
		if a.Done {
			m.DoneActions++
		} else {
			m.OpenActions++
		}
		if a.Owner == "" {
			m.UnownedActions++
		}
	}
}

func (in *Incident) milestones(m *Metrics, entries []Entry) {
	loc := in.Zone.Location()
	begun := firstMarked(entries, IncidentBegins)
	m.ImpactStart = firstMarked(entries, OutageBegins)
	m.Detected = either(firstMarked(entries, Detected), firstMarked(entries, FirstReport), begun)
	if begun.Known() && !begun.before(m.Detected, loc) {
		m.Acknowledged = begun
	}
	if begun.Known() && begun.before(m.ImpactStart, loc) {
		m.IncidentStart = begun
	}
	m.Mitigated = either(lastMarked(entries, OutageMitigated), Milestone{At: in.Mitigated})
	m.Resolved = either(lastMarked(entries, OutageEnds), lastMarked(entries, MarkedResolved), Milestone{At: in.Resolved})
}

func (in *Incident) spans(m *Metrics, entries []Entry) {
	loc := in.Zone.Location()
	m.TTD = between(m.ImpactStart.begin(), m.Detected.begin(), loc)
	m.TTA = between(m.Detected.begin(), m.Acknowledged.begin(), loc)
	m.TTM = between(m.ImpactStart.begin(), m.Mitigated.end(), loc)
	m.TTR = between(m.ImpactStart.begin(), m.Resolved.end(), loc)
	if !m.ImpactStart.Known() {
		m.DetectedToResolved = between(m.Detected.begin(), m.Resolved.end(), loc)
	}
	ended := lastMarked(entries, OutageEnds)
	if !m.ImpactStart.At.Clock() || !ended.At.Clock() {
		return
	}
	start := m.ImpactStart
	if m.IncidentStart.At.Clock() {
		start = m.IncidentStart
	}
	m.Duration = between(start.begin(), ended.end(), loc)
}

// firstMarked is the first entry with a marker and a time.
func firstMarked(entries []Entry, marker Marker) Milestone {
	for i, e := range entries {
		if e.Marker == marker && e.Happened.Known() {
			return Milestone{e.Happened, e.ID, i + 1}
		}
	}
	return Milestone{}
}

// lastMarked is the last entry with a marker and a time.
func lastMarked(entries []Entry, marker Marker) Milestone {
	for i := len(entries) - 1; i >= 0; i-- {
		if e := entries[i]; e.Marker == marker && e.Happened.Known() {
			return Milestone{e.Happened, e.ID, i + 1}
		}
	}
	return Milestone{}
}

// either is the first milestone that is known.
func either(candidates ...Milestone) Milestone {
	for _, c := range candidates {
		if c.Known() {
			return c
		}
	}
	return Milestone{}
}

// before says that m is known to come before o. A day begins at its midnight.
func (m Milestone) before(o Milestone, loc *time.Location) bool {
	return m.Known() && o.Known() && m.At.Instant(loc).Before(o.At.Instant(loc))
}

// begin is the point from which a milestone counts. Of a range that is where it starts; when within the range it really
// was nobody knows, so it is approximate.
func (m Milestone) begin() Moment {
	at := m.At
	at.Approximate = at.Approximate || !at.End.IsZero()
	at.End = time.Time{}
	return at
}

// end is the point up to which a milestone counts: of a range where it ends.
func (m Milestone) end() Moment {
	at := m.begin()
	if !m.At.End.IsZero() {
		at.Start = m.At.End
	}
	return at
}

// between is the time from one point to another. It is not known if either point is not, if it would be negative, or if
// only a day is known and both are of that day.
func between(from, to Moment, loc *time.Location) Span {
	if !from.Known() || !to.Known() {
		return Span{}
	}
	s := Span{Known: true, Approximate: from.Approximate || to.Approximate}
	if from.Clock() && to.Clock() {
		s.Length = to.Start.Sub(from.Start)
	} else {
		s.Days, s.Length = true, to.day(loc).Sub(from.day(loc))
	}
	if s.Length < 0 || s.Days && s.Length == 0 {
		return Span{}
	}
	return s
}

// day is midnight UTC of the date on which m starts, as loc prints it: the days between two such are whole.
func (m Moment) day(loc *time.Location) time.Time {
	if !m.Clock() {
		return m.Start
	}
	c := civilOf(m.Start.In(loc))
	return time.Date(c.Year, c.Month, c.Day, 0, 0, 0, 0, time.UTC)
}

// silences measures the timeline by the starts of the entries that have a time of day.
func silences(entries []Entry) (whole Span, longest Lull) {
	first, last := -1, -1
	for i, e := range entries {
		if !e.Happened.Clock() {
			continue
		}
		if last >= 0 {
			s := between(entries[last].start(), e.start(), time.UTC)
			if s.Length > longest.Length {
				longest = Lull{s, last + 1, i + 1}
			}
		} else {
			first = i
		}
		last = i
	}
	if first < 0 {
		return Span{}, Lull{}
	}
	return between(entries[first].start(), entries[last].start(), time.UTC), longest
}

// start is when the entry began, as certain as people were about it.
func (e Entry) start() Moment {
	at := e.Happened
	at.End = time.Time{}
	return at
}
