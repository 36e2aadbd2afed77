package slacksim

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// The tiers of the Web API: how often a method may be called within a minute, in one workspace by one app.
const (
	tier2 = 20
	tier3 = 50
	tier4 = 100
)

// usualTier is that of the methods that are not in tiers.
const usualTier = tier3

// tiers are those that Slack documents.
var tiers = map[string]int{
	"chat.postEphemeral": tier4, "conversations.members": tier4, "users.info": tier4, "files.info": tier4, "views.open": tier4,
	"views.push": tier4, "views.update": tier4, "views.publish": tier4, "files.getUploadURLExternal": tier4,
	"files.completeUploadExternal": tier4, "auth.test": 4 * tier4, "api.test": tier4, "chat.getPermalink": 4 * tier4,
	"conversations.create": tier2, "conversations.archive": tier2, "conversations.unarchive": tier2, "conversations.list": tier2,
	"conversations.setTopic": tier2, "conversations.setPurpose": tier2, "users.list": tier2, "usergroups.list": tier2,
	"emoji.list": tier2, "pins.add": tier2, "pins.remove": tier2, "pins.list": tier2, "reactions.remove": tier2,
	"bookmarks.add": tier2, "bookmarks.edit": tier2, "bookmarks.list": tier2,
}

// To one channel goes a message a second, after a few that may follow each other at once; into all of them so many a minute.
const (
	postEvery = time.Second
	postBurst = 5
	postsMost = 300
)

// meter counts what was called, by the World's clock. It is used with the lock of the simulator held.
type meter struct {
	calls   map[string][]time.Time // by method, within the last minute
	full    map[string]time.Time   // until when the budget of a channel is used
	refused map[string]int
}

// wait counts a call, or says how long to wait for the next one that is allowed where a method has only a part of its tier.
func (m *meter) wait(c *call, now time.Time, part int) time.Duration {
	if m.calls == nil {
		m.calls, m.full, m.refused = map[string][]time.Time{}, map[string]time.Time{}, map[string]int{}
	}
	most := usualTier
	if n, ok := tiers[c.Method]; ok {
		most = n
	}
	if c.Method == "chat.postMessage" {
		if wait := m.waitInChannel(c.text("channel"), now); wait > 0 {
			return m.refuse(c.Method, wait)
		}
		most = postsMost
	}
	recent := m.calls[c.Method]
	for len(recent) > 0 && now.Sub(recent[0]) >= time.Minute {
		recent = recent[1:]
	}
	m.calls[c.Method] = recent
	if len(recent) >= max(most/part, 1) {
		return m.refuse(c.Method, recent[0].Add(time.Minute).Sub(now))
	}
	m.calls[c.Method] = append(recent, now)
	return 0
}

func (m *meter) waitInChannel(channel string, now time.Time) time.Duration {
	full := m.full[channel]
	if full.Before(now) {
		full = now
	}
	if over := full.Sub(now) - (postBurst-1)*postEvery; over > 0 {
		return over
	}
	m.full[channel] = full.Add(postEvery)
	return 0
}

func (m *meter) refuse(method string, wait time.Duration) time.Duration {
	m.refused[method]++
	return wait
}

// limit answers a call that is one too many. The delay is in whole seconds, as Slack's is.
func (s *Sim) limit(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	w.WriteHeader(http.StatusTooManyRequests)
	s.respond(w, refusalObject(refuse("ratelimited")))
}

// Limited is how often each method was called too often so far.
func (s *Sim) Limited() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for method, n := range s.meter.refused {
		counts[method] = n
	}
	return counts
}
