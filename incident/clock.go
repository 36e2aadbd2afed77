package incident

import (
	"strings"
	"time"
)

// A Reading is a typed time as it was understood.
type Reading struct {
	Moment Moment
	Dated  bool // the text named the full date, year included, of every day in it
	In     Zone // the zone it was read in: the one that the text named, else the incident's
}

// rangeSigns are the signs between the two ends of a range, all turned into the first.
var rangeSigns = strings.NewReplacer("–", "~", " - ", "~", " to ", "~", " until ", "~")

// ReadMoment reads a time that a person typed at the instant typed into an incident that lives in z. It reads
//
//   - a time of day: 14:05, 9:40, 14:05:30, 5:06pm, noon; alone it is the most recent such time that is not after typed;
//   - a date: 2024-03-21, 2024/3/21, 21-March-2024, March 21; alone it is of Day precision;
//   - a date or yesterday, today, a weekday, with a time of day: 2024-03-21T14:05:30Z, "monday 14:00";
//   - a zone behind a time of day, as ParseZone reads it: "14:05 Europe/Paris";
//   - a time counted back: "10m ago", "an hour ago", now;
//   - ~ or "about" in front: approximate; A~B: a range, in which a bare B is on the day of A; ? alone: unknown.
//
// The precision follows the form. Where the clocks are put back and show a time twice, it is the later one that is not
// after typed. Everything else is a Refusal, as is a time that the clocks skipped and a range that runs backwards.
func ReadMoment(text string, typed time.Time, z Zone) (Reading, error) {
	clean, err := readable(text)
	if err != nil {
		return Reading{}, err
	}
	clean, approximate := cutSign(rangeSigns.Replace(clean))
	if clean == "?" {
		return Reading{In: z}, nil
	}
	first, second, isRange := strings.Cut(clean, "~")
	if !isRange {
		return readSingle(first, approximate, typed, z)
	}
	second, also := cutSign(second)
	return readRange(strings.TrimSpace(first), second, approximate || also, typed, z)
}

// ReadInstant reads a date, which is its midnight in z, or one time, as ReadMoment does, where nothing is uncertain: an
// approximate or unknown time and a range are refused. The result is in UTC and may lie in the future.
func ReadInstant(text string, typed time.Time, z Zone) (time.Time, error) {
	r, err := ReadMoment(text, typed, z)
	if err != nil {
		return time.Time{}, err
	}
	if m := r.Moment; !m.Known() || m.Approximate || !m.End.IsZero() {
		return time.Time{}, Refuse("%s is not one exact time. Write a date or a date and a time, such as 2024-03-21 or 2024-03-21T14:05.", quoteTyped(text))
	}
	return r.Moment.Instant(r.In.Location()), nil
}

// readable is the cleaned text of a time or a date that is worth reading.
func readable(text string) (string, error) {
	clean := cleanTyped(text)
	switch {
	case clean == "":
		return "", Refuse("There is no time to read. %s", timeForms)
	case tooLong(clean):
		return "", Refuse("%s is too long for a time. %s", quoteTyped(text), timeForms)
	}
	return clean, nil
}

// cutSign takes off the sign, or the word, of an approximate time.
func cutSign(text string) (rest string, approximate bool) {
	text = strings.TrimSpace(text)
	for _, sign := range []string{"~", "about ", "around ", "circa ", "approximately "} {
		if rest, approximate = strings.CutPrefix(text, sign); approximate {
			return strings.TrimSpace(rest), true
		}
	}
	return text, false
}

func readSingle(text string, approximate bool, typed time.Time, z Zone) (Reading, error) {
	p, err := readPoint(text)
	if err != nil {
		return Reading{}, err
	}
	at, err := p.settle(typed, z)
	if err != nil {
		return Reading{}, err
	}
	m := At(at.at, at.precision)
	m.Approximate = approximate
	return Reading{Moment: m, Dated: p.day.form == fullDate, In: p.zoneOr(z)}, nil
}

func (p typedPoint) zoneOr(z Zone) Zone {
	if p.zone != nil {
		return *p.zone
	}
	return z
}
