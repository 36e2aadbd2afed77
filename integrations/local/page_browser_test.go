package local_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var screens = flag.String("screens", "", "folder for pictures of the page")

// A tab is one page of a browser, whose every error fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// newBrowser starts Chromium. Where there is none the test is skipped, but never in CI. A short run starts none: what the page
// asks of the server is tried over HTTP there.
func newBrowser(t *testing.T) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("a short run starts no browser")
	}
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("Chromium is not installed: apt-get install chromium")
	} else if err != nil {
		t.Skip("Chromium is not installed, so the page was not tried in a browser (apt-get install chromium).")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.WindowSize(1440, 900),
		chromedp.Env("TZ=UTC"), chromedp.WSURLReadTimeout(time.Minute))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	b := &tab{t: t}
	b.ctx, stop = context.WithTimeout(ctx, 180*time.Second)
	t.Cleanup(stop)
	b.watch()
	return b
}

// watch gathers whatever goes wrong in the page, and fails the test for it at the end.
func (b *tab) watch() {
	b.do(chromedp.Evaluate[chromedp.Void]("1"))
	b.do(onEveryPage(`addEventListener("error", e => { (window.troubles ??= []).push(e.message); });
		addEventListener("unhandledrejection", e => { (window.troubles ??= []).push(String(e.reason?.stack ?? e.reason)); });`))
}

// onEveryPage runs a script before those of each page.
func onEveryPage(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	})
}

// untroubled fails the test if anything went wrong in the page.
func (b *tab) untroubled() {
	b.t.Helper()
	troubles, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string]("window.troubles ?? []"))
	if err != nil || len(troubles) > 0 {
		b.t.Errorf("the page had troubles: %q %v", troubles, err)
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.shot("failed")
		b.t.Fatal(err)
	}
}

func (b *tab) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

// ready waits until the page of the chat answers to people.
func (b *tab) ready() {
	b.t.Helper()
	b.until("document.getElementById('app')?.ariaBusy === 'false'", nil)
}

// sees waits until a part of the page contains a text.
func (b *tab) sees(selector, text string) {
	b.t.Helper()
	b.until("[...document.querySelectorAll(want.selector)].some(e => e.textContent.includes(want.text))", map[string]string{"selector": selector, "text": text})
}

// until waits for an expression to be true; want in it is what is given. While the page is being replaced nothing is true.
func (b *tab) until(expression string, want any) {
	b.t.Helper()
	if err := b.within(30*time.Second, expression, want); err != nil {
		b.shot("failed")
		b.untroubled()
		b.t.Fatal(err)
	}
}

// soon reports whether an expression comes to be true within a moment.
func (b *tab) soon(expression string, want any) bool {
	b.t.Helper()
	return b.within(2*time.Second, expression, want) == nil
}

func (b *tab) within(patience time.Duration, expression string, want any) error {
	b.t.Helper()
	argument, err := json.Marshal(want)
	if err != nil {
		b.t.Fatal(err)
	}
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(patience); ; <-look.C {
		so, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("(want => Boolean("+expression+"))("+string(argument)+")"))
		if so && err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			at, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("`focus on ${document.activeElement.id || document.activeElement.tagName}, box holds ${document.getElementById('box')?.value}, above it ${document.getElementById('context')?.textContent}`"))
			return fmt.Errorf("never so: %s with %s: %v (%s)", expression, argument, err, at)
		}
	}
}

func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// tool clicks on what a message shows while the mouse is over it. While the page makes room for something new, a message can
// slip from under the mouse, and people follow it.
func (b *tab) tool(message, tool string) {
	b.t.Helper()
	const tries = 10
	for range tries {
		b.hover(message)
		if b.soon("document.querySelector(want)?.checkVisibility()", message+tool) {
			b.click(message + tool)
			return
		}
	}
	b.t.Fatalf("%s never shows %s under the mouse", message, tool)
}

// hover moves the mouse over an element.
func (b *tab) hover(selector string) {
	b.t.Helper()
	box, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]float64](`(() => { const e = document.querySelector(`+quote(selector)+
		`); e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()`))
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.MouseEvent("mouseMoved", box[0], box[1]))
}

func quote(text string) string { return "`" + strings.ReplaceAll(text, "`", "\\`") + "`" }

// keys presses keys, wherever the focus is: each goes down, writes what it writes unless the page prevents that, and up.
func (b *tab) keys(keys string) {
	b.t.Helper()
	b.do(pressing(keys))
}

func pressing(keys string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range keys {
			for _, event := range press(r) {
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// press is one key going down and up. What it writes belongs to going down, so that the page can prevent it.
func press(r rune) []*input.DispatchKeyEventParams {
	events := kb.Encode(r)
	if down := events[0]; len(events) == 3 {
		down.Type, down.Text, down.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, events[1].Text, events[1].UnmodifiedText
	}
	return []*input.DispatchKeyEventParams{events[0], events[len(events)-1]}
}

// write writes into the box.
func (b *tab) write(text string) {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.CSS("#box")), pressing(text))
}

// sent waits until what was written is on its way.
func (b *tab) sent() {
	b.t.Helper()
	b.until("document.getElementById('box').value === ''", nil)
}

// say writes into the box and sends it by the keyboard.
func (b *tab) say(text string) {
	b.t.Helper()
	b.write(text + kb.Enter)
	b.sent()
}

// text is what an expression in the page gives.
func (b *tab) text(expression string) string {
	b.t.Helper()
	result, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

// look emulates a screen and a colour scheme.
func (b *tab) look(width, height int64, scheme string, o ...chromedp.EmulateViewportOption) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height, o...), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

// shot keeps a picture, if anybody wants one.
func (b *tab) shot(name string) {
	b.t.Helper()
	if *screens == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Errorf("picture %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(*screens, name+".png"), picture, 0o644); err != nil {
		b.t.Error(err)
	}
}
