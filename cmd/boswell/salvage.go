package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"boswell/incident"
	"boswell/storage"
)

// salvage reads an incident, and of one whose log is damaged what can be read. lost are the numbers of the records that
// cannot.
func salvage(view storage.Reader, id incident.ID) (in *incident.Incident, lost []uint64, err error) {
	in, err = view.Incident(id)
	if !errors.Is(err, storage.ErrDamaged) {
		return in, nil, err
	}
	last, _, err := view.Head(id)
	if err != nil {
		return nil, nil, err
	}
	in = incident.New(id)
	for next := uint64(1); next <= last; {
		for record, err := range view.Records(id, next) {
			if errors.Is(err, storage.ErrDamaged) {
				break
			}
			if err != nil {
				return nil, nil, err
			}
			applyLoose(in, record)
			next++
		}
		if next <= last {
			lost = append(lost, next)
			next++
		}
	}
	return in, lost, nil
}

// applyLoose applies a record of which the ones before it may be lost. An opening that is lost is one that was erased.
func applyLoose(in *incident.Incident, r incident.Record) {
	if r.Seq > 1 && in.Opened.IsZero() {
		in.Apply(incident.Record{Incident: r.Incident, Seq: 1, At: r.At, Event: incident.Erased{Kind: incident.Kind(incident.Opened{})}})
	}
	in.Apply(r)
}

// lossOf says what is missing where records are lost.
func lossOf(id incident.ID, lost []uint64) string {
	const named = 10
	numbers := strings.Trim(fmt.Sprint(lost[:min(len(lost), named)]), "[]")
	if len(lost) > named {
		numbers += " …"
	}
	return fmt.Sprintf("This is not all of %s: %d of its records cannot be read (%s), so what they added, changed or removed is not followed. `boswell verify` says what can be done.",
		id, len(lost), strings.ReplaceAll(numbers, " ", ", "))
}

// damage says which incidents under way cannot be read to their end; empty is none. Reading them costs nothing where they
// are read all the time.
func damage(ctx context.Context, store storage.Store) string {
	var damaged []string
	err := store.View(ctx, func(view storage.Reader) error {
		for s, err := range view.Incidents() {
			if err != nil {
				return err
			}
			if !s.State.Live() {
				continue
			}
			if _, err := view.Incident(s.ID); errors.Is(err, storage.ErrDamaged) {
				damaged = append(damaged, s.ID.String())
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Sprintf("the incidents under way cannot be read: %v", err)
	}
	if len(damaged) == 0 {
		return ""
	}
	return "the records of " + strings.Join(damaged, ", ") + " are damaged; `boswell verify` says what can be done"
}
