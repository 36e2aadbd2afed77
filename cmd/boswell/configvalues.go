package main

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"

	"boswell/incident"
)

// The values of keys read themselves from text. What they say of a text that they refuse stands behind the name of the key:
// what is wrong, then what to write.

// off is the word that turns a thing off.
const off = "off"

// A span is a length of time.
type span time.Duration

// UnmarshalText reads 24h, 90m or 1h30m.
func (s *span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil || d <= 0 {
		return incident.Refuse("%q is not a length of time. Write it like 24h or 90m.", text)
	}
	*s = span(d)
	return nil
}

// MarshalText writes the shortest form: 24h, not 24h0m0s.
func (s span) MarshalText() ([]byte, error) {
	text := time.Duration(s).String()
	for _, zero := range []string{"0s", "0m"} {
		if short, ok := strings.CutSuffix(text, zero); ok && strings.HasSuffix(short, map[string]string{"0s": "m", "0m": "h"}[zero]) {
			text = short
		}
	}
	return []byte(text), nil
}

// A size is a number of bytes.
type size int64

var units = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// mostSize is far above any file of a chat.
const mostSize = 1 << 40

// UnmarshalText reads 25MiB, 512KiB or 1GiB.
func (s *size) UnmarshalText(text []byte) error {
	for _, u := range units {
		digits, ok := strings.CutSuffix(string(text), u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n <= 0 || n > mostSize/u.bytes {
			break
		}
		*s = size(n * u.bytes)
		return nil
	}
	return incident.Refuse("%q is not a size. Write it like 25MiB or 512KiB.", text)
}

// MarshalText writes the size in the largest unit that leaves a whole number.
func (s size) MarshalText() ([]byte, error) {
	for _, u := range units {
		if int64(s)%u.bytes == 0 {
			return []byte(strconv.FormatInt(int64(s)/u.bytes, 10) + u.name), nil
		}
	}
	return nil, fmt.Errorf("%d is not a size", s)
}

// A logLevel is what is worth a line in the log.
type logLevel struct{ zerolog.Level }

// UnmarshalText reads one of the four words.
func (l *logLevel) UnmarshalText(text []byte) error {
	words := []string{"debug", "info", "warn", "error"}
	if !slices.Contains(words, string(text)) {
		return refuseWord(string(text), words)
	}
	return l.Level.UnmarshalText(text)
}

// A logFormat says for whom the log is.
type logFormat string

// UnmarshalText reads one of the two words.
func (f *logFormat) UnmarshalText(text []byte) error {
	words := []string{"text", "json"}
	if !slices.Contains(words, string(text)) {
		return refuseWord(string(text), words)
	}
	*f = logFormat(text)
	return nil
}

// MarshalText writes the word.
func (f logFormat) MarshalText() ([]byte, error) { return []byte(f), nil }

func refuseWord(word string, known []string) error {
	return incident.Refuse("%q is not known. Write one of: %s.", word, strings.Join(known, ", "))
}

// An address is one to listen on, of this machine alone; empty is none.
type address string

// UnmarshalText reads 127.0.0.1:8642, [::1]:8642, localhost:8642 or off. Port 0 is any that is free.
func (a *address) UnmarshalText(text []byte) error {
	if string(text) == off {
		*a = ""
		return nil
	}
	host, port, err := net.SplitHostPort(string(text))
	if err != nil {
		return incident.Refuse("%q is not an address with a port. Write it like %s.", text, usualAddr)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		return incident.Refuse("%q has the port %q, and ports go from 0 to 65535. Write it like %s.", text, port, usualAddr)
	} else if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return incident.Refuse("%q can be reached from other machines, and the pages have no sign-in. Write 127.0.0.1:%d, and let a proxy with a sign-in pass requests on.", text, n)
	}
	*a = address(text)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (a address) MarshalText() ([]byte, error) {
	if a == "" {
		return []byte(off), nil
	}
	return []byte(a), nil
}

// A baseURL is an address of pages, without a slash at its end; empty is none.
type baseURL string

// UnmarshalText reads an address that begins with http:// or https://.
func (b *baseURL) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*b = ""
		return nil
	}
	u, err := url.Parse(string(text))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return incident.Refuse("%q is not the address of pages. Write it like https://boswell.example.org.", text)
	}
	*b = baseURL(strings.TrimRight(u.String(), "/"))
	return nil
}

// MarshalText writes the address.
func (b baseURL) MarshalText() ([]byte, error) { return []byte(b), nil }

// hosts are the names under which a browser asks for the pages, besides those of this machine.
func (b baseURL) hosts() []string {
	u, err := url.Parse(string(b))
	if err != nil || u.Host == "" {
		return nil
	}
	return []string{u.Host}
}

// A rhythm says how often, or when, people are reminded; never, where every is nil.
type rhythm struct {
	text  string
	every cron.Schedule
}

// UnmarshalText reads 5m, "0 9 * * *" or off. More often than once a minute is refused, and so is what never comes.
func (r *rhythm) UnmarshalText(text []byte) error {
	if string(text) == off {
		*r = rhythm{text: off}
		return nil
	}
	every, err := schedule(string(text))
	if err != nil {
		return incident.Refuse("%q says neither how often nor when. Write it like 5m, like \"0 9 * * 1-5\", or off.", text)
	}
	first := every.Next(time.Now())
	second := every.Next(first)
	switch {
	case first.IsZero() || second.IsZero():
		return incident.Refuse("%q never comes. Write it like 5m, like \"0 9 * * 1-5\", or off.", text)
	case second.Sub(first) < time.Minute:
		return incident.Refuse("%q is too often. Write 1m or more, or off.", text)
	}
	*r = rhythm{string(text), every}
	return nil
}

func schedule(text string) (cron.Schedule, error) {
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return cron.Every(d), nil
	}
	return cron.ParseStandard(text)
}

// MarshalText writes what was read.
func (r rhythm) MarshalText() ([]byte, error) { return []byte(r.text), nil }
