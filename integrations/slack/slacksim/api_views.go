package slacksim

import (
	"strconv"
	"time"
	"unicode/utf8"

	"boswell/chat"
)

var viewMethods = map[string]method{
	"views.open":    {needs: []need{{"view", ""}}, do: (*Sim).openView},
	"views.push":    {needs: []need{{"view", ""}}, do: (*Sim).openView},
	"views.update":  {needs: []need{{"view", ""}}, do: (*Sim).updateView},
	"views.publish": {needs: []need{{"view", ""}, {"user_id", ""}}, do: (*Sim).publishView},
}

// view is a modal that somebody has before them.
type view struct {
	id, user string
	hash     int
	content  object
	typed    map[chat.FieldID]string // what was sent last and refused
}

// triggerLife is how long a trigger can be used.
const triggerLife = 3 * time.Second

// checkView refuses a view that Slack refuses.
func checkView(v any, kind string) (object, error) {
	content, ok := v.(object)
	if !ok || content["type"] != kind {
		return nil, refuse("invalid_arguments")
	}
	if err := checkBlocks(content["blocks"], viewBlocks); err != nil {
		return nil, refuse("invalid_arguments")
	}
	memory, _ := content["private_metadata"].(string)
	callback, _ := content["callback_id"].(string)
	if utf8.RuneCountInString(memory) > 3000 || len(callback) > 255 {
		return nil, refuse("invalid_arguments")
	}
	if kind == "modal" && (!textFits(content["title"], 1, 24) || hasInput(content) && !textFits(content["submit"], 1, 24)) {
		return nil, refuse("invalid_arguments")
	}
	return content, nil
}

func hasInput(content object) bool {
	list, _ := content["blocks"].([]any)
	for _, b := range list {
		if block, _ := b.(object); block["type"] == "input" {
			return true
		}
	}
	return false
}

func (s *Sim) openView(c *call) (object, error) {
	v, err := c.value("view")
	if err != nil {
		return nil, err
	}
	t := s.triggers[c.text("trigger_id")]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case s.now().Sub(t.at) > triggerLife:
		return nil, refuse("expired_trigger_id")
	}
	content, err := checkView(v, "modal")
	if err != nil {
		return nil, err
	}
	t.used = true
	t.view = &view{id: s.newID("V"), user: t.user, hash: s.number(), content: content}
	s.views[t.view.id] = t.view
	return object{"view": viewObject(t.view)}, nil
}

func viewObject(v *view) object {
	o := object{"id": v.id, "team_id": TeamID, "hash": hashOf(v), "app_id": AppID, "bot_id": BotID, "root_view_id": v.id,
		"state": object{"values": object{}}}
	for k, x := range v.content {
		o[k] = x
	}
	return o
}

func hashOf(v *view) string { return strconv.Itoa(v.hash) + ".simulated" }

func (s *Sim) updateView(c *call) (object, error) {
	v, err := c.value("view")
	if err != nil {
		return nil, err
	}
	old := s.views[c.text("view_id")]
	if old == nil {
		return nil, refuse("not_found")
	}
	if hash := c.text("hash"); hash != "" && hash != hashOf(old) {
		return nil, refuse("hash_conflict")
	}
	content, err := checkView(v, "modal")
	if err != nil {
		return nil, err
	}
	old.content, old.hash = content, s.number()
	return object{"view": viewObject(old)}, nil
}

func (s *Sim) publishView(c *call) (object, error) {
	v, err := c.value("view")
	if err != nil {
		return nil, err
	}
	content, err := checkView(v, "home")
	if err != nil {
		return nil, err
	}
	if s.users[c.text("user_id")] == nil {
		return nil, refuse("invalid_arguments")
	}
	s.homes[c.text("user_id")] = content
	return object{"view": content}, nil
}
