package rocketsim

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"
)

var peopleEndpoints = map[string]endpoint{
	"GET info":                               {open: true, do: (*Sim).info},
	"GET me":                                 {takes: fields{"fields": "s"}, do: (*Sim).me},
	"POST login":                             {open: true, takes: fields{"user": "s", "username": "s", "email": "s", "password": "s", "code": "s", "resume": "s"}, do: (*Sim).login},
	"POST logout":                            {do: (*Sim).logout},
	"POST users.generatePersonalAccessToken": {may: []string{"create-personal-access-tokens"}, takes: fields{"tokenName": "s!", "bypassTwoFactor": "b"}, do: (*Sim).newToken},
	"GET users.info":                         {takes: fields{"userId": "s?", "username": "s?", "importId": "s?", "includeUserRooms": "s", "fields": "s"}, do: (*Sim).userInfo},
	"GET users.list":                         {may: []string{"view-d-room"}, takes: paged(fields{"fields": "s", "query": "s", "email": "s"}), do: (*Sim).userList},
	"GET users.autocomplete":                 {takes: fields{"selector": "s!"}, do: (*Sim).autocomplete},
	"GET users.getPresence":                  {takes: fields{"userId": "s", "username": "s"}, do: (*Sim).presence},
	"POST users.setStatus":                   {takes: fields{"status": "s", "message": "s"}, do: func(*Sim, *call) (object, error) { return nil, nil }},
	"GET settings.public":                    {open: true, takes: paged(fields{"_id": "s", "query": "s"}), do: (*Sim).publicSettings},
	"GET permissions.listAll":                {takes: fields{"updatedSince": "s"}, do: (*Sim).allPermissions},
	"GET roles.list":                         {do: (*Sim).allRoles},
	"GET commands.list":                      {takes: paged(nil), do: (*Sim).allCommands},
	"POST commands.run":                      {takes: fields{"command": "s!", "params": "s", "roomId": "s!", "tmid": "s", "triggerId": "s"}, do: (*Sim).runCommand},
	"GET emoji-custom.list": {takes: fields{"query": "s", "updatedSince": "s", "_updatedAt": "s"}, do: func(*Sim, *call) (object, error) {
		return object{"emojis": object{"update": []object{}, "remove": []object{}}}, nil
	}},
}

// info tells the version; the whole of it only to those who administer the server.
func (s *Sim) info(*call) (object, error) {
	parts := strings.SplitN(s.o.Version, ".", 3)
	return object{"version": strings.Join(parts[:min(2, len(parts))], ".")}, nil
}

func (s *Sim) me(c *call) (object, error) {
	o := s.userObject(c.user, c.user)
	o["emails"], o["settings"], o["statusConnection"] = []object{{"address": c.user.username + "@example.test", "verified": true}}, object{"preferences": object{}}, "online"
	return o, nil
}

func (s *Sim) login(c *call) (object, error) {
	u := s.users[s.tokens[c.text("resume")]]
	if c.text("resume") == "" {
		u = s.named(c.text("user") + c.text("username"))
		if u != nil && c.text("password") != Password {
			u = nil
		}
	}
	switch {
	case u == nil:
		return nil, &refusal{status: http.StatusUnauthorized, body: object{"status": "error", "error": "Unauthorized", "message": "Unauthorized"}}
	case c.text("resume") == "" && s.on("Accounts_TwoFactorAuthentication_Enforce_Password_Fallback") && c.text("code") != Code && c.Header.Get("X-2fa-Code") != Code:
		return nil, &refusal{status: http.StatusUnauthorized, body: object{"status": "error", "error": "totp-required",
			"message": "TOTP Required [totp-required]", "details": totpDetails()}}
	}
	token := c.text("resume")
	if token == "" {
		token = s.newID() + s.newID()
		s.tokens[token] = u.id
	}
	return object{"status": "success", "data": object{"userId": u.id, "authToken": token, "me": s.userObject(u, u)}}, nil
}

func (s *Sim) logout(c *call) (object, error) {
	delete(s.tokens, c.Header.Get("X-Auth-Token"))
	return object{"status": "success", "data": object{"message": "You've been logged out!"}}, nil
}

func (s *Sim) newToken(c *call) (object, error) {
	if c.Header.Get("X-2fa-Code") != Code {
		return nil, &refusal{status: http.StatusBadRequest, text: "TOTP Required [totp-required]", code: "totp-required", details: totpDetails()}
	}
	token := s.newID() + s.newID() + s.newID()
	s.tokens[token] = c.user.id
	return object{"token": token}, nil
}

func (s *Sim) userInfo(c *call) (object, error) {
	u := s.users[c.text("userId")]
	if u == nil {
		u = s.named(c.text("username"))
	}
	if u == nil {
		return nil, plain("User not found.")
	}
	return object{"user": s.userObject(u, c.user)}, nil
}

// sorted are the accounts by username.
func (s *Sim) sorted() []*user {
	var all []*user
	for _, u := range s.users {
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b *user) int { return strings.Compare(a.username, b.username) })
	return all
}

func (s *Sim) userList(c *call) (object, error) {
	if c.text("query") != "" || c.text("fields") != "" {
		return nil, fail("error-invalid-params", "The parameters query and fields are not allowed")
	}
	var all []object
	for _, u := range s.sorted() {
		all = append(all, s.userObject(u, c.user))
	}
	return listed("users", page(s, c, all, 50), len(all), c), nil
}

// completionMost is how many accounts the completion of a name gives.
const completionMost = 10

func (s *Sim) autocomplete(c *call) (object, error) {
	var selector struct {
		Term       string   `json:"term"`
		Exceptions []string `json:"exceptions"`
	}
	if err := json.Unmarshal([]byte(c.text("selector")), &selector); err != nil {
		return nil, fail("error-invalid-params", "The \"selector\" is no JSON")
	}
	term, err := regexp.Compile("(?i)" + regexp.QuoteMeta(selector.Term))
	if err != nil {
		return nil, plain("Invalid term")
	}
	items := []object{}
	for _, u := range s.sorted() {
		if slices.Contains(selector.Exceptions, u.username) || u.inactive || !term.MatchString(u.username) && !term.MatchString(u.name) {
			continue
		}
		if len(items) < completionMost {
			items = append(items, object{"_id": u.id, "username": u.username, "name": u.name, "status": "online"})
		}
	}
	return object{"items": items}, nil
}

func (s *Sim) presence(*call) (object, error) {
	return object{"presence": "online", "connectionStatus": "online"}, nil
}

func (s *Sim) publicSettings(c *call) (object, error) {
	var names []string
	for name := range s.settings {
		if c.text("_id") == "" || slices.Contains(strings.Split(c.text("_id"), ","), name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var all []object
	for _, name := range names {
		all = append(all, object{"_id": name, "value": s.settings[name], "enterprise": false})
	}
	return listed("settings", page(s, c, all, 50), len(all), c), nil
}

func (s *Sim) allPermissions(*call) (object, error) {
	var names []string
	for name := range s.permissions {
		names = append(names, name)
	}
	sort.Strings(names)
	all := []object{}
	for _, name := range names {
		roles := s.permissions[name]
		if roles == nil {
			roles = []string{}
		}
		all = append(all, object{"_id": name, "roles": roles, "_updatedAt": s.now()})
	}
	return object{"update": all, "remove": []object{}}, nil
}

func (s *Sim) allRoles(*call) (object, error) {
	all := []object{}
	for _, name := range []string{"admin", "anonymous", "app", "bot", "guest", "moderator", "owner", "user"} {
		scope := "Users"
		if name == "owner" || name == "moderator" {
			scope = "Subscriptions"
		}
		all = append(all, object{"_id": name, "name": name, "scope": scope, "protected": true})
	}
	return object{"roles": all}, nil
}

// serverCommands are those that every server has.
var serverCommands = []string{"archive", "create", "help", "invite", "join", "kick", "leave", "me", "msg", "mute", "topic", "unarchive"}

func (s *Sim) allCommands(c *call) (object, error) {
	var all []object
	for _, name := range serverCommands {
		all = append(all, object{"command": name, "clientOnly": false, "providesPreview": false})
	}
	return listed("commands", page(s, c, all, 50), len(all), c), nil
}

func (s *Sim) runCommand(c *call) (object, error) {
	r, err := s.readable(c, "roomId")
	if err != nil {
		return nil, &refusal{status: http.StatusForbidden, text: "unauthorized"}
	}
	if !slices.Contains(serverCommands, strings.ToLower(c.text("command"))) {
		return nil, plain("The command provided does not exist (or is disabled).")
	}
	if r.archived {
		return nil, plain("room_is_archived")
	}
	return nil, nil
}

// endpoints are all that the simulator answers, by method and name.
var endpoints map[string]endpoint

func init() {
	endpoints = map[string]endpoint{}
	for _, some := range []map[string]endpoint{chatEndpoints, roomEndpoints, peopleEndpoints, fileEndpoints} {
		for name, e := range some {
			endpoints[name] = e
		}
	}
	for name, e := range kindsOfRoom {
		method, verb, _ := strings.Cut(name, " ")
		for _, family := range []string{"channels.", "groups."} {
			endpoints[method+" "+family+verb] = e
		}
	}
	delete(endpoints, "POST groups.join")
	delete(endpoints, "POST channels.setEncrypted")
	for name, e := range endpoints {
		e.method, _, _ = strings.Cut(name, " ")
		endpoints[name] = e
	}
}
