package incident

import "time"

// How far from the moment of typing a time may lie before a person is asked whether they mean it.
const (
	futureAllowed = 5 * time.Minute
	pastAllowed   = 365 * 24 * time.Hour
)

// Echo says how a moment was understood, to a person who typed it at typed into an incident that lives in z:
// "22:16 UTC, yesterday", "~14:10 UTC today", "21 November 2019 (no time of day)", "no time known".
func (m Moment) Echo(typed time.Time, z Zone) string {
	if !m.Known() {
		return "no time known"
	}
	about := ""
	if m.Approximate {
		about = "~"
	}
	if m.Precision == Day {
		return about + m.echoDays() + " (no time of day)"
	}
	loc := z.Location()
	from, to := wallOf(m.Start, loc), wallOf(m.End, loc)
	end := to.echo(m.End, m.Precision, typed, z)
	switch {
	case m.End.IsZero():
		return about + from.echo(m.Start, m.Precision, typed, z)
	case from.Civil == to.Civil && offsetAt(m.Start.In(loc)) == offsetAt(m.End.In(loc)):
		return about + from.clock(m.Precision) + "–" + end
	}
	return about + from.echo(m.Start, m.Precision, typed, z) + " – " + end
}

func (m Moment) echoDays() string {
	if m.End.IsZero() {
		return civilOf(m.Start).long()
	}
	return civilOf(m.Start).long() + " – " + civilOf(m.End).long()
}

// wallOf is what the clocks in loc show at t.
func wallOf(t time.Time, loc *time.Location) wallTime {
	local := t.In(loc)
	return wallTime{Civil: civilOf(local), hour: local.Hour(), minute: local.Minute(), second: local.Second()}
}

// echo says one end of a moment; t is the instant that w shows. The offset is added where the clocks show w twice.
func (w wallTime) echo(t time.Time, p Precision, typed time.Time, z Zone) string {
	loc := z.Location()
	text := w.clock(p) + " " + z.String()
	if len(w.instants(loc)) > 1 {
		text += t.In(loc).Format(" (UTC-07:00)")
	}
	today := civilOf(typed.In(loc))
	switch w.Civil {
	case today:
		return text + " today"
	case today.addDays(-1):
		return text + ", yesterday"
	case today.addDays(1):
		return text + ", tomorrow"
	}
	return text + ", " + w.long()
}

// CheckPlausible refuses, once, a time that looks like a slip: more than 5 minutes ahead of the moment of typing, or more
// than 365 days before it. The refusal tells how to insist; whoever calls it leaves it out for a person who does.
func CheckPlausible(r Reading, typed time.Time, z Zone) error {
	m := r.Moment
	if !m.Known() {
		return nil
	}
	loc := z.Location()
	last := m.Instant(loc)
	if !m.End.IsZero() {
		last = Moment{Start: m.End, Precision: m.Precision}.Instant(loc)
	}
	const insist = "If that is right, repeat the command with the full date and sure:yes."
	switch {
	case last.After(typed.Add(futureAllowed)):
		return Refuse("That is %s, which is still to come. %s", m.Echo(typed, z), insist)
	case m.Instant(loc).Before(typed.Add(-pastAllowed)):
		return Refuse("That is %s, more than a year ago. %s", m.Echo(typed, z), insist)
	}
	return nil
}
