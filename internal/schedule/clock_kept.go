// The clock over a restart: what it showed is kept in a row, and compared with what it shows at the next start.

package schedule

import "time"

// Sight is what the clock showed when it was looked at.
type Sight struct {
	Wall    time.Time     // what the system said
	Desk    time.Time     // what the desk took for the time, without the demo's offset
	Elapsed time.Duration // what had really passed, since Boot
	Boot    string
}

// Look returns what the clock shows.
func (c *Clock) Look() Sight {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Sight{Wall: c.look(), Elapsed: c.mono(), Boot: c.boot()}
	s.Desk = s.Wall
	if c.why.Cause != "" {
		s.Desk = c.reckoned()
	}
	return s
}

// Remember tells the clock, once, at start, what it showed when the desk last ran. On the same start of the machine it
// is known what has passed since, and any jump is noticed. After a restart of the machine it is not: a clock that stands
// before that moment, or longer after it than a desk is usually down, is not believed until a person has looked.
func (c *Clock) Remember(last Sight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wall := c.wall()
	if last.Boot != "" && last.Boot == c.boot() && c.mono() >= last.Elapsed {
		c.fromWall, c.fromMono = last.Desk.Add(c.mono()-last.Elapsed), c.mono()
		c.look()
		return
	}
	if wrong := last.Wall.Sub(last.Desk); wrong.Abs() > c.jump { // it was wrong already, and may still be, by as much
		if was := wall.Add(-wrong); !was.Before(last.Desk) && was.Sub(last.Desk) <= c.away {
			c.distrust(Jump{Jumped, wall, was}, was)
			return
		}
	}
	switch gap := wall.Sub(last.Desk); {
	case gap < -c.jump:
		c.distrust(Jump{Behind, wall, last.Desk}, last.Desk)
	case gap > c.away:
		c.distrust(Jump{Away, wall, last.Desk}, wall)
	}
}

// NotBefore tells the clock the newest moment on record, once, at start. A clock that stands before it by more than the
// jump allowed was set back while the desk was down: the desk goes on from that moment.
func (c *Clock) NotBefore(newest time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	newest = newest.Add(-c.offset)
	now := c.wall()
	if c.why.Cause != "" {
		now = c.reckoned()
	}
	if newest.Sub(now) > c.jump {
		c.distrust(Jump{Behind, c.wall(), newest}, newest)
	}
}

// Hold keeps a pause over a restart, for the cause for which it began: nobody has looked since.
func (c *Clock) Hold(why Jump) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.look()
	c.why = why
}

func (c *Clock) distrust(why Jump, now time.Time) {
	c.why, c.fromWall, c.fromMono = why, now, c.mono()
}
