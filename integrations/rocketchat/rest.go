package rocketchat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// answerMost bounds one answer of the server: what a busy room said in days may come as one.
const answerMost = 256 << 20

// rest makes the requests. It repeats none: whoever tries again knows whether that does harm.
type rest struct {
	base  string
	user  string
	token func() string
	api   *http.Client // which goes nowhere else
	files *http.Client // which may, without the credentials
	now   func() time.Time

	mu    sync.Mutex
	until map[string]time.Time // when a route that was asked too often may be asked again
}

func newRest(cfg Config, o Options) *rest {
	r := &rest{base: cfg.URL, user: cfg.UserID, token: cfg.Token.Reveal, now: o.Now, until: map[string]time.Time{}}
	api, files := *o.HTTP, *o.HTTP
	api.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	files.CheckRedirect = r.redirected
	r.api, r.files = &api, &files
	return r
}

// redirectsMost is how often a request is sent elsewhere.
const redirectsMost = 5

// redirected takes the credentials off a request that is sent to another host, or over a connection of another kind.
func (r *rest) redirected(req *http.Request, before []*http.Request) error {
	if len(before) > redirectsMost {
		return errors.New("sent elsewhere too often")
	}
	if !r.ours(req.URL) {
		req.Header.Del(headerUser)
		req.Header.Del(headerToken)
	}
	return nil
}

// ours says that an address is one of the server.
func (r *rest) ours(u *url.URL) bool {
	base, err := url.Parse(r.base)
	return err == nil && u.Scheme == base.Scheme && strings.EqualFold(u.Host, base.Host)
}

// The headers that say who asks.
const (
	headerUser  = "X-User-Id"
	headerToken = "X-Auth-Token"
)

// apiError is an answer that says no.
type apiError struct {
	status int
	code   string // the server's own, such as error-room-archived; empty where it has none
	text   string
	after  time.Duration // of 429
	// silent says that the server said no and not why, as it does of a message that is not there.
	silent bool
}

// Error is what the server said.
func (e *apiError) Error() string {
	return fmt.Sprintf("HTTP status %d, %s", e.status, first(e.text, e.code, "without a reason"))
}

// get asks for something; out is filled from the answer.
func (r *rest) get(ctx context.Context, route string, query url.Values, out any) error {
	path := "/api/v1/" + route
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return r.getAt(ctx, route, path, out)
}

// getAt asks for something that does not lie with the others.
func (r *rest) getAt(ctx context.Context, name, path string, out any) error {
	return r.do(ctx, http.MethodGet, name, path, nil, "", out)
}

// post does something; out may be nil.
func (r *rest) post(ctx context.Context, route string, body, out any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write a request: %w", err)
	}
	name, _, _ := strings.Cut(route, "/") // what stands behind it names a room or a file
	return r.do(ctx, http.MethodPost, name, "/api/v1/"+route, bytes.NewReader(data), "application/json", out)
}

// do makes one request. name is the route, for its rate limit.
func (r *rest) do(ctx context.Context, method, name, path string, body io.Reader, kind string, out any) error {
	if wait := r.wait(name); wait > 0 {
		return &apiError{status: http.StatusTooManyRequests, code: codeTooMany, text: "asked too often a short time ago", after: wait}
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, body)
	if err != nil {
		return fmt.Errorf("write a request: %w", err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	r.sign(req)
	res, err := r.api.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return r.read(name, res, out)
}

func (r *rest) sign(req *http.Request) {
	req.Header.Set(headerUser, r.user)
	req.Header.Set(headerToken, r.token())
	req.Header.Set("Accept", "application/json")
}

// read takes an answer.
func (r *rest) read(name string, res *http.Response, out any) error {
	data, err := io.ReadAll(io.LimitReader(res.Body, answerMost+1))
	if err != nil {
		return fmt.Errorf("read an answer: %w", err)
	}
	if len(data) > answerMost {
		return fmt.Errorf("an answer of more than %d bytes", answerMost)
	}
	if err := r.judge(name, res, data); err != nil {
		return err
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fmt.Errorf("read an answer: %w", err)
	}
	return nil
}

const notRocketChat = "an answer that is not of Rocket.Chat: is url right?"

// judge says whether an answer says no. One of which nothing can be read says what its status says.
func (r *rest) judge(name string, res *http.Response, data []byte) error {
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if to, err := res.Location(); err == nil && res.StatusCode/100 == 3 {
		return &apiError{status: http.StatusBadGateway, text: "sent to " + to.Scheme + "://" + to.Host + " in place of an answer: is url right?"}
	}
	if res.StatusCode/100 == 2 && kind != "application/json" {
		return &apiError{status: http.StatusBadGateway, text: notRocketChat}
	}
	var said struct {
		Success *bool           `json:"success"`
		Status  lenient[string] `json:"status"`
		Error   lenient[string] `json:"error"`
		Message lenient[string] `json:"message"`
		Code    lenient[string] `json:"errorType"`
	}
	if err := json.Unmarshal(data, &said); err != nil && res.StatusCode/100 == 2 {
		return &apiError{status: http.StatusBadGateway, text: notRocketChat}
	}
	if res.StatusCode/100 == 2 && (said.Success == nil || *said.Success) && said.Status.v != "error" {
		return nil
	}
	e := &apiError{status: res.StatusCode, code: said.Code.v, text: clip(first(said.Error.v, said.Message.v), 300)}
	e.silent = e.text == "" && e.code == "" && said.Success != nil
	if e.status/100 == 2 {
		e.status = http.StatusBadRequest
	}
	if e.code == "" {
		e.code = codeIn(e.text)
	}
	if e.status == http.StatusTooManyRequests || e.code == codeTooMany {
		e.status, e.after = http.StatusTooManyRequests, r.delay(res.Header, e.text)
		r.hold(name, e.after)
	}
	return e
}

// clip keeps the first most characters.
func clip(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most])
}

var (
	codeAtEnd   = regexp.MustCompile(`\[([a-z0-9_-]+)\]\s*$`)
	waitSeconds = regexp.MustCompile(`wait (\d+) seconds?`)
)

// codeIn is the code that stands at the end of an error's words: not every answer has it in a field of its own.
func codeIn(text string) string {
	if m := codeAtEnd.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	if strings.HasPrefix(text, "error-") && !strings.ContainsAny(text, " \t") || text == "totp-required" || text == "unauthorized" {
		return text
	}
	return ""
}

// delayMost is the longest delay that is believed.
const delayMost = 10 * time.Minute

// delay is how long the server wants to be left alone. The header says in milliseconds when that is over; where the clocks
// differ too much for that, the words say how many seconds.
func (r *rest) delay(h http.Header, text string) time.Duration {
	if ms, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err == nil && ms > 0 && ms < latest {
		if d := time.UnixMilli(ms).Sub(r.now()); d > 0 && d <= delayMost {
			return d
		}
	}
	if m := waitSeconds.FindStringSubmatch(text); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			return min(time.Duration(max(n, 1))*time.Second, delayMost)
		}
	}
	return time.Second
}

func (r *rest) hold(name string, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until[name] = r.now().Add(d)
}

func (r *rest) wait(name string) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.until[name].Sub(r.now())
	if d <= 0 {
		delete(r.until, name)
	}
	return d
}
