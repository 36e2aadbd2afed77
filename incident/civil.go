package incident

import (
	"cmp"
	"fmt"
	"time"
)

// The years that a typed date may have. Offsets of zones are whole minutes in all of them, so a time that is cut to the
// minute is cut in every zone at once.
const (
	firstYear = 1980
	lastYear  = 2199
)

// A Civil is a date of the calendar, in no particular zone. The zero Civil is no date.
type Civil struct {
	Year  int
	Month time.Month
	Day   int
}

// civilOf is the date that t shows in its own location.
func civilOf(t time.Time) Civil {
	y, m, d := t.Date()
	return Civil{Year: y, Month: m, Day: d}
}

// IsZero reports whether c is no date.
func (c Civil) IsZero() bool { return c == Civil{} }

// String is the date in ISO form, 2006-01-02, and empty for no date.
func (c Civil) String() string {
	if c.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", c.Year, c.Month, c.Day)
}

// Compare is negative if c is before o, positive if it is after, and zero if they are one date. No date is before all.
func (c Civil) Compare(o Civil) int {
	return cmp.Or(cmp.Compare(c.Year, o.Year), cmp.Compare(c.Month, o.Month), cmp.Compare(c.Day, o.Day))
}

// Midnight is the instant, in UTC, at which the day begins in loc: 00:00, or where the clocks skip that, the first
// instant after it.
func (c Civil) Midnight(loc *time.Location) time.Time {
	w := wallTime{Civil: c}
	if at := w.instants(loc); len(at) > 0 {
		return at[0]
	}
	return w.skippedAt(loc)
}

// MarshalText is String.
func (c Civil) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes; anything else is an error.
func (c *Civil) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = Civil{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("read a civil date: %w", err)
	}
	*c = civilOf(t)
	return nil
}

// addDays is the date n days later.
func (c Civil) addDays(n int) Civil {
	return civilOf(time.Date(c.Year, c.Month, c.Day+n, 0, 0, 0, 0, time.UTC))
}

// weekday is the day of the week.
func (c Civil) weekday() time.Weekday {
	return time.Date(c.Year, c.Month, c.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// long is the date as people say it: 21 November 2019.
func (c Civil) long() string { return fmt.Sprintf("%d %s %d", c.Day, c.Month, c.Year) }

// daysIn is the number of days of a month.
func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
