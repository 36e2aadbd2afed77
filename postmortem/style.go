package postmortem

import (
	"fmt"
	"strings"

	"boswell/incident"
)

// A Style is a format that a postmortem can be exported in.
type Style struct {
	Name      string // as people type it
	Help      string // what it is, in one line
	Extension string // of a file, with the dot
	MediaType string

	render func(*incident.Incident, People) ([]byte, error)
}

// Styles are the styles there are, the standard one first.
func Styles() []Style {
	return []Style{
		{
			Name:      "sre",
			Help:      "the format of the example postmortem in Google's SRE book, in Markdown",
			Extension: ".md",
			MediaType: "text/markdown",
			render:    func(in *incident.Incident, people People) ([]byte, error) { return SRE(From(in, people)), nil },
		},
		{
			Name:      "json",
			Help:      "the whole incident as data, with its metrics",
			Extension: ".json",
			MediaType: "application/json",
			render:    JSON,
		},
	}
}

// StyleNamed is the style of that name, in upper or lower case. An unknown name is a Refusal that lists the styles.
func StyleNamed(style string) (Style, error) {
	name := strings.ToLower(strings.TrimSpace(style))
	var names []string
	for _, s := range Styles() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Style{}, incident.Refuse("There is no style %q.%s The styles are: %s.",
		shortened(style, 40), incident.DidYouMean(name, names), strings.Join(names, ", "))
}

// Render exports an incident in the style that StyleNamed finds.
func Render(style string, in *incident.Incident, people People) (contents []byte, s Style, err error) {
	if s, err = StyleNamed(style); err != nil {
		return nil, Style{}, err
	}
	if contents, err = s.render(in, people); err != nil {
		return nil, Style{}, fmt.Errorf("export of %s as %s: %w", in.ID, s.Name, err)
	}
	return contents, s, nil
}

// shortened is a text of at most n runes, and what is cut off is marked.
func shortened(text string, n int) string {
	runes := []rune(oneLine(text))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n]) + "…"
}
