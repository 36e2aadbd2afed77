package slack

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"boswell/chat"
)

// lastAttempt is the attempt after which Slack gives up: then a message without names is better than none.
const lastAttempt = 3

// Slack waits three seconds for an acknowledgement. What is asked of Slack before the bot decides is waited for until lookUntil
// after the work began; what is answered after it decided holds the acknowledgement back until ackUntil.
const (
	lookUntil = time.Second
	ackUntil  = 2 * time.Second
)

// A delivery is an envelope that was opened.
type delivery struct {
	p       *Platform
	h       chat.Handler
	id      chat.DeliveryID
	attempt int
	began   time.Time

	ack     func(payload any) // of the envelope, as is fail
	fail    func()
	settled sync.Once
}

// again says that Slack delivers once more if this is not acknowledged.
func (d *delivery) again() bool { return d.attempt < lastAttempt }

// carry acknowledges, with an answer along or nil for none. It does nothing, and says so, where that is done already.
func (d *delivery) carry(answer any) (carried bool) {
	d.settled.Do(func() {
		d.ack(answer)
		carried = true
	})
	return carried
}

// refuse says that Slack is to deliver again, unless it is acknowledged.
func (d *delivery) refuse() {
	d.settled.Do(func() {
		if d.fail != nil {
			d.fail()
		}
	})
}

// carrySoon acknowledges in time, while an answer is still on its way. It is for when what was decided is on disk.
func (d *delivery) carrySoon() (stop func() bool) {
	return time.AfterFunc(time.Until(d.began.Add(ackUntil)), func() { d.carry(nil) }).Stop
}

// hand hands on what asks for no answer.
func (d *delivery) hand(ctx context.Context, in chat.Inbound) error {
	_, err := d.h(ctx, in)
	return err
}

func (d *delivery) meta(channel, ts string) chat.Meta {
	m := chat.Meta{Delivery: d.id, At: moment(ts), Place: d.p.place(channel, ""), Direct: direct(channel)}
	if name, known := d.p.rooms.nameOf(channel); known {
		m.Room = "#" + name
	}
	return m
}

// soon does what may have to ask Slack, while somebody waits for the acknowledgement. Where Slack takes too long the result is what
// do makes of what is known already, with its error; what was asked is remembered when it comes, and known the next time. do
// may run twice at once.
func soon[T any](ctx context.Context, d *delivery, do func(context.Context) (T, error)) (T, error) {
	type outcome struct {
		result T
		err    error
		fault  string // a panic, and where
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if fault := recover(); fault != nil {
				o.fault = fmt.Sprintf("%v\n%s", fault, debug.Stack())
			}
			done <- o
		}()
		o.result, o.err = do(ctx)
	}()
	late := time.NewTimer(time.Until(d.began.Add(lookUntil)))
	defer late.Stop()
	select {
	case o := <-done:
		if o.fault != "" {
			panic(o.fault) // the lane tells of it
		}
		return o.result, o.err
	case <-late.C:
		over, cancel := context.WithCancel(ctx)
		cancel()
		return do(over)
	}
}
