package slack_test

import (
	"context"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/slack"
	"boswell/integrations/slack/slacksim"
)

// morning is when tests begin.
var morning = time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)

// quick are the options of a simulator that does not wait as long as Slack does.
func quick() slacksim.Options { return slacksim.Options{Patience: time.Second} }

// config is the configuration of the simulator's app.
func config(sim *slacksim.Sim) slack.Config {
	return slack.Config{BotToken: chat.NewSecret(slacksim.BotToken), AppToken: chat.NewSecret(slacksim.AppToken), APIURL: sim.APIURL()}
}

// newWorld is a workspace with the adapter that is to be run on it.
func newWorld(t testing.TB, clock *chattest.Clock, o slacksim.Options) (*slacksim.World, *slack.Platform) {
	t.Helper()
	return newWorldWith(t, clock, o, nil)
}

// newWorldWith is one whose connection is configured otherwise.
func newWorldWith(t testing.TB, clock *chattest.Clock, o slacksim.Options, configure func(*slack.Config)) (*slacksim.World, *slack.Platform) {
	t.Helper()
	sim, err := slacksim.New(clock, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	p, err := connect(t, sim, clock, configure)
	if err != nil {
		t.Fatal(err)
	}
	return sim.World(p), p
}

// connect is a connection to a simulator; nil leaves its configuration as it is.
func connect(t testing.TB, sim *slacksim.Sim, clock *chattest.Clock, configure func(*slack.Config)) (*slack.Platform, error) {
	c := config(sim)
	if configure != nil {
		configure(&c)
	}
	return slack.New(c, slack.Options{Name: "slack", Log: zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.WarnLevel), Now: clock.Now,
		Retry: 10 * time.Millisecond, Pace: -1, Wait: moving(clock)})
}

// moving lets the time that Slack asks for pass by moving the clock.
func moving(clock *chattest.Clock) func(context.Context, time.Duration) bool {
	return func(ctx context.Context, d time.Duration) bool {
		clock.Advance(d)
		return ctx.Err() == nil
	}
}

// TestConform: the platform does what platforms do.
func TestConform(t *testing.T) {
	chattest.Conform(t, func(t *testing.T) chattest.World {
		w, _ := newWorld(t, chattest.NewClock(morning), quick())
		return w
	})
}
