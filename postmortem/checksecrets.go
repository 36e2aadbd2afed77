package postmortem

import (
	"regexp"
	"strings"
	"unicode"
)

// secretForms are what keys and passwords of common systems look like. Each is narrow enough that ordinary prose, hashes
// and addresses of images do not match.
var secretForms = []*regexp.Regexp{
	regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`),                                     // AWS
	regexp.MustCompile(`\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{22,}\b`), // GitHub
	regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`),                                      // GitLab
	regexp.MustCompile(`\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-[0-9]-[A-Za-z0-9-]{10,}`), // Slack
	regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}`),                                         // Google
	regexp.MustCompile(`\b[sr]k_live_[0-9a-zA-Z]{16,}`),                                   // Stripe
	regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`),                              // PEM
	regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`), // JSON web token
	regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@`),                   // user and password in an address
	regexp.MustCompile(`(?i)\bauthorization:\s*(basic|bearer)\s+[a-z0-9._~+/=-]{8,}`),     // HTTP
}

// assignment is a value that a configuration, a command or a log gives to something that should stay secret.
var assignment = regexp.MustCompile(`(?i)\b\w*(?:password|passwd|pwd|secret|api[_-]?key|token)["']?\s*[=:]\s*["']?([^\s"'<>*]{8,})`)

var mailAddress = regexp.MustCompile(`\b[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b`)

// secrets is S5.
func (c *checker) secrets() {
	all := c.everything()
	c.reportPassages("S5", SeverityError, all, looksSecret,
		"%s: there seems to be a key, a token or a password in it. Make it invalid where it is used, then take it out of the text.")
	c.reportPassages("S5", SeverityError, all, func(text string) bool { return mailAddress.MatchString(withoutLogins(text)) },
		"%s: there is an e-mail address in it. Take it out unless its owner agrees that it is published.")
}

func looksSecret(text string) bool {
	for _, form := range secretForms {
		if form.MatchString(text) {
			return true
		}
	}
	for _, found := range assignment.FindAllStringSubmatch(text, -1) {
		if isRandom(found[1]) {
			return true
		}
	}
	return false
}

// isRandom tells a secret from a word: it has digits and letters.
func isRandom(value string) bool {
	return strings.ContainsFunc(value, unicode.IsDigit) && strings.ContainsFunc(value, unicode.IsLetter)
}

var login = regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://[^\s/]*@|git@)`)

// withoutLogins takes out addresses that log in to a server and only look like mail.
func withoutLogins(text string) string { return login.ReplaceAllString(text, "") }
