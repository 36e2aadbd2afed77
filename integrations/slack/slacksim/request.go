package slacksim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// sendHTTP gives a parcel to the address of the app. It is called with the lock held.
func (m *mailroom) sendHTTP(p *parcel) {
	m.serial++
	id := fmt.Sprintf("request-%d", m.serial)
	p.since = time.Now()
	m.out[id] = p
	go m.request(id, *p, m.sim.o.RequestURL, m.sim.o.SigningSecret)
}

// request makes one request, and takes its answer as the acknowledgement. The parcel is as it was when it was sent.
func (m *mailroom) request(id string, p parcel, address, secret string) {
	body, kind, err := m.body(&p)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(m.sim.done, m.sim.o.Patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return
	}
	req.Header.Set("Content-Type", kind)
	Sign(req.Header, body, secret, m.sim.now())
	if p.attempt > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(p.attempt))
		req.Header.Set("X-Slack-Retry-Reason", "http_timeout")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		m.unanswered(id)
		return
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, bodyMost))
	if err == nil && res.StatusCode >= 200 && res.StatusCode < 300 {
		m.acked(id, answer)
	} else {
		m.unanswered(id)
	}
}

// unanswered makes a parcel overdue that nobody is going to acknowledge.
func (m *mailroom) unanswered(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.out[id]; p != nil {
		p.since = time.Time{}
	}
}

func (m *mailroom) body(p *parcel) ([]byte, string, error) {
	const form = "application/x-www-form-urlencoded"
	switch p.kind {
	case "slash_commands":
		values := url.Values{}
		for k, v := range p.payload {
			values.Set(k, fmt.Sprint(v))
		}
		return []byte(values.Encode()), form, nil
	case "interactive":
		data, err := json.Marshal(p.payload)
		return []byte(url.Values{"payload": {string(data)}}.Encode()), form, err
	default:
		data, err := json.Marshal(p.payload)
		return data, "application/json", err
	}
}

// Sign signs a request as Slack does.
func Sign(h http.Header, body []byte, secret string, at time.Time) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte("v0:" + stamp + ":"))
	sum.Write(body)
	h.Set("X-Slack-Request-Timestamp", stamp)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(sum.Sum(nil)))
}
