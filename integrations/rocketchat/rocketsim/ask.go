package rocketsim

import (
	"context"
	"errors"
	"strings"

	"boswell/chat"
	"boswell/chat/chattest"
)

// errNobody is what somebody finds who gives a command while the bot is cut off: no answer comes.
var errNobody = errors.New("nobody answers: the bot is away")

// Type gives the bot a command, as a line that everybody in the room sees; in a conversation with the bot, without the word
// in front. A message that it is called on is named by its link, as people do, where the line says from:message; otherwise
// the command is given in the thread of that message.
func (w *World) Type(ctx context.Context, by chat.UserID, to chat.Place, line string, on *chat.Ref) (chattest.Answer, error) {
	switch {
	case on != nil && strings.Contains(line, "from:message"):
		line = strings.Replace(line, "from:message", "from:"+w.LinkTo(*on), 1)
	case on != nil:
		to = w.thread(*on)
	}
	w.mu.Lock()
	r, prefix := w.rooms[string(to.Channel)], w.o.Prefix+" "
	w.mu.Unlock()
	if r != nil && r.kind == "d" {
		prefix = ""
	}
	return w.Tell(ctx, by, to, prefix+line)
}

// Tell writes a line to which the bot answers, as it stands, and waits for the answer. Where the connection breaks over it,
// the bot finds the line when it comes back.
func (w *World) Tell(ctx context.Context, by chat.UserID, to chat.Place, line string) (chattest.Answer, error) {
	if err := w.listened(ctx); err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	before := w.counts()
	m, err := w.post(by, to, &message{text: line}, true)
	w.mu.Unlock()
	if err != nil {
		return chattest.Answer{}, err
	}
	if _, err := w.idle(ctx); err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answerTo(m, before), nil
}

// listened waits until the bot has been told what was kept back, and is there to hear more, unless it is cut off.
func (w *World) listened(ctx context.Context) error {
	w.mu.Lock()
	cut := w.hub.cut || w.down
	if w.hub.folding {
		w.hub.release(nil)
	}
	w.mu.Unlock()
	if cut {
		return errNobody
	}
	_, err := w.idle(ctx)
	return err
}

// counts are how many messages each room has.
func (w *World) counts() map[*room]int {
	n := map[*room]int{}
	for _, r := range w.order {
		n[r] = len(r.messages)
	}
	return n
}

// answerTo is what the bot said to somebody since: in the thread of the command, between the two alone, else in the room.
func (w *World) answerTo(m *message, before map[*room]int) chattest.Answer {
	in := func(r *room, thread string) *message {
		for _, x := range r.messages[min(before[r], len(r.messages)):] {
			if x.by.id == BotID && x.kind == "" && !x.gone && x.file == nil && (thread == "" || x.thread == thread) {
				return x
			}
		}
		return nil
	}
	if x := in(m.in, m.id); x != nil {
		return chattest.Answer{Message: w.look(x), Public: true}
	}
	for _, r := range w.order {
		if r.kind == "d" && r.has(m.by.id) && r.has(BotID) {
			if x := in(r, ""); x != nil {
				return chattest.Answer{Message: w.look(x)}
			}
		}
	}
	if x := in(m.in, ""); x != nil {
		return chattest.Answer{Message: w.look(x), Public: true}
	}
	return chattest.Answer{}
}

// Alone is the conversation of somebody with the bot.
func (w *World) Alone(who chat.UserID) chat.Place {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.place(w.direct(w.users[string(who)], w.users[BotID]), "")
}
