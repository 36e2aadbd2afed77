package slack

import (
	"context"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// homeParts are the parts of the home page: each is the answer to a command, as the person who looks may see it.
var homeParts = []struct{ title, command string }{{"Incidents", "list"}, {"Waiting for you", "mine"}}

// partMost is how many blocks one of them may have: the page may have a hundred.
const partMost = 49

// homeOpened fills the home page of the app.
func (d *delivery) homeOpened(ctx context.Context, e *wireEvent) error {
	if e.Tab != "home" {
		return nil
	}
	from, err := d.account(ctx, string(e.User))
	if err != nil && d.again() {
		return err
	}
	var page []slack.Block
	for _, part := range homeParts {
		in := chat.Invoked{Meta: d.meta(string(e.Channel), e.EventTS), Line: part.command}
		in.Delivery += chat.DeliveryID("/" + part.command)
		in.Direct, in.From = true, from
		reply, err := d.h(ctx, in)
		if err != nil {
			return err
		}
		page = append(page, partBlocks(part.title, reply)...)
	}
	defer d.carrySoon()()
	if err := d.p.publish(ctx, string(e.User), page); err != nil {
		d.p.log.Warn().Err(err).Msg("could not show the home page")
	}
	return nil
}

func partBlocks(title string, r chat.Reply) []slack.Block {
	part := []slack.Block{slack.NewHeaderBlock(label(title, titleMost))}
	for _, m := range append([]chat.Message{r.Message}, r.More...) {
		part = append(part, blocks(m)...)
	}
	return part[:min(len(part), partMost)]
}

// publish shows a home page to one person.
func (p *Platform) publish(ctx context.Context, user string, page []slack.Block) error {
	hint := chat.Message{Text: chat.Say("Type ").Code("/" + slashCommand + " help").Plain(" in any channel to see what I can do.")}
	page = append(page, blocks(hint)...)
	_, err := p.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user,
		View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: page}}})
	return p.sorted("show the home page", err)
}
