package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"boswell/incident"
)

// commandLine is what can be asked for, in the order in which help lists it.
type commandLine struct {
	Try  tryCommand  `cmd:"" help:"Try it: the built-in chat in your browser, no account and no token needed."`
	Init initCommand `cmd:"" help:"Write a commented configuration."`
	Run  runCommand  `cmd:"" help:"Run the bot with a configuration."`

	Manifest manifestCommand `cmd:"" help:"Print what to set up on the side of a chat system."`
	Doctor   doctorCommand   `cmd:"" help:"Check the connections of a configuration, and say what to mend."`

	List    listCommand    `cmd:"" help:"List incidents."`
	Show    showCommand    `cmd:"" help:"Show one incident."`
	Export  exportCommand  `cmd:"" help:"Write the postmortem of an incident."`
	Replay  replayCommand  `cmd:"" help:"Play an incident from a file into a throw-away chat and print its postmortem."`
	Verify  verifyCommand  `cmd:"" help:"Check that all records are whole and unchanged."`
	Backup  backupCommand  `cmd:"" help:"Copy all incidents and their files into a new folder, also while the bot runs."`
	Erase   eraseCommand   `cmd:"" help:"List the records of an incident, or erase the contents of one for good."`
	Health  healthCommand  `cmd:"" help:"Ask the running bot how it is."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// streams are where a command writes: what was asked for goes to out, all other words to err.
type streams struct{ out, err io.Writer }

const about = "Boswell sits in the rooms where a team fights an outage, writes down what happened and when, and hands over a finished postmortem."

const firstSteps = `Boswell keeps the record of an incident in your chat and hands you the postmortem.

To look at it now, in your browser, with no account and no token:

    boswell try            an empty chat: type /incident start Checkout is down
    boswell try --story    a finished incident to look around in

To run it for a team:

    boswell init           writes boswell.yaml, with every key explained
    boswell run            runs the bot with it

boswell --help lists all commands, and each has a --help of its own.
`

// run is the program: it does what args ask for, and returns when that is done, or soon after ctx is.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		_, err := io.WriteString(stdout, firstSteps)
		return err
	}
	if args[0] == "--version" {
		args[0] = "version" // as of most programs
	}
	var line commandLine
	helped := false
	parser, err := kong.New(&line, kong.Name("boswell"), kong.Description(about), kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }), kong.Vars{"config": usualConfig, "addr": usualAddr},
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true, WrapUpperBound: 100}))
	if err != nil {
		return fmt.Errorf("declare the command line: %w", err)
	}
	asked, err := parser.Parse(args)
	if helped {
		return nil
	}
	if err != nil {
		return misused{fmt.Errorf("%s; `%s` says more", strings.TrimSuffix(err.Error(), "."), helpFor(err))}
	}
	asked.BindTo(ctx, (*context.Context)(nil))
	return asked.Run(streams{stdout, stderr})
}

// helpFor is the command line that helps with another one: that of the command, once it is known.
func helpFor(err error) string {
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context.Selected() != nil {
		return "boswell " + wrong.Context.Selected().Name + " --help"
	}
	return "boswell --help"
}

// misused is a command line that is not understood.
type misused struct{ error }

// usualConfig is the configuration that is read where nobody names another.
const usualConfig = "boswell.yaml"

// where says which data folder a command is about.
type where struct {
	Config string `default:"${config}" placeholder:"FILE" env:"BOSWELL_CONFIG" help:"The configuration that names the data folder (default: ${config})."`
	Data   string `placeholder:"DIR" help:"The data folder itself; no configuration is read then."`
}

// folder is the data folder.
func (w where) folder() (string, error) {
	if w.Data != "" {
		return w.Data, nil
	}
	if _, err := os.Stat(w.Config); errors.Is(err, fs.ErrNotExist) {
		return "", incident.Refuse("There is no configuration %s to tell where the data is. Name it with --config, or the data folder with --data.", w.Config)
	}
	c, err := readConfig(w.Config)
	return c.Data, err
}
