package web

import (
	"io/fs"
	"net/http"
	"path"
)

// Addresses of what a page loads that shows parts of ours: the look of the parts, and the script that keeps them current. The
// script reads a part again, wherever an element names its address in data-part, whenever the document hears "part-changed".
const (
	Stylesheet = "/assets/parts.css"
	Script     = "/assets/parts.js"
)

// types are those of our assets; the tables of the machine are not asked.
var types = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// assets serves the files that are part of the program.
func assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("name")
		contents, err := fs.ReadFile(content, "static/"+name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", types[path.Ext(name)])
		serve(w, r, contents)
	})
}
