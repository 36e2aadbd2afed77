package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"boswell/chat"
)

// file is an attachment. Its address expires, so its identifier leads back to the message, where there is a fresh one.
func (p *Platform) file(s spot, messageID string, a attachment) chat.File {
	kind, _, _ := strings.Cut(a.ContentType, ";")
	return chat.File{ID: s.raw() + "/" + messageID + "/" + a.ID, Name: a.Filename, Type: kind, Size: a.Size, Link: a.URL}
}

// Download reads an attachment. Where its address has expired, the message is asked for a fresh one.
func (p *Platform) Download(ctx context.Context, f chat.File) (io.ReadCloser, error) {
	if f.Link != "" && !expired(f.Link, p.o.Now()) {
		contents, err := p.fetchFile(ctx, f.Link)
		if err == nil || !errors.Is(err, chat.ErrGone) {
			return contents, err
		}
	}
	parts := strings.Split(f.ID, "/")
	if len(parts) != 3 || !isSnowflake(parts[0]) || !isSnowflake(parts[1]) {
		return nil, noSuchPlace()
	}
	var m message
	if err := p.rest.get(ctx, "/channels/"+parts[0]+"/messages/"+parts[1], &m); err != nil {
		return nil, err
	}
	for _, a := range m.attached() {
		if a.ID == parts[2] {
			return p.fetchFile(ctx, a.URL)
		}
	}
	return nil, chat.Final(fmt.Errorf("the attachment is not in its message: %w", chat.ErrGone), "The file is not there any more.")
}

// expired says that the address of a file is no longer good: it tells so itself.
func expired(link string, now time.Time) bool {
	u, err := url.Parse(link)
	if err != nil {
		return true
	}
	until, err := strconv.ParseInt(u.Query().Get("ex"), 16, 64)
	return err == nil && !now.Before(time.Unix(until, 0))
}

// fetchFile asks for a file, without the token: its address is all it takes, and it is not the API that answers.
func (p *Platform) fetchFile(ctx context.Context, link string) (io.ReadCloser, error) {
	if !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, p.o.Base+"/") {
		return nil, chat.Final(errors.New("the address of a file is none"), "Discord gave no address for the file.")
	}
	made, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, chat.Final(errors.New("the address of a file is none"), "Discord gave no address for the file.")
	}
	made.Header.Set("User-Agent", userAgent)
	answer, err := p.rest.http.Do(made)
	if err != nil {
		return nil, unreached(request{method: http.MethodGet, path: "/a file"}, err)
	}
	if answer.StatusCode == http.StatusOK {
		return answer.Body, nil
	}
	closing := answer.Body.Close()
	err = errors.Join(fmt.Errorf("a file was answered with status %d", answer.StatusCode), closing)
	switch {
	case answer.StatusCode == http.StatusNotFound, answer.StatusCode == http.StatusForbidden:
		return nil, chat.Final(fmt.Errorf("%w: %w", err, chat.ErrGone), "The file is not there any more.")
	default:
		return nil, chat.Temporary(err, 0)
	}
}

// Upload sends a file with its caption.
func (p *Platform) Upload(ctx context.Context, key string, to chat.Place, f chat.Upload, contents io.Reader, size int64) (chat.Ref, error) {
	if size > fileMost {
		return chat.Ref{}, chat.Final(fmt.Errorf("the file has %d bytes", size),
			fmt.Sprintf("The file has %d bytes, and Discord takes %d. Fetch it from the web page or with `boswell export`.", size, fileMost))
	}
	out, err := captioned(f)
	if err != nil {
		return chat.Ref{}, err
	}
	out.Files = []outAttach{{ID: "0", Filename: f.Name}}
	return p.send(ctx, key, to, out, &sentFile{name: f.Name, kind: f.Type, contents: contents, size: size})
}

// captioned is the message that a file goes along with.
func captioned(f chat.Upload) (outgoing, error) {
	if len(f.Caption) > 0 {
		return render(chat.Message{Text: f.Caption})
	}
	return outgoing{Embeds: []outEmbed{}, Components: []outRow{}, Allowed: allowed{Parse: []string{}, Users: []string{}}}, nil
}
