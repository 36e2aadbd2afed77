package web

import (
	"time"

	"boswell/incident"
)

// clock is a moment as it stands before an entry: the time of day, "~" before an approximate one, both ends of a range. Of a
// day without a time of day it is empty.
func clock(m incident.Moment, loc *time.Location) string {
	if !m.Known() || m.Precision == incident.Day && m.End.IsZero() {
		return ""
	}
	text := face(m, m.Start, loc)
	if m.Approximate {
		text = "~" + text
	}
	if m.End.IsZero() {
		return text
	}
	end := face(m, m.End, loc)
	if m.Clock() && dayIn(m, m.Start, loc) != dayIn(m, m.End, loc) {
		end = dayIn(m, m.End, loc) + " " + end
	}
	return text + "–" + end
}

// face is one end of a moment, as finely as it is known.
func face(m incident.Moment, t time.Time, loc *time.Location) string {
	switch m.Precision {
	case incident.Day:
		return t.Format(time.DateOnly)
	case incident.Second:
		return t.In(loc).Format(time.TimeOnly)
	default:
		return t.In(loc).Format("15:04")
	}
}

// dayIn is the date of one end of a moment; empty if no day is known.
func dayIn(m incident.Moment, t time.Time, loc *time.Location) string {
	switch {
	case !m.Known():
		return ""
	case m.Precision == incident.Day:
		loc = time.UTC
	}
	return t.In(loc).Format(time.DateOnly)
}

// stamp is an instant for people: the day, the time and the zone.
func stamp(t time.Time, z incident.Zone) string {
	if t.IsZero() {
		return ""
	}
	return t.In(z.Location()).Format("2 Jan 2006, 15:04 ") + z.String()
}
