package local_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/integrations/local"
)

func wants(t *testing.T, body string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(body, part) {
			t.Errorf("%q is missing in\n%s", part, body)
		}
	}
}

// say posts as the page does, and gives the address of the message.
func (h *pageHouse) say(by chat.UserID, text string) string {
	h.t.Helper()
	a := h.act(by, h.roomPath()+"/messages", url.Values{"text": {text}, "key": {text}})
	if a.Status != http.StatusOK || a.Message == "" {
		h.t.Fatalf("say %q: %+v", text, a)
	}
	return h.roomPath() + "/messages/" + a.Message
}

func (h *pageHouse) look(by chat.UserID) string {
	h.t.Helper()
	status, body, _ := h.get(h.roomPath() + "?as=" + string(by))
	if status != http.StatusOK {
		h.t.Fatalf("the room answers %d: %s", status, body)
	}
	return body
}

func TestNewcomerIsAskedForAName(t *testing.T) {
	h := newPageHouse(t)
	_, body, _ := h.get("/")
	wants(t, body, "Welcome", `id="welcome"`)
	a := h.act("newcomer", "/people", url.Values{"name": {"Odile d'Arc"}, "key": {"k"}})
	if a.Status != http.StatusOK || a.Person == "" || a.Room == "" {
		t.Fatalf("%+v", a)
	}
	_, body, _ = h.get("/rooms/" + a.Room + "?as=" + a.Person)
	wants(t, body, "Odile d&#39;Arc", "@odile.darc", "operations", "/incident start")
	if again := h.act("newcomer", "/people", url.Values{"name": {"Odile d'Arc"}, "key": {"k"}}); again.Person != a.Person || again.Room != a.Room {
		t.Errorf("sent again, it made %+v", again)
	}
}

func TestWhatPeopleDoIsShown(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	message := h.say(h.ada, "The **lifts** stand still, `door_3` is _open_")
	wants(t, h.look(h.grace), "<strong>lifts</strong>", "<code>door_3</code>", "09:12")

	for path, fields := range map[string]url.Values{
		"/react": {"emoji": {"👀"}, "set": {"yes"}},
		"/pin":   {"set": {"yes"}},
	} {
		if a := h.act(h.grace, message+path, fields); a.Status != http.StatusOK {
			t.Fatalf("%s: %+v", path, a)
		}
	}
	wants(t, h.look(h.ada), `data-emoji="👀" aria-pressed="false" title="Grace"`, "pinned to the room")
	wants(t, h.look(h.grace), `data-emoji="👀" aria-pressed="true"`)

	h.act(h.ada, message+"/edit", url.Values{"text": {"The lifts run again"}})
	reply := h.act(h.grace, h.roomPath()+"/messages", url.Values{"text": {"Thanks"}, "thread": {message[strings.LastIndex(message, "/")+1:]}})
	body := h.look(h.ada)
	wants(t, body, "The lifts run again", "(edited)", "replies", "Thanks")
	if strings.Contains(body, "stand still") {
		t.Error("the text before the edit is still there")
	}
	h.act(h.ada, message+"/delete", nil)
	body = h.look(h.ada)
	wants(t, body, "Thanks", "a message that is gone")
	if reply.Status != http.StatusOK || strings.Contains(body, "run again") {
		t.Errorf("a deleted message is still there, or its answer was refused: %+v", reply)
	}
}

func TestWhatIsNotAllowedIsSaid(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	message := h.say(h.ada, "Mine")
	cases := map[string]struct {
		by     chat.UserID
		path   string
		fields url.Values
		status int
		says   string
	}{
		"another's message": {h.grace, message + "/edit", url.Values{"text": {"Yours"}}, http.StatusUnprocessableEntity, "Only its author"},
		"nothing written":   {h.ada, h.roomPath() + "/messages", url.Values{"text": {"  "}}, http.StatusUnprocessableEntity, "Write something"},
		"a gone message":    {h.ada, h.roomPath() + "/messages/999/pin", url.Values{"set": {"yes"}}, http.StatusNotFound, "no longer there"},
		"an unknown room":   {h.ada, "/rooms/nowhere/messages", url.Values{"text": {"Hello"}}, http.StatusNotFound, "no such room"},
		"a taken name":      {h.ada, "/rooms", url.Values{"name": {"Operations"}}, http.StatusUnprocessableEntity, "already"},
		"nobody":            {"u999", h.roomPath() + "/messages", url.Values{"text": {"Boo"}}, http.StatusNotFound, "Choose who you are"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if a := h.act(c.by, c.path, c.fields); a.Status != c.status || !strings.Contains(a.Problem, c.says) {
				t.Errorf("%+v, want %d and %q", a, c.status, c.says)
			}
		})
	}
}

func TestAnActionSentTwiceIsDoneOnce(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	for _, c := range []struct{ path, field, value string }{
		{h.roomPath() + "/messages", "text", "Only once, please"},
		{h.roomPath() + "/messages", "text", "/incident start Lifts stand still"},
		{"/rooms", "name", "lifts"},
	} {
		fields := url.Values{c.field: {c.value}, "key": {"the same"}}
		first, second := h.act(h.ada, c.path, fields), h.act(h.ada, c.path, fields)
		if first != second || first.Status != http.StatusOK {
			t.Errorf("%s: %+v, then %+v", c.value, first, second)
		}
	}
	h.settle()
	if body := h.look(h.ada); strings.Count(body, "<p>Only once, please</p>") != 1 || strings.Contains(body, "INC-2") {
		t.Errorf("it was done twice:\n%s", body)
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	for name, disguise := range map[string]func(*http.Request){
		"another origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"another site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another port":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"another host":   func(r *http.Request) { r.Host = "rebound.example" },
		"a plain form":   func(r *http.Request) { r.Header.Del("Boswell-As") },
	} {
		t.Run(name, func(t *testing.T) {
			req := h.request(h.roomPath()+"/messages", url.Values{"text": {"Smuggled"}})
			req.Header.Set("Boswell-As", string(h.ada))
			disguise(req)
			if a := h.send(req); a.Status != http.StatusForbidden || len(a.Problem) < 40 {
				t.Errorf("%+v", a)
			}
		})
	}
	if strings.Contains(h.look(h.ada), "Smuggled") {
		t.Error("another site spoke in the chat")
	}
	req, err := http.NewRequest(http.MethodGet, h.server.URL+h.roomPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "rebound.example"
	if a := h.send(req); a.Status != http.StatusForbidden {
		t.Errorf("a foreign name reads the page: %+v", a)
	}
}

func TestTextsStayTexts(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	for _, text := range []string{"<script>alert(1)</script>", "# no heading\n<img src=x onerror=alert(2)>", "![](https://evil.example/x.png)",
		"[x](javascript:alert(3))", "![y](javascript:alert(4))", "`</code><svg onload=alert(5)>`", "<https://ok.example> and [a\"b](https://x.example/\"><script>)"} {
		h.say(h.ada, text)
	}
	body := h.look(h.ada)
	_, list, _ := strings.Cut(body, `id="messages"`)
	list, _, _ = strings.Cut(list, `id="empty"`)
	for _, bad := range []string{"<script", "<img", "<svg onload", "<h1", `href="javascript`} {
		if strings.Contains(list, bad) {
			t.Errorf("%q became markup:\n%s", bad, list)
		}
	}
	wants(t, list, "&lt;script&gt;", `<a href="https://evil.example/x.png">`, `<a href="https://ok.example">`)
}

func TestFiles(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, kind := range map[string]string{"graph.png": "image/png", "page.html": "text/html", "drawing.svg": "image/svg+xml"} {
		part, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="files"; filename="../` + name + `"`}, "Content-Type": {kind}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte("contents of " + name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, h.server.URL+h.roomPath()+"/messages", &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Boswell-As", string(h.ada))
	a := h.send(req)
	if a.Status != http.StatusOK {
		t.Fatalf("%+v", a)
	}
	m, err := h.world.Chat().Message(h.ada, chat.Ref{Platform: h.room.Platform, Channel: h.room.Channel, Message: chat.MessageID(a.Message)})
	if err != nil || len(m.Files) != 3 {
		t.Fatalf("%+v %v", m.Files, err)
	}
	for _, f := range m.Files {
		path := h.roomPath() + "/messages/" + a.Message + "/files/" + f.ID
		status, contents, header := h.get(path + "?as=" + string(h.grace))
		if status != http.StatusOK || contents != "contents of "+f.Name {
			t.Errorf("%s: %d %q", f.Name, status, contents)
		}
		shown := header.Get("Content-Disposition") == "inline" && header.Get("Content-Type") == "image/png"
		if shown != (f.Name == "graph.png") || !shown && header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%s is served as %v", f.Name, header)
		}
	}
	for _, id := range []string{"..%2f..%2fchat.jsonl", strings.Repeat("0", 64), "x"} {
		if status, _, _ := h.get(h.roomPath() + "/messages/" + a.Message + "/files/" + id + "?as=" + string(h.ada)); status != http.StatusNotFound {
			t.Errorf("%s: %d", id, status)
		}
	}
}

func TestPrivateRoomsAreSeenByTheirMembers(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	a := h.act(h.ada, "/rooms", url.Values{"name": {"payroll"}, "private": {"yes"}})
	if a.Status != http.StatusOK {
		t.Fatalf("%+v", a)
	}
	wants(t, h.look(h.ada), "payroll")
	if strings.Contains(h.look(h.grace), "payroll") {
		t.Error("somebody who is not in it sees a private room")
	}
	if b := h.act(h.grace, "/rooms/"+a.Room+"/messages", url.Values{"text": {"Hello?"}}); b.Status != http.StatusNotFound {
		t.Errorf("somebody who is not in it writes there: %+v", b)
	}
	h.act(h.ada, "/rooms/"+a.Room+"/join", url.Values{"who": {string(h.grace)}})
	wants(t, h.look(h.grace), "payroll")
}

func TestCommandAnswersFormsAndWhispers(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	a := h.act(h.ada, h.roomPath()+"/messages", url.Values{"text": {"/incident start"}})
	if a.Status != http.StatusOK || !a.Form {
		t.Fatalf("a command without its argument opens no form: %+v", a)
	}
	wants(t, h.look(h.ada), "<dialog", `name="field.title"`, "only you see this")
	if strings.Contains(h.look(h.grace), "field.title") {
		t.Error("somebody else sees the form")
	}
	form := h.roomPath() + "/messages/" + a.Message
	if b := h.act(h.ada, form+"/submit", url.Values{"field.title": {""}}); b.Status != http.StatusUnprocessableEntity {
		t.Errorf("a form that lacks something: %+v", b)
	}
	if b := h.act(h.ada, form+"/submit", url.Values{"field.title": {"Lifts stand still"}}); b.Status != http.StatusOK {
		t.Fatalf("%+v", b)
	}
	h.settle()
	wants(t, h.look(h.grace), "Lifts stand still", `data-press="`)
}

// TestRefusedFormStaysOpen: a form that the bot refuses says so, holds what was typed, and can be sent again.
func TestRefusedFormStaysOpen(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	h.act(h.ada, h.roomPath()+"/messages", url.Values{"text": {"/incident start Lifts stand still"}})
	a := h.act(h.ada, h.roomPath()+"/messages", url.Values{"text": {"/incident note"}})
	form := h.roomPath() + "/messages/" + a.Message
	typed := url.Values{"field.text": {"Lift <2> moves"}, "field.at": {"25:61"}}
	if b := h.act(h.ada, form+"/submit", typed); b.Status != http.StatusUnprocessableEntity || !strings.Contains(b.Problem, "25:61") {
		t.Fatalf("a time that does not exist is answered %+v", b)
	}
	wants(t, h.look(h.ada), `<textarea name="field.text"`, "Lift &lt;2&gt; moves</textarea>", `value="25:61"`, "25:61", "<dialog")
	if strings.Contains(h.look(h.grace), "25:61") {
		t.Error("somebody else sees what was typed")
	}
	typed.Set("field.at", "8:50")
	if b := h.act(h.ada, form+"/submit", typed); b.Status != http.StatusOK {
		t.Fatalf("the form that was mended is answered %+v", b)
	}
	h.settle()
	wants(t, h.look(h.grace), "Noted as 1")
	if strings.Contains(h.look(h.ada), `name="field.at"`) {
		t.Error("the form is still open")
	}
	if b := h.act(h.ada, form+"/submit", typed); b.Status != http.StatusNotFound {
		t.Errorf("a form that is done is answered %+v", b)
	}
}

func TestCompletion(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	complete := h.roomPath() + "/complete?as=" + string(h.ada) + "&line="
	_, body, _ := h.get(complete + url.QueryEscape("st"))
	wants(t, body, `"value":"start"`, `"value":"status"`)
	_, body, _ = h.get(complete + url.QueryEscape("severity "))
	wants(t, body, `"value":"sev1"`, `"usage":"/incident severity`)
	if status, _, _ := h.get("/rooms/nowhere/complete?as=" + string(h.ada) + "&line=" + url.QueryEscape("role commander @")); status >= http.StatusInternalServerError {
		t.Errorf("in an unknown room: %d", status)
	}
}

func TestOlderMessagesAreShownOnDemand(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	first := h.say(h.ada, "The very first")
	for range 120 {
		if _, err := h.world.Say(context.Background(), h.ada, h.room, "filler"); err != nil {
			t.Fatal(err)
		}
	}
	body := h.look(h.ada)
	if strings.Contains(body, "The very first") || !strings.Contains(body, "Show earlier messages") {
		t.Error("the page does not begin with the newest hundred")
	}
	_, after, _ := strings.Cut(body, `id="earlier" href="?as=`)
	query, _, _ := strings.Cut(after, `"`)
	_, body, _ = h.get(h.roomPath() + "?as=" + strings.ReplaceAll(query, "&amp;", "&"))
	wants(t, body, "The very first", "This is the beginning")
	_, body, _ = h.get(first + "?as=" + string(h.ada))
	wants(t, body, "The very first", `data-chosen="`+first[strings.LastIndex(first, "/")+1:]+`"`)
}

func TestTimesAreInTheZoneOfTheBrowser(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	h.say(h.ada, "When is this?")
	for zone, clock := range map[string]string{"": "09:12", "Asia/Kolkata": "14:42", "../../etc/passwd": "09:12", "Local": "09:12"} {
		_, body, _ := h.get(h.roomPath()+"?as="+string(h.ada), "Cookie", "zone="+zone)
		wants(t, body, ">"+clock+"</time>")
	}
}

func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	path := h.roomPath() + "?as=" + string(h.ada)
	_, _, header := h.get(path)
	if status, _, _ := h.get(path, "If-None-Match", header.Get("ETag")); status != http.StatusNotModified {
		t.Errorf("unchanged: %d", status)
	}
	h.say(h.grace, "News")
	if status, _, _ := h.get(path, "If-None-Match", header.Get("ETag")); status != http.StatusOK {
		t.Errorf("changed: %d", status)
	}
}

func TestPagesWithoutWhatIsBeside(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	w := httptest.NewRecorder()
	h.world.Chat().Pages(local.PageOptions{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, h.roomPath()+"?as="+string(h.ada), nil))
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "<aside") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
