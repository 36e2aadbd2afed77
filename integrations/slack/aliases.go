package slack

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// aliases remembers which of the workspace's own emoji stand for another one.
type aliases struct {
	mu      sync.Mutex
	of      map[string]string // name -> the name that it stands for
	read    time.Time         // zero is never, or out of date
	changes int               // that were heard of
}

// followMost is how many aliases of aliases are followed: Slack allows them, and does not say that they end.
const followMost = 8

// emoji is the character that the name of a reaction stands for, like emojiOf; of a name of the workspace's own that is
// another one's alias, what that one stands for. With an error it is the name itself.
func (p *Platform) emoji(ctx context.Context, name string) (string, error) {
	found := emojiOf(name)
	if !strings.HasPrefix(found, ":") {
		return found, nil
	}
	known, err := p.knownAliases(ctx)
	name = strings.Trim(found, ":")
	for range followMost {
		target, is := known[name]
		if !is {
			break
		}
		name = target
	}
	return emojiOf(name), err
}

// knownAliases are the aliases of the workspace. Where Slack refuses to tell them, there are none.
func (p *Platform) knownAliases(ctx context.Context) (map[string]string, error) {
	p.aliases.mu.Lock()
	of, changes := p.aliases.of, p.aliases.changes
	fresh := !p.aliases.read.IsZero() && p.o.Now().Sub(p.aliases.read) < remembered
	p.aliases.mu.Unlock()
	if fresh {
		return of, nil
	}
	all, err := p.api.GetEmojiContext(ctx)
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) && refused.Err != "ratelimited" {
		p.log.Warn().Err(err).Msg("Slack does not tell which emoji are aliases; they are taken by their own names")
	} else if err != nil {
		return of, p.sorted("read the emoji of the workspace", err)
	}
	of = map[string]string{}
	for name, value := range all {
		if target, is := strings.CutPrefix(value, "alias:"); is {
			of[name] = target
		}
	}
	p.aliases.mu.Lock()
	defer p.aliases.mu.Unlock()
	if p.aliases.of = of; p.aliases.changes == changes {
		p.aliases.read = p.o.Now()
	}
	return of, nil
}

// emojiChanged reads the aliases anew when they are needed next.
func (d *delivery) emojiChanged(context.Context, *wireEvent) error {
	d.p.aliases.mu.Lock()
	defer d.p.aliases.mu.Unlock()
	d.p.aliases.read = time.Time{}
	d.p.aliases.changes++
	return nil
}
