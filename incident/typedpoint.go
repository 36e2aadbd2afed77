package incident

import (
	"strings"
	"time"
)

// A typedPoint is one end of a time as typed: its parts, in whatever order they came.
type typedPoint struct {
	ago        typedAgo
	day        typedDay
	weekday    time.Weekday
	hasWeekday bool
	clock      typedClock
	zone       *Zone
}

// A pointInTime is a typedPoint that was given its place in time.
type pointInTime struct {
	at        time.Time // in UTC; for Day, midnight UTC of the date
	day       Civil     // the date of at in the point's zone
	clock     typedClock
	precision Precision
}

// A pointReader reads one part of a point. It reports whether it found it; a part that comes twice is not found.
type pointReader func(*typedPoint, *typedText) (bool, error)

// readPoint reads one end of a time from a cleaned text.
func readPoint(text string) (typedPoint, error) {
	return readParts(text, refuseUnreadable, (*typedPoint).readClock, (*typedPoint).readDay, (*typedPoint).readWeekday, (*typedPoint).readZone)
}

// readDay reads one end of a date from a cleaned text: a point without a time of day.
func readDay(text string) (typedPoint, error) {
	return readParts(text, refuseDate, (*typedPoint).readDay, (*typedPoint).readWeekday)
}

// readParts reads a text that consists of the parts that readers read, and of nothing else, or that counts back.
func readParts(text string, refuse func(string) error, readers ...pointReader) (typedPoint, error) {
	ago, err := readAgo(text)
	if err != nil || ago.given {
		return typedPoint{ago: ago}, err
	}
	var p typedPoint
	t := &typedText{text: text}
	for t.skip(); !t.done(); t.skip() {
		if found, err := p.readPart(t, readers); err != nil {
			return typedPoint{}, err
		} else if !found {
			return typedPoint{}, refuse(text)
		}
	}
	if !p.clock.given && p.day.form == noDay && !p.hasWeekday {
		return typedPoint{}, refuse(text)
	}
	return p, nil
}

func (p *typedPoint) readPart(t *typedText, readers []pointReader) (bool, error) {
	for _, read := range readers {
		if found, err := read(p, t); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

func (p *typedPoint) readClock(t *typedText) (bool, error) {
	if p.clock.given {
		return false, nil
	}
	clock, err := t.clock()
	p.clock = clock
	return clock.given, err
}

func (p *typedPoint) readDay(t *typedText) (bool, error) {
	if p.day.form != noDay {
		return false, nil
	}
	day, err := t.day()
	if err != nil || day.form == noDay {
		return false, err
	}
	p.day = day
	if rest := t.rest(); len(rest) > 1 && rest[0] == 't' && isDigit(rest[1]) {
		t.pos++ // the T of an ISO time
	}
	return true, nil
}

func (p *typedPoint) readWeekday(t *typedText) (bool, error) {
	if p.hasWeekday {
		return false, nil
	}
	p.weekday, p.hasWeekday = t.weekday()
	return p.hasWeekday, nil
}

// readZone reads the zone behind a time of day. What can be no zone at all is left for a better refusal.
func (p *typedPoint) readZone(t *typedText) (bool, error) {
	if p.zone != nil || !p.clock.given || isDigit(t.next()) || isVague(t.rest()) {
		return false, nil
	}
	if p.day.form == noDay && t.next() == '-' {
		return false, refuseOffset(t.text)
	}
	zone, length, err := longestZone(t.rest())
	if err != nil {
		return false, err
	}
	p.zone = &zone
	t.pos += length
	return true, nil
}

// longestZone is the zone that the most words, of the first three of text, name, and the length of those words. If none
// do, it is the refusal of the first word.
func longestZone(text string) (zone Zone, length int, err error) {
	words := strings.SplitAfterN(text, " ", 4)
	for n := min(3, len(words)); n > 0; n-- {
		name := strings.TrimRight(strings.Join(words[:n], ""), " ,")
		if zone, err = ParseZone(name); err == nil {
			return zone, len(name), nil
		}
	}
	return Zone{}, 0, err
}

// settle finds where in time the point lies, for a person who typed it at typed, in the point's own zone or else in z.
// A bare time of day is the most recent one that is not after typed; likewise a weekday, and a date without a year.
func (p typedPoint) settle(typed time.Time, z Zone) (pointInTime, error) {
	if p.zone != nil {
		z = *p.zone
	}
	loc := z.Location()
	if p.ago.given {
		at := p.ago.before(typed, loc)
		if at.Year() < firstYear {
			return pointInTime{}, Refuse("That counts back to the year %d. Write the date instead, such as 2024-03-21.", at.Year())
		}
		return pointInTime{at: at, day: civilOf(at.In(loc)), precision: p.ago.precision()}, nil
	}
	if p.day.form == monthly {
		return pointInTime{}, Refuse("%s %d names no day. Write the date too, such as %s.",
			p.day.date.Month, p.day.date.Year, Civil{Year: p.day.date.Year, Month: p.day.date.Month, Day: 1})
	}
	found, err := p.choose(p.days(civilOf(typed.In(loc))), typed, z)
	if err != nil {
		return pointInTime{}, err
	}
	return found, p.checkWeekday(found.day)
}

func (p typedPoint) days(today Civil) []Civil {
	if p.hasWeekday && p.day.form == noDay {
		return weekdays(p.weekday, today)
	}
	return p.day.days(today)
}

// choose takes the first of days on which the point is not after typed, else the last of them.
func (p typedPoint) choose(days []Civil, typed time.Time, z Zone) (pointInTime, error) {
	if !p.clock.given {
		return wholeDay(days, civilOf(typed.In(z.Location()))), nil
	}
	for _, day := range days[:len(days)-1] {
		w := p.clock.on(day)
		at, err := w.settle(typed, z)
		if err != nil && !w.skippedAt(z.Location()).After(typed) {
			return pointInTime{}, err
		}
		if err == nil && !at.After(typed) {
			return pointInTime{at: at, day: day, clock: p.clock, precision: p.clock.precision()}, nil
		}
	}
	last := days[len(days)-1]
	at, err := p.clock.on(last).settle(typed, z)
	return pointInTime{at: at, day: last, clock: p.clock, precision: p.clock.precision()}, err
}

func wholeDay(days []Civil, today Civil) pointInTime {
	chosen := days[len(days)-1]
	for _, day := range days {
		if day.Compare(today) <= 0 {
			chosen = day
			break
		}
	}
	return pointInTime{at: OnDay(chosen.Year, chosen.Month, chosen.Day).Start, day: chosen, precision: Day}
}

// checkWeekday refuses a date whose weekday the person typed too, and got wrong: one of the two is a slip.
func (p typedPoint) checkWeekday(day Civil) error {
	if !p.hasWeekday || day.weekday() == p.weekday {
		return nil
	}
	return Refuse("%s is a %s, not a %s. Correct the date or the weekday.", day.long(), day.weekday(), p.weekday)
}
