package slack

import (
	"context"
	"errors"
	"net/url"
)

// listPage is a page of any list; each method fills its own field.
type listPage struct {
	Members  []wireUser    `json:"members"`
	Channels []wireRoom    `json:"channels"`
	Messages []wireMessage `json:"messages"`
	// Limited says that the plan of the workspace hides what is older.
	Limited bool `json:"is_limited"`
	More    bool `json:"has_more"`
	Meta    struct {
		Cursor string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// pagesMost bounds a list: what is longer is cut off with an error.
const pagesMost = 1000

var errEndless = errors.New("the list does not end")

// errEnough stops the reading of pages without being an error.
var errEnough = errors.New("enough")

// pages reads a list to its end, or until each says that it is enough.
func (p *Platform) pages(ctx context.Context, method string, args url.Values, each func(*listPage) error) error {
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
