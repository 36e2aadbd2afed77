package chat

import (
	"context"
	"io"
	"time"
)

// A Handler takes every Inbound; calls may be concurrent, but those of one room come in its order. A nil error means that
// what was decided is on disk and the delivery may be acknowledged. The Reply is for the sender.
type Handler func(ctx context.Context, in Inbound) (Reply, error)

// A Platform is one connection to one chat system. What else it can do is asked for with the small interfaces below.
type Platform interface {
	ID() PlatformID
	Limits() Limits
	// Run delivers to h until ctx is done; reconnects by itself; acknowledges a delivery only after h returned nil;
	// returns early only when it is hopeless (a revoked token).
	Run(ctx context.Context, h Handler) error
	// Post sends m. key is the same on every attempt to send the same message. Errors are *Failure.
	Post(ctx context.Context, key string, to Place, m Message) (Ref, error)
}

// Limits are the amounts a platform can take.
type Limits struct {
	Text       int           // runes of one message
	Buttons    int           // of one message; 0 where there are none
	Menus      int           // of one message, beside as many buttons as it takes; 0 where there are none
	FormFields int           // of one form; 0 where there are no forms
	State      int           // bytes of a form's action and state together; 0 is any number
	Choices    int           // of one completion
	File       int64         // bytes of one upload; 0 where files cannot be sent
	EditFor    time.Duration // how long a message can be edited; 0 is for ever
	// Idempotent is how long a Post with the same key is known not to post twice; 0 where it would, a negative value for ever.
	Idempotent time.Duration
	// SteadyTopics says that topics can be changed so seldom that only what stays belongs into them.
	SteadyTopics bool
	// Slash is what people type before the words of a command: "/incident", "!incident".
	Slash string
}

type (
	// An Editor can replace the bot's own messages.
	Editor interface {
		Edit(ctx context.Context, on Ref, m Message) error
	}
	// A Whisperer can say something that one person alone sees in a room.
	Whisperer interface {
		Whisper(ctx context.Context, to Place, user UserID, m Message) error
	}
	// A Director can open a direct conversation with a person.
	Director interface {
		Direct(ctx context.Context, user UserID) (Place, error)
	}
	// A FormOpener shows forms in answer to a trigger: Reply.Form is shown, not turned into text.
	FormOpener interface {
		OpenForm(ctx context.Context, trigger Trigger, f Form) error
	}
	// A Reactor sets or removes the bot's own reactions. Setting one that is there is no error.
	Reactor interface {
		React(ctx context.Context, on Ref, emoji string, set bool) error
	}
	// A Pinner pins and unpins messages. Pinning a pinned message is no error.
	Pinner interface {
		Pin(ctx context.Context, on Ref, set bool) error
	}
	// A RoomMaker makes rooms. A room made before with the same key is found again and returned. The second result is its
	// name as people write it ("#inc-7"), like that of a RoomFinder.
	RoomMaker interface {
		MakeRoom(ctx context.Context, key string, r NewRoom) (Place, string, error)
	}
	// A RoomFinder finds a room by the name that people type ("#alerts"), a mention or a link. The second result is its
	// name as people write it ("#alerts"). An unknown room is a Failure that is final.
	RoomFinder interface {
		FindRoom(ctx context.Context, near Place, name string) (Place, string, error)
	}
	// An Inviter brings people into a room. Inviting who is there is no error.
	Inviter interface {
		Invite(ctx context.Context, to Place, users []UserID) error
	}
	// A Topicer sets the topic of a room.
	Topicer interface {
		SetTopic(ctx context.Context, to Place, topic string) error
	}
	// An Archiver closes rooms and opens them again.
	Archiver interface {
		Archive(ctx context.Context, to Place, open bool) error
	}
	// A Bookmarker puts links at the top of a room. The same title replaces its link.
	Bookmarker interface {
		Bookmark(ctx context.Context, to Place, title, link string) error
	}
	// An Uploader sends files.
	Uploader interface {
		Upload(ctx context.Context, key string, to Place, f Upload, contents io.Reader, size int64) (Ref, error)
	}
	// A Downloader reads the contents of an attachment. The caller bounds the reading and closes.
	Downloader interface {
		Download(ctx context.Context, f File) (io.ReadCloser, error)
	}
	// A Registrar makes the declared commands native to the platform. It is called once before Run.
	Registrar interface {
		Register(ctx context.Context, commands []Command) error
	}
	// A Linker knows the address of a message and reads such an address. An empty address is not known yet.
	Linker interface {
		Link(r Ref) string
		ParseLink(text string) (Ref, bool)
	}
	// A Sifter leaves out what nobody heeds before it reads it in full: most of what is said to a bot is none of its concern. It
	// is told once before Run how to ask. heeds may be called from anywhere; that of a place is asked when everything before
	// it in that room was handed over, since a command may have changed the answer. Who calls it has heard something.
	Sifter interface {
		Sift(heeds func(Place) bool)
	}
	// An Informer says what is wrong with the connection at the moment, in words for operators; empty is nothing.
	Informer interface {
		Trouble() string
	}
	// A Fetcher reads one message by its Ref, thread replies included. One that is gone is ErrGone.
	Fetcher interface {
		Fetch(ctx context.Context, r Ref) (Seen, error)
	}
	// A Historian reads the messages of a room since a moment, oldest first, thread replies included, each with its
	// reactions and pins. It calls yield for each and stops at its first error. The result says how far back the platform
	// keeps messages at all; zero is for ever.
	Historian interface {
		History(ctx context.Context, room Place, since time.Time, yield func(Seen) error) (kept time.Time, err error)
	}
	// A Finder says whether the effect with this key has happened already.
	Finder interface {
		Find(ctx context.Context, key string, to Place, since time.Time) (Ref, bool, error)
	}
	// A PostFinder says whether a message was posted already: under the same key or, where messages bear none that lasts,
	// since a moment with the same text.
	PostFinder interface {
		FindPost(ctx context.Context, key string, to Place, m Message, since time.Time) (Ref, bool, error)
	}
	// An UploadFinder says whether a file was sent already: under the same key or, where files bear none, since a moment
	// with the same name and contents. size is how many bytes the contents have.
	UploadFinder interface {
		FindUpload(ctx context.Context, key string, to Place, f Upload, contents io.Reader, size int64, since time.Time) (Ref, bool, error)
	}
	// A Summoner knows who is invited into the room of every incident of a severity, people and groups, as configured; of
	// the empty severity, into that of every incident.
	Summoner interface {
		Summon(severity string) []UserID
	}
	// A Directory knows the people. Person finds one by ID; People those whose handle or name begins with a text, at most
	// max.
	Directory interface {
		Person(ctx context.Context, id UserID) (User, error)
		People(ctx context.Context, near Place, typed string, max int) ([]User, error)
	}
)

// Seen is a message as read back: what it says, and every tag that is on it.
type Seen struct {
	Said      Said
	Reactions []SeenReaction
	Pinned    bool
}

// SeenReaction is an emoji and who set it; At is zero where the platform does not tell.
type SeenReaction struct {
	Emoji string
	From  User
	At    time.Time
}
