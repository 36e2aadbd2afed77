package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"text/tabwriter"

	"boswell/incident"
)

type eraseCommand struct {
	where
	Incident string `arg:"" help:"Which incident, such as INC-7."`
	Record   string `arg:"" optional:"" help:"Which record, by its number. Without it the records are listed."`
	Yes      bool   `help:"I mean it: this cannot be taken back."`
}

// Help is the longer help of the command.
func (eraseCommand) Help() string {
	return `Erases the contents of one record for good, with the kept files that no other record names. That there was a record, when, of which kind and by whom remains, and the chain of hashes still verifies. Backups keep what they have, and so do the chats. For what people may see again, /incident undo and removing the tag are the way; this is for what must not be kept.

Without a number it lists the records of the incident: their number, when each was made, of which kind it is and who caused it. With a number, but without --yes, it says what would be lost. Records that hold nothing that anybody wrote are not erased. The title is in the record of the kind opened, and in those of the kind field_set that changed it; an incident whose opening is erased is private from then on.

Examples:

    boswell erase INC-7
    boswell erase INC-7 12 --yes`
}

// Run lists records or erases one.
func (e eraseCommand) Run(ctx context.Context, s streams) error {
	if e.Record == "" {
		return e.with(ctx, false, func(c *client) error { return e.list(ctx, c, s) })
	}
	seq, err := strconv.ParseUint(e.Record, 10, 64)
	if err != nil {
		return incident.Refuse("%q is not the number of a record. `boswell erase %s` lists them.", e.Record, e.Incident)
	}
	return e.with(ctx, e.Yes, func(c *client) error {
		loss, err := e.loss(ctx, c, seq)
		if err != nil {
			return err
		}
		if !e.Yes {
			return incident.Refuse("Erasing record %d of %s cannot be taken back. %s Add --yes if you mean it.", seq, e.Incident, loss)
		}
		if err := c.post(ctx, incidentPath(e.Incident)+"/records/"+strconv.FormatUint(seq, 10)+"/erase", nil); err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "The contents of record %d of %s are erased. %s\n", seq, e.Incident, loss)
		return err
	})
}

// loss is what goes with the words of the record.
func (e eraseCommand) loss(ctx context.Context, c *client, seq uint64) (string, error) {
	all, err := e.records(ctx, c)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(all, func(r logged) bool { return r.Seq == seq })
	if i < 0 {
		return "", incident.Refuse("%s has no record %d. `boswell erase %s` lists them.", e.Incident, seq, e.Incident)
	}
	return incident.Loss(all[i].Kind)
}

func (e eraseCommand) records(ctx context.Context, c *client) (all []logged, err error) {
	err = c.get(ctx, incidentPath(e.Incident)+"/records", nil, &all)
	return all, err
}

func (e eraseCommand) list(ctx context.Context, c *client, s streams) error {
	all, err := e.records(ctx, c)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RECORD\tWHEN (UTC)\tBY\tKIND")
	for _, r := range all {
		kind := r.Kind
		if r.Erased {
			kind += " (erased)"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", r.Seq, r.At, orDash(r.By), kind)
	}
	return w.Flush()
}
