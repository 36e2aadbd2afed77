package slack

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moment reads Slack's time stamps, "seconds.micros". They are read as two whole numbers: a float would lose the last
// digits. What is no stamp is the zero time.
func moment(ts string) time.Time {
	whole, part, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds <= 0 {
		return time.Time{}
	}
	part = (part + "000000")[:6]
	micros, err := strconv.ParseInt(part, 10, 64)
	if err != nil || micros < 0 {
		return time.Time{}
	}
	return time.Unix(seconds, micros*1000).UTC()
}

// stamp writes a time as Slack does; the zero time is before everything.
func stamp(t time.Time) string {
	if t.IsZero() || t.Unix() <= 0 {
		return "0"
	}
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000)
}
