package slack

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// uploads remembers which file belongs to a key, to look up what became of one in doubt. After a restart nothing is
// remembered.
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
	looksMost = 12
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

// FindUpload finds the message of a file whose upload is in doubt: as long as the bot runs by the file that was uploaded under
// the key, and after a restart by what the bot has shown in the channel or thread since a moment: a file of the same name
// with the same contents. Slack keeps no key with a file.
func (p *Platform) FindUpload(ctx context.Context, key string, to chat.Place, f chat.Upload, contents io.Reader, size int64, since time.Time) (chat.Ref, bool, error) {
	if file := p.uploads.get(key); file != "" {
		return p.uploadedAs(ctx, file, to)
	}
	wanted, err := sumOf(contents)
	if err != nil {
		return chat.Ref{}, false, chat.Final(fmt.Errorf("read what was to be uploaded: %w", err), "")
	}
	return p.findOwn(ctx, to, since, func(m wireMessage) (bool, error) {
		for _, had := range m.Files {
			if had.Name != f.Name || had.Size != size {
				continue
			}
			if same, err := p.contains(ctx, had, wanted); same || err != nil {
				return same, err
			}
		}
		return false, nil
	})
}

// uploadedAs is the message that shows a file, if there is one.
func (p *Platform) uploadedAs(ctx context.Context, file string, to chat.Place) (chat.Ref, bool, error) {
	f, err := p.fileInfo(ctx, file)
	if errors.Is(err, chat.ErrGone) {
		return chat.Ref{}, false, nil
	}
	ts := f.sharedIn(string(to.Channel))
	return p.ref(string(to.Channel), ts), ts != "", err
}

type checksum = [sha256.Size]byte

func sumOf(contents io.Reader) (sum checksum, err error) {
	h := sha256.New()
	_, err = io.Copy(h, contents)
	return checksum(h.Sum(nil)), err
}

// contains says whether a file has certain contents. One that is gone has not.
func (p *Platform) contains(ctx context.Context, f wireFile, wanted checksum) (bool, error) {
	r, err := p.Download(ctx, f.file())
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
