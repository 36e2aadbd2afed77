package local_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
	"boswell/storage/bolt"
)

// A mark is what a process that may be killed writes down about a step: once when it was acknowledged, and once when all that
// comes of it was done.
type mark struct {
	Step    int
	Settled bool     // all that comes of it is done
	Ref     chat.Ref // of the message that it posted
	Answer  string   // to its command
	Heads   []head   // of all logs when it was acknowledged
}

// A head is how far a log went. Its hash is that of everything up to there.
type head struct {
	Incident incident.ID
	Seq      uint64
	Hash     incident.Hash
}

func marksIn(folder string) string { return filepath.Join(folder, "marks.jsonl") }

// write adds a mark. A process that is killed loses nothing that it has handed to the system.
func (m mark) write(folder string) error {
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(marksIn(folder), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// readMarks are the marks of all processes so far. A line that was cut short was never written.
func readMarks(folder string) ([]mark, error) {
	data, err := os.ReadFile(marksIn(folder))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var marks []mark
	lines := bufio.NewScanner(bytes.NewReader(data[:bytes.LastIndexByte(data, '\n')+1]))
	lines.Buffer(nil, len(data)+1)
	for lines.Scan() {
		var m mark
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			return nil, err
		}
		marks = append(marks, m)
	}
	return marks, lines.Err()
}

// headsOf are the heads of all logs, as the disk has them.
func headsOf(ctx context.Context, s *bolt.Store) (heads []head, err error) {
	err = s.View(ctx, func(r storage.Reader) error {
		for sum, err := range r.Incidents() {
			if err != nil {
				return err
			}
			h := head{Incident: sum.ID}
			if h.Seq, h.Hash, err = r.Head(sum.ID); err != nil {
				return err
			}
			heads = append(heads, h)
		}
		return nil
	})
	return heads, err
}

// lost says what is missing of what marks say was acknowledged.
func lost(ctx context.Context, s *bolt.Store, marks []mark) error {
	return s.View(ctx, func(r storage.Reader) error {
		for _, m := range marks {
			for _, h := range m.Heads {
				if hash, err := hashAt(r, h.Incident, h.Seq); err != nil || hash != h.Hash {
					return fmt.Errorf("%s was acknowledged up to record %d in step %d, and is another log now: %v", h.Incident, h.Seq, m.Step+1, err)
				}
			}
		}
		return nil
	})
}

// hashAt is the hash of a log up to one of its records.
func hashAt(r storage.Reader, id incident.ID, seq uint64) (incident.Hash, error) {
	last, hash, err := r.Head(id)
	if err != nil || last == seq {
		return hash, err
	}
	for record, err := range r.Records(id, seq+1) {
		return record.Prev, err
	}
	return incident.Hash{}, fmt.Errorf("%s ends with record %d", id, last)
}
