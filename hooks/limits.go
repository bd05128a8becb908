package hooks

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
)

// Public doors are counted, in memory: a restart forgets, the windows are short. The limits themselves are data of flow.

type counter struct {
	mu   sync.Mutex
	hits map[string]*tally
	full map[string]*tally    // limits whose share is used up: what is new to them is counted together
	held map[string]int       // keys of each limit
	next map[string]time.Time // before then, none of a full limit's keys runs out
	seen map[string]time.Time // forms that were counted
}

// tally are the uses under one key.
type tally struct {
	limit flow.Limit
	at    []time.Time
}

func newCounter() *counter {
	return &counter{hits: map[string]*tally{}, full: map[string]*tally{}, held: map[string]int{}, next: map[string]time.Time{}, seen: map[string]time.Time{}}
}

// counterKeys is how many keys of one limit are counted apart. Who brings more, a thousand addresses say, is not forgotten
// and makes nobody else forgotten: all keys that are new to the limit share one count until old ones run out.
const counterKeys = 20_000

// limit counts one use of a public door and refuses when there were too many.
func (c *call) limit(name, key string) error {
	l := flow.LimitNamed(name)
	wait := c.s.counter.allow(l, key, c.s.Desk.Now())
	if wait > 0 {
		return &limited{l, int(wait.Seconds()) + 1}
	}
	return nil
}

// limitForm counts a form once, however often it is sent under one key: who clicks twice gets the same answer twice, and
// the same key with other input is refused by the act.
func (c *call) limitForm(name, key string) error { return c.limitOnce(name, key, c.at().Key) }

// limitOnce is limitForm for a form whose own key was read from a stream.
func (c *call) limitOnce(name, key, form string) error {
	l, n, now := flow.LimitNamed(name), c.s.counter, c.s.Desk.Now()
	if form == "" {
		return c.limit(name, key)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.forgetSeen(now)
	form = name + " " + key + " " + form
	if _, had := n.seen[form]; had {
		return nil
	}
	if wait := n.count(l, key, now); wait > 0 {
		return &limited{l, int(wait.Seconds()) + 1}
	}
	n.seen[form] = now
	return nil
}

// forgetSeen drops forms so old that nobody sends them again by a double click.
func (n *counter) forgetSeen(now time.Time) {
	for k, t := range n.seen {
		if now.Sub(t) > 5*time.Minute {
			delete(n.seen, k)
		}
	}
}

func (n *counter) allow(l flow.Limit, key string, now time.Time) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.count(l, key, now)
}

func (n *counter) count(l flow.Limit, key string, now time.Time) time.Duration {
	t := n.tally(l, l.Name+" "+key, now)
	t.at = slices.DeleteFunc(t.at, func(at time.Time) bool { return now.Sub(at) >= l.Window })
	if len(t.at) >= l.Count {
		return l.Window - now.Sub(t.at[0])
	}
	t.at = append(t.at, now)
	return 0
}

// tally finds the uses under a key, or begins them.
func (n *counter) tally(l flow.Limit, key string, now time.Time) *tally {
	if t := n.hits[key]; t != nil {
		return t
	}
	if n.held[l.Name] >= counterKeys && n.sweep(l, now) {
		t := n.full[l.Name]
		if t == nil {
			t = &tally{limit: l}
			n.full[l.Name] = t
		}
		return t
	}
	n.held[l.Name]++
	t := &tally{limit: l}
	n.hits[key] = t
	return t
}

// sweep drops the keys of a limit that have run out, and reports whether the limit is full all the same. It looks at all
// keys: not while none can have run out, and at most a hundred times in a window.
func (n *counter) sweep(l flow.Limit, now time.Time) (full bool) {
	if now.Before(n.next[l.Name]) {
		return true
	}
	oldest := now
	for key, t := range n.hits {
		switch last := len(t.at) - 1; {
		case t.limit.Name != l.Name:
		case last < 0 || now.Sub(t.at[last]) >= l.Window:
			delete(n.hits, key)
			n.held[l.Name]--
		case t.at[last].Before(oldest):
			oldest = t.at[last]
		}
	}
	n.next[l.Name] = oldest.Add(l.Window)
	if soon := now.Add(l.Window / 100); n.next[l.Name].Before(soon) {
		n.next[l.Name] = soon
	}
	return n.held[l.Name] >= counterKeys
}

// forget drops what was counted: it was no guess after all.
func (c *call) forget(name, key string) {
	c.s.counter.mu.Lock()
	defer c.s.counter.mu.Unlock()
	if _, had := c.s.counter.hits[name+" "+key]; had {
		delete(c.s.counter.hits, name+" "+key)
		c.s.counter.held[name]--
	}
}

// ip is who is at the other end: the socket's address, or the forwarded one when the socket is the configured proxy.
func (c *call) ip() string { return clientIP(c.e.Request, c.s.Config.Proxy) }

func clientIP(r *http.Request, proxies []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if behind(r, proxies) {
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",") // a proxy may add a line of its own
		if last, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1])); err == nil {
			return last.Unmap().String()
		}
	}
	return addr.Unmap().String()
}

// network is the part of an address that one network shares: 24 bits of an IPv4 address, 48 of an IPv6 one.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	p, err := addr.Prefix(bits)
	if err != nil {
		return ip
	}
	return p.String()
}

// behind reports whether the socket is a configured proxy's.
func behind(r *http.Request, proxies []netip.Prefix) bool {
	addr, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(addr.Addr().Unmap()) })
}
