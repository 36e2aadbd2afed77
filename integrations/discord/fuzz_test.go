package discord

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"boswell/chat"
)

// nothing is a Discord where nothing is to be found. It counts the first answers to questions.
type nothing struct{ answers atomic.Int64 }

// RoundTrip takes answers, and knows nothing else.
func (n *nothing) RoundTrip(r *http.Request) (*http.Response, error) {
	status, text := http.StatusNotFound, `{"code":10003,"message":"Unknown Channel"}`
	if strings.HasSuffix(r.URL.Path, "/callback") {
		n.answers.Add(1)
		status, text = http.StatusNoContent, ""
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

// deaf is a platform that knows one channel and learns nothing by asking.
func deaf(t testing.TB) (*Platform, *nothing) {
	t.Helper()
	there := &nothing{}
	p, err := New(Config{Token: chat.NewSecret("t")}, Options{HTTP: &http.Client{Transport: there}, Defer: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	p.setSelf(identity{user: "1", application: "1"})
	p.guilds.learn(guild{ID: "7", Channels: []channel{{ID: "6", Name: "ops"}}})
	return p, there
}

// listening is an adapter whose bot takes everything and has an answer to it, and refuses forms.
func listening(t testing.TB, p *Platform) *running {
	return &running{p: p, ctx: t.Context(), handle: func(_ context.Context, in chat.Inbound) (chat.Reply, error) {
		_, form := in.(chat.Submitted)
		return chat.Reply{Message: chat.Message{Text: chat.Say("heard")}, Choices: []chat.Choice{{Value: "a"}}, Refused: form}, nil
	}}
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

// FuzzDispatch takes anything that a gateway could send to its end.
func FuzzDispatch(f *testing.F) {
	f.Add("MESSAGE_CREATE", []byte(`{"id":"5","channel_id":"6","guild_id":"7","author":{"id":"8"},"content":"<@1> list","components":[{"type":18}],"nonce":7}`))
	f.Add("MESSAGE_UPDATE", []byte(`{"id":"5","channel_id":"6","guild_id":"7","type":6,"author":{"id":"8"},"message_reference":{"message_id":"4"}}`))
	f.Add("MESSAGE_REACTION_REMOVE_ALL", []byte(`{"message_id":"5","channel_id":"6","guild_id":"7"}`))
	f.Add("MESSAGE_DELETE_BULK", []byte(`{"ids":["5","4"],"channel_id":"6","guild_id":"7"}`))
	f.Add("GUILD_CREATE", []byte(`{"id":"5","channels":[{"id":"6","permission_overwrites":[{"allow":"8"}]}]}`))
	f.Add("THREAD_LIST_SYNC", []byte(`{"guild_id":"7","threads":[{"id":"9","parent_id":"6","type":11}]}`))
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		p, _ := deaf(t)
		if kind == "READY" {
			p.ready(data)
		}
		_, job, err := listening(t, p).route(dispatch{kind: kind, data: data})
		if err == nil && !json.Valid(data) && kind == "MESSAGE_CREATE" {
			t.Errorf("%q was read", data)
		}
		if job != nil {
			job()
		}
	})
}

// answerable is what Discord gives to answer a question with.
var answerable = regexp.MustCompile(`^[\w-]+$`)

// FuzzInteraction asks anything that parses: commands, completions, buttons, menus and forms. Whoever asks is answered, once.
func FuzzInteraction(f *testing.F) {
	for _, data := range []string{
		`"type":2,"data":{"type":1,"options":[{"type":1,"name":"note","options":[{"type":3,"name":"text","value":"a<t:5> <@9>"},{"type":4,"name":"n","value":7,"focused":true},{"type":6,"name":"who","value":"9"}]}]}`,
		`"type":2,"data":{"type":3,"name":"Add to timeline","target_id":"3","resolved":{"messages":{"3":{"id":"3","author":{"id":"8"}}}}}`,
		`"type":3,"message":{"id":"3"},"data":{"component_type":3,"custom_id":"m0","values":["bseverity\u001fINC-7 sev2"]}`,
		`"type":3,"message":{"id":"3"},"data":{"custom_id":"bjoin\u001fINC-7"}`,
		`"type":4,"data":{"type":1,"options":[{"type":1,"name":"role","options":[{"type":3,"name":"role","value":"sc","focused":true}]}]}`,
		`"type":5,"data":{"custom_id":"fform\u001fs","components":[{"type":1,"components":[{"type":4,"custom_id":"x","value":"y"}]}]}`,
		`"type":5,"data":{"custom_id":"fform\u001fs","components":[{"type":18,"component":{"type":5,"custom_id":"who","values":["9"]}}]}`,
	} {
		f.Add([]byte(`{"id":"5","token":"x","channel_id":"6","guild_id":"7","member":{"user":{"id":"8","username":"ann"}},` + data + `}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, there := deaf(t)
		_, job, err := listening(t, p).route(dispatch{kind: "INTERACTION_CREATE", data: data})
		if job == nil {
			return
		}
		job()
		var in interaction
		if json.Unmarshal(data, &in) != nil || !isSnowflake(in.ID) || !answerable.MatchString(in.Token) || in.Type == askComplete {
			return // there is nothing to answer to, or a completion, which nobody waits for
		}
		if there.answers.Load() != 1 {
			t.Errorf("%q was answered %d times: %v", data, there.answers.Load(), err)
		}
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

// FuzzRestored: what stands between the tokens of a text stays as it was typed, in its order, and none of them panics.
func FuzzRestored(f *testing.F) {
	f.Add("a <t:1700000000:R> b <:a:1> c </x y:5> <t:99999999999999999> <@9> <@!9> d <#6> <#5> <@&4> e")
	f.Fuzz(func(t *testing.T, text string) {
		p, _ := deaf(t)
		got := p.restored(t.Context(), "7", text, []mention{{account: account{ID: "9", Username: "ann"}}}, names)
		rest := got
		for _, typed := range token.Split(text, -1) {
			_, behind, there := strings.Cut(rest, typed)
			if !there {
				t.Fatalf("%q became %q, without %q in its place", text, got, typed)
			}
			rest = behind
		}
	})
}

// FuzzLink: what is read as an address leads back to itself.
func FuzzLink(f *testing.F) {
	f.Add("https://discord.com/channels/1/2/3")
	f.Add("https://ptb.discord.com/channels/@me/2/3")
	f.Fuzz(func(t *testing.T, text string) {
		p, _ := deaf(t)
		if ref, ok := p.ParseLink(text); ok {
			if again, ok := p.ParseLink(p.Link(ref)); !ok || again != ref {
				t.Errorf("%q is %v, whose address %q is %v", text, ref, p.Link(ref), again)
			}
		}
	})
}
