package local_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestMenusOfTheCard chooses from the card with the mouse and with keys alone; nothing is chosen before an option is pressed.
func TestMenusOfTheCard(t *testing.T) {
	h, b := newPageHouse(t), newBrowser(t)
	h.asAda(b)
	b.say("/incident start Lifts stand still")
	b.sees(".rows", "nobody yet")
	const menus = ".rows ~ .buttons details"
	b.click(menus + ":nth-of-type(1) summary")
	b.click(menus + ":nth-of-type(1) button:nth-child(2)")
	b.sees(".rows", "sev2")
	b.until("!document.querySelector(want)", menus+"[open]")

	b.do(chromedp.Focus(chromedp.CSS(menus + ":nth-of-type(2) summary")))
	b.keys(kb.Enter)
	b.until("document.querySelector(want)", menus+":nth-of-type(2)[open]")
	b.keys(kb.Tab + kb.Tab + kb.Enter)
	b.sees(".rows", "open · Cause identified")
	b.untroubled()
}
