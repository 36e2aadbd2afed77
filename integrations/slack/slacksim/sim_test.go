package slacksim_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"boswell/chat"
	"boswell/chat/chattest"
	slackadapter "boswell/integrations/slack"
	"boswell/integrations/slack/slacksim"
)

var morning = time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)

// open is a simulator with the channels #ops, where the bot is, and #other, where it is not, and Ann in both.
func open(t *testing.T, o slacksim.Options) (w *slacksim.World, ann chat.UserID, ops, other chat.Place) {
	t.Helper()
	sim, err := slacksim.New(chattest.NewClock(morning), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	p, err := slackadapter.New(slackadapter.Config{BotToken: chat.NewSecret(slacksim.BotToken), AppToken: chat.NewSecret(slacksim.AppToken),
		APIURL: sim.APIURL()}, slackadapter.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w = sim.World(p)
	u, err := w.AddPerson(t.Context(), chattest.Person{Handle: "ann", Name: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	places := make([]chat.Place, 2)
	for i, name := range []string{"ops", "other"} {
		if places[i], err = w.AddRoom(t.Context(), chattest.Room{Name: name, Members: []chat.UserID{u.ID}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Leave(t.Context(), slacksim.BotUser, places[1]); err != nil {
		t.Fatal(err)
	}
	return w, u.ID, places[0], places[1]
}

// call calls a method with a form, and returns Slack's error code.
func call(t *testing.T, w *slacksim.World, method, token string, form url.Values) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.APIURL()+method, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return sent(t, req)
}

func sent(t *testing.T, req *http.Request) string {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if answer.OK {
		return "ok"
	}
	return answer.Error
}

// TestWrongRequests: each gets Slack's own code.
func TestWrongRequests(t *testing.T) {
	w, ann, ops, other := open(t, slacksim.Options{})
	in, out, who := string(ops.Channel), string(other.Channel), string(ann)
	ref, err := w.Say(t.Context(), ann, ops, "hello")
	if err != nil {
		t.Fatal(err)
	}
	ts := string(ref.Message)
	long := strings.Repeat("x", 300)
	for _, c := range []struct {
		method string
		form   url.Values
		want   string
	}{
		{"no.such", nil, "unknown_method"},
		{"chat.postMessage", url.Values{"text": {"x"}}, "channel_not_found"},
		{"chat.postMessage", url.Values{"channel": {"C0"}, "text": {"x"}}, "channel_not_found"},
		{"chat.postMessage", url.Values{"channel": {out}, "text": {"x"}}, "not_in_channel"},
		{"chat.postMessage", url.Values{"channel": {in}}, "no_text"},
		{"chat.postMessage", url.Values{"channel": {in}, "text": {"x"}, "thread_ts": {"1.2"}}, "thread_not_found"},
		{"chat.postMessage", url.Values{"channel": {in}, "blocks": {"{"}}, "invalid_blocks_format"},
		{"chat.postMessage", url.Values{"channel": {in}, "blocks": {`[{"type":"hologram"}]`}}, "invalid_blocks"},
		{"chat.postMessage", url.Values{"channel": {in}, "blocks": {`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]}]`}}, "invalid_blocks"},
		{"chat.postMessage", url.Values{"channel": {in}, "text": {"x"}, "metadata": {`{"event_type":""}`}}, "invalid_metadata_schema"},
		{"chat.postEphemeral", url.Values{"channel": {in}, "user": {"U0"}, "text": {"x"}}, "user_not_in_channel"},
		{"chat.update", url.Values{"channel": {in}, "ts": {ts}, "text": {"x"}}, "cant_update_message"},
		{"chat.update", url.Values{"channel": {in}, "ts": {"1.2"}, "text": {"x"}}, "message_not_found"},
		{"chat.delete", url.Values{"channel": {in}, "ts": {ts}}, "cant_delete_message"},
		{"conversations.create", url.Values{"name": {"ops"}}, "name_taken"},
		{"conversations.create", url.Values{"name": {long}}, "invalid_name_maxlength"},
		{"conversations.create", url.Values{"name": {"War Room!"}}, "invalid_name_specials"},
		{"conversations.setTopic", url.Values{"channel": {in}, "topic": {long}}, "too_long"},
		{"conversations.setTopic", url.Values{"channel": {out}, "topic": {"x"}}, "not_in_channel"},
		{"conversations.invite", url.Values{"channel": {in}, "users": {who}}, "already_in_channel"},
		{"conversations.invite", url.Values{"channel": {in}, "users": {slacksim.BotUser}}, "cant_invite_self"},
		{"conversations.history", url.Values{"channel": {out}}, "not_in_channel"},
		{"conversations.history", url.Values{"channel": {in}, "limit": {"5000"}}, "invalid_limit"},
		{"conversations.history", url.Values{"channel": {in}, "cursor": {"x"}}, "invalid_cursor"},
		{"conversations.replies", url.Values{"channel": {in}, "ts": {"1.2"}}, "thread_not_found"},
		{"conversations.open", url.Values{"users": {"U0"}}, "user_not_found"},
		{"conversations.unarchive", url.Values{"channel": {in}}, "not_archived"},
		{"reactions.add", url.Values{"channel": {in}, "timestamp": {ts}, "name": {"no spaces"}}, "invalid_name"},
		{"reactions.remove", url.Values{"channel": {in}, "timestamp": {ts}, "name": {"eyes"}}, "no_reaction"},
		{"pins.remove", url.Values{"channel": {in}, "timestamp": {ts}}, "no_pin"},
		{"bookmarks.add", url.Values{"channel_id": {in}, "title": {"x"}, "type": {"poem"}}, "invalid_bookmark_type"},
		{"files.getUploadURLExternal", url.Values{"filename": {"a"}, "length": {"0"}}, "invalid_arguments"},
		{"files.completeUploadExternal", url.Values{"files": {`[{"id":"F0"}]`}}, "file_not_found"},
		{"files.info", url.Values{"file": {"F0"}}, "file_not_found"},
		{"views.open", url.Values{"trigger_id": {"1"}, "view": {"{}"}}, "invalid_trigger_id"},
		{"views.publish", url.Values{"user_id": {who}, "view": {`{"type":"modal"}`}}, "invalid_arguments"},
		{"users.info", url.Values{"user": {"U0"}}, "user_not_found"},
		{"apps.connections.open", nil, "not_allowed_token_type"},
	} {
		if got := call(t, w, c.method, slacksim.BotToken, c.form); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.method, c.form, got, c.want)
		}
	}
	for token, want := range map[string]string{"": "not_authed", "xoxb-other": "invalid_auth", slacksim.AppToken: "not_allowed_token_type"} {
		if got := call(t, w, "auth.test", token, nil); got != want {
			t.Errorf("the token %q gives %s, want %s", token, got, want)
		}
	}
}

// TestScopes: without its scope a method is refused, and an event is not sent without its subscription.
func TestScopes(t *testing.T) {
	w, ann, ops, other := open(t, slacksim.Options{Scopes: []string{"chat:write"}, Events: []string{"message.channels"}})
	if got := call(t, w, "pins.list", slacksim.BotToken, url.Values{"channel": {string(ops.Channel)}}); got != "missing_scope" {
		t.Errorf("without its scope a method gives %s", got)
	}
	if got := call(t, w, "chat.postMessage", slacksim.BotToken, url.Values{"channel": {string(other.Channel)}, "text": {"x"}}); got != "not_in_channel" {
		t.Errorf("without chat:write.public a post elsewhere gives %s", got)
	}
	ref, err := w.Say(t.Context(), ann, ops, "x")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.React(t.Context(), ann, ref, "👀", true); err != nil {
		t.Fatal(err)
	}
	if n := w.Queued(); n != 1 {
		t.Errorf("%d events wait, want the message alone", n)
	}
}

// TestBadBodies: what is no form and no JSON is refused.
func TestBadBodies(t *testing.T) {
	w, _, _, _ := open(t, slacksim.Options{})
	for kind, want := range map[string]string{"application/json": "invalid_json", "text/plain": "invalid_post_type",
		"application/x-www-form-urlencoded": "invalid_form_data"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.APIURL()+"auth.test", bytes.NewBufferString("%zz{"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		if got := sent(t, req); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

// TestSlackGo: the library's own Socket Mode client gets what people do, as the types that it knows, and its acknowledgement
// counts.
func TestSlackGo(t *testing.T) {
	w, ann, ops, _ := open(t, slacksim.Options{})
	api := slack.New(slacksim.BotToken, slack.OptionAppLevelToken(slacksim.AppToken), slack.OptionAPIURL(w.APIURL()))
	client := socketmode.New(api)
	ctx := t.Context()
	ran := make(chan error, 1)
	go func() { ran <- client.RunContext(ctx) }()
	ref, err := w.Say(ctx, ann, ops, "hello <b> & @ann")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Edit(ctx, ann, ref, "hello again"), w.React(ctx, ann, ref, "📌", true), w.Pin(ctx, ann, ref, true), w.Delete(ctx, ann, ref)); err != nil {
		t.Fatal(err)
	}
	w.Deliver(map[string]any{"type": "some_future_event"})
	var kinds []string
	for len(kinds) < 7 {
		select {
		case e := <-client.Events:
			if bad, ok := e.Data.(*socketmode.ErrorBadMessage); ok {
				kinds = append(kinds, "unreadable")
				var r socketmode.Request
				if err := json.Unmarshal(bad.Message, &r); err != nil {
					t.Fatal(err)
				}
				if err := client.AckCtx(ctx, r.EnvelopeID, nil); err != nil {
					t.Fatal(err)
				}
			}
			if d, ok := e.Data.(slackevents.EventsAPIEvent); ok {
				kinds = append(kinds, d.InnerEvent.Type)
				if err := client.Ack(*e.Request); err != nil {
					t.Fatal(err)
				}
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("the client got %v", kinds)
		}
	}
	want := "member_joined_channel member_joined_channel member_left_channel"
	if got := strings.Join(kinds, " "); !strings.HasPrefix(got, want) {
		t.Errorf("the client got %s, want it to begin with %s", got, want)
	}
}
