package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// uploads remembers which file belongs to a key, to look up what became of one in doubt. After a restart nothing is
// remembered, and a file in doubt is sent again.
type uploads struct {
	mu    sync.Mutex
	files map[string]string
}

// uploadsMost bounds what is remembered.
const uploadsMost = 1000

func (u *uploads) put(key, file string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.files == nil || len(u.files) >= uploadsMost {
		u.files = map[string]string{}
	}
	u.files[key] = file
}

func (u *uploads) get(key string) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.files[key]
}

// Upload sends a file with its caption: Slack is asked for an address, given the contents there, and told where to show
// them. The message is made afterwards, so the Ref may be zero where Slack is slow.
func (p *Platform) Upload(ctx context.Context, key string, to chat.Place, f chat.Upload, contents io.Reader, size int64) (chat.Ref, error) {
	if size > fileMost {
		return chat.Ref{}, chat.Final(fmt.Errorf("a file of %d bytes", size), "The file is too large for Slack.")
	}
	slot, err := p.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: f.Name, FileSize: int(size)})
	if err != nil {
		return chat.Ref{}, certain(p.sorted("ask where to upload", err))
	}
	err = p.api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: slot.UploadURL, Reader: contents, Filename: f.Name})
	if err != nil {
		return chat.Ref{}, certain(p.sorted("upload a file", err))
	}
	p.uploads.put(key, slot.FileID)
	err = p.joined(ctx, string(to.Channel), func() error {
		_, err := p.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files: []slack.FileSummary{{ID: slot.FileID, Title: f.Name}}, Channel: string(to.Channel),
			ThreadTimestamp: string(to.Thread), InitialComment: escape(f.Caption.String())})
		return err
	})
	if err != nil {
		return chat.Ref{}, p.sorted("show an uploaded file", err)
	}
	return p.shownAt(ctx, slot.FileID, to), nil
}

// certain takes the doubt from an error: before a file is shown, nobody has seen anything.
func certain(err error) error {
	var f *chat.Failure
	if errors.As(err, &f) {
		f.InDoubt = false
	}
	return err
}

// looksMost and lookPause are how often and how far apart Slack is asked for the message of a file.
const (
	looksMost = 4
	lookPause = 250 * time.Millisecond
)

// shownAt is the message that shows a file; zero where Slack has not made it yet.
func (p *Platform) shownAt(ctx context.Context, file string, to chat.Place) chat.Ref {
	for n := range looksMost {
		f, err := p.fileInfo(ctx, file)
		if err != nil {
			p.log.Debug().Err(err).Msg("could not look up the message of a file")
			return chat.Ref{}
		}
		if ts := f.sharedIn(string(to.Channel)); ts != "" {
			return p.ref(string(to.Channel), ts)
		}
		if n < looksMost-1 && !pause(ctx, lookPause) {
			break
		}
	}
	return chat.Ref{}
}

// pause waits for a while, and says whether ctx let it.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (f wireFile) sharedIn(channel string) string {
	for _, shares := range []map[string][]wireShare{f.Shares.Public, f.Shares.Private} {
		if s := shares[channel]; len(s) > 0 {
			return s[0].TS
		}
	}
	return ""
}

// uploaded finds the message of a file whose upload is in doubt.
func (p *Platform) uploaded(ctx context.Context, key string, to chat.Place) (chat.Ref, bool, error) {
	file := p.uploads.get(key)
	if file == "" {
		return chat.Ref{}, false, nil
	}
	f, err := p.fileInfo(ctx, file)
	if errors.Is(err, chat.ErrGone) {
		return chat.Ref{}, false, nil
	}
	ts := f.sharedIn(string(to.Channel))
	return p.ref(string(to.Channel), ts), ts != "", err
}

func (p *Platform) fileInfo(ctx context.Context, id string) (wireFile, error) {
	var answer struct {
		File wireFile `json:"file"`
	}
	err := p.read(ctx, "files.info", url.Values{"file": {id}}, &answer)
	return answer.File, p.sorted("look at a file", err)
}

// Download reads a file over its private address, with the token: a file is never made public. The page that asks to sign
// in, which Slack sends in place of a file that the token may not read, is a Failure.
func (p *Platform) Download(ctx context.Context, f chat.File) (io.ReadCloser, error) {
	info, err := p.fileInfo(ctx, f.ID)
	if err != nil {
		return nil, err
	}
	address := first(info.Download, info.Private)
	if !p.trusted(address) {
		return nil, chat.Final(errors.New("the file does not lie with Slack"), "The file lies outside of Slack, so I did not fetch it.")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, chat.Final(err, "")
	}
	req.Header.Set("Authorization", "Bearer "+p.cfg.BotToken.Reveal())
	res, err := p.stayingHTTP().Do(req)
	if err != nil {
		return nil, p.sorted("download a file", err)
	}
	if err := p.judge(res, info); err != nil {
		res.Body.Close()
		return nil, err
	}
	return res.Body, nil
}

// stayingHTTP is the HTTP client, without following to another address: a file is never elsewhere, the sign-in page is.
func (p *Platform) stayingHTTP() *http.Client {
	c := *p.o.HTTP
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// trusted says that an address may be given the token: it is Slack's, or where the Web API is.
func (p *Platform) trusted(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	if api, err := url.Parse(p.cfg.APIURL); err == nil && u.Scheme == api.Scheme && strings.EqualFold(u.Host, api.Host) {
		return true
	}
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && (strings.HasSuffix(host, ".slack.com") || strings.HasSuffix(host, ".slack-gov.com"))
}

const tellUnreadable = "Slack did not let me read the file. An operator should check that the app has the scope files:read and is in the channel."

// judge says whether an answer is the file.
func (p *Platform) judge(res *http.Response, f wireFile) error {
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return chat.Final(errors.New("download a file: sent to the sign-in page"), tellUnreadable)
	case res.StatusCode == http.StatusTooManyRequests:
		return chat.Temporary(errors.New("download a file: too many requests"), retryAfter(res.Header))
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return chat.Final(fmt.Errorf("%w: download a file: HTTP status %d", chat.ErrGone, res.StatusCode), "")
	case res.StatusCode != http.StatusOK:
		return byStatus(fmt.Errorf("download a file: HTTP status %d", res.StatusCode), res.StatusCode)
	case kind == "text/html" && !strings.HasPrefix(f.Mimetype, "text/html"):
		return chat.Final(errors.New("download a file: a page in place of the file"), tellUnreadable)
	case f.Size > 0 && res.ContentLength >= 0 && res.ContentLength != f.Size:
		return chat.InDoubt(fmt.Errorf("download a file: %d bytes in place of %d", res.ContentLength, f.Size))
	default:
		return nil
	}
}

// language is the language of the code in a file, by Slack's own name of the type; empty of anything else.
func (f wireFile) language() string {
	if f.Mode != "snippet" || f.Filetype == "text" || f.Filetype == "plain_text" || f.Filetype == "auto" {
		return ""
	}
	return f.Filetype
}

func (f wireFile) file() chat.File {
	return chat.File{ID: f.ID, Name: first(f.Name, f.Title, f.ID), Type: f.Mimetype, Language: f.language(), Size: f.Size, Link: f.Permalink}
}
