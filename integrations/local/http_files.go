package local

import (
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"

	"boswell/chat"
)

// file sends a file of a message. Pictures are shown; everything else is only downloaded, whatever it calls itself.
func (p *pages) file(w http.ResponseWriter, r *http.Request) error {
	by := chat.UserID(r.URL.Query().Get("as"))
	contents, file, err := p.chat.File(r.Context(), by, p.on(r), r.PathValue("file"))
	if err != nil {
		return err
	}
	defer contents.Close()
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+file.ID+`"`)
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	if picture(file.Type) {
		h.Set("Content-Type", file.Type)
		h.Set("Content-Disposition", "inline")
	}
	h.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	if _, err := io.Copy(w, contents); err != nil {
		p.o.Log.Debug().Err(err).Msg("could not send a file whole")
	}
	return nil
}

// staticTypes are the types of what is part of the program; the tables of the machine are not asked.
var staticTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// static sends what is part of the program. A browser asks each time whether it has changed.
func static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	contents, err := content.ReadFile("static/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", staticTypes[path.Ext(name)])
	w.Header().Set("Cache-Control", "no-cache")
	serve(w, r, contents)
}

// picture says that a browser may show a file of a type. Drawings that can hold scripts are none.
func picture(kind string) bool {
	switch kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	default:
		return false
	}
}
