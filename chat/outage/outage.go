// Package outage remembers since when, and why, a server cannot be reached, or something else goes wrong with it.
//
// Its invariant: an outage keeps the moment at which it began, however often it is met, until it has ended.
package outage

import (
	"fmt"
	"sync"
	"time"
)

// An Outage is one, or none; the zero value is none. Methods may be called from anywhere.
type Outage struct {
	mu    sync.Mutex
	since time.Time
	why   string
}

// Begin notes that the server cannot be reached, and why; the last reason stands. It says whether this is news.
func (o *Outage) Begin(why string, now time.Time) (news bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	news = o.since.IsZero()
	if news {
		o.since = now
	}
	o.why = why
	return news
}

// End notes that the server can be reached.
func (o *Outage) End() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.since, o.why = time.Time{}, ""
}

// Text is what to tell people of it, as chat.Informer does, after words such as "The server cannot be reached"; empty where there
// is none.
func (o *Outage) Text(words string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.since.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s since %s UTC: %s", words, o.since.UTC().Format("2006-01-02 15:04"), o.why)
}
