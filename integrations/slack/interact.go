package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"boswell/chat"
)

// The callbacks of the shortcuts in the manifest. Those on a message are the names of what they do.
const (
	callbackTimeline = "timeline"
	callbackSupport  = "supporting"
	callbackStart    = "start_incident"
)

type (
	wireInteraction struct {
		Type        string       `json:"type"`
		CallbackID  string       `json:"callback_id"`
		TriggerID   string       `json:"trigger_id"`
		ResponseURL string       `json:"response_url"`
		User        wireID       `json:"user"`
		Channel     wireID       `json:"channel"`
		MessageTS   string       `json:"message_ts"`
		ActionTS    string       `json:"action_ts"`
		Message     *wireMessage `json:"message"`
		Container   struct {
			Channel   string `json:"channel_id"`
			MessageTS string `json:"message_ts"`
			ThreadTS  string `json:"thread_ts"`
		} `json:"container"`
		Actions []wireAction `json:"actions"`
		View    wireView     `json:"view"`
	}
)

// A wireAction is a button that was pressed, or a menu of which an option was picked.
type wireAction struct {
	ActionID string `json:"action_id"`
	Type     string `json:"type"`
	Value    string `json:"value"`
	Picked   struct {
		Value string `json:"value"`
	} `json:"selected_option"`
	TS string `json:"action_ts"`
}

// pressed is what was pressed or picked; not ok is something that nobody here shows.
func (a wireAction) pressed() (action chat.ActionID, value string, ok bool) {
	switch a.Type {
	case "", "button":
		return actionOf(a.ActionID), a.Value, true
	case "static_select":
		name, value, split := strings.Cut(a.Picked.Value, optionSeparator)
		return chat.ActionID(name), value, split
	default:
		return "", "", false
	}
}

// openInteraction reads what somebody did with a button, a form or a shortcut.
func openInteraction(payload json.RawMessage) (opened, error) {
	var i wireInteraction
	if err := json.Unmarshal(payload, &i); err != nil {
		return opened{}, err
	}
	if i.User == "" {
		return opened{}, fmt.Errorf("%w: nobody did it", errUnreadable)
	}
	o := opened{lane: first(string(i.Channel), i.Container.Channel, string(i.User)), id: chat.DeliveryID("act/" + i.TriggerID)}
	switch i.Type {
	case "block_actions":
		return o.with(&i, (*delivery).pressed), nil
	case "message_action":
		return o.with(&i, (*delivery).called), nil
	case "shortcut":
		return o.with(&i, (*delivery).started), nil
	case "view_submission":
		return openSubmission(o, &i)
	default:
		return opened{}, nil // a form that was closed, or something that nobody here asked for
	}
}

func (o opened) with(i *wireInteraction, act func(*delivery, context.Context, *wireInteraction) error) opened {
	o.do = func(ctx context.Context, d *delivery) error { return act(d, ctx, i) }
	return o
}

// openSubmission reads a form that was filled in. One that was refused is submitted again with the same view, and another
// trigger.
func openSubmission(o opened, i *wireInteraction) (opened, error) {
	if i.View.CallbackID != formCallback {
		return opened{}, nil
	}
	var memory formMemory
	if err := json.Unmarshal([]byte(i.View.Memory), &memory); err != nil {
		return opened{}, err
	}
	o.lane = first(memory.Channel, string(i.User))
	o.id = chat.DeliveryID("form/" + i.View.ID + "/" + i.View.Hash + "/" + i.TriggerID)
	o.do = func(ctx context.Context, d *delivery) error { return d.submitted(ctx, i, memory) }
	return o, nil
}

// pressed takes a button, or an option that was picked.
func (d *delivery) pressed(ctx context.Context, i *wireInteraction) error {
	if len(i.Actions) == 0 {
		return nil
	}
	action, value, ok := i.Actions[0].pressed()
	if !ok {
		return nil
	}
	place, err := d.placeOf(ctx, i)
	if err != nil {
		return err
	}
	in := chat.Pressed{Meta: d.meta(string(place.Channel), i.Actions[0].TS), Action: action, Value: value,
		On: d.p.ref(string(place.Channel), i.Container.MessageTS)}
	in.Place = place
	in.Trigger = trigger(i.TriggerID, place)
	a := asking{place: place, user: chat.UserID(i.User), trigger: in.Trigger, url: i.ResponseURL}
	return d.ask(ctx, string(i.User), &in.Meta, func() chat.Inbound { return in }, a)
}

// placeOf is where something was done; on the home page that is the conversation with the bot.
func (d *delivery) placeOf(ctx context.Context, i *wireInteraction) (chat.Place, error) {
	if channel := first(string(i.Channel), i.Container.Channel); channel != "" {
		return d.p.place(channel, i.Container.ThreadTS), nil
	}
	return d.p.Direct(ctx, chat.UserID(i.User))
}

// called takes a shortcut on a message.
func (d *delivery) called(ctx context.Context, i *wireInteraction) error {
	channel, ts := string(i.Channel), i.MessageTS
	if i.Message != nil {
		ts = first(i.Message.TS, ts)
	}
	if i.CallbackID == "" || channel == "" || ts == "" {
		return fmt.Errorf("%w: a shortcut %q on no message", errUnreadable, i.CallbackID)
	}
	in := chat.Shortcut{Meta: d.meta(channel, i.ActionTS), Action: chat.ActionID(i.CallbackID), On: d.p.ref(channel, ts)}
	in.Trigger = trigger(i.TriggerID, in.Place)
	if i.Message != nil {
		said, err := soon(ctx, d, func(ctx context.Context) (chat.Said, error) { return d.p.said(ctx, channel, i.Message) })
		if err == nil {
			in.Message, in.Place = &said, said.Place
		}
	}
	a := asking{place: in.Place, user: chat.UserID(i.User), trigger: in.Trigger, url: i.ResponseURL}
	return d.ask(ctx, string(i.User), &in.Meta, func() chat.Inbound { return in }, a)
}

// started takes the shortcut that starts an incident from anywhere: its place is the conversation with the bot.
func (d *delivery) started(ctx context.Context, i *wireInteraction) error {
	if i.CallbackID != callbackStart {
		return nil
	}
	place, err := d.p.Direct(ctx, chat.UserID(i.User))
	if err != nil {
		return err
	}
	in := chat.Invoked{Meta: d.meta(string(place.Channel), i.ActionTS), Line: "start"}
	in.Trigger = trigger(i.TriggerID, place)
	a := asking{place: place, user: chat.UserID(i.User), trigger: in.Trigger}
	return d.ask(ctx, string(i.User), &in.Meta, func() chat.Inbound { return in }, a)
}

// submitted takes a form that was filled in.
func (d *delivery) submitted(ctx context.Context, i *wireInteraction, memory formMemory) error {
	values, err := soon(ctx, d, func(ctx context.Context) (map[chat.FieldID]string, error) {
		return d.p.filledIn(ctx, i.View.State.Values)
	})
	if err != nil {
		return err
	}
	in := chat.Submitted{Meta: d.meta(memory.Channel, ""), Action: memory.Action, State: memory.State, Values: values}
	in.Place = d.p.place(memory.Channel, memory.Thread)
	a := asking{place: in.Place, user: chat.UserID(i.User), form: &i.View}
	return d.ask(ctx, string(i.User), &in.Meta, func() chat.Inbound { return in }, a)
}
