package rocketchat_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// A recorder is a bot that answers commands with a form, and keeps what it is told.
type recorder struct {
	*httptest.Server
	mu   sync.Mutex
	told []map[string]any
}

const recordedForm = `{"modal":{"id":"v1","title":{"type":"plain_text","text":"Note"},"blocks":[
	{"type":"input","blockId":"text","label":{"type":"plain_text","text":"Text"},"element":{"type":"plain_text_input","actionId":"text"}}]}}`

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		request := map[string]any{}
		if err != nil || json.Unmarshal(body, &request) != nil {
			t.Errorf("told %q, %v", body, err)
		}
		r.mu.Lock()
		r.told = append(r.told, request)
		r.mu.Unlock()
		if request["kind"] == "command" {
			_, err = w.Write([]byte(recordedForm))
		} else {
			_, err = w.Write([]byte(`{}`))
		}
		if err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// last is what the bot was told last, without what differs each time, and without what is not said.
func (r *recorder) last(t *testing.T) map[string]any {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.told) == 0 {
		t.Fatal("the bot is told nothing")
	}
	request := maps.Clone(r.told[len(r.told)-1])
	if id, trigger := request["id"], request["triggerId"]; id == nil || id == "" || trigger != nil && trigger != id {
		t.Errorf("the request %v has the trigger %v", id, trigger)
	}
	delete(request, "id")
	delete(request, "triggerId")
	if request["kind"] == "submit" {
		delete(request, "room") // a server does not tell the app
	}
	clean(request)
	return request
}

// clean takes out what says nothing.
func clean(o map[string]any) {
	for name, value := range o {
		if inside, ok := value.(map[string]any); ok {
			clean(inside)
		}
		if value == nil {
			delete(o, name)
		}
	}
}

// TestAppIsThatOfTheSimulator: the app that the simulator plays tells the bot what the real one does.
func TestAppIsThatOfTheSimulator(t *testing.T) {
	name := appPackage(t)
	w := newAppWorld(t, chattest.NewClock(morning), rocketsim.Options{})
	played, real := newRecorder(t), newRecorder(t)
	w.Install(played.URL, sharedSecret)
	ctx, cancel := context.WithTimeout(t.Context(), 2*appPatience)
	ran := make(chan error, 1)
	go func() {
		ran <- w.Platform().Run(ctx, func(context.Context, chat.Inbound) (chat.Reply, error) { return chat.Reply{}, nil })
	}()
	t.Cleanup(func() {
		cancel()
		<-ran
	})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ann, err := w.AddPerson(ctx, chattest.Person{Handle: "ann", Name: "Ann Archer"})
	must(err)
	ops, err := w.AddRoom(ctx, chattest.Room{Name: "ops", Members: []chat.UserID{ann.ID}})
	must(err)
	said, err := w.Say(ctx, ann.ID, ops, "the cache is full")
	must(err)
	node := startNode(t, name)
	thread := ops
	thread.Thread = chat.ThreadID(said.Message)
	node.do(t, map[string]any{"do": "know", "settings": map[string]string{"bot_url": real.URL, "secret": sharedSecret},
		"users": map[string]any{string(ann.ID): map[string]string{"id": string(ann.ID), "username": "ann", "name": "Ann Archer"}},
		"rooms": map[string]any{string(ops.Channel): map[string]string{"id": string(ops.Channel), "slugifiedName": "ops", "type": "c"}}})
	var form chattest.Answer
	button := chattest.Message{Ref: said, Place: ops, Buttons: []chat.Button{{Action: "join", Value: "INC-7"}}}
	for what, c := range map[string]struct {
		played func() error
		do     string
		more   map[string]any
	}{
		"command": {func() (err error) {
			form, err = w.Type(ctx, ann.ID, ops, "note at:14:05 it burns", nil)
			return err
		},
			"type", map[string]any{"line": "note at:14:05 it burns"}},
		"command in a thread": {func() error { _, err := w.Type(ctx, ann.ID, thread, "note", nil); return err },
			"type", map[string]any{"line": "note", "thread": said.Message}},
		"preview": {func() error { _, err := w.Complete(ctx, ann.ID, ops, "note"); return err },
			"preview", map[string]any{"line": "note"}},
		"action": {func() error { _, err := w.Call(ctx, ann.ID, chat.ActionSupporting, said); return err },
			"call", map[string]any{"actionId": "supporting", "message": map[string]any{"id": said.Message}}},
		"press": {func() error { _, err := w.Press(ctx, ann.ID, button, button.Buttons[0]); return err },
			"press", map[string]any{"actionId": "join", "value": "INC-7", "message": map[string]any{"id": said.Message}}},
		"submit": {func() (err error) {
			if form, err = w.Type(ctx, ann.ID, ops, "note", nil); err == nil {
				_, err = w.Submit(ctx, ann.ID, form, map[chat.FieldID]string{"text": "it burns"})
			}
			return err
		}, "submit", map[string]any{"view": map[string]any{"id": "v1", "state": map[string]any{"text": map[string]string{"text": "it burns"}}}}},
	} {
		must(c.played())
		deed := map[string]any{"do": c.do, "user": ann.ID, "room": ops.Channel, "triggerId": nextTrigger()}
		maps.Copy(deed, c.more)
		if d := node.do(t, deed); d.Failed != "" {
			t.Errorf("%s: %s", what, d.Failed)
		}
		if a, b := played.last(t), real.last(t); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: the simulator's app says\n%v, and the real one\n%v", what, a, b)
		}
	}
}
