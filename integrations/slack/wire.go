package slack

import "encoding/json"

// The shapes that Slack sends, as far as they are read here. What is not known is passed over.
type (
	wireMessage struct {
		Subtype     string           `json:"subtype"`
		Hidden      bool             `json:"hidden"`
		Channel     string           `json:"channel"`
		User        string           `json:"user"`
		BotID       string           `json:"bot_id"`
		Username    string           `json:"username"`
		BotProfile  wireBotProfile   `json:"bot_profile"`
		Text        string           `json:"text"`
		TS          string           `json:"ts"`
		EventTS     string           `json:"event_ts"`
		DeletedTS   string           `json:"deleted_ts"`
		ThreadTS    string           `json:"thread_ts"`
		LatestReply string           `json:"latest_reply"`
		ReplyCount  int              `json:"reply_count"`
		Edited      wireEdited       `json:"edited"`
		Files       []wireFile       `json:"files"`
		Attachments []wireAttachment `json:"attachments"`
		Blocks      []wireBlock      `json:"blocks"`
		Reactions   []wireReaction   `json:"reactions"`
		Metadata    wireMetadata     `json:"metadata"`
		// Message and Previous are what a message_changed is about.
		Message  *wireMessage `json:"message"`
		Previous *wireMessage `json:"previous_message"`
	}
	wireEdited struct {
		TS string `json:"ts"`
	}
	wireBotProfile struct {
		Name string `json:"name"`
	}
	wireFile struct {
		ID        string `json:"id"`
		Name      string `json:"name"`
		Title     string `json:"title"`
		Mimetype  string `json:"mimetype"`
		Filetype  string `json:"filetype"`
		Mode      string `json:"mode"`
		Size      int64  `json:"size"`
		Permalink string `json:"permalink"`
		Download  string `json:"url_private_download"`
		Private   string `json:"url_private"`
		Access    string `json:"file_access"`
		Shares    struct {
			Public  map[string][]wireShare `json:"public"`
			Private map[string][]wireShare `json:"private"`
		} `json:"shares"`
	}
	wireShare struct {
		TS string `json:"ts"`
	}
	wireReaction struct {
		Name  string   `json:"name"`
		Users []string `json:"users"`
		Count int      `json:"count"`
	}
	wireMetadata struct {
		EventType string `json:"event_type"`
		Payload   struct {
			Key string `json:"key"`
		} `json:"event_payload"`
	}
)

// UnmarshalJSON reads metadata whatever other apps put into theirs.
func (m *wireMetadata) UnmarshalJSON(data []byte) error {
	type shape wireMetadata
	var s shape
	if json.Unmarshal(data, &s) == nil {
		*m = wireMetadata(s)
	}
	return nil
}

// gone says that a message is the shadow that a deleted one with replies leaves.
func (m *wireMessage) gone() bool { return m.Subtype == "tombstone" }

// spoken says that a message is something somebody said, not a notice of Slack's.
func (m *wireMessage) spoken() bool {
	switch m.Subtype {
	case "", "file_share", "bot_message", "me_message", "thread_broadcast", "file_comment", "reply_broadcast":
		return true
	default:
		return false
	}
}

// thread is the thread that a message is in; its first message stands in the channel.
func (m *wireMessage) thread() string {
	if m.ThreadTS == m.TS {
		return ""
	}
	return m.ThreadTS
}
