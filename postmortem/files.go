package postmortem

import (
	"mime"
	"path"
	"strings"

	"boswell/incident"
)

// FilePath is where an export keeps a file that lies in the store, relative to the document: files/<hash>.<extension>. It
// is empty for a file that is not kept. The extension is that of the file's name, else one of its media type, else none.
func FilePath(f incident.File) string {
	if f.Hash == "" {
		return ""
	}
	return "files/" + f.Hash + extension(f)
}

// longestExtension keeps the end of a sentence from being taken for an extension; it counts bytes, the dot included.
const longestExtension = 9

func extension(f incident.File) string {
	ext := strings.ToLower(path.Ext(f.Name))
	if len(ext) > 1 && len(ext) <= longestExtension && isAlphanumeric(ext[1:]) {
		return ext
	}
	kind, _, err := mime.ParseMediaType(f.Type)
	if err != nil {
		return ""
	}
	return extensions[kind]
}

// extensions of the media types that chats attach without a telling name. The list of the system is not asked, so that an
// export is the same on every machine.
var extensions = map[string]string{
	"image/png":        ".png",
	"image/jpeg":       ".jpg",
	"image/gif":        ".gif",
	"image/webp":       ".webp",
	"image/svg+xml":    ".svg",
	"text/plain":       ".txt",
	"text/markdown":    ".md",
	"text/csv":         ".csv",
	"application/json": ".json",
	"application/pdf":  ".pdf",
}

func isAlphanumeric(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}
