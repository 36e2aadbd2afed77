package slacksim_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/slack/slacksim"
)

// delay calls a method and returns Slack's delay, zero where it was let through.
func delay(t *testing.T, w *slacksim.World, method string, form url.Values) time.Duration {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.APIURL()+method, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+slacksim.BotToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusOK {
		return 0
	}
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || res.StatusCode != http.StatusTooManyRequests || seconds < 1 {
		t.Fatalf("%s: HTTP status %d, Retry-After %q", method, res.StatusCode, res.Header.Get("Retry-After"))
	}
	return time.Duration(seconds) * time.Second
}

// TestTiers: a method is let through as often as its tier says, then after the delay that comes with the refusal, whatever the
// others do.
func TestTiers(t *testing.T) {
	for method, most := range map[string]int{"pins.list": 20, "conversations.setTopic": 20, "conversations.history": 50, "users.info": 100, "chat.update": 50} {
		t.Run(method, func(t *testing.T) {
			w, _, ops, _ := open(t, slacksim.Options{Tiers: 1})
			form := url.Values{"channel": {string(ops.Channel)}}
			for n := range most {
				w.Clock().Advance(10 * time.Millisecond)
				if d := delay(t, w, method, form); d > 0 {
					t.Fatalf("call %d has to wait %v", n+1, d)
				}
			}
			d := delay(t, w, method, form)
			if d < 59*time.Second || d > time.Minute {
				t.Errorf("call %d has to wait %v, want about a minute", most+1, d)
			}
			if other := delay(t, w, "reactions.get", form); other > 0 {
				t.Errorf("another method has to wait %v", other)
			}
			w.Clock().Advance(d)
			if d := delay(t, w, method, form); d > 0 {
				t.Errorf("after the delay it has to wait %v", d)
			}
			if n := w.Limited()[method]; n != 1 {
				t.Errorf("it was refused %d times, want once", n)
			}
		})
	}
}

// TestTierOfPosts: to one channel goes a message a second, after a few at once.
func TestTierOfPosts(t *testing.T) {
	w, ann, ops, _ := open(t, slacksim.Options{Tiers: 1})
	post := func(to chat.ChannelID) time.Duration {
		return delay(t, w, "chat.postMessage", url.Values{"channel": {string(to)}, "text": {"x"}})
	}
	passed := 0
	for post(ops.Channel) == 0 {
		passed++
	}
	if passed != 5 {
		t.Errorf("%d messages may follow each other at once", passed)
	}
	if d := post(w.IM(ann).Channel); d > 0 {
		t.Errorf("another channel has to wait %v", d)
	}
	w.Clock().Advance(time.Second)
	if first, second := post(ops.Channel), post(ops.Channel); first > 0 || second == 0 {
		t.Errorf("after a second the delays are %v and %v, want one message through", first, second)
	}
	for range 300 {
		w.Clock().Advance(50 * time.Millisecond)
		post(w.IM(ann).Channel)
	}
	if n := w.Limited()["chat.postMessage"]; n < 200 {
		t.Errorf("%d messages were refused", n)
	}
}
