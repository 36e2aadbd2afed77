package local_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/local"

	"github.com/chromedp/chromedp"
)

// TestScreens takes pictures of the page in an incident that is under way.
func TestScreens(t *testing.T) {
	if *screens == "" {
		t.Skip("Nobody asked for pictures of the page (-screens DIR).")
	}
	h, b := newPageHouse(t), newBrowser(t)
	b.look(1440, 900, "light")
	b.open(h.server.URL)
	b.shot("welcome")
	h.people()
	b.open(h.server.URL)
	b.sees("body", "Something is broken?")
	b.shot("empty")
	h.outage()
	b.open(h.server.URL + h.roomPath() + "?as=" + string(h.ada))
	b.ready()
	b.sees("#part", "Timeouts are at zero")
	b.shot("page")
	h.paperwork()
	for _, scheme := range []string{"light", "dark"} {
		b.look(1440, 900, scheme)
		b.open(h.server.URL + h.roomPath() + "?as=" + string(h.ada))
		b.ready()
		b.sees("#part", "Checkout")
		b.shot("full-" + scheme)
		b.click("#tab-postmortem")
		b.shot("postmortem-" + scheme)
		b.click("#tab-timeline")
		b.do(chromedp.Focus(chromedp.CSS("#box")))
		b.keys("/incident s")
		b.sees("#choices", "severity")
		b.shot("complete-" + scheme)
		b.keys("et ")
		b.sees("#choices", "summary")
		b.shot("complete-args-" + scheme)
		b.do(chromedp.Evaluate[chromedp.Void]("sessionStorage.clear()"))
	}
	b.look(390, 844, "light", chromedp.EmulateMobile, chromedp.EmulateTouch)
	b.open(h.server.URL + h.roomPath() + "?as=" + string(h.ada))
	b.ready()
	b.sees("#part", "Checkout")
	b.shot("phone-chat")
	b.click("[data-view=timeline]")
	b.shot("phone-timeline")
	b.click("[data-view=postmortem]")
	b.shot("phone-postmortem")
	b.click("[data-view=chat]")
	b.click("#burger")
	b.shot("phone-side")
	b.look(1000, 760, "dark")
	b.open(h.server.URL + h.roomPath() + "?as=" + string(h.grace))
	b.ready()
	b.sees("#part", "Checkout")
	b.shot("tablet-dark")
	b.look(1440, 900, "light")
	b.open(h.server.URL + h.roomPath() + "?as=" + string(h.ada))
	b.ready()
	b.sees("#part", "Checkout")
	b.hover(".message:nth-last-child(3)")
	b.shot("hover")
	b.click(".message:nth-last-child(3) > .tools [data-do=menu]")
	b.shot("menu")
	b.keys("\x1b")
	b.look(1440, 900, "dark")
	b.click("[data-dialog=keys]")
	b.shot("keys-dark")
	b.keys("\x1b")
	b.say("/incident action")
	b.until("document.querySelector('dialog[open]')", nil)
	b.shot("form-dark")
	b.keys("\x1b")
	b.until("!document.querySelector('dialog[open]')", nil)
	b.shot("whisper-dark")
	b.look(1440, 900, "light")
	b.open(h.server.URL + "/incidents")
	b.shot("list")
	b.open(h.server.URL + "/incidents/INC-1")
	b.shot("incident")
	b.untroubled()
}

// outage plays an invented incident, in which everything occurs that the page can show.
func (h *pageHouse) outage() {
	h.t.Helper()
	alert := h.utter(h.grace, "Payment gateway: 31 % of the requests time out since 09:08.", 0)
	h.utter(h.ada, "Looking. Nothing was deployed this morning.", 40)
	h.utter(h.ada, "/incident start severity:sev2 Checkout times out for a third of the customers", 30)
	h.tag(h.ada, alert, "📌")
	h.utter(h.ada, "/incident role commander @ada", 20)
	h.utter(h.ada, "/incident role scribe @grace", 15)
	graph := h.utter(h.grace, "Connections to `payments-db` are at their limit:", 75, local.Attachment{Name: "connections.png", Type: "image/png", Contents: graph()})
	h.tag(h.grace, graph, "📌")
	h.tag(h.ada, graph, "👀")
	pool := h.utter(h.ada, "The pool was halved by last night's config change:\n```\n-pool_size: 200\n+pool_size: 100\n```", 140)
	h.tag(h.grace, pool, "📎")
	fix := h.utter(h.ada, "Setting it back to **200** and restarting the gateway.", 65)
	h.tag(h.ada, fix, "📌")
	thread := h.room
	thread.Thread = chat.ThreadID(fix.Message)
	reply := h.utterIn(thread, h.grace, "Two of four are back, the error rate is falling.", 50)
	h.tag(h.grace, reply, "📌")
	h.utter(h.ada, "/incident mark 1 OUTAGE BEGINS", 20)
	over := h.utter(h.grace, "Timeouts are at zero for five minutes. 🎉", 300)
	h.tag(h.ada, over, "📌")
	h.utter(h.ada, "/incident mark 5 OUTAGE ENDS", 10)
}

// paperwork is what is written once the outage is over.
func (h *pageHouse) paperwork() {
	h.t.Helper()
	h.utter(h.ada, "/incident set summary For 21 minutes a third of the payments timed out, because the pool of connections was halved.", 30)
	h.utter(h.ada, "/incident set impact 1,204 payments failed; 1,150 of them were tried again by the customers.", 30)
	h.utter(h.ada, "/incident set trigger A config change of the night before halved the pool of connections to payments-db.", 30)
	h.utter(h.ada, "/incident set detection The alert on timeouts of the payment gateway.", 20)
	h.utter(h.ada, "/incident action type:prevent owner:Grace Alert when a pool is 80 % full", 30)
	h.utter(h.ada, "/incident resolve", 20)
}

// utter says something in the room, so many seconds after what happened before.
func (h *pageHouse) utter(by chat.UserID, text string, seconds int, files ...local.Attachment) chat.Ref {
	h.t.Helper()
	return h.utterIn(h.room, by, text, seconds, files...)
}

func (h *pageHouse) utterIn(to chat.Place, by chat.UserID, text string, seconds int, files ...local.Attachment) chat.Ref {
	h.t.Helper()
	h.clock.Advance(time.Duration(seconds) * time.Second)
	ref, err := h.world.Chat().Say(context.Background(), local.Saying{By: by, To: to, Text: text, Files: files})
	if err != nil {
		h.t.Fatal(err)
	}
	h.settle()
	return ref
}

// tag sets a reaction.
func (h *pageHouse) tag(by chat.UserID, on chat.Ref, emoji string) {
	h.t.Helper()
	if err := h.world.Chat().React(context.Background(), by, on, emoji, true); err != nil {
		h.t.Fatal(err)
	}
	h.settle()
}

// graph is a small picture of connections that reach a limit.
func graph() *bytes.Reader {
	const width, height = 480, 160
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		level := min(40+x*x/900, 130)
		for y := range height {
			c := color.RGBA{246, 248, 247, 255}
			switch {
			case height-y == 131:
				c = color.RGBA{200, 60, 50, 255}
			case height-y < level && height-y > level-4:
				c = color.RGBA{11, 110, 99, 255}
			case height-y <= level-4:
				c = color.RGBA{206, 230, 224, 255}
			}
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // writing to memory does not fail
	}
	return bytes.NewReader(b.Bytes())
}
