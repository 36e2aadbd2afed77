package chat

// A Target is where an effect goes: a place or message that is known, or the result of another effect, for which it waits
// and with which it is dropped.
type Target struct {
	Place Place    `json:"place,omitzero"`
	Ref   Ref      `json:"ref,omitzero"`
	Of    EffectID `json:"of,omitempty"`
}

// Room is the room that t names, be it by a place or by a message there; the zero Place where it is not known yet.
func (t Target) Room() Place {
	if t.Place != (Place{}) {
		return t.Place.Room()
	}
	return Place{Platform: t.Ref.Platform, Channel: t.Ref.Channel}
}

// TargetOf is where an effect goes; the zero Target is nowhere in particular.
func TargetOf(e Effect) Target { return e.target() }

// Aimed is an effect that waited for the result of another, now that this is there. One that waits for nothing stays as it is.
func Aimed(e Effect, at Target) Effect { return e.aimed(at) }

func (e Post) target() Target     { return e.To }
func (e Upload) target() Target   { return e.To }
func (e Remind) target() Target   { return e.To }
func (e Invite) target() Target   { return e.To }
func (e SetTopic) target() Target { return e.To }
func (e Archive) target() Target  { return e.To }
func (e Bookmark) target() Target { return e.To }
func (e Edit) target() Target     { return e.On }
func (e Pin) target() Target      { return e.On }
func (e Tell) target() Target     { return Target{Place: e.Near} }
func (e React) target() Target    { return Target{Ref: e.On} }
func (e LookUp) target() Target   { return Target{Ref: e.Message} }
func (e Keep) target() Target     { return Target{Ref: e.Message} }
func (e CatchUp) target() Target  { return Target{Place: e.Room} }
func (MakeRoom) target() Target   { return Target{} }
func (Unknown) target() Target    { return Target{} }

func (e Post) aimed(at Target) Effect     { e.To = at; return e }
func (e Upload) aimed(at Target) Effect   { e.To = at; return e }
func (e Remind) aimed(at Target) Effect   { e.To = at; return e }
func (e Invite) aimed(at Target) Effect   { e.To = at; return e }
func (e SetTopic) aimed(at Target) Effect { e.To = at; return e }
func (e Archive) aimed(at Target) Effect  { e.To = at; return e }
func (e Bookmark) aimed(at Target) Effect { e.To = at; return e }
func (e Edit) aimed(at Target) Effect     { e.On = at; return e }
func (e Pin) aimed(at Target) Effect      { e.On = at; return e }
func (e Tell) aimed(Target) Effect        { return e }
func (e React) aimed(Target) Effect       { return e }
func (e LookUp) aimed(Target) Effect      { return e }
func (e Keep) aimed(Target) Effect        { return e }
func (e CatchUp) aimed(Target) Effect     { return e }
func (e MakeRoom) aimed(Target) Effect    { return e }
func (e Unknown) aimed(Target) Effect     { return e }
