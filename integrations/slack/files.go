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

	"boswell/chat"
)

func (p *Platform) fileInfo(ctx context.Context, id string) (wireFile, error) {
	var answer struct {
		File wireFile `json:"file"`
	}
	err := p.read(ctx, "files.info", url.Values{"file": {id}}, &answer)
	return answer.File, p.sorted("look at a file", err)
}

// wholeFile is a file with all that Slack tells of it: of one in a channel that is shared with another workspace, messages have
// only the identifier. With an error, and of one that cannot be seen, it is as it was.
func (p *Platform) wholeFile(ctx context.Context, f wireFile) (wireFile, error) {
	if f.Access != "check_file_info" {
		return f, nil
	}
	info, err := p.fileInfo(ctx, f.ID)
	switch {
	case err == nil:
		return info, nil
	case chat.AsFailure(err).Temporary:
		return f, err
	default:
		return f, nil
	}
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
