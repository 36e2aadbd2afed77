package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"boswell/chat"
	"boswell/storage"
)

// An attempt is one try to do an effect on a platform.
//
// What would show if it were done twice is in doubt from before the platform is asked until it says yes, says no, or shows
// that nothing is there. A failure on the way to one of these leaves the doubt as it was.
type attempt struct {
	*Bot
	p chat.Platform
	// owed is the effect. Begun says that some of it has happened, or may have.
	owed storage.Owed
	// looks says that an earlier attempt may have sent what comes next, and that it is to be looked for.
	looks bool
	// found says that an earlier attempt did send some of it.
	found bool
}

// attempt does an effect, which is marked in the store as begun before the platform hears of it where it could happen twice.
// The effect comes back as it stands after that, also with an error.
func (b *Bot) attempt(ctx context.Context, p chat.Platform, o storage.Owed) (result, storage.Owed, error) {
	o.Attempts++
	a := &attempt{Bot: b, p: p, owed: o, looks: o.Begun && mayLook(p, b.clock.Now().Sub(o.Born))}
	if traitOf(o.Effect).shows {
		o.Begun = true
		if err := b.putEffect(ctx, o); err != nil {
			return result{}, a.owed, chat.Temporary(err, 0)
		}
	}
	res, err := a.perform(ctx)
	return res, a.owed, err
}

// mayLook says that a platform is asked whether something of this age was sent: it does not take the same key for the same
// message any more.
func mayLook(p chat.Platform, age time.Duration) bool {
	within := p.Limits().Idempotent
	return within == 0 || within > 0 && age >= within
}

func (b *Bot) putEffect(ctx context.Context, o storage.Owed) error {
	_, err := b.store.Do(ctx, storage.Cause{Key: o.Key}, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{}, tx.PutEffect(o)
	})
	return err
}

// once sends the next message of the effect, unless an earlier attempt sent it. Messages are sent in their order, so behind
// one that is not there nothing has to be looked for.
func (a *attempt) once(find func() (chat.Ref, bool, error), send func() (chat.Ref, error)) (chat.Ref, error) {
	if a.looks {
		ref, found, err := find()
		if err != nil || found {
			a.found = a.found || found
			return ref, err
		}
		a.looks, a.owed.Begun = false, a.found
	}
	ref, err := send()
	a.owed.Begun = a.owed.Begun || err == nil || chat.AsFailure(err).InDoubt
	return ref, err
}

// post sends a message, in several parts where one cannot hold it, each under a key of its own. The first is the one that
// counts.
func (a *attempt) post(ctx context.Context, key string, to chat.Place, m chat.Message) (result, error) {
	var res result
	for i, part := range fit(a.p.Limits(), m) {
		partKey := key
		if i > 0 {
			partKey = fmt.Sprintf("%s/%d", key, i+1)
		}
		ref, err := a.once(
			func() (chat.Ref, bool, error) { return a.findPost(ctx, partKey, to, part) },
			func() (chat.Ref, error) { return a.p.Post(ctx, partKey, to, part) })
		if err != nil {
			return res, err
		}
		if i == 0 {
			res.ref = ref
		}
	}
	return res, nil
}

// find looks for a message by its key. Where nobody can look it is taken as not there: a doubled line is better than a missing one.
func (a *attempt) find(ctx context.Context, key string, to chat.Place) (chat.Ref, bool, error) {
	finder, ok := a.p.(chat.Finder)
	if !ok {
		return chat.Ref{}, false, nil
	}
	ref, found, err := finder.Find(ctx, key, to, a.owed.Born)
	return ref, found, a.unlessRefused(err)
}

// findPost looks for a message that says something.
func (a *attempt) findPost(ctx context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, bool, error) {
	finder, ok := a.p.(chat.PostFinder)
	if !ok {
		return a.find(ctx, key, to)
	}
	ref, found, err := finder.FindPost(ctx, key, to, m, a.owed.Born)
	return ref, found, a.unlessRefused(err)
}

// findUpload looks for a file.
func (a *attempt) findUpload(ctx context.Context, e chat.Upload, contents string) (chat.Ref, bool, error) {
	finder, ok := a.p.(chat.UploadFinder)
	if !ok {
		return a.find(ctx, a.owed.Key, e.To.Place)
	}
	ref, found, err := finder.FindUpload(ctx, a.owed.Key, e.To.Place, e, strings.NewReader(contents), int64(len(contents)), a.owed.Born)
	return ref, found, a.unlessRefused(err)
}

// unlessRefused is an error after which looking again may help. One that says that nobody may look is logged, no more.
func (a *attempt) unlessRefused(err error) error {
	if err == nil || chat.AsFailure(err).Temporary {
		return err
	}
	a.log.Warn().Err(err).Str("effect", a.owed.Key).Str("platform", string(a.owed.Platform)).Msg("could not look whether it was sent; it is sent again")
	return nil
}
