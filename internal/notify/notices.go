// Package notify is what leaves the desk: which notices there are, their texts, and how a mail, an SMS or a letter is made
// and sent. It knows no act and no case: it is given a notice, words and an address.
package notify

import (
	"bufio"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Channels.
const (
	ChannelMail = "mail"
	ChannelSMS  = "sms"
	ChannelRing = "ring" // a person rings them or writes to them
)

// Languages in which every text exists.
var Languages = []string{"zh-Hans", "en"}

// Kinds of notices.
const (
	KindCode    = "code" // worth nothing after some minutes
	KindResult  = "result"
	KindRequest = "request" // asks for something by a day
	KindNotice  = "notice"
	KindStaff   = "staff"
)

// Notice is one line of messages.csv.
type Notice struct {
	Key      string
	Who      string // applicant, holder, staff or contact
	Channels []string
	Kind     string
	Urgent   bool
	Words    []string // names of the words it needs, in the order for an SMS gateway

	frame string
	free  map[string]bool // words of several lines
}

// Goes tells whether the notice has a text for the channel.
func (n Notice) Goes(channel string) bool { return slices.Contains(n.Channels, channel) }

//go:embed messages.csv
var messagesCSV string

var notices, order = mustRead(messagesCSV)

// Find returns the notice with this key.
func Find(key string) (Notice, bool) {
	n, ok := notices[key]
	return n, ok
}

// Notices returns all notices in the order of the file.
func Notices() []Notice {
	var all []Notice
	for _, key := range order {
		all = append(all, notices[key])
	}
	return all
}

func mustRead(text string) (map[string]Notice, []string) {
	all, keys, err := readNotices(text)
	if err != nil {
		panic("notify: messages.csv: " + err.Error()) // the file is part of the program: a test would have failed
	}
	return all, keys
}

func readNotices(text string) (map[string]Notice, []string, error) {
	lines := csv.NewReader(bufio.NewReader(strings.NewReader(text)))
	lines.Comment, lines.FieldsPerRecord = '#', 7
	all, keys := map[string]Notice{}, []string(nil)
	for first := true; ; first = false {
		f, err := lines.Read()
		if err == io.EOF {
			return all, keys, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if first {
			continue
		}
		n, err := readNotice(f)
		if err != nil {
			return nil, nil, err
		}
		if _, twice := all[n.Key]; twice {
			return nil, nil, fmt.Errorf("%s is there twice", n.Key)
		}
		all[n.Key], keys = n, append(keys, n.Key)
	}
}

func readNotice(f []string) (Notice, error) {
	n := Notice{Key: f[0], Who: f[1], Channels: strings.Fields(f[2]), Kind: f[3], Urgent: f[4] == "yes", frame: f[5], free: map[string]bool{}}
	for _, w := range strings.Fields(f[6]) {
		name, free := strings.CutSuffix(w, "*")
		n.Words, n.free[name] = append(n.Words, name), free
	}
	for _, x := range []struct {
		value   string
		allowed []string
	}{
		{f[1], []string{"applicant", "holder", "staff", "contact"}},
		{f[3], []string{KindCode, KindResult, KindRequest, KindNotice, KindStaff}},
		{f[4], []string{"yes", "no"}}, {f[5], []string{"public", "staff", "none"}},
	} {
		if !slices.Contains(x.allowed, x.value) {
			return n, fmt.Errorf("%s: %q is none of %v", n.Key, x.value, x.allowed)
		}
	}
	for _, c := range n.Channels {
		if c != ChannelMail && c != ChannelSMS {
			return n, fmt.Errorf("%s: channel %q", n.Key, c)
		}
	}
	return n, nil
}
