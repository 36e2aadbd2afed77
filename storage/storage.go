// Package storage is the contract of the place where incidents, and what is owed to the chats, are kept.
//
// The invariant: whatever was decided lies on disk, whole, before anybody hears of it. One call of Do is one transaction:
// the events, the effects they cause, the stored outcome of the command and every index change together or not at all.
package storage

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"boswell/chat"
	"boswell/incident"
)

// Errors of a Store. Opening tells ErrLocked, ErrNewerSchema and ErrDamaged apart, each wrapped in a sentence that says
// what can be done.
var (
	ErrNotFound    = errors.New("not found")
	ErrLocked      = errors.New("another process has this store open")
	ErrNewerSchema = errors.New("the store was written by a newer version")
	ErrDamaged     = errors.New("the store is damaged")
	// ErrFull says that there is no room on the disk; nothing was changed, and the same call works once there is.
	ErrFull   = errors.New("the disk is full")
	ErrClosed = errors.New("the store is closed")
	// ErrReadOnly says that the store was opened for reading only.
	ErrReadOnly = errors.New("the store is open for reading only")
)

// A Cause says why a transaction is run.
type Cause struct {
	// Key is the delivery or effect behind it; it stands in every record. It is unique over all platforms.
	Key string
	// Once says that Key is a command: its outcome is stored with it, and the same key again returns that outcome without
	// running anything. Observations are not commands: they compare with the log and may come again.
	Once bool
	By   incident.PersonID
	// At is when it happened. The store's own clock is used where it is zero; records never run backwards within an incident.
	At time.Time
}

// An Outcome is what a transaction answered. It is stored with the key of a command.
type Outcome struct {
	Incident incident.ID `json:"incident,omitempty"`
	Reply    chat.Reply  `json:"reply"`
	// Refused is the text of a refusal; the transaction then changed nothing but the key.
	Refused string `json:"refused,omitempty"`
	// Again says that the key was seen before; it is never stored.
	Again bool `json:"-"`
}

// A Store keeps incidents. All methods may be called concurrently.
type Store interface {
	// Do runs fn as if alone (serializable). fn is quick, touches no network, has no effect but through Tx, and may run
	// again. If fn returns an error, nothing it wrote is kept but, for a command that was refused, the key with that
	// outcome; the error is then returned beside the Outcome. If a command's key was seen before, fn does not run and the
	// stored outcome is returned with Again set (a stored refusal as incident.Refusal too). Do returns only when all that fn
	// saw and wrote is durable.
	Do(ctx context.Context, cause Cause, fn func(Tx) (Outcome, error)) (Outcome, error)
	// View runs fn on a state in which every transaction is there whole or not at all. It never delays Do.
	View(ctx context.Context, fn func(Reader) error) error
	// Watch tells what was committed from now on until ctx is done, then closes the channel. A slow watcher is never waited
	// for: commits it missed arrive merged into one.
	Watch(ctx context.Context) <-chan Commit

	// PutFile keeps contents under their SHA-256 (hexadecimal), which it returns once they are durable. It reads at most
	// max bytes; more is ErrTooLarge, and nothing is kept.
	PutFile(r io.Reader, max int64) (hash string, size int64, err error)
	// OpenFile reads what PutFile kept; unknown contents are ErrNotFound.
	OpenFile(hash string) (io.ReadCloser, error)

	// Backup writes a consistent copy of everything, files included, into a new folder while the store runs.
	Backup(ctx context.Context, dir string) error
	// Verify reads everything again: the chain of every log, the derived indexes, the files. progress may be nil.
	Verify(ctx context.Context, progress func(done, total int)) (Report, error)
	// Erase removes the contents of one record for good, and of the messages of it from every index; the chain still
	// verifies. What is owed to a chat by then is still said there, where only people of that chat can delete it.
	Erase(ctx context.Context, id incident.ID, seq uint64) error
	Close() error
}

// ErrTooLarge says that a file has more bytes than are kept.
var ErrTooLarge = errors.New("the file is too large")

// A Commit says what one commit touched.
type Commit struct {
	Incidents []incident.ID // in ascending order
	Owed      bool          // effects were added or changed
	Scheduled bool          // due times were added or changed
}

// A Reader reads, until View or Do returns. What it gave belongs to the caller and stays as it is, but for Incident within Do.
type Reader interface {
	// Incident folds an incident; an unknown one is ErrNotFound. The caller only reads it. Within Do it is the state that the
	// transaction works on: it goes on to show what the transaction writes, so it is not kept after fn returned.
	Incident(id incident.ID) (*incident.Incident, error)
	// Head is the number of the last record of an incident and the hash of the chain there.
	Head(id incident.ID) (seq uint64, hash incident.Hash, err error)
	// Records reads the log of an incident from a record on.
	Records(id incident.ID, from uint64) iter.Seq2[incident.Record, error]
	// Incidents lists all incidents, newest first, without folding them. The caller only reads what a Summary leads to.
	Incidents() iter.Seq2[Summary, error]
	// InRoom is the live incident that a room is linked to. A thread is looked up by itself, then by its channel.
	InRoom(room incident.RoomID) (incident.ID, bool)
	// LiveRooms are the linked rooms of live incidents.
	LiveRooms() map[incident.RoomID]incident.ID
	// LastInRoom is the last incident that a room was linked to, live or not.
	LastInRoom(room incident.RoomID) (incident.ID, bool)

	Person(id incident.PersonID) (Person, bool)
	People() iter.Seq[Person]
	// Covered is the moment until which a room is known to have been read.
	Covered(room incident.RoomID) time.Time
	// Value is a short-lived value that PutValue kept: the state of a form, a long value of a button.
	Value(key string) ([]byte, bool)
	// Owed lists what is owed and not settled, behind an effect (0: all), in the order of EffectIDs. In the place of one that
	// cannot be read stands its ID with an ErrDamaged, and the list goes on; any other error is its end.
	Owed(after chat.EffectID) iter.Seq2[Owed, error]
	// Scheduled lists what is due, soonest first.
	Scheduled() iter.Seq[Due]
}

// A Tx reads and writes within one transaction.
type Tx interface {
	Reader
	// Now is the time that records get.
	Now() time.Time
	// Create opens a new incident with its first events; the first is incident.Opened.
	Create(events ...incident.Event) (incident.ID, error)
	// Append adds events to the log of an incident.
	Append(id incident.ID, events ...incident.Event) error

	// Owe promises an effect; ID and Born are set here. A key that is owed already owes once: asked again it returns the
	// effect that is there. A key is free again once its effect is settled.
	Owe(o Owed) (chat.EffectID, error)
	// Effect is one that is owed; a settled or unknown one is ErrNotFound.
	Effect(id chat.EffectID) (Owed, error)
	// PutEffect changes one that is owed: begun, attempted, due later, its target known now.
	PutEffect(o Owed) error
	// Settle removes one that is done or given up.
	Settle(id chat.EffectID) error

	PutPerson(p Person) error
	SetCovered(room incident.RoomID, until time.Time) error
	// PutValue keeps a short-lived value until its time.
	PutValue(key string, value []byte, until time.Time) error
	// Schedule sets when something is due; the same key again moves it. Unschedule removes it.
	Schedule(d Due) error
	Unschedule(key string) error
}

// A Summary is an incident in a list.
type Summary struct {
	ID        incident.ID       `json:"id"`
	Number    int               `json:"number,omitempty"`
	Title     string            `json:"title"`
	State     incident.State    `json:"state"`
	Status    string            `json:"status,omitempty"`
	Severity  incident.Severity `json:"severity,omitempty"`
	Drill     bool              `json:"drill,omitempty"`
	Private   bool              `json:"private,omitempty"`
	Opened    time.Time         `json:"opened"`
	Closed    time.Time         `json:"closed,omitzero"`
	Commander incident.PersonID `json:"commander,omitempty"`
	// Platforms are the connections whose rooms the incident has: whose members may see it.
	Platforms []string `json:"platforms,omitempty"`
	// Responders are the people who took part, each with the roles that they have now, with commas between them.
	Responders map[incident.PersonID]string `json:"responders,omitempty"`
}

// A Person is somebody whom a platform named, with the accounts that are theirs.
type Person struct {
	ID       incident.PersonID `json:"id"`
	Name     string            `json:"name"`
	FullName string            `json:"full_name,omitempty"`
	Zone     string            `json:"zone,omitempty"`
	Accounts []Account         `json:"accounts,omitempty"`
	Bot      bool              `json:"bot,omitempty"`
	Guest    bool              `json:"guest,omitempty"`
}

// An Account is a person's on one platform.
type Account struct {
	Platform chat.PlatformID `json:"platform"`
	User     chat.UserID     `json:"user"`
	Handle   string          `json:"handle,omitempty"`
}

// Owed is one effect with its state in the outbox.
type Owed struct {
	ID       chat.EffectID
	Incident incident.ID // 0 where it belongs to none
	// Key names the effect for the platform, the same on every attempt, and unique.
	Key    string
	Effect chat.Effect
	// Lane keeps order: effects of one lane are done one after the other. That of a room is LaneOf.
	Lane string
	// Platform is the connection that does it.
	Platform chat.PlatformID
	Born     time.Time
	Due      time.Time
	Attempts int
	// Begun says that it was handed to the platform and no answer is known: in doubt.
	Begun bool
	Error string // of the last attempt
}

// Due is something the scheduler does at a time.
type Due struct {
	Key      string      `json:"key"`
	At       time.Time   `json:"at"`
	Incident incident.ID `json:"incident,omitempty"`
	Kind     string      `json:"kind"`
}

// A Report is what Verify found.
type Report struct {
	Incidents int
	Records   int
	Files     int
	// Problems says what is wrong, one sentence each, with what can be done. None means that everything is as it should be.
	Problems []string
}
