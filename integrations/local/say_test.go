package local_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/integrations/local"
)

// TestProblems: what people get wrong is answered with what is wrong and what to do, and changes nothing.
func TestProblems(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	mine := p.say("mine")
	reply, err := p.Say(ctx, local.Saying{By: p.ben, To: chat.Place{Platform: "chat", Channel: p.room.Channel, Thread: chat.ThreadID(mine.Message)}, Text: "a reply"})
	p.must(err)
	private, err := p.CreateRoom(ctx, p.ann, local.Opening{Name: "secret", Private: true})
	p.must(err)
	archived, err := p.CreateRoom(ctx, p.ann, local.Opening{Name: "old"})
	p.must(err)
	p.must(p.Archive(ctx, p.ann, archived, false))
	nowhere := chat.Ref{Platform: "chat", Channel: p.room.Channel, Message: "999"}
	before := len(p.texts(p.ann))

	say := func(s local.Saying) error { _, err := p.Say(ctx, s); return err }
	arrive := func(a local.Arrival) error { _, err := p.Arrive(ctx, a); return err }
	create := func(name string) error { _, err := p.CreateRoom(ctx, p.ann, local.Opening{Name: name}); return err }
	thread := func(m chat.MessageID) chat.Place {
		return chat.Place{Platform: "chat", Channel: p.room.Channel, Thread: chat.ThreadID(m)}
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a handle that is taken":         {arrive(local.Arrival{Handle: "ANN"}), "is taken"},
		"the bot's handle":               {arrive(local.Arrival{Handle: "boswell"}), "is taken"},
		"a handle with a blank":          {arrive(local.Arrival{Handle: "a b"}), "letters and digits"},
		"no handle":                      {arrive(local.Arrival{}), "needs a letter or a digit"},
		"a zone that is none":            {arrive(local.Arrival{Handle: "zoe", Zone: "Mars/Base"}), "time zone"},
		"a long name":                    {arrive(local.Arrival{Handle: "zoe", Name: strings.Repeat("x", 81)}), "at most 80"},
		"a room that is there":           {create("#ops!"), "#ops already"},
		"a room without a name":          {create(" # "), "letters or digits"},
		"an empty message":               {say(local.Saying{By: p.ann, To: p.room, Text: " \n"}), "empty"},
		"a long message":                 {say(local.Saying{By: p.ann, To: p.room, Text: strings.Repeat("ä", local.MaxText+1)}), "16001 characters"},
		"a message of nobody":            {say(local.Saying{By: "u0", To: p.room, Text: "x"}), "Nobody here"},
		"a message into nowhere":         {say(local.Saying{By: p.ann, To: chat.Place{Platform: "chat", Channel: "r0"}, Text: "x"}), "no such room"},
		"a message into a secret":        {say(local.Saying{By: p.ben, To: private, Text: "x"}), "no such room"},
		"a message into the archive":     {say(local.Saying{By: p.ann, To: archived, Text: "x"}), "is archived"},
		"a reply to nothing":             {say(local.Saying{By: p.ann, To: thread("999"), Text: "x"}), "no longer there"},
		"a reply to a reply":             {say(local.Saying{By: p.ann, To: thread(reply.Message), Text: "x"}), "no threads of its own"},
		"an edit of another's":           {p.Edit(ctx, p.ben, mine, "yours"), "somebody else's"},
		"an edit of nothing":             {p.Edit(ctx, p.ann, nowhere, "x"), "no longer there"},
		"deleting another's":             {p.Delete(ctx, p.ben, mine), "somebody else's"},
		"a reaction that is none":        {p.React(ctx, p.ann, mine, "a b", true), "no emoji"},
		"an empty reaction":              {p.React(ctx, p.ann, mine, " ", true), "no emoji"},
		"bringing nobody in":             {p.Join(ctx, p.ann, "u0", p.room), "Nobody here"},
		"entering a secret":              {p.Join(ctx, p.ben, p.ben, private), "no such room"},
		"a message of another platform":  {p.Pin(ctx, p.ann, chat.Ref{Platform: "other", Channel: mine.Channel, Message: mine.Message}, true), "no longer there"},
		"a topic for the archive":        {p.SetTopic(ctx, p.ann, archived, "x"), "is archived"},
		"a conversation with oneself":    {second(p.Direct(ctx, p.ann, p.ann)), "somebody else"},
		"more files than a message take": {say(local.Saying{By: p.ann, To: p.room, Files: make([]local.Attachment, 11)}), "at most 10 files"},
	} {
		t.Run(name, func(t *testing.T) { wantProblem(t, c.err, c.want) })
	}
	if after := len(p.texts(p.ann)); after != before {
		t.Errorf("there were %d messages and are %d now", before, after)
	}
}

// TestCommandsWithASlip: a command that is misspelt is not said to everybody; what only looks like one is.
func TestCommandsWithASlip(t *testing.T) {
	p := newParty(t)
	p.must(p.Platform().Register(t.Context(), someCommands))
	for text, meant := range map[string]string{
		"/incdent start Foo":     "/incident",
		"/incidents":             "/incident",
		"/icnident list":         "/incident",
		"/INCIDENT list":         "/incident",
		"/note It is dark":       "/incident note",
		"/var/log is full":       "",
		"/notes are in the wiki": "",
		" /note It is dark":      "",
		"/incited start":         "",
		"note It is dark":        "",
		"/":                      "",
	} {
		_, err := p.Say(t.Context(), local.Saying{By: p.ann, To: p.room, Text: text})
		if meant == "" {
			p.must(err)
			continue
		}
		wantProblem(t, err, "Did you mean "+meant+"?")
	}
	if said := p.texts(p.ann); len(said) != 6 {
		t.Errorf("people read %q", said)
	}
}

// TestNamesDoNotTurnTextAround: what follows a name reads as it was written.
func TestNamesDoNotTurnTextAround(t *testing.T) {
	p := newParty(t)
	u, err := p.Arrive(t.Context(), local.Arrival{Handle: "zoe", Name: "Zoe\u202e!"})
	p.must(err)
	if u.Name != "Zoe !" {
		t.Errorf("the name is %q", u.Name)
	}
}

func second[T any](_ T, err error) error { return err }

// TestSecondTime: what a client sends again because it heard no answer happens once.
func TestSecondTime(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	for range 2 {
		for range 2 {
			_, err := p.Say(ctx, local.Saying{Key: "k", By: p.ann, To: p.room, Text: "once"})
			p.must(err)
			_, err = p.Say(ctx, local.Saying{Key: "k", By: p.ben, To: p.room, Text: "Ben's own"})
			p.must(err)
			_, err = p.CreateRoom(ctx, p.ann, local.Opening{Key: "k", Name: "new"})
			p.must(err)
			_, err = p.Arrive(ctx, local.Arrival{Key: "k", Handle: "zoe"})
			p.must(err)
		}
		p.again()
	}
	if got := p.texts(p.ann); !slices.Equal(got, []string{"once", "Ben's own"}) {
		t.Errorf("people read %q", got)
	}
	if rooms, err := p.Rooms(p.ann); err != nil || len(rooms) != 2 {
		t.Errorf("there are the rooms %+v, %v", rooms, err)
	}
	if people, err := p.People(); err != nil || len(people) != 3 {
		t.Errorf("there are the people %+v, %v", people, err)
	}
}

func TestEmojiByName(t *testing.T) {
	p := newParty(t)
	ref := p.say("tag me")
	for _, emoji := range []string{":pushpin:", "📌", "📌\uFE0F", ":made-up:"} {
		p.must(p.React(t.Context(), p.ann, ref, emoji, true))
	}
	m, err := p.Message(p.ann, ref)
	p.must(err)
	if len(m.Reactions) != 2 || m.Reactions[0].Emoji != "📌" || m.Reactions[1].Emoji != ":made-up:" {
		t.Errorf("the reactions are %+v", m.Reactions)
	}
}

// TestDeletedIsErased: of a deleted message nothing can be read, by nobody, and its thread stays.
func TestDeletedIsErased(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	ref, err := p.Say(ctx, local.Saying{By: p.ann, To: p.room, Text: "password: hunter2",
		Files: []local.Attachment{{Name: "key.pem", Contents: strings.NewReader("secret")}}})
	p.must(err)
	seen, err := p.Platform().Fetch(ctx, ref)
	p.must(err)
	_, err = p.Say(ctx, local.Saying{By: p.ben, To: chat.Place{Platform: "chat", Channel: p.room.Channel, Thread: chat.ThreadID(ref.Message)}, Text: "oh"})
	p.must(err)
	p.must(p.Delete(ctx, p.ann, ref))
	p.again()
	wantProblem(t, second(p.Message(p.ann, ref)), "no longer there")
	if _, err := p.Platform().Download(ctx, seen.Said.Files[0]); !errors.Is(err, chat.ErrGone) {
		t.Errorf("its file can be had: %v", err)
	}
	if got := p.texts(p.ben); !slices.Equal(got, []string{"oh"}) {
		t.Errorf("people read %q", got)
	}
	wantProblem(t, p.Delete(ctx, p.ann, ref), "no longer there")
}

func TestFileNames(t *testing.T) {
	p := newParty(t)
	for name, want := range map[string]string{"../../etc/passwd": "passwd", `..\..\boot.ini`: "boot.ini", "a/b/c.diff": "c.diff", "": "file", "..": "file", "/": "file"} {
		ref, err := p.Say(t.Context(), local.Saying{By: p.ann, To: p.room, Files: []local.Attachment{{Name: name, Contents: strings.NewReader(name)}}})
		p.must(err)
		m, err := p.Message(p.ann, ref)
		p.must(err)
		if len(m.Files) != 1 || m.Files[0].Name != want {
			t.Errorf("%q became %+v, want %q", name, m.Files, want)
		}
		if want == "c.diff" && m.Files[0].Language != "diff" {
			t.Errorf("its language is %q", m.Files[0].Language)
		}
	}
	for _, id := range []string{"", "..", "../chat.jsonl", strings.Repeat("0", 64)} {
		if _, err := p.Platform().Download(t.Context(), chat.File{ID: id}); !errors.Is(err, chat.ErrGone) {
			t.Errorf("the file %q gives %v", id, err)
		}
	}
}

// TestWhoSeesWhat: private rooms and direct conversations are their members' own.
func TestWhoSeesWhat(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	private, err := p.CreateRoom(ctx, p.ann, local.Opening{Name: "secret", Private: true})
	p.must(err)
	direct, err := p.Direct(ctx, p.ann, local.Boswell)
	p.must(err)
	again, err := p.Direct(ctx, local.Boswell, p.ann)
	p.must(err)
	if again != direct {
		t.Errorf("the conversation of Ann and the bot is %v and %v", direct, again)
	}
	names := func(by chat.UserID) (names []string) {
		rooms, err := p.Rooms(by)
		p.must(err)
		for _, r := range rooms {
			names = append(names, r.Name)
		}
		return names
	}
	if got := names(p.ben); !slices.Equal(got, []string{"ops"}) {
		t.Errorf("Ben sees the rooms %q", got)
	}
	if got := names(p.ann); !slices.Equal(got, []string{"ops", "secret", "Boswell"}) {
		t.Errorf("Ann sees the rooms %q", got)
	}
	p.must(p.Join(ctx, p.ann, p.ben, private))
	if got := names(p.ben); !slices.Equal(got, []string{"ops", "secret"}) {
		t.Errorf("Ben was brought in and sees %q", got)
	}
}

func TestPartsOfARoom(t *testing.T) {
	p := newParty(t)
	var orders []string
	for _, text := range []string{"a", "b", "c", "d"} {
		m, err := p.Message(p.ann, p.say(text))
		p.must(err)
		orders = append(orders, m.Order)
	}
	for _, c := range []struct {
		part local.Span
		want string
	}{
		{local.Span{}, "abcd"},
		{local.Span{Last: 2}, "cd"},
		{local.Span{Before: orders[2], Last: 1}, "b"},
		{local.Span{After: orders[1]}, "cd"},
		{local.Span{After: orders[0], Before: orders[3]}, "bc"},
	} {
		messages, err := p.Messages(p.ann, p.room, c.part)
		p.must(err)
		got := ""
		for _, m := range messages {
			got += m.Content.Text.String()
		}
		if got != c.want {
			t.Errorf("%+v is %q, want %q", c.part, got, c.want)
		}
	}
}

// TestLinkOfMessage: a message is delivered with its address, and without one where the pages have none.
func TestLinkOfMessage(t *testing.T) {
	p := newParty(t)
	ref := p.say("see here")
	for _, url := range []string{p.o.URL, ""} {
		p.o.URL = url
		p.again()
		seen, err := p.Platform().Fetch(t.Context(), ref)
		p.must(err)
		want := ""
		if url != "" {
			want = p.Platform().Link(ref)
		}
		if seen.Said.Link != want || !strings.HasPrefix(want, url) {
			t.Errorf("with the pages at %q the message is at %q, want %q", url, seen.Said.Link, want)
		}
	}
}
