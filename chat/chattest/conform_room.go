package chattest

import (
	"errors"
	"slices"
	"strings"

	"boswell/chat"
)

// checkRoomOfBot: the bot makes a room, the same key makes it once, and it can post and invite there.
func checkRoomOfBot(s *scene) {
	maker := ability[chat.RoomMaker](s, s.p)
	wanted := chat.NewRoom{Near: s.room, Name: "INC 7: Shop <down>!", Topic: "where it is fixed", Users: []chat.UserID{s.ann.ID}}
	place, name, err := maker.MakeRoom(s.ctx, "room", wanted)
	s.must(err)
	again, sameName, err := maker.MakeRoom(s.ctx, "room", wanted)
	s.must(err)
	if again != place || sameName != name || place == s.room {
		s.Errorf("the same key made %+v %q and %+v %q", place, name, again, sameName)
	}
	other, otherName, err := maker.MakeRoom(s.ctx, "another", wanted)
	s.must(err)
	if other == place {
		s.Errorf("another key made the same room %+v %q", other, otherName)
	}
	for _, name := range []string{name, otherName} {
		if !strings.HasPrefix(name, "#") || len(name) == 1 {
			s.Errorf("people would write the room as %q", name)
		}
	}
	ref, err := s.p.Post(s.ctx, "hello", place, chat.Message{Text: chat.Say("hello")})
	s.must(err)
	s.shown(place, ref)
	if inviter, ok := s.p.(chat.Inviter); ok {
		s.must(inviter.Invite(s.ctx, place, []chat.UserID{s.ben.ID, s.ann.ID}))
		s.must(inviter.Invite(s.ctx, place, []chat.UserID{s.ben.ID}))
	}
	keeper, ok := s.w.(RoomKeeper)
	if !ok {
		return
	}
	look, err := keeper.Look(s.ctx, place)
	s.must(err)
	if !slices.Contains(look.Members, s.ann.ID) {
		s.Errorf("Ann is not among the members %v", look.Members)
	}
	if _, invites := s.p.(chat.Inviter); invites && !slices.Contains(look.Members, s.ben.ID) {
		s.Errorf("Ben was invited and is not among the members %v", look.Members)
	}
}

// checkRoomByName: a room is found by the name that people type, and one that is not there is refused for good.
func checkRoomByName(s *scene) {
	finder := ability[chat.RoomFinder](s, s.p)
	for _, typed := range []string{"#ops", "ops"} {
		place, name, err := finder.FindRoom(s.ctx, s.room, typed)
		if err != nil || place.Room() != s.room || name != "#ops" {
			s.Errorf("%q is %+v %q, %v; want the room", typed, place, name, err)
		}
	}
	_, _, err := finder.FindRoom(s.ctx, s.room, "#nowhere")
	s.wantFinal(err)
}

// checkRoomLook: topic, bookmarks and archiving are seen by people, and setting what is set is no error.
func checkRoomLook(s *scene) {
	keeper := ability[RoomKeeper](s, s.w)
	for range 2 {
		if t, ok := s.p.(chat.Topicer); ok {
			s.must(t.SetTopic(s.ctx, s.room, "INC-7: open"))
		}
		if b, ok := s.p.(chat.Bookmarker); ok {
			s.must(b.Bookmark(s.ctx, s.room, "Timeline", "http://127.0.0.1:1/old"))
			s.must(b.Bookmark(s.ctx, s.room, "Timeline", "http://127.0.0.1:1/new"))
		}
		if a, ok := s.p.(chat.Archiver); ok {
			s.must(a.Archive(s.ctx, s.room, false))
			s.must(a.Archive(s.ctx, s.room, false))
			s.wantArchived(keeper, true)
			s.must(a.Archive(s.ctx, s.room, true))
			s.wantArchived(keeper, false)
		}
	}
	look, err := keeper.Look(s.ctx, s.room)
	s.must(err)
	if _, ok := s.p.(chat.Topicer); ok && look.Topic != "INC-7: open" {
		s.Errorf("the topic is %q", look.Topic)
	}
	if _, ok := s.p.(chat.Bookmarker); ok && (len(look.Bookmarks) != 1 || look.Bookmarks["Timeline"] != "http://127.0.0.1:1/new") {
		s.Errorf("the bookmarks are %v, want the newest link alone", look.Bookmarks)
	}
}

func (s *scene) wantArchived(keeper RoomKeeper, want bool) {
	s.Helper()
	look, err := keeper.Look(s.ctx, s.room)
	s.must(err)
	if look.Archived != want {
		s.Errorf("people see the room as archived: %v, want %v", look.Archived, want)
	}
}

// checkRoomGone: a room that people archive is said to be gone, and posting there is refused for good.
func checkRoomGone(s *scene) {
	keeper := ability[RoomKeeper](s, s.w)
	s.must(keeper.Archive(s.ctx, s.ann.ID, s.room))
	if in := await[chat.Gone](s, "the end of the room", nil); in.Place.Room() != s.room || in.Why == "" {
		s.Errorf("the end of the room is %+v, want which and why", in)
	}
	_, err := s.p.Post(s.ctx, "late", s.room, chat.Message{Text: chat.Say("too late")})
	s.wantFinal(err)
}

// checkPeople: people are found by ID and by what is typed, and those who are not there are gone.
func checkPeople(s *scene) {
	directory := ability[chat.Directory](s, s.p)
	u, err := directory.Person(s.ctx, s.ann.ID)
	if err != nil || u.ID != s.ann.ID || u.Handle != "ann" || u.Name != "Ann Archer" || u.Self {
		s.Errorf("Person says %+v, %v; want %+v", u, err, s.ann)
	}
	if u.Zone != "" && u.Zone != "Europe/Dublin" {
		s.Errorf("Ann's zone is %q, want Europe/Dublin or nothing", u.Zone)
	}
	if _, err := directory.Person(s.ctx, "nobody"); !errors.Is(err, chat.ErrGone) {
		s.Errorf("Person of nobody gives %v, want chat.ErrGone", err)
	}
	for _, typed := range []string{"an", "ann", "Ann A"} {
		found, err := directory.People(s.ctx, s.room, typed, 5)
		if err != nil || len(found) != 1 || found[0].ID != s.ann.ID {
			s.Errorf("People of %q are %+v, %v; want Ann", typed, found, err)
		}
	}
	if found, err := directory.People(s.ctx, s.room, "", 1); err != nil || len(found) > 1 {
		s.Errorf("at most one of all people are %+v, %v", found, err)
	}
}
