package discordsim

import (
	"net/http"
	"strings"
)

// endpoints are those that ask for the token.
func endpoints() map[string]endpoint {
	return map[string]endpoint{
		"GET /gateway/bot":                                                    gatewayBot,
		"GET /applications/@me":                                               application,
		"GET /oauth2/applications/@me":                                        application,
		"GET /users/@me":                                                      me,
		"GET /users/@me/guilds":                                               myGuilds,
		"GET /users/{user}":                                                   oneUser,
		"POST /users/@me/channels":                                            openDirect,
		"GET /applications/{app}/commands":                                    listCommands,
		"PUT /applications/{app}/commands":                                    putCommands,
		"GET /applications/{app}/guilds/{guild}/commands":                     listCommands,
		"PUT /applications/{app}/guilds/{guild}/commands":                     putCommands,
		"GET /guilds/{guild}":                                                 oneGuild,
		"GET /guilds/{guild}/channels":                                        listChannels,
		"POST /guilds/{guild}/channels":                                       makeChannel,
		"GET /guilds/{guild}/emojis":                                          listEmojis,
		"GET /guilds/{guild}/members/search":                                  searchMembers,
		"GET /guilds/{guild}/members/{user}":                                  oneMember,
		"GET /guilds/{guild}/threads/active":                                  activeThreads,
		"GET /channels/{channel}":                                             oneChannel,
		"PATCH /channels/{channel}":                                           changeChannel,
		"PUT /channels/{channel}/permissions/{id}":                            putOverwrite,
		"GET /channels/{channel}/messages":                                    listMessages,
		"POST /channels/{channel}/messages":                                   postMessage,
		"GET /channels/{channel}/messages/{message}":                          oneMessage,
		"PATCH /channels/{channel}/messages/{message}":                        editMessage,
		"DELETE /channels/{channel}/messages/{message}":                       deleteMessage,
		"PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me":    addReaction,
		"DELETE /channels/{channel}/messages/{message}/reactions/{emoji}/@me": removeReaction,
		"GET /channels/{channel}/messages/{message}/reactions/{emoji}":        listReactions,
		"GET /channels/{channel}/pins":                                        listPinsOld,
		"PUT /channels/{channel}/pins/{message}":                              addPin,
		"DELETE /channels/{channel}/pins/{message}":                           removePin,
		"GET /channels/{channel}/messages/pins":                               listPins,
		"PUT /channels/{channel}/messages/pins/{message}":                     addPin,
		"DELETE /channels/{channel}/messages/pins/{message}":                  removePin,
		"POST /channels/{channel}/messages/{message}/threads":                 threadFromMessage,
		"POST /channels/{channel}/threads":                                    makeThread,
		"GET /channels/{channel}/threads/archived/{kind}":                     archivedThreads,
		"PUT /channels/{channel}/thread-members/{user}":                       addThreadMember,
	}
}

// openEndpoints are those whose address is the permission.
func openEndpoints() map[string]endpoint {
	return map[string]endpoint{
		"GET /gateway": plainGateway,
		"POST /interactions/{id}/{token}/callback":          answerFirst,
		"POST /webhooks/{app}/{token}":                      followUp,
		"GET /webhooks/{app}/{token}/messages/{message}":    oneFollowUp,
		"PATCH /webhooks/{app}/{token}/messages/{message}":  editFollowUp,
		"DELETE /webhooks/{app}/{token}/messages/{message}": deleteFollowUp,
	}
}

// handler is everything that is served.
func (s *Sim) handler() http.Handler {
	mux := http.NewServeMux()
	for open, all := range map[bool]map[string]endpoint{false: endpoints(), true: openEndpoints()} {
		for pattern, do := range all {
			method, path, _ := strings.Cut(pattern, " ")
			mux.HandleFunc(method+" /api/{version}"+path, s.serve(open, do))
		}
	}
	mux.HandleFunc("GET /attachments/{channel}/{id}/{name}", s.download)
	mux.HandleFunc("GET /gw/", s.socket)
	mux.HandleFunc("GET /gw", s.socket)
	mux.HandleFunc("GET /resume/", s.socket)
	mux.HandleFunc("GET /resume", s.socket)
	mux.HandleFunc("/api/", s.serve(true, func(*call) (any, *refusal) { return nil, no(404, 0, "404: Not Found") }))
	return mux
}
