package postmortem

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"boswell/incident"
)

// Limits beyond which the time to detect and the time to acknowledge are worth a thought.
const (
	slowDetection = 30 * time.Minute
	slowResponse  = 15 * time.Minute
)

func (c *checker) milestones() {
	c.missingMilestones()
	c.milestoneOrder()
	c.slowness()
	c.statedDurations()
}

// missingMilestones is M1 to M3b.
func (c *checker) missingMilestones() {
	m := c.metrics
	if !m.ImpactStart.Known() {
		c.report("M1", SeverityWarning, "No entry says when the impact began. `/incident mark <n> OUTAGE BEGINS` does.")
	}
	if !m.Detected.Known() {
		c.report("M2", SeverityWarning, "No entry says when it was detected. `/incident mark <n> DETECTED` does.")
	}
	if !m.Resolved.Known() {
		c.report("M3", SeverityWarning, "Nothing says when the impact was over. `/incident mark <n> OUTAGE ENDS` does, or `/incident resolve at:<time>`.")
	}
	if m.Mitigated.Known() && !m.Resolved.Known() && c.in.State != incident.StateResolved {
		c.report("M3b", SeverityWarning, "It was mitigated and never resolved. When it is over: `/incident resolve at:<time>`.")
	}
}

// milestoneOrder is M4.
func (c *checker) milestoneOrder() {
	m := c.metrics
	for _, pair := range []struct {
		first, second         incident.Milestone
		firstSaid, secondSaid string
		mayBeOne              bool
	}{
		{m.ImpactStart, m.Detected, "the impact began", "it was detected", true},
		{m.Detected, m.Resolved, "it was detected", "it was resolved", true},
		{m.ImpactStart, m.Mitigated, "the impact began", "it was mitigated", true},
		{m.ImpactStart, m.Resolved, "the impact began", "it was resolved", false},
		{m.Mitigated, m.Resolved, "it was mitigated", "it was resolved", true},
	} {
		if !pair.first.Known() || !pair.second.Known() {
			continue
		}
		first, second := pair.first.At.Instant(c.loc), pair.second.At.Instant(c.loc)
		sameMoment := first.Equal(second) && pair.first.At.Clock() && pair.second.At.Clock() && pair.second.At.End.IsZero()
		if second.Before(first) && !c.withinOneDay(pair.first, pair.second) || sameMoment && !pair.mayBeOne {
			c.report("M4", SeverityError, "As marked, %s at %s and %s at %s, which is not later. Correct the one that is wrong with `/incident mark` or `/incident edit <n> at:<time>`.",
				pair.firstSaid, c.when(pair.first), pair.secondSaid, c.when(pair.second))
		}
	}
}

// withinOneDay says that only the day is known of one of two milestones and the other is of that day, so either may have
// come first.
func (c *checker) withinOneDay(a, b incident.Milestone) bool {
	if a.At.Clock() && b.At.Clock() {
		return false
	}
	return dayOf(a.At.Start, a.At.Precision, c.loc) == dayOf(b.At.Start, b.At.Precision, c.loc)
}

// when is a milestone as people read it.
func (c *checker) when(m incident.Milestone) string {
	day := dayOf(m.At.Start, m.At.Precision, c.loc).String()
	if t := clock(m.At, c.loc); t != "" && m.At.Clock() {
		return day + " " + t
	}
	return day
}

// slowness is M5 and M6.
func (c *checker) slowness() {
	m := c.metrics
	if m.TTD.Known && m.TTD.Length > slowDetection {
		c.report("M5", SeverityInfo, "It took %s to detect it. What would have halved that? `/incident action type:detect <text>` records it.", m.TTD)
	}
	helps := c.actionsThat(func(a incident.Action) bool { return a.Type == "detect" || a.Type == "process" })
	if m.TTA.Known && m.TTA.Length > slowResponse && len(helps) == 0 {
		c.report("M6", SeverityInfo, "It took %s from the detection until somebody took it on. What would have halved that? `/incident action type:process <text>` records it.", m.TTA)
	}
}

// A stated duration is one that is said to be that of the incident or its impact, without "about" or "over" before it.
var (
	statedDuration = regexp.MustCompile(`(?i)\b(?:down for|lasted(?: for)?|lasting|duration (?:was|of|is)|outage of)\s+((?:\d+\s*(?:days?|hours?|hrs?|minutes?|mins?|seconds?|secs?)(?:,? and |, | )?)+)`)
	durationPart   = regexp.MustCompile(`(?i)(\d+)\s*(d|h|m|s)`)
)

// statedDurations is M7: a reader who finds two durations believes neither.
func (c *checker) statedDurations() {
	m := c.metrics
	if !m.TTR.Known && !m.Duration.Known && !m.DetectedToResolved.Known {
		return
	}
	for _, p := range append(c.fieldPassages(), passage{where: "the notes on the timeline", text: strings.Join(c.doc.TimelineNotes, "\n")}) {
		for _, stated := range statedDuration.FindAllStringSubmatch(p.text, -1) {
			length, unit := readDuration(stated[1])
			if agrees(length, unit, m.TTR, m.Duration, m.TTM, m.DetectedToResolved) {
				continue
			}
			c.report("M7", SeverityWarning, "%s says %s, the markers say %s. Correct the text, or the markers with `/incident mark`.",
				capitalized(p.where), strings.Trim(stated[1], ", "), firstKnown(m.Duration, m.TTR, m.DetectedToResolved))
		}
	}
}

// readDuration is the length of a duration in words, and its smallest unit.
func readDuration(text string) (length, unit time.Duration) {
	units := map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second}
	for _, part := range durationPart.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(part[1])
		if err != nil || n > 1e6 {
			continue // no incident lasts that long
		}
		unit = units[strings.ToLower(part[2])]
		length += time.Duration(n) * unit
	}
	return length, unit
}

// agrees says that a length differs from one of the spans by no more than its unit leaves open.
func agrees(length, unit time.Duration, spans ...incident.Span) bool {
	for _, s := range spans {
		if s.Known && (s.Length-length).Abs() < unit {
			return true
		}
	}
	return false
}

func firstKnown(spans ...incident.Span) incident.Span {
	for _, s := range spans {
		if s.Known {
			return s
		}
	}
	return incident.Span{}
}
