package incident_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"boswell/incident"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// views are all that people can be shown of an incident. Nothing in them shares memory with it but what Timeline and
// Supporting give.
type views struct {
	Exported   map[string]string // the exported fields, printed
	Rooms      []incident.Room
	Words      map[string][]string // of the fields that hold words, the status among them
	Front      []string
	Timeline   []incident.Entry
	Pending    []incident.Entry
	Unread     []incident.Gap
	Supporting []incident.Support
	Holders    map[incident.Role]incident.PersonID
	Followed   []incident.FollowedMessage
	Metrics    incident.Metrics
}

func viewsOf(in *incident.Incident) views {
	v := views{Exported: map[string]string{}, Rooms: slices.Clone(in.Rooms), Words: map[string][]string{"status": {in.Status()}},
		Front: in.FrontKeys(), Timeline: in.Timeline(), Pending: in.Pending(), Unread: in.Unread(), Supporting: in.Supporting(),
		Holders: map[incident.Role]incident.PersonID{}, Metrics: in.Metrics()}
	state := reflect.ValueOf(in).Elem()
	for i, f := range reflect.VisibleFields(state.Type()) {
		if f.IsExported() && f.Name != "Rooms" {
			v.Exported[f.Name] = fmt.Sprintf("%+v", state.Field(i))
		}
	}
	for _, name := range append(incident.Fields(), "front.cover") {
		v.Words[name] = slices.Clone(in.Values(incident.Field(name)))
	}
	for _, role := range incident.Roles() {
		v.Holders[role] = in.Holder(role)
	}
	for _, room := range in.Rooms {
		v.Followed = append(v.Followed, in.Followed(room.RoomID)...)
	}
	return v
}

// viewOptions compare views. The order of rooms says nothing, and the innards of an entry are its own.
var viewOptions = gocmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreUnexported(incident.Entry{}),
	cmpopts.SortSlices(func(a, b incident.Room) bool {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Thread, b.Thread)) < 0
	}),
	cmpopts.SortSlices(func(a, b incident.FollowedMessage) bool { return a.Message.Message < b.Message.Message }),
}

// diffViews is how two views differ.
func diffViews(before, after views) string { return gocmp.Diff(before, after, viewOptions) }

// diffUndone is how two views differ apart from the log's head, which an undo moves on as any change does, and from when on a
// room that is linked again cannot be read.
func diffUndone(before, after views) string {
	head := cmpopts.IgnoreMapEntries(func(name, _ string) bool { return name == "Head" || name == "LastAt" || name == "LastBy" })
	return gocmp.Diff(before, after, viewOptions, head, cmpopts.IgnoreFields(views{}, "Unread"))
}
