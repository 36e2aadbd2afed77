package rocketchat_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// listening is a connection with the app, whose door is to be at an address, to a server whose app does as it is told.
func listening(t *testing.T, address string, app http.HandlerFunc) *rocketchat.WithApp {
	t.Helper()
	clock := chattest.NewClock(time.Now())
	sim, err := rocketsim.New(clock, rocketsim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	front := httptest.NewServer(before(t, sim.URL(), app))
	t.Cleanup(front.Close)
	c := config(sim)
	c.URL, c.AppSecret, c.Listen = front.URL, chat.NewSecret(sharedSecret), address
	p, err := rocketchat.New(c, quick(t, sim, clock))
	if err != nil {
		t.Fatal(err)
	}
	return p.WithApp()
}

// ok is an app that is content.
func ok(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{}`)) }

// TestTakenDoor: an address that another program has is told about, and nothing runs.
func TestTakenDoor(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	err = listening(t, l.Addr().String(), ok).Run(t.Context(), nil)
	if f := chat.AsFailure(err); err == nil || f.Temporary || !strings.Contains(f.Tell, l.Addr().String()) {
		t.Errorf("Run ended with %v, want it final and with the address", err)
	}
}

// TestDoorIsOpenWhileRunning: the door opens with Run and is shut after it, and Run can begin again.
func TestDoorIsOpenWhileRunning(t *testing.T) {
	address := freeAddress(t)
	with := listening(t, address, ok)
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		online, ran := make(chan struct{}), make(chan error, 1)
		go func() {
			ran <- with.Run(ctx, func(_ context.Context, in chat.Inbound) (chat.Reply, error) {
				if _, is := in.(chat.Online); is {
					close(online)
				}
				return chat.Reply{}, nil
			})
		}()
		<-online
		r, err := http.Get("http://" + address)
		if err != nil || r.StatusCode != http.StatusMethodNotAllowed {
			t.Fatalf("the door answers %v, %v", r, err)
		}
		r.Body.Close()
		cancel()
		if err := <-ran; err != nil {
			t.Errorf("Run ended with %v", err)
		}
		if r, err := http.Get("http://" + address); err == nil {
			r.Body.Close()
			t.Error("the door is open without Run")
		}
	}
}

// TestDoctorOfTheApp: what is wrong with the app or with the door is said, and what to do about it.
func TestDoctorOfTheApp(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	own := httptest.NewServer(listening(t, freeAddress(t), ok).AppHandler())
	defer own.Close()
	host := func(s *httptest.Server) string { return strings.TrimPrefix(s.URL, "http://") }
	for name, c := range map[string]struct {
		address string
		app     http.HandlerFunc
		says    []string
	}{
		"all is well":         {freeAddress(t), ok, []string{"ok    app: it is enabled and has the same secret", "ok    listen: ", "is free"}},
		"Boswell runs":        {host(own), ok, []string{"ok    listen: Boswell listens on"}},
		"another program":     {host(other), ok, []string{"FAIL  listen: ", "Write another address"}},
		"no app":              {freeAddress(t), http.NotFound, []string{"FAIL  app: Boswell's app is not enabled"}},
		"another secret":      {freeAddress(t), func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusUnauthorized) }, []string{"FAIL  app: The shared secret"}},
		"the server is upset": {freeAddress(t), func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "boom", http.StatusInternalServerError) }, []string{"FAIL  app: "}},
	} {
		t.Run(name, func(t *testing.T) {
			var said strings.Builder
			err := listening(t, c.address, c.app).Doctor(t.Context(), &said)
			for _, want := range c.says {
				if !strings.Contains(said.String(), want) {
					t.Errorf("the doctor says, with %v,\n%s, want %q in it", err, said.String(), want)
				}
			}
			if (err != nil) != strings.Contains(said.String(), "FAIL") {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// TestListenAndSecretGoTogether: neither is of use without the other.
func TestListenAndSecretGoTogether(t *testing.T) {
	good := rocketchat.Config{URL: "https://chat.example.org", UserID: "u", Token: chat.NewSecret("token")}
	for name, c := range map[string]struct {
		secret, listen, want string
	}{
		"neither":      {"", "", ""},
		"both":         {sharedSecret, "127.0.0.1:8081", ""},
		"secret alone": {sharedSecret, "", "listen: "},
		"listen alone": {"", "127.0.0.1:8081", "app_secret: "},
		"no address":   {sharedSecret, "8081", "listen: "},
		"short secret": {"sesame", "127.0.0.1:8081", "app_secret: "},
	} {
		cfg := good
		cfg.AppSecret, cfg.Listen = chat.NewSecret(c.secret), c.listen
		err := cfg.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: Validate says %v, want %q", name, err, c.want)
		}
	}
}
