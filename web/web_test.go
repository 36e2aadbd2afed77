package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
	"boswell/storage/bolt"
	"boswell/web"
)

var noon = time.Date(2031, 5, 6, 12, 0, 0, 0, time.UTC)

const room = "kiosk"

// a fixture is a store with incidents in it, and its pages behind their guard.
type fixture struct {
	t      *testing.T
	store  storage.Store
	site   *web.Site
	server *httptest.Server
}

func newFixture(t *testing.T, o web.Options) *fixture {
	t.Helper()
	store, err := bolt.Open(t.TempDir(), bolt.Options{NoSync: true, Clock: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	site := web.New(store, o)
	server := httptest.NewServer(web.Guard(site))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &fixture{t: t, store: store, site: site, server: server}
	f.do(func(tx storage.Tx) error { return tx.PutPerson(storage.Person{ID: "p1", Name: "Odile"}) })
	return f
}

func (f *fixture) do(fn func(storage.Tx) error) {
	f.t.Helper()
	_, err := f.store.Do(context.Background(), storage.Cause{Key: "test", By: "p1"}, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{}, fn(tx)
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// open starts an incident in the room, with further events.
func (f *fixture) open(title string, private bool, more ...incident.Event) (id incident.ID) {
	f.t.Helper()
	home := incident.Room{RoomID: incident.RoomID{Platform: "home", Channel: room}, Name: "#kiosk"}
	f.do(func(tx storage.Tx) (err error) {
		events, err := incident.Open(incident.Opening{Title: title, Private: private, Room: &home})
		if err != nil {
			return err
		}
		id, err = tx.Create(append(events, more...)...)
		return err
	})
	return id
}

func (f *fixture) append(id incident.ID, events ...incident.Event) {
	f.t.Helper()
	f.do(func(tx storage.Tx) error { return tx.Append(id, events...) })
}

// note is an entry that somebody typed at a minute past noon.
func note(handle string, minute int, text string) incident.Noted {
	at := noon.Add(time.Duration(minute) * time.Minute)
	return incident.Noted{Entry: incident.EntryID(handle), At: incident.At(at, incident.Minute), Text: text, Said: at}
}

func (f *fixture) get(path string, header ...string) (int, string, http.Header) {
	f.t.Helper()
	req, err := http.NewRequest(http.MethodGet, f.server.URL+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return send(f.t, req)
}

func send(t *testing.T, req *http.Request) (int, string, http.Header) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body), res.Header
}

func wants(t *testing.T, body string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(body, part) {
			t.Errorf("%q is missing in\n%s", part, body)
		}
	}
}

func TestListShowsLiveIncidentsFirst(t *testing.T) {
	f := newFixture(t, web.Options{})
	f.open("Till drawers do not open", false)
	done := f.open("Lamps flicker", false, incident.Closed{})
	status, body, _ := f.get("/incidents")
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	wants(t, body, "Under way", "Till drawers do not open", "/incidents/"+done.String())
	if strings.Index(body, "Lamps flicker") < strings.Index(body, "Till drawers") {
		t.Error("an incident that is over stands before one that is under way")
	}
}

func TestEmptyListSaysWhatToType(t *testing.T) {
	_, body, _ := newFixture(t, web.Options{Slash: "!incident"}).get("/incidents")
	wants(t, body, "<code>!incident start</code>")
}

func TestTimelineShowsEntriesInTheirOrder(t *testing.T) {
	f := newFixture(t, web.Options{})
	later, early := note("e1", 30, "Second"), note("e2", -14*60, "First, the day before")
	later.Marker = incident.OutageBegins
	later.At.Approximate = true
	id := f.open("Till drawers do not open", false, later, early)
	_, body, _ := f.get("/incidents/" + id.String() + "/timeline?part")
	wants(t, body, `<time datetime="2031-05-05">`, `>22:00<`, `<time datetime="2031-05-06">`, `>~12:30<`, "OUTAGE BEGINS", "Odile")
	if strings.Index(body, "First") > strings.Index(body, "Second") {
		t.Error("the entries are not in the order in which they happened")
	}
	if strings.Contains(body, "<html") {
		t.Error("a part is a whole page")
	}
}

func TestPostmortemDownloadIsTheExport(t *testing.T) {
	f := newFixture(t, web.Options{})
	id := f.open("Till drawers: do not open!", false, note("e1", 3, "A drawer is stuck"))
	for path, kind := range map[string]string{"postmortem.md": "text/markdown", "postmortem.json": "application/json"} {
		status, body, header := f.get("/incidents/" + id.String() + "/" + path)
		if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), kind) {
			t.Fatalf("%s: status %d, type %s", path, status, header.Get("Content-Type"))
		}
		wants(t, body, "A drawer is stuck")
		wants(t, header.Get("Content-Disposition"), "attachment", "INC-1-till-drawers-do-not-open")
	}
	if status, _, _ := f.get("/incidents/" + id.String() + "/postmortem.exe"); status != http.StatusNotFound {
		t.Errorf("an unknown style answers %d", status)
	}
}

func TestUnchangedPartIsNotSentAgain(t *testing.T) {
	f := newFixture(t, web.Options{})
	id := f.open("Till drawers do not open", false)
	path := "/incidents/" + id.String() + "?part"
	_, _, header := f.get(path)
	if status, _, _ := f.get(path, "If-None-Match", header.Get("ETag")); status != http.StatusNotModified {
		t.Errorf("unchanged: %d", status)
	}
	f.append(id, note("e1", 1, "Something new"))
	if status, _, _ := f.get(path, "If-None-Match", header.Get("ETag")); status != http.StatusOK {
		t.Errorf("changed: %d", status)
	}
}

func TestPrivateIncidentAnswersLikeNone(t *testing.T) {
	f := newFixture(t, web.Options{})
	id := f.open("Payroll leak", true)
	_, none, _ := f.get("/incidents/INC-99")
	for _, path := range []string{"", "/timeline", "/postmortem", "/postmortem.md", "/postmortem.json", "/events", "/files/ab"} {
		if status, body, _ := f.get("/incidents/" + id.String() + path); status != http.StatusNotFound || body != none {
			t.Errorf("%q answers %d, not like an incident that does not exist", path, status)
		}
	}
	if _, body, _ := f.get("/incidents"); strings.Contains(body, "Payroll") {
		t.Error("the list shows a private incident")
	}
	if _, body, _ := f.get(web.RoomPart("home", room)); strings.Contains(body, "Payroll") {
		t.Error("the room's part shows a private incident")
	}
}

func TestPrivateIncidentIsShownWhereThatIsConfigured(t *testing.T) {
	f := newFixture(t, web.Options{ShowPrivate: true})
	id := f.open("Payroll leak", true)
	_, body, _ := f.get("/incidents/" + id.String())
	wants(t, body, "Payroll leak", "private")
}

func TestRoomPart(t *testing.T) {
	f := newFixture(t, web.Options{})
	_, body, _ := f.get(web.RoomPart("home", room))
	wants(t, body, "No incident here yet", "/incident start")
	f.open("Till drawers do not open", false, note("e1", 1, "A drawer is stuck"))
	_, body, _ = f.get(web.RoomPart("home", room))
	wants(t, body, `data-pane="timeline"`, `data-pane="postmortem"`, "A drawer is stuck", "/incidents/INC-1/postmortem.md")
	f.append(1, incident.Closed{})
	_, body, _ = f.get(web.RoomPart("home", room))
	wants(t, body, "Till drawers do not open", "closed")
}

func TestRoomPartTakesAnyName(t *testing.T) {
	f := newFixture(t, web.Options{})
	status, body, _ := f.get(web.RoomPart(chat.PlatformID("a/b"), chat.ChannelID("#x?%2e")))
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}
}

func TestHealth(t *testing.T) {
	well := true
	f := newFixture(t, web.Options{Health: func(context.Context) (any, bool) { return map[string]bool{"store": well}, well }})
	if status, body, _ := f.get("/healthz"); status != http.StatusOK || !strings.Contains(body, `"store": true`) {
		t.Errorf("well: %d %s", status, body)
	}
	well = false
	if status, _, _ := f.get("/healthz"); status != http.StatusServiceUnavailable {
		t.Errorf("unwell: %d", status)
	}
	if status, _, _ := newFixture(t, web.Options{}).get("/healthz"); status != http.StatusNotFound {
		t.Errorf("without a report: %d", status)
	}
}

func TestAssets(t *testing.T) {
	f := newFixture(t, web.Options{})
	for path, kind := range map[string]string{web.Stylesheet: "text/css", web.Script: "text/javascript", "/assets/icon.svg": "image/svg+xml"} {
		if status, _, header := f.get(path); status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), kind) {
			t.Errorf("%s: %d, %s", path, status, header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/assets/..%2fweb.go", "/assets/%2e%2e/web.go", "/assets/none.css", "/assets/"} {
		if status, _, _ := f.get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestNothingIsWritten(t *testing.T) {
	f := newFixture(t, web.Options{})
	id := f.open("Till drawers do not open", false)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
		req, err := http.NewRequest(method, f.server.URL+"/incidents/"+id.String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if status, _, _ := send(t, req); status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, status)
		}
	}
}
