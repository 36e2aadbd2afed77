package bot

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"sync"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// personID is who an account is in the log. It is made from the account, so the same person gets the same one without
// asking, and says nothing about them. A bridged author is told by the alias.
func personID(platform chat.PlatformID, u chat.User) incident.PersonID {
	if u.ID == "" && u.Alias == "" {
		return ""
	}
	account := string(platform) + "\x00" + string(u.ID)
	if u.Alias != "" {
		account = string(platform) + "\x00alias\x00" + u.Alias
	}
	sum := sha256.Sum256([]byte(account))
	return incident.PersonID("p" + strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10])))
}

// peopleCache holds the people that are known to be in the store as they are, so that a message does not write its author
// again.
type peopleCache struct {
	mu    sync.Mutex
	known map[incident.PersonID]storage.Person
}

func (c *peopleCache) has(p storage.Person) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	old, ok := c.known[p.ID]
	return ok && samePerson(old, p)
}

func (c *peopleCache) put(p storage.Person) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) > 10000 {
		c.known = map[incident.PersonID]storage.Person{}
	}
	c.known[p.ID] = p
}

func samePerson(a, b storage.Person) bool {
	return a.Name == b.Name && a.Zone == b.Zone && a.Bot == b.Bot && a.Guest == b.Guest && slices.Equal(a.Accounts, b.Accounts)
}

func personOf(platform chat.PlatformID, u chat.User) storage.Person {
	p := storage.Person{ID: personID(platform, u), Name: u.Display(), Zone: u.Zone, Bot: u.Bot, Guest: u.Guest}
	if u.Alias == "" {
		p.Accounts = []storage.Account{{Platform: platform, User: u.ID, Handle: u.Handle}}
	}
	return p
}

// know puts people, not groups, into the store who are not there as they are now. It is called within the transaction that names them.
func (b *Bot) know(tx storage.Tx, platform chat.PlatformID, users ...chat.User) error {
	for _, u := range users {
		p := personOf(platform, u)
		if p.ID == "" || u.Group || b.people.has(p) {
			continue
		}
		old, there := tx.Person(p.ID)
		p.FullName = old.FullName
		if there && samePerson(old, p) {
			b.people.put(p)
			continue
		}
		if err := tx.PutPerson(p); err != nil {
			return err
		}
	}
	return nil
}
