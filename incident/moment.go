package incident

import "time"

// Precision says how finely a Moment is known.
type Precision string

// The precisions of a Moment, from none to the finest.
const (
	Unknown Precision = ""
	Day     Precision = "day"
	Minute  Precision = "minute"
	Second  Precision = "second"
)

// A Moment is when something happened, as far as people know it. The zero Moment is an unknown time.
//
// Start and End are in UTC. A Moment of Day precision is a civil date, kept as midnight UTC of that date: it is the same
// day in whatever zone the incident prints. End is zero unless the Moment is a range, and never before Start. Approximate
// says that people were not sure; of an unknown time it says nothing.
type Moment struct {
	Start       time.Time `json:"start,omitzero"`
	End         time.Time `json:"end,omitzero"`
	Approximate bool      `json:"approximate,omitzero"`
	Precision   Precision `json:"precision,omitzero"`
}

// At is the moment t, cut (never rounded) to p. For Day, t is midnight UTC of the civil date, as OnDay makes it. With
// Unknown, or a precision that does not exist, it is the zero Moment.
func At(t time.Time, p Precision) Moment {
	switch p {
	case Day:
		t = t.UTC().Truncate(24 * time.Hour)
	case Minute:
		t = t.UTC().Truncate(time.Minute)
	case Second:
		t = t.UTC().Truncate(time.Second)
	default:
		return Moment{}
	}
	return Moment{Start: t, Precision: p}
}

// OnDay is some time on a civil date. A day that the month does not have runs over into the next, as in time.Date.
func OnDay(year int, month time.Month, day int) Moment {
	return Moment{Start: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), Precision: Day}
}

// Known reports whether any time is known, be it only a day.
func (m Moment) Known() bool { return m.Precision != Unknown }

// Clock reports whether a time of day is known.
func (m Moment) Clock() bool { return m.Precision == Minute || m.Precision == Second }

// Instant is the instant, in UTC, by which m sorts when it is printed in loc: its start, and of a day the instant at
// which that day begins in loc. Of an unknown time it is the zero time.
func (m Moment) Instant(loc *time.Location) time.Time {
	switch m.Precision {
	case Unknown:
		return time.Time{}
	case Day:
		return civilOf(m.Start).Midnight(loc)
	}
	return m.Start
}

// Equal reports whether m and o say the same. Two unknown times are equal.
func (m Moment) Equal(o Moment) bool {
	if !m.Known() && !o.Known() {
		return true
	}
	return m.Precision == o.Precision && m.Approximate == o.Approximate && m.Start.Equal(o.Start) && m.End.Equal(o.End)
}
