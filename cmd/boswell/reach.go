package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"boswell/incident"
	"boswell/storage"
	"boswell/storage/bolt"
)

// errNoBot says that nobody runs the bot of a data folder.
var errNoBot error = incident.Refusal{Text: "No bot is running in this data folder. `boswell run` starts one."}

// A client asks a desk: that of the running bot, or one of its own on the files.
type client struct {
	http  *http.Client
	close func() error
}

// reach finds the desk of a data folder. Where no bot is running it opens the files, for reading only unless they are to be
// changed.
func reach(ctx context.Context, dir string, change bool) (*client, error) {
	c, err := reachBot(ctx, dir)
	if !errors.Is(err, errNoBot) {
		return c, err
	}
	store, err := openFolder(dir, change)
	if err != nil {
		return nil, err
	}
	return askSelf(desk{store: store, folder: dir}.handler(), store), nil
}

// openFolder opens a store that is there.
func openFolder(dir string, change bool) (storage.Store, error) {
	store, err := bolt.Open(dir, bolt.Options{ReadOnly: true})
	if err == nil && change {
		if err := store.Close(); err != nil {
			return nil, err
		}
		store, err = bolt.Open(dir, bolt.Options{})
	}
	if errors.Is(err, storage.ErrNotFound) {
		return nil, incident.Refuse("There is no Boswell data in %s. Name the data folder with --data, or its configuration with --config.", dir)
	}
	return store, err
}

// reachBot finds the running bot; errNoBot if there is none.
func reachBot(ctx context.Context, dir string) (*client, error) {
	conn, err := dialSocket(ctx, dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOTDIR):
		return nil, errNoBot
	case errors.Is(err, fs.ErrPermission):
		return nil, incident.Refuse("The data in %s belongs to another user. Run the command as that user.", dir)
	case err != nil:
		return nil, fmt.Errorf("ask the running bot: %w", err)
	}
	if err := conn.Close(); err != nil {
		return nil, err
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dialSocket(ctx, dir) }}
	return &client{http: &http.Client{Transport: transport}, close: func() error { transport.CloseIdleConnections(); return nil }}, nil
}

// askSelf serves a desk to this process alone, and closes its store with it.
func askSelf(h http.Handler, store storage.Store) *client {
	pipes := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: h}
	served := make(chan error, 1)
	go func() { served <- server.Serve(pipes) }()
	end := func() error {
		err := server.Close()
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
		return errors.Join(err, store.Close())
	}
	return &client{http: &http.Client{Transport: &http.Transport{DialContext: pipes.dial}}, close: end}
}

// do asks a desk. What the desk complains of comes back as it was said.
func (c *client) do(ctx context.Context, method, path string, args url.Values) (*http.Response, error) {
	address := url.URL{Scheme: "http", Host: "boswell", Path: path, RawQuery: args.Encode()}
	req, err := http.NewRequestWithContext(ctx, method, address.String(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the running bot: %w", err)
	}
	if resp.StatusCode < http.StatusBadRequest || resp.StatusCode == http.StatusServiceUnavailable {
		return resp, nil
	}
	defer resp.Body.Close()
	var why complaint
	if err := json.NewDecoder(resp.Body).Decode(&why); err != nil || why.Error == "" {
		return nil, fmt.Errorf("the running bot answered %s to %s: see that it is of the same version as this command", resp.Status, path)
	}
	if resp.StatusCode == http.StatusBadRequest {
		return nil, incident.Refusal{Text: why.Error}
	}
	return nil, errors.New(why.Error)
}

// get reads an answer in JSON.
func (c *client) get(ctx context.Context, path string, args url.Values, into any) error {
	resp, err := c.do(ctx, http.MethodGet, path, args)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("read the answer to %s: %w", path, err)
	}
	return nil
}

// post asks for something to be done that has no answer.
func (c *client) post(ctx context.Context, path string, args url.Values) error {
	resp, err := c.do(ctx, http.MethodPost, path, args)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// copy writes an answer to w and gives what it is accompanied by.
func (c *client) copy(ctx context.Context, w io.Writer, path string, args url.Values) (http.Header, error) {
	resp, err := c.do(ctx, http.MethodGet, path, args)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(w, resp.Body)
	return resp.Header, err
}

// loss is a Refusal that says what is missing of an answer; nil if nothing is.
func loss(told http.Header) error {
	if text := told.Get(lossHeader); text != "" {
		return incident.Refusal{Text: text}
	}
	return nil
}

// with runs fn with a client of a data folder.
func (w where) with(ctx context.Context, change bool, fn func(*client) error) error {
	dir, err := w.folder()
	if err != nil {
		return err
	}
	c, err := reach(ctx, dir, change)
	if err != nil {
		return err
	}
	return errors.Join(fn(c), c.close())
}
