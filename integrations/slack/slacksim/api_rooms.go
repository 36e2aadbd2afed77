package slacksim

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// manage are the scopes of which one lets the bot change a channel.
var manage = []string{"channels:manage", "groups:write"}

var roomMethods = map[string]method{
	"conversations.create":     {scopes: manage, needs: []need{{"name", "invalid_name_required"}}, do: (*Sim).create},
	"conversations.invite":     {scopes: manage, needs: []need{{"channel", "channel_not_found"}, {"users", "no_user"}}, do: (*Sim).invite},
	"conversations.setTopic":   {scopes: manage, needs: []need{{"channel", "channel_not_found"}, {"topic", ""}}, do: (*Sim).setTopic},
	"conversations.setPurpose": {scopes: manage, needs: []need{{"channel", "channel_not_found"}, {"purpose", ""}}, do: (*Sim).setPurpose},
	"conversations.archive":    {scopes: manage, needs: []need{{"channel", "channel_not_found"}}, do: (*Sim).archive},
	"conversations.unarchive":  {scopes: manage, needs: []need{{"channel", "channel_not_found"}}, do: (*Sim).unarchive},
	"conversations.join":       {scopes: []string{"channels:join"}, needs: []need{{"channel", "channel_not_found"}}, do: (*Sim).enter},
	"conversations.open":       {scopes: []string{"im:write"}, do: (*Sim).openDirect},
	"conversations.info":       {scopes: []string{"channels:read", "groups:read"}, needs: []need{{"channel", "channel_not_found"}}, do: (*Sim).info},
	"conversations.list":       {scopes: []string{"channels:read", "groups:read"}, do: (*Sim).list},
	"conversations.members":    {scopes: []string{"channels:read", "groups:read"}, needs: []need{{"channel", "channel_not_found"}}, do: (*Sim).membersOf},
	"users.conversations":      {scopes: []string{"channels:read", "groups:read"}, do: (*Sim).own},
	"bookmarks.add":            {scopes: []string{"bookmarks:write"}, needs: []need{{"channel_id", ""}, {"title", ""}, {"type", ""}}, do: (*Sim).addBookmark},
	"bookmarks.edit":           {scopes: []string{"bookmarks:write"}, needs: []need{{"channel_id", ""}, {"bookmark_id", ""}}, do: (*Sim).editBookmark},
	"bookmarks.list":           {scopes: []string{"bookmarks:read"}, needs: []need{{"channel_id", ""}}, do: (*Sim).listBookmarks},
}

var roomName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]+$`)

func (s *Sim) create(c *call) (object, error) {
	name, private := c.text("name"), c.yes("is_private")
	scope := "channels:manage"
	if private {
		scope = "groups:write"
	}
	switch {
	case !s.may(scope):
		return nil, refusal{code: "missing_scope", extra: object{"needed": scope, "provided": strings.Join(s.o.Scopes, ",")}}
	case name == "":
		return nil, refuse("invalid_name_required")
	case utf8.RuneCountInString(name) > 80:
		return nil, refuse("invalid_name_maxlength")
	case !roomName.MatchString(name):
		return nil, refuse("invalid_name_specials")
	case s.channelNamed(name) != nil:
		return nil, refuse("name_taken")
	}
	ch := s.open(&channel{id: s.newID("C"), name: name, private: private, creator: BotUser, members: []string{BotUser}})
	s.tellMoved(ch, BotUser, false)
	return object{"channel": s.channelObject(ch)}, nil
}

// managed finds a channel that the bot is in and may change.
func (s *Sim) managed(c *call) (*channel, error) {
	ch, err := s.visible(c.text("channel"))
	switch {
	case err != nil:
		return nil, err
	case ch.with != "":
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, refuse("is_archived")
	case !ch.has(BotUser):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

func (s *Sim) invite(c *call) (object, error) {
	ch, err := s.managed(c)
	if err != nil {
		return nil, err
	}
	ids := strings.Split(c.text("users"), ",")
	if len(ids) > 100 {
		return nil, refuse("too_many_users")
	}
	for _, id := range ids {
		u := s.users[id]
		switch {
		case id == BotUser:
			return nil, refuse("cant_invite_self")
		case u == nil:
			return nil, refuse("user_not_found")
		case u.deleted:
			return nil, refuse("user_disabled")
		case ch.has(id):
			return nil, refuse("already_in_channel")
		}
	}
	for _, id := range ids {
		ch.members = append(ch.members, id)
		s.tellMoved(ch, id, false)
	}
	return object{"channel": s.channelObject(ch)}, nil
}

func (s *Sim) setTopic(c *call) (object, error) {
	ch, err := s.managed(c)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(c.text("topic")) > 250 {
		return nil, refuse("too_long")
	}
	ch.topic = c.text("topic")
	return object{"channel": s.channelObject(ch), "topic": ch.topic}, nil
}

func (s *Sim) setPurpose(c *call) (object, error) {
	ch, err := s.managed(c)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(c.text("purpose")) > 250 {
		return nil, refuse("too_long")
	}
	ch.purpose = c.text("purpose")
	return object{"channel": s.channelObject(ch), "purpose": ch.purpose}, nil
}

func (s *Sim) archive(c *call) (object, error) {
	ch, err := s.managed(c)
	if err != nil {
		if err.Error() == "is_archived" {
			return nil, refuse("already_archived")
		}
		return nil, err
	}
	s.tellArchived(ch, BotUser)
	return object{}, nil
}

// tellArchived archives a channel.
func (s *Sim) tellArchived(ch *channel, by string) {
	kind := "channel_archive"
	if ch.private {
		kind = "group_archive"
	}
	heard := hears(ch)
	ch.archived = true
	if heard {
		s.tell(kind, object{"type": kind, "channel": ch.id, "user": by, "event_ts": s.stamp(ch)})
	}
}

func (s *Sim) unarchive(c *call) (object, error) {
	ch, err := s.visible(c.text("channel"))
	switch {
	case err != nil:
		return nil, err
	case !ch.archived:
		return nil, refuse("not_archived")
	case !ch.has(BotUser):
		return nil, refuse("not_in_channel")
	}
	ch.archived = false
	return object{}, nil
}

func (s *Sim) enter(c *call) (object, error) {
	ch, err := s.visible(c.text("channel"))
	switch {
	case err != nil:
		return nil, err
	case ch.with != "" || ch.private:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, refuse("is_archived")
	}
	if !ch.has(BotUser) {
		ch.members = append(ch.members, BotUser)
		s.tellMoved(ch, BotUser, false)
	}
	return object{"channel": s.channelObject(ch)}, nil
}

func (s *Sim) openDirect(c *call) (object, error) {
	ids := strings.Split(c.text("users"), ",")
	u := s.users[ids[0]]
	switch {
	case u == nil:
		return nil, refuse("user_not_found")
	case len(ids) > 1:
		return nil, refuse("method_not_supported_for_channel_type")
	case u.bot != "":
		return nil, refuse("cannot_dm_bot")
	case u.deleted:
		return nil, refuse("user_disabled")
	}
	return object{"channel": s.channelObject(s.im(u.id)), "no_op": false, "already_open": false}, nil
}

func (s *Sim) info(c *call) (object, error) {
	ch, err := s.visible(c.text("channel"))
	if err != nil {
		return nil, err
	}
	return object{"channel": s.channelObject(ch)}, nil
}

// listed are the channels of some kinds, page by page.
func (s *Sim) listed(c *call, wanted func(*channel) bool) (object, error) {
	types := strings.Split(c.text("types"), ",")
	if c.text("types") == "" {
		types = []string{"public_channel"}
	}
	var all []object
	for _, ch := range s.order {
		kind := map[string]string{"im": "im", "group": "private_channel", "channel": "public_channel"}[ch.kind()]
		if slices.Contains(types, kind) && !ch.gone && wanted(ch) && !(c.yes("exclude_archived") && ch.archived) {
			all = append(all, s.channelObject(ch))
		}
	}
	page, next, err := paged(c, all, 100, 1000)
	return object{"channels": page, "response_metadata": object{"next_cursor": next}}, err
}

// paged is one page of a list, and the cursor of the next.
func paged(c *call, all []object, usual, most int) ([]object, string, error) {
	limit, err := c.number("limit", usual, most)
	if err != nil {
		return nil, "", err
	}
	from := 0
	if cursor := c.text("cursor"); cursor != "" {
		if from, err = strconv.Atoi(cursor); err != nil || from < 0 || from > len(all) {
			return nil, "", refuse("invalid_cursor")
		}
	}
	to := min(from+limit, len(all))
	page := append([]object{}, all[from:to]...)
	if to == len(all) {
		return page, "", nil
	}
	return page, strconv.Itoa(to), nil
}

func (s *Sim) list(c *call) (object, error) {
	return s.listed(c, func(ch *channel) bool { return !ch.private || ch.has(BotUser) })
}

func (s *Sim) own(c *call) (object, error) {
	return s.listed(c, func(ch *channel) bool { return ch.has(BotUser) })
}

func (s *Sim) membersOf(c *call) (object, error) {
	ch, err := s.visible(c.text("channel"))
	if err != nil {
		return nil, err
	}
	return object{"members": ch.members, "response_metadata": object{"next_cursor": ""}}, nil
}

// marked finds the channel of a bookmark.
func (s *Sim) marked(c *call) (*channel, error) {
	ch, err := s.visible(c.text("channel_id"))
	switch {
	case err != nil:
		return nil, err
	case !ch.has(BotUser):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

func bookmarkObject(ch *channel, b bookmark) object {
	return object{"id": b.id, "channel_id": ch.id, "title": b.title, "link": b.link, "type": "link", "date_created": 1, "date_updated": 1}
}

func (s *Sim) addBookmark(c *call) (object, error) {
	ch, err := s.marked(c)
	switch {
	case err != nil:
		return nil, err
	case c.text("type") != "link":
		return nil, refuse("invalid_bookmark_type")
	case !strings.HasPrefix(c.text("link"), "http"):
		return nil, refuse("invalid_link")
	}
	b := bookmark{id: s.newID("Bk"), title: c.text("title"), link: c.text("link")}
	ch.bookmarks = append(ch.bookmarks, b)
	return object{"bookmark": bookmarkObject(ch, b)}, nil
}

func (s *Sim) editBookmark(c *call) (object, error) {
	ch, err := s.marked(c)
	if err != nil {
		return nil, err
	}
	for i := range ch.bookmarks {
		b := &ch.bookmarks[i]
		if b.id != c.text("bookmark_id") {
			continue
		}
		if link := c.text("link"); link != "" {
			b.link = link
		}
		if title := c.text("title"); title != "" {
			b.title = title
		}
		return object{"bookmark": bookmarkObject(ch, *b)}, nil
	}
	return nil, refuse("not_found")
}

func (s *Sim) listBookmarks(c *call) (object, error) {
	ch, err := s.marked(c)
	if err != nil {
		return nil, err
	}
	list := []object{}
	for _, b := range ch.bookmarks {
		list = append(list, bookmarkObject(ch, b))
	}
	return object{"bookmarks": list}, nil
}
