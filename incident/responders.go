package incident

import "strings"

// Join decides that a person takes part; did, if not empty, says what they did.
func (in *Incident) Join(p PersonID, did string) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	r, there := in.Responder(p)
	if strings.TrimSpace(did) == "" {
		return changed(!there || !r.Left.IsZero(), Joined{Person: p}), nil
	}
	did, err := prose(did, "description")
	if err != nil {
		return nil, err
	}
	return changed(!there || !r.Left.IsZero() || r.Did != did, Joined{p, did}), nil
}

// Leave decides that a person's part is over, and with it their roles.
func (in *Incident) Leave(p PersonID) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	r, there := in.Responder(p)
	return changed(there && r.Left.IsZero(), Left{p}), nil
}

// TakeRole decides who has a role. Whoever had it hands it over.
func (in *Incident) TakeRole(role Role, p PersonID) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	return changed(in.Holder(role) != p, RoleTaken{role, p}), nil
}

// LeaveRole decides that nobody has a role.
func (in *Incident) LeaveRole(role Role) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	return changed(in.Holder(role) != "", RoleLeft{role}), nil
}
