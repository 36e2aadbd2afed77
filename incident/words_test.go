package incident_test

import (
	"math"
	"testing"
	"time"

	"boswell/incident"
)

func TestWords(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0 minutes"},
		{999 * time.Millisecond, "0 minutes"},
		{-999 * time.Millisecond, "0 minutes"},
		{time.Second, "1 second"},
		{5*time.Minute + 36*time.Second, "5 minutes and 36 seconds"},
		{time.Hour, "1 hour"},
		{2*time.Hour + 19*time.Minute, "2 hours and 19 minutes"},
		{time.Hour + time.Second, "1 hour and 1 second"},
		{6*day + 19*time.Hour + 6*time.Minute, "6 days, 19 hours, and 6 minutes"},
		{day + time.Hour + time.Minute + time.Second, "1 day, 1 hour, 1 minute, and 1 second"},
		{-90 * time.Second, "minus 1 minute and 30 seconds"},
		{math.MinInt64, "minus 106751 days, 23 hours, 47 minutes, and 16 seconds"},
	} {
		if got := incident.Words(c.d); got != c.want {
			t.Errorf("%d: got %q, want %q", c.d, got, c.want)
		}
	}
}
