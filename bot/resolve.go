package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
)

// resolve finds the people, rooms and messages that a command names, so that it runs without the network.
func (b *Bot) resolve(ctx context.Context, p chat.Platform, q question) (commands.Request, error) {
	req := b.request(p, q.meta)
	req.Text = q.parsed.Text
	req.People = map[chat.FieldID]storage.Person{}
	req.Users = map[chat.FieldID][]chat.User{}
	req.Rooms = map[chat.FieldID]incident.Room{}
	req.Messages = map[chat.FieldID]incident.Content{}
	if q.meta.Room != "" {
		req.Rooms[commands.FieldHere] = incident.Room{RoomID: roomOf(q.meta.Place.Room()), Name: q.meta.Room}
	}
	for _, arg := range q.parsed.Command.Args {
		typed, given := q.parsed.Text[arg.Name]
		if !given {
			continue
		}
		if err := b.resolveArg(ctx, p, q, arg, typed, &req); err != nil {
			return req, commands.About(arg.Name, err)
		}
	}
	return req, nil
}

func (b *Bot) resolveArg(ctx context.Context, p chat.Platform, q question, arg chat.Arg, typed string, req *commands.Request) (err error) {
	switch arg.Kind {
	case chat.ArgPerson:
		if typed != incident.Clear {
			req.People[arg.Name], err = b.resolvePerson(ctx, p, q, typed)
		}
	case chat.ArgPeople:
		req.Users[arg.Name], err = b.resolvePeople(ctx, p, q, typed)
	case chat.ArgRoom:
		req.Rooms[arg.Name], err = b.resolveRoom(ctx, p, q.meta.Place, typed)
	case chat.ArgMessage:
		req.Messages[arg.Name], err = b.resolveMessage(ctx, p, q, typed, *req)
	}
	return err
}

// resolvePerson finds a person by a mention, "me", or a handle or name: among those known here first, then in the
// platform's directory.
func (b *Bot) resolvePerson(ctx context.Context, p chat.Platform, q question, typed string) (storage.Person, error) {
	name := strings.TrimPrefix(strings.TrimSpace(typed), "@")
	if strings.EqualFold(name, "me") {
		return personOf(p.ID(), q.meta.From), nil
	}
	if u, ok := q.mentioned(p.ID(), name); ok {
		if u.Group {
			return storage.Person{}, incident.Refuse("%s is a group. Name one person.", u.Display())
		}
		return personOf(p.ID(), u), nil
	}
	known, all, err := b.knownPeople(ctx, p.ID(), name)
	if err != nil {
		return storage.Person{}, err
	}
	if len(known) == 0 {
		known = b.inDirectory(ctx, p, q.meta.Place, name)
	}
	switch len(known) {
	case 1:
		return known[0], nil
	case 0:
		return storage.Person{}, incident.Refuse("I know nobody called %q here.%s Mention them with @, or let them `join` first.",
			name, incident.DidYouMean(name, all))
	default:
		return storage.Person{}, incident.Refuse("%d people are called %q. Mention the one you mean with @.", len(known), name)
	}
}

// mentioned is who is mentioned under a name, a person or a group.
func (q question) mentioned(platform chat.PlatformID, name string) (chat.User, bool) {
	i := slices.IndexFunc(q.mentions, func(u chat.User) bool { return named(personOf(platform, u), name) || string(u.ID) == name })
	if i < 0 {
		return chat.User{}, false
	}
	return q.mentions[i], true
}

// resolvePeople finds several people, each by one word, and groups, by a mention.
func (b *Bot) resolvePeople(ctx context.Context, p chat.Platform, q question, typed string) ([]chat.User, error) {
	var all []chat.User
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }) {
		u, ok := q.mentioned(p.ID(), strings.TrimPrefix(word, "@"))
		if !ok {
			person, err := b.resolvePerson(ctx, p, q, word)
			if err != nil {
				return nil, err
			}
			u = accountOf(person, p.ID())
		}
		if u.ID != "" && !slices.ContainsFunc(all, func(old chat.User) bool { return old.ID == u.ID }) {
			all = append(all, u)
		}
	}
	if len(all) == 0 {
		return nil, incident.Refuse("That names nobody. Mention people or groups with @, apart by blanks.")
	}
	return all, nil
}

// accountOf is the account of a person on a platform; without one, the zero User.
func accountOf(p storage.Person, platform chat.PlatformID) chat.User {
	for _, a := range p.Accounts {
		if a.Platform == platform {
			return chat.User{ID: a.User, Handle: a.Handle, Name: p.Name}
		}
	}
	return chat.User{}
}

// named says that a person goes by a name or handle.
func named(p storage.Person, name string) bool {
	return strings.EqualFold(p.Name, name) || strings.EqualFold(p.FullName, name) ||
		slices.ContainsFunc(p.Accounts, func(a storage.Account) bool { return strings.EqualFold(a.Handle, name) })
}

// knownPeople are the people of a platform who go by a name, and the names of all.
func (b *Bot) knownPeople(ctx context.Context, platform chat.PlatformID, name string) (found []storage.Person, all []string, err error) {
	err = b.store.View(ctx, func(r storage.Reader) error {
		for p := range r.People() {
			if p.Bot || !slices.ContainsFunc(p.Accounts, func(a storage.Account) bool { return a.Platform == platform }) {
				continue
			}
			all = append(all, p.Name)
			if named(p, name) {
				found = append(found, p)
			}
		}
		return nil
	})
	return found, all, err
}

// inDirectory asks the platform. It not answering is like nobody being found: the person asking can mention instead.
func (b *Bot) inDirectory(ctx context.Context, p chat.Platform, near chat.Place, name string) []storage.Person {
	d, ok := p.(chat.Directory)
	if !ok {
		return nil
	}
	users, err := d.People(ctx, near, name, 25)
	if err != nil {
		b.log.Warn().Err(err).Str("platform", string(p.ID())).Msg("the directory did not answer")
		return nil
	}
	var found []storage.Person
	for _, u := range users {
		if person := personOf(p.ID(), u); named(person, name) {
			found = append(found, person)
		}
	}
	return found
}

// resolveRoom finds a room by its name, on this platform or as platform:name. One on a platform that is not connected is
// taken as a room that cannot be read.
func (b *Bot) resolveRoom(ctx context.Context, p chat.Platform, near chat.Place, typed string) (incident.Room, error) {
	typed = strings.TrimSpace(typed)
	if kind, name, split := strings.Cut(typed, ":"); split && kind != "" && name != "" && !strings.ContainsAny(kind, "/ #<") {
		other, connected := b.platforms[chat.PlatformID(kind)]
		if !connected {
			room := incident.RoomID{Platform: kind, Channel: strings.TrimSpace(name)}
			return incident.Room{RoomID: room, Name: room.Channel, Unreadable: fmt.Sprintf("%s is not connected to me", kind)}, nil
		}
		p, near, typed = other, chat.Place{Platform: other.ID()}, strings.TrimSpace(name)
	}
	finder, ok := p.(chat.RoomFinder)
	if !ok {
		return incident.Room{}, incident.Refuse("I cannot look up rooms here. Write the command in the room that you mean.")
	}
	place, name, err := finder.FindRoom(ctx, near, typed)
	if err != nil {
		return incident.Room{}, told(err, "I do not know the room %q. Write its name as it stands in the list of rooms, like #alerts, and invite me there.", typed)
	}
	return incident.Room{RoomID: roomOf(place.Room()), Name: name}, nil
}

// resolveMessage reads the message that a command refers to: the one it was called on, or the one a link names.
func (b *Bot) resolveMessage(ctx context.Context, p chat.Platform, q question, typed string, req commands.Request) (incident.Content, error) {
	ref, err := messageNamed(p, q, typed)
	if err != nil {
		return incident.Content{}, err
	}
	if err := b.mayQuote(ctx, req, ref); err != nil {
		return incident.Content{}, err
	}
	if known, ok := b.recent.recall(ref); ok && known.said.Ref == ref {
		return *contentOf(&known.said), nil
	}
	fetcher, ok := p.(chat.Fetcher)
	if !ok {
		return incident.Content{}, incident.Refuse("I cannot read older messages here. Copy the text behind the command.")
	}
	seen, err := fetcher.Fetch(ctx, ref)
	if errors.Is(err, chat.ErrGone) {
		return incident.Content{}, incident.Refuse("That message is gone. Copy the text behind the command.")
	}
	if err != nil {
		return incident.Content{}, told(err, unread)
	}
	return *contentOf(&seen.Said), nil
}

const unread = "I could not read that message. Copy the text behind the command."

// mayQuote refuses messages from the rooms of a private incident to those who do not see it: a link is no right to read.
func (b *Bot) mayQuote(ctx context.Context, req commands.Request, ref chat.Ref) error {
	room := roomOf(chat.Place{Platform: ref.Platform, Channel: ref.Channel})
	return b.store.View(ctx, func(r storage.Reader) error {
		id, known := r.LastInRoom(room)
		if !known {
			return nil
		}
		in, err := r.Incident(id)
		if err != nil {
			return err
		}
		req.Tx = readOnly{Reader: r, now: b.clock.Now()}
		if _, there := in.Room(room); there && in.Private && !commands.Sees(in, &req) {
			return incident.Refuse(unread)
		}
		return nil
	})
}

func messageNamed(p chat.Platform, q question, typed string) (chat.Ref, error) {
	if linker, ok := p.(chat.Linker); ok {
		if ref, ok := linker.ParseLink(strings.TrimPrefix(typed, "message:")); ok {
			return ref, nil
		}
	}
	if q.on != nil && !q.on.IsZero() {
		return *q.on, nil
	}
	return chat.Ref{}, incident.Refuse("I do not know which message you mean. Call the command on the message, or write from: and the link to it.")
}

// told is a refusal in the platform's words for people, where it has some, else in ours. A failure that may pass is an
// error like any other.
func told(err error, format string, args ...any) error {
	f := chat.AsFailure(err)
	if f.Tell != "" {
		return incident.Refusal{Text: f.Tell}
	}
	if f.Temporary {
		return incident.Refuse("The chat did not answer just now, so nothing was changed. Try again in a moment.")
	}
	return incident.Refuse(format, args...)
}
