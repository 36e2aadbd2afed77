package slack_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/slack"
	"boswell/integrations/slack/slacksim"
)

const signingSecret = "5ea1ed"

// newHTTP is a workspace whose app takes requests over HTTP.
func newHTTP(t *testing.T, clock *chattest.Clock) (*slacksim.World, *slack.Platform) {
	t.Helper()
	sim, err := slacksim.New(clock, quick())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	c := config(sim)
	c.AppToken, c.SigningSecret, c.Listen = chat.Secret{}, chat.NewSecret(signingSecret), freeAddress(t)
	p, err := slack.New(c, slack.Options{Name: "slack", Log: zerolog.New(zerolog.NewTestWriter(t)), Now: clock.Now, Retry: time.Millisecond, Pace: -1})
	if err != nil {
		t.Fatal(err)
	}
	sim.SendTo("http://"+c.Listen, signingSecret)
	return sim.World(p), p
}

// freeAddress is an address where nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// overHTTP is a workspace that cannot be cut off: over HTTP there is no connection.
type overHTTP struct {
	chattest.World
	chattest.Replier
	chattest.Bridge
	chattest.Attacher
	chattest.Pinner
	chattest.Presser
	chattest.Submitter
	chattest.Caller
	chattest.Confidant
	chattest.Redeliverer
}

// TestConformOverHTTP: what holds over sockets holds over HTTP.
func TestConformOverHTTP(t *testing.T) {
	chattest.Conform(t, func(t *testing.T) chattest.World {
		w, _ := newHTTP(t, chattest.NewClock(morning))
		return overHTTP{w, w, w, w, w, w, w, w, w, w}
	})
}

// request makes a request with JSON in it, whose headers are set as is wanted.
func request(h http.Handler, body string, set func(http.Header)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	set(r.Header)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestRequests: only what Slack signed is read, and what Slack sends again is taken.
func TestRequests(t *testing.T) {
	clock := chattest.NewClock(morning)
	_, p := newHTTP(t, clock)
	heard := 0
	h := p.Requests(func(_ context.Context, in chat.Inbound) (chat.Reply, error) {
		if _, gone := in.(chat.Gone); gone {
			heard++
		}
		return chat.Reply{}, nil
	})
	event := `{"type":"event_callback","event_id":"Ev1","event":{"type":"channel_archive","channel":"C1","event_ts":"1772355600.000100"}}`
	for _, c := range []struct {
		name, body, kind, secret string
		age                      time.Duration
		change                   func(http.Header)
		status, heard            int
		answer                   string
	}{
		{"an event", event, "application/json", signingSecret, 0, nil, 200, 1, ""},
		{"one that is sent again", event, "application/json", signingSecret, 0, func(h http.Header) { h.Set("X-Slack-Retry-Num", "3") }, 200, 1, ""},
		{"a little old", event, "application/json", signingSecret, 4 * time.Minute, nil, 200, 1, ""},
		{"too old", event, "application/json", signingSecret, 6 * time.Minute, nil, 401, 0, ""},
		{"from the future", event, "application/json", signingSecret, -6 * time.Minute, nil, 401, 0, ""},
		{"another secret", event, "application/json", "other", 0, nil, 401, 0, ""},
		{"no signature", event, "application/json", signingSecret, 0, func(h http.Header) { h.Del("X-Slack-Signature") }, 401, 0, ""},
		{"no time", event, "application/json", signingSecret, 0, func(h http.Header) { h.Del("X-Slack-Request-Timestamp") }, 401, 0, ""},
		{"a challenge", `{"type":"url_verification","challenge":"abc"}`, "application/json", signingSecret, 0, nil, 200, 0, `{"challenge":"abc"}`},
		{"no JSON", `{`, "application/json", signingSecret, 0, nil, 200, 0, ""},
		{"no payload", `payload=%7B`, "application/x-www-form-urlencoded", signingSecret, 0, nil, 200, 0, ""},
		{"no form", `%zz`, "application/x-www-form-urlencoded", signingSecret, 0, nil, 200, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			heard = 0
			w := request(h, c.body, func(header http.Header) {
				header.Set("Content-Type", c.kind)
				slacksim.Sign(header, []byte(c.body), c.secret, clock.Now().Add(-c.age))
				if c.change != nil {
					c.change(header)
				}
			})
			if w.Code != c.status || heard != c.heard || !strings.Contains(w.Body.String(), c.answer) {
				t.Errorf("status %d, heard %d, answer %q; want %d, %d, %q", w.Code, heard, w.Body.String(), c.status, c.heard, c.answer)
			}
		})
	}
}

// TestChangedRequest: a signature is over every byte.
func TestChangedRequest(t *testing.T) {
	clock := chattest.NewClock(morning)
	_, p := newHTTP(t, clock)
	h := p.Requests(func(context.Context, chat.Inbound) (chat.Reply, error) {
		t.Error("a request that was changed on its way is read")
		return chat.Reply{}, nil
	})
	w := request(h, `{"type":"event_callback"} `, func(header http.Header) {
		slacksim.Sign(header, []byte(`{"type":"event_callback"}`), signingSecret, clock.Now())
	})
	if w.Code != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", w.Code)
	}
}

// TestTakenAddress: an address that another program has is told about.
func TestTakenAddress(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sim, err := slacksim.New(chattest.NewClock(morning), quick())
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	c := config(sim)
	c.Listen, c.SigningSecret = l.Addr().String(), chat.NewSecret("x")
	p, err := slack.New(c, slack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = p.Run(t.Context(), nil)
	if f := chat.AsFailure(err); err == nil || f.Temporary || !strings.Contains(f.Tell, c.Listen) {
		t.Errorf("Run ended with %v, want it final and with the address", err)
	}
}

// TestAuthorNotFound: a message whose author cannot be looked up is delivered again; when Slack delivers it for the last time it
// is taken as it is, without a name.
func TestAuthorNotFound(t *testing.T) {
	body := `{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel":"C1","user":"U1","ts":"1772355600.000100","text":"it is <@U2>"}}`
	for name, fault := range map[string]slacksim.Fault{"too many requests": {Status: 429, RetryAfter: 60}, "server errors": {Status: 500}} {
		t.Run(name, func(t *testing.T) {
			clock := chattest.NewClock(morning)
			w, p := newHTTP(t, clock)
			for range 8 {
				w.Fail("users.info", fault)
			}
			inbox := chattest.NewInbox()
			h := p.Requests(inbox.Handle)
			for attempt := range 4 {
				if said := chattest.Received[chat.Said](inbox); len(said) > 0 {
					t.Fatalf("before the delivery %d the bot was told %+v", attempt, said)
				}
				request(h, body, func(header http.Header) {
					header.Set("X-Slack-Retry-Num", strconv.Itoa(attempt))
					slacksim.Sign(header, []byte(body), signingSecret, clock.Now())
				})
			}
			said := chattest.Received[chat.Said](inbox)
			if len(said) != 1 || said[0].Ref.Message != "1772355600.000100" || said[0].Text != "it is @U2" || said[0].From.ID != "U1" {
				t.Errorf("the bot was told %+v, want the message with its author's identifier", said)
			}
		})
	}
}

// TestLookedBackOverHTTP: what arrives shows that something else did not, and then the bot is told to look: when Slack makes a
// request again, but not for each of many, after a silence, and when Slack says that it drops events.
func TestLookedBackOverHTTP(t *testing.T) {
	const event, dropped = `{"type":"event_callback","event_id":"Ev1","event":{"type":"user_change","user":"U1"}}`,
		`{"type":"app_rate_limited","minute_rate_limited":1772355600}` // the minute in which the test begins
	type arrival struct {
		after   time.Duration
		body    string
		attempt int
		looked  int // how often the bot was told so far
	}
	for name, arrivals := range map[string][]arrival{
		"all is well":      {{0, event, 0, 0}, {4 * time.Minute, event, 0, 0}},
		"made again":       {{0, event, 0, 0}, {time.Second, event, 1, 1}, {time.Second, event, 2, 1}, {time.Minute, event, 0, 2}, {time.Minute, event, 0, 2}},
		"after a silence":  {{0, event, 0, 0}, {5 * time.Minute, event, 0, 1}, {time.Second, event, 0, 1}},
		"dropped by Slack": {{30 * time.Second, dropped, 0, 1}, {20 * time.Second, event, 0, 1}, {20 * time.Second, event, 0, 2}, {time.Minute, event, 0, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			clock := chattest.NewClock(morning)
			_, p := newHTTP(t, clock)
			inbox := chattest.NewInbox()
			h := p.Requests(inbox.Handle)
			for n, a := range arrivals {
				clock.Advance(a.after)
				request(h, a.body, func(header http.Header) {
					if a.attempt > 0 {
						header.Set("X-Slack-Retry-Num", strconv.Itoa(a.attempt))
					}
					slacksim.Sign(header, []byte(a.body), signingSecret, clock.Now())
				})
				if looked := len(chattest.Received[chat.Online](inbox)); looked != a.looked {
					t.Errorf("after arrival %d the bot was told to look %d times, want %d", n, looked, a.looked)
				}
			}
		})
	}
}

// TestOutageOverHTTP: what Slack gave up to deliver, while nothing got through, is read back.
func TestOutageOverHTTP(t *testing.T) {
	address := freeAddress(t)
	o := slacksim.Options{RequestURL: "http://" + address, SigningSecret: signingSecret,
		Retries: []time.Duration{time.Millisecond, time.Millisecond, time.Millisecond}}
	p := newPartyWith(t, o, func(c *slack.Config) {
		c.AppToken, c.SigningSecret, c.Listen = chat.Secret{}, chat.NewSecret(signingSecret), address
	}, nil)
	p.types(p.ops, "start room:here Search is slow")
	p.world.SendTo("http://127.0.0.1:1", signingSecret) // where nobody listens
	ref, err := p.world.Say(p.ctx, p.ben, p.ops, "it was the cache")
	p.must(err)
	p.must(p.world.React(p.ctx, p.ann, ref, "📌", true))
	p.settle()
	if p.world.Lost() < 2 {
		t.Fatal("nothing was given up: the test shows nothing")
	}
	p.world.SendTo("http://"+address, signingSecret)
	p.clock.Advance(time.Hour)
	_, err = p.world.Say(p.ctx, p.ben, p.ops, "back again")
	p.must(err)
	p.settle()
	if a := p.types(p.ops, "timeline"); !strings.Contains(a.Text(), "it was the cache") {
		t.Errorf("the timeline is %q", a.Text())
	}
}

// TestRefusedRequestsAreTold: operators are told that requests with a signature are refused, and what may be wrong, until one is
// accepted. A stranger who does not even sign is no trouble.
func TestRefusedRequestsAreTold(t *testing.T) {
	clock := chattest.NewClock(morning)
	_, p := newHTTP(t, clock)
	h := p.Requests(chattest.NewInbox().Handle)
	const body = `{"type":"event_callback","event_id":"Ev1","event":{"type":"user_change","user":"U1"}}`
	deliver := func(secret string, age time.Duration) {
		request(h, body, func(header http.Header) { slacksim.Sign(header, []byte(body), secret, clock.Now().Add(-age)) })
	}
	request(h, body, func(http.Header) {})
	if trouble := p.Trouble(); trouble != "" {
		t.Errorf("after a request without a signature the trouble is %q", trouble)
	}
	for _, c := range []struct {
		secret string
		age    time.Duration
		want   string
	}{{"other", 0, "signing_secret"}, {signingSecret, 7 * time.Minute, "clock"}} {
		since := clock.Now()
		for range 3 {
			deliver(c.secret, c.age)
			clock.Advance(time.Minute)
		}
		if got := p.Trouble(); !strings.Contains(got, c.want) || !strings.Contains(got, since.Format("since 2006-01-02 15:04 UTC")) {
			t.Errorf("the trouble is %q, want it since %v and to name the %s", got, since, c.want)
		}
		deliver(signingSecret, 0)
		if trouble := p.Trouble(); trouble != "" {
			t.Errorf("after a request that was accepted the trouble is %q", trouble)
		}
	}
}
