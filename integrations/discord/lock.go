package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"

	"boswell/chat"
)

// writing is what is taken from everybody in a closed channel.
const writing = bitSend | bitThreadSend | bitReact

// rightsFile is the name of the file in which a closed channel keeps who could write there. Discord itself remembers nothing
// of it, and what was denied before the channel was closed is not to be allowed when it is opened.
const rightsFile = "rights.json"

// rightsMost is how many bytes of such a file are read; Discord has at most a thousand overwrites in a channel.
const rightsMost = 1 << 20

// lock takes the right to write from everybody but the bot: from all, and from each role and person that has it by a permission
// of their own. It first puts down how that was.
func (p *Platform) lock(ctx context.Context, c channel) error {
	who, err := p.self(ctx)
	if err != nil {
		return err
	}
	// The bot goes first: once nobody may write, it could not let itself.
	if err := p.permit(ctx, c, overwrite{ID: who.user, Type: typeMember, Allow: bitView | writing}); err != nil {
		return err
	}
	before := c.writers(who.user)
	_, kept, err := p.keptRights(ctx, c)
	if err == nil && kept == nil {
		err = p.keepRights(ctx, c, before)
	}
	if err != nil {
		return err
	}
	for _, o := range before {
		o.Allow &^= writing
		if o.ID == c.GuildID {
			o.Deny |= writing
		}
		if err := p.permit(ctx, c, o); err != nil {
			return err
		}
	}
	return nil
}

// writers are what a channel says of everybody, and of those who may write there by it, but for the bot.
func (c channel) writers(bot string) []overwrite {
	all := []overwrite{{ID: c.GuildID, Type: typeRole}}
	for _, o := range c.Overwrites {
		switch {
		case o.ID == c.GuildID:
			all[0] = o
		case o.ID != bot && o.Allow&writing != 0:
			all = append(all, o)
		}
	}
	return all
}

// unlock gives the right to write back to those who had it. Whoever was given other permissions meanwhile keeps these, and a
// channel that the bot did not lock stays as it is.
func (p *Platform) unlock(ctx context.Context, c channel) error {
	note, before, err := p.keptRights(ctx, c)
	if err != nil || before == nil {
		return err
	}
	for _, was := range before {
		i := slices.IndexFunc(c.Overwrites, func(o overwrite) bool { return o.ID == was.ID })
		if i < 0 {
			continue
		}
		now := c.Overwrites[i]
		now.Allow, now.Deny = now.Allow&^writing|was.Allow&writing, now.Deny&^writing|was.Deny&writing
		if err := p.permit(ctx, c, now); err != nil {
			return err
		}
	}
	err = p.rest.do(ctx, request{method: http.MethodDelete, path: "/channels/" + c.ID + "/messages/" + note}, nil)
	if errors.Is(err, chat.ErrGone) {
		return nil
	}
	return err
}

// permit sets what a role or a person may do in a channel, unless it is set already.
func (p *Platform) permit(ctx context.Context, c channel, wanted overwrite) error {
	if slices.Contains(c.Overwrites, wanted) {
		return nil
	}
	return p.rest.do(ctx, request{method: http.MethodPut, path: "/channels/" + c.ID + "/permissions/" + wanted.ID, body: wanted}, nil)
}

// keepRights puts down in a channel who may write there. Each closing has a note of its own: it is looked for before it is made.
func (p *Platform) keepRights(ctx context.Context, c channel, before []overwrite) error {
	text, err := json.Marshal(before)
	if err != nil {
		return chat.Final(fmt.Errorf("write down the permissions: %w", err), "")
	}
	note := chat.Upload{Name: rightsFile, Type: "application/json",
		Caption: chat.Say("🔒 This room is closed. The file says who could write here, and who can once it is open again.")}
	key := fmt.Sprintf("rights/%s/%d", c.ID, rand.Uint64())
	_, err = p.Upload(ctx, key, p.place(spot{guild: c.GuildID, channel: c.ID}), note, bytes.NewReader(text), int64(len(text)))
	return err
}

// keptRights are those that were put down in a channel when it was closed, and the message that holds them; nil where it is
// not closed.
func (p *Platform) keptRights(ctx context.Context, c channel) (note string, before []overwrite, err error) {
	var newest []message
	if err := p.rest.get(ctx, fmt.Sprintf("/channels/%s/messages?limit=%d", c.ID, pageMost), &newest); err != nil {
		return "", nil, err
	}
	for _, m := range newest {
		for _, a := range m.Attachments {
			if m.Author != nil && m.Author.ID == p.knownSelf().user && a.Filename == rightsFile {
				before, err := p.readRights(ctx, a)
				return m.ID, before, err
			}
		}
	}
	return "", nil, nil
}

func (p *Platform) readRights(ctx context.Context, a attachment) (before []overwrite, err error) {
	contents, err := p.fetchFile(ctx, a.URL)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, contents.Close()) }()
	if err := json.NewDecoder(io.LimitReader(contents, rightsMost)).Decode(&before); err != nil {
		return nil, chat.InDoubt(fmt.Errorf("read the permissions of a closed channel: %w", err))
	}
	return before, nil
}
