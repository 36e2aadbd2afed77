package discord

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"boswell/chat"
)

// deaf is a platform that nobody answers, for what is read without asking.
func deaf(t testing.TB) *Platform {
	t.Helper()
	p, err := New(Config{Token: chat.NewSecret("t")}, Options{Base: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	p.setSelf(identity{user: "1", application: "1"})
	return p
}

// FuzzFrames feeds the watcher of the socket anything, cut anywhere: it neither panics nor differs by the cut.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("HTTP/1.1 101 x\r\n\r\n\x81\x08{\"op\":7}\x88\x02\x0f\xa4"), 7)
	f.Add([]byte("x\r\n\r\n\x82\x7e\x00\x01a\x81\x00"), 3)
	f.Fuzz(func(t *testing.T, stream []byte, cut int) {
		read := func(parts ...[]byte) (seen []string) {
			fr := frames{small: func(op byte, payload []byte) { seen = append(seen, string(op)+string(payload)) }}
			for _, p := range parts {
				fr.feed(p)
			}
			return seen
		}
		at := min(max(cut, 0), len(stream))
		if a, b := read(stream), read(stream[:at], stream[at:]); strings.Join(a, "|") != strings.Join(b, "|") {
			t.Errorf("read %q whole and %q in parts", a, b)
		}
	})
}

// FuzzDispatch routes anything that a gateway could send.
func FuzzDispatch(f *testing.F) {
	f.Add("MESSAGE_CREATE", []byte(`{"id":"5","channel_id":"6","author":{"id":"7"},"components":[{"type":18}],"nonce":7}`))
	f.Add("INTERACTION_CREATE", []byte(`{"id":"5","token":"x","type":5,"data":{"custom_id":"f","components":[{"type":18,"component":{"values":["a"]}}]}}`))
	f.Add("GUILD_CREATE", []byte(`{"id":"5","channels":[{"id":"6","permission_overwrites":[{"allow":"8"}]}]}`))
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		p := deaf(t)
		p.o.Defer = 1 << 60
		r := &running{p: p, ctx: t.Context()}
		if kind == "READY" {
			p.ready(data)
		}
		if _, _, err := r.route(dispatch{kind: kind, data: data}); err == nil && !json.Valid(data) && kind == "MESSAGE_CREATE" {
			t.Errorf("%q was read", data)
		}
	})
}

// FuzzInteraction reads options, forms and buttons of anything that parses.
func FuzzInteraction(f *testing.F) {
	f.Add([]byte(`{"type":2,"data":{"type":1,"options":[{"type":1,"name":"note","options":[{"type":3,"name":"text","value":"a<t:5>"},{"type":4,"name":"n","value":7,"focused":true}]}]}}`))
	f.Add([]byte(`{"type":5,"data":{"custom_id":"f\u001fs","components":[{"type":1,"components":[{"type":4,"custom_id":"x","value":"y"}]}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var in interaction
		if json.Unmarshal(data, &in) != nil || strings.Contains(string(data), "<") || strings.Contains(string(data), "u003c") {
			return // names would be asked for
		}
		p := deaf(t)
		a := &ask{r: &running{p: p, ctx: t.Context()}, in: in}
		for _, o := range in.Data.Options {
			if o.Type == optionPerson {
				return
			}
		}
		if in.Type == askForm {
			formOf(in.Data.CustomID)
			if !strings.Contains(string(data), `"type":5`) || strings.Count(string(data), `"type"`) < 2 {
				a.values()
			}
		}
		buttonOf(in.Data.CustomID)
	})
}

// FuzzEscaped: whatever is said plainly holds no mark that is not behind a backslash, and reads the same without them.
func FuzzEscaped(f *testing.F) {
	f.Add("*a* _b_ `c` @everyone <@1> https://x.test/ \\* # -1. [a](b)")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		var plain strings.Builder
		behind := false
		for _, r := range escaped(text) {
			switch {
			case !behind && r == '\\':
				behind = true
				continue
			case !behind && r < 0x80 && strings.ContainsRune(special, r):
				t.Fatalf("%q is said as %q, where %q counts as a mark", text, escaped(text), r)
			}
			behind = false
			plain.WriteRune(r)
		}
		if plain.String() != text {
			t.Errorf("%q reads as %q", text, plain.String())
		}
	})
}

// FuzzRestored: texts without tokens stay as they are, and none panics.
func FuzzRestored(f *testing.F) {
	f.Add("<t:1700000000:R> <:a:1> </x y:5> <t:99999999999999999>")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "<@") || strings.Contains(text, "<#") {
			return // names would be asked for
		}
		p := deaf(t)
		got := p.restored(t.Context(), "", text, nil, names)
		if !token.MatchString(text) && got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// FuzzLink: what is read as an address leads back to itself.
func FuzzLink(f *testing.F) {
	f.Add("https://discord.com/channels/1/2/3")
	f.Add("https://ptb.discord.com/channels/@me/2/3")
	f.Fuzz(func(t *testing.T, text string) {
		p := deaf(t)
		if ref, ok := p.ParseLink(text); ok {
			if again, ok := p.ParseLink(p.Link(ref)); !ok || again != ref {
				t.Errorf("%q is %v, whose address %q is %v", text, ref, p.Link(ref), again)
			}
		}
	})
}
