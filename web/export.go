package web

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"boswell/incident"
	"boswell/postmortem"
	"boswell/storage"
)

// document begins the name under which an export is served; the rest is the extension of its style.
const document = "postmortem"

// export sends the postmortem in the style that the end of the address names: the bytes that the command exports.
func (s *Site) export(w http.ResponseWriter, r *http.Request) error {
	extension, ok := strings.CutPrefix(r.PathValue("export"), document)
	style, known := styleOf(extension)
	if !ok || !known {
		return errUnseen
	}
	var contents []byte
	var name string
	err := s.look(r, func(reader storage.Reader, in *incident.Incident) (err error) {
		name = in.ID.String() + "-" + postmortem.Slug(in.Title()) + style.Extension
		contents, _, err = postmortem.Render(style.Name, in, names(reader))
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", style.MediaType+"; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	serve(w, r, contents)
	return nil
}

// styleOf is the first style of those whose files end in an extension.
func styleOf(extension string) (postmortem.Style, bool) {
	styles := postmortem.Styles()
	i := slices.IndexFunc(styles, func(s postmortem.Style) bool { return s.Extension == extension })
	if i < 0 {
		return postmortem.Style{}, false
	}
	return styles[i], true
}

// exportsOf are the downloads that an incident has.
func exportsOf(id incident.ID) []exportView {
	var exports []exportView
	for _, style := range postmortem.Styles() {
		if first, _ := styleOf(style.Extension); first.Name == style.Name {
			exports = append(exports, exportView{pathOf(id) + "/" + document + style.Extension, strings.TrimPrefix(style.Extension, ".")})
		}
	}
	return exports
}
