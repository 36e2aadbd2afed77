package local_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/incident"
	"boswell/integrations/local"
	"boswell/storage"
)

// What the process that is killed is told by its environment: the folder where it lives, and the case that it plays there.
const (
	killedFolder = "BOSWELL_KILLED_FOLDER"
	killedCase   = "BOSWELL_KILLED_CASE"
)

// begun is the first line that it prints.
const begun = "begun"

// TestPlayedUntilKilled is the process that TestKill kills: it plays a case from the first step that was not done before.
func TestPlayedUntilKilled(t *testing.T) {
	folder := os.Getenv(killedFolder)
	if folder == "" {
		t.Skip("this is the other process of TestKill")
	}
	fmt.Println(begun)
	if err := playOn(t.Context(), folder, readCase(t, os.Getenv(killedCase))); err != nil {
		t.Fatal(err)
	}
}

// readCase is a recorded incident, with an export in the standard format as its last step.
func readCase(t *testing.T, path string) *chattest.Replay {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := chattest.ReadReplay(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	last := len(r.Steps) - 1
	for r.Steps[last].Kind != chattest.StepCommand {
		last--
	}
	export := r.Steps[last]
	export.At, export.Text, export.On = r.Steps[len(r.Steps)-1].At, "export sre", ""
	r.Steps = append(r.Steps, export)
	return r
}

// A stepper does the steps of a case, each under a key of its own, so that a step of which nobody knows whether it was done
// is simply done again.
type stepper struct {
	*house
	replay *chattest.Replay
	people map[string]chat.UserID
	rooms  map[string]chat.Place
	refs   map[string]chat.Ref
}

// playOn plays a case to its end, from the first step that was not done before.
func playOn(ctx context.Context, folder string, r *chattest.Replay) (err error) {
	marks, err := readMarks(folder)
	if err != nil {
		return err
	}
	next := nextStep(marks)
	if next == len(r.Steps) {
		return nil
	}
	s := &stepper{house: &house{folder: folder, sync: true, clock: chattest.NewClock(r.Steps[next].At)}, replay: r,
		people: map[string]chat.UserID{}, rooms: map[string]chat.Place{}, refs: map[string]chat.Ref{}}
	if err := s.open(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop(), s.world.Close()) }()
	if err := lost(ctx, s.store, marks); err != nil {
		return err
	}
	if err := s.moveIn(ctx); err != nil {
		return err
	}
	s.recall(marks)
	for i := next; i < len(r.Steps); i++ {
		if err := s.step(ctx, i, marks); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// nextStep is the first that was not done to its end.
func nextStep(marks []mark) int {
	next := 0
	for _, m := range marks {
		if m.Settled {
			next = m.Step + 1
		}
	}
	return next
}

// moveIn makes the people and the rooms, once over all processes.
func (s *stepper) moveIn(ctx context.Context) error {
	var everybody []chat.UserID
	for _, name := range slices.Sorted(maps.Keys(s.replay.People)) {
		a := s.replay.People[name]
		u, err := s.world.Chat().Arrive(ctx, local.Arrival{Key: name, Handle: a.Handle, Name: name, Bot: a.Bot})
		if err != nil {
			return err
		}
		s.people[name] = u.ID
		everybody = append(everybody, u.ID)
	}
	slices.Sort(everybody)
	for _, name := range s.replay.Rooms {
		if err := s.openRoom(ctx, name, everybody); err != nil {
			return err
		}
	}
	return chattest.Settle(ctx, s.world, s)
}

// openRoom makes a room of everybody; one that the bot does not see is a conversation among them.
func (s *stepper) openRoom(ctx context.Context, name string, everybody []chat.UserID) (err error) {
	seen := slices.ContainsFunc(s.replay.Steps, func(t chattest.Step) bool { return t.Room == name && !t.Unseen })
	if seen {
		s.rooms[name], err = s.world.Chat().CreateRoom(ctx, everybody[0], local.Opening{Key: name, Name: name, Members: everybody[1:]})
	} else {
		s.rooms[name], err = s.world.Chat().Direct(ctx, everybody[0], everybody[1:]...)
	}
	return err
}

// recall takes over what the processes before this one posted.
func (s *stepper) recall(marks []mark) {
	for _, m := range marks {
		if id := s.replay.Steps[m.Step].ID; id != "" && m.Ref != (chat.Ref{}) {
			s.refs[id] = m.Ref
		}
	}
}

// step does one step and marks it. One that was acknowledged to another process is answered as it was then.
func (s *stepper) step(ctx context.Context, i int, before []mark) error {
	s.clock.Set(s.replay.Steps[i].At)
	done, err := s.act(ctx, i)
	if err != nil {
		return err
	}
	for _, m := range before {
		if m.Step == i && (m.Answer != done.Answer || m.Ref != done.Ref) {
			return fmt.Errorf("it was answered %q in %v, and once more %q in %v", m.Answer, m.Ref, done.Answer, done.Ref)
		}
	}
	if err := s.kept(ctx, s.replay.Steps[i]); err != nil {
		return err
	}
	if done.Heads, err = headsOf(ctx, s.store); err != nil {
		return err
	}
	if err := done.write(s.folder); err != nil {
		return err
	}
	if err := chattest.Settle(ctx, s.world, s); err != nil {
		return err
	}
	return mark{Step: i, Settled: true, Ref: done.Ref, Answer: done.Answer}.write(s.folder)
}

// act does one step and returns when the bot has acknowledged it.
func (s *stepper) act(ctx context.Context, i int) (mark, error) {
	step := s.replay.Steps[i]
	done, err := mark{Step: i}, error(nil)
	switch step.Kind {
	case chattest.StepCommand:
		done.Answer, err = s.ask(ctx, i, step)
	case chattest.StepReaction:
		err = s.world.React(ctx, s.people[step.From], s.refs[step.On], cmp.Or(emoji[step.Text], step.Text), !step.Removed)
	case chattest.StepEdit:
		err = s.world.Edit(ctx, s.author(step), s.refs[step.On], step.Text)
	case chattest.StepDelete:
		// Whoever deletes again what may be deleted already hears that it is gone.
		if err = s.world.Delete(ctx, s.author(step), s.refs[step.On]); errors.Is(err, chat.ErrGone) {
			err = nil
		}
	default:
		done.Ref, err = s.say(ctx, i, step)
		s.refs[step.ID] = done.Ref
	}
	if err != nil {
		return done, err
	}
	_, err = s.world.Idle(ctx)
	return done, err
}

// kept says whether a tag that was acknowledged lies on the disk. Where no incident is under way, none does.
func (s *stepper) kept(ctx context.Context, step chattest.Step) error {
	tag, tags := meaning[step.Text]
	if step.Kind != chattest.StepReaction || step.Removed || !tags {
		return nil
	}
	ref := s.refs[step.On]
	message := incident.MessageRef{Platform: string(ref.Platform), Channel: string(ref.Channel), Message: string(ref.Message)}
	return s.store.View(ctx, func(r storage.Reader) error {
		id, live := r.InRoom(incident.RoomID{Platform: message.Platform, Channel: message.Channel})
		if !live {
			return nil
		}
		in, err := r.Incident(id)
		if err == nil && !in.IsTagged(message, tag) {
			err = fmt.Errorf("%s was acknowledged and is not in the log", step.Text)
		}
		return err
	})
}

func (s *stepper) say(ctx context.Context, i int, step chattest.Step) (chat.Ref, error) {
	m := local.Saying{Key: fmt.Sprint("step ", i), By: s.author(step), To: s.rooms[step.Room], Text: step.Text}
	if step.Bridged {
		m.Alias = step.From
	}
	if step.Kind == chattest.StepAttachment {
		m.Files = []local.Attachment{{Name: step.File.Name, Language: step.File.Language, Contents: bytes.NewReader(step.File.Contents)}}
	}
	return s.world.Chat().Say(ctx, m)
}

func (s *stepper) ask(ctx context.Context, i int, step chattest.Step) (string, error) {
	typed := local.Typing{Key: fmt.Sprint("step ", i), By: s.people[step.From], To: s.rooms[step.Room], Line: step.Text}
	if ref, ok := s.refs[step.On]; ok {
		typed.On = &ref
	}
	answer, err := s.world.Chat().Type(ctx, typed)
	var texts []string
	for _, m := range answer.Messages {
		texts = append(texts, m.Content.Text.String())
	}
	return strings.Join(texts, "\n"), err
}

// author is the account that a message belongs to: the bridge's for what it carried.
func (s *stepper) author(step chattest.Step) chat.UserID {
	if step.Bridged {
		return s.world.Carrier()
	}
	return s.people[step.From]
}

// The words of replays for tags: as people set them, and what they mean.
var (
	emoji   = map[string]string{":pushpin:": "📌", ":paperclip:": "📎"}
	meaning = map[string]incident.Tag{":pushpin:": incident.TagTimeline, ":paperclip:": incident.TagSupporting}
)
