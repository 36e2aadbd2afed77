package incident

import (
	"fmt"
	"strings"
	"time"
)

// Words is a duration as people write it: "2 hours and 19 minutes", "6 days, 19 hours, and 6 minutes". A day is 24 hours,
// fractions of a second are cut off, and nothing is "0 minutes". A negative duration begins with "minus ".
func Words(d time.Duration) string {
	seconds := int64(d.Abs() / time.Second)
	var parts []string
	for _, unit := range []struct {
		name    string
		seconds int64
	}{{"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}} {
		if n := seconds / unit.seconds; n > 0 {
			parts = append(parts, counted(n, unit.name))
		}
		seconds %= unit.seconds
	}
	if len(parts) == 0 {
		return "0 minutes"
	}
	if d < 0 {
		return "minus " + listed(parts)
	}
	return listed(parts)
}

// counted is a number and its noun, which gets an s unless there is one of it.
func counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// listed joins two parts by "and", more by commas with one before the last "and" too.
func listed(parts []string) string {
	last := len(parts) - 1
	if last < 2 {
		return strings.Join(parts, " and ")
	}
	return strings.Join(parts[:last], ", ") + ", and " + parts[last]
}
