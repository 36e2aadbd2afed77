package slacksim

import (
	"unicode/utf8"
)

// surface is where blocks are shown, with how many fit.
type surface struct {
	most   int
	inputs bool
}

var (
	messageBlocks = surface{most: 50}
	viewBlocks    = surface{most: 100, inputs: true}
)

// kinds of blocks that are known.
var blockKinds = map[string]bool{"section": true, "header": true, "divider": true, "context": true, "actions": true,
	"input": true, "image": true, "rich_text": true, "markdown": true}

// checkBlocks refuses blocks that Slack refuses.
func checkBlocks(v any, where surface) error {
	if v == nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		return refuse("invalid_blocks_format")
	}
	if len(list) > where.most {
		return refuse("invalid_blocks")
	}
	ids := map[string]bool{}
	for _, b := range list {
		block, ok := b.(object)
		if !ok || !checkBlock(block, where) {
			return refuse("invalid_blocks")
		}
		if id, _ := block["block_id"].(string); id != "" {
			if ids[id] || utf8.RuneCountInString(id) > 255 {
				return refuse("invalid_blocks")
			}
			ids[id] = true
		}
	}
	return nil
}

func checkBlock(b object, where surface) bool {
	kind, _ := b["type"].(string)
	switch kind {
	case "section":
		fields, _ := b["fields"].([]any)
		return textFits(b["text"], 1, 3000) && len(fields) <= 10 || b["text"] == nil && len(fields) > 0 && len(fields) <= 10
	case "header":
		return textFits(b["text"], 1, 150)
	case "actions":
		return checkActions(b["elements"])
	case "input":
		return where.inputs && textFits(b["label"], 1, 2000) && checkInput(b["element"])
	case "rich_text":
		return checkRichText(b["elements"])
	default:
		return blockKinds[kind]
	}
}

// textFits says that v is a text object of a length.
func textFits(v any, least, most int) bool {
	o, _ := v.(object)
	text, ok := o["text"].(string)
	n := utf8.RuneCountInString(text)
	return ok && n >= least && n <= most
}

func checkActions(v any) bool {
	list, _ := v.([]any)
	if len(list) == 0 || len(list) > 25 {
		return false
	}
	ids := map[string]bool{}
	for _, e := range list {
		element, _ := e.(object)
		id, _ := element["action_id"].(string)
		if !checkElement(element) || len(id) > 255 || id != "" && ids[id] {
			return false
		}
		ids[id] = true
	}
	return true
}

// checkElement says that an element can be pressed, or chosen from.
func checkElement(e object) bool {
	value, _ := e["value"].(string)
	switch e["type"] {
	case "button":
		return textFits(e["text"], 1, 75) && len(value) <= 2000
	case "static_select":
		return (e["placeholder"] == nil || textFits(e["placeholder"], 1, 150)) && checkInput(e)
	default:
		return false
	}
}

func checkInput(v any) bool {
	e, _ := v.(object)
	switch e["type"] {
	case "plain_text_input":
		most, given := e["max_length"].(float64)
		return !given || most >= 1 && most <= 3000
	case "static_select":
		options, _ := e["options"].([]any)
		for _, o := range options {
			option, _ := o.(object)
			value, _ := option["value"].(string)
			if !textFits(option["text"], 1, 75) || value == "" || len(value) > 150 {
				return false
			}
		}
		return len(options) > 0 && len(options) <= 100
	case "users_select":
		return true
	default:
		return false
	}
}

// richMost bounds the text of a rich text block.
const richMost = 12000

func checkRichText(v any) bool {
	list, _ := v.([]any)
	total := 0
	for _, p := range list {
		part, _ := p.(object)
		switch part["type"] {
		case "rich_text_section", "rich_text_preformatted", "rich_text_quote", "rich_text_list":
		default:
			return false
		}
		elements, _ := part["elements"].([]any)
		for _, e := range elements {
			n, ok := checkRichElement(e)
			if !ok {
				return false
			}
			total += n
		}
	}
	return len(list) > 0 && total <= richMost
}

func checkRichElement(v any) (length int, ok bool) {
	e, _ := v.(object)
	switch e["type"] {
	case "text":
		text, _ := e["text"].(string)
		return utf8.RuneCountInString(text), text != ""
	case "link":
		address, _ := e["url"].(string)
		return len(address), address != ""
	case "user":
		id, _ := e["user_id"].(string)
		return 1, id != ""
	case "usergroup", "channel", "emoji", "broadcast", "date", "rich_text_section":
		return 1, true
	default:
		return 0, false
	}
}
