package bot

import (
	"time"

	"boswell/chat"
)

// A trait is what the outbox has to know of a kind of effect.
type trait struct {
	// patience is how long a platform may take over it before its answer is no longer waited for.
	patience time.Duration
	// sort is which of the shares of its platform it takes from.
	sort sort
	// shows says that doing it twice would show. The others are simply repeated.
	shows bool
	// makes says that it makes a room or a message, or opens a room again, where others can go.
	makes bool
}

// traits are those of all kinds of effects.
var traits = map[string]trait{
	"post":      {patience: time.Minute, sort: says, shows: true, makes: true},
	"tell":      {patience: time.Minute, sort: says, shows: true, makes: true},
	"remind":    {patience: time.Minute, sort: says, shows: true, makes: true},
	"upload":    {patience: 10 * time.Minute, sort: says, shows: true, makes: true},
	"edit":      {patience: time.Minute, sort: says},
	"react":     {patience: time.Minute, sort: says},
	"pin":       {patience: time.Minute, sort: says},
	"bookmark":  {patience: time.Minute, sort: says},
	"set_topic": {patience: time.Minute, sort: says},
	"invite":    {patience: time.Minute, sort: says},
	"make_room": {patience: time.Minute, sort: says, makes: true},
	"archive":   {patience: time.Minute, sort: says, makes: true},
	"look_up":   {patience: time.Minute, sort: looks},
	"keep":      {patience: 10 * time.Minute, sort: reads},
	"catch_up":  {patience: 10 * time.Minute, sort: reads},
}

// traitOf is that of an effect. Of one that this version does not know only so much is certain, that others may wait for it.
func traitOf(e chat.Effect) trait {
	if t, known := traits[chat.EffectKind(e)]; known {
		return t
	}
	return trait{patience: time.Minute, makes: true}
}
