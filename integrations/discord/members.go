package discord

import (
	"context"
	"time"

	"boswell/chat"
)

// A membership is whether somebody belonged to a served server when it was last asked, and until when that counts.
type membership struct {
	in    bool
	until time.Time
}

// memberFor is how long an answer about a membership counts.
const memberFor = time.Minute

const (
	errStranger   = "I listen to the members of the servers that I serve, and you are in none of them. Nothing was done. Ask somebody there to invite you."
	errWhoAreYou  = "I could not find out whether you are in a server that I serve, since Discord does not answer. Nothing was done. Try again in a minute."
	guildsPerPage = 200
)

// inquire hands over what somebody asks, and returns the answer. Whoever shares any server with the bot can write to it
// directly, and anybody may invite it into a server of their own: in a direct message only members of served servers are
// listened to.
func (r *running) inquire(in chat.Inbound) chat.Reply {
	if meta := in.Origin(); meta.Direct {
		switch belongs, err := r.p.belongs(r.ctx, string(meta.From.ID)); {
		case err != nil:
			r.p.log.Warn().Err(err).Str("delivery", string(meta.Delivery)).Msg("could not find out whether somebody is a member")
			return chat.Reply{Message: chat.Message{Text: chat.Say(errWhoAreYou)}, Refused: true}
		case !belongs:
			return chat.Reply{Message: chat.Message{Text: chat.Say(errStranger)}, Refused: true}
		}
	}
	return r.deliver(in)
}

// belongs says that somebody is a member of a server that is served. The error says that it is not known.
func (p *Platform) belongs(ctx context.Context, user string) (bool, error) {
	if known, ok := p.members.get(user); ok && p.o.Now().Before(known.until) {
		return known.in, nil
	}
	servers, err := p.servers(ctx)
	if err != nil {
		return false, err
	}
	found := false
	for _, id := range servers {
		err := p.rest.get(ctx, "/guilds/"+id+"/members/"+user, nil)
		if found = err == nil; found {
			break
		}
		if chat.AsFailure(err).Temporary {
			return false, err
		}
	}
	p.members.put(user, membership{in: found, until: p.o.Now().Add(memberFor)})
	return found, nil
}

// servers are those that are served: as configured, else all that the bot is in.
func (p *Platform) servers(ctx context.Context) ([]string, error) {
	if len(p.cfg.Servers) > 0 {
		return p.cfg.Servers, nil
	}
	var all []string
	for path := "/users/@me/guilds"; ; {
		var page []guild
		if err := p.rest.get(ctx, path, &page); err != nil {
			return nil, err
		}
		for _, g := range page {
			all = append(all, g.ID)
		}
		if len(page) < guildsPerPage {
			return all, nil
		}
		path = "/users/@me/guilds?after=" + all[len(all)-1]
	}
}
