package slack

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// listPage is a page of any list; each method fills its own field.
type listPage struct {
	Members  []wireUser    `json:"members"`
	Channels []wireRoom    `json:"channels"`
	Messages []wireMessage `json:"messages"`
	// Limited says that the plan of the workspace hides what is older.
	Limited bool `json:"is_limited"`
	Meta    struct {
		Cursor string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// pagesMost bounds a list: what is longer is cut off with an error.
const pagesMost = 1000

var errEndless = errors.New("the list does not end")

// errEnough stops the reading of pages without being an error.
var errEnough = errors.New("enough")

// pageMost is how much of a list is asked for at once: few methods give more, and each page counts against the tier.
const pageMost = "999"

// pages reads a list to its end, or until each says that it is enough.
func (p *Platform) pages(ctx context.Context, method string, args url.Values, each func(*listPage) error) error {
	if !args.Has("limit") {
		args.Set("limit", pageMost)
	}
	for range pagesMost {
		var page listPage
		if err := p.read(ctx, method, args, &page); err != nil {
			return err
		}
		err := each(&page)
		if errors.Is(err, errEnough) {
			return nil
		}
		if err != nil || page.Meta.Cursor == "" {
			return err
		}
		args.Set("cursor", page.Meta.Cursor)
	}
	return errEndless
}

// marks are where lists were left because Slack asked to wait, by method. What was read before is taken as it was for a while.
type marks struct {
	mu sync.Mutex
	at map[string]mark
}

type mark struct {
	cursor string
	left   time.Time
}

// take is where to go on with a list; empty is its beginning.
func (m *marks) take(method string, now time.Time) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.at[method]
	delete(m.at, method)
	if now.Sub(at.left) > remembered {
		return ""
	}
	return at.cursor
}

func (m *marks) put(method string, at mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at == nil {
		m.at = map[string]mark{}
	}
	m.at[method] = at
}

// pagesOn reads a list of which each keeps everything. Where Slack asks to wait, the next call goes on where this one was: a
// list that is longer than what Slack gives in a minute is read to its end all the same.
func (p *Platform) pagesOn(ctx context.Context, method string, args url.Values, each func(*listPage) error) error {
	args.Set("cursor", p.marks.take(method, p.o.Now()))
	err := p.pages(ctx, method, args, each)
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		p.marks.put(method, mark{cursor: args.Get("cursor"), left: p.o.Now()})
	}
	return err
}
