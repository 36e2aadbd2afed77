// Package local is the chat that is built in: rooms, people, messages and files in one folder, without any other service. It
// is a whole chat.Platform and the reference for the others.
//
// The invariant: the chat is its file. Whatever happens is a line (thing.go) that is synced before anybody sees it, and the
// rooms in memory (state.go) are what the lines made. A line is delivered to the bot until the bot has taken it, over any
// restart: at least once, in the order of its room.
//
// Chat is the side of the people: what a page shows and what its visitors do. Platform is the side of the bot.
package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"boswell/chat"
)

// Slash is what people type before the words of a command.
const Slash = "/incident"

// The amounts that the chat takes.
const (
	MaxText    = 16_000   // runes of one message
	MaxFile    = 25 << 20 // bytes of one file
	MaxFiles   = 10       // of one message
	MaxButtons = 10       // of one message
	MaxMenus   = 5        // of one message
	MaxFields  = 10       // of one form
	MaxChoices = 25       // of one completion
	maxName    = 80       // runes of a person's or a room's name
)

// Options say where a chat is kept and by whose clock. Platform and Folder are needed.
type Options struct {
	// Platform is the name of the connection.
	Platform chat.PlatformID
	// Folder holds chat.jsonl, chat.cursor and chat-files. One program uses it at a time; whoever opens it sees to that.
	Folder string
	// Now is the clock; without one, time.Now.
	Now func() time.Time
	// URL is the address of the chat's pages, without a slash at its end. Addresses of messages begin with it; without one
	// they lead nowhere from outside, and messages are delivered without.
	URL string
}

// ErrClosed says that the chat was closed.
var ErrClosed = errors.New("the chat is closed")

// A Chat is the rooms and the people in them. All methods may be called concurrently. Errors that are for the person who
// asked are *Problem; any other error is the machine's.
type Chat struct {
	options Options
	files   *shelf
	feed    *feed
	live    *audience

	proposals chan *proposal
	closing   chan struct{}
	closed    chan struct{} // the writer is done
	failed    chan struct{} // nothing more can be written
	once      sync.Once

	mu      sync.RWMutex // held over a sync, so that nobody sees what may not last
	journal *journal
	state   *state
	broken  error // why nothing more can be written

	handler  atomic.Pointer[chat.Handler] // the bot's, while it runs
	declared sync.Mutex
	commands []chat.Command
}

// Open opens the chat in a folder, or makes it there. An error wraps ErrDamaged if the file was changed after it was
// written.
func Open(o Options) (*Chat, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the chat's folder: %w", err)
	}
	c := &Chat{options: o, files: &shelf{dir: filepath.Join(o.Folder, shelfName)}, live: newAudience(),
		proposals: make(chan *proposal), closing: make(chan struct{}), closed: make(chan struct{}), failed: make(chan struct{}),
		state: newState(o.Platform, o.URL)}
	var err error
	if c.feed, err = newFeed(filepath.Join(o.Folder, cursorName)); err != nil {
		return nil, err
	}
	if c.journal, err = openJournal(filepath.Join(o.Folder, journalName), c.replay); err != nil {
		return nil, err
	}
	c.feed.begin()
	go c.write()
	if err := c.begin(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// replay takes in a line of the file at the start.
func (c *Chat) replay(e entry) error {
	if err := checkVersion(e); err != nil {
		return err
	}
	c.state.apply(e)
	c.feed.add(e.seq, c.state.deliveries(e))
	return nil
}

// begin writes the first line of a new file.
func (c *Chat) begin() error {
	return c.do(context.Background(), func(d *draft) error {
		if d.state.seq == 0 {
			d.add(begun{Version: logVersion})
		}
		return nil
	})
}

// Close writes what is under way and closes the file. What is asked for afterwards is ErrClosed.
func (c *Chat) Close() error {
	c.once.Do(func() { close(c.closing) })
	<-c.closed
	c.mu.Lock()
	defer c.mu.Unlock()
	if errors.Is(c.broken, ErrClosed) {
		return nil
	}
	c.broken = errors.Join(ErrClosed, c.broken)
	return errors.Join(c.feed.save(), c.journal.close())
}

// read runs fn on the chat as it is. fn keeps nothing that others change.
func (c *Chat) read(fn func(*state) error) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.broken != nil {
		return c.broken
	}
	return fn(c.state)
}
