package bolt

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"boswell/incident"
	"boswell/storage"
)

// keptFor is how long the key of a command is kept after its incident was closed; without an incident, after it was stored.
const keptFor = 7 * 24 * time.Hour

// remember keeps the outcome of a command with its key. A key belongs to the incident that its outcome names, else to the
// first one that it changed.
func (t *tx) remember(out *storage.Outcome) error {
	id := out.Incident
	if id == 0 && len(t.touched) > 0 {
		id = t.touched[0]
	}
	text, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("the outcome of %q: %w", t.cause.Key, err)
	}
	return t.w.put(inSeen, []byte(t.cause.Key), encodeSeen(id, t.store.clock(), text))
}

func encodeSeen(id incident.ID, at time.Time, outcome []byte) []byte {
	b := make([]byte, 0, numberSize+timeSize+len(outcome))
	b = binary.BigEndian.AppendUint64(b, uint64(id))
	return append(appendTime(b, at), outcome...)
}

func decodeSeen(stored []byte) (id incident.ID, at time.Time, outcome []byte, err error) {
	n, rest, err := cutNumber(stored)
	if err != nil {
		return 0, at, nil, err
	}
	at, outcome, err = cutTime(rest)
	return incident.ID(n), at, outcome, err
}

// recall is the outcome that was kept with a key. A refusal comes back as one.
func recall(src source, key string) (out storage.Outcome, known bool, err error) {
	stored := src.get(inSeen, []byte(key))
	if stored == nil {
		return out, false, nil
	}
	again, err := decodeOutcome(stored)
	if err != nil {
		return out, false, err
	}
	if again.Refused != "" {
		err = incident.Refusal{Text: again.Refused}
	}
	return again, true, err
}

func decodeOutcome(stored []byte) (storage.Outcome, error) {
	_, _, text, err := decodeSeen(stored)
	if err != nil {
		return storage.Outcome{}, err
	}
	out := storage.Outcome{}
	err = decodeJSON(inSeen, text, &out)
	out.Again = true
	return out, err
}
