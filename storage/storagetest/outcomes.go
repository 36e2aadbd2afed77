package storagetest

import (
	"context"
	"errors"
	"strings"

	"github.com/google/go-cmp/cmp"

	"boswell/incident"
	"boswell/storage"
)

func testOnce(b *bench) {
	id := b.opened("The lift stands still")
	command := func() (storage.Outcome, error) {
		return b.Do(context.Background(), storage.Cause{Key: "cmd-1", Once: true, By: ann}, func(tx storage.Tx) (storage.Outcome, error) {
			out := say("Done.")
			out.Incident = id
			return out, tx.Append(id, incident.FieldAppended{Field: incident.FieldImpact, Text: "one"})
		})
	}
	first, err := command()
	b.must(err)
	if first.Again {
		b.Error("the first answer says that it was given before")
	}
	for range 2 {
		again, err := command()
		b.must(err)
		if !again.Again {
			b.Error("a repeated answer does not say so")
		}
		again.Again = false
		if diff := cmp.Diff(first, again); diff != "" {
			b.Errorf("the answers differ (-first +again):\n%s", diff)
		}
		b.reopen()
	}
	if n := len(b.incident(id).Values(incident.FieldImpact)); n != 1 {
		b.Errorf("the command ran %d times", n)
	}
	if _, err := b.Do(context.Background(), storage.Cause{Once: true}, func(storage.Tx) (storage.Outcome, error) { return say(""), nil }); err == nil {
		b.Error("a command without a key works")
	}
}

func testRefusal(b *bench) {
	id := b.opened("The lift stands still")
	runs := 0
	command := func() (storage.Outcome, error) {
		return b.Do(context.Background(), storage.Cause{Key: "cmd-2", Once: true, By: bob}, func(tx storage.Tx) (storage.Outcome, error) {
			runs++
			if err := tx.Append(id, incident.StatusSet{Text: "never"}); err != nil {
				return storage.Outcome{}, err
			}
			return say("Try this."), incident.Refuse("The lift is locked. Ask for the key.")
		})
	}
	for i := range 3 {
		out, err := command()
		var refusal incident.Refusal
		if !errors.As(err, &refusal) || refusal.Text != "The lift is locked. Ask for the key." || out.Refused != refusal.Text {
			b.Errorf("run %d: %+v, %v", i, out, err)
		}
		if out.Again != (i > 0) || out.Reply.Text.String() != "Try this." {
			b.Errorf("run %d: %+v", i, out)
		}
		if i == 1 {
			b.reopen()
		}
	}
	if runs != 2 {
		b.Errorf("the function ran %d times, want 2: once to be taken back, once to be refused", runs)
	}
	if in := b.incident(id); in.Status() != "" || in.Head != 1 {
		b.Errorf("a refused transaction left %d records", in.Head)
	}
}

// testFailure wants nothing kept, not even the key, where something broke.
func testFailure(b *bench) {
	id := b.opened("The lift stands still", linked(room("roof", "")))
	broke := errors.New("the rope broke")
	for range 2 {
		out, err := b.Do(context.Background(), storage.Cause{Key: "cmd-3", Once: true}, func(tx storage.Tx) (storage.Outcome, error) {
			if _, err := tx.Create(incident.Opened{Title: "never"}); err != nil {
				return storage.Outcome{}, err
			}
			return say("never"), errors.Join(tx.Append(id, incident.Closed{}), tx.PutPerson(storage.Person{ID: bob}), broke)
		})
		if !errors.Is(err, broke) || out.Again || out.Refused != "" {
			b.Errorf("a failed transaction: %+v, %v", out, err)
		}
	}
	b.read(func(r storage.Reader) {
		in, err := r.Incident(id)
		b.must(err)
		if _, there := r.Person(bob); there || in.Head != 2 {
			b.Error("a failed transaction left something behind")
		}
		if in, live := r.InRoom(room("roof", "")); !live || in != id {
			b.Error("a failed transaction freed a room")
		}
	})
	// The writer's own view of the incident must be back where it was as well.
	b.change(func(tx storage.Tx) error {
		in, err := tx.Incident(id)
		if err == nil && in.State != incident.StateOpen {
			b.Errorf("after a failed transaction the incident is %s", in.State)
		}
		return err
	})
	b.verified()
}

// testObservation wants a key that is no command's to run each time.
func testObservation(b *bench) {
	id := b.opened("The lift stands still")
	for range 3 {
		out, err := b.Do(context.Background(), storage.Cause{Key: "seen-1"}, func(tx storage.Tx) (storage.Outcome, error) {
			return say("seen"), tx.Append(id, incident.FieldAppended{Field: incident.FieldImpact, Text: "one"})
		})
		b.must(err)
		if out.Again {
			b.Error("an observation was taken for a repeated command")
		}
	}
	if n := len(b.incident(id).Values(incident.FieldImpact)); n != 3 {
		b.Errorf("the observation ran %d times, want 3", n)
	}
}

func testPanic(b *bench) {
	id := b.opened("The lift stands still")
	_, err := b.Store.(again).Store.Do(context.Background(), storage.Cause{Key: "cmd-4", Once: true}, func(tx storage.Tx) (storage.Outcome, error) {
		if err := tx.Append(id, incident.Closed{}); err != nil {
			return storage.Outcome{}, err
		}
		panic("out of rope")
	})
	if err == nil || !strings.Contains(err.Error(), "out of rope") || !strings.Contains(err.Error(), "testPanic") {
		b.Errorf("a panic is answered with %v", err)
	}
	if in := b.incident(id); in.State != incident.StateOpen {
		b.Errorf("after a panic the incident is %s", in.State)
	}
	b.append(id, incident.StatusSet{Text: "Climbing"})
	b.verified()
}

func testCancelled(b *bench) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := b.Do(ctx, storage.Cause{}, func(storage.Tx) (storage.Outcome, error) {
		b.Error("a cancelled transaction ran")
		return storage.Outcome{}, nil
	})
	if !errors.Is(err, context.Canceled) {
		b.Errorf("a cancelled transaction: %v", err)
	}
	if err := b.View(ctx, func(storage.Reader) error { return nil }); !errors.Is(err, context.Canceled) {
		b.Errorf("a cancelled view: %v", err)
	}
}
