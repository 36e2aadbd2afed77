package discord

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"boswell/chat"
)

// A storm of refusals closes everything long before Discord would bar the address, and opens again by itself.
func TestRefusalsAreCounted(t *testing.T) {
	p := pace{patience: time.Millisecond}
	q := request{method: "GET", path: "/users/5"}
	for range refusalsMost {
		p.heard(q, http.StatusForbidden, http.Header{}, nil)
	}
	err := p.wait(t.Context(), q)
	if f := chat.AsFailure(err); err == nil || !f.Temporary || f.InDoubt || f.After < 9*time.Minute {
		t.Errorf("after %d refusals a request gives %+v", refusalsMost, f)
	}
	if wait, err := p.take(q, time.Now().Add(refusalsFor+time.Second)); wait != 0 || err != nil {
		t.Errorf("ten minutes later it still waits %v, %v", wait, err)
	}
}

// A shared limit is not the bot's doing and does not count.
func TestSharedLimitDoesNotCount(t *testing.T) {
	p := pace{}
	for range refusalsMost {
		p.heard(request{method: "GET", path: "/users/5"}, http.StatusTooManyRequests, http.Header{"X-Ratelimit-Scope": {"shared"}}, []byte(`{"retry_after":0.001}`))
	}
	if len(p.refusals) != 0 {
		t.Errorf("%d refusals were counted", len(p.refusals))
	}
}

// A limit of the whole bot holds back every route but answers to questions, which bear a permission of their own.
func TestGlobalLimit(t *testing.T) {
	p := pace{}
	p.heard(request{method: "GET", path: "/users/5"}, http.StatusTooManyRequests, http.Header{}, []byte(`{"retry_after":60,"global":true}`))
	for path, open := range map[string]bool{"/users/5": false, "/channels/7/messages": false, "/interactions/7/token/callback": true} {
		wait, err := p.take(request{method: "POST", path: path, open: open}, time.Now())
		if err != nil || (wait > 50*time.Second) == open {
			t.Errorf("%s waits %v, %v", path, wait, err)
		}
	}
}

// Routes that Discord says share a bucket empty it together, in one channel and not in another.
func TestSharedBucket(t *testing.T) {
	p := pace{}
	limit := func(left string) http.Header {
		return http.Header{"X-Ratelimit-Bucket": {"b"}, "X-Ratelimit-Remaining": {left}, "X-Ratelimit-Reset-After": {"60"}}
	}
	p.heard(request{method: "POST", path: "/channels/7/messages"}, http.StatusOK, limit("5"), nil)
	p.heard(request{method: "PATCH", path: "/channels/7/messages/8"}, http.StatusOK, limit("0"), nil)
	for path, free := range map[string]bool{"/channels/7/messages": false, "/channels/9/messages": true} {
		if wait, err := p.take(request{method: "POST", path: path}, time.Now()); err != nil || (wait == 0) != free {
			t.Errorf("%s waits %v, %v", path, wait, err)
		}
	}
}

// Routes are told apart by their first identifier, share what Discord says they share, and hold no token.
func TestRoutes(t *testing.T) {
	for path, want := range map[string][2]string{
		"/channels/11/messages/22":                        {"GET /channels/{id}/messages/{id}", "11"},
		"/channels/11/messages/22/reactions/x:3/@me":      {"GET /channels/{id}/messages/{id}/reactions/{emoji}/@me", "11"},
		"/webhooks/11/secret/messages/@original":          {"GET /webhooks/{id}/{token}/messages/@original", "11secret"},
		"/interactions/11/secret/callback":                {"GET /interactions/{id}/{token}/callback", "secret"},
		"/guilds/11/members/search?query=a&limit=5":       {"GET /guilds/{id}/members/search", "11"},
		"/applications/11/guilds/22/commands":             {"GET /applications/{id}/guilds/{id}/commands", ""},
		"/channels/11/messages?limit=100&after=123456789": {"GET /channels/{id}/messages", "11"},
	} {
		if route, major := (request{method: "GET", path: path}).split(); route != want[0] || major != want[1] {
			t.Errorf("%s is %q by %q, want %q", path, route, major, want)
		}
	}
}

// The token of an answer stands in no error.
func TestNoTokenInErrors(t *testing.T) {
	q := request{method: "POST", path: "/webhooks/11/secret", open: true}
	for _, err := range []error{unreached(q, errors.New("reset")), refused(q, &http.Response{StatusCode: 404}, []byte(`{"code":10015,"message":"x"}`))} {
		if text := err.Error() + chat.AsFailure(err).Tell; text == "" || strings.Contains(text, "secret") {
			t.Errorf("the error is %q", text)
		}
	}
}
