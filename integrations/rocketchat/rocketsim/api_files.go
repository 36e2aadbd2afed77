package rocketsim

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

var fileEndpoints = map[string]endpoint{
	"POST rooms.media":        {form: true, do: (*Sim).uploadFile},
	"POST rooms.mediaConfirm": {takes: fields{"msg": "s", "description": "s", "tmid": "s", "fileName": "s", "t": "s", "content": "o", "customFields": "o"}, do: (*Sim).confirmFile},
	"POST rooms.upload":       {form: true, until: 7, do: (*Sim).uploadAtOnce},
}

// uploadable finds the room that a file is for, and says why the file cannot be taken.
func (s *Sim) uploadable(c *call) (*room, error) {
	if len(c.rest) == 0 {
		return nil, fail("error-room-not-found", "Room not found")
	}
	r := s.rooms[c.rest[0]]
	allowed, _ := s.settings["FileUpload_MediaTypeWhiteList"].(string)
	refused, _ := s.settings["FileUpload_MediaTypeBlackList"].(string)
	switch {
	case r == nil || !s.reaches(c.user, r):
		return nil, &refusal{status: http.StatusForbidden, text: "unauthorized"}
	case !s.on("FileUpload_Enabled"):
		return nil, fail("error-file-upload-disabled", "File upload is disabled")
	case len(c.file.contents) > s.amount("FileUpload_MaxFileSize"):
		return nil, fail("error-file-too-large", "File is too large")
	case allowed != "" && !listsKind(allowed, c.file.kind), listsKind(refused, c.file.kind):
		return nil, fail("error-invalid-file-type", "File type is not accepted")
	}
	return r, nil
}

// listsKind says whether a media type is in a list such as "image/*,text/plain".
func listsKind(list, kind string) bool {
	kind, _, _ = strings.Cut(kind, ";")
	family, _, _ := strings.Cut(kind, "/")
	return slices.Contains(strings.Split(list, ","), kind) || slices.Contains(strings.Split(list, ","), family+"/*")
}

func (s *Sim) uploadFile(c *call) (object, error) {
	r, err := s.uploadable(c)
	if err != nil {
		return nil, err
	}
	f := s.keep(c.file, c.user, r)
	f.temporary = true
	return object{"file": object{"_id": f.id, "url": fileAddress(f)}}, nil
}

// keep stores a file.
func (s *Sim) keep(f *file, by *user, r *room) *file {
	f.id, f.by, f.room = s.newID(), by, r.id
	s.files[f.id] = f
	return f
}

func fileAddress(f *file) string { return "/file-upload/" + f.id + "/" + url.PathEscape(f.name) }

func (s *Sim) confirmFile(c *call) (object, error) {
	if len(c.rest) < 2 {
		return nil, fail("invalid-file", "")
	}
	r, f := s.rooms[c.rest[0]], s.files[c.rest[1]]
	switch {
	case r == nil || !s.reaches(c.user, r):
		return nil, &refusal{status: http.StatusForbidden, text: "unauthorized"}
	case f == nil || f.room != r.id || f.by != c.user:
		return nil, fail("invalid-file", "")
	}
	f.temporary = false
	if name := c.text("fileName"); name != "" {
		f.name = name
	}
	m := s.withFile(&message{in: r, by: c.user, text: c.text("msg"), thread: c.text("tmid"), custom: c.args["customFields"]}, f, c.text("description"))
	if err := s.say(m, false); err != nil {
		return nil, err
	}
	return object{"message": s.messageObject(m)}, nil
}

func (s *Sim) uploadAtOnce(c *call) (object, error) {
	r, err := s.uploadable(c)
	if err != nil {
		return nil, err
	}
	m := s.withFile(&message{in: r, by: c.user}, s.keep(c.file, c.user, r), "")
	if err := s.say(m, false); err != nil {
		return nil, err
	}
	return object{"message": s.messageObject(m)}, nil
}

// withFile hangs a file on a message.
func (s *Sim) withFile(m *message, f *file, description string) *message {
	at := object{"title": f.name, "title_link": fileAddress(f), "title_link_download": true, "type": "file", "fileId": f.id,
		"description": description, "format": strings.ToUpper(strings.TrimPrefix(path.Ext(f.name), "."))}
	if strings.HasPrefix(f.kind, "image/") {
		at["image_url"], at["image_type"], at["image_size"] = fileAddress(f), f.kind, len(f.contents)
	}
	m.file, m.attachments = f, []any{at}
	return m
}

// download gives a file to whoever may see it: from here, or from the storage that stands behind.
func (s *Sim) download(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f, redirect, down := s.files[r.PathValue("id")], s.redirect, s.down
	fault := s.fault("file-upload")
	u := s.users[s.tokens[credential(r, "X-Auth-Token", "rc_token")]]
	allowed := !s.on("FileUpload_ProtectFiles") || u != nil && f != nil && u.id == credential(r, "X-User-Id", "rc_uid") && s.rooms[f.room] != nil && s.reaches(u, s.rooms[f.room])
	s.mu.Unlock()
	switch {
	case down || fault != nil:
		s.stumble(w, fault)
	case f == nil:
		http.NotFound(w, r)
	case !allowed:
		w.WriteHeader(http.StatusForbidden)
	case redirect:
		http.Redirect(w, r, "http://"+s.store.Addr().String()+"/bucket/"+f.id+"?X-Amz-Signature=simulated", http.StatusFound)
	default:
		give(w, f)
	}
}

// credential is what a request proves with, in a header, a query or a cookie.
func credential(r *http.Request, header, name string) string {
	if value := r.Header.Get(header); value != "" {
		return value
	}
	if value := r.URL.Query().Get(name); value != "" {
		return value
	}
	if cookie, err := r.Cookie(name); err == nil {
		return cookie.Value
	}
	return ""
}

func give(w http.ResponseWriter, f *file) {
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.name))
	// A client that is gone wants no file.
	_, _ = w.Write(f.contents)
}

// stored is the storage behind the server, which is somebody else's: credentials of the server have no business there.
func (s *Sim) stored(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	for _, header := range []string{"X-Auth-Token", "X-User-Id", "Authorization", "Cookie"} {
		if r.Header.Get(header) != "" {
			s.strayed = append(s.strayed, header)
		}
	}
	f := s.files[path.Base(r.URL.Path)]
	s.mu.Unlock()
	if f == nil || r.URL.Query().Get("X-Amz-Signature") == "" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	give(w, f)
}
