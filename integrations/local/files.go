package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"boswell/chat"
)

// A shelf keeps the contents of files by their SHA-256.
type shelf struct{ dir string }

// An Attachment is a file to be sent. Language is that of code, as people would say it; empty is told by the name.
type Attachment struct {
	Name     string
	Type     string // media type; empty is told by the name
	Language string
	Contents io.Reader
}

// put keeps contents of at most MaxFile bytes and returns when they are durable. Nothing is left of what finds no room.
func (s *shelf) put(r io.Reader) (id string, size int64, err error) {
	id, size, err = s.add(r)
	if errors.Is(err, syscall.ENOSPC) {
		return "", 0, errNoSpace
	}
	return id, size, err
}

func (s *shelf) add(r io.Reader) (id string, size int64, err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	f, err := os.CreateTemp(s.dir, "new-*")
	if err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	id, size, err = fill(f, r)
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(s.dir, id))
	}
	if err != nil {
		return "", 0, errors.Join(err, os.Remove(f.Name()))
	}
	return id, size, syncFolder(s.dir)
}

// fill copies into f, syncs and closes it.
func fill(f *os.File, r io.Reader) (id string, size int64, err error) {
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, sum), io.LimitReader(r, MaxFile+1))
	if err == nil && size > MaxFile {
		err = problem("That file has more than %d MiB. Put it somewhere else and post the link.", MaxFile>>20)
	}
	if err == nil {
		err = f.Sync()
	}
	if errors.Is(err, syscall.ENOSPC) {
		err = errNoSpace
	}
	return hex.EncodeToString(sum.Sum(nil)), size, errors.Join(err, f.Close())
}

// open reads a file that put kept.
func (s *shelf) open(id string) (*os.File, error) {
	if !isHash(id) {
		return nil, gone("There is no such file.")
	}
	f, err := os.Open(filepath.Join(s.dir, id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, gone("That file is no longer there.")
	}
	return f, err
}

func isHash(id string) bool {
	sum, err := hex.DecodeString(id)
	return err == nil && len(sum) == sha256.Size
}

// keep puts attachments on the shelf.
func (c *Chat) keep(attachments []Attachment) ([]chat.File, error) {
	if len(attachments) > MaxFiles {
		return nil, problem("A message takes at most %d files. Send the others with another one.", MaxFiles)
	}
	var files []chat.File
	for _, a := range attachments {
		id, size, err := c.files.put(a.Contents)
		if err != nil {
			return nil, err
		}
		files = append(files, a.file(id, size))
	}
	return files, nil
}

// file describes an attachment whose contents are kept.
func (a Attachment) file(id string, size int64) chat.File {
	f := chat.File{ID: id, Name: fileName(a.Name), Type: a.Type, Language: a.Language, Size: size}
	extension := strings.ToLower(filepath.Ext(f.Name))
	if f.Type == "" {
		f.Type = mime.TypeByExtension(extension)
	}
	if f.Language == "" {
		f.Language = languages[extension]
	}
	return f
}

// fileName is the last part of a path, whatever system it came from.
func fileName(path string) string {
	name := clip(oneLine(path[strings.LastIndexAny(path, `/\`)+1:]), maxName)
	if name == "" || name == "." || name == ".." {
		return "file"
	}
	return name
}

// languages are those of the files that people send around in an outage.
var languages = map[string]string{
	".c": "c", ".css": "css", ".diff": "diff", ".go": "go", ".html": "html", ".java": "java", ".js": "javascript",
	".json": "json", ".md": "markdown", ".patch": "diff", ".py": "python", ".rb": "ruby", ".rs": "rust", ".sh": "shell",
	".sql": "sql", ".toml": "toml", ".ts": "typescript", ".xml": "xml", ".yaml": "yaml", ".yml": "yaml",
}

// clip is at most n runes of a text.
func clip(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n])
	}
	return text
}

// File opens a file that stands in a message which a person sees. The caller closes it.
func (c *Chat) File(ctx context.Context, by chat.UserID, on chat.Ref, id string) (io.ReadCloser, chat.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, chat.File{}, err
	}
	var file chat.File
	err := c.read(func(s *state) error {
		m, err := s.visible(by, on)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(m.files, func(f chat.File) bool { return f.ID == id })
		if i < 0 {
			return gone("That file is no longer there.")
		}
		file = m.files[i]
		return nil
	})
	if err != nil {
		return nil, chat.File{}, err
	}
	f, err := c.files.open(id)
	if err != nil {
		return nil, chat.File{}, err
	}
	return f, file, nil
}
