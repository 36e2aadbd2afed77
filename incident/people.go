package incident

import (
	"slices"
	"time"
)

func (in *Incident) applyPeople(r Record, e Event) {
	switch e := e.(type) {
	case Joined:
		in.changeResponder(r, e.Person, func(p *Responder) {
			p.Left = time.Time{}
			if e.Did != "" {
				p.said(e.Did, r.Seq)
			}
		})
	case Left:
		in.changeResponder(r, e.Person, func(p *Responder) {
			p.Left = r.At
			p.Roles = ended(p.Roles, "", r.At)
		})
	case ResponderRestored:
		in.restoreResponder(e)
	case RoleTaken:
		in.endRole(e.Role, r.At)
		in.changeResponder(r, e.Person, func(p *Responder) {
			p.Left = time.Time{}
			p.Roles = append(slices.Clip(p.Roles), RoleSpan{Role: e.Role, From: r.At})
		})
	case RoleLeft:
		in.endRole(e.Role, r.At)
	}
}

// said records what a responder did; what they say later replaces it, in the place it had.
func (p *Responder) said(did string, seq uint64) {
	if p.Did == "" {
		p.DidSeq = seq
	}
	p.Did = did
}

func (in *Incident) changeResponder(r Record, person PersonID, change func(*Responder)) {
	fresh := Responder{Person: person, Joined: r.At}
	if old, ok := in.Responder(person); ok {
		fresh = old
	}
	change(&fresh)
	in.putResponder(fresh)
}

func (in *Incident) putResponder(fresh Responder) {
	in.Responders = put(in.Responders, fresh, func(o Responder) bool { return o.Person == fresh.Person },
		func(a, b Responder) int { return a.Joined.Compare(b.Joined) })
}

func (in *Incident) restoreResponder(e ResponderRestored) {
	if e.Responder != nil {
		in.putResponder(*e.Responder)
		return
	}
	in.Responders = without(in.Responders, func(o Responder) bool { return o.Person == e.Person })
}

// endRole ends a role of whoever has it.
func (in *Incident) endRole(role Role, at time.Time) {
	holder := in.Holder(role)
	if holder == "" {
		return
	}
	p, _ := in.Responder(holder)
	p.Roles = ended(p.Roles, role, at)
	in.putResponder(p)
}

// ended closes the open spans of a role, or of every role.
func ended(spans []RoleSpan, role Role, at time.Time) []RoleSpan {
	spans = slices.Clone(spans)
	for i := range spans {
		if spans[i].To.IsZero() && (role == "" || spans[i].Role == role) {
			spans[i].To = at
		}
	}
	return spans
}
