package rocketchat

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// facts are what the server said of itself and of the bot's account.
type facts struct {
	version  string
	self     account
	settings map[string]json.RawMessage
}

// The settings that are looked at. All of them are public.
const (
	setTextMost     = "Message_MaxAllowedSize"
	setEditing      = "Message_AllowEditing"
	setEditMinutes  = "Message_AllowEditing_BlockEditInMinutes"
	setPinning      = "Message_AllowPinning"
	setSlashText    = "Message_AllowUnrecognizedSlashCommand"
	setFiles        = "FileUpload_Enabled"
	setFileMost     = "FileUpload_MaxFileSize"
	setThreads      = "Threads_enabled"
	setDiscussions  = "Discussion_enabled"
	setEncryption   = "E2E_Enable"
	setPrivateRooms = "E2E_Enabled_Default_PrivateRooms"
	setAddress      = "Site_Url"
)

var settingNames = []string{setTextMost, setEditing, setEditMinutes, setPinning, setSlashText, setFiles, setFileMost, setThreads,
	setDiscussions, setEncryption, setPrivateRooms, setAddress}

// facts are asked for once, and again by refresh.
func (p *Platform) facts(ctx context.Context) (*facts, error) {
	if f := p.server.Load(); f != nil {
		return f, nil
	}
	p.asking.Lock()
	defer p.asking.Unlock()
	if f := p.server.Load(); f != nil {
		return f, nil // somebody else asked meanwhile
	}
	return p.refresh(ctx)
}

// refresh asks for the facts again: a server that was restarted may be another version.
func (p *Platform) refresh(ctx context.Context) (*facts, error) {
	f := &facts{settings: p.known().settings}
	if err := p.rest.get(ctx, "me", nil, &f.self); err != nil {
		return nil, sorted("ask whose token it is", err)
	}
	var err error
	if f.version, err = p.version(ctx); err != nil {
		return nil, err
	}
	if settings, err := p.settings(ctx); err != nil {
		p.log.Warn().Err(err).Msg("could not read the settings of the server; taking those of before, or the usual ones")
	} else {
		f.settings = settings
	}
	p.server.Store(f)
	p.people.put(f.self.user(f.self.ID))
	return f, nil
}

// version asks which version the server is. It is empty where a proxy does not let that be asked.
func (p *Platform) version(ctx context.Context) (string, error) {
	var info struct {
		Version string `json:"version"`
		Info    struct {
			Version string `json:"version"`
		} `json:"info"`
	}
	err := p.rest.getAt(ctx, "info", "/api/info", &info)
	var said *apiError
	if errors.As(err, &said) && said.status/100 == 4 {
		return "", nil
	}
	if err != nil {
		return "", sorted("ask which version the server is", err)
	}
	return first(info.Version, info.Info.Version), nil
}

// reread asks for the settings alone.
func (p *Platform) reread(ctx context.Context) (*facts, error) {
	f, err := p.facts(ctx)
	if err != nil {
		return nil, err
	}
	now := *f
	if now.settings, err = p.settings(ctx); err != nil {
		return nil, err
	}
	p.server.CompareAndSwap(f, &now)
	return &now, nil
}

func (p *Platform) settings(ctx context.Context) (map[string]json.RawMessage, error) {
	var answer struct {
		Settings []struct {
			ID    string          `json:"_id"`
			Value json.RawMessage `json:"value"`
		} `json:"settings"`
	}
	query := url.Values{"_id": {strings.Join(settingNames, ",")}, "count": {strconv.Itoa(2 * len(settingNames))}}
	if err := p.rest.get(ctx, "settings.public", query, &answer); err != nil {
		return nil, sorted("read the settings", err)
	}
	all := map[string]json.RawMessage{}
	for _, s := range answer.Settings {
		all[s.ID] = s.Value
	}
	return all, nil
}

// known is what is known of the server without asking.
func (p *Platform) known() *facts {
	if f := p.server.Load(); f != nil {
		return f
	}
	return &facts{}
}

// knownSelf is the bot's identifier.
func (p *Platform) knownSelf() string { return p.cfg.UserID }

// number is the value of a setting, and usual where the server did not tell.
func (f *facts) number(name string, usual int64) int64 {
	text := strings.Trim(string(f.settings[name]), `"`)
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < -1 || n > 1<<53 {
		return usual
	}
	return int64(n)
}

// is is the value of a setting, and usual where the server did not tell.
func (f *facts) is(name string, usual bool) bool {
	on, err := strconv.ParseBool(strings.Trim(string(f.settings[name]), `"`))
	if err != nil {
		return usual
	}
	return on
}

// major is the first number of the version; 0 where it is not known.
func (f *facts) major() int {
	head, _, _ := strings.Cut(strings.TrimPrefix(f.version, "v"), ".")
	n, err := strconv.Atoi(head)
	if err != nil {
		return 0
	}
	return n
}

// has says that the bot's account has a role.
func (f *facts) has(role string) bool { return slices.Contains(f.self.Roles, role) }

const (
	usualMessage = 5000      // characters, as JavaScript counts them
	usualFile    = 100 << 20 // bytes
	unlimited    = 1 << 40   // bytes of a file where the server sets no limit
)

// messageMost is how long the text of a message may be, as JavaScript counts.
func (f *facts) messageMost() int {
	n := f.number(setTextMost, usualMessage)
	if n <= 0 {
		n = usualMessage
	}
	return int(min(n, 1<<20))
}

// textMost leaves room for markup, so that what fits is one message nearly always.
func (f *facts) textMost() int { return max(f.messageMost()*4/5, 1) }

func (f *facts) fileMost() int64 {
	if !f.is(setFiles, true) {
		return 0
	}
	n := f.number(setFileMost, usualFile)
	if n < 0 {
		return unlimited
	}
	return n
}

// editFor is how long a message can be edited; 0 is for ever.
func (f *facts) editFor() time.Duration {
	n := f.number(setEditMinutes, 0)
	return time.Duration(max(n, 0)) * time.Minute
}
