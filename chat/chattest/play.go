package chattest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"boswell/chat"
)

// A Bot is the program that a replay is played into, already running on the World's platform.
type Bot interface {
	// Settle waits until every delivery that the bot was given is handled and nothing that is due is owed to the chat. It
	// waits for no time to pass.
	Settle(ctx context.Context) error
}

// Options say how a replay is played. The zero value plays it as it stands.
type Options struct {
	// Twice makes every delivery twice. The World is a Redeliverer.
	Twice bool
	// Shuffle lets what happens between two commands arrive in any order. The World is a Shuffler.
	Shuffle *rand.Rand
	// Between runs before each step, counted from 0, while the bot is settled: the place to restart it, or to cut it off.
	Between func(ctx context.Context, step int) error
	// OnStep hears how many steps of how many are done.
	OnStep func(done, total int)
	// Export are styles that are asked for after the last step, where the last command was given.
	Export []string
}

// A Result is what the bot did with a replay.
type Result struct {
	// Answers are those to the commands of the steps, in order.
	Answers []Answered
	// Exports are the files that came out of `export`, by style; a style without a file is in Refused, with the answer.
	Exports map[string]File
	Refused map[string]string
	// Rooms, People and Messages are what the names in the replay stand for.
	Rooms    map[string]chat.Place
	People   map[string]chat.UserID
	Messages map[string]chat.Ref
}

// Answered is a command with its answer.
type Answered struct {
	Step   int // from 0
	Line   string
	Answer Answer
}

// Play plays r into w, where nobody has been yet, and says what came of it. Each step is done by its person with the clock at
// its time, and the next begins when the World is idle and the bot has settled. A command that the bot refuses is no
// error: its answer tells. An error names the step.
func Play(ctx context.Context, w World, bot Bot, r *Replay, o Options) (*Result, error) {
	p := &player{w: w, bot: bot, r: r, o: o, res: &Result{Exports: map[string]File{}, Refused: map[string]string{},
		Rooms: map[string]chat.Place{}, People: map[string]chat.UserID{}, Messages: map[string]chat.Ref{}}}
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	for i := range r.Steps {
		if err := p.step(ctx, i); err != nil {
			return nil, fmt.Errorf("step %d (%s of %s at %s): %w", i+1, r.Steps[i].Kind, r.Steps[i].From,
				r.Steps[i].At.Format("2006-01-02 15:04:05"), err)
		}
		if o.OnStep != nil {
			o.OnStep(i+1, len(r.Steps))
		}
	}
	return p.res, p.finish(ctx)
}

// A player is one replay under way.
type player struct {
	w    World
	bot  Bot
	r    *Replay
	o    Options
	res  *Result
	last Step // the last command
}

func (p *player) prepare(ctx context.Context) error {
	if len(p.r.Steps) == 0 {
		return fmt.Errorf("the replay %s has no steps", p.r.Slug)
	}
	p.w.Clock().Set(p.r.Steps[0].At)
	if err := p.misbehave(); err != nil {
		return err
	}
	if err := p.addPeople(ctx); err != nil {
		return err
	}
	for _, name := range p.r.Rooms {
		if err := p.addRoom(ctx, name); err != nil {
			return fmt.Errorf("room %s: %w", name, err)
		}
	}
	return p.settle(ctx)
}

// misbehave turns on what the options ask of the World.
func (p *player) misbehave() error {
	if p.o.Twice {
		w, ok := p.w.(Redeliverer)
		if !ok {
			return fmt.Errorf("this %T cannot deliver twice", p.w)
		}
		w.Redeliver(true)
	}
	if _, ok := p.w.(Shuffler); p.o.Shuffle != nil && !ok {
		return fmt.Errorf("this %T cannot shuffle", p.w)
	}
	return nil
}

func (p *player) addPeople(ctx context.Context) error {
	names := make([]string, 0, len(p.r.People))
	for name := range p.r.People {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		a := p.r.People[name]
		u, err := p.w.AddPerson(ctx, Person{Handle: a.Handle, Name: name, Bot: a.Bot})
		if err != nil {
			return fmt.Errorf("person %s: %w", name, err)
		}
		p.res.People[name] = u.ID
	}
	return nil
}

func (p *player) addRoom(ctx context.Context, name string) error {
	room := Room{Name: strings.TrimPrefix(name, "#"), Unseen: true}
	for _, s := range p.r.Steps {
		if s.Room == name && !s.Unseen {
			room.Unseen = false
		}
	}
	room.Private = room.Unseen
	for _, id := range p.res.People {
		room.Members = append(room.Members, id)
	}
	slices.Sort(room.Members)
	place, err := p.w.AddRoom(ctx, room)
	p.res.Rooms[name] = place
	return err
}

// step does one step and waits for what comes of it.
func (p *player) step(ctx context.Context, i int) error {
	s := p.r.Steps[i]
	if p.o.Between != nil {
		if err := p.o.Between(ctx, i); err != nil {
			return err
		}
	}
	p.w.Clock().Set(s.At)
	if s.Kind == StepCommand {
		return p.command(ctx, i, s)
	}
	if shuffler, ok := p.w.(Shuffler); ok && p.o.Shuffle != nil {
		shuffler.Hold()
	}
	if err := p.act(ctx, s); err != nil {
		return err
	}
	return p.settle(ctx)
}

// act does a step that is no command.
func (p *player) act(ctx context.Context, s Step) error {
	by, on := p.res.People[s.From], p.res.Messages[s.On]
	switch s.Kind {
	case StepReaction:
		return p.w.React(ctx, by, on, emoji(s.Text), !s.Removed)
	case StepDelete:
		return p.w.Delete(ctx, p.author(by, s), on)
	case StepEdit:
		return p.w.Edit(ctx, p.author(by, s), on, s.Text)
	}
	ref, err := p.say(ctx, by, s)
	p.res.Messages[s.ID] = ref
	return err
}

func (p *player) say(ctx context.Context, by chat.UserID, s Step) (chat.Ref, error) {
	room := p.res.Rooms[s.Room]
	switch {
	case s.Bridged:
		bridge, ok := p.w.(Bridge)
		if !ok {
			return chat.Ref{}, fmt.Errorf("this %T has no bridge", p.w)
		}
		return bridge.SayAs(ctx, s.From, room, s.Text)
	case s.Kind == StepAttachment:
		attacher, ok := p.w.(Attacher)
		if !ok {
			return chat.Ref{}, fmt.Errorf("this %T takes no files", p.w)
		}
		return attacher.Attach(ctx, by, room, s.Text, s.File)
	default:
		return p.w.Say(ctx, by, room, s.Text)
	}
}

// author is the account that a message belongs to: the bridge's for what it carried.
func (p *player) author(by chat.UserID, s Step) chat.UserID {
	if bridge, ok := p.w.(Bridge); ok && s.Bridged {
		return bridge.Carrier()
	}
	return by
}

// command gives the bot a command, after everything that happened before it has arrived.
func (p *player) command(ctx context.Context, i int, s Step) error {
	if err := p.release(ctx); err != nil {
		return err
	}
	answer, err := p.ask(ctx, s)
	p.res.Answers = append(p.res.Answers, Answered{Step: i, Line: s.Text, Answer: answer})
	p.last = s
	return err
}

// ask types a command, waits for what comes of it, and takes the file if it was an export.
func (p *player) ask(ctx context.Context, s Step) (Answer, error) {
	room := p.res.Rooms[s.Room]
	style, export := exported(s.Text)
	before, err := p.files(ctx, room, export)
	if err != nil {
		return Answer{}, err
	}
	var on *chat.Ref
	if ref, ok := p.res.Messages[s.On]; ok {
		on = &ref
	}
	answer, err := p.w.Type(ctx, p.res.People[s.From], room, s.Text, on)
	if err != nil {
		return Answer{}, fmt.Errorf("%s %s: %w", command, s.Text, err)
	}
	if err := p.settle(ctx); err != nil {
		return answer, err
	}
	after, err := p.files(ctx, room, export)
	if export && len(after) > len(before) {
		p.res.Exports[style] = after[len(after)-1]
	} else if export {
		p.res.Refused[style] = answer.Text()
	}
	return answer, err
}

// files are those that bots have posted in a room, oldest first; none where nobody wants to know.
func (p *player) files(ctx context.Context, room chat.Place, wanted bool) ([]File, error) {
	if !wanted {
		return nil, nil
	}
	messages, err := p.w.Messages(ctx, room)
	var files []File
	for _, m := range messages {
		if m.From.Bot {
			files = append(files, m.Files...)
		}
	}
	return files, err
}

// exported is the style that a command asks for, if it is an export.
func exported(line string) (style string, ok bool) {
	words := strings.Fields(line)
	if len(words) != 2 || words[0] != "export" {
		return "", false
	}
	return words[1], true
}

func (p *player) finish(ctx context.Context) error {
	if err := p.release(ctx); err != nil {
		return err
	}
	for _, style := range p.o.Export {
		s := p.last
		s.Text, s.On = "export "+style, ""
		if _, err := p.ask(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// release lets go what a shuffling World kept back.
func (p *player) release(ctx context.Context) error {
	shuffler, ok := p.w.(Shuffler)
	if !ok || p.o.Shuffle == nil {
		return nil
	}
	if err := shuffler.Release(ctx, p.o.Shuffle); err != nil {
		return err
	}
	return p.settle(ctx)
}

func (p *player) settle(ctx context.Context) error { return Settle(ctx, p.w, p.bot) }

// Settle waits until neither the World nor the bot has anything left to do: what the bot does makes the World deliver, and
// what is delivered makes the bot do.
func Settle(ctx context.Context, w World, bot Bot) error {
	before, err := w.Idle(ctx)
	for err == nil {
		if err = bot.Settle(ctx); err != nil {
			return err
		}
		var after uint64
		if after, err = w.Idle(ctx); after == before {
			return err
		}
		before = after
	}
	return err
}

// emoji is the character that a replay's word for a tag stands for. Other reactions are passed on as they are written.
func emoji(word string) string {
	switch word {
	case ":pushpin:":
		return "📌"
	case ":paperclip:":
		return "📎"
	default:
		return word
	}
}
