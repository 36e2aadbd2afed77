package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"boswell/chat"
)

// The shape of what is sent.
type (
	outgoing struct {
		Content    string      `json:"content"`
		Embeds     []outEmbed  `json:"embeds"`
		Components []outRow    `json:"components"`
		Allowed    allowed     `json:"allowed_mentions"`
		Nonce      string      `json:"nonce,omitempty"`
		Enforce    bool        `json:"enforce_nonce,omitempty"`
		Reference  *outRef     `json:"message_reference,omitempty"`
		Flags      int         `json:"flags,omitempty"`
		Files      []outAttach `json:"attachments,omitempty"`
	}
	outEmbed struct {
		Description string `json:"description"`
	}
	allowed struct {
		Parse []string `json:"parse"`
		Users []string `json:"users"`
	}
	outRef struct {
		MessageID string `json:"message_id"`
		Strict    bool   `json:"fail_if_not_exists"`
	}
	outAttach struct {
		ID       string `json:"id"`
		Filename string `json:"filename"`
	}
)

// render makes what is sent of a message. What does not fit is a final failure.
func render(m chat.Message) (outgoing, error) {
	if n := utf8.RuneCountInString(m.Text.String()); n > textMost {
		return outgoing{}, tooLong(n, textMost)
	}
	out := outgoing{Embeds: []outEmbed{}, Allowed: allowed{Parse: []string{}, Users: mentionedIn(m)}}
	text := legibleMessage(m)
	switch n := utf8.RuneCountInString(text); {
	case n <= textMost:
		out.Content = text
	case n <= embedMost:
		out.Embeds = append(out.Embeds, outEmbed{Description: text})
	default:
		return outgoing{}, tooLong(n, embedMost)
	}
	var err error
	if out.Components, err = rows(m); err != nil {
		return outgoing{}, err
	}
	if text == "" && len(out.Components) == 0 {
		return outgoing{}, chat.Final(errors.New("the message is empty"), "There is nothing to say. Write something.")
	}
	return out, nil
}

func tooLong(n, most int) error {
	return chat.Final(fmt.Errorf("the message has %d characters of %d", n, most),
		fmt.Sprintf("The message has %d characters, and Discord takes %d. Send it in parts, or as a file.", n, most))
}

// nonceOf makes of a key what Discord knows the message by: 25 characters, the same for the same key.
func nonceOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:15]))
}

// Post sends a message. Within the minutes that Discord remembers the key, sending it again returns the first.
func (p *Platform) Post(ctx context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, error) {
	out, err := render(m)
	if err != nil {
		return chat.Ref{}, err
	}
	return p.send(ctx, key, to, out, nil)
}

func (p *Platform) send(ctx context.Context, key string, to chat.Place, out outgoing, file *sentFile) (chat.Ref, error) {
	s, ok := spotOf(to)
	if !ok {
		return chat.Ref{}, noSuchPlace()
	}
	out.Nonce, out.Enforce = nonceOf(key), true
	var made message
	err := p.rest.do(ctx, request{method: "POST", path: "/channels/" + s.raw() + "/messages", body: out, file: file}, &made)
	if err != nil {
		return chat.Ref{}, err
	}
	ref := p.ref(s, made.ID)
	p.nonces.put(out.Nonce, ref)
	return ref, nil
}

// Edit replaces one of the bot's messages.
func (p *Platform) Edit(ctx context.Context, on chat.Ref, m chat.Message) error {
	s, id, ok := messageOf(on)
	if !ok {
		return noSuchPlace()
	}
	out, err := render(m)
	if err != nil {
		return err
	}
	return p.unarchived(ctx, s, func() error {
		return p.rest.do(ctx, request{method: "PATCH", path: "/channels/" + s.raw() + "/messages/" + id, body: out}, nil)
	})
}

// Direct is the conversation of the bot with a person.
func (p *Platform) Direct(ctx context.Context, user chat.UserID) (chat.Place, error) {
	if known, ok := p.directs.get(user); ok {
		return known, nil
	}
	if !isSnowflake(string(user)) {
		return chat.Place{}, noSuchPlace()
	}
	var c channel
	body := map[string]string{"recipient_id": string(user)}
	if err := p.rest.do(ctx, request{method: "POST", path: "/users/@me/channels", body: body}, &c); err != nil {
		return chat.Place{}, err
	}
	place := p.place(spot{channel: c.ID})
	p.directs.put(user, place)
	return place, nil
}

// Whisper says something that one person alone sees: beside the last question they asked in that room, as long as Discord
// lets that be answered, else in a direct message.
func (p *Platform) Whisper(ctx context.Context, to chat.Place, user chat.UserID, m chat.Message) error {
	out, err := render(m)
	if err != nil {
		return err
	}
	if t, ok := p.tokens.of(to.Room(), user, p.o.Now()); ok {
		out.Flags |= flagEphemeral
		err := p.rest.do(ctx, request{method: "POST", path: t.webhook(), body: out, open: true}, nil)
		if err == nil || chat.AsFailure(err).Temporary {
			return err
		}
		out.Flags &^= flagEphemeral
	}
	place, err := p.Direct(ctx, user)
	if err != nil {
		return err
	}
	_, err = p.send(ctx, fmt.Sprintf("whisper/%s/%d/%s", user, p.o.Now().UnixNano(), out.Content), place, out, nil)
	return err
}

// React sets or removes the bot's reaction.
func (p *Platform) React(ctx context.Context, on chat.Ref, name string, set bool) error {
	s, id, ok := messageOf(on)
	if !ok {
		return noSuchPlace()
	}
	e, err := p.emojiNamed(ctx, s.guild, name)
	if err != nil {
		return err
	}
	method := "PUT"
	if !set {
		method = "DELETE"
	}
	path := "/channels/" + s.raw() + "/messages/" + id + "/reactions/" + url.PathEscape(e.forPath()) + "/@me"
	err = p.unarchived(ctx, s, func() error { return p.rest.do(ctx, request{method: method, path: path}, nil) })
	if !set && isCode(err, codeUnknownEmoji) {
		return nil // it is not there
	}
	return err
}

// emojiNamed finds an emoji of the server by ":name:"; any other name is the character itself.
func (p *Platform) emojiNamed(ctx context.Context, guildID, name string) (emoji, error) {
	inner, ok := strings.CutPrefix(name, ":")
	if !ok {
		return emoji{Name: name}, nil
	}
	inner = strings.TrimSuffix(inner, ":")
	g := p.guilds.guild(guildID)
	if e, ok := withName(g.Emojis, inner); ok {
		return e, nil
	}
	var all []emoji
	if guildID != "" {
		if err := p.rest.get(ctx, "/guilds/"+guildID+"/emojis", &all); err != nil {
			return emoji{}, err
		}
	}
	p.guilds.update(guildID, func(g *guild) { g.Emojis = all })
	if e, ok := withName(all, inner); ok {
		return e, nil
	}
	return emoji{}, chat.Final(fmt.Errorf("the server has no emoji %s", name), tells[codeUnknownEmoji])
}

func withName(all []emoji, name string) (emoji, bool) {
	i := slices.IndexFunc(all, func(e emoji) bool { return e.Name == name })
	if i < 0 {
		return emoji{}, false
	}
	return all[i], true
}
