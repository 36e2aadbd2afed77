package bolt

import (
	"encoding/json"
	"fmt"
	"iter"

	"boswell/incident"
	"boswell/storage"
)

func (r *reader) Person(id incident.PersonID) (storage.Person, bool) {
	stored := r.get(inPeople, []byte(id))
	if stored == nil {
		return storage.Person{}, false
	}
	var p storage.Person
	ok := r.note(decodeJSON(inPeople, stored, &p))
	return p, ok
}

func (r *reader) People() iter.Seq[storage.Person] {
	return func(yield func(storage.Person) bool) {
		if r.over {
			return
		}
		for _, stored := range r.src.scan(inPeople, nil, nil) {
			var p storage.Person
			if r.note(decodeJSON(inPeople, stored, &p)) && !yield(p) || r.over {
				return
			}
		}
	}
}

func (t *tx) PutPerson(p storage.Person) error {
	text, err := json.Marshal(p)
	if err != nil {
		return t.breaks(fmt.Errorf("person %q: %w", p.ID, err))
	}
	return t.put(inPeople, []byte(p.ID), text)
}
