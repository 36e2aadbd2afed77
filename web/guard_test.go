package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"boswell/web"
)

func TestGuard(t *testing.T) {
	guard := web.Guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }), "boswell.example:8642")
	follow := "navigate document"
	cases := []struct {
		name, method, host, origin, site, fetch string
		allowed                                 bool
	}{
		{name: "loopback address", host: "127.0.0.1:8642", allowed: true},
		{name: "another loopback address", host: "127.0.0.53", allowed: true},
		{name: "loopback of IPv6", host: "[::1]:8642", allowed: true},
		{name: "localhost on a forwarded port", host: "localhost:9000", allowed: true},
		{name: "localhost in capitals", host: "LOCALHOST", allowed: true},
		{name: "configured name", host: "boswell.example:8642", allowed: true},
		{name: "configured name on another port", host: "boswell.example:80"},
		{name: "name that points here", host: "rebound.example:8642"},
		{name: "name that begins like ours", host: "localhost.rebound.example"},
		{name: "address of the network", host: "192.168.0.4:8642"},
		{name: "no host", host: ""},
		{name: "our page", method: "POST", host: "localhost:8642", origin: "http://localhost:8642", site: "same-origin", allowed: true},
		{name: "typed address", host: "localhost:8642", site: "none", allowed: true},
		{name: "another site posts", method: "POST", host: "localhost:8642", origin: "https://evil.example", site: "cross-site"},
		{name: "another site posts by a form", method: "POST", host: "localhost:8642", origin: "https://evil.example", site: "cross-site", fetch: follow},
		{name: "another site reads", host: "localhost:8642", site: "cross-site", fetch: "no-cors image"},
		{name: "another site frames", host: "localhost:8642", site: "cross-site", fetch: "navigate iframe"},
		{name: "another site links", host: "localhost:8642", site: "cross-site", fetch: follow, allowed: true},
		{name: "another port posts", method: "POST", host: "localhost:8642", origin: "http://localhost:3000", site: "same-site"},
		{name: "old browser, our page", method: "POST", host: "localhost:8642", origin: "http://localhost:8642", allowed: true},
		{name: "old browser, another site", method: "POST", host: "localhost:8642", origin: "https://evil.example"},
		{name: "old browser, hidden origin", method: "POST", host: "localhost:8642", origin: "null"},
		{name: "no browser", method: "POST", host: "localhost:8642", allowed: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodGet, "/", nil)
			if c.method != "" {
				req.Method = c.method
			}
			req.Host = c.host
			mode, dest, _ := strings.Cut(c.fetch, " ")
			for key, value := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest} {
				if value != "" {
					req.Header.Set(key, value)
				}
			}
			rec := httptest.NewRecorder()
			guard.ServeHTTP(rec, req)
			if want := map[bool]int{true: http.StatusNoContent, false: http.StatusForbidden}[c.allowed]; rec.Code != want {
				t.Errorf("status %d, want %d: %s", rec.Code, want, rec.Body)
			}
			if !c.allowed && len(rec.Body.String()) < 40 {
				t.Errorf("the refusal does not say why: %q", rec.Body)
			}
			if !strings.Contains(rec.Header().Get("Content-Security-Policy"), "default-src 'self'") || rec.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("the answer is not hardened: %v", rec.Header())
			}
		})
	}
}
