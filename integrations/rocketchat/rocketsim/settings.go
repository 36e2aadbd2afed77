package rocketsim

import "maps"

// defaultSettings are the settings of a fresh server that a bot may ask for, with what a test wants otherwise.
func defaultSettings(other map[string]any) map[string]any {
	all := map[string]any{
		"Accounts_TwoFactorAuthentication_Enabled":                   true,
		"Accounts_TwoFactorAuthentication_Enforce_Password_Fallback": true,
		"API_Enable_Rate_Limiter":                                    true,
		"API_Upper_Count_Limit":                                      100,
		"Discussion_enabled":                                         true,
		"E2E_Allow_Unencrypted_Messages":                             false,
		"E2E_Enable":                                                 false,
		"E2E_Enabled_Default_PrivateRooms":                           false,
		"FileUpload_Enabled":                                         true,
		"FileUpload_Enabled_Direct":                                  true,
		"FileUpload_MaxFileSize":                                     104857600,
		"FileUpload_MediaTypeWhiteList":                              "",
		"FileUpload_MediaTypeBlackList":                              "image/svg+xml",
		"FileUpload_ProtectFiles":                                    true,
		"Message_AllowDeleting":                                      true,
		"Message_AllowDeleting_BlockDeleteInMinutes":                 0,
		"Message_AllowEditing":                                       true,
		"Message_AllowEditing_BlockEditInMinutes":                    0,
		"Message_AllowPinning":                                       true,
		"Message_AllowUnrecognizedSlashCommand":                      false,
		"Message_MaxAllowedSize":                                     5000,
		"Message_ShowDeletedStatus":                                  false,
		"Message_ShowEditedStatus":                                   true,
		"Site_Name":                                                  "Simulated",
		"Site_Url":                                                   "",
		"Threads_enabled":                                            true,
		"UI_Allow_room_names_with_special_chars":                     false,
		"UTF8_Channel_Names_Validation":                              "[0-9a-zA-Z-_.]+",
		"UTF8_User_Names_Validation":                                 "[0-9a-zA-Z-_.]+",
	}
	maps.Copy(all, other)
	return all
}

// defaultPermissions are the roles that have each permission on a fresh server, and what the role bot was given besides.
func defaultPermissions(grants []string) map[string][]string {
	all := map[string][]string{
		"add-user-to-any-c-room":            {"admin"},
		"add-user-to-any-p-room":            {},
		"add-user-to-joined-room":           {"admin", "owner", "moderator"},
		"api-bypass-rate-limit":             {"admin", "bot", "app"},
		"archive-room":                      {"admin", "owner"},
		"bypass-time-limit-edit-and-delete": {"bot", "app"},
		"create-c":                          {"admin", "user", "bot", "app"},
		"create-d":                          {"admin", "user", "bot", "app"},
		"create-p":                          {"admin", "user", "bot", "app"},
		"create-personal-access-tokens":     {"admin", "user"},
		"delete-c":                          {"admin", "owner"},
		"delete-message":                    {"admin", "owner", "moderator"},
		"delete-own-message":                {"admin", "user"},
		"delete-p":                          {"admin", "owner"},
		"edit-message":                      {"admin", "owner", "moderator"},
		"edit-room":                         {"admin", "owner", "moderator"},
		"force-delete-message":              {"admin", "owner"},
		"leave-c":                           {"admin", "user", "bot", "anonymous", "app"},
		"leave-p":                           {"admin", "user", "bot", "anonymous", "app"},
		"mention-all":                       {"admin", "owner", "moderator", "user"},
		"mention-here":                      {"admin", "owner", "moderator", "user"},
		"message-impersonate":               {"bot", "app"},
		"pin-message":                       {"owner", "moderator", "admin"},
		"post-readonly":                     {"admin", "owner", "moderator"},
		"remove-user":                       {"admin", "owner", "moderator"},
		"send-many-messages":                {"admin", "bot", "app"},
		"start-discussion":                  {"admin", "user", "guest", "app"},
		"start-discussion-other-user":       {"admin", "user", "owner", "app"},
		"unarchive-room":                    {"admin"},
		"view-c-room":                       {"admin", "user", "bot", "app", "anonymous"},
		"view-d-room":                       {"admin", "user", "bot", "app", "guest"},
		"view-full-other-user-info":         {"admin"},
		"view-joined-room":                  {"guest", "bot", "app", "anonymous"},
		"view-outside-room":                 {"admin", "owner", "moderator", "user"},
		"view-p-room":                       {"admin", "user", "anonymous", "guest"},
	}
	for _, permission := range grants {
		all[permission] = append(all[permission], "bot")
	}
	return all
}

// Set changes a setting of the server.
func (s *Sim) Set(name string, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings[name] = value
}

// Revoke takes a permission from everybody.
func (s *Sim) Revoke(permission string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permissions[permission] = nil
}

func (s *Sim) on(setting string) bool { return s.settings[setting] == true }

func (s *Sim) amount(setting string) int {
	n, _ := s.settings[setting].(int)
	return n
}
