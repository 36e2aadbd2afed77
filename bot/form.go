package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
)

// A form whose state is too long for its platform carries a key instead, under which the store keeps the state: a form that was
// opened before the program started again can be sent afterwards.
const (
	keptForm = "form/"
	formFor  = 7 * 24 * time.Hour
)

// form asks for what a command still needs.
func (b *Bot) form(ctx context.Context, p chat.Platform, q question) (chat.Reply, error) {
	l := p.Limits()
	form := commands.FormFor(q.parsed, l.Slash)
	if l.State == 0 || len(form.Action)+len(form.State) <= l.State || !canOpen(p, q.meta) {
		return chat.Reply{Form: &form}, nil
	}
	sum := sha256.Sum256([]byte(key(p.ID(), q.meta.Delivery)))
	state, kept := form.State, keptForm+hex.EncodeToString(sum[:16])
	form.State = kept
	cause := storage.Cause{Key: key(p.ID(), q.meta.Delivery), Once: true, By: personID(p.ID(), q.meta.From)}
	out, err := b.store.Do(ctx, cause, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{Reply: chat.Reply{Form: &form}}, tx.PutValue(kept, []byte(state), tx.Now().Add(formFor))
	})
	return out.Reply, err
}

// formState is the state that a form had when it was made.
func (b *Bot) formState(ctx context.Context, state string) (string, error) {
	if !strings.HasPrefix(state, keptForm) {
		return state, nil
	}
	var kept []byte
	err := b.store.View(ctx, func(r storage.Reader) error {
		value, there := r.Value(state)
		if !there {
			return incident.Refuse("That form is too old to be sent. Type the command again.")
		}
		kept = value
		return nil
	})
	return string(kept), err
}
