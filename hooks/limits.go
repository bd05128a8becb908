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
	hits map[string][]time.Time
	seen map[string]time.Time // forms that were counted
}

func newCounter() *counter {
	return &counter{hits: map[string][]time.Time{}, seen: map[string]time.Time{}}
}

const counterKeys = 50_000

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
func (c *call) limitForm(name, key string) error {
	l, n, now := flow.LimitNamed(name), c.s.counter, c.s.Desk.Now()
	form := c.at().Key
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
	if len(n.hits) > counterKeys {
		n.hits = map[string][]time.Time{}
	}
	key = l.Name + " " + key
	kept := n.hits[key][:0]
	for _, t := range n.hits[key] {
		if now.Sub(t) < l.Window {
			kept = append(kept, t)
		}
	}
	if len(kept) >= l.Count {
		n.hits[key] = kept
		return l.Window - now.Sub(kept[0])
	}
	n.hits[key] = append(kept, now)
	return 0
}

// forget drops what was counted: it was no guess after all.
func (c *call) forget(name, key string) {
	c.s.counter.mu.Lock()
	defer c.s.counter.mu.Unlock()
	delete(c.s.counter.hits, name+" "+key)
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
