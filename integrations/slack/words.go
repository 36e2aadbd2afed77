package slack

import (
	"encoding/json"
	"slices"
	"strings"
)

type (
	wireAttachment struct {
		Pretext  string      `json:"pretext"`
		Title    string      `json:"title"`
		Text     string      `json:"text"`
		Fields   []wireField `json:"fields"`
		Blocks   []wireBlock `json:"blocks"`
		Fallback string      `json:"fallback"`
		// What tells the preview of a link.
		From   string `json:"from_url"`
		Unfurl bool   `json:"is_app_unfurl"`
	}
	wireField struct {
		Title string `json:"title"`
		Value string `json:"value"`
	}
	// wireBlock is a block, or an element within one.
	wireBlock struct {
		Type     string      `json:"type"`
		Text     wireText    `json:"text"`
		Fields   []wireText  `json:"fields"`
		Elements []wireBlock `json:"elements"`
		// What elements of rich text are.
		URL      string `json:"url"`
		User     string `json:"user_id"`
		Group    string `json:"usergroup_id"`
		Channel  string `json:"channel_id"`
		Name     string `json:"name"`
		Range    string `json:"range"`
		Fallback string `json:"fallback"`
	}
	// wireText is a text that stands alone or within an object.
	wireText string
)

// UnmarshalJSON reads either; of another shape it is empty.
func (t *wireText) UnmarshalJSON(data []byte) error {
	var object struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(data, &object.Text) == nil || json.Unmarshal(data, &object) == nil {
		*t = wireText(object.Text)
	}
	return nil
}

// UnmarshalJSON reads a block whatever its shape: there are kinds that are not known.
func (b *wireBlock) UnmarshalJSON(data []byte) error {
	type shape wireBlock
	var s shape
	if json.Unmarshal(data, &s) == nil {
		*b = wireBlock(s)
	}
	return nil
}

// words are what a message says, in Slack's markup. Bots often say nothing in the text and all in blocks or attachments; people
// who share a message say it in an attachment. The preview of a link is nothing that is said, unless there is nothing else.
func (m *wireMessage) words() string {
	parts := []string{m.Text}
	if m.Text == "" {
		parts = blockWords(m.Blocks)
	}
	for _, a := range m.Attachments {
		if !a.preview() {
			parts = append(parts, a.words()...)
		}
	}
	if text := lines(parts); text != "" {
		return text
	}
	for _, a := range m.Attachments {
		parts = append(parts, a.words()...)
	}
	return lines(parts)
}

// lines puts one below the other what is not empty, and what is said twice once.
func lines(parts []string) string {
	var said []string
	for _, p := range parts {
		if p != "" && !slices.Contains(said, p) {
			said = append(said, p)
		}
	}
	return strings.Join(said, "\n")
}

func (a wireAttachment) preview() bool { return a.From != "" || a.Unfurl }

func (a wireAttachment) words() []string {
	parts := []string{a.Pretext, a.Title, a.Text}
	for _, f := range a.Fields {
		parts = append(parts, strings.TrimPrefix(f.Title+": "+f.Value, ": "))
	}
	parts = append(parts, blockWords(a.Blocks)...)
	if lines(parts) == "" {
		return []string{a.Fallback}
	}
	return parts
}

func blockWords(blocks []wireBlock) (parts []string) {
	for _, b := range blocks {
		parts = append(parts, b.words()...)
	}
	return parts
}

// words are what a block says; buttons and menus say nothing.
func (b wireBlock) words() (parts []string) {
	switch b.Type {
	case "actions":
		return nil
	case "rich_text":
		for _, e := range b.Elements {
			parts = append(parts, e.rich())
		}
		return parts
	}
	parts = append(parts, string(b.Text))
	for _, f := range b.Fields {
		parts = append(parts, string(f))
	}
	return append(parts, blockWords(b.Elements)...)
}

// rich is an element of rich text, with all that is within it, in Slack's markup.
func (b wireBlock) rich() string {
	switch b.Type {
	case "rich_text_list":
		var items []string
		for _, e := range b.Elements {
			items = append(items, "• "+e.rich())
		}
		return strings.Join(items, "\n")
	case "link":
		return "<" + escape(b.URL) + "|" + escape(first(string(b.Text), b.URL)) + ">"
	case "user":
		return "<@" + b.User + ">"
	case "usergroup":
		return "<!subteam^" + b.Group + ">"
	case "channel":
		return "<#" + b.Channel + ">"
	case "broadcast":
		return "<!" + b.Range + ">"
	case "emoji":
		return ":" + b.Name + ":"
	case "date":
		return escape(b.Fallback)
	}
	text := escape(string(b.Text))
	for _, e := range b.Elements {
		text += e.rich()
	}
	return text
}
