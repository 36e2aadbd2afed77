package rocketchat_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// morning is when tests begin.
var morning = time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)

// config is the configuration of the simulator's bot.
func config(sim *rocketsim.Sim) rocketchat.Config {
	return rocketchat.Config{URL: sim.URL(), UserID: rocketsim.BotID, Token: chat.NewSecret(rocketsim.Token)}
}

// quick are the options of an adapter that does not wait as long as it would for a server far away.
func quick(t testing.TB, sim *rocketsim.Sim, clock *chattest.Clock) rocketchat.Options {
	return rocketchat.Options{Name: "rocket", Log: zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.WarnLevel), Now: clock.Now,
		Retry: 10 * time.Millisecond, Trace: sim.Trace}
}

// newWorld is a server with the adapter that is to be run on it.
func newWorld(t testing.TB, clock *chattest.Clock, o rocketsim.Options) (*rocketsim.World, *rocketchat.Platform) {
	t.Helper()
	return newWorldWith(t, clock, o, func(*rocketchat.Config) {})
}

// newWorldWith is one whose adapter is configured otherwise.
func newWorldWith(t testing.TB, clock *chattest.Clock, o rocketsim.Options, configure func(*rocketchat.Config)) (*rocketsim.World, *rocketchat.Platform) {
	t.Helper()
	sim, err := rocketsim.New(clock, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	with := quick(t, sim, clock)
	with.Pace = o.Subscriptions
	c := config(sim)
	configure(&c)
	p, err := rocketchat.New(c, with)
	if err != nil {
		t.Fatal(err)
	}
	return sim.World(p), p
}

// newAppWorld is a server with the bot's app in it, and the adapter that the app talks to.
func newAppWorld(t testing.TB, clock *chattest.Clock, o rocketsim.Options) *rocketsim.AppWorld {
	t.Helper()
	const secret = "a secret of both of them"
	sim, err := rocketsim.New(clock, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	c, with := config(sim), quick(t, sim, clock)
	c.AppSecret, c.Listen, with.Pace = chat.NewSecret(secret), "127.0.0.1:0", o.Subscriptions
	p, err := rocketchat.New(c, with)
	if err != nil {
		t.Fatal(err)
	}
	app := p.WithApp()
	door := httptest.NewServer(app.AppHandler())
	t.Cleanup(door.Close)
	sim.Install(door.URL+"/rocketchat/rocket/app", secret)
	return sim.World(app).WithApp()
}
