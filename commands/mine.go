package commands

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

func mineCommand() *Command {
	return &Command{
		Name:     "mine",
		Help:     "Your incidents under way, and your open action items",
		Examples: []string{"mine"},
		Reads:    true,
		Run:      runMine,
		flat:     []string{"mine"},
	}
}

// mineMost is the most incidents, and the most action items, that the answer lists.
const mineMost = 20

// A desk is what waits for one person in the incidents that they may see.
type desk struct {
	req       *Request
	names     []string // how action items may call the person, in lower case
	read      int      // how many incidents were read
	incidents []chat.Text
	items     []chat.Text
	hints     hints
}

// hints are lines about what the desk holds, each of the first thing that it fits: how to act.
type hints struct{ show, done, reopen string }

func runMine(req *Request) (chat.Reply, error) {
	d := desk{req: req, names: req.ownNames()}
	if err := req.visible(d.look); err != nil {
		return chat.Reply{}, err
	}
	return aside(d.answer()), nil
}

// ownNames are what the person who asks is called, in lower case.
func (req *Request) ownNames() []string {
	p, _ := req.Tx.Person(req.By)
	names := []string{p.Name, p.FullName, req.User.Name, req.User.Handle}
	for _, a := range p.Accounts {
		names = append(names, a.Handle)
	}
	for i, name := range names {
		names[i] = strings.ToLower(name)
	}
	return without(names, "")
}

// look takes up what waits in one incident. What was opened by mistake waits for nobody, and records that cannot be read are
// left out.
func (d *desk) look(s storage.Summary) error {
	if s.State == incident.StateCancelled {
		return nil
	}
	if d.read++; d.read > readMost {
		return errEnough
	}
	in, err := d.req.Tx.Incident(s.ID)
	if errors.Is(err, storage.ErrDamaged) {
		return nil
	}
	if err != nil {
		return err
	}
	if r, ok := in.Responder(d.req.By); ok && r.Left.IsZero() && in.State.Live() {
		d.incidents = append(d.incidents, d.part(in, s))
		d.hints.show = cmp.Or(d.hints.show, "show in:"+in.ID.String())
	}
	for i, a := range in.Actions {
		if !a.Done && d.owns(a.Owner) {
			d.add(in, i+1, a)
		}
	}
	return nil
}

// part is an incident in which the person takes part, with their roles in it and where it is fought.
func (d *desk) part(in *incident.Incident, s storage.Summary) chat.Text {
	t := d.req.summaryLine(s)
	part := "responder"
	if roles := rolesOf(in, d.req.By); len(roles) > 0 {
		part = andList(roles)
	}
	t = t.Plain(" · you: " + part)
	if rooms := roomNames(in); rooms != "" {
		t = t.Plain(" · in " + rooms)
	}
	return t
}

func (d *desk) add(in *incident.Incident, n int, a incident.Action) {
	t := chat.Text{}.Bold(in.ID.String()).Plain(fmt.Sprintf(" %s · action item %d%s", flatten(in.Title(), quoteLength), n, actionDetails(a)))
	if in.State.Live() {
		d.hints.done = cmp.Or(d.hints.done, fmt.Sprintf("action in:%s %d done", in.ID, n))
	} else {
		d.hints.reopen = cmp.Or(d.hints.reopen, "reopen in:"+in.ID.String())
		t = t.Plain(" · " + string(in.State))
	}
	d.items = append(d.items, t)
}

// owns says that the person is the owner of an action item, or one of several with commas or "and" between them.
func (d *desk) owns(owner string) bool {
	owners := strings.Split(strings.ReplaceAll(strings.ToLower(owner), " and ", ","), ",")
	return slices.ContainsFunc(owners, func(o string) bool {
		return slices.Contains(d.names, strings.TrimPrefix(strings.TrimSpace(o), "@"))
	})
}

func (d *desk) answer() chat.Text {
	if len(d.incidents)+len(d.items) == 0 {
		t := chat.Say("Nothing waits for you: you take part in no incident under way, and own no open action item. ")
		return t.Code(d.req.typed("list")).Plain(" shows what is under way.")
	}
	t := d.section(nil, "You take part in", d.incidents)
	t = d.section(t, "Your open action items", d.items)
	t = d.hint(t, d.hints.show, "shows how it stands.")
	t = d.hint(t, d.hints.done, "says that it is done.")
	t = d.hint(t, d.hints.reopen, "comes first where the incident is closed.")
	if d.read > readMost {
		t = t.Plain(fmt.Sprintf("\nI read the newest %d incidents.", readMost))
	}
	return t
}

// hint adds a line that can be typed, and what it does; nothing where there is none.
func (d *desk) hint(t chat.Text, line, does string) chat.Text {
	if line == "" {
		return t
	}
	return t.Plain("\n").Code(d.req.typed(line)).Plain(" " + does)
}

// section adds a heading and what stands below it, if there is anything.
func (d *desk) section(t chat.Text, heading string, items []chat.Text) chat.Text {
	if len(items) == 0 {
		return t
	}
	if len(t) > 0 {
		t = t.Plain("\n")
	}
	t = lines(t.Bold(heading+":"), items[:min(len(items), mineMost)])
	if more := len(items) - mineMost; more > 0 {
		t = t.Plain(fmt.Sprintf("\nand %d more.", more))
	}
	return t
}
