package postmortem

import (
	"fmt"
	"regexp"
	"slices"
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
	c.inOrder(milestone{"the impact began", m.ImpactStart, ""}, milestone{"it was detected", m.Detected, ""})
	c.inOrder(milestone{"it was detected", m.Detected, ""}, milestone{"it was resolved", m.Resolved, "resolve"})
	c.inOrder(milestone{"the impact began", m.ImpactStart, ""}, milestone{"it was mitigated", m.Mitigated, "mitigate"})
	c.inOrder(milestone{"the impact began", m.ImpactStart, ""}, milestone{"it was resolved", m.Resolved, "resolve"})
	c.inOrder(milestone{"it was mitigated", m.Mitigated, "mitigate"}, milestone{"it was resolved", m.Resolved, "resolve"})
	if m.TTR.Known && m.TTR.Length == 0 {
		c.report("M4", SeverityError, "As marked, the impact began and ended at %s. Correct the end with `/incident %s at:<time>`.",
			c.when(m.Resolved), milestone{of: m.Resolved, command: "resolve"}.setBy())
	}
}

// A milestone is a turn in the words of a finding.
type milestone struct {
	said    string
	of      incident.Milestone
	command string // that sets it where no entry does
}

// setBy is the command that sets when it was, up to the time.
func (m milestone) setBy() string {
	if m.of.Number > 0 {
		return fmt.Sprintf("edit %d", m.of.Number)
	}
	return m.command
}

// inOrder reports two milestones if the second came first.
func (c *checker) inOrder(first, second milestone) {
	if !first.of.Known() || !second.of.Known() || c.withinOneDay(first.of, second.of) {
		return
	}
	if second.of.At.Instant(c.loc).Before(first.of.At.Instant(c.loc)) {
		c.report("M4", SeverityError, "As marked, %s at %s and %s at %s, which is earlier. If the second is wrong, `/incident %s at:<time>` corrects it, else `/incident %s at:<time>` the first.",
			first.said, c.when(first.of), second.said, c.when(second.of), second.setBy(), first.setBy())
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
	statedDuration = pattern{
		words: []string{"down for", "last", "duration", "outage of"},
		form:  regexp.MustCompile(`(?i)\b(?:down for|lasted(?: for)?|lasting|duration (?:was|of|is)|outage of)\s+((?:\d+\s*(?:days?|hours?|hrs?|minutes?|mins?|seconds?|secs?)(?:,? and |, | )?)+)`),
	}
	durationPart = regexp.MustCompile(`(?i)(\d+)\s*(d|h|m|s)`)
)

// statedDurations is M7: a reader who finds two durations believes neither.
func (c *checker) statedDurations() {
	m := c.metrics
	if !m.TTR.Known && !m.Duration.Known && !m.DetectedToResolved.Known {
		return
	}
	for _, p := range append(slices.Clone(c.texts.fields), fieldPassage(incident.FieldTimelineNote, strings.Join(c.doc.TimelineNotes, "\n"))) {
		if !statedDuration.in(p) {
			continue
		}
		for _, stated := range statedDuration.form.FindAllStringSubmatch(p.text, -1) {
			length, unit := readDuration(stated[1])
			if agrees(length, unit, m.TTR, m.Duration, m.TTM, m.DetectedToResolved) {
				continue
			}
			c.report("M7", SeverityWarning, "%s says %s, the markers say %s. Correct the text with %s, or the markers with `/incident mark <n> <marker>`.",
				capitalized(p.where), strings.Trim(stated[1], ", "), firstKnown(m.Duration, m.TTR, m.DetectedToResolved), p.fix)
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
