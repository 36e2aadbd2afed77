package incident

import (
	"strings"
	"time"
)

// A Date is the day or days of an incident, as the field "date" holds them. The zero Date is none.
type Date struct {
	Written string `json:"written,omitempty"` // as typed
	From    Civil  `json:"from,omitzero"`
	To      Civil  `json:"to,omitzero"`    // the last day of a span, else zero
	Month   bool   `json:"month,omitzero"` // no day was typed: From and To are the ends of the month
}

// ReadDate reads a date that a person typed at the instant typed into an incident that lives in z: year, month and day
// with the year first; two numbers and a year, of which the one above 12 is the day; the name of a month with a day;
// a month and a year; today, yesterday, a weekday, "3 days ago"; or two such days with "–" or "to" between them. Without
// a year it is the most recent such day. Two numbers that can both be the month are refused with both readings, and so
// is everything that is no date.
func ReadDate(text string, typed time.Time, z Zone) (Date, error) {
	clean := cleanTyped(text)
	if clean == "" {
		return Date{}, Refuse("A date is missing. %s", dateForms)
	}
	if tooLong(clean) {
		return Date{}, refuseDate(text)
	}
	first, second, isSpan := strings.Cut(rangeSigns.Replace(clean), "~")
	if !isSpan {
		second = first // a single day is a span that ends where it begins
	}
	a, b, err := readEnds(first, second, readDay)
	if err != nil {
		return Date{}, err
	}
	d := Date{Written: strings.TrimSpace(text)}
	switch {
	case !isSpan && a.day.form == monthly:
		d.Month, d.From, d.To = true, firstOf(a.day.date), lastOf(a.day.date)
		return d, nil
	case a.day.form == monthly || b.day.form == monthly:
		return Date{}, Refuse("%s leaves a day open. Write both ends in full, such as 2024-03-21 to 2024-03-22.", quoteTyped(text))
	}
	d.From, d.To, err = daySpan(text, a, b, typed, z)
	if err != nil {
		return Date{}, err
	}
	return d, nil
}

// daySpan is the days from one point to another; last is zero if they are one day.
func daySpan(text string, a, b typedPoint, typed time.Time, z Zone) (first, last Civil, err error) {
	from, err := a.settle(typed, z)
	if err != nil {
		return Civil{}, Civil{}, err
	}
	to, err := b.settle(typed, z)
	if err != nil {
		return Civil{}, Civil{}, err
	}
	switch order := from.day.Compare(to.day); {
	case order > 0:
		return Civil{}, Civil{}, Refuse("%s runs backwards: it ends before it begins. Write the earlier day first.", quoteTyped(text))
	case order == 0:
		return from.day, Civil{}, nil
	}
	return from.day, to.day, nil
}

func firstOf(month Civil) Civil { return Civil{Year: month.Year, Month: month.Month, Day: 1} }

func lastOf(month Civil) Civil {
	return Civil{Year: month.Year, Month: month.Month, Day: daysIn(month.Year, month.Month)}
}

// dateForms is the end of a refusal that shows what can be written instead.
const dateForms = "Write for example 2024-03-21, 21 March 2024, March 2024, or 2024-03-21 to 2024-03-22."

func refuseDate(text string) error {
	return Refuse("%s is not a date that I can read. %s", quoteTyped(text), dateForms)
}
