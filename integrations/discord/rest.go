package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"boswell/chat"
)

// apiPath is where the API is; discordgo's own socket talks version 9, which tells the same.
const apiPath = "/api/v10"

// userAgent is how bots have to name themselves; others are turned away before Discord sees them.
const userAgent = "DiscordBot (https://github.com/bwmarrin/discordgo, 0.29.0) boswell"

// answerMost is how many bytes of an answer are read.
const answerMost = 32 << 20

// rest makes requests. Each is made once: whoever owes something repeats it.
type rest struct {
	token chat.Secret
	base  string
	http  *http.Client
	pace  pace
}

func newRest(token chat.Secret, o Options) *rest {
	return &rest{token: token, base: o.Base + apiPath, http: o.HTTP, pace: pace{patience: o.Patience}}
}

// A request is one call of the API.
type request struct {
	method, path string
	body         any       // is sent as JSON
	file         *sentFile // goes along with body
	reason       string    // for the audit log
	open         bool      // the path itself is the permission, so no token is sent
}

// A sentFile is a file of a message.
type sentFile struct {
	name, kind string
	contents   io.Reader
	size       int64
}

func (r *rest) get(ctx context.Context, path string, into any) error {
	return r.do(ctx, request{method: http.MethodGet, path: path}, into)
}

// do makes a request in its turn and reads the answer into into, unless that is nil. Errors are *chat.Failure.
func (r *rest) do(ctx context.Context, q request, into any) error {
	if err := r.pace.wait(ctx, q); err != nil {
		return err
	}
	answer, err := r.send(ctx, q)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, answerMost))
	r.pace.heard(q, answer.StatusCode, answer.Header, text)
	if err != nil {
		return chat.InDoubt(fmt.Errorf("read the answer to %s %s: %w", q.method, q.route(), err))
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return refused(q, answer, text)
	}
	if into == nil || answer.StatusCode == http.StatusNoContent {
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return chat.InDoubt(fmt.Errorf("the answer to %s %s is no JSON: %w", q.method, q.route(), err))
	}
	return nil
}

func (r *rest) send(ctx context.Context, q request) (*http.Response, error) {
	body, kind, err := q.encoded()
	if err != nil {
		return nil, chat.Final(err, "")
	}
	made, err := http.NewRequestWithContext(ctx, q.method, r.base+q.path, body)
	if err != nil {
		return nil, chat.Final(fmt.Errorf("%s %s: %w", q.method, q.route(), errors.New("the address is none")), "")
	}
	made.Header.Set("User-Agent", userAgent)
	if kind != "" {
		made.Header.Set("Content-Type", kind)
	}
	if !q.open {
		made.Header.Set("Authorization", "Bot "+r.token.Reveal())
	}
	if q.reason != "" {
		made.Header.Set("X-Audit-Log-Reason", url.PathEscape(q.reason))
	}
	answer, err := r.http.Do(made)
	if err != nil {
		return nil, unreached(q, err)
	}
	return answer, nil
}

// encoded is the body and its type.
func (q request) encoded() (io.Reader, string, error) {
	if q.body == nil {
		return http.NoBody, "", nil
	}
	text, err := json.Marshal(q.body)
	if err != nil {
		return nil, "", fmt.Errorf("write the body of %s %s: %w", q.method, q.route(), err)
	}
	if q.file == nil {
		return bytes.NewReader(text), "application/json", nil
	}
	return q.multipart(text)
}

func (q request) multipart(payload []byte) (io.Reader, string, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="payload_json"`},
		"Content-Type": {"application/json"}})
	if err == nil {
		_, err = part.Write(payload)
	}
	if err == nil {
		part, err = w.CreateFormFile("files[0]", q.file.name)
	}
	if err == nil {
		_, err = io.Copy(part, io.LimitReader(q.file.contents, q.file.size))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, "", fmt.Errorf("write the file of %s %s: %w", q.method, q.route(), err)
	}
	return &body, w.FormDataContentType(), nil
}

// unreached sorts an error without an answer. One that came before the connection certainly did nothing. The address stands
// in no error: that of a callback holds a token.
func unreached(q request, err error) error {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		err = inURL.Err
	}
	err = fmt.Errorf("%s %s: %w", q.method, q.route(), err)
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return chat.Temporary(err, 0)
	}
	return chat.InDoubt(err)
}

// route is the path without what tells one thing from another, and without tokens.
func (q request) route() string {
	route, _ := q.split()
	return route
}

// split is the route of a request, and the identifier that rate limits are kept by.
func (q request) split() (route, major string) {
	path, _, _ := strings.Cut(q.path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i := range parts {
		if i == 0 {
			continue
		}
		switch parts[i-1] {
		case "channels", "guilds", "webhooks":
			if i == 1 {
				major = parts[i]
			}
			parts[i] = "{id}"
			continue
		case "reactions":
			parts[i] = "{emoji}"
			continue
		}
		if isSnowflake(parts[i]) {
			parts[i] = "{id}"
		} else if i == 2 && (parts[0] == "webhooks" || parts[0] == "interactions") {
			major, parts[i] = major+parts[i], "{token}"
		}
	}
	return q.method + " /" + strings.Join(parts, "/"), major
}

// seconds is a number of seconds as a duration.
func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
