package incident

import (
	"strings"
	"time"
)

// readRange reads the two ends of a range. A zone named at one end holds for both, and so does a year.
func readRange(first, second string, approximate bool, typed time.Time, z Zone) (Reading, error) {
	text := first + "~" + second
	if first == "" || second == "" || strings.Contains(second, "~") {
		return Reading{}, Refuse("%s is not a range: it needs one ~ between two times, such as 14:05~14:20.", quoteTyped(text))
	}
	a, b, err := readEnds(first, second, readPoint)
	if err != nil {
		return Reading{}, err
	}
	if a.clock.oneSided(b.clock) || b.clock.oneSided(a.clock) {
		return Reading{}, Refuse("%s has am or pm at one end only. Write it at both, or use hours from 0 to 23.", quoteTyped(text))
	}
	bareEnd := b.clock.given && b.day.form == noDay && !b.hasWeekday
	from, err := a.settle(typed, z)
	if err != nil {
		return Reading{}, err
	}
	dated := a.day.form == fullDate && (bareEnd || b.day.form == fullDate)
	if bareEnd {
		b.day = typedDay{form: fullDate, date: from.day}
	}
	to, err := b.settle(typed, z)
	if err != nil {
		return Reading{}, err
	}
	m, err := span(text, from, to)
	if err != nil {
		return Reading{}, err
	}
	m.Approximate = approximate
	return Reading{Moment: m, Dated: dated, In: a.zoneOr(z)}, nil
}

// readEnds reads both ends with read and gives to each what only the other says.
func readEnds(first, second string, read func(string) (typedPoint, error)) (a, b typedPoint, err error) {
	if a, err = read(strings.TrimSpace(first)); err != nil {
		return a, b, err
	}
	if b, err = read(strings.TrimSpace(second)); err != nil {
		return a, b, err
	}
	if a.zone == nil {
		a.zone = b.zone
	}
	if b.zone == nil {
		b.zone = a.zone
	}
	if a.day, err = a.day.withYearOf(b.day); err != nil {
		return a, b, err
	}
	b.day, err = b.day.withYearOf(a.day)
	return a, b, err
}

// withYearOf is d in the year of the other end of a range, if d has none of its own.
func (d typedDay) withYearOf(other typedDay) (typedDay, error) {
	if d.form != yearless || other.form != fullDate {
		return d, nil
	}
	return dateOf(shortDate(d.date), other.date.Year, int(d.date.Month), d.date.Day)
}

// oneSided reports whether c is typed with am or pm while o could be too, but is not.
func (c typedClock) oneSided(o typedClock) bool {
	return c.half && o.given && !o.half && o.hour >= 1 && o.hour <= 12
}

// span is the moment from one point to another. Two ends that are one are no range; the finer precision holds for both.
func span(text string, from, to pointInTime) (Moment, error) {
	if (from.precision == Day) != (to.precision == Day) {
		return Moment{}, Refuse("%s has a time of day at one end only. Write one at both, or the dates alone.", quoteTyped(text))
	}
	precision := from.precision
	if to.precision == Second {
		precision = Second
	}
	m := At(from.at, precision)
	end := At(to.at, precision).Start
	switch {
	case end.Before(m.Start):
		return Moment{}, refuseBackwards(text, from, to)
	case end.After(m.Start):
		m.End = end
	}
	return m, nil
}

func refuseBackwards(text string, from, to pointInTime) error {
	if from.day != to.day || !from.clock.given || !to.clock.given {
		return Refuse("%s runs backwards: it ends before it begins. Write the earlier end first, and the date of both.", quoteTyped(text))
	}
	return Refuse("%s runs backwards: it ends %s before it begins. If it ends on the next day, write the date of both ends, such as %s~%s.",
		quoteTyped(text), Words(from.at.Sub(to.at)), from.clock.on(from.day).iso(from.precision), to.clock.on(to.day.addDays(1)).iso(to.precision))
}
