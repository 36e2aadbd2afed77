// Package chattest is for whoever wants to see the bot at work without a chat system's people: a World is one chat system
// whose people are played, a Replay is an incident as chat, Play plays the one into the other through the real adapter and
// the whole bot, and Conform is what any platform must do.
//
// The invariant: nothing here waits for time to pass. Time is a Clock that the player moves, and whoever waits waits for a
// condition: a World is idle, a bot is settled, a delivery was made. The bot is known only by its Settle, so this package
// needs package chat alone, and it does not need package testing, since a program may play replays too.
package chattest

import (
	"context"
	"math/rand/v2"

	"boswell/chat"
)

// A World is one chat system with people in it who do as they are told: the simulator of a platform, or the built-in chat.
// What else its people can do is asked for with the small interfaces below. Whatever happens in a World, by its people or
// by the bot's calls, is queued for delivery before the method that caused it returns.
type World interface {
	// Platform is the adapter, the same one on every call. The caller runs it.
	Platform() chat.Platform
	// Clock is what everything here tells the time by.
	Clock() *Clock
	// AddPerson makes an account.
	AddPerson(ctx context.Context, p Person) (chat.User, error)
	// AddRoom makes a room with the bot in it, unless it is Unseen.
	AddRoom(ctx context.Context, r Room) (chat.Place, error)
	// Say posts a line of text; to a Place with a Thread, as a reply there.
	Say(ctx context.Context, by chat.UserID, to chat.Place, text string) (chat.Ref, error)
	Edit(ctx context.Context, by chat.UserID, on chat.Ref, text string) error
	Delete(ctx context.Context, by chat.UserID, on chat.Ref) error
	// React sets or removes a reaction. The emoji is a unicode character or ":name:".
	React(ctx context.Context, by chat.UserID, on chat.Ref, emoji string, set bool) error
	// Type gives the bot a command; line is what stands after the command's name, on the message it is called on. It
	// returns when the person has seen the answer.
	Type(ctx context.Context, by chat.UserID, to chat.Place, line string, on *chat.Ref) (Answer, error)
	// Messages are those of a room as its members see them, thread replies included, oldest first. Deleted ones and those
	// that only one person sees are not among them.
	Messages(ctx context.Context, in chat.Place) ([]Message, error)
	// Idle waits until everything that was queued for delivery is acknowledged, and says how many deliveries that makes since
	// the beginning.
	Idle(ctx context.Context) (uint64, error)
}

// What the people of some Worlds can do besides.
type (
	// A Replier answers a message in its thread, which begins with the first answer.
	Replier interface {
		Reply(ctx context.Context, by chat.UserID, on chat.Ref, text string) (chat.Ref, error)
	}
	// A Bridge says something under the name of somebody who has no account here. Edits of it are made by the account
	// that By returns.
	Bridge interface {
		SayAs(ctx context.Context, alias string, to chat.Place, text string) (chat.Ref, error)
		Carrier() chat.UserID
	}
	// An Attacher posts a message with a file.
	Attacher interface {
		Attach(ctx context.Context, by chat.UserID, to chat.Place, text string, f File) (chat.Ref, error)
	}
	// A Pinner sets or removes a pin.
	Pinner interface {
		Pin(ctx context.Context, by chat.UserID, on chat.Ref, set bool) error
	}
	// A Presser presses a button of a message or of an answer, or picks an option of a menu.
	Presser interface {
		Press(ctx context.Context, by chat.UserID, on Message, b chat.Button) (Answer, error)
	}
	// A Submitter fills in the form that an answer showed.
	Submitter interface {
		Submit(ctx context.Context, by chat.UserID, shown Answer, values map[chat.FieldID]string) (Answer, error)
	}
	// A Caller calls an action on a message from its menu.
	Caller interface {
		Call(ctx context.Context, by chat.UserID, action chat.ActionID, on chat.Ref) (Answer, error)
	}
	// A Completer types the beginning of a line and sees what could follow.
	Completer interface {
		Complete(ctx context.Context, by chat.UserID, in chat.Place, line string) ([]chat.Choice, error)
	}
	// A Confidant tells what one person alone has been shown in a room, oldest first.
	Confidant interface {
		Whispers(ctx context.Context, to chat.UserID, in chat.Place) ([]Message, error)
	}
	// A RoomKeeper tells what people see of a room besides its messages, archives it, and brings people in and out.
	RoomKeeper interface {
		Look(ctx context.Context, in chat.Place) (RoomLook, error)
		Archive(ctx context.Context, by chat.UserID, in chat.Place) error
		Join(ctx context.Context, who chat.UserID, in chat.Place) error
		Leave(ctx context.Context, who chat.UserID, in chat.Place) error
	}
)

// How some Worlds misbehave when asked.
type (
	// A Redeliverer makes every delivery twice, as platforms do that missed an acknowledgement.
	Redeliverer interface{ Redeliver(on bool) }
	// A Shuffler keeps deliveries back and lets them go in any order. Commands, buttons and forms are not kept back, and
	// what is kept back counts as idle.
	Shuffler interface {
		Hold()
		Release(ctx context.Context, r *rand.Rand) error
	}
	// A Cutter cuts the connection; what happens until Mend is never delivered, as if the bot had been away.
	Cutter interface {
		Cut(ctx context.Context) error
		Mend(ctx context.Context) error
	}
)

// A Person is an account to be made.
type Person struct {
	Handle string
	Name   string
	Zone   string // IANA name; empty is unknown
	Bot    bool   // another bot than ours
	Guest  bool
}

// A Room is a room to be made, with Members in it.
type Room struct {
	Name    string // without "#"
	Private bool
	// Unseen says that the bot is not in it: a conversation among people.
	Unseen  bool
	Members []chat.UserID
}

// A RoomLook is what people see of a room besides its messages.
type RoomLook struct {
	Name      string
	Topic     string
	Archived  bool
	Members   []chat.UserID
	Bookmarks map[string]string // title to link
}

// A File is a file as people send and see it.
type File struct {
	Name     string
	Language string
	Contents []byte
}

// A Message is a message as people see it.
type Message struct {
	Ref    chat.Ref
	Place  chat.Place
	From   chat.User
	Shown  chat.Text // how the client shows it; rows of a card are lines of it
	Edited bool
	Pinned bool
	// Reactions are the emoji on it, unicode or ":name:", with who set each, in order.
	Reactions map[string][]chat.UserID
	// Pinged are those whom it notified.
	Pinged  []chat.UserID
	Files   []File
	Buttons []chat.Button
	// Menus are those on it. What a Presser needs to pick an option is in the option as it is shown here.
	Menus []chat.Menu
}

// Text is what is read, without any look.
func (m Message) Text() string {
	var text string
	for _, s := range m.Shown {
		text += s.Text
	}
	return text
}

// An Answer is what a person was shown in reply. It is zero where the bot had nothing to say.
type Answer struct {
	Message Message
	// Public says that everybody in the room sees it.
	Public bool
	// Refused says that what was asked for was not done. A World whose people are not told in so many words leaves it out.
	Refused bool
	Form    *chat.Form
	// Problem says what is wrong with a form that was sent and stays open, and Field where it says so; empty is at the top.
	Problem string
	Field   chat.FieldID
	// Handle is what the World needs to know the answer again.
	Handle string
}

// Text is what the answer says; of a form, what is wrong with it, else its title.
func (a Answer) Text() string {
	if text := a.Message.Text(); text != "" || a.Form == nil {
		return text
	}
	if a.Problem != "" {
		return a.Problem
	}
	return a.Form.Title
}
