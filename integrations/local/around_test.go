package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/chat/chattest"
	"boswell/incident"
	"boswell/integrations/local"
	"boswell/integrations/local/localsim"
	"boswell/storage"
	"boswell/storage/bolt"
)

// surroundings are what a bot left behind: for people, and in its log.
type surroundings struct {
	Export   string   // the last that was posted
	Seen     []string // the bot's messages and reactions, as people see them, sorted
	Facts    []string // the records of all logs without their order, sorted
	Owed     []string // what was promised and not done
	Problems []string // what the store finds wrong with itself
}

// lookAround reads the folder of a bot that does not run.
func lookAround(t *testing.T, folder string) surroundings {
	t.Helper()
	var s surroundings
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	world, err := localsim.Open(filepath.Join(folder, "chat"), "chat", chattest.NewClock(time.Time{}))
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close()
	if err := s.lookAtChat(ctx, world); err != nil {
		t.Error(err)
	}
	store, err := bolt.Open(folder, bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	marks, err := readMarks(folder)
	if err := errors.Join(err, s.lookAtStore(ctx, store), lost(ctx, store, marks)); err != nil {
		t.Error(err)
	}
	slices.Sort(s.Seen)
	slices.Sort(s.Facts)
	return s
}

// lookAtChat reads every room with the eyes of everybody.
func (s *surroundings) lookAtChat(ctx context.Context, w *localsim.World) error {
	people, err := w.Chat().People()
	if err != nil {
		return err
	}
	rooms, err := w.Chat().Rooms(local.Boswell)
	if err != nil {
		return err
	}
	for _, r := range rooms {
		messages, err := w.Messages(ctx, r.Place)
		if err != nil {
			return err
		}
		s.read(r.Name, messages)
		for _, p := range people {
			if messages, err = w.Whispers(ctx, p.ID, r.Place); err != nil {
				return err
			}
			s.read(r.Name+" for "+p.Handle, messages)
		}
	}
	return nil
}

// What differs from run to run: hashes, which are salted, and the names of messages, which count the lines of the chat's file.
var (
	hashes = regexp.MustCompile(`[0-9a-f]{12,64}`)
	names  = regexp.MustCompile(`("message":"|"order":"|/messages/)\d+`)
)

// ending tells of a closing that waited for what was still read as of one that did not. After a restart the rooms are read back,
// and whether that is over when somebody closes the incident is not determined.
var ending = strings.NewReplacer(" once all that was marked is read", "", " sends it as it is now", " sends it again")

// reminder begins the messages that come by the clock. Whether one comes before or after a command given at the same moment
// is not determined, so that one comes is not compared, but that it comes twice is wrong.
const reminder = "⏰"

func (s *surroundings) read(where string, messages []chattest.Message) {
	reminders := map[string]bool{}
	for _, m := range messages {
		text := fmt.Sprintf("%s: %s", where, ending.Replace(hashes.ReplaceAllString(m.Text(), "#")))
		if slices.Contains(m.Reactions["✅"], local.Boswell) {
			s.Seen = append(s.Seen, text+" ✅")
		}
		switch {
		case !m.From.Self:
		case strings.HasPrefix(m.Text(), reminder) && !reminders[text]:
			reminders[text] = true
		default:
			s.Seen = append(s.Seen, text+s.files(m))
		}
	}
}

// files names the files of a message and keeps the last document.
func (s *surroundings) files(m chattest.Message) (names string) {
	for _, f := range m.Files {
		names += " + " + f.Name
		if strings.HasSuffix(f.Name, ".md") {
			s.Export = string(f.Contents)
		}
	}
	return names
}

func (s *surroundings) lookAtStore(ctx context.Context, store *bolt.Store) error {
	report, err := store.Verify(ctx, nil)
	if err != nil {
		return err
	}
	s.Problems = report.Problems
	return store.View(ctx, func(r storage.Reader) error {
		for o, err := range r.Owed(0) {
			if err != nil {
				return err
			}
			s.Owed = append(s.Owed, o.Key)
		}
		for sum, err := range r.Incidents() {
			if err != nil {
				return err
			}
			if err := s.lookAtLog(r, sum.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *surroundings) lookAtLog(r storage.Reader, id incident.ID) error {
	for record, err := range r.Records(id, 1) {
		if err != nil {
			return err
		}
		event, err := json.Marshal(record.Event)
		if err != nil {
			return err
		}
		fact := fmt.Sprintf("%T: %s", record.Event, names.ReplaceAll(event, []byte("$1#")))
		if !observed(record.Event) {
			fact += fmt.Sprintf(" by %s", record.By)
		}
		s.Facts = append(s.Facts, fact)
	}
	return nil
}

// observed says that a fact was seen: by a person's delivery, or by the bot itself if it caught up before that came again.
func observed(e incident.Event) bool {
	switch e.(type) {
	case incident.Tagged, incident.Untagged, incident.MessageRead, incident.MessageDeleted:
		return true
	default:
		return false
	}
}
