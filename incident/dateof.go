package incident

import (
	"fmt"
	"strings"
	"time"
)

// dateOf is the date of three numbers, or the refusal of a date that no calendar has.
func dateOf(text string, year, month, day int) (typedDay, error) {
	if _, err := monthOf(text, year, month); err != nil {
		return typedDay{}, err
	}
	last := daysIn(year, time.Month(month))
	if day < 1 || day > last {
		return typedDay{}, Refuse("%s is not a date: %s %d has %d days. Write for example %s.",
			quoteTyped(text), time.Month(month), year, last, Civil{Year: year, Month: time.Month(month), Day: last})
	}
	return typedDay{form: fullDate, date: Civil{Year: year, Month: time.Month(month), Day: day}}, nil
}

// anyYear is a date of no particular year, or the refusal of one that no year has.
func anyYear(text string, month time.Month, day int) (typedDay, error) {
	const leapYear = 2000
	if last := daysIn(leapYear, month); day < 1 || day > last {
		return typedDay{}, Refuse("%s is not a date: %s has at most %d days. Write for example 2024-03-21.", quoteTyped(text), month, last)
	}
	return typedDay{form: yearless, date: Civil{Month: month, Day: day}}, nil
}

// monthOf is a whole month, or the refusal of one that no calendar has.
func monthOf(text string, year, month int) (typedDay, error) {
	if year < firstYear || year > lastYear {
		return typedDay{}, Refuse("%s is not a date that I can file: years go from %d to %d. Write for example 2024-03-21.", quoteTyped(text), firstYear, lastYear)
	}
	if month < 1 || month > 12 {
		return typedDay{}, Refuse("%s is not a date: months go from 1 to 12. Write year, month and day, such as 2024-03-21.", quoteTyped(text))
	}
	return typedDay{form: monthly, date: Civil{Year: year, Month: time.Month(month)}}, nil
}

// twoNumbers is the date of two numbers before a year: the one above 12 is the day. If neither is, both readings are
// put to the person.
func twoNumbers(text string, a, b, year int) (typedDay, error) {
	switch {
	case a == b || a > 12:
		return dateOf(text, year, b, a)
	case b > 12:
		return dateOf(text, year, a, b)
	}
	dayFirst, err := dateOf(text, year, b, a)
	if err != nil {
		return typedDay{}, err
	}
	monthFirst, err := dateOf(text, year, a, b)
	if err != nil {
		return typedDay{}, err
	}
	return typedDay{}, Refuse("%s can be %s or %s. Write %s or %s.",
		text, shortDate(dayFirst.date), shortDate(monthFirst.date), dayFirst.date, monthFirst.date)
}

// shortDate is a date without its year, as people say it: 3 April.
func shortDate(c Civil) string { return fmt.Sprintf("%d %s", c.Day, c.Month) }

// lowerName is the English name of a month or a weekday in lower case.
func lowerName(name fmt.Stringer) string { return strings.ToLower(name.String()) }
