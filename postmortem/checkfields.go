package postmortem

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"boswell/incident"
)

func (c *checker) fields() {
	c.emptyFields()
	c.openFields()
	c.impactNumbers()
	c.emptyLessons()
	c.plausibleDate()
}

// emptyFields is F1: a reader asks for these first.
func (c *checker) emptyFields() {
	d := c.doc
	for _, f := range []struct {
		empty    bool
		severity Severity
		text     string
	}{
		{d.Summary == "", SeverityError, "The summary is empty. Say in two or three sentences what happened: `/incident set summary <text>`."},
		{len(d.Impact) == 0, SeverityError, "The impact is empty. Say who was affected, and in numbers: `/incident set +impact <text>`."},
		{d.Days.From.IsZero(), SeverityWarning, "The date is missing. Set it with `/incident set date 2024-03-21`."},
		{len(d.Authors) == 0, SeverityWarning, "Nobody is named as author. `/incident set authors <names, apart by commas>` does it."},
		{d.Status == "", SeverityWarning, "The status is empty. Say how it stands: `/incident status <text>`."},
		{len(d.Causes) == 0, SeverityWarning, "No root cause is recorded. Add one with `/incident cause root <text>`."},
		{d.Trigger == "", SeverityWarning, "The trigger is empty. Say what set it off: `/incident set trigger <text>`."},
		{d.Resolution.Text == "" && len(d.Resolution.Steps) == 0, SeverityWarning, "The resolution is empty. Say what ended it: `/incident set resolution <text>`."},
		{d.Detection == "", SeverityWarning, "The detection is empty. Say how it was noticed: `/incident set detection <text>`."},
	} {
		if f.empty {
			c.report("F1", f.severity, "%s", f.text)
		}
	}
}

var openWords = pattern{
	words: []string{"tbd", "tba", "todo", "fixme", "to be determined", "investigat"},
	form:  regexp.MustCompile(`(?i)\b(TBD|TBA|TODO|FIXME|to be determined|(still|under|in root cause) investigat\w*|being investigated)\b`),
}

// openFields is F2 and F3.
func (c *checker) openFields() {
	settled := []passage{statusPassage(c.doc), fieldPassage(incident.FieldTrigger, c.doc.Trigger), fieldPassage(incident.FieldResolution, c.doc.Resolution.Text)}
	c.reportPassages("F2", SeverityWarning, append(settled, c.texts.causes...), openWords.in,
		"something is still open. Say what is known by now.")
	over := c.in.State == incident.StateResolved || c.in.State == incident.StateClosed
	if over && hasWord(c.doc.Status, "draft") {
		c.report("F3", SeverityWarning, "The status still says draft. If the postmortem is finished, say so: `/incident status <text>`.")
	}
}

// hasWord finds a word in upper or lower case.
func hasWord(text, word string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return !isWordRune(r) }),
		func(w string) bool { return strings.EqualFold(w, word) })
}

// impactNumbers is F4.
func (c *checker) impactNumbers() {
	if len(c.doc.Impact) > 0 && !strings.ContainsAny(strings.Join(c.doc.Impact, ""), "0123456789") {
		c.report("F4", SeverityWarning, "The impact has no number in it. Say how many users, requests or minutes: `/incident set +impact <text>`.")
	}
}

// emptyLessons is F5.
func (c *checker) emptyLessons() {
	l := c.doc.Lessons
	if len(c.in.Lessons) == 0 {
		c.report("F5", SeverityWarning, "No lesson is recorded. Add them with `/incident lesson well <text>`, `/incident lesson wrong <text>` and `/incident lesson lucky <text>`.")
		return
	}
	for _, part := range []struct {
		kind    string
		lessons []string
	}{{"well", l.Well}, {"wrong", l.Wrong}, {"lucky", l.Lucky}} {
		if len(part.lessons) == 0 {
			c.report("F5", SeverityInfo, "No lesson of the kind %s is recorded. If there is one: `/incident lesson %s <text>`.", part.kind, part.kind)
		}
	}
}

const year = 365 * 24 * time.Hour

// plausibleDate is F6: a date in the future, after the publication, or a year away from when the incident was opened.
func (c *checker) plausibleDate() {
	from := c.doc.Days.From
	if from.IsZero() {
		return
	}
	const remedy = "If it is a slip, `/incident set date <date>` corrects it."
	begins := from.Midnight(c.loc)
	switch {
	case begins.After(c.now):
		c.report("F6", SeverityError, "The date %s is still to come. %s", from, remedy)
	case !c.doc.Published.IsZero() && begins.After(c.doc.Published):
		c.report("F6", SeverityError, "The date %s is later than the publication on %s. %s", from, c.doc.Published.UTC().Format(time.DateOnly), remedy)
	case c.in.Opened.Sub(begins).Abs() > year && !c.in.Opened.IsZero():
		c.report("F6", SeverityError, "The date %s is more than a year away from %s, when the incident was opened. %s",
			from, c.in.Opened.In(c.loc).Format(time.DateOnly), remedy)
	}
}

// roles is R1.
func (c *checker) roles() {
	for _, role := range []incident.Role{incident.Commander, incident.Scribe} {
		held := slices.ContainsFunc(c.in.Responders, func(r incident.Responder) bool {
			return slices.ContainsFunc(r.Roles, func(s incident.RoleSpan) bool { return s.Role == role })
		})
		if !held {
			c.report("R1", SeverityInfo, "Nobody is recorded as %s. `/incident role %s <person>` does it.", role.Title(), role)
		}
	}
}

// How long after the end of an incident its postmortem should be out.
const (
	workingDaysToPublish = 5
	sev1DaysToPublish    = 3
)

// publication is P1.
func (c *checker) publication() {
	ended := c.endedOn()
	if ended.IsZero() {
		return
	}
	due := afterWorkingDays(ended, workingDaysToPublish)
	within := "5 working days"
	if c.in.Severity == incident.Sev1 {
		due, within = ended.AddDate(0, 0, sev1DaysToPublish), "3 days, as for every sev1"
	}
	switch {
	case !c.doc.Published.IsZero() && dateIn(c.doc.Published, c.loc).After(due):
		c.report("P1", SeverityInfo, "The postmortem came out on %s, the incident was over on %s. Next time aim at %s; people forget.",
			c.doc.Published.In(c.loc).Format(time.DateOnly), ended.Format(time.DateOnly), within)
	case c.doc.Published.IsZero() && dateIn(c.now, c.loc).After(due):
		c.report("P1", SeverityInfo, "The incident was over on %s and the postmortem is not out yet; aim at %s. When it is: `/incident set published <date>`.",
			ended.Format(time.DateOnly), within)
	}
}

// endedOn is the day on which the incident was over, as midnight UTC; zero while it lasts.
func (c *checker) endedOn() time.Time {
	m := c.metrics.Resolved.At
	switch {
	case m.Clock():
		return dateIn(m.Start, c.loc)
	case m.Known():
		return m.Start
	case !c.in.Closed.IsZero():
		return dateIn(c.in.Closed, c.loc)
	default:
		return time.Time{}
	}
}

// dateIn is the date that t has in loc, as midnight UTC.
func dateIn(t time.Time, loc *time.Location) time.Time {
	y, m, d := t.In(loc).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// afterWorkingDays is the date n working days later; Saturdays and Sundays are none.
func afterWorkingDays(date time.Time, n int) time.Time {
	for n > 0 {
		date = date.AddDate(0, 0, 1)
		if date.Weekday() != time.Saturday && date.Weekday() != time.Sunday {
			n--
		}
	}
	return date
}
