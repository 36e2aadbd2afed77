package rocketchat_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"boswell/chat"
)

// TestAppOpensAnIncident: /incident is a command of the server, and its answer is the bot's.
func TestAppOpensAnIncident(t *testing.T) {
	s := newAppStage(t)
	d := s.types(`start room:here severity:sev2 Checkout is down`)
	if d.Failed != "" {
		t.Fatal(d.Failed)
	}
	if read := s.texts(s.ops); !strings.Contains(read, "Checkout is down") {
		t.Errorf("in #ops people read\n%s", read)
	}
	s.wantAnswer(s.types("show"), "Checkout is down")
	s.wantOne(s.types("nonsense"), "nonsense")
}

// TestAppCompletes: what could complete a line comes from the bot, and choosing one runs it.
func TestAppCompletes(t *testing.T) {
	s := newAppStage(t)
	s.types("start room:here Checkout is down")
	var offered struct {
		I18nTitle string `json:"i18nTitle"`
		Items     []struct{ ID, Type, Value string }
	}
	d := s.did("preview", map[string]any{"line": "people role sc"})
	if err := json.Unmarshal(d.Response, &offered); err != nil || offered.I18nTitle != "completions" {
		t.Fatalf("%v in %s", err, d.Response)
	}
	i := slices.IndexFunc(offered.Items, func(item struct{ ID, Type, Value string }) bool { return item.ID == "people role scribe" })
	if i < 0 || len(d.Shown) > 0 {
		t.Fatalf("Ann is offered %+v and shown %+v", offered.Items, d.Shown)
	}
	if first := offered.Items[0]; first.ID != "people role sc" {
		t.Errorf("Enter would run %q, not what Ann typed", first.ID)
	}
	s.did("choose", map[string]any{"line": "people role sc", "item": map[string]string{"id": "people role scribe @ann"}})
	if read := s.wantAnswer(s.types("show"), "Ann Archer"); !strings.Contains(strings.ToLower(read), "scribe") {
		t.Errorf("the incident is shown as\n%s", read)
	}
}

// press lets Ann press the button with an action of something that she was shown, and returns the modal that it opens.
func (s *appStage) press(on shown, action string) *uiModal {
	s.Helper()
	for _, b := range on.Blocks {
		for _, e := range b.Elements {
			if e.ActionID == action {
				return s.modal(s.did("press", map[string]any{"actionId": e.ActionID, "value": e.Value}))
			}
		}
	}
	s.Fatalf("there is no button %q on %+v", action, on)
	return nil
}

// modal is the form that the app opens in answer to an interaction.
func (s *appStage) modal(d did) *uiModal {
	s.Helper()
	var r struct {
		Type string   `json:"type"`
		View *uiModal `json:"view"`
	}
	s.must(json.Unmarshal(d.Response, &r))
	if r.Type != "modal.open" || r.View == nil || r.View.AppID == "" {
		s.Fatalf("the client is answered %s (%s), want a modal", d.Response, d.Failed)
	}
	return r.View
}

// submits lets Ann fill a form in and send it.
func (s *appStage) submits(m *uiModal, values map[string]string) did {
	s.Helper()
	state := map[string]map[string]string{}
	for _, b := range m.Blocks {
		id := b.Element.ActionID
		state[id] = map[string]string{id: values[id]}
	}
	return s.did("submit", map[string]any{"view": map[string]any{"id": m.ID, "state": state}})
}

// TestAppAddsToTheTimeline: the menu of a message puts it on the timeline, and the form behind the answer changes its time.
// What is wrong in the form is said in it.
func TestAppAddsToTheTimeline(t *testing.T) {
	s := newAppStage(t)
	s.types("start room:here Checkout is down")
	said, err := s.world.Say(s.ctx, s.ben, s.ops, "the cache is full")
	s.must(err)
	s.settle()
	message := map[string]string{"id": string(said.Message)}
	added := s.wantOne(s.did("call", map[string]any{"actionId": "add_to_timeline", "message": message}), "Added to the timeline")
	form := s.press(added, "edit")
	wrong := s.submits(form, map[string]string{"text": "the cache was full", "at": "quarter past never"})
	var errors struct {
		Type   string            `json:"type"`
		Errors map[string]string `json:"errors"`
	}
	s.must(json.Unmarshal(wrong.Response, &errors))
	if errors.Type != "errors" || len(errors.Errors) != 1 || len(wrong.Shown) > 0 {
		t.Errorf("a time that is none is answered %s, want the form to stay open", wrong.Response)
	}
	d := s.submits(form, map[string]string{"text": "the cache was full", "at": "08:41"})
	s.wantAnswer(d, "08:41")
	timeline := s.wantAnswer(s.types("timeline"), "the cache was full")
	if !strings.Contains(timeline, "08:41") || strings.Contains(timeline, "is full") {
		t.Errorf("the timeline is\n%s", timeline)
	}
}

// TestAppOpensForms: a command that lacks something opens a form; a line that was chosen, a button that does.
func TestAppOpensForms(t *testing.T) {
	s := newAppStage(t)
	s.types("start room:here Checkout is down")
	typed := s.types("note")
	if len(typed.Shown) != 1 || typed.Shown[0].Modal == nil || typed.Shown[0].Modal.Title.Text != "Note" {
		t.Fatalf("Ann is shown %+v, want a form", typed.Shown)
	}
	s.wantAnswer(s.submits(typed.Shown[0].Modal, map[string]string{"text": "load is <back> to *normal*"}), "load is <back> to *normal*")
	chosen := s.wantOne(s.did("choose", map[string]any{"line": "not", "item": map[string]string{"id": "note"}}), "Note")
	form := s.press(chosen, "open_form")
	s.wantAnswer(s.submits(form, map[string]string{"text": "the queue is empty"}), "the queue is empty")
	missing := s.submits(form, map[string]string{})
	if !strings.Contains(string(missing.Response), `"errors":{"text":`) {
		t.Errorf("an empty form is answered %s", missing.Response)
	}
}

// TestAppWhispers: what is for one person is shown to them alone, and to nobody who is not there: they get it directly.
func TestAppWhispers(t *testing.T) {
	s := newAppStage(t)
	s.must(s.with.Whisper(s.ctx, s.ops, s.ann, chat.Message{Text: chat.Say("psst")}))
	s.must(s.with.Whisper(s.ctx, s.ops, s.ben, chat.Message{Text: chat.Say("for later")}))
	look := s.node.do(t, map[string]any{"do": "look"})
	if len(look.Shown) != 1 || look.Shown[0].User != string(s.ann) || look.Shown[0].Room != string(s.ops.Channel) || look.Shown[0].Text != "psst" {
		t.Errorf("people were shown %+v", look.Shown)
	}
	alone, err := s.with.Direct(s.ctx, s.ben)
	s.must(err)
	if read := s.texts(alone); !strings.Contains(read, "for later") || strings.Contains(s.texts(s.ops), "for later") {
		t.Errorf("Ben reads %q", read)
	}
}

// TestAppOpensFormsLater: a form that the bot opens by itself is the same as one that it answers with.
func TestAppOpensFormsLater(t *testing.T) {
	s := newAppStage(t)
	trigger := chat.Trigger(strings.Join([]string{"t1", string(s.ann), string(s.ops.Channel), ""}, " "))
	form := chat.Form{Action: "form", State: ".=note", Title: "Note", Fields: []chat.FormField{{ID: "text", Label: "Text", Required: true}}}
	s.must(s.with.OpenForm(s.ctx, trigger, form))
	look := s.node.do(t, map[string]any{"do": "look"})
	if len(look.Shown) != 1 || look.Shown[0].User != string(s.ann) || look.Shown[0].Modal == nil {
		t.Fatalf("people were shown %+v", look.Shown)
	}
	s.types("start room:here Checkout is down")
	s.wantAnswer(s.submits(look.Shown[0].Modal, map[string]string{"text": "all is well"}), "all is well")
}

// TestAppWithAnotherSecret: neither believes the other, and people are told what to do about it.
func TestAppWithAnotherSecret(t *testing.T) {
	s := newAppStage(t)
	s.setUp(s.door.URL+"/rocketchat/rocket/app", "an0ther-s3cret-of-n0body")
	s.wantOne(s.types("start room:here Checkout is down"), "does not trust")
	if read := s.texts(s.ops); strings.Contains(read, "Checkout") {
		t.Errorf("in #ops people read\n%s", read)
	}
	s.must(s.with.Whisper(s.ctx, s.ops, s.ann, chat.Message{Text: chat.Say("psst")}))
	alone, err := s.with.Direct(s.ctx, s.ann)
	s.must(err)
	if !strings.Contains(s.texts(alone), "psst") {
		t.Error("what the app does not show is not said directly either")
	}
}

// TestAppWithoutBot: a bot that is away, or not there at all, is said to be, and a form that was filled in stays open.
func TestAppWithoutBot(t *testing.T) {
	s := newAppStage(t)
	s.types("start room:here Checkout is down")
	form := s.types("note").Shown[0].Modal
	s.cancel()
	alone := func(what string, more map[string]any) did {
		deed := map[string]any{"do": what, "user": s.ann, "room": s.ops.Channel, "triggerId": nextTrigger()}
		for name, value := range more {
			deed[name] = value
		}
		return s.node.do(t, deed)
	}
	s.wantOne(alone("type", map[string]any{"line": "note x"}), "does not answer") // a proxy says that nobody is there
	s.door.CloseClientConnections()
	s.door.Close()
	s.wantOne(alone("type", map[string]any{"line": "note x"}), "does not answer")
	if d := alone("preview", map[string]any{"line": "no"}); len(d.Shown) > 0 || !strings.Contains(string(d.Response), `"items":[]`) {
		t.Errorf("somebody who types is shown %+v, %s", d.Shown, d.Response)
	}
	state := map[string]any{"text": map[string]string{"text": "typed with care"}}
	d := alone("submit", map[string]any{"view": map[string]any{"id": form.ID, "state": state}})
	if !strings.Contains(string(d.Response), `"errors":{"text":"Boswell does not answer`) {
		t.Errorf("a form is answered %s, want it to stay open", d.Response)
	}
	s.setUp("", "")
	s.wantOne(alone("type", map[string]any{"line": "note x"}), "not set up")
}

// TestAppAsksAgain: an answer that was lost on its way is asked for again, and what was done is not done again.
func TestAppAsksAgain(t *testing.T) {
	s := newAppStage(t)
	s.types("start room:here Checkout is down")
	before := s.door.count("command")
	s.door.lose.Store(1)
	s.wantAnswer(s.types("note the cache is full"), "the cache is full")
	if n := s.door.count("command") - before; n != 2 {
		t.Errorf("the app asked %d times, want twice", n)
	}
	if timeline := s.wantAnswer(s.types("timeline"), "the cache is full"); strings.Count(timeline, "the cache is full") != 1 {
		t.Errorf("the timeline is\n%s", timeline)
	}
	form := s.types("note").Shown[0].Modal
	for range 2 {
		s.wantAnswer(s.submits(form, map[string]string{"text": "the queue is empty"}), "the queue is empty")
	}
	if timeline := s.wantAnswer(s.types("timeline"), "the queue is empty"); strings.Count(timeline, "the queue is empty") != 1 {
		t.Errorf("a form that is sent twice makes\n%s", timeline)
	}
}

// TestAppAnswersInThreads: a command in a thread is answered there.
func TestAppAnswersInThreads(t *testing.T) {
	s := newAppStage(t)
	s.types("start room:here Checkout is down")
	said, err := s.world.Say(s.ctx, s.ben, s.ops, "the cache is full")
	s.must(err)
	s.settle()
	d := s.did("type", map[string]any{"line": "note the cache is full", "thread": said.Message})
	if d.Failed != "" {
		t.Fatal(d.Failed)
	}
	messages, err := s.world.Messages(s.ctx, s.ops)
	s.must(err)
	if last := messages[len(messages)-1]; last.Place.Thread != chat.ThreadID(said.Message) || !strings.Contains(last.Text(), "the cache is full") {
		t.Errorf("the answer is %q in the thread %q", last.Text(), last.Place.Thread)
	}
}

// TestAppKeepsSecrets: the secret is in nothing that the app sends or writes down.
func TestAppKeepsSecrets(t *testing.T) {
	s := newAppStage(t)
	s.types("start room:here Checkout is down")
	s.door.Close()
	s.types("note x")
	look := s.node.do(t, map[string]any{"do": "look"})
	if !strings.Contains(string(look.Response), "The bot answered a command with nothing") {
		t.Errorf("the app does not write down that the bot is away: %s", look.Response)
	}
	for _, text := range append(s.door.heard, string(look.Response)) {
		if strings.Contains(text, sharedSecret) {
			t.Errorf("the secret is in %s", text)
		}
	}
}

// TestAppPermissions: the app asks for what it uses and for nothing else, and has words for all that it shows.
func TestAppPermissions(t *testing.T) {
	s := newAppStage(t)
	s.types("start room:here Checkout is down")
	s.types("note")
	s.must(s.with.Whisper(s.ctx, s.ops, s.ann, chat.Message{Text: chat.Say("psst")}))
	var look struct {
		Permissions []string
		Registered  struct {
			Settings []struct{ I18nLabel, I18nDescription string }
			Commands []struct{ I18nParamsExample, I18nDescription string }
			Buttons  []struct{ LabelI18n, ActionID string }
		}
	}
	s.must(json.Unmarshal(s.node.do(t, map[string]any{"do": "look"}).Response, &look))
	var asked struct {
		Permissions []struct{ Name string }
	}
	words := map[string]string{}
	for name, into := range map[string]any{"app/app.json": &asked, "app/i18n/en.json": &words} {
		data, err := os.ReadFile(name)
		s.must(err)
		s.must(json.Unmarshal(data, into))
	}
	var names []string
	for _, p := range asked.Permissions {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, look.Permissions) {
		t.Errorf("the app asks for %q and uses %q", names, look.Permissions)
	}
	labels := []string{"completions"}
	for _, x := range look.Registered.Settings {
		labels = append(labels, x.I18nLabel, x.I18nDescription)
	}
	for _, x := range look.Registered.Commands {
		labels = append(labels, x.I18nParamsExample, x.I18nDescription)
	}
	for _, x := range look.Registered.Buttons {
		labels = append(labels, x.LabelI18n)
		if x.ActionID != string(chat.ActionTimeline) && x.ActionID != string(chat.ActionSupporting) {
			t.Errorf("the bot does not know the action %q", x.ActionID)
		}
	}
	for _, label := range labels {
		if words[label] == "" {
			t.Errorf("there are no words for %q", label)
		}
	}
	if len(labels) != 1+4+2+2 || len(words) != len(labels) {
		t.Errorf("the app has %d labels and %d texts", len(labels), len(words))
	}
}

// TestAppWhispersWithoutRun: the app is reached over its own address, not over the connection.
func TestAppWhispersWithoutRun(t *testing.T) {
	s := newAppStage(t)
	s.cancel()
	s.must(s.with.Whisper(s.ctx, s.ops, s.ann, chat.Message{Text: chat.Say("psst")}))
	if look := s.node.do(t, map[string]any{"do": "look"}); len(look.Shown) != 1 || look.Shown[0].Text != "psst" {
		t.Errorf("people were shown %+v", look.Shown)
	}
}

// TestAppSaysWhatIsWrong: whatever answers in place of the bot, the person reads what is wrong, in the bot's own words where it
// has some.
func TestAppSaysWhatIsWrong(t *testing.T) {
	node := startNode(t, appPackage(t))
	for name, c := range map[string]struct {
		status int
		body   string
		asked  int
		says   string
	}{
		"nothing to show":      {200, `{}`, 1, ""},
		"the bot's own words":  {401, `{"error":"The clocks differ."}`, 1, "The clocks differ."},
		"a refusal":            {403, `<h1>Forbidden</h1>`, 1, "does not trust"},
		"another address":      {404, `404 page not found`, 1, "no Boswell at the address"},
		"a page":               {200, `<!doctype html>`, 1, "could not read"},
		"a text":               {200, `"hello"`, 1, "could not read"},
		"too much":             {413, `{"error":"That is too much at once."}`, 1, "too much"},
		"a proxy without bot":  {502, `Bad Gateway`, 2, "does not answer"},
		"a bot that is coming": {503, `{"error":"Not yet."}`, 2, "Not yet."},
		"a bot that broke":     {500, `{"error":"Something broke on my side."}`, 1, "Something broke"},
	} {
		asked := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.WriteHeader(c.status)
			w.Write([]byte(c.body))
		}))
		node.do(t, map[string]any{"do": "know", "now": morning.UnixMilli(), "settings": map[string]string{"bot_url": server.URL, "secret": sharedSecret},
			"users": map[string]any{"u": map[string]string{"id": "u", "username": "ann"}}, "rooms": map[string]any{"r": map[string]string{"id": "r", "type": "c"}}})
		d := node.do(t, map[string]any{"do": "type", "user": "u", "room": "r", "line": "list"})
		server.Close()
		var read string
		for _, m := range d.Shown {
			read += m.Text
		}
		if d.Failed != "" || asked != c.asked || (read == "") != (c.says == "") || !strings.Contains(read, c.says) {
			t.Errorf("%s: the bot is asked %d times, the person reads %q (%s), want %d and %q", name, asked, read, d.Failed, c.asked, c.says)
		}
	}
}
