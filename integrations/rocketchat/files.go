package rocketchat

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"boswell/chat"
)

// Upload sends a file with its caption: first the contents, which nobody sees yet, then the message that shows them.
func (p *Platform) Upload(ctx context.Context, key string, to chat.Place, f chat.Upload, contents io.Reader, size int64) (chat.Ref, error) {
	if size > p.known().fileMost() {
		return chat.Ref{}, chat.Final(fmt.Errorf("a file of %d bytes", size),
			"The file is too large for this server. An administrator can allow larger ones under Settings, File Upload.")
	}
	id, err := p.sendContents(ctx, string(to.Channel), f, contents)
	if err != nil {
		return chat.Ref{}, certain(sorted("upload a file", err))
	}
	p.uploads.put(key, id)
	body := map[string]string{}
	if caption := render(f.Caption, p.username); caption != "" {
		body["msg"] = caption
	}
	if to.Thread != "" {
		body["tmid"] = string(to.Thread)
	}
	var answer struct {
		Message message `json:"message"`
	}
	route := "rooms.mediaConfirm/" + url.PathEscape(string(to.Channel)) + "/" + url.PathEscape(id)
	if err := p.rest.post(ctx, route, body, &answer); err != nil {
		return chat.Ref{}, sorted("show an uploaded file", err)
	}
	if answer.Message.ID == "" {
		return chat.Ref{}, nil // it is there, and nobody needs to know where
	}
	return p.ref(string(to.Channel), answer.Message.ID), nil
}

// certain takes the doubt from an error: before a file is shown, nobody has seen anything.
func certain(err error) error {
	var f *chat.Failure
	if errors.As(err, &f) {
		f.InDoubt = false
	}
	return err
}

// sendContents sends the contents of a file and returns its identifier.
func (p *Platform) sendContents(ctx context.Context, roomID string, f chat.Upload, contents io.Reader) (string, error) {
	in, out := io.Pipe()
	form := multipart.NewWriter(out)
	go func() {
		// Whoever reads gets the error; nobody else is there.
		_ = out.CloseWithError(writeFile(form, f, contents))
	}()
	defer in.Close()
	var answer struct {
		File file `json:"file"`
	}
	err := p.rest.do(ctx, http.MethodPost, "rooms.media", "/api/v1/rooms.media/"+url.PathEscape(roomID), in, form.FormDataContentType(), &answer)
	if err == nil && answer.File.ID == "" {
		err = errors.New("the server names no file")
	}
	return answer.File.ID, err
}

func writeFile(form *multipart.Writer, f chat.Upload, contents io.Reader) error {
	header := textproto.MIMEHeader{}
	name := strings.NewReplacer(`\`, "_", `"`, "_", "/", "_", "\r", "_", "\n", "_").Replace(f.Name)
	header.Set("Content-Disposition", `form-data; name="file"; filename="`+name+`"`)
	header.Set("Content-Type", first(f.Type, "application/octet-stream"))
	part, err := form.CreatePart(header)
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, contents); err != nil {
		return err
	}
	return form.Close()
}

// FindUpload finds the message of a file whose upload is in doubt: as long as the bot runs by the file that was uploaded under
// the key, and after a restart by what the bot has shown in the room since a moment: a file of the same name with the same
// contents.
func (p *Platform) FindUpload(ctx context.Context, key string, to chat.Place, f chat.Upload, contents io.Reader, size int64,
	since time.Time) (chat.Ref, bool, error) {
	id, known := p.uploads.get(key)
	wanted, err := sumOf(contents)
	if err != nil {
		return chat.Ref{}, false, chat.Final(fmt.Errorf("read what was to be uploaded: %w", err), "")
	}
	answer, err := p.synced(ctx, string(to.Channel), since.Add(-overlap))
	if err != nil {
		return chat.Ref{}, false, err
	}
	for i := range answer.Result.Updated {
		m := &answer.Result.Updated[i]
		if m.Sender.ID != p.cfg.UserID || m.Thread != string(to.Thread) || m.Said.Before(since.Add(-overlap)) {
			continue
		}
		for _, had := range m.files() {
			same := had.ID == id
			if !known && had.Name == f.Name && had.Size == size {
				same, err = p.contains(ctx, p.file(had), wanted)
			}
			if same || err != nil {
				return p.ref(m.Room, m.ID), same, err
			}
		}
	}
	return chat.Ref{}, false, nil
}

type checksum = [sha256.Size]byte

func sumOf(contents io.Reader) (sum checksum, err error) {
	h := sha256.New()
	_, err = io.Copy(h, contents)
	return checksum(h.Sum(nil)), err
}

// contains says whether a file has certain contents. One that is gone has not.
func (p *Platform) contains(ctx context.Context, f chat.File, wanted checksum) (bool, error) {
	r, err := p.Download(ctx, f)
	if errors.Is(err, chat.ErrGone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	sum, err := sumOf(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return false, chat.Temporary(fmt.Errorf("read a file back: %w", err), 0)
	}
	return sum == wanted, nil
}

// Download reads a file from the server, signed in. Where the server sends the request to another one that has its files,
// that one does not get the credentials.
func (p *Platform) Download(ctx context.Context, f chat.File) (io.ReadCloser, error) {
	address := p.cfg.URL + uploadPath + url.PathEscape(f.ID) + "/" + url.PathEscape(f.Name)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, chat.Final(err, "")
	}
	p.rest.sign(req)
	req.Header.Set("Accept", "*/*")
	res, err := p.rest.files.Do(req)
	if err != nil {
		return nil, sorted("download a file", err)
	}
	if err := judgeFile(res, f); err != nil {
		res.Body.Close()
		return nil, err
	}
	return res.Body, nil
}

// judgeFile says whether an answer is the file.
func judgeFile(res *http.Response, f chat.File) error {
	err := fmt.Errorf("download a file: HTTP status %d", res.StatusCode)
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return chat.Final(fmt.Errorf("%w: %w", chat.ErrGone, err), "")
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		return chat.Final(err, "Rocket.Chat did not let me read the file. Am I in the room that it is in?")
	case res.StatusCode == http.StatusTooManyRequests:
		return chat.Temporary(err, time.Second)
	case res.StatusCode >= 500:
		return chat.InDoubt(err)
	case res.StatusCode != http.StatusOK:
		return chat.Final(err, fmt.Sprintf("Rocket.Chat refused the file with HTTP status %d. The log has more.", res.StatusCode))
	case f.Size > 0 && res.ContentLength >= 0 && res.ContentLength != f.Size:
		return chat.InDoubt(fmt.Errorf("download a file: %d bytes in place of %d", res.ContentLength, f.Size))
	default:
		return nil
	}
}
