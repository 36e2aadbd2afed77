package rocketchat

import (
	"context"
	"fmt"
	"strings"
	"time"

	"boswell/chat"
)

// commandFresh is how old a message may be that is run as a command: something happens to older ones, too, and they are not
// to be run for that.
const commandFresh = time.Minute

// slashWord is what people write where the server lets unknown slash commands through as messages.
const slashWord = "/incident"

// invisible are the characters that the bot breaks up texts with. People paste what it showed them.
var invisible = strings.NewReplacer("\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "")

// command runs what a message asks for that was just said. One that was misspelt may be corrected within a minute. It says
// whether that was taken.
func (r *running) command(m *message) bool {
	return m.Updated.Sub(m.Said.Time) > commandFresh || r.obey(m)
}

// obey runs what a message asks for, if it is a command and was not run before. It says whether that was taken.
func (r *running) obey(m *message) bool {
	if m.Sender.ID == r.p.knownSelf() || strings.TrimSpace(m.Alias.v) != "" || len(m.Bot.v) > 0 {
		return true
	}
	known, _ := r.p.rooms.get(m.Room)
	text, links := quoted(m.Text)
	line, ok := r.p.addressed(text, known.alone())
	if ran, _ := r.p.ran.get(m.ID); !ok || ran {
		return true
	}
	in := chat.Invoked{Meta: r.meta(m.Room, "command/"+m.ID, m.Said.Time), Line: line, On: r.p.about(m, links)}
	in.Place.Thread = chat.ThreadID(m.Thread)
	if in.From = r.p.person(r.ctx, m.Sender); in.From.Bot {
		return true
	}
	for _, who := range m.Mentions.v {
		if who.ID != r.p.knownSelf() && who.person() {
			in.Mentions = append(in.Mentions, r.p.person(r.ctx, who))
		}
	}
	reply, taken := r.deliver(in)
	if !taken {
		return false
	}
	r.p.ran.put(m.ID, true)
	r.p.answer(context.WithoutCancel(r.ctx), in, m, reply)
	return true
}

// person says that a mention is one of somebody, and not of many.
func (a account) person() bool {
	return a.ID != "" && a.ID != "all" && a.ID != "here" && a.Username != "" && a.Type != "team"
}

// addressed takes what the bot is called off the beginning of a line. In a direct message nothing needs to be there.
func (p *Platform) addressed(text string, direct bool) (line string, ok bool) {
	text = strings.TrimSpace(invisible.Replace(text))
	for _, name := range []string{p.cfg.Prefix, slashWord, "@" + p.known().self.Username} {
		if len(name) < 2 || len(text) < len(name) || !strings.EqualFold(text[:len(name)], name) {
			continue
		}
		rest := strings.TrimLeft(text[len(name):], ":,")
		if rest == "" || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n' {
			return strings.TrimSpace(rest), true
		}
	}
	return text, direct && text != ""
}

// about is the message that a command is about: the one that it quotes, else the first one of its thread.
func (p *Platform) about(m *message, links []string) *chat.Ref {
	for _, link := range links {
		if ref, ok := p.ParseLink(link); ok {
			return &ref
		}
	}
	if m.Thread == "" {
		return nil
	}
	ref := p.ref(m.Room, m.Thread)
	return &ref
}

// answer shows the answer to a command that was typed. An answer may be lost: that it could not be shown is logged, and what
// was decided stays. Where it was meant for one person who takes no direct messages, it goes into a thread below the command.
func (p *Platform) answer(ctx context.Context, in chat.Invoked, m *message, reply chat.Reply) {
	if reply.IsZero() {
		return
	}
	to := in.Place
	if shut, _ := p.shut.get(in.From.ID); shut && to.Thread == "" && !in.Direct && p.known().is(setThreads, true) {
		to.Thread = chat.ThreadID(m.ID)
	}
	for i, part := range append([]chat.Message{reply.Message}, reply.More...) {
		err := error(nil)
		if reply.Public || in.Direct {
			_, err = p.Post(ctx, fmt.Sprintf("answer/%s/%d", in.Delivery, i), to, part)
		} else {
			err = p.whisper(ctx, to, in.From.ID, part)
		}
		if err != nil {
			p.log.Warn().Err(err).Str("delivery", string(in.Delivery)).Msg("a command could not be answered")
			return
		}
	}
}
