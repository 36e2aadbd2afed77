package slacksim

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

var fileMethods = map[string]method{
	"files.getUploadURLExternal":   {scopes: []string{"files:write"}, needs: []need{{"filename", ""}, {"length", ""}}, do: (*Sim).uploadURL},
	"files.completeUploadExternal": {scopes: []string{"files:write"}, needs: []need{{"files", ""}}, do: (*Sim).completeUpload},
	"files.info":                   {scopes: []string{"files:read"}, needs: []need{{"file", "file_not_found"}}, do: (*Sim).fileInfo},
}

func (s *Sim) uploadURL(c *call) (object, error) {
	length, err := strconv.Atoi(c.text("length"))
	if err != nil || length < 1 {
		return nil, refusal{code: "invalid_arguments", extra: object{"response_metadata": object{
			"messages": []string{"[ERROR] must be greater than 0 [json-pointer:/length]"}}}}
	}
	f := &file{id: s.newID("F"), name: c.text("filename"), title: c.text("filename"), user: BotUser, length: length,
		filetype: "text", mimetype: typeOf(c.text("filename")), mode: "hosted", shares: map[string]string{}}
	s.files[f.id] = f
	return object{"upload_url": s.URL() + "/upload/" + f.id, "file_id": f.id}, nil
}

func typeOf(name string) string {
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "text/plain"
}

// upload takes the contents of a file, raw or as a form.
func (s *Sim) upload(w http.ResponseWriter, r *http.Request) {
	contents, err := contentsOf(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[r.PathValue("id")]
	switch {
	case err != nil || f == nil || f.uploaded:
		http.Error(w, "unknown upload", http.StatusNotFound)
	case len(contents) != f.length:
		http.Error(w, "the length is another one", http.StatusBadRequest)
	default:
		f.contents, f.uploaded = contents, true
		_, _ = w.Write([]byte("OK - " + strconv.Itoa(len(contents))))
	}
}

func contentsOf(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return io.ReadAll(io.LimitReader(r.Body, 64<<20))
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			return io.ReadAll(io.LimitReader(part, 64<<20))
		}
	}
}

func (s *Sim) completeUpload(c *call) (object, error) {
	v, err := c.value("files")
	if err != nil {
		return nil, err
	}
	data, _ := json.Marshal(v)
	var wanted []struct{ ID, Title string }
	if json.Unmarshal(data, &wanted) != nil || len(wanted) == 0 {
		return nil, refuse("invalid_arguments")
	}
	var files []*file
	list := []object{}
	for _, want := range wanted {
		f := s.files[want.ID]
		if f == nil || !f.uploaded {
			return nil, refuse("file_not_found")
		}
		if want.Title != "" {
			f.title = want.Title
		}
		files = append(files, f)
		list = append(list, object{"id": f.id, "title": f.title})
	}
	if c.text("channel_id") == "" {
		return object{"files": list}, nil
	}
	return object{"files": list}, s.share(c, files)
}

// share posts files into a channel.
func (s *Sim) share(c *call, files []*file) error {
	c.Args["channel"] = c.Args["channel_id"]
	ch, err := s.writable(c)
	delete(c.Args, "channel")
	if err != nil {
		return err
	}
	m := &message{user: BotUser, bot: BotID, subtype: "", text: c.text("initial_comment"), files: files}
	if m.thread, err = threadOf(ch, c); err != nil {
		return err
	}
	m.ts = s.stamp(ch)
	for _, f := range files {
		f.shares[ch.id] = m.ts
	}
	ch.add(m)
	s.tellSaid(ch, m)
	return nil
}

func (s *Sim) fileInfo(c *call) (object, error) {
	f := s.files[c.text("file")]
	switch {
	case f == nil:
		return nil, refuse("file_not_found")
	case f.deleted:
		return nil, refuse("file_deleted")
	}
	return object{"file": s.fileObject(f)}, nil
}

// download serves a file to whoever has the token and the scope; anybody else is sent to the page to sign in.
func (s *Sim) download(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[r.PathValue("id")]
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case s.hidden == HTML:
		signIn(w, r)
	case token != BotToken || s.revoked[token] != "" || !s.may("files:read") || s.hidden == Redirect:
		http.Redirect(w, r, "/signin?redir="+r.URL.Path, http.StatusFound)
	case f == nil || f.deleted:
		http.Error(w, "not found", http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", f.mimetype)
		w.Header().Set("Content-Length", strconv.Itoa(len(f.contents)))
		_, _ = w.Write(f.contents)
	}
}

// Page is what Slack shows in place of a file.
type Page int

// The pages: none, the way to the page to sign in, and that page itself.
const (
	NoPage Page = iota
	Redirect
	HTML
)

// HideFiles shows a page in place of every file.
func (s *Sim) HideFiles(p Page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hidden = p
}

// signIn is the page that Slack shows in place of a file.
func signIn(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte("<!DOCTYPE html><html><title>Sign in</title></html>"))
}
