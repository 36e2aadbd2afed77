package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
)

// errBroke is all that people hear of an error that is not for them.
const errBroke = "Something broke on my side. Nothing was changed."

// errFull is what people hear when the disk is full.
const errFull = "The disk is full, so I cannot save anything. Nothing was changed; it works again once there is room."

// handler takes what arrives from one platform. What it returns nil for is on disk.
func (b *Bot) handler(p chat.Platform) chat.Handler {
	return func(ctx context.Context, in chat.Inbound) (reply chat.Reply, err error) {
		b.busy.add()
		defer b.busy.done()
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
			if err != nil {
				reply, err = b.fail(p, in, reply, err)
			}
		}()
		if _, back := in.(chat.Online); !back { // what came before it was not heard
			b.heard.note(p.ID(), b.clock.Now())
		}
		reply, err = b.take(ctx, p, in)
		if err != nil {
			return reply, err
		}
		return b.answer(ctx, p, in, reply)
	}
}

// take hands an Inbound to what it is for.
func (b *Bot) take(ctx context.Context, p chat.Platform, in chat.Inbound) (chat.Reply, error) {
	switch in := in.(type) {
	case chat.Said:
		return chat.Reply{}, b.said(ctx, in)
	case chat.Unsaid:
		return chat.Reply{}, b.unsaid(ctx, in)
	case chat.Reacted:
		return chat.Reply{}, b.reacted(ctx, in)
	case chat.Pinned:
		return chat.Reply{}, b.pinned(ctx, in)
	case chat.Shortcut:
		return b.shortcut(ctx, p, in)
	case chat.Invoked:
		return b.invoked(ctx, p, in)
	case chat.Pressed:
		return b.pressed(ctx, p, in)
	case chat.Submitted:
		return b.submitted(ctx, p, in)
	case chat.Suggest:
		return b.suggest(ctx, p, in)
	case chat.Gone:
		return chat.Reply{}, b.gone(ctx, in)
	case chat.Online:
		return chat.Reply{}, b.online(ctx, in)
	case chat.Joined:
		return chat.Reply{}, b.back(ctx, in)
	default:
		return chat.Reply{}, nil
	}
}

// fail sorts an error: what is for people becomes the answer, as confidential as the reply beside it; the rest is logged, and
// returned where the platform should deliver again.
func (b *Bot) fail(p chat.Platform, in chat.Inbound, beside chat.Reply, err error) (chat.Reply, error) {
	meta := in.Origin()
	var refusal incident.Refusal
	if errors.As(err, &refusal) {
		reply := refusedReply(err, chat.Typed(refusal.Text))
		reply.Confidential = beside.Confidential
		return b.answer(context.Background(), p, in, reply)
	}
	b.log.Error().Err(err).Str("platform", string(p.ID())).Str("delivery", string(meta.Delivery)).
		Str("channel", string(meta.Place.Channel)).Msg("could not handle a delivery")
	if !asks(in) {
		return chat.Reply{}, err
	}
	text := errBroke
	if errors.Is(err, storage.ErrFull) {
		text = errFull
	}
	return refusedReply(err, chat.Say(text)), nil
}

// refusedReply says that nothing was done, and which argument is to blame, if one is.
func refusedReply(err error, t chat.Text) chat.Reply {
	reply := chat.Reply{Message: chat.Message{Text: t}, Refused: true}
	var misfit commands.Misfit
	if errors.As(err, &misfit) {
		reply.Field = misfit.Field
	}
	return reply
}

// asks says that somebody waits for an answer: they hear of a failure and decide themselves. Anything else is to be
// delivered again.
func asks(in chat.Inbound) bool {
	switch in.(type) {
	case chat.Invoked, chat.Pressed, chat.Submitted, chat.Suggest, chat.Shortcut:
		return true
	default:
		return false
	}
}

// key names a delivery over all platforms.
func key(p chat.PlatformID, d chat.DeliveryID) string { return string(p) + "/" + string(d) }
