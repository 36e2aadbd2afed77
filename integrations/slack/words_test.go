package slack

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestWords: what people see of a message is what it says, wherever its author put it.
func TestWords(t *testing.T) {
	const section = `{"type":"section","text":{"type":"mrkdwn","text":"*DB is down*"}}`
	for name, c := range map[string]struct{ message, want string }{
		"a text":                {`{"text":"DB is down","blocks":[` + section + `]}`, "DB is down"},
		"a section":             {`{"bot_id":"B1","blocks":[` + section + `]}`, "*DB is down*"},
		"fields of a section":   {`{"blocks":[{"type":"section","fields":[{"type":"mrkdwn","text":"DB is down"},{"type":"mrkdwn","text":"5 s"}]}]}`, "DB is down\n5 s"},
		"a context":             {`{"blocks":[{"type":"context","elements":[{"type":"image","alt_text":"x"},{"type":"mrkdwn","text":"DB is down"}]}]}`, "DB is down"},
		"markdown":              {`{"blocks":[{"type":"markdown","text":"DB is **down**"}]}`, "DB is **down**"},
		"no buttons":            {`{"blocks":[` + section + `,{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Ack"}}]}]}`, "*DB is down*"},
		"a bar with blocks":     {`{"attachments":[{"color":"d00000","fallback":"[no preview available]","blocks":[` + section + `]}]}`, "*DB is down*"},
		"a text and a bar":      {`{"text":"Alert","attachments":[{"fallback":"x","title":"DB is down","text":"latency 5 s"}]}`, "Alert\nDB is down\nlatency 5 s"},
		"fields of a bar":       {`{"attachments":[{"fallback":"x","title":"FIRING","fields":[{"title":"what","value":"DB is down"},{"value":"now"}]}]}`, "FIRING\nwhat: DB is down\nnow"},
		"only a fallback":       {`{"attachments":[{"fallback":"DB is down"}]}`, "DB is down"},
		"said twice":            {`{"text":"DB is down","attachments":[{"text":"DB is down"}]}`, "DB is down"},
		"a preview":             {`{"text":"see <https://example.com>","attachments":[{"title":"Example","from_url":"https://example.com"}]}`, "see <https://example.com>"},
		"the preview of an app": {`{"text":"see it","attachments":[{"title":"Example","is_app_unfurl":true}]}`, "see it"},
		"a message that is shared": {`{"user":"U1","text":"","attachments":[{"is_share":true,"from_url":"https://example.slack.com/archives/C1/p1","text":"DB is down"}]}`,
			"DB is down"},
		"rich text": {`{"blocks":[{"type":"rich_text","elements":[
			{"type":"rich_text_section","elements":[{"type":"text","text":"DB <1> is "},{"type":"text","text":"down","style":{"bold":true}},{"type":"user","user_id":"U1"},
				{"type":"emoji","name":"fire"},{"type":"link","url":"https://example.com/?a&b"},{"type":"link","url":"https://example.com","text":"here"}]},
			{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"here"}]},
				{"type":"rich_text_section","elements":[{"type":"channel","channel_id":"C1"},{"type":"usergroup","usergroup_id":"S1"}]}]}]}]}`,
			"DB &lt;1&gt; is down<@U1>:fire:<https://example.com/?a&amp;b|https://example.com/?a&amp;b><https://example.com|here>\n• <!here>\n• <#C1><!subteam^S1>"},
		"unknown": {`{"blocks":[{"type":"hologram","text":7},"none",{"type":"section","text":["x"]}],"attachments":[{"fields":[{}]}]}`, ""},
	} {
		var m wireMessage
		if err := json.Unmarshal([]byte(c.message), &m); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := m.words(); got != c.want {
			t.Errorf("%s says %q, want %q", name, got, c.want)
		}
	}
}

// FuzzWords: whatever blocks and attachments a message has, its text is in what it says.
func FuzzWords(f *testing.F) {
	f.Add("Alert", []byte(`[{"type":"rich_text","elements":[{"type":"rich_text_list","elements":[{"type":"text","text":"x"}]}]}]`), []byte(`[{"fallback":"x","fields":[{"title":"x"}]}]`))
	f.Add("", []byte(`[{"text":{"text":7}}]`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, text string, blocks, attachments []byte) {
		m := wireMessage{Text: text}
		// What cannot be read is left as far as it was read.
		_ = json.Unmarshal(blocks, &m.Blocks)
		_ = json.Unmarshal(attachments, &m.Attachments)
		if words := m.words(); !strings.HasPrefix(words, text) {
			t.Errorf("%q says %q", text, words)
		}
	})
}
