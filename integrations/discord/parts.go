package discord

import (
	"encoding/json"
	"path"
	"strings"
)

// The types of part that say or show something.
const (
	partText      = 10
	partThumbnail = 11
	partGallery   = 12
	partFile      = 13
)

type (
	// parts are what a message is made of where bots build it of components: its text is in them then, and nowhere else.
	parts []part

	part struct {
		Type      int    `json:"type"`
		Content   string `json:"content"` // of a text
		Parts     parts  `json:"components"`
		Accessory *part  `json:"accessory"`
		Media     media  `json:"media"` // of a thumbnail
		File      media  `json:"file"`  // of a file, with the two below
		Name      string `json:"name"`
		Size      int64  `json:"size"`
		Items     []struct {
			Media media `json:"media"`
		} `json:"items"` // of a gallery
	}

	// media is a picture or a file. What is not uploaded to Discord has no identifier there.
	media struct {
		URL          string `json:"url"`
		ContentType  string `json:"content_type"`
		AttachmentID string `json:"attachment_id"`
	}
)

// UnmarshalJSON reads what it knows the shape of and leaves out the rest, so that a component that is new hides no other.
func (p *parts) UnmarshalJSON(data []byte) error {
	// What does not fit is left out by the decoder itself, which goes on behind it; that there was such is no failure.
	_ = json.Unmarshal(data, (*[]part)(p))
	return nil
}

// walk calls do for each part, those inside others too, in the order of the screen.
func (p parts) walk(do func(part)) {
	for _, one := range p {
		do(one)
		one.Parts.walk(do)
		if one.Accessory != nil {
			parts{*one.Accessory}.walk(do)
		}
	}
}

// text is what the parts say.
func (p parts) text() string {
	var said []string
	p.walk(func(one part) {
		if one.Type == partText && one.Content != "" {
			said = append(said, one.Content)
		}
	})
	return strings.Join(said, "\n")
}

// files are those of the parts that Discord keeps.
func (p parts) files() []attachment {
	var all []attachment
	add := func(m media, name string, size int64) {
		if m.AttachmentID != "" {
			all = append(all, attachment{ID: m.AttachmentID, Filename: orElse(name, m.name()), ContentType: m.ContentType, Size: size, URL: m.URL})
		}
	}
	p.walk(func(one part) {
		switch one.Type {
		case partThumbnail:
			add(one.Media, "", 0)
		case partGallery:
			for _, item := range one.Items {
				add(item.Media, "", 0)
			}
		case partFile:
			add(one.File, one.Name, one.Size)
		}
	})
	return all
}

// name is the name of a file, which stands at the end of its address.
func (m media) name() string {
	address, _, _ := strings.Cut(m.URL, "?")
	return path.Base(address)
}

// attached are the files of a message, with those of what it forwards, each once.
func (m message) attached() []attachment {
	all := append([]attachment(nil), m.Attachments...)
	all = append(all, m.Parts.files()...)
	for _, shot := range m.Snapshots {
		if shot.Message != nil {
			all = append(all, shot.Message.attached()...)
		}
	}
	seen := map[string]bool{}
	var each []attachment
	for _, a := range all {
		if !seen[a.ID] {
			each = append(each, a)
		}
		seen[a.ID] = true
	}
	return each
}
