package slack_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/integrations/slack"
	"boswell/integrations/slack/slacksim"
)

// stuck is a way to Slack on which some requests do not get on until they are let go.
type stuck struct {
	path string // a part of theirs
	let  chan struct{}
}

func (s stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, s.path) {
		select {
		case <-s.let:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

// slowDesk is a desk whose bot answers "done", and whose requests to a path are stuck until they are let go. Slack waits long for
// acknowledgements, so that one that waits for such a request is missed, and a busy machine is no trouble.
func slowDesk(t *testing.T, path string) (d *desk, let func()) {
	t.Helper()
	d = newDesk(t, slacksim.Options{Patience: patience / 2})
	way := stuck{path: path, let: make(chan struct{})}
	let = sync.OnceFunc(func() { close(way.let) })
	t.Cleanup(let)
	log := zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.WarnLevel)
	p, err := slack.New(config(d.w.Sim), slack.Options{Name: "slack", Log: log, Now: d.clock.Now, Retry: 10 * time.Millisecond, Pace: -1,
		HTTP: &http.Client{Transport: way, Timeout: time.Minute}})
	d.must(err)
	d.p = p
	d.replying("done")
	d.run()
	await[chat.Online](d, 1)
	return d, let
}

// TestCommandWhileSlackIsSlow: a command is taken and acknowledged although Slack does not say who gave it, by the identifier and
// with the rights of a guest; when Slack has said it the name is known.
func TestCommandWhileSlackIsSlow(t *testing.T) {
	d, let := slowDesk(t, "users.info")
	a, err := d.w.Type(d.ctx, d.ann, d.ops, "note @ben did it", nil)
	d.must(err)
	if in := await[chat.Invoked](d, 1); a.Text() != "done" || in.From.ID != d.ann || !in.From.Guest || len(in.Mentions) != 0 {
		t.Errorf("Ann was answered %q, the bot asked %+v", a.Text(), in)
	}
	let()
	for n := 2; ; n++ { // the names may come a moment later
		_, err = d.w.Type(d.ctx, d.ann, d.ops, "note @ben did it", nil)
		d.must(err)
		if in := await[chat.Invoked](d, n); in.From.Name == "Ann Archer" && !in.From.Guest && len(in.Mentions) == 1 {
			return
		}
	}
}

// TestCommandBehindASlowMessage: a message whose author Slack does not tell holds up no command of others in its channel, and is
// taken with its author when Slack delivers it again.
func TestCommandBehindASlowMessage(t *testing.T) {
	d, let := slowDesk(t, "users.info")
	_, err := d.w.Say(d.ctx, d.ben, d.ops, "it was the cache")
	d.must(err)
	_, err = d.w.Type(d.ctx, d.ann, d.ops, "note x", nil)
	d.must(err)
	if said := received[chat.Said](d); len(said) > 0 {
		t.Errorf("the bot was told %+v, want the message later, with its author", said)
	}
	let()
	d.w.Drop() // what is not acknowledged is delivered over the next socket
	if said := await[chat.Said](d, 1); said.From.Name != "Ben Baker" {
		t.Errorf("the bot was told %+v", said)
	}
}

// TestSlowAnswer: a command is acknowledged when what was decided is on disk, also while its answer is on its way; the answer comes
// whole and in order.
func TestSlowAnswer(t *testing.T) {
	d, let := slowDesk(t, "/answer/")
	long := chat.Reply{Message: chat.Message{Text: chat.Say("1")}}
	for _, n := range []string{"2", "3"} {
		long.More = append(long.More, chat.Message{Text: chat.Say(n)})
	}
	d.Replying(long)
	_, err := d.w.Type(d.ctx, d.ann, d.ops, "timeline", nil)
	d.must(err)
	let()
	d.replying("done")
	_, err = d.w.Type(d.ctx, d.ann, d.ops, "note x", nil) // follows in the same channel
	d.must(err)
	whispers, err := d.w.Whispers(d.ctx, d.ann, d.ops)
	d.must(err)
	shown := ""
	for _, m := range whispers {
		shown += m.Text()
	}
	if shown != "123done" {
		t.Errorf("Ann was shown %q", shown)
	}
}
