package bot

import "time"

// SystemClock is the machine's.
type SystemClock struct{}

// Now is the time, in UTC.
func (SystemClock) Now() time.Time { return time.Now().UTC() }

// NewTimer sends once when it is at or past a time.
func (SystemClock) NewTimer(at time.Time) (<-chan time.Time, func()) {
	t := time.NewTimer(time.Until(at))
	return t.C, func() { t.Stop() }
}
