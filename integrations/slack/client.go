package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// client makes the requests. After a 429 it makes no more of that method until Slack's own delay is over, so that a lane
// that is told to wait does not spend the budget of the others.
type client struct {
	http *http.Client
	now  func() time.Time

	mu    sync.Mutex
	until map[string]time.Time // by method
}

func newClient(o Options) *client {
	return &client{http: o.HTTP, now: o.Now, until: map[string]time.Time{}}
}

// ungated are the methods that are not closed: those that Slack limits per channel, where being told to wait in one says
// nothing of the others, and the one whose caller waits by itself.
var ungated = map[string]bool{"chat.postMessage": true, "chat.postEphemeral": true, "apps.connections.open": true}

// Do makes a request, unless its method is to be left alone for now.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	method := path.Base(req.URL.Path)
	if wait := c.closedFor(method); wait > 0 {
		return nil, &slack.RateLimitedError{RetryAfter: wait}
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, scrub(err)
	}
	if res.StatusCode == http.StatusTooManyRequests && !ungated[method] {
		c.close(method, retryAfter(res.Header))
	}
	return res, nil
}

func (c *client) closedFor(method string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.until[method].Sub(c.now())
}

func (c *client) close(method string, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until[method] = c.now().Add(d)
}

// retryAfter is Slack's own delay; a second where it names none that can be read.
func retryAfter(h http.Header) time.Duration {
	if s, err := strconv.Atoi(h.Get("Retry-After")); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	return time.Second
}

// readMost bounds one answer of the Web API.
const readMost = 32 << 20

// patient marks the work of a caller who has the time that Slack asks for.
type patient struct{}

// takingTime is a context for work that is too long to begin again at every rate limit: its reads wait and go on.
func takingTime(ctx context.Context) context.Context { return context.WithValue(ctx, patient{}, true) }

// read calls a method that only reads. Where Slack asks to wait, that is an error, unless the work takes its time and ctx
// lasts longer.
func (p *Platform) read(ctx context.Context, method string, args url.Values, into any) error {
	for {
		err := p.readOnce(ctx, method, args, into)
		var limited *slack.RateLimitedError
		waits := ctx.Value(patient{}) != nil && errors.As(err, &limited) && lasts(ctx, limited.RetryAfter)
		if !waits || !p.o.Wait(ctx, limited.RetryAfter) {
			return err
		}
	}
}

// lasts says that ctx is not done before a while is over, as far as is known.
func lasts(ctx context.Context, d time.Duration) bool {
	end, ends := ctx.Deadline()
	return !ends || time.Until(end) > d
}

// readOnce reads into structs of this package: they let pass what the library would refuse.
func (p *Platform) readOnce(ctx context.Context, method string, args url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.cfg.APIURL+method, strings.NewReader(args.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+p.cfg.BotToken.Reveal())
	res, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return &slack.RateLimitedError{RetryAfter: retryAfter(res.Header)}
	case res.StatusCode != http.StatusOK:
		return slack.StatusCodeError{Code: res.StatusCode, Status: res.Status}
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, readMost))
	if err != nil {
		return err
	}
	var head slack.SlackResponse
	if err := json.Unmarshal(body, &head); err != nil {
		return fmt.Errorf("%s: read the answer: %w", method, err)
	}
	if !head.Ok {
		return slack.SlackErrorResponse{Err: head.Error, Needed: head.Needed, Provided: head.Provided}
	}
	return json.Unmarshal(body, into)
}
