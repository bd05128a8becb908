// Composing a message: a notice and words become a mail or an SMS in the person's language.

package notify

import (
	"fmt"
	"slices"
	"strings"
)

// Letter is a composed message. An SMS has a text only.
type Letter struct {
	Subject string
	Text    string
	HTML    string
}

// Errors of composing; all are mistakes of the program that asks, found by composing before a message is kept.
type composeError string

func (e composeError) Error() string { return string(e) }

const (
	// ErrNoNotice says that there is no notice with this key.
	ErrNoNotice = composeError("notice_unknown")
	// ErrNoLanguage says that there is no text in this language.
	ErrNoLanguage = composeError("language_unknown")
	// ErrNoChannel says that the notice does not go by this channel.
	ErrNoChannel = composeError("channel_unknown")
	// ErrNoWord says that a word is missing.
	ErrNoWord = composeError("word_missing")
)

// Compose makes the message. Words that the text does not use are left out; one that it needs and does not get is
// ErrNoWord. What people entered stays what it is: it cannot add a line, a header or a link.
func Compose(key, lang, channel string, words Words) (Letter, error) {
	n, t, err := look(key, lang, channel)
	if err != nil {
		return Letter{}, err
	}
	if err := n.complete(words); err != nil {
		return Letter{}, err
	}
	spoken := n.spoken(lang, channel, words)
	if channel == ChannelSMS {
		l, err := composeSMS(n, t, lang, spoken)
		return l, n.wrap(err)
	}
	l, err := composeMail(n, t, lang, spoken)
	return l, n.wrap(err)
}

func look(key, lang, channel string) (Notice, text, error) {
	n, ok := Find(key)
	switch {
	case !ok:
		return n, text{}, fmt.Errorf("%w: %s", ErrNoNotice, key)
	case !slices.Contains(Languages, lang):
		return n, text{}, fmt.Errorf("%w: %s in %q", ErrNoLanguage, key, lang)
	case !n.Goes(channel):
		return n, text{}, fmt.Errorf("%w: %s by %q", ErrNoChannel, key, channel)
	}
	return n, texts()[key+"."+lang], nil
}

func (n Notice) complete(words Words) error {
	for _, name := range append([]string{"desk"}, n.Words...) {
		if _, ok := words[name]; !ok {
			return fmt.Errorf("%w: %s needs %q", ErrNoWord, n.Key, name)
		}
	}
	return nil
}

func (n Notice) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %s: %w", ErrNoWord, n.Key, err)
}

func composeSMS(n Notice, t text, lang string, words Words) (l Letter, err error) {
	if l.Text, err = fill(t.sms, words); err != nil {
		return l, err
	}
	words["text"] = l.Text
	l.Text, err = fill(texts()["frame_"+n.frame+"."+lang].sms, words)
	return l, err
}

func composeMail(n Notice, t text, lang string, words Words) (l Letter, err error) {
	if l.Subject, err = fill(t.subject, words); err != nil {
		return l, err
	}
	body, err := fill(t.mail, words)
	if err != nil {
		return l, err
	}
	l.Subject = oneLine(l.Subject)
	if n.frame == "none" {
		l.Text, l.HTML = body, words["html"]
		return l, nil
	}
	foot, err := fill(texts()["frame_"+n.frame+"."+lang].mail, words)
	if err != nil {
		return l, err
	}
	l.Text = body + "\n\n" + strings.Repeat("-", 24) + "\n" + foot + "\n"
	l.HTML = page{lang, l.Subject, words["desk"], body, foot, words["link"]}.html()
	return l, nil
}

// Param is one blank of an SMS with what stands in it.
type Param struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Params returns what stands in the blanks of a notice's SMS, for gateways that send approved templates only: first the
// notice's own words in the order of messages.csv, then desk and hotline. Blanks that the text does not have are left out.
func Params(key, lang string, words Words) ([]Param, error) {
	n, t, err := look(key, lang, ChannelSMS)
	if err != nil {
		return nil, err
	}
	if err := n.complete(words); err != nil {
		return nil, err
	}
	spoken, used := n.spoken(lang, ChannelSMS, words), append(blanks(t.sms), "desk", "hotline")
	var all []Param
	for _, name := range append(slices.Clone(n.Words), "desk", "hotline") {
		if slices.Contains(used, name) {
			all = append(all, Param{name, spoken[name]})
		}
	}
	return all, nil
}
