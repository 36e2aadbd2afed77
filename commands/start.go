package commands

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/postmortem"
	"boswell/storage"
)

// FieldHere is the name under which Request.Rooms holds the room that a command was typed in, if its name is known.
const FieldHere chat.FieldID = "here"

const (
	fieldRoom     chat.FieldID = "room"
	fieldPrivate  chat.FieldID = "private"
	fieldSeverity chat.FieldID = "severity"
	fieldDrill    chat.FieldID = "drill"
	fieldSince    chat.FieldID = "since"
	// fieldDraft is the key of what a button to start all the same was made of. Nobody types it.
	fieldDraft chat.FieldID = "draft"
)

// The two rooms that an incident can be started in.
const (
	roomHere = "here"
	roomNew  = "new"
)

// freshFor is how long a new incident is taken for what somebody else is about to open too.
const freshFor = 15 * time.Minute

// draftFor is how long the offer to start all the same holds.
const draftFor = 24 * time.Hour

func startCommand() *Command {
	return &Command{
		Name: "start",
		Help: "Open an incident, here or in a room of its own",
		Args: []chat.Arg{
			required(chat.Arg{Name: fieldTitle, Help: "What happened, as a phrase", Kind: chat.ArgText, Max: incident.MaxTitle,
				Example: "Checkout answers 500"}),
			option(choiceArg(fieldRoom, "Where: in this room, or in a new one", []string{roomHere, roomNew}, roomNew)),
			option(choiceArg(fieldSeverity, "How bad it is; sev1 is the worst", incident.Severities(), "sev2")),
			{Name: fieldPrivate, Help: "Only its rooms and responders see it", Kind: chat.ArgYes, Option: true, Example: yes},
			{Name: fieldDrill, Help: "It is an exercise", Kind: chat.ArgYes, Option: true, Example: yes},
			{Name: fieldSince, Help: "How far back messages can be marked", Kind: chat.ArgTime, Option: true, Example: `"2h ago"`},
			{Name: fieldInvite, Help: "Who is to come into its room, groups too", Kind: chat.ArgPeople, Option: true, Example: `"@ada @ben"`},
			sureArg(),
		},
		Examples: []string{"start Checkout answers 500", "start room:new severity:sev2 Search is slow", `start since:"yesterday 22:00" Mail was late`},
		Run:      runStart,
		read:     readers{fieldSeverity: reads(incident.ParseSeverity)},
		instead:  map[chat.FieldID]chat.FieldID{fieldTitle: fieldDraft},
	}
}

func runStart(req *Request) (chat.Reply, error) {
	if err := req.takeDraft(); err != nil {
		return chat.Reply{}, err
	}
	apart, err := req.wantsNewRoom()
	if err != nil {
		return chat.Reply{}, err
	}
	opening, err := req.opening(apart)
	if err != nil {
		return chat.Reply{}, err
	}
	events, err := incident.Open(opening)
	if err != nil {
		return chat.Reply{}, About(fieldTitle, err)
	}
	if !req.says(fieldSure) {
		if others, err := req.freshOnes(); err != nil || len(others) > 0 {
			return req.offerOthers(others, err)
		}
	}
	id, err := req.Tx.Create(events...)
	if err != nil {
		return chat.Reply{}, err
	}
	if req.Incident, err = req.Tx.Incident(id); err != nil {
		return chat.Reply{}, err
	}
	return req.opened(req.Incident, apart)
}

// wantsNewRoom says whether the incident gets a room of its own. A room that has an incident under way takes no second one.
func (req *Request) wantsNewRoom() (bool, error) {
	choice := req.Text[fieldRoom]
	apart := choice == roomNew || choice == "" && (req.Settings.NewRoom || req.Direct) && req.Here.MakesRooms
	switch {
	case apart && !req.Here.MakesRooms:
		return false, incident.Refuse("I cannot make rooms here. Make one yourself, invite me, and write `%s` there.", req.typed("start <title>"))
	case apart:
		return true, nil
	case req.Direct:
		return false, incident.Refuse("A direct message cannot be the room of an incident. Write `%s` in a room.", req.typed("start <title>"))
	}
	if id, live := req.Tx.InRoom(roomOf(req.Place)); live {
		return false, req.refuseSecond(id)
	}
	return false, nil
}

func (req *Request) refuseSecond(id incident.ID) error {
	in, err := req.Tx.Incident(id)
	if errors.Is(err, storage.ErrDamaged) {
		return req.refuseDamaged(id)
	}
	if err != nil {
		return err
	}
	what := fmt.Sprintf("This room has %s already. `%s` takes part in it, `%s` ends it", titled(id, in.Title()), req.typed("join"), req.typed("close"))
	if req.Here.MakesRooms {
		what += fmt.Sprintf("; `%s` opens another in a room of its own", req.typed("start room:new <title>"))
	}
	return incident.Refusal{Text: what + "."}
}

// opening is what was said about the new incident.
func (req *Request) opening(apart bool) (incident.Opening, error) {
	o := incident.Opening{Title: req.Text[fieldTitle], Severity: incident.Severity(req.Text[fieldSeverity]),
		Drill: req.says(fieldDrill), Private: req.says(fieldPrivate), Zone: req.Settings.Zone}
	if since, given := req.Text[fieldSince]; given {
		at, err := incident.ReadInstant(since, req.At, o.Zone)
		if err != nil {
			return o, About(fieldSince, err)
		}
		if at.After(req.At) {
			return o, incident.Refuse("`since:` lies in the future. Write when it began, like since:\"2h ago\".")
		}
		o.Since = at
	}
	if !apart {
		room := req.thisRoom()
		o.Room = &room
	}
	return o, nil
}

// thisRoom is the room that the command was typed in, without its thread: an incident takes the whole room.
func (req *Request) thisRoom() incident.Room {
	room := incident.Room{RoomID: roomOf(req.Place.Room()), Name: string(req.Place.Channel)}
	if known, ok := req.Rooms[FieldHere]; ok && known.Name != "" {
		room.Name = known.Name
	}
	return room
}

// freshOnes are incidents that the person may have wanted to join: under way and hardly older than a quarter of an hour.
func (req *Request) freshOnes() ([]storage.Summary, error) {
	var fresh []storage.Summary
	err := req.visible(func(s storage.Summary) error {
		switch {
		case req.Tx.Now().Sub(s.Opened) > freshFor || len(fresh) == 3:
			return errEnough
		case s.State.Live():
			fresh = append(fresh, s)
		}
		return nil
	})
	return fresh, err
}

// offerOthers asks whether one of the incidents that were just opened is meant. Nothing is opened before that is answered.
func (req *Request) offerOthers(others []storage.Summary, err error) (chat.Reply, error) {
	if err != nil {
		return chat.Reply{}, err
	}
	key, err := req.keepDraft()
	if err != nil {
		return chat.Reply{}, err
	}
	t := chat.Say("Somebody may have opened it already:")
	var buttons []chat.Button
	for _, s := range others {
		t = t.Plain("\n").Bold(s.ID.String()).Plain(" " + quote(s.Title) + ", opened " + sinceOpened(s.Opened, req.Tx.Now()))
		buttons = append(buttons, button(ActionJoin, s.ID, "Join "+s.ID.String(), req.Settings))
	}
	insisting := req.draft()
	insisting.Text[fieldSure] = yes
	t = t.Plain("\nNothing was opened yet.")
	buttons = append(buttons, chat.Button{Action: ActionStart, Value: key, Label: "Start anyway", Typed: req.typed(insisting.Line())})
	return chat.Reply{Message: chat.Message{Text: t, Buttons: buttons}}, nil
}

// draft is the command as it was given. Its arguments are a copy: the transaction may run again with those of the request.
func (req *Request) draft() Parsed {
	p := parsed(firstWords()["start"])
	p.Text = maps.Clone(req.Text)
	return p
}

// keepDraft keeps what was typed, for a button to start all the same.
func (req *Request) keepDraft() (string, error) {
	state := req.draft().state()
	sum := sha256.Sum256([]byte(fmt.Sprint(req.By, req.Place, req.At.UnixNano(), state)))
	key := "start/" + hex.EncodeToString(sum[:8])
	return key, req.Tx.PutValue(key, []byte(state), req.Tx.Now().Add(draftFor))
}

// takeDraft takes up what keepDraft kept, where a button was pressed.
func (req *Request) takeDraft() error {
	key, given := req.Text[fieldDraft]
	if !given {
		return nil
	}
	state, there := req.Tx.Value(key)
	if !there {
		return incident.Refuse("That offer is too old. Write `%s` again.", req.typed("start <title>"))
	}
	_, text, err := fromState(string(state))
	if err != nil {
		return err
	}
	text[fieldSure] = yes
	req.Text = text
	return nil
}

// opened owes what a new incident needs and says what was done.
func (req *Request) opened(in *incident.Incident, apart bool) (chat.Reply, error) {
	if err := req.furnish(in, apart); err != nil {
		return chat.Reply{}, err
	}
	if err := req.announce(in); err != nil {
		return chat.Reply{}, err
	}
	t := drillMark(in).Bold(in.ID.String()).Plain(" is open: " + quote(in.Title()) + ".")
	if apart {
		t = t.Plain(" I am making a room for it and will invite you.")
	}
	t = t.Plain(" Pin a message with 📌 to put it on the timeline, with 📎 to keep it as supporting information, or write ")
	t = t.Code(req.typed("note <text>")).Plain(". Nobody is incident commander yet.")
	take := button(ActionCommand, in.ID, "Take command", req.Settings)
	take.Primary = true
	reply := req.aloud(in, t)
	reply.Buttons = []chat.Button{take}
	return reply, nil
}

// furnish owes the room, the card in it and the pin on the card, or, in a room that is there, what it holds already.
func (req *Request) furnish(in *incident.Incident, apart bool) error {
	at := spotAt(req.Place.Room())
	var err error
	if apart {
		if at, err = req.oweRoom(in); err != nil {
			return err
		}
	}
	card, err := req.owe(in.ID, "card", at, chat.Post{To: at.target, Message: req.card(in), Card: true})
	if err != nil {
		return err
	}
	if _, err := req.owe(in.ID, "pin", card, chat.Pin{On: card.target}); err != nil {
		return err
	}
	if err := req.oweBookmark(in, spot{}); err != nil {
		return err
	}
	if err := req.callIn(in, apart); err != nil || apart {
		return err
	}
	return req.oweCatchUp(in.ID, chat.CatchUp{Room: req.Place.Room(), Offer: true})
}

// oweRoom promises a room of the incident's own, with whoever started it in it.
func (req *Request) oweRoom(in *incident.Incident) (spot, error) {
	made := chat.NewRoom{Near: req.Place, Name: postmortem.Slug(in.ID.String() + " " + in.Title()), Topic: topicOf(in, req.name).steady,
		Private: in.Private, Users: []chat.UserID{req.User.ID}}
	at := spot{platform: req.Place.Platform, lane: string(req.Place.Platform) + "|new|" + in.ID.String()}
	room, err := req.owe(in.ID, "room", at, chat.MakeRoom{Room: made})
	if err != nil {
		return spot{}, err
	}
	_, err = req.owe(in.ID, "invite", room, chat.Invite{To: room.target, Users: made.Users})
	return room, err
}

// announce owes the news of the incident to the room for announcements, unless it is private or fought right there.
func (req *Request) announce(in *incident.Incident) error {
	to := req.Here.Announce
	if to == (chat.Place{}) || in.Private || isHere(in, req) && to.Room() == req.Place.Room() {
		return nil
	}
	t := drillMark(in).Bold(titled(in.ID, in.Title())).Plain(" was opened by " + req.name(in.Opener))
	if in.Severity != "" {
		t = t.Plain(" as " + string(in.Severity))
	}
	if len(in.Rooms) > 0 {
		t = t.Plain(" in " + in.Rooms[0].Name)
	}
	m := chat.Message{Text: t.Plain("."), Buttons: []chat.Button{button(ActionJoin, in.ID, "Join", req.Settings)}}
	_, err := req.owe(in.ID, "announce", spotAt(to), chat.Post{To: chat.Target{Place: to}, Message: m})
	return err
}

// sinceOpened is how long ago an incident was opened, in words.
func sinceOpened(opened, now time.Time) string {
	return incident.Words(max(now.Sub(opened), 0).Truncate(time.Minute)) + " ago"
}
