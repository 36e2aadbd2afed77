package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
)

// lookUp reads a tagged message whose text is not known. One that is gone by then is said to be gone.
func (b *Bot) lookUp(ctx context.Context, p chat.Platform, o storage.Owed, e chat.LookUp) (result, error) {
	s := sight{ref: e.Message, at: b.clock.Now()}
	fetcher, ok := p.(chat.Fetcher)
	if !ok {
		return result{}, chat.Final(errUnable, "This chat does not let me read messages that I did not see being said.")
	}
	seen, err := fetcher.Fetch(ctx, e.Message)
	switch {
	case errors.Is(err, chat.ErrGone):
		b.recent.forget(e.Message)
		s.gone = true
	case err != nil:
		return result{}, err
	default:
		seen.Said.Ref = e.Message
		b.recent.hear(seen.Said)
		s.said = &seen.Said
	}
	return result{then: func(tx storage.Tx) error { return b.record(tx, o.Incident, s) }}, nil
}

// shortText is the size in bytes up to which the contents of a text file are kept in the log, where exports find them.
const shortText = 128 << 10

// keep downloads a file into the store.
func (b *Bot) keep(ctx context.Context, p chat.Platform, o storage.Owed, e chat.Keep) (result, error) {
	f := fileOf(e.File)
	if err := b.download(ctx, p, e.File, &f); err != nil {
		return result{}, err
	}
	return result{then: func(tx storage.Tx) error {
		in, err := tx.Incident(o.Incident)
		if err != nil {
			return err
		}
		return tx.Append(o.Incident, in.KeepFile(messageOf(e.Message), f)...)
	}}, nil
}

func (b *Bot) download(ctx context.Context, p chat.Platform, from chat.File, f *incident.File) error {
	if from.Size > b.o.MaxFile {
		f.Problem = fmt.Sprintf("with %d bytes it is larger than the %d that are kept", from.Size, b.o.MaxFile)
		return nil
	}
	d, ok := p.(chat.Downloader)
	if !ok {
		f.Problem = "files cannot be read on this platform"
		return nil
	}
	contents, err := d.Download(ctx, from)
	if errors.Is(err, chat.ErrGone) {
		f.Problem = "it was gone before it could be kept"
		return nil
	}
	if err != nil {
		return err
	}
	defer contents.Close()
	return b.put(contents, f)
}

func (b *Bot) put(contents io.Reader, f *incident.File) error {
	hash, size, err := b.store.PutFile(contents, b.o.MaxFile)
	if errors.Is(err, storage.ErrTooLarge) {
		f.Problem = fmt.Sprintf("it is larger than the %d bytes that are kept", b.o.MaxFile)
		return nil
	}
	if err != nil {
		return chat.Temporary(fmt.Errorf("keep the file %s: %w", f.Name, err), 0)
	}
	f.Hash, f.Size = hash, size
	if size > shortText || !textual(*f) {
		return nil
	}
	f.Text, err = b.kept(hash)
	if !utf8.ValidString(f.Text) || strings.ContainsRune(f.Text, 0) {
		f.Text = ""
	}
	return err
}

// kept is the contents of a file in the store.
func (b *Bot) kept(hash string) (string, error) {
	r, err := b.store.OpenFile(hash)
	if err != nil {
		return "", chat.Final(err, "The file is missing in my data folder. `boswell verify` says more.")
	}
	defer r.Close()
	contents, err := io.ReadAll(r)
	if err != nil {
		return "", chat.Temporary(err, 0)
	}
	return string(contents), nil
}

// readingOver lets the postmortem of a closed incident go that waited for an effect to be over.
func (b *Bot) readingOver(tx storage.Tx, o storage.Owed) error {
	if !commands.Reading(o.Effect) {
		return nil
	}
	in, err := tx.Incident(o.Incident)
	if err != nil {
		return err
	}
	return commands.Farewell(tx, in, b.o.Settings)
}

func fileOf(f chat.File) incident.File {
	return incident.File{ID: f.ID, Name: f.Name, Type: f.Type, Language: language(f), Size: f.Size, Link: f.Link}
}

// textual says that a file may hold text: its type says so, or nothing speaks against it.
func textual(f incident.File) bool {
	kind, _, _ := strings.Cut(f.Type, "/")
	switch kind {
	case "image", "audio", "video", "font":
		return false
	default:
		return true
	}
}

// languages are the languages of files by the ends of their names, where the platform does not tell.
var languages = map[string]string{
	".diff": "diff", ".patch": "diff", ".md": "markdown", ".markdown": "markdown", ".go": "go", ".py": "python", ".js": "javascript",
	".ts": "typescript", ".rs": "rust", ".java": "java", ".c": "c", ".cc": "cpp", ".cpp": "cpp", ".h": "c", ".rb": "ruby",
	".sh": "bash", ".sql": "sql", ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".xml": "xml", ".html": "html",
	".tf": "hcl", ".ini": "ini", ".csv": "csv",
}

func language(f chat.File) string {
	if f.Language != "" {
		return f.Language
	}
	return languages[strings.ToLower(path.Ext(f.Name))]
}
