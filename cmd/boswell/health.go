package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"boswell/bot"
	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// A health is how a running bot is.
type health struct {
	OK      bool   `json:"ok"`
	Version string `json:"version"`
	// Store and each of Platforms are "ok", or say what is wrong.
	Store     string            `json:"store"`
	Platforms map[string]string `json:"platforms"`
}

// fine is what is said of a part that is as it should be.
const fine = "ok"

func (h health) code() int {
	if h.OK {
		return http.StatusOK
	}
	return http.StatusServiceUnavailable
}

// healthOf puts together how a bot is: the store can be written to and no connection has given up. A connection in trouble
// that may pass, and incidents that are damaged, are told of; starting the bot anew would not help them.
func healthOf(store beat, platforms map[chat.PlatformID]bot.Standing) health {
	h := health{OK: store.err == nil, Version: version, Store: fine, Platforms: map[string]string{}}
	switch {
	case store.err != nil:
		h.Store = store.err.Error()
	case store.damage != "":
		h.Store = store.damage
	}
	for id, s := range platforms {
		h.Platforms[string(id)] = fine
		if s.Trouble != "" {
			h.Platforms[string(id)] = s.Trouble
		}
		h.OK = h.OK && !s.Lost
	}
	return h
}

// A pulse tells whether a store can be written to, by writing to it. Whoever asks soon after another gets the same answer,
// so that questions from outside do not wear out the disk.
type pulse struct {
	store storage.Store
	mu    sync.Mutex
	felt  time.Time
	last  beat
}

// A beat is how a store is: why it cannot be written to, and what in it is damaged, as damage says it.
type beat struct {
	err    error
	damage string
}

// The time for which an answer holds, and the longest that one may take.
const (
	pulseHolds = 5 * time.Second
	pulseWait  = 5 * time.Second
)

// feel tells how the store is.
func (p *pulse) feel(ctx context.Context) beat {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.felt) < pulseHolds {
		return p.last
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pulseWait)
	defer cancel()
	_, err := p.store.Do(ctx, storage.Cause{Key: "health"}, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{}, tx.PutValue("health", []byte(version), tx.Now().Add(time.Minute))
	})
	p.felt, p.last = time.Now(), beat{err, damage(ctx, p.store)}
	return p.last
}

type healthCommand struct{ where }

// Help is the longer help of the command.
func (healthCommand) Help() string {
	return `Asks the bot that is running on a data folder whether its store can be written to and its connections are up. Leaves with 0 if all is well, with 1 if anything is not or no bot is running there.

Example:

    boswell health --data /var/lib/boswell`
}

// Run asks the running bot.
func (c healthCommand) Run(ctx context.Context, s streams) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	bot, err := reachBot(ctx, dir)
	if err != nil {
		return err
	}
	var h health
	if err := bot.get(ctx, "/health", nil, &h); err != nil {
		return err
	}
	if err := bot.close(); err != nil {
		return err
	}
	return h.tell(s.out)
}

func (h health) tell(out io.Writer) error {
	fmt.Fprintf(out, "store: %s\n", h.Store)
	wrong := []string{}
	if h.Store != fine {
		wrong = append(wrong, "the store")
	}
	for _, name := range slices.Sorted(maps.Keys(h.Platforms)) {
		fmt.Fprintf(out, "%s: %s\n", name, h.Platforms[name])
		if h.Platforms[name] != fine {
			wrong = append(wrong, name)
		}
	}
	if !h.OK {
		return incident.Refuse("Not all is well: %s. The log of the bot says more.", strings.Join(wrong, ", "))
	}
	return nil
}
