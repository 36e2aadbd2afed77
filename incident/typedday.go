package incident

import (
	"slices"
	"time"
)

// dayForm says what a typedDay names.
type dayForm int

const (
	noDay    dayForm = iota
	fullDate         // year, month and day
	yearless         // month and day
	monthly          // year and month
	shifted          // so many days from today
)

// A typedDay is a day as typed. The zero value is none.
type typedDay struct {
	form  dayForm
	date  Civil // as far as form says
	shift int
}

// days are the dates that d may mean, the likeliest first. Whoever resolves it takes the first that is not after the
// moment of typing, and the last if all are.
func (d typedDay) days(today Civil) []Civil {
	switch d.form {
	case shifted:
		return []Civil{today.addDays(d.shift)}
	case yearless:
		return d.inYears(today)
	case noDay:
		return []Civil{today, today.addDays(-1)}
	}
	return []Civil{d.date}
}

// inYears are the dates of a month and day in the years up to today's, down to one that is past. 29 February has few.
func (d typedDay) inYears(today Civil) []Civil {
	var days []Civil
	for year := today.Year; ; year-- {
		day := Civil{Year: year, Month: d.date.Month, Day: d.date.Day}
		if day.Day > daysIn(year, day.Month) {
			continue
		}
		days = append(days, day)
		if day.Compare(today) < 0 {
			return days
		}
	}
}

// weekdays are the dates that the name of a weekday may mean: the latest such day, today included, and the one before.
func weekdays(w time.Weekday, today Civil) []Civil {
	latest := today.addDays(-(int(today.weekday()-w) + 7) % 7)
	return []Civil{latest, latest.addDays(-7)}
}

// day reads one of the forms of a day. What has the shape of a date and is none is refused.
func (t *typedText) day() (typedDay, error) {
	shifts := []string{"yesterday", "today", "tomorrow"}
	if w := t.word(shifts...); w != "" {
		return typedDay{form: shifted, shift: slices.Index(shifts, w) - 1}, nil
	}
	for _, read := range []func(*typedText) (typedDay, error){(*typedText).numericDate, (*typedText).monthFirst, (*typedText).numberFirst} {
		start := t.pos
		if d, err := read(t); err != nil || d.form != noDay {
			return d, err
		}
		t.pos = start
	}
	return typedDay{}, nil
}

// numericDate reads 2024-03-21, 2024/3/21, 21.03.2024 and the like, and 2024-03.
func (t *typedText) numericDate() (typedDay, error) {
	start := t.pos
	first := t.digits()
	sep := string(t.next())
	if first == "" || len(first) > 4 || sep != "-" && sep != "/" && sep != "." {
		return typedDay{}, nil
	}
	t.accept(sep)
	second := t.digits()
	if len(second) < 1 || len(second) > 2 {
		return typedDay{}, nil
	}
	if !t.accept(sep) {
		if len(first) != 4 {
			return typedDay{}, nil
		}
		return monthOf(t.text[start:t.pos], number(first), number(second))
	}
	third := t.digits()
	text := t.text[start:t.pos]
	switch {
	case len(first) == 4 && (len(third) == 1 || len(third) == 2):
		return dateOf(text, number(first), number(second), number(third))
	case len(first) <= 2 && len(third) == 4:
		return twoNumbers(text, number(first), number(second), number(third))
	case len(first) <= 2 && len(third) == 2:
		return typedDay{}, Refuse("%s does not say which number is the year. Write the year first and in full, such as 2024-03-21.", text)
	}
	return typedDay{}, nil
}

// monthFirst reads March 21st, March 21, 2024 and March 2024.
func (t *typedText) monthFirst() (typedDay, error) {
	start := t.pos
	month := t.month()
	if month == 0 {
		return typedDay{}, nil
	}
	t.gap()
	switch digits := t.digits(); {
	case t.next() == ':':
		return typedDay{}, nil
	case len(digits) == 4:
		return monthOf(t.text[start:t.pos], number(digits), int(month))
	case len(digits) == 1 || len(digits) == 2:
		t.word("st", "nd", "rd", "th")
		return t.withYear(start, month, number(digits))
	}
	return typedDay{}, nil
}

// numberFirst reads 21 March, 21-Mar-2024, 3rd of March and 2024 March 21.
func (t *typedText) numberFirst() (typedDay, error) {
	start := t.pos
	digits := t.digits()
	if digits == "" || len(digits) == 3 || len(digits) > 4 {
		return typedDay{}, nil
	}
	t.word("st", "nd", "rd", "th")
	t.gap()
	month := t.month()
	switch {
	case month == 0:
		return typedDay{}, nil
	case len(digits) <= 2:
		return t.withYear(start, month, number(digits))
	}
	t.gap()
	if day := t.digits(); len(day) == 1 || len(day) == 2 {
		return dateOf(t.text[start:t.pos], number(digits), int(month), number(day))
	}
	return typedDay{}, nil
}

// withYear reads the year, if one follows, of a date that began at start.
func (t *typedText) withYear(start int, month time.Month, day int) (typedDay, error) {
	before := t.pos
	t.gap()
	digits := t.digits()
	switch end := t.done() || t.next() == ' ' || t.next() == ','; {
	case len(digits) == 4:
		return dateOf(t.text[start:t.pos], number(digits), int(month), day)
	case len(digits) == 2 && end && t.half() == "":
		return typedDay{}, Refuse("%s does not show a year of four digits. Write for example 2024-03-21.", quoteTyped(t.text[start:t.pos]))
	}
	t.pos = before
	return anyYear(t.text[start:t.pos], month, day)
}

// gap steps over what people write between the parts of a date.
func (t *typedText) gap() {
	for t.accept(" ") || t.accept(",") || t.accept("-") || t.accept("/") || t.accept(".") || t.word("of") != "" {
	}
}

// month reads the English name of a month, in full or by its first three letters, and returns 0 if there is none.
func (t *typedText) month() time.Month {
	for m := time.January; m <= time.December; m++ {
		if name := lowerName(m); t.word(name, name[:3]) != "" {
			return m
		}
	}
	if t.word("sept") != "" {
		return time.September
	}
	return 0
}

// weekday reads the English name of a weekday, in full or a usual short form.
func (t *typedText) weekday() (time.Weekday, bool) {
	for w := time.Sunday; w <= time.Saturday; w++ {
		if name := lowerName(w); t.word(name, name[:3]) != "" {
			return w, true
		}
	}
	switch t.word("tues", "thur", "thurs") {
	case "":
		return 0, false
	case "tues":
		return time.Tuesday, true
	}
	return time.Thursday, true
}
