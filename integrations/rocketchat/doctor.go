package rocketchat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// skewMost is how far the clock of this machine may be from the server's.
const skewMost = time.Minute

// A finding is what came of one check.
type finding struct {
	what string
	fine bool
	// say is what was found; of what is wrong, also what to do.
	say string
}

// Doctor checks token, version, permissions, settings, clock and socket, and writes for each what it found and what to do
// about it. The error says how many checks failed.
func (p *Platform) Doctor(ctx context.Context, w io.Writer) error {
	return report(w, p.examine(ctx))
}

// report writes what was found. The error says how many checks failed.
func report(w io.Writer, findings []finding) error {
	failed := 0
	for _, f := range findings {
		mark := "ok  "
		if !f.fine {
			mark = "FAIL"
			failed++
		}
		if _, err := fmt.Fprintf(w, "%s  %s: %s\n", mark, f.what, f.say); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks of Rocket.Chat failed", failed, len(findings))
	}
	return nil
}

func (p *Platform) examine(ctx context.Context) []finding {
	f, err := p.refresh(ctx)
	if err != nil {
		return []finding{{"token", false, p.advice(err)}}
	}
	found := []finding{{"token", true, "it belongs to @" + f.self.Username}}
	if f.self.ID != p.cfg.UserID {
		return []finding{{"token", false, "it belongs to @" + f.self.Username + ", who has another identifier than user_id. Write " + f.self.ID + " there."}}
	}
	found = append(found, versionFound(f), p.permissionsFound(ctx, f))
	found = append(found, p.settingsFound(f)...)
	return append(found, p.clockFound(ctx), p.socketFound(ctx), p.roomsFound(ctx))
}

// advice is an error with what to do about it.
func (p *Platform) advice(err error) string {
	if tell, yes := hopeless(err); yes {
		return tell
	}
	var said *apiError
	if errors.As(err, &said) {
		return "Rocket.Chat says " + said.Error() + ". Is " + p.cfg.URL + " its address?"
	}
	return "Rocket.Chat did not answer (" + scrub(err).Error() + "). Is " + p.cfg.URL + " its address, and is there a way to it from here?"
}

func versionFound(f *facts) finding {
	switch major := f.major(); {
	case major == 0:
		return finding{"version", true, "the server does not say which it is; Boswell was made for 7 and 8"}
	case major < oldestKnown:
		return finding{"version", false, f.version + " is older than what Boswell was made for. Update the server to 7 or 8."}
	case major > newestKnown:
		return finding{"version", true, f.version + " is newer than what Boswell was made for; some things may not work. Is there a newer Boswell?"}
	default:
		return finding{"version", true, f.version}
	}
}

// permissionsFound compares the permissions of the account's roles with those that are needed.
func (p *Platform) permissionsFound(ctx context.Context, f *facts) finding {
	var answer struct {
		Update []struct {
			ID    string   `json:"_id"`
			Roles []string `json:"roles"`
		} `json:"update"`
	}
	if err := p.rest.get(ctx, "permissions.listAll", nil, &answer); err != nil {
		return finding{"permissions", false, p.advice(err)}
	}
	has := map[string]bool{}
	for _, permission := range answer.Update {
		has[permission.ID] = slices.ContainsFunc(permission.Roles, f.has)
	}
	var missing []string
	for _, n := range p.cfg.needs() {
		if !has[n.permission] {
			missing = append(missing, n.permission+" ("+first(n.without, n.why)+")")
		}
	}
	roles := strings.Join(f.self.Roles, ", ")
	if len(missing) > 0 {
		return finding{"permissions", false, "the account has the roles " + roles + ", and missing are " + strings.Join(missing, "; ") +
			". Administration, Permissions: give them to the role bot, and give the account that role."}
	}
	return finding{"permissions", true, fmt.Sprintf("all %d are there, by the roles %s", len(p.cfg.needs()), roles)}
}

func (p *Platform) settingsFound(f *facts) []finding {
	var found []finding
	wrong := func(setting, say string) { found = append(found, finding{"setting " + setting, false, say}) }
	if !f.is(setPinning, true) {
		wrong(setPinning, "nothing can be pinned, so the status card is not. Administration, Settings, Message: allow pinning.")
	}
	if !f.is(setEditing, true) {
		wrong(setEditing, "nothing can be edited, so the status card does not follow. Administration, Settings, Message: allow editing.")
	}
	if !f.is(setFiles, true) {
		wrong(setFiles, "no files are taken, so exports are posted as text. Administration, Settings, File Upload: switch it on.")
	}
	if !f.is(setThreads, true) {
		wrong(setThreads, "there are no threads. Administration, Settings, Threads: switch them on.")
	}
	if p.cfg.Rooms == RoomsDiscussion && !f.is(setDiscussions, true) {
		wrong(setDiscussions, "there are no discussions, so channels are made in their place. Administration, Settings, Discussion: "+
			"switch them on, or write another kind under rooms.")
	}
	if f.is(setEncryption, false) && f.is(setPrivateRooms, false) {
		wrong(setPrivateRooms, "private rooms are encrypted from the beginning, so Boswell could not read those that it makes. "+
			"Administration, Settings, E2E Encryption: switch that off, or write channel under rooms.")
	}
	say := "without the app, /incident is not heard; people write " + p.cfg.Prefix
	if f.is(setSlashText, false) {
		say = "/incident is heard without the app, as a message that everybody sees"
	}
	return append(found, finding{"commands", true, say})
}

// clockFound compares the clock of this machine with the server's.
func (p *Platform) clockFound(ctx context.Context) finding {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.cfg.URL+"/api/info", nil)
	if err != nil {
		return finding{"clock", false, err.Error()}
	}
	res, err := p.rest.api.Do(req)
	if err != nil {
		return finding{"clock", false, p.advice(err)}
	}
	defer res.Body.Close()
	theirs, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return finding{"clock", true, "the server did not say what time it is"}
	}
	skew := p.o.Now().Sub(theirs).Abs().Truncate(time.Second)
	if skew > skewMost {
		return finding{"clock", false, fmt.Sprintf("this machine is %s away from the server. Set the clocks, best by NTP.", skew)}
	}
	return finding{"clock", true, "it agrees with the server's"}
}

// socketFound makes a connection as the bot does, and leaves it again.
func (p *Platform) socketFound(ctx context.Context) finding {
	l, err := p.dial(ctx, func(_ []byte, done func()) { done() })
	if err != nil {
		return finding{"socket", false, "it cannot be opened (" + err.Error() + "). A proxy before the server has to pass WebSockets on at /websocket."}
	}
	ctx, cancel := context.WithCancel(ctx)
	go l.read(ctx)
	defer func() {
		cancel()
		<-l.ended
	}()
	if err := l.greet(ctx); err != nil {
		return finding{"socket", false, "it opens, and the server says nothing sensible over it (" + err.Error() + ")."}
	}
	defer l.settled()
	r := &running{p: p, ctx: ctx}
	if err := r.login(ctx, l); err != nil {
		return finding{"socket", false, p.advice(err)}
	}
	return finding{"socket", true, "it opens, and the token is good there, too"}
}

// roomsFound looks for rooms that the bot is in and cannot read.
func (p *Platform) roomsFound(ctx context.Context) finding {
	all, err := p.myRooms(ctx)
	if err != nil {
		return finding{"rooms", false, p.advice(err)}
	}
	var sealed []string
	for _, r := range all {
		if r.Encrypted.v {
			sealed = append(sealed, "#"+r.shown())
		}
	}
	slices.Sort(sealed)
	if len(sealed) > 0 {
		return finding{"rooms", false, "end-to-end encrypted, so that nothing can be read there: " + strings.Join(sealed, ", ") +
			". Switch encryption off in them, or use others."}
	}
	return finding{"rooms", true, fmt.Sprintf("it is in %d, and none is encrypted", len(all))}
}
