package incident

import (
	"slices"
	"time"
)

// A wallTime is what a calendar and a clock on the wall show, before anybody says where they hang.
type wallTime struct {
	Civil
	hour, minute, second int
}

// in is the time that Go makes of w in loc. Where the clocks change it is right for one side of the change only.
func (w wallTime) in(loc *time.Location) time.Time {
	return time.Date(w.Year, w.Month, w.Day, w.hour, w.minute, w.second, 0, loc)
}

// instants are the instants, in UTC and in order, at which the clocks in loc show w: one as a rule, two in an hour that
// is repeated, none in an hour that is skipped.
func (w wallTime) instants(loc *time.Location) []time.Time {
	guess := w.in(loc)
	start, end := guess.ZoneBounds()
	offsets := []time.Duration{offsetAt(guess)}
	if !start.IsZero() {
		offsets = append(offsets, offsetAt(start.Add(-time.Second)))
	}
	if !end.IsZero() {
		offsets = append(offsets, offsetAt(end))
	}
	var found []time.Time
	for _, offset := range offsets {
		t := w.in(time.UTC).Add(-offset)
		if offsetAt(t.In(loc)) == offset && !slices.ContainsFunc(found, t.Equal) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, time.Time.Compare)
	return found
}

// skippedAt is the instant, in UTC, at which the clocks in loc jumped over w. It has a meaning only where w has no
// instants.
func (w wallTime) skippedAt(loc *time.Location) time.Time {
	guess := w.in(loc)
	start, end := guess.ZoneBounds()
	shown := guess.UTC().Add(offsetAt(guess))
	if shown.After(w.in(time.UTC)) {
		return start.UTC()
	}
	return end.UTC()
}

// settle picks the instant that a person means who typed w: the later of two that is not after typed, else the first.
// A time that the clocks skipped is refused.
func (w wallTime) settle(typed time.Time, z Zone) (time.Time, error) {
	at := w.instants(z.Location())
	if len(at) == 0 {
		return time.Time{}, w.refuseSkipped(z)
	}
	for _, t := range slices.Backward(at) {
		if !t.After(typed) {
			return t, nil
		}
	}
	return at[0], nil
}

// clock is the time of day as it is printed with precision p.
func (w wallTime) clock(p Precision) string { return w.in(time.UTC).Format(clockLayout(p)) }

// iso is the date and the time of day, as a person can type them.
func (w wallTime) iso(p Precision) string { return w.Civil.String() + "T" + w.clock(p) }

func (w wallTime) refuseSkipped(z Zone) error {
	loc := z.Location()
	jump := w.skippedAt(loc)
	before := jump.Add(offsetAt(jump.Add(-time.Second).In(loc)))
	after := jump.Add(offsetAt(jump.In(loc)))
	layout := "15:04"
	if before.YearDay() != after.YearDay() {
		layout = "2 January 15:04"
	}
	return Refuse("There was no %s on %s in %s: the clocks went forward from %s to %s. Write the time that the clocks showed, or give it in UTC, such as \"%s UTC\".",
		w.clock(Minute), w.long(), z, before.Format(layout), after.Format(layout), jump.Format("2006-01-02 15:04"))
}

// offsetAt is how far the clocks of t's location are ahead of UTC at t.
func offsetAt(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// clockLayout is the layout, for time.Time.Format, of a time of day known to p.
func clockLayout(p Precision) string {
	if p == Second {
		return time.TimeOnly
	}
	return "15:04"
}
