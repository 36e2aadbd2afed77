package discord

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What Discord sends is read into these structs. They name what is used and ignore the rest, so that a component, a type of
// message or a field that is new hides nothing.
type (
	account struct {
		ID         string `json:"id"`
		Username   string `json:"username"`
		GlobalName string `json:"global_name"`
		Bot        bool   `json:"bot"`
	}
	member struct {
		User  *account `json:"user"`
		Nick  string   `json:"nick"`
		Roles []string `json:"roles"`
	}
	mention struct {
		account
		Member *member `json:"member"`
	}
	emoji struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	reactionCount struct {
		Emoji   emoji `json:"emoji"`
		Details struct {
			Burst int `json:"burst"`
		} `json:"count_details"`
	}
	attachment struct {
		ID          string `json:"id"`
		Filename    string `json:"filename"`
		ContentType string `json:"content_type"`
		Size        int64  `json:"size"`
		URL         string `json:"url"`
	}
	embed struct {
		Type        string `json:"type"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Fields      []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"fields"`
	}
	reference struct {
		MessageID string `json:"message_id"`
	}
	message struct {
		ID            string          `json:"id"`
		ChannelID     string          `json:"channel_id"`
		Type          int             `json:"type"`
		Flags         int             `json:"flags"`
		Author        *account        `json:"author"`
		Member        *member         `json:"member"`
		Content       string          `json:"content"`
		Timestamp     time.Time       `json:"timestamp"`
		Edited        *time.Time      `json:"edited_timestamp"`
		Mentions      []mention       `json:"mentions"`
		Attachments   []attachment    `json:"attachments"`
		Embeds        []embed         `json:"embeds"`
		Parts         parts           `json:"components"`
		Reactions     []reactionCount `json:"reactions"`
		Pinned        bool            `json:"pinned"`
		WebhookID     string          `json:"webhook_id"`
		ApplicationID string          `json:"application_id"`
		Reference     *reference      `json:"message_reference"`
		Nonce         json.RawMessage `json:"nonce"`
		Snapshots     []struct {
			Message *message `json:"message"`
		} `json:"message_snapshots"`
	}
	overwrite struct {
		ID    string `json:"id"`
		Type  int    `json:"type"` // 0 is a role, 1 a member
		Allow bits   `json:"allow"`
		Deny  bits   `json:"deny"`
	}
	channel struct {
		ID         string      `json:"id"`
		GuildID    string      `json:"guild_id"`
		Type       int         `json:"type"`
		Name       string      `json:"name"`
		Topic      string      `json:"topic"`
		ParentID   string      `json:"parent_id"`
		OwnerID    string      `json:"owner_id"`
		Overwrites []overwrite `json:"permission_overwrites"`
		Thread     *struct {
			Archived   bool      `json:"archived"`
			Locked     bool      `json:"locked"`
			ArchivedAt time.Time `json:"archive_timestamp"`
		} `json:"thread_metadata"`
	}
	role struct {
		ID          string `json:"id"`
		Name        string `json:"name"`
		Permissions bits   `json:"permissions"`
	}
	guild struct {
		ID          string    `json:"id"`
		Name        string    `json:"name"`
		OwnerID     string    `json:"owner_id"`
		Unavailable bool      `json:"unavailable"`
		Channels    []channel `json:"channels"`
		Threads     []channel `json:"threads"`
		Roles       []role    `json:"roles"`
		Emojis      []emoji   `json:"emojis"`
	}
)

// The types of message that somebody wrote; the others are notices of Discord's.
const (
	messageDefault = 0
	messagePin     = 6
	messageReply   = 19
	messageCommand = 20
	messageContext = 23
)

// embedRich is the type of a card that a bot made.
const embedRich = "rich"

// The flags of a message that only one person sees, and of one that says "thinking…".
const (
	flagEphemeral = 1 << 6
	flagLoading   = 1 << 7
)

// The types of channel.
const (
	channelVoice         = 2
	channelCategory      = 4
	channelNewsThread    = 10
	channelPublicThread  = 11
	channelPrivateThread = 12
	channelForum         = 15
	channelMedia         = 16
)

func (c channel) isThread() bool {
	return c.Type == channelNewsThread || c.Type == channelPublicThread || c.Type == channelPrivateThread
}

func (c channel) isForum() bool { return c.Type == channelForum || c.Type == channelMedia }

// bits are permissions; Discord writes them as decimal text.
type bits uint64

// UnmarshalJSON reads decimal text, or a number.
func (b *bits) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if text == "" || text == "null" {
		*b = 0
		return nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return fmt.Errorf("permissions: %w", err)
	}
	*b = bits(n)
	return nil
}

// MarshalJSON writes decimal text.
func (b bits) MarshalJSON() ([]byte, error) { return []byte(`"` + b.String() + `"`), nil }

// String is decimal.
func (b bits) String() string { return strconv.FormatUint(uint64(b), 10) }

// epoch is the first moment of Discord's identifiers, in milliseconds of Unix time.
const epoch = 1420070400000

// momentOf is when something was made, which its identifier tells; zero if the identifier is none.
func momentOf(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + epoch).UTC()
}

// justBefore is the greatest identifier that was given before a moment, for "after this one".
func justBefore(t time.Time) string {
	ms := t.UnixMilli() - epoch
	if ms <= 0 {
		return "0"
	}
	return strconv.FormatUint(uint64(ms)<<22-1, 10)
}

// isSnowflake says that a text can be an identifier of Discord's.
func isSnowflake(id string) bool {
	if len(id) == 0 || len(id) > 20 || strings.Trim(id, "0123456789") != "" {
		return false
	}
	_, err := strconv.ParseUint(id, 10, 64)
	return err == nil
}

// orderOf makes identifiers sort as text.
func orderOf(id string) string { return strings.Repeat("0", max(20-len(id), 0)) + id }

func (e emoji) String() string {
	if e.ID == "" {
		return e.Name
	}
	return ":" + e.Name + ":"
}

// forPath is an emoji as an address of the API names it.
func (e emoji) forPath() string {
	if e.ID == "" {
		return e.Name
	}
	return e.Name + ":" + e.ID
}

// display is the name to print: that in the server, that of the account, the handle.
func (a account) display(m *member) string {
	switch {
	case m != nil && m.Nick != "":
		return m.Nick
	case a.GlobalName != "":
		return a.GlobalName
	default:
		return a.Username
	}
}
