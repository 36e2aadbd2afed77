package rocketchat

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"boswell/chat"
)

// The kinds of request that the app makes.
const (
	appCommand = "command" // a line was typed, or chosen from what was offered
	appPreview = "preview" // a line is being typed
	appAction  = "action"  // an action was chosen from the menu of a message
	appPress   = "press"   // a button was pressed
	appSubmit  = "submit"  // a form was filled in
)

// actionOpenForm is the button that opens the form of a line, where the line itself could not.
const actionOpenForm chat.ActionID = "open_form"

// An appRequest is what somebody did in a client, as the app tells it. What is not known of it is passed over: app and bot
// need not be of the same age.
type appRequest struct {
	ID   string  `json:"id"` // the same however often it is sent
	Kind string  `json:"kind"`
	User appUser `json:"user"`
	Room appRoom `json:"room"`
	// Thread is where it was done; empty is the room itself.
	Thread string `json:"thread"`
	// Trigger opens a form within five seconds, once.
	Trigger string `json:"triggerId"`
	// Line is what stands behind the command.
	Line string `json:"line"`
	// Chosen says that the line was chosen from what was offered: clients open no form in answer to that.
	Chosen  bool    `json:"chosen"`
	Action  string  `json:"action"`
	Value   string  `json:"value"`
	Message string  `json:"message"`
	View    appView `json:"view"`
}

type (
	appUser struct {
		ID       string `json:"id"`
		Username string `json:"username"`
		Name     string `json:"name"`
	}
	appRoom struct {
		ID      string   `json:"id"`
		Name    string   `json:"name"`
		Kind    string   `json:"type"`
		Members []string `json:"members"` // of a direct conversation
	}
	appView struct {
		ID    string                    `json:"id"`
		State map[string]map[string]any `json:"state"` // by block and by element, which are both called like the field
	}
)

// field is the field of the form with a name, else its first: a form has no other place to say what is wrong.
func (v appView) field(name chat.FieldID) string {
	fields := slices.Sorted(maps.Keys(v.State))
	if _, there := v.State[string(name)]; there || len(fields) == 0 {
		return string(name)
	}
	return fields[0]
}

var errUnreadableRequest = errors.New("the request says not enough")

// openRequest reads a request that was vouched for.
func openRequest(body []byte) (q appRequest, err error) {
	if err := json.Unmarshal(body, &q); err != nil {
		return q, err
	}
	complete := q.ID != "" && q.User.ID != ""
	switch q.Kind {
	case appCommand, appPreview:
		complete = complete && q.Room.ID != ""
	case appAction:
		complete = complete && q.Room.ID != "" && q.Message != "" && onMenu(chat.ActionID(q.Action))
	case appPress:
		complete = complete && q.Room.ID != "" && q.Action != ""
	case appSubmit:
		complete = complete && q.View.ID != ""
	default:
		complete = false
	}
	if !complete {
		return q, errUnreadableRequest
	}
	return q, nil
}

// onMenu says that an action of the menu of messages is one that the bot has.
func onMenu(action chat.ActionID) bool {
	return action == chat.ActionTimeline || action == chat.ActionSupporting
}

// meta is what a request says about who did it where. self is the bot's own identifier.
func (q appRequest) meta(self string, from chat.User, place chat.Place) chat.Meta {
	m := chat.Meta{Delivery: chat.DeliveryID("app/" + q.User.ID + "/" + q.ID), From: from, Place: place}
	m.Direct = q.Room.Kind == kindDirect && len(q.Room.Members) <= 2 && slices.Contains(q.Room.Members, self)
	if q.Room.Name != "" && q.Room.Kind != kindDirect {
		m.Room = "#" + q.Room.Name
	}
	m.Trigger = trigger(q.Trigger, q.User.ID, place)
	return m
}

// A trigger that the rest of the program holds is the server's, with the person who pulled it and the place.
func trigger(id, user string, at chat.Place) chat.Trigger {
	if id == "" {
		return ""
	}
	return chat.Trigger(strings.Join([]string{id, user, string(at.Channel), string(at.Thread)}, " "))
}

// pulled is what a trigger was made of.
func pulled(t chat.Trigger) (id, user, room, thread string) {
	parts := append(strings.Split(string(t), " "), "", "", "")
	return parts[0], parts[1], parts[2], parts[3]
}
