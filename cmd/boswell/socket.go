package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"boswell/incident"
)

// socketName is the running bot's socket in its data folder.
const socketName = "boswell.sock"

// socketMode lets the owner alone ask the bot: what is read there includes private incidents.
const socketMode = 0o600

// maxSocketPath is the longest name of a socket that all systems take, in bytes.
const maxSocketPath = 103

// openSocket listens in a data folder that this process has to itself. The socket of a process that died is replaced; one
// that somebody answers is not.
func openSocket(ctx context.Context, dir string) (net.Listener, error) {
	path := filepath.Join(dir, socketName)
	if len(path) > maxSocketPath {
		return nil, incident.Refuse("The name of the data folder is too long for a socket: %s has more than %d bytes. Move the folder to a shorter name.", path, maxSocketPath)
	}
	conn, err := dialSocket(ctx, dir)
	if err == nil {
		return nil, errors.Join(incident.Refuse("Another process answers at %s. Stop it, or name another data folder.", path), conn.Close())
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("replace the socket of a process that ended: %w", err)
	}
	// The mode is set before the socket has a name, so that it never is open to others.
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return errors.Join(c.Control(func(fd uintptr) { err = syscall.Fchmod(int(fd), socketMode) }), err)
	}}
	l, err := config.Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen in the data folder: %w", err)
	}
	// Some systems ignore the mode until the socket has its name.
	if err := os.Chmod(path, socketMode); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func dialSocket(ctx context.Context, dir string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(dir, socketName))
}
