package postmortem

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// secretForms are what keys and passwords of common systems look like. Each is narrow enough that ordinary prose, hashes
// and addresses of images do not match.
var secretForms = []pattern{
	{[]string{"akia", "asia"}, regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`)}, // AWS
	{[]string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}, regexp.MustCompile(`\bgh[pousr]_[A-Za-z0-9]{36,}\b`)},
	{[]string{"github_pat_"}, regexp.MustCompile(`\bgithub_pat_[A-Za-z0-9_]{22,}\b`)},
	{[]string{"glpat-"}, regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`)},                                            // GitLab
	{[]string{"xox", "xapp-"}, regexp.MustCompile(`\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-[0-9]-[A-Za-z0-9-]{10,}`)}, // Slack
	{[]string{"aiza"}, regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}`)},                                                 // Google
	{[]string{"k_live_"}, regexp.MustCompile(`\b[sr]k_live_[0-9a-zA-Z]{16,}`)},                                        // Stripe
	{[]string{"private key-----"}, regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
	{[]string{"eyj"}, regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`)}, // JSON web token
	{[]string{"://"}, regexp.MustCompile(`://[^/\s:@]+:[^/\s@]+@`)},                                          // a user with a password
	{[]string{"authorization:"}, regexp.MustCompile(`(?i)\bauthorization:\s*(basic|bearer)\s+[a-z0-9._~+/=-]{8,}`)},
}

// assignment is a value that a configuration, a command or a log gives to something that should stay secret.
var assignment = pattern{
	words: []string{"password", "passwd", "pwd", "secret", "api_key", "api-key", "apikey", "token"},
	form:  regexp.MustCompile(`(?i)(?:password|passwd|pwd|secret|api[_-]?key|token)["']?\s*[=:]\s*["']?([^\s"'<>*]{8,})`),
}

var mailAddress = regexp.MustCompile(`\b[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b`)

// secrets is S5.
func (c *checker) secrets() {
	all := c.texts.all()
	c.reportPassages("S5", SeverityError, all, looksSecret,
		"there seems to be a key, a token or a password in it. Make it invalid where it is used, then take it out of the text.")
	c.reportPassages("S5", SeverityError, all, namesMailbox,
		"there is an e-mail address in it. Take it out unless its owner agrees that it is published.")
}

func looksSecret(p passage) bool {
	if slices.ContainsFunc(secretForms, func(f pattern) bool { return f.in(p) }) {
		return true
	}
	if !assignment.in(p) {
		return false
	}
	return slices.ContainsFunc(assignment.form.FindAllStringSubmatch(p.text, -1), func(found []string) bool { return isRandom(found[1]) })
}

// isRandom tells a secret from a word: it has digits and letters.
func isRandom(value string) bool {
	return strings.ContainsFunc(value, unicode.IsDigit) && strings.ContainsFunc(value, unicode.IsLetter)
}

var login = regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://[^\s/]*@|git@)`)

// namesMailbox passes over addresses that log in to a server and only look like mail.
func namesMailbox(p passage) bool {
	return strings.Contains(p.text, "@") && mailAddress.MatchString(login.ReplaceAllString(p.text, ""))
}
