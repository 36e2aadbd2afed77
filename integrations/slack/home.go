package slack

import (
	"context"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// homeOpened fills the home page of the app: the list of incidents, as the person who looks may see it.
func (d *delivery) homeOpened(ctx context.Context, e *wireEvent) error {
	if e.Tab != "home" {
		return nil
	}
	in := chat.Invoked{Meta: d.meta(string(e.Channel), e.EventTS), Line: "list"}
	in.Direct = true
	u, err := d.account(ctx, string(e.User))
	if err != nil {
		return err
	}
	in.From = u
	reply, err := d.h(ctx, in)
	if err != nil {
		return err
	}
	if err := d.p.publish(ctx, string(e.User), reply); err != nil {
		d.p.log.Warn().Err(err).Msg("could not show the home page")
	}
	return nil
}

// homeMost is how many blocks a home page may have.
const homeMost = 100

// publish shows a home page to one person.
func (p *Platform) publish(ctx context.Context, user string, r chat.Reply) error {
	all := []slack.Block{slack.NewHeaderBlock(label("Incidents", titleMost))}
	for _, m := range append([]chat.Message{r.Message}, r.More...) {
		all = append(all, blocks(m)...)
	}
	hint := chat.Message{Text: chat.Say("Type ").Code("/" + slashCommand + " help").Plain(" in any channel to see what I can do.")}
	all = append(all[:min(len(all), homeMost-1)], blocks(hint)...)
	_, err := p.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user,
		View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: all}}})
	return p.sorted("show the home page", err)
}
