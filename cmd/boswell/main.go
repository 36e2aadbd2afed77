// Command boswell is the incident bot: `boswell try` for a look at it, `boswell run` for a team.
//
// The invariant: this package only puts the others together. It reads flags and the configuration, builds the program in one
// function (build, in program.go), and stops it when told to; whatever an incident is or does stands elsewhere.
//
// Bottom up: config.go is what can be configured, program.go the program, desk.go what can be asked of a data folder (by a
// running bot through its socket, else by the command itself), and each command has a file of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the process at once: whatever is half done then is finished at the next start.
	context.AfterFunc(ctx, stop)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	os.Exit(exitCode(err, os.Stderr))
}

// exitCode tells what went wrong and gives the code to leave with: 0 is good, 2 is a command line that is not understood, 1
// is everything else.
func exitCode(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "boswell: %v\n", err)
	if errors.As(err, new(misused)) {
		return 2
	}
	return 1
}
