package web

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// Guard stands before everything that is served to browsers. A request that names another host, or that another site made, is
// refused with 403 and a sentence that says why: neither a page on another site nor a name that was pointed at this machine
// can look in or act. Requests of other sites get through only as a person who follows a link to a page.
//
// The names of loopback are always served, on whatever port they were reached; hosts are further names, as the Host header has
// them ("boswell.example:8642").
func Guard(next http.Handler, hosts ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		harden(w.Header())
		switch {
		case !isOurs(r.Host, hosts):
			refuse(w, "This program answers to localhost only, and the address in your browser names another host. "+
				"Open the address that was printed when it started, or set web.url in the configuration.")
		case isForeign(r):
			refuse(w, "This request was made by another web site, so it was refused. Open the page itself and do it there.")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// harden sets what a browser must not do with anything that is served here.
func harden(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

func refuse(w http.ResponseWriter, text string) { http.Error(w, text, http.StatusForbidden) }

// isOurs says that a Host header names this program.
func isOurs(host string, hosts []string) bool {
	if slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	ip := net.ParseIP(name)
	return strings.EqualFold(name, "localhost") || ip != nil && ip.IsLoopback()
}

// isForeign says that a page of another site made the request. Other ports of the same machine are other sites. A request
// that tells nothing of where it comes from was not made by a browser's page.
func isForeign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
		origin := r.Header.Get("Origin")
		return origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host
	default:
		return !followsLink(r)
	}
}

// followsLink says that the request is a person who goes to one of our pages.
func followsLink(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}
