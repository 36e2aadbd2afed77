package local_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"boswell/chat"
	"boswell/integrations/local"
)

// said finds the message whose text contains something, as a selector of the page.
func (b *tab) said(text string) string {
	b.t.Helper()
	b.sees(".message", text)
	return "#" + b.text(`[...document.querySelectorAll(".message")].filter(m => m.querySelector(".text")?.textContent.includes(`+quote(text)+`)).at(-1).id`)
}

func TestNewcomerByMouse(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	b.open(h.server.URL)
	b.click("#name")
	b.focused("#name")
	b.keys("Odile")
	b.click("button.primary")
	b.ready()
	b.sees(".intro", "/incident start")

	b.write("/incident start Tills cannot print")
	b.click(".send")
	b.sees("#part", "Tills cannot print")
	b.sees("#part", "The timeline is empty")

	b.write("The paper is empty in all shops at once")
	b.click(".send")
	first := b.said("The paper is empty")
	b.tool(first, " > .tools [data-quick='📌']")
	b.sees("#part .entry", "The paper is empty in all shops")
	b.sees(first+" .reactions", "✅")

	b.tool(first, " > .tools [data-do=menu]")
	b.click("#menu [data-do=edit]")
	b.until("document.getElementById('box').value.startsWith('The paper')", nil)
	b.keys(", so it is no paper")
	b.click(".send")
	b.sees("#part .entry", "so it is no paper")

	b.tool(first, " > .tools [data-do=reply]")
	b.sees("#context", "Answering Odile")
	b.keys("The driver was updated at night")
	b.click(".send")
	reply := b.said("The driver was updated")
	b.sees(first+" .replies", "The driver was updated")
	b.tool(reply, " > .tools [data-quick='📌']")
	b.sees("#part .entry", "The driver was updated at night")

	for _, line := range []string{"/incident resolve", "/incident close"} {
		b.write(line)
		b.click(".send")
		b.sent()
	}
	b.sees(".file", "INC-1-tills-cannot-print.md")
	b.sees("#part .incident-head", "closed")
	h.settle()
	b.click("#tab-postmortem")
	b.sees("#part .document", "so it is no paper")
	downloaded := b.download("#part .download")
	if exported := h.exported(); downloaded != exported || !strings.Contains(downloaded, "The driver was updated at night") {
		t.Errorf("what is downloaded is not what was exported:\n%s\n--- exported:\n%s", downloaded, exported)
	}
	b.untroubled()
}

func TestNewcomerByKeyboard(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	b.open(h.server.URL)
	b.focused("#name")
	b.keys("Odile" + kb.Enter)
	b.ready()
	b.sees(".intro", "/incident start")

	// Completion: two words are chosen, the title is typed.
	b.focused("#box")
	b.keys("/inc")
	b.sees("#choices", "/incident")
	b.keys(kb.Tab)
	b.sees("#choices", "Open an incident")
	b.keys("st")
	b.sees("#choices li:first-child", "start")
	b.keys(kb.Tab + "Tills cannot print" + kb.Enter)
	b.sees("#part", "Tills cannot print")
	b.say("The paper is empty")
	first := b.said("The paper is empty")

	b.focused("#box")
	b.keys(kb.ArrowUp)
	b.focused(first)
	b.keys("p")
	b.sees("#part .entry", "The paper is empty")
	b.sees(first+" .reactions", "✅")
	b.focused(first)

	b.keys("e")
	b.until("document.getElementById('box').value === 'The paper is empty'", nil)
	b.keys(", so it is no paper" + kb.Enter)
	b.sees("#part .entry", "so it is no paper")
	b.sees(first, "so it is no paper")

	b.focused("#box")
	b.keys(kb.ArrowUp)
	b.focused(first)
	b.keys("r")
	b.sees("#context", "Answering Odile")
	b.keys("The driver was updated at night" + kb.Enter)
	reply := b.said("The driver was updated")
	b.keys(kb.ArrowUp + kb.ArrowDown)
	b.focused(reply)
	b.keys(kb.Enter)
	b.until("document.getElementById('menu').matches(':popover-open')", nil)
	b.keys(kb.Enter) // the first of the menu: add to timeline
	b.sees("#part .entry", "The driver was updated at night")
	b.focused(reply)
	b.keys(kb.Escape)
	b.focused("#box")

	b.say("/incident resolve")
	b.say("/incident close")
	b.sees(".file", "INC-1-tills-cannot-print.md")
	b.sees("#part .incident-head", "closed")
	h.settle()
	b.keys(kb.Tab + kb.Tab)
	b.focused("#tab-timeline")
	b.keys(kb.ArrowRight)
	b.sees("#part [data-pane=postmortem]", "so it is no paper")
	b.keys(kb.Tab + kb.Tab + kb.Tab + kb.Tab)
	b.focused("#part .download")
	if downloaded := b.fetched("#part .download"); downloaded != h.exported() {
		t.Errorf("what is downloaded is not what was exported:\n%s", downloaded)
	}
	b.untroubled()
}

// titleField is where the form of `start` asks for the title.
const titleField = `dialog[open] [name="field.title"]`

// lateAnswer lets the answer to a form arrive after the page has shown what the form did.
const lateAnswer = `const send = window.fetch;
	window.fetch = async (...asked) => {
		const answer = await send(...asked);
		const seen = () => [...document.querySelectorAll(".message")].some(m => m.textContent.includes("Tills cannot print"));
		if (String(asked[0]).endsWith("/submit") && answer.ok) while (!seen()) await new Promise(requestAnimationFrame);
		return answer;
	};`

// TestFormByKeyboard: who sends a form goes on typing, in the box if it was taken, in the form if it was refused.
func TestFormByKeyboard(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	b.do(onEveryPage(lateAnswer))
	b.open(h.server.URL)
	b.focused("#name")
	b.keys("Odile" + kb.Enter)
	b.ready()
	b.focused("#box")
	b.keys("/incident start " + kb.Enter)
	b.focused(titleField)
	b.keys("Tills cannot print" + kb.Enter)
	b.sees("#part", "Tills cannot print")
	b.until("!document.querySelector('dialog[open]')", nil)
	b.focused("#box")
	b.keys("The paper is empty")
	b.holds("#box", "The paper is empty")
	b.keys(kb.Enter)
	b.said("The paper is empty")

	b.keys("/incident start " + kb.Enter)
	b.focused(titleField)
	b.keys("Tills, again" + kb.Enter)
	b.sees("dialog[open] .problem", "INC-1")
	b.focused(titleField)
	b.keys(" and again")
	b.holds(titleField, "Tills, again and again")
	b.keys(kb.Escape)
	b.focused("#box")
	b.keys("So be it")
	b.holds("#box", "So be it")
	b.untroubled()
}

// holds waits until a field has a value.
func (b *tab) holds(selector, value string) {
	b.t.Helper()
	b.until("document.querySelector(want.selector)?.value === want.value", map[string]string{"selector": selector, "value": value})
}

// focused waits until the focus is on an element.
func (b *tab) focused(selector string) {
	b.t.Helper()
	b.until("document.activeElement?.matches(want)", selector)
}

// download clicks on a link and reads what the browser saved.
func (b *tab) download(selector string) string {
	b.t.Helper()
	dir := b.t.TempDir()
	ended := chromedp.Events(b.ctx, browser.DownloadProgress)
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir, EventsEnabled: new(true)})
		return err
	}))
	b.click(selector)
	for e, err := range ended {
		if err != nil {
			b.t.Fatal(err)
		}
		if e.State == browser.DownloadProgressStateCompleted {
			break
		}
	}
	saved, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(saved) != 1 {
		b.t.Fatalf("saved: %v %v", saved, err)
	}
	contents, err := os.ReadFile(saved[0])
	if err != nil {
		b.t.Fatal(err)
	}
	return string(contents)
}

// fetched is what a link leads to.
func (b *tab) fetched(selector string) string {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`fetch(document.querySelector(` + quote(selector) + `).href).then(r => r.text()).then(t => { window.fetched = t; })`))
	b.until("window.fetched !== undefined", nil)
	return b.text("window.fetched")
}

// exported is the last file that the bot posted.
func (h *pageHouse) exported() string {
	h.t.Helper()
	ctx, c := context.Background(), h.world.Chat()
	rooms, err := c.Rooms(local.Boswell)
	if err != nil {
		h.t.Fatal(err)
	}
	var exported string
	for _, room := range rooms {
		messages, err := h.world.Messages(ctx, chat.Place{Platform: room.Place.Platform, Channel: room.Place.Channel})
		if err != nil {
			h.t.Fatal(err)
		}
		for _, m := range messages {
			for _, f := range m.Files {
				exported = string(f.Contents)
			}
		}
	}
	return exported
}
