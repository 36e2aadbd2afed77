package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"boswell/chat"
	"boswell/integrations/local"
)

// TestBackupWhilePeopleTalk: the copy is the chat, and a bot that goes on from it hears again what was said since the store
// was copied, which that store does not know.
func TestBackupWhilePeopleTalk(t *testing.T) {
	p := newParty(t)
	p.run()
	p.say("before")
	p.drained()
	p.again() // what was heard is written down
	p.run()
	to := filepath.Join(t.TempDir(), "chats", "copy")
	p.must(local.Backup(t.Context(), p.o.Folder, to, func() error {
		_, err := p.Say(t.Context(), local.Saying{By: p.ann, To: p.room, Text: "meanwhile",
			Files: []local.Attachment{{Name: "queue.txt", Contents: strings.NewReader("depth 900")}}})
		p.must(err)
		p.drained()
		p.stop() // writes down that this was heard
		return nil
	}))
	there := p.view(p.ann)

	p.close()
	p.o.Folder, p.heard = to, nil
	p.open()
	if diff := cmp.Diff(there, p.view(p.ann)); diff != "" {
		t.Errorf("the copy shows something else (-chat +copy):\n%s", diff)
	}
	p.run()
	p.drained()
	if said := deliveries[chat.Said](p); len(said) != 1 || said[0].Text != "meanwhile" || len(said[0].Files) != 1 {
		t.Fatalf("the bot heard %+v", said)
	}
	file := filepath.Join(to, "chat-files")
	if kept, err := os.ReadDir(file); err != nil || len(kept) != 1 {
		t.Errorf("the shelf of the copy holds %v, %v", kept, err)
	}
}

func TestBackupStopsWithTheStore(t *testing.T) {
	p := newParty(t)
	to := filepath.Join(t.TempDir(), "copy")
	if err := local.Backup(t.Context(), p.o.Folder, to, func() error { return os.ErrPermission }); err == nil {
		t.Error("the store was not copied, and nobody heard of it")
	}
	if _, err := os.Stat(to); !os.IsNotExist(err) {
		t.Errorf("something was copied: %v", err)
	}
}
