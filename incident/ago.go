package incident

import (
	"strings"
	"time"
)

// typedAgo is a time counted back from the moment of typing. The zero value is none.
type typedAgo struct {
	given   bool
	days    int // of the calendar, so that "2 days ago" is the same time of day
	clock   time.Duration
	seconds bool // the text counts seconds
}

// agoUnits are the units that people count back in.
var agoUnits = []struct {
	names   []string
	days    int
	clock   time.Duration
	seconds bool
}{
	{names: []string{"s", "sec", "secs", "second", "seconds"}, clock: time.Second, seconds: true},
	{names: []string{"m", "min", "mins", "minute", "minutes"}, clock: time.Minute},
	{names: []string{"h", "hr", "hrs", "hour", "hours"}, clock: time.Hour},
	{names: []string{"d", "day", "days"}, days: 1},
	{names: []string{"w", "week", "weeks"}, days: 7},
}

// readAgo reads "now", "10m ago", "2h30m ago", "an hour ago" and the like. A text that ends in "ago" and counts nothing
// is refused; any other is not given.
func readAgo(text string) (typedAgo, error) {
	switch text {
	case "now", "just now", "right now":
		return typedAgo{given: true}, nil
	}
	counted, ok := strings.CutSuffix(text, " ago")
	if !ok {
		return typedAgo{}, nil
	}
	ago := typedAgo{given: true}
	t := &typedText{text: counted}
	for !t.done() {
		if !ago.add(t) {
			return typedAgo{}, Refuse("%s does not count back to a time. Write for example \"10m ago\", \"2h30m ago\" or \"3 days ago\".", quoteTyped(text))
		}
	}
	return ago, nil
}

// add reads one amount and its unit, and what stands between it and the next.
func (a *typedAgo) add(t *typedText) bool {
	if t.word("half") != "" {
		t.accept(" ")
		return t.word("an") != "" && t.accept(" ") && t.word("hour") != "" && a.count(30, "minutes")
	}
	n := 1
	if digits := t.digits(); digits != "" {
		n = number(digits[:min(len(digits), 6)])
		if len(digits) > 5 {
			return false
		}
	} else if t.word("a", "an", "one") == "" {
		return false
	}
	t.accept(" ")
	if !a.count(n, t.letters()) {
		return false
	}
	for t.accept(" ") || t.accept(",") || t.word("and") != "" {
	}
	return true
}

// count adds n of a unit, and reports whether there is such a unit.
func (a *typedAgo) count(n int, unit string) bool {
	for _, u := range agoUnits {
		for _, name := range u.names {
			if name == unit {
				a.days += n * u.days
				a.clock += time.Duration(n) * u.clock
				a.seconds = a.seconds || u.seconds
				return true
			}
		}
	}
	return false
}

func (a typedAgo) precision() Precision {
	if a.seconds {
		return Second
	}
	return Minute
}

// before is the instant that lies so far before typed, by a calendar in loc.
func (a typedAgo) before(typed time.Time, loc *time.Location) time.Time {
	return typed.In(loc).AddDate(0, 0, -a.days).Add(-a.clock).UTC()
}
