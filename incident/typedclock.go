package incident

// A typedClock is a time of day as typed. The zero value is none.
type typedClock struct {
	given                bool
	hour, minute, second int
	seconds              bool // seconds were typed, be they 00
	half                 bool // am or pm was typed
}

func (c typedClock) precision() Precision {
	if c.seconds {
		return Second
	}
	return Minute
}

func (c typedClock) on(day Civil) wallTime {
	return wallTime{Civil: day, hour: c.hour, minute: c.minute, second: c.second}
}

// clock reads 14:05, 9:40, 14:05:30, 5:06 pm, 5pm, noon or midnight. A fraction of a second is cut off. What has the
// shape of a time of day and is none is refused.
func (t *typedText) clock() (typedClock, error) {
	start := t.pos
	switch t.word("noon", "midnight") {
	case "noon":
		return typedClock{given: true, hour: 12}, nil
	case "midnight":
		return typedClock{given: true}, nil
	}
	hours := t.digits()
	if hours == "" {
		return typedClock{}, nil
	}
	colon := t.next() == ':'
	minutes, seconds, ok := t.clockTail()
	half := t.half()
	if !colon && half == "" {
		t.pos = start
		return typedClock{}, nil
	}
	text := t.text[start:t.pos]
	if !ok || len(hours) > 2 {
		return typedClock{}, Refuse("%s is not a time of day. Write hours and two digits of minutes, such as 14:05 or 14:05:30.", quoteTyped(text))
	}
	c := typedClock{given: true, hour: number(hours), minute: number(minutes), second: number(seconds), seconds: seconds != "", half: half != ""}
	return c.checked(text, half)
}

// clockTail reads the minutes and seconds behind an hour; ok says that each that was begun has its two digits.
func (t *typedText) clockTail() (minutes, seconds string, ok bool) {
	if !t.accept(":") {
		return "", "", true
	}
	minutes = t.digits()
	if !t.accept(":") {
		return minutes, "", len(minutes) == 2
	}
	seconds = t.digits()
	fraction := t.pos
	if (t.accept(".") || t.accept(",")) && t.digits() == "" {
		t.pos = fraction
	}
	return minutes, seconds, len(minutes) == 2 && len(seconds) == 2
}

// half reads am or pm, with dots or without, and returns its first letter.
func (t *typedText) half() string {
	start := t.pos
	t.accept(" ")
	for _, letter := range []string{"a", "p"} {
		if t.accept(letter+".m.") || t.word(letter+"m") != "" {
			return letter
		}
	}
	t.pos = start
	return ""
}

// checked refuses what no clock shows, and turns the hours of a half day into those of a day.
func (c typedClock) checked(text, half string) (typedClock, error) {
	switch {
	case c.hour == 24 && c.minute == 0 && c.second == 0 && half == "":
		return typedClock{}, Refuse("%s is the end of a day. Write 00:00 and the date of the day that begins then.", text)
	case c.minute > 59 || c.second > 59 || c.hour > 23:
		return typedClock{}, c.refuse(text)
	case half == "":
		return c, nil
	case c.hour < 1 || c.hour > 12:
		return typedClock{}, Refuse("%s is not a time of day: with am or pm the hours go from 1 to 12. Write %s, or the hour of the 12-hour clock.",
			text, c.on(Civil{}).clock(c.precision()))
	}
	c.hour %= 12
	if half == "p" {
		c.hour += 12
	}
	return c, nil
}

func (c typedClock) refuse(text string) error {
	if c.seconds {
		return Refuse("%s is not a time of day: hours go to 23, minutes and seconds to 59. Write for example 14:05:30.", text)
	}
	return Refuse("%s is not a time of day: hours go to 23 and minutes to 59. Write for example 14:05.", text)
}
