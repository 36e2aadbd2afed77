package slack_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/integrations/slack"
	"boswell/integrations/slack/slacksim"
)

// look is what people see of a channel besides its messages.
func (p *party) look(room chat.Place) chattest.RoomLook {
	p.Helper()
	look, err := p.world.Look(p.ctx, room)
	p.must(err)
	return look
}

// made is the channel of a name that the bot made.
func (p *party) made(name string) chat.Place {
	p.Helper()
	room, ok := p.world.ChannelNamed(name)
	if !ok {
		p.Fatalf("there is no channel #%s", name)
	}
	return room
}

// calls are how often the bot called a method.
func (p *party) calls(method string) (n int) {
	for _, c := range p.world.Calls() {
		if c.Method == method {
			n++
		}
	}
	return n
}

// TestTopicFollows: the topic of the channel that was made says how the incident stands, in one change for what happens within
// a moment; that of a channel which was there stays as its people want it.
func TestTopicFollows(t *testing.T) {
	p := newParty(t)
	p.types(p.ops, "start room:new severity:sev2 Search is <slow>")
	room := p.made("inc-1-search-is-slow")
	if got := p.look(room).Topic; got != "INC-1 Search is <slow> · sev2" {
		t.Errorf("the topic begins as %q", got)
	}
	before := p.calls("conversations.setTopic")
	for _, line := range []string{"severity sev1", "role commander me", "status Cause found", "set title Search is down"} {
		p.types(room, line)
	}
	p.clock.Advance(time.Minute)
	p.settle()
	if got := p.look(room).Topic; got != "INC-1 Search is down · sev1 · open · Cause found · incident commander Ann" {
		t.Errorf("the topic is %q", got)
	}
	if n := p.calls("conversations.setTopic") - before; n != 1 {
		t.Errorf("it was set %d times, want once", n)
	}
	p.types(p.ops, "start room:here sure:yes Mail is late")
	p.types(p.ops, "severity sev1")
	p.clock.Advance(time.Minute)
	p.settle()
	if got := p.look(p.ops).Topic; got != "" {
		t.Errorf("the topic of #ops is %q, want it left alone", got)
	}
}

// TestTopicsDuringARateLimit: while Slack takes no topic everything else goes on, Slack is not asked before its time, and at
// last only the newest topic is set.
func TestTopicsDuringARateLimit(t *testing.T) {
	p := newParty(t)
	p.types(p.ops, "start room:new Search is slow")
	room := p.made("inc-1-search-is-slow")
	p.world.Fail("conversations.setTopic", slacksim.Fault{Status: 429, RetryAfter: 300})
	before := p.calls("conversations.setTopic")
	for _, severity := range []string{"sev5", "sev4", "sev3", "sev2", "sev1"} {
		p.types(room, "severity "+severity)
		p.clock.Advance(time.Minute)
		p.settle()
		if card := p.card(room); !strings.Contains(card.Text(), severity) {
			t.Errorf("the card waits for the topic: %q", card.Text())
		}
	}
	if n := p.calls("conversations.setTopic") - before; n != 1 {
		t.Errorf("Slack was asked %d times during its delay, want once", n)
	}
	p.clock.Advance(5 * time.Minute)
	p.settle()
	if got := p.look(room).Topic; !strings.HasSuffix(got, "sev1") || p.calls("conversations.setTopic")-before != 2 {
		t.Errorf("after %d calls the topic is %q", p.calls("conversations.setTopic")-before, got)
	}
}

// TestBookmarkOfThePage: where there are pages, the channel has a bookmark of that of the incident from the start, and one
// only however often it is closed.
func TestBookmarkOfThePage(t *testing.T) {
	p := newPartyWith(t, quick(), nil, func(s *commands.Settings) { s.WebURL = "https://boswell.example" })
	p.types(p.ops, "start room:new Search is slow")
	room := p.made("inc-1-search-is-slow")
	want := map[string]string{"Incident postmortem": "https://boswell.example/incidents/INC-1"}
	for _, line := range []string{"join", "close", "reopen", "close"} {
		p.types(room, line)
		if got := p.look(room).Bookmarks; len(got) != 1 || got["Incident postmortem"] != want["Incident postmortem"] {
			t.Errorf("after %s the bookmarks are %v, want %v", line, got, want)
		}
	}
	if n := p.calls("bookmarks.add"); n != 1 {
		t.Errorf("%d bookmarks were added, want one", n)
	}
}

// TestBookmarkOfTheFile: without pages it leads to the message of the newest postmortem.
func TestBookmarkOfTheFile(t *testing.T) {
	p := newParty(t)
	p.types(p.ops, "start room:here Search is slow")
	if got := p.look(p.ops).Bookmarks; len(got) > 0 {
		t.Errorf("at the start the bookmarks are %v", got)
	}
	for _, line := range []string{"close", "reopen", "close"} {
		p.clock.Advance(time.Minute)
		p.types(p.ops, line)
	}
	var files []chat.Ref
	for _, m := range p.messages(p.ops) {
		if len(m.Files) > 0 {
			files = append(files, m.Ref)
		}
	}
	linker := p.world.Platform().(chat.Linker)
	got := p.look(p.ops).Bookmarks
	if len(files) != 2 || len(got) != 1 || got["Incident postmortem"] != linker.Link(files[1]) {
		t.Errorf("of the files %v the bookmarks are %v, want one, of the last", files, got)
	}
	if p.calls("bookmarks.add") != 1 || p.calls("bookmarks.edit") != 1 {
		t.Errorf("%d bookmarks were added and %d changed, want one each", p.calls("bookmarks.add"), p.calls("bookmarks.edit"))
	}
}

// TestArchivedAtTheEnd: what belongs into the channel is in it before it is archived.
func TestArchivedAtTheEnd(t *testing.T) {
	p := newPartyWith(t, quick(), nil, func(s *commands.Settings) { s.ArchiveOnClose, s.WebURL = true, "https://boswell.example" })
	p.types(p.ops, "start room:new Search is slow")
	room := p.made("inc-1-search-is-slow")
	p.types(room, "severity sev1")
	p.types(room, "close")
	p.clock.Advance(time.Minute)
	p.settle()
	look := p.look(room)
	if !look.Archived || !strings.HasSuffix(look.Topic, "closed") || len(look.Bookmarks) != 1 || p.lastFile(room) == "" {
		t.Errorf("at the end the channel is %+v", look)
	}
	if failed := p.log(1, "send_failed"); len(failed) > 0 {
		t.Errorf("something came too late: %v", failed)
	}
}

// TestInvitedGroups: a user group that is named is invited as its members, by the start and by a command; so is who gets a
// role. A group takes no role.
func TestInvitedGroups(t *testing.T) {
	p := newParty(t)
	cy := p.person("cy")
	p.world.AddGroup("sre", p.ben, cy)
	dee := p.person("dee")
	p.types(p.ops, "start room:new invite:@sre Search is slow")
	room := p.made("inc-1-search-is-slow")
	p.hasMembers(room, p.ann, p.ben, cy)
	if a := p.types(room, "role scribe @sre"); !strings.Contains(a.Text(), "is a group") {
		t.Errorf("a role for a group is answered %q", a.Text())
	}
	p.types(room, "role scribe @dee")
	p.hasMembers(room, p.ann, p.ben, cy, dee)
	p.must(p.world.Leave(p.ctx, cy, room))
	eve := p.person("eve")
	if a := p.types(room, "invite @eve @sre"); !strings.Contains(a.Text(), "the group sre") {
		t.Errorf("the invitation is answered %q", a.Text())
	}
	p.hasMembers(room, p.ann, p.ben, cy, dee, eve)
	if a := p.types(room, "invite @nobody"); !strings.Contains(a.Text(), "nobody") {
		t.Errorf("an unknown name is answered %q", a.Text())
	}
	for _, x := range p.people() {
		if x == "sre" {
			t.Error("the group is kept as a person")
		}
	}
}

func (p *party) person(handle string) chat.UserID {
	p.Helper()
	u, err := p.world.AddPerson(p.ctx, chattest.Person{Handle: handle, Name: strings.ToUpper(handle[:1]) + handle[1:]})
	p.must(err)
	return u.ID
}

// hasMembers holds that these, and the bot, are in a channel.
func (p *party) hasMembers(room chat.Place, want ...chat.UserID) {
	p.Helper()
	got := p.look(room).Members
	slices.Sort(got)
	want = append(want, slacksim.BotUser)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		p.Errorf("the members are %v, want %v", got, want)
	}
}

// TestSummonedGroups: those who are configured come to every incident, and to those of a severity when they have it. What is
// misspelt is told, and keeps nobody else out.
func TestSummonedGroups(t *testing.T) {
	p := newPartyWith(t, quick(), func(c *slack.Config) {
		c.Invite = slack.Invitations{Always: []string{"@oncall", "@nobody"}, Sev1: []string{"@managers", "@fay"}}
	}, nil)
	cy, dee, fay := p.person("cy"), p.person("dee"), p.person("fay")
	p.world.AddGroup("oncall", cy)
	p.world.AddGroup("managers", dee)
	p.types(p.ops, "start room:new severity:sev3 Search is slow")
	room := p.made("inc-1-search-is-slow")
	p.hasMembers(room, p.ann, cy)
	p.types(room, "severity sev1")
	p.hasMembers(room, p.ann, cy, dee, fay)
	if failed := p.log(1, "send_failed"); len(failed) != 1 || !strings.Contains(failed[0], "@nobody") {
		t.Errorf("the log tells of %q, want who is misspelt", failed)
	}
}

// TestOneOfManyCannotCome: the others do, and who does not is told about.
func TestOneOfManyCannotCome(t *testing.T) {
	d := newDesk(t, quick())
	cy := d.person(chattest.Person{Handle: "cy", Name: "Cy"})
	d.w.Deactivate(cy)
	group := d.w.AddGroup("sre", d.ann, cy, d.ben)
	place, _, err := d.p.MakeRoom(d.ctx, "k", chat.NewRoom{Near: d.ops, Name: "war room"})
	d.must(err)
	err = d.p.Invite(d.ctx, place, []chat.UserID{group})
	if f := d.failure(err); f.Temporary || !strings.Contains(f.Tell, "deactivated") {
		t.Errorf("the failure is %+v", f)
	}
	look, err := d.w.Look(d.ctx, place)
	d.must(err)
	if !slices.Contains(look.Members, d.ann) || !slices.Contains(look.Members, d.ben) {
		t.Errorf("the members are %v, want Ann and Ben too", look.Members)
	}
}

// TestStarterCannotBeInvited: the channel of an incident is of use although whoever started it may not be in it, or Slack takes no
// topic; what went wrong stands in the incident's log.
func TestStarterCannotBeInvited(t *testing.T) {
	p := newParty(t)
	restricted := slacksim.Fault{Code: "user_is_restricted"}
	p.world.Fail("conversations.invite", restricted, restricted)
	p.world.Fail("conversations.setTopic", slacksim.Fault{Code: "restricted_action"})
	p.types(p.ops, "start room:new Search is slow")
	if card := p.card(p.made("inc-1-search-is-slow")); !strings.Contains(card.Text(), "Search is slow") {
		t.Errorf("the card in the channel is %q", card.Text())
	}
	if failed := p.log(1, "send_failed"); len(failed) != 1 || !strings.Contains(failed[0], "guest") {
		t.Errorf("what failed is %q, want the one invitation", failed)
	}
}

// TestEmojiAliases: an emoji of the workspace's own that stands for another one is that one; it is asked once, and again when
// something has changed.
func TestEmojiAliases(t *testing.T) {
	d := openDesk(t, quick())
	d.w.AddEmoji("party-parrot", "")
	d.w.AddEmoji("zeitstrahl", "timeline-pin")
	d.w.AddEmoji("timeline-pin", "pushpin")
	d.w.AddEmoji("round-1", "round-2")
	d.w.AddEmoji("round-2", "round-1")
	d.idle() // Slack has told of all of them
	ref := d.say("restarted it")
	for i, c := range [][2]string{{":zeitstrahl:", "📌"}, {":timeline-pin:", "📌"}, {":party-parrot:", ":party-parrot:"}, {":unheard-of:", ":unheard-of:"}} {
		d.must(d.w.React(d.ctx, d.ben, ref, c[0], true))
		if r := await[chat.Reacted](d, i+1); r.Emoji != c[1] {
			t.Errorf("%s arrives as %q, want %q", c[0], r.Emoji, c[1])
		}
	}
	if n := d.count("emoji.list"); n != 1 {
		t.Errorf("Slack was asked %d times, want once", n)
	}
	d.w.AddEmoji("unheard-of", "paperclip")
	d.idle()
	d.must(d.w.React(d.ctx, d.ann, ref, ":unheard-of:", true))
	if r := await[chat.Reacted](d, 5); r.Emoji != "📎" {
		t.Errorf("after it became an alias it arrives as %q", r.Emoji)
	}
	d.must(d.w.React(d.ctx, d.ann, ref, ":round-1:", true))
	await[chat.Reacted](d, 6)
	seen, err := d.p.Fetch(d.ctx, ref)
	d.must(err)
	if seen.Reactions[0].Emoji != "📌" {
		t.Errorf("read back, the reactions are %+v", seen.Reactions)
	}
}

// TestEmojiWithoutScope: an app that was installed before the scope was asked for takes such emoji by their names.
func TestEmojiWithoutScope(t *testing.T) {
	d := openDesk(t, quick())
	d.w.AddEmoji("zeitstrahl", "pushpin")
	ref := d.say("restarted it")
	d.w.Fail("emoji.list", slacksim.Fault{Code: "missing_scope"})
	d.must(d.w.React(d.ctx, d.ben, ref, ":zeitstrahl:", true))
	if r := await[chat.Reacted](d, 1); r.Emoji != ":zeitstrahl:" {
		t.Errorf("it arrives as %q", r.Emoji)
	}
}

// TestUploadFoundAfterARestart: a file in doubt is found by a bot that was started since, by its name and contents, in the
// channel and in a thread; another file of the name is not taken for it.
func TestUploadFoundAfterARestart(t *testing.T) {
	d := newDesk(t, quick())
	root := d.say("root")
	thread := chat.Place{Platform: root.Platform, Channel: root.Channel, Thread: chat.ThreadID(root.Message)}
	for _, to := range []chat.Place{d.ops, thread} {
		born := d.clock.Now()
		d.w.Fail("files.completeUploadExternal", slacksim.Fault{Cut: true, Late: true})
		_, err := d.p.Upload(d.ctx, "k", to, chat.Upload{Name: "a.md"}, strings.NewReader("text"), 4)
		if !d.failure(err).InDoubt {
			t.Fatalf("the error is %v, want it in doubt", err)
		}
		again, err := slack.New(config(d.w.Sim), slack.Options{Name: "slack", Now: d.clock.Now, Pace: -1})
		d.must(err)
		for _, c := range []struct {
			name, contents string
			want           bool
		}{{"a.md", "text", true}, {"a.md", "tent", false}, {"a.md", "text!", false}, {"b.md", "text", false}} {
			ref, found, err := again.FindUpload(d.ctx, "k", to, chat.Upload{Name: c.name}, strings.NewReader(c.contents), int64(len(c.contents)), born)
			if err != nil || found != c.want || found && ref.Message == "" {
				t.Errorf("%s with %q in %v is found: %v as %v, %v", c.name, c.contents, to, found, ref, err)
			}
		}
		d.clock.Advance(time.Hour)
	}
	_, err := d.p.Fetch(d.ctx, chat.Ref{Platform: "slack", Channel: d.ops.Channel, Message: "1.000001"})
	if !errors.Is(err, chat.ErrGone) {
		t.Errorf("Fetch of nothing gives %v", err)
	}
}

// TestUploadOnceOverARestart: the postmortem whose upload got no answer is in the channel once, although the bot was started
// anew before it could look.
func TestUploadOnceOverARestart(t *testing.T) {
	p := newParty(t)
	p.types(p.ops, "start room:here Search is slow")
	p.world.Fail("files.completeUploadExternal", slacksim.Fault{Cut: true, Late: true})
	p.types(p.ops, "close")
	p.forget()
	p.must(p.Restart(p.ctx))
	for range 3 {
		p.clock.Advance(10 * time.Minute)
		p.settle()
	}
	files := 0
	for _, m := range p.messages(p.ops) {
		files += len(m.Files)
	}
	if files != 1 || p.calls("files.completeUploadExternal") != 1 {
		t.Errorf("there are %d files after %d uploads, want one", files, p.calls("files.completeUploadExternal"))
	}
	if got := p.look(p.ops).Bookmarks; len(got) != 1 {
		t.Errorf("the bookmarks are %v, want that of the file", got)
	}
}
