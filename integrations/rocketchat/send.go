package rocketchat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"boswell/chat"
	"boswell/chat/emoji"
)

type (
	// outMessage is a message to be sent. The server takes no field that it does not know.
	outMessage struct {
		ID     string `json:"_id"`
		Room   string `json:"rid"`
		Text   string `json:"msg"`
		Thread string `json:"tmid,omitempty"`
		Blocks any    `json:"blocks,omitempty"`
	}
	outPost struct {
		Message  outMessage `json:"message"`
		Previews []string   `json:"previewUrls"`
	}
	outEdit struct {
		Room     string   `json:"roomId"`
		Message  string   `json:"msgId"`
		Text     string   `json:"text"`
		Previews []string `json:"previewUrls"`
	}
)

// Post sends a message under an identifier that is made from its key, so that the same key again is the same message. What
// is too long for the server goes in several, of which the first is the one that is returned. Without a key the message is
// one that nobody asks for again.
func (p *Platform) Post(ctx context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, error) {
	if err := p.sendable(m); err != nil {
		return chat.Ref{}, err
	}
	if key == "" {
		key = rand.Text()
	}
	var head chat.Ref
	err := p.measured(ctx, func(most int) (err error) {
		head, err = p.sendPieces(ctx, key, to, m, pieces(withRows(m), most, p.username))
		return err
	})
	return head, err
}

// sendPieces sends the pieces of a message, one after the other.
func (p *Platform) sendPieces(ctx context.Context, key string, to chat.Place, m chat.Message, texts []string) (head chat.Ref, err error) {
	for i, text := range texts {
		out := outMessage{Room: string(to.Channel), Text: text, Thread: string(to.Thread)}
		if blocks := appBlocks(m); len(blocks) > 0 && i == len(texts)-1 {
			out.Blocks = blocks
		}
		partKey := key
		if i > 0 {
			partKey += "#" + strconv.Itoa(i+1)
		}
		ref, err := p.send(ctx, partKey, out)
		if err != nil {
			return head, err
		}
		if i == 0 {
			head = ref
		}
	}
	return head, nil
}

// measured does something with as much text as the server takes at once. Where that was too much, somebody has changed the
// setting, or it could not be read: it is asked for, and everything done anew. Pieces that went already are cut as before.
func (p *Platform) measured(ctx context.Context, do func(most int) error) error {
	most := p.known().messageMost()
	err := do(most)
	if code(err) != codeTooLong {
		return err
	}
	f, askErr := p.reread(ctx)
	switch {
	case askErr != nil:
		return askErr
	case f.messageMost() >= most:
		return err
	default:
		return do(f.messageMost())
	}
}

// sendable refuses what the server would refuse, or what is longer than was said that it may be.
func (p *Platform) sendable(m chat.Message) error {
	if n := utf8.RuneCountInString(m.Text.String()); n > p.known().textMost() {
		return chat.Final(fmt.Errorf("a text of %d characters", n), tellTooLong)
	}
	if strings.TrimSpace(withRows(m).String()) == "" {
		return chat.Final(errors.New("an empty message"), tellEmpty)
	}
	return nil
}

// username is what somebody is mentioned by, if that is known.
func (p *Platform) username(id chat.UserID) string {
	u, _ := p.people.get(string(id))
	return u.Handle
}

const (
	// generationsMost is how many identifiers are tried for one key.
	generationsMost = 5
	// keyFor is for how long a message can be one of ours by its identifier: whoever owes something gives up before.
	// Something older was said by another Boswell, which counted from the beginning too.
	keyFor = 25 * time.Hour
)

// send sends one message. Where the server refuses, it is looked whether that is because the message is there already.
func (p *Platform) send(ctx context.Context, key string, out outMessage) (chat.Ref, error) {
	for n := range generationsMost {
		out.ID = p.messageID(key, out.Room, n)
		err := p.rest.post(ctx, "chat.sendMessage", outPost{Message: out, Previews: []string{}}, nil)
		if err == nil {
			return p.ref(out.Room, out.ID), nil
		}
		if !refused(err) {
			return chat.Ref{}, sorted("post a message", err)
		}
		there, lookErr := p.messageByID(ctx, out.ID)
		switch {
		case errors.Is(lookErr, chat.ErrGone):
			return chat.Ref{}, notPosted(err)
		case lookErr != nil:
			return chat.Ref{}, chat.InDoubt(fmt.Errorf("post a message: %w; and look whether it is there: %w", err, lookErr))
		case p.posted(there, out.Room, time.Time{}):
			return p.ref(out.Room, out.ID), nil
		}
	}
	return chat.Ref{}, chat.Final(errors.New("post a message: every identifier is taken"), "I could not post a message. The log has more.")
}

// notPosted is the error of a message that the server refused and does not have. One that it refused without a reason was
// dropped by an app of the server: it would be dropped again.
func notPosted(err error) error {
	if code(err) == "" {
		f := chat.AsFailure(sorted("post a message", err))
		if strings.HasPrefix(f.Tell, "Rocket.Chat refused") {
			return chat.Final(f.Err, "Rocket.Chat did not take the message and does not say why; an app on the server may be in the way.")
		}
		return f
	}
	return sorted("post a message", err)
}

// messageID is the identifier of the message with a key. It says nothing about the key. n tells those apart that are tried
// one after the other.
func (p *Platform) messageID(key, room string, n int) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{p.cfg.UserID, string(p.o.Name), room, key, strconv.Itoa(n)}, "\x00")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15]))
}

// posted says that a message is what the bot posted to a room, not long ago.
func (p *Platform) posted(m *message, room string, since time.Time) bool {
	return m.Sender.ID == p.cfg.UserID && m.Room == room && m.Said.After(p.o.Now().Add(-keyFor)) && !m.Said.Before(since)
}

// Find looks for the message with a key.
func (p *Platform) Find(ctx context.Context, key string, to chat.Place, since time.Time) (chat.Ref, bool, error) {
	for n := range generationsMost {
		m, err := p.messageByID(ctx, p.messageID(key, string(to.Channel), n))
		switch {
		case errors.Is(err, chat.ErrGone):
			return chat.Ref{}, false, nil
		case err != nil:
			if !chat.AsFailure(err).Temporary {
				return chat.Ref{}, false, nil // where nothing can be seen, nothing was posted
			}
			return chat.Ref{}, false, err
		case p.posted(m, string(to.Channel), since.Add(-overlap)):
			return p.ref(m.Room, m.ID), true, nil
		}
	}
	return chat.Ref{}, false, nil
}

// Edit replaces the text of a message of the bot's. What is too long for the server is cut.
func (p *Platform) Edit(ctx context.Context, on chat.Ref, m chat.Message) error {
	if err := p.sendable(m); err != nil {
		return err
	}
	const more = "\n…"
	return p.measured(ctx, func(most int) error {
		texts := pieces(withRows(m), most-len(more), p.username)
		text := texts[0]
		if len(texts) > 1 {
			text += more
		}
		err := p.rest.post(ctx, "chat.update", outEdit{Room: string(on.Channel), Message: string(on.Message), Text: text, Previews: []string{}}, nil)
		return sorted("edit a message", err)
	})
}

// Direct opens the conversation with one person.
func (p *Platform) Direct(ctx context.Context, user chat.UserID) (chat.Place, error) {
	if id, ok := p.directs.get(user); ok {
		return p.place(id, ""), nil
	}
	u, err := p.account(ctx, string(user))
	if err != nil {
		return chat.Place{}, err
	}
	var answer struct {
		Room room `json:"room"`
	}
	err = p.rest.post(ctx, "dm.create", map[string]string{"username": u.Handle}, &answer)
	id := first(answer.Room.Of, answer.Room.ID)
	if err == nil && id == "" {
		err = errors.New("the server names no room")
	}
	p.shut.put(user, err != nil && refused(err))
	if err != nil {
		return chat.Place{}, sorted("open a direct conversation", err)
	}
	if !p.rooms.joined(id) {
		p.rooms.put(room{ID: id, Kind: kindDirect})
	}
	p.directs.put(user, id)
	return p.place(id, ""), nil
}

// React sets a reaction of the bot's, or takes it back. The server writes reactions back as it read them, so one that others
// set at the same moment may cost the bot its own: it is looked for, and set again by whoever tries again.
func (p *Platform) React(ctx context.Context, on chat.Ref, emoji string, set bool) error {
	name, ok := nameOfEmoji(emoji)
	if !ok {
		return chat.Final(fmt.Errorf("no name for the emoji %q", emoji), "Rocket.Chat does not know the emoji "+emoji+".")
	}
	is, err := p.marked(ctx, on, emoji)
	if err != nil || is == set {
		return err // taking back what is not there would set it
	}
	body := map[string]any{"messageId": string(on.Message), "emoji": name, "shouldReact": set}
	if err := p.rest.post(ctx, "chat.react", body, nil); err != nil {
		return sorted("react", err)
	}
	is, err = p.marked(ctx, on, emoji)
	if err == nil && is != set {
		return chat.Temporary(errors.New("react: somebody else reacted at the same moment"), 0)
	}
	return err
}

// marked says that a message bears an emoji of the bot's.
func (p *Platform) marked(ctx context.Context, on chat.Ref, with string) (bool, error) {
	f, err := p.facts(ctx)
	if err != nil {
		return false, err
	}
	m, err := p.messageByID(ctx, string(on.Message))
	if err != nil {
		return false, err
	}
	for name, r := range m.Reactions.v {
		if emoji.Unvaried(emojiOf(name)) != emoji.Unvaried(with) {
			continue
		}
		if slices.Contains(r.Usernames, f.self.Username) {
			return true, nil
		}
	}
	return false, nil
}

// Pin pins or unpins a message.
func (p *Platform) Pin(ctx context.Context, on chat.Ref, set bool) error {
	m, err := p.messageByID(ctx, string(on.Message))
	if err != nil || m.Pinned.v == set {
		return err
	}
	route := "chat.pinMessage"
	if !set {
		route = "chat.unPinMessage"
	}
	return sorted("pin a message", p.rest.post(ctx, route, map[string]string{"messageId": string(on.Message)}, nil))
}
