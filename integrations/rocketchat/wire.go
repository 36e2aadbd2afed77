package rocketchat

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// moment is a time as the server writes it: an object with milliseconds over DDP, a text over REST.
type moment struct{ time.Time }

// UnmarshalJSON reads either. What is no time is the zero time: one odd field must not hide a message.
func (m *moment) UnmarshalJSON(data []byte) error {
	m.Time = time.Time{}
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0 || string(data) == "null":
	case data[0] == '{':
		var e struct {
			Date json.Number `json:"$date"`
		}
		if json.Unmarshal(data, &e) == nil {
			m.millis(e.Date.String())
		}
	case data[0] == '"':
		var text string
		if json.Unmarshal(data, &text) == nil {
			if t, err := time.Parse(time.RFC3339, text); err == nil {
				m.Time = t.UTC()
			}
		}
	default:
		m.millis(string(data))
	}
	return nil
}

// latest is the last moment that is taken for one, in milliseconds: the end of the year 9999.
const latest = 253402300799999

func (m *moment) millis(text string) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f <= 0 || f > latest {
		return
	}
	m.Time = time.UnixMilli(int64(f)).UTC()
}

// lenient is a part of a message that is read as far as it has the shape that is known, so that a new shape of it hides no
// message.
type lenient[T any] struct{ v T }

// UnmarshalJSON reads the part, or nothing.
func (l *lenient[T]) UnmarshalJSON(data []byte) error {
	var v T
	if json.Unmarshal(data, &v) == nil {
		l.v = v
	}
	return nil
}

// The shapes that the server sends, as far as they are read here. What is not known is passed over.
type (
	message struct {
		ID          string                         `json:"_id"`
		Room        string                         `json:"rid"`
		Text        string                         `json:"msg"`
		Kind        string                         `json:"t"`
		Thread      string                         `json:"tmid"`
		Sender      account                        `json:"u"`
		Alias       lenient[string]                `json:"alias"`
		Bot         lenient[map[string]any]        `json:"bot"`
		Said        moment                         `json:"ts"`
		Updated     moment                         `json:"_updatedAt"`
		Edited      moment                         `json:"editedAt"`
		Pinned      lenient[bool]                  `json:"pinned"`
		PinnedBy    lenient[account]               `json:"pinnedBy"`
		Hidden      lenient[bool]                  `json:"_hidden"`
		Private     lenient[bool]                  `json:"private"`
		Mentions    lenient[[]account]             `json:"mentions"`
		Reactions   lenient[map[string]reaction]   `json:"reactions"`
		File        lenient[file]                  `json:"file"`
		Files       lenient[[]file]                `json:"files"`
		Attachments lenient[[]lenient[attachment]] `json:"attachments"`
	}
	account struct {
		ID       string   `json:"_id"`
		Username string   `json:"username"`
		Name     string   `json:"name"`
		Type     string   `json:"type"`
		Roles    []string `json:"roles"`
	}
	reaction struct {
		Usernames []string `json:"usernames"`
	}
	file struct {
		ID   string `json:"_id"`
		Name string `json:"name"`
		Type string `json:"type"`
		Size int64  `json:"size"`
	}
	attachment struct {
		Type        string `json:"type"`
		Title       string `json:"title"`
		TitleLink   string `json:"title_link"`
		Text        string `json:"text"`
		Pretext     string `json:"pretext"`
		Description string `json:"description"`
		Fallback    string `json:"fallback"`
		MessageLink string `json:"message_link"`
	}
	// A room as rooms.get and rooms.info have it, or a subscription to one.
	room struct {
		ID           string            `json:"_id"`
		Of           string            `json:"rid"` // of a subscription: the room
		Kind         string            `json:"t"`
		Name         string            `json:"name"`
		Title        string            `json:"fname"`
		Parent       string            `json:"prid"`
		Topic        string            `json:"topic"`
		Description  string            `json:"description"`
		Announcement string            `json:"announcement"`
		Archived     lenient[bool]     `json:"archived"`
		Encrypted    lenient[bool]     `json:"encrypted"`
		Maker        account           `json:"u"`
		People       lenient[[]string] `json:"uids"` // of a direct conversation
		Updated      moment            `json:"_updatedAt"`
		Last         moment            `json:"lm"` // when something was said last
	}
)

// The kinds of room.
const (
	kindChannel = "c"
	kindGroup   = "p"
	kindDirect  = "d"
)

// shown is the name of a room as people read it.
func (r room) shown() string {
	if r.Parent != "" {
		return first(r.Title, r.Name)
	}
	return first(r.Name, r.Title)
}

// alone says that the room is a conversation of one person with the bot.
func (r room) alone() bool { return r.Kind == kindDirect && len(r.People.v) <= 2 }

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
