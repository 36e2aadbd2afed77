package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// Amounts of Block Kit.
const (
	buttonTextMost  = 75
	optionTextMost  = 75
	placeholderMost = 150
	valueMost       = 2000
)

// blocks render a message. Its text is rich text, which Slack shows as it is: no character in it formats, links or pings.
func blocks(m chat.Message) []slack.Block {
	var all []slack.Block
	if rich := richText(withRows(m)); len(rich.Elements) > 0 {
		all = append(all, rich)
	}
	if len(m.Buttons) > 0 {
		all = append(all, actions(m.Buttons))
	}
	if len(m.Menus) > 0 {
		all = append(all, menus(m))
	}
	return all
}

// withRows is the text of a message with its rows as lines.
func withRows(m chat.Message) chat.Text {
	t := append(chat.Text{}, m.Text...)
	for _, r := range m.Rows {
		if len(t) > 0 {
			t = t.Plain("\n")
		}
		t = append(t.Bold(r.Label).Plain(": "), r.Text...)
	}
	return t
}

// fallback is what notifications and old clients show, in Slack's markup.
func fallback(m chat.Message) string { return escape(withRows(m).String()) }

// richText renders spans. Blocks stand for themselves; what is between them is a section.
func richText(t chat.Text) *slack.RichTextBlock {
	block := slack.NewRichTextBlock("")
	var section []slack.RichTextSectionElement
	flush := func() {
		if len(section) > 0 {
			block.Elements = append(block.Elements, slack.NewRichTextSection(section...))
			section = nil
		}
	}
	for _, s := range t {
		if s.Kind == chat.SpanBlock {
			flush()
			if text := strings.Trim(s.Text, "\n"); text != "" {
				block.Elements = append(block.Elements, &slack.RichTextPreformatted{Type: slack.RTEPreformatted,
					Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(text, nil)}})
			}
			continue
		}
		if e := element(s); e != nil {
			section = append(section, e)
		}
	}
	flush()
	return block
}

// element renders one span; nil is one with nothing in it, which Slack refuses.
func element(s chat.Span) slack.RichTextSectionElement {
	switch {
	case s.Kind == chat.SpanMention && isPerson(string(s.User)):
		return slack.NewRichTextSectionUserElement(string(s.User), nil)
	case s.Kind == chat.SpanMention && isGroup(s.User):
		return slack.NewRichTextSectionUserGroupElement(string(s.User))
	case s.Kind == chat.SpanMention:
		return slack.NewRichTextSectionTextElement("@"+s.Text, nil)
	case s.Kind == chat.SpanLink && linkable(s.Link):
		return slack.NewRichTextSectionLinkElement(s.Link, first(s.Text, s.Link), nil)
	case s.Kind == chat.SpanLink:
		return written(chat.Text{s}.String(), nil)
	case s.Kind == chat.SpanBold:
		return written(s.Text, &slack.RichTextSectionTextStyle{Bold: true})
	case s.Kind == chat.SpanCode:
		return written(s.Text, &slack.RichTextSectionTextStyle{Code: true})
	default:
		return written(s.Text, nil)
	}
}

func written(text string, style *slack.RichTextSectionTextStyle) slack.RichTextSectionElement {
	if text == "" {
		return nil
	}
	return slack.NewRichTextSectionTextElement(text, style)
}

func isPerson(id string) bool { return strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W") }

// linkable says that an address is one that Slack takes in a link.
func linkable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "mailto")
}

// actions render buttons.
func actions(buttons []chat.Button) *slack.ActionBlock {
	elements := make([]slack.BlockElement, 0, len(buttons))
	used := map[chat.ActionID]int{}
	for _, b := range buttons[:min(len(buttons), buttonsMost)] {
		used[b.Action]++
		label := slack.NewTextBlockObject(slack.PlainTextType, cut(b.Label, buttonTextMost), false, false)
		e := slack.NewButtonBlockElement(buttonID(b.Action, used[b.Action]), cut(b.Value, valueMost), label)
		switch {
		case b.Danger:
			e.Style = slack.StyleDanger
		case b.Primary:
			e.Style = slack.StylePrimary
		}
		elements = append(elements, e)
	}
	return slack.NewActionBlock("", elements...)
}

// menus render the menus of a message in a block of their own. Slack keeps what somebody picked as long as the block has the
// same identifier, so it goes by what the message says: a card that changed shows again what its menus are for.
func menus(m chat.Message) *slack.ActionBlock {
	elements := make([]slack.BlockElement, 0, len(m.Menus))
	for i, menu := range m.Menus {
		options := make([]*slack.OptionBlockObject, 0, len(menu.Options))
		for _, o := range menu.Options {
			label := slack.NewTextBlockObject(slack.PlainTextType, cut(o.Label, optionTextMost), false, false)
			options = append(options, slack.NewOptionBlockObject(string(o.Action)+optionSeparator+o.Value, label, nil))
		}
		label := slack.NewTextBlockObject(slack.PlainTextType, cut(menu.Label, placeholderMost), false, false)
		elements = append(elements, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, label, "menu"+strconv.Itoa(i), options...))
	}
	sum := sha256.Sum256([]byte(fallback(m)))
	return slack.NewActionBlock("menus/"+hex.EncodeToString(sum[:8]), elements...)
}

// optionSeparator stands between the action and the value of an option; no action holds it.
const optionSeparator = " "

// buttonID is the identifier of a button. An action may stand on several of a message, and Slack wants each to have one of
// its own.
func buttonID(action chat.ActionID, n int) string {
	if n == 1 {
		return string(action)
	}
	return string(action) + "#" + strconv.Itoa(n)
}

// actionOf is the action of a button by its identifier.
func actionOf(id string) chat.ActionID {
	action, _, _ := strings.Cut(id, "#")
	return chat.ActionID(action)
}
