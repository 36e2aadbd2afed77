package chattest

import (
	"context"
	"errors"
	"time"

	"boswell/chat"
)

// A Reporter is the part of *testing.T that a check needs. With it, whoever imports this package to play replays does not
// carry package testing.
type Reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
	Cleanup(f func())
	Context() context.Context
}

// A Runner is *testing.T, as Conform needs it.
type Runner[T any] interface {
	Reporter
	Run(name string, f func(T)) bool
}

// Conform checks that the platform of a World does what package chat says that platforms do, as far as it claims to: each
// ability is a subtest, skipped where platform or World lacks it. open makes a World in which nothing has happened yet and
// nobody runs the platform.
func Conform[T Runner[T]](t T, open func(T) World) {
	for _, c := range checks {
		t.Run(c.name, func(t T) { c.run(begin(t, open(t))) })
	}
}

// checks are all there is to check, in the order of the files they are in.
var checks = []struct {
	name string
	run  func(*scene)
}{
	{"Limits", checkLimits},
	{"Message", checkMessage},
	{"Post", checkPost},
	{"Escaping", checkEscaping},
	{"TooLong", checkTooLong},
	{"Key", checkKey},
	{"Edit", checkEdit},
	{"EditByPerson", checkEditByPerson},
	{"Delete", checkDelete},
	{"Thread", checkThread},
	{"Link", checkLink},
	{"Reaction", checkReaction},
	{"ReactionByBot", checkReactionByBot},
	{"Pin", checkPin},
	{"PinByBot", checkPinByBot},
	{"FileOfPerson", checkFileOfPerson},
	{"FileOfBot", checkFileOfBot},
	{"FileTooLarge", checkFileTooLarge},
	{"Command", checkCommand},
	{"CommandOnMessage", checkCommandOnMessage},
	{"PrivateAnswer", checkPrivateAnswer},
	{"Whisper", checkWhisper},
	{"Direct", checkDirect},
	{"Button", checkButton},
	{"Menu", checkMenu},
	{"MenuLimits", checkMenuLimits},
	{"Form", checkForm},
	{"FormRefused", checkFormRefused},
	{"Shortcut", checkShortcut},
	{"Completion", checkCompletion},
	{"History", checkHistory},
	{"HistorySince", checkHistorySince},
	{"RoomOfBot", checkRoomOfBot},
	{"RoomByName", checkRoomByName},
	{"RoomLook", checkRoomLook},
	{"RoomGone", checkRoomGone},
	{"People", checkPeople},
	{"Bridge", checkBridge},
	{"NotTaken", checkNotTaken},
	{"Redelivery", checkRedelivery},
	{"Reconnect", checkReconnect},
}

// declared are the commands that every World's bot has here.
var declared = []chat.Command{
	{Name: "note", Help: "Note something", Examples: []string{"note it rains"}, Args: []chat.Arg{
		{Name: "text", Help: "What to note", Kind: chat.ArgText, Required: true, Example: "it rains"}}},
	{Name: "role", Help: "Give somebody a role", Examples: []string{"role scribe ann"}, Args: []chat.Arg{
		{Name: "role", Help: "Which", Kind: chat.ArgWord, Required: true, Suggest: true, Example: "scribe"},
		{Name: "who", Help: "Who", Kind: chat.ArgPerson, Required: true, Example: "ann"}}},
}

// patience is how long a check waits for what should have come long before.
const patience = 30 * time.Second

// dawn is when checks begin.
var dawn = time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)

// A scene is a World with two people in one room and a bot that is online.
type scene struct {
	Reporter
	ctx  context.Context
	w    World
	p    chat.Platform
	in   *Inbox
	ann  chat.User
	ben  chat.User
	room chat.Place
}

func begin(t Reporter, w World) *scene {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	s := &scene{Reporter: t, ctx: ctx, w: w, p: w.Platform(), in: NewInbox()}
	w.Clock().Set(dawn)
	var err error
	s.ann, err = w.AddPerson(ctx, Person{Handle: "ann", Name: "Ann Archer", Zone: "Europe/Dublin"})
	s.must(err)
	s.ben, err = w.AddPerson(ctx, Person{Handle: "ben", Name: "Ben Baker"})
	s.must(err)
	s.room, err = w.AddRoom(ctx, Room{Name: "ops", Members: []chat.UserID{s.ann.ID, s.ben.ID}})
	s.must(err)
	if r, ok := s.p.(chat.Registrar); ok {
		s.must(r.Register(ctx, declared))
	}
	s.goOnline()
	return s
}

// goOnline runs the platform until the check ends.
func (s *scene) goOnline() {
	s.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.ctx))
	done := make(chan error, 1)
	go func() { done <- s.p.Run(ctx, s.in.Handle) }()
	s.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil && !errors.Is(err, context.Canceled) {
				s.Errorf("Run ended with %v; want nil once its context is done", err)
			}
		case <-time.After(patience):
			s.Errorf("Run goes on after its context is done")
		}
	})
	await[chat.Online](s, "Online", nil)
}

func (s *scene) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("%v", err)
	}
}

// say lets Ann say something, a minute after what was before.
func (s *scene) say(text string) chat.Ref {
	s.Helper()
	s.w.Clock().Advance(time.Minute)
	ref, err := s.w.Say(s.ctx, s.ann.ID, s.room, text)
	s.must(err)
	return ref
}

// post lets the bot say something.
func (s *scene) post(key string, m chat.Message) chat.Ref {
	s.Helper()
	s.w.Clock().Advance(time.Minute)
	ref, err := s.p.Post(s.ctx, key, s.room, m)
	s.must(err)
	return ref
}

// shown is a message as people see it.
func (s *scene) shown(in chat.Place, ref chat.Ref) Message {
	s.Helper()
	m, ok := s.find(in, ref)
	if !ok {
		s.Fatalf("people do not see the message %v", ref)
	}
	return m
}

func (s *scene) find(in chat.Place, ref chat.Ref) (Message, bool) {
	s.Helper()
	messages, err := s.w.Messages(s.ctx, in)
	s.must(err)
	for _, m := range messages {
		if m.Ref == ref {
			return m, true
		}
	}
	return Message{}, false
}

// idle waits until everything was delivered.
func (s *scene) idle() {
	s.Helper()
	_, err := s.w.Idle(s.ctx)
	s.must(err)
}

// ability is the World or the platform as T, or the end of the check.
func ability[T any](s *scene, of any) T {
	s.Helper()
	a, ok := of.(T)
	if !ok {
		s.Skipf("not for %T, which is no %T", of, *new(T))
	}
	return a
}
