package local_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// as opens the room as Ada sees it.
func (h *pageHouse) asAda(b *tab) {
	h.t.Helper()
	h.people()
	b.open(h.server.URL + h.roomPath() + "?as=" + string(h.ada))
	b.ready()
}

func TestTextIsKeptWhileTheServerIsAway(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	h.asAda(b)
	h.away()
	b.until("!document.getElementById('away').hidden", nil)
	b.write("Is anybody there?" + kb.Enter)
	b.sees("#toast", "Your text is kept")
	b.until("document.getElementById('box').value === 'Is anybody there?'", nil)
	h.back()
	b.until("document.getElementById('away').hidden", nil)
	b.focused("#box")
	b.keys(kb.Enter)
	b.sent()
	b.sees(".message .text", "Is anybody there?")
	if body := h.look(h.grace); strings.Count(body, "<p>Is anybody there?</p>") != 1 {
		t.Errorf("it was said more than once, or not at all:\n%s", body)
	}
	b.untroubled()
}

func TestFormIsAskedForAndSent(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	h.asAda(b)
	b.say("/incident start")
	b.focused("dialog[open] [name='field.title']")
	b.keys("Lifts stand still" + kb.Enter)
	b.sees("#part", "Lifts stand still")
	b.until("!document.querySelector('dialog[open]')", nil)
	h.settle()
	b.sees(".rows", "nobody yet")
	b.click(".rows ~ .buttons .primary")
	b.sees("#part .facts", "Ada")
	b.until("!document.querySelector('.whisper')", nil)
	b.untroubled()
}

func TestOthersAreHeardWithoutLosingThePlace(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	h.asAda(b)
	b.say("The lifts stand still")
	mine := b.said("The lifts stand still")
	b.keys(kb.ArrowUp)
	b.focused(mine)
	h.say(h.grace, "In all houses?")
	b.sees(".message", "In all houses?")
	b.sees("#news", "Grace: In all houses?")
	b.focused(mine)
	b.keys(kb.ArrowDown)
	b.focused(b.said("In all houses?"))
	b.keys("+")
	b.until("document.getElementById('picker').matches(':popover-open')", nil)
	b.keys(kb.ArrowRight + kb.ArrowRight + kb.ArrowRight + kb.Enter)
	b.sees(".reactions", "👀")
	b.untroubled()
}

func TestWhispersAreHiddenOnDemand(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	h.asAda(b)
	b.say("/incident show")
	b.sees(".whisper", "only you see this")
	b.tool(".whisper", " > .tools [data-do=dismiss]")
	b.until("[...document.querySelectorAll('.whisper')].every(w => !w.checkVisibility())", nil)
	b.open(h.server.URL + h.roomPath() + "?as=" + string(h.ada))
	b.ready()
	b.until("[...document.querySelectorAll('.whisper')].every(w => !w.checkVisibility())", nil)
	b.untroubled()
}

func TestRoomsAndPeopleAreAdded(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	h.asAda(b)
	b.click("[data-dialog=new-room]")
	b.focused("#new-room [name=name]")
	b.keys("Operations" + kb.Enter)
	b.sees("#new-room .problem", "There is a room #operations already")
	b.do(chromedp.SetValue(chromedp.CSS("#new-room [name=name]"), "Lift shaft"))
	b.click("#new-room .primary")
	b.sees("h1", "lift-shaft")
	b.ready()
	h.say(h.grace, "Hello from the other room")
	b.until("document.querySelector(`a[data-room='"+string(h.room.Channel)+"']`).matches('.news')", nil)
	b.click("[data-dialog=new-person]")
	b.focused("#new-person [name=name]")
	b.keys("Odile" + kb.Enter)
	b.sees(".people [aria-current]", "Odile")
	b.ready()
	b.click("[data-dialog=new-direct]")
	b.click("#new-direct .primary")
	b.sees("h1", "Boswell")
	b.untroubled()
}

func TestNarrowScreenShowsOneThingAtATime(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	b.look(390, 844, "light", chromedp.EmulateMobile, chromedp.EmulateTouch)
	h.asAda(b)
	visible := "document.querySelector(want).checkVisibility({visibilityProperty: true})"
	b.until(visible, "#box")
	b.until("!"+visible, "#part")
	b.click("[data-view=timeline]")
	b.until(visible, "#part")
	b.until("!"+visible, "#box")
	b.click("[data-view=chat]")
	b.click("#burger")
	b.until(visible, "#side")
	b.until("document.documentElement.scrollWidth <= innerWidth", nil)
	b.untroubled()
}

func TestFilesAreSentAndMessagesDeleted(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	h.asAda(b)
	path := filepath.Join(t.TempDir(), "connections.png")
	picture, err := io.ReadAll(graph())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{path}))
	b.sees("#attached", "connections.png")
	b.focused("#box")
	b.keys("See the limit" + kb.Enter)
	b.until("document.querySelector('.message .picture img')?.naturalWidth > 0", nil)
	message := b.said("See the limit")
	b.tool(message, " > .tools [data-do=menu]")
	b.click("#menu [data-do=delete]")
	b.until("!document.querySelector(want)", message)
	b.untroubled()
}

func TestRoomIsArchivedAndOpenedAgain(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	h.asAda(b)
	b.click(".room-menu summary")
	b.click("[data-room-do=archive]")
	b.sees(".archived", "This room is archived")
	b.until("!document.getElementById('box').checkVisibility()", nil)
	b.click("#unarchive")
	b.until("document.getElementById('box').checkVisibility()", nil)
	b.untroubled()
}
