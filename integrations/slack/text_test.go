package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"boswell/chat"
)

// plainNames stand in for a workspace.
type plainNames struct{}

func (plainNames) person(id, label string) string { return "@" + first(label, id) }
func (plainNames) room(id, label string) string   { return "#" + first(label, id) }
func (plainNames) group(id, label string) string  { return first(label, id) }

func TestPlain(t *testing.T) {
	for _, c := range [][2]string{
		{"a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"},
		{"&amp;lt;", "&lt;"},
		{"<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"},
		{"<http://example.com|example.com>", "example.com"},
		{"<mailto:a@example.com|a@example.com>", "a@example.com"},
		{"<https://example.com/run|the runbook>", "the runbook (https://example.com/run)"},
		{"<@U1|ann> in <#C1|ops>, <#C2>", "@ann in #ops, #C2"},
		{"<!here> <!channel> <!everyone>", "@here @channel @everyone"},
		{"<!subteam^S1|@sre> <!subteam^S2>", "@sre S2"},
		{"<!date^1700000000^{date_short}|14 Nov> <!date^1700000000^{time}>", "14 Nov 2023-11-14 22:13 UTC"},
		{"<!unknown|a word> <!unknown>", "a word <!unknown>"},
		{":fire: _it_ *b* ~s~ `c` \\n", ":fire: _it_ *b* ~s~ `c` \\n"},
		{"< <<@U1> > <>", "< <@U1 > <>"},
		{"a < b", "a < b"},
	} {
		if got := plain(c[0], plainNames{}); got != c[1] {
			t.Errorf("plain(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

// FuzzEscape: what is escaped comes back as it was, and nothing of it means anything to Slack.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "a", "<!channel> & <@U1|x> <http://a|b>", "&lt;&amp;gt;", "<<>>&&;", "a\x00\xffb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		wire := escape(s)
		if got := plain(wire, plainNames{}); got != s {
			t.Errorf("%q is escaped to %q and comes back as %q", s, wire, got)
		}
		if strings.ContainsAny(wire, "<>") {
			t.Errorf("%q is escaped to %q", s, wire)
		}
	})
}

// FuzzPlain: whatever arrives is read without end or panic, and a text without markup as it is.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"<@U1>", "<", "<>", "<|>", "<!date^x^y|>", "<#|>", "<!subteam^>", "a<b<c>d>", "<@|>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plain(s, plainNames{})
		if !strings.ContainsAny(s, "<>&") && got != s {
			t.Errorf("%q is read as %q", s, got)
		}
	})
}

// FuzzRender: no text can ping or be more than text, whatever span it is in.
func FuzzRender(f *testing.F) {
	f.Add("<!channel>", "bold", "https://example.com/")
	f.Add("*x*", "link", "javascript:alert(1)")
	f.Add("", "block", "")
	f.Fuzz(func(t *testing.T, text, kind, link string) {
		m := chat.Message{Text: chat.Text{{Kind: chat.SpanKind(kind), Text: text, Link: link}},
			Rows: []chat.Row{{Label: text, Text: chat.Say(text)}}}
		if chat.SpanKind(kind) == chat.SpanMention {
			return
		}
		if strings.ContainsAny(fallback(m), "<>") {
			t.Errorf("the fallback is %q", fallback(m))
		}
		for _, b := range blocks(m) {
			if b.BlockType() != "rich_text" {
				t.Errorf("a block of the type %q", b.BlockType())
			}
		}
	})
}

// FuzzEnvelope: whatever arrives is read or refused.
func FuzzEnvelope(f *testing.F) {
	for kind, bodies := range map[string][]string{
		kindEvent: {`{}`, `{"event_id":"Ev1","event":{"type":"message","channel":"C1","ts":"1.2","text":"<@U1>","blocks":[{"type":"x"}]}}`,
			`{"event":{"type":"message","subtype":"message_changed","channel":"C1","message":{"ts":"1"}}}`,
			`{"event":{"type":"pin_added","channel_id":"C1","item":{"message":{"ts":"1"}}}}`, `{"type":"app_rate_limited"}`},
		kindSlash: {`{"channel_id":"C1","user_id":"U1","trigger_id":"1","text":"note &lt;"}`, `[]`},
		kindInteractive: {`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"a#2"}]}`,
			`{"type":"view_submission","user":{"id":"U1"},"view":{"callback_id":"boswell_form","private_metadata":"{}","state":{"values":{"a":{"value":{"value":"x"}}}}}}`,
			`{"type":"message_action","user":"U1","callback_id":"timeline"}`},
		"": {``},
	} {
		for _, body := range bodies {
			f.Add(kind, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		o, err := open(envelope{kind: kind, payload: payload})
		if err != nil && o.do != nil {
			t.Error("an envelope that cannot be read is handled")
		}
	})
}

// FuzzRefusedForm: whatever form was submitted, its refusal is one that Slack can read: at a field that the form has, or with
// the form as it was and the note at its top.
func FuzzRefusedForm(f *testing.F) {
	f.Add("title", "no", `{"blocks":[{"type":"input","block_id":"title","element":{"type":"plain_text_input"}}],"state":{"values":{"title":{"value":{"value":"x"}}}}}`)
	f.Add("", "no", `{"title":{"type":"plain_text","text":"T"},"submit":null,"blocks":[{"type":"section","block_id":"boswell_refusal"},{"type":"input","block_id":"s",`+
		`"element":{"type":"static_select","options":[{"value":"1"},7]}}],"state":{"values":{"s":{"value":{"selected_option":{"value":"1"}}}}}}`)
	f.Add("x", "", `{"blocks":[{"type":"input","element":"none"},{"element":{"options":{}}}]}`)
	f.Fuzz(func(t *testing.T, field, text, payload string) {
		var v wireView
		if json.Unmarshal([]byte(payload), &v) != nil {
			return
		}
		blocks := len(v.Blocks)
		data, err := json.Marshal(refusedForm(&v, chat.Reply{Message: chat.Message{Text: chat.Say(text)}, Refused: true, Field: chat.FieldID(field)}))
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Action string            `json:"response_action"`
			Errors map[string]string `json:"errors"`
			View   struct {
				Blocks []json.RawMessage `json:"blocks"`
			} `json:"view"`
		}
		if err := json.Unmarshal(data, &answer); err != nil {
			t.Fatal(err)
		}
		if (answer.Action != "errors" || len(answer.Errors) != 1) && (answer.Action != "update" || len(answer.View.Blocks) > blocks+1) {
			t.Errorf("the refusal is %s", data)
		}
	})
}

// TestEmoji: every emoji of the table is found by its names and leads back to the first of them.
func TestEmoji(t *testing.T) {
	for name, characters := range emojis().Characters {
		if characters == "" || strings.ContainsRune(characters, 0) {
			t.Errorf("%s is %q", name, characters)
		}
		back, ok := nameOfEmoji(emojiOf(name))
		if !ok || emojiOf(back) != characters {
			t.Errorf("%s is %q, which is called %q", name, characters, back)
		}
	}
	for name, want := range map[string]string{"pushpin": "📌", "+1::skin-tone-4": "👍🏽", "our-logo": ":our-logo:", ":x:": "❌"} {
		if got := emojiOf(name); got != want {
			t.Errorf("emojiOf(%q) = %q, want %q", name, got, want)
		}
	}
	for emoji, want := range map[string]string{"✅": "white_check_mark", "👍🏽": "+1::skin-tone-4", ":our-logo:": "our-logo", "❤": "heart"} {
		if got, ok := nameOfEmoji(emoji); !ok || got != want {
			t.Errorf("nameOfEmoji(%q) = %q, want %q", emoji, got, want)
		}
	}
	for _, none := range []string{"", "x", "::", "\ufe0f"} {
		if name, ok := nameOfEmoji(none); ok {
			t.Errorf("%q is the emoji %q", none, name)
		}
	}
}

func TestStamps(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 123456000, time.UTC)
	if got := moment(stamp(at)); !got.Equal(at) || stamp(at) != "1772355600.123456" {
		t.Errorf("%v is %s and then %v", at, stamp(at), got)
	}
	for _, none := range []string{"", "x", "-1.0", "1.x", "0"} {
		if got := moment(none); !got.IsZero() {
			t.Errorf("%q is read as %v", none, got)
		}
	}
}

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{"INC 7: Shop <down>!": "inc-7-shop-down", "": "", "!!!": "", "größe": "größe", "a_b-c": "a_b-c",
		"a - - b": "a---b"} {
		if got := safeName(in); got != want {
			t.Errorf("safeName(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestPacer: a few messages go at once, then one each second, per channel.
func TestPacer(t *testing.T) {
	p := pacer{every: time.Second}
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for n, want := range []time.Duration{-3 * time.Second, -2 * time.Second, -time.Second, 0, time.Second, 2 * time.Second} {
		if got := p.take("C1", now); got != want {
			t.Errorf("message %d waits %v, want %v", n, got, want)
		}
	}
	if got := p.take("C2", now); got > 0 {
		t.Errorf("another channel waits %v", got)
	}
	if got := p.take("C1", now.Add(time.Minute)); got > 0 {
		t.Errorf("a minute later a message waits %v", got)
	}
}
