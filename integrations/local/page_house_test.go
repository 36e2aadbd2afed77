package local_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/integrations/local"
	"boswell/web"
)

var morning = time.Date(2031, 3, 4, 9, 12, 30, 0, time.UTC)

// A pageHouse is the whole program as it stands behind the page: the chat, the bot, the incidents beside the chat.
type pageHouse struct {
	*house
	t      *testing.T
	server *httptest.Server
	gone   atomic.Bool // the server answers nobody
	ada    chat.UserID
	grace  chat.UserID
	room   chat.Place
}

func newPageHouse(t *testing.T) *pageHouse {
	t.Helper()
	h := &pageHouse{house: &house{folder: t.TempDir(), clock: chattest.NewClock(morning)}, t: t}
	if err := h.open(); err != nil {
		t.Fatal(err)
	}
	ctx, c := context.Background(), h.world.Chat()
	if err := c.Platform().Register(ctx, commands.Declared()); err != nil {
		t.Fatal(err)
	}
	h.serve()
	t.Cleanup(func() {
		h.server.CloseClientConnections()
		h.server.Close()
		if err := errors.Join(h.stop(), h.world.Close()); err != nil {
			t.Errorf("the house did not close: %v", err)
		}
	})
	return h
}

// away cuts every connection to the server, and each that comes until it is back. Its port stays taken, since one that is
// given up may be somebody else's by then.
func (h *pageHouse) away() {
	h.gone.Store(true)
	h.server.CloseClientConnections()
}

func (h *pageHouse) back() { h.gone.Store(false) }

// serve puts the pages together the way the program does.
func (h *pageHouse) serve() {
	mux := http.NewServeMux()
	site := web.New(h.store, web.Options{ShowPrivate: true})
	for _, path := range site.Paths() {
		mux.Handle(path, site)
	}
	mux.Handle("/", h.world.Chat().Pages(local.PageOptions{
		Beside:  func(room chat.ChannelID) string { return web.RoomPart("chat", room) },
		Changed: site.Changed,
		Styles:  []string{web.Stylesheet},
		Scripts: []string{web.Script},
	}))
	guarded := web.Guard(mux)
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.gone.Load() {
			panic(http.ErrAbortHandler) // cuts the connection
		}
		guarded.ServeHTTP(w, r)
	}))
}

// people brings in Ada and Grace, and a room for them.
func (h *pageHouse) people() {
	h.t.Helper()
	ctx, c := context.Background(), h.world.Chat()
	for handle, id := range map[string]*chat.UserID{"Ada": &h.ada, "Grace": &h.grace} {
		u, err := c.Arrive(ctx, local.Arrival{Handle: strings.ToLower(handle), Name: handle})
		if err != nil {
			h.t.Fatal(err)
		}
		*id = u.ID
	}
	var err error
	if h.room, err = c.CreateRoom(ctx, h.ada, local.Opening{Name: "operations"}); err != nil {
		h.t.Fatal(err)
	}
}

// an answered action of the page.
type acted struct {
	Status                         int
	Problem, Room, Person, Message string
	Form                           bool
}

// act does what the page would do for somebody.
func (h *pageHouse) act(by chat.UserID, path string, fields url.Values) acted {
	h.t.Helper()
	req := h.request(path, fields)
	req.Header.Set("Boswell-As", string(by))
	return h.send(req)
}

func (h *pageHouse) request(path string, fields url.Values) *http.Request {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range fields {
		for _, value := range values {
			if err := form.WriteField(name, value); err != nil {
				h.t.Fatal(err)
			}
		}
	}
	if err := form.Close(); err != nil {
		h.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, h.server.URL+path, &body)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	return req
}

func (h *pageHouse) send(req *http.Request) acted {
	h.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	result := acted{Status: res.StatusCode}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if json.Unmarshal(body, &result) != nil {
		result.Problem = string(body)
	}
	return result
}

func (h *pageHouse) get(path string, header ...string) (int, string, http.Header) {
	h.t.Helper()
	req, err := http.NewRequest(http.MethodGet, h.server.URL+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return res.StatusCode, string(body), res.Header
}

// settle waits until nobody has anything left to do.
func (h *pageHouse) settle() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := chattest.Settle(ctx, h.world, h); err != nil {
		h.t.Fatal(err)
	}
}

func (h *pageHouse) roomPath() string { return "/rooms/" + string(h.room.Channel) }
