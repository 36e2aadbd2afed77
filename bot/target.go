package bot

import "boswell/chat"

// targetOf is where an effect goes; the zero Target is nowhere in particular.
func targetOf(e chat.Effect) chat.Target {
	switch e := e.(type) {
	case chat.Post:
		return e.To
	case chat.Edit:
		return e.On
	case chat.Pin:
		return e.On
	case chat.Invite:
		return e.To
	case chat.SetTopic:
		return e.To
	case chat.Archive:
		return e.To
	case chat.Bookmark:
		return e.To
	case chat.Upload:
		return e.To
	case chat.Remind:
		return e.To
	case chat.Tell:
		return chat.Target{Place: e.Near}
	case chat.React:
		return chat.Target{Ref: e.On}
	case chat.LookUp:
		return chat.Target{Ref: e.Message}
	case chat.Keep:
		return chat.Target{Ref: e.Message}
	case chat.CatchUp:
		return chat.Target{Place: e.Room}
	default:
		return chat.Target{}
	}
}

// aimed is an effect whose target is known now.
func aimed(e chat.Effect, t chat.Target) chat.Effect {
	switch e := e.(type) {
	case chat.Post:
		e.To = t
		return e
	case chat.Edit:
		e.On = t
		return e
	case chat.Pin:
		e.On = t
		return e
	case chat.Invite:
		e.To = t
		return e
	case chat.SetTopic:
		e.To = t
		return e
	case chat.Archive:
		e.To = t
		return e
	case chat.Bookmark:
		e.To = t
		return e
	case chat.Upload:
		e.To = t
		return e
	case chat.Remind:
		e.To = t
		return e
	default:
		return e
	}
}
