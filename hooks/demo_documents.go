package hooks

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/vault"
)

// The documents of the demo: drawn, looked at in the locked-up child like any upload, sealed and stored. Identical bytes
// are looked at once.

// drawn is a document to be drawn and looked at.
type drawn struct {
	slot, name string
	draw       func() []byte
}

// looker draws documents and looks at them ahead of time, while the history is being written.
type looker struct {
	s    *Server
	mu   sync.Mutex
	seen map[string]*looked
}

type looked struct {
	once sync.Once
	data []byte
	in   vault.Inspected
	err  error
}

func newLooker(s *Server) *looker { return &looker{s: s, seen: map[string]*looked{}} }

// look returns the document under a name that is its own, drawing it and looking at it on first use.
func (l *looker) look(ctx context.Context, key string, draw func() []byte) *looked {
	l.mu.Lock()
	d := l.seen[key]
	if d == nil {
		d = &looked{}
		l.seen[key] = d
	}
	l.mu.Unlock()
	d.once.Do(func() {
		d.data = draw()
		d.in, d.err = l.s.Inspector.Inspect(ctx, d.data, "specimen.jpg")
	})
	return d
}

// ahead looks at documents in order until ctx ends.
func (l *looker) ahead(ctx context.Context, docs []keyed) {
	for _, d := range docs {
		if ctx.Err() != nil {
			return
		}
		l.look(ctx, d.key, d.draw)
	}
}

type keyed struct {
	key  string
	draw func() []byte
}

// store seals a document under the key of its case, as an upload is.
func (l *looker) store(ctx context.Context, key, sealKey string, d drawn) (command.Stored, error) {
	u := command.Stored{Slot: d.slot, Name: d.name}
	k := l.look(ctx, key, d.draw)
	if k.err != nil {
		return u, fmt.Errorf("%s: %w", key, k.err)
	}
	err := l.s.keep(ctx, &u, sealKey, k.data, k.in)
	return u, err
}

// documents are what a case hands in, in the order of its type's slots, each with a name of its own.
func (c *demoCase) documents(code string) ([]keyed, []drawn) {
	var keys []keyed
	var all []drawn
	add := func(slot, name, key string, draw func() []byte) {
		keys, all = append(keys, keyed{key, draw}), append(all, drawn{slot, name, draw})
	}
	front := func(slot string, p demoPerson) {
		add(slot, "身份证正面.jpg", "front "+p.id.Number, func() []byte {
			return specimen.IDFront(p.demoRow["name"], p.id.Number, p.sexZh(), p.birthZh(), p.demoRow["address"])
		})
	}
	back := func(slot string, p demoPerson) {
		from, until := p.cardDates()
		add(slot, "身份证背面.jpg", "back "+p.demoRow["area"]+from+until, func() []byte { return specimen.IDBack("样本市公安局样本分局", from, until) })
	}
	switch c.row["type"] {
	case "individual":
		front("id_front", c.person)
		back("id_back", c.person)
		c.residence(add)
	case "pension":
		if c.row["until"] != "attest" {
			add("photo", "近照.jpg", "photo "+c.row["key"]+code, func() []byte { return specimen.Photo(c.person.demoRow["key"], code) })
		}
		front("id_front", c.person)
	case "institutional":
		o := c.body
		add("licence", "营业执照.jpg", "licence "+o.code, func() []byte {
			return specimen.Licence(o.demoRow["name"], o.code, o.demoRow["kind"], c.legal.demoRow["name"], dayZh(o.demoRow["founded"]), dayZh(o.until), o.demoRow["address"])
		})
		front("legal_id_front", c.legal)
		back("legal_id_back", c.legal)
		c.papers(add)
	}
	return keys, all
}

type adder = func(slot, name, key string, draw func() []byte)

// residence is the household register, or for the young a record of insurance with a proof of work.
func (c *demoCase) residence(add adder) {
	p := c.person
	if p.demoRow["birth"] < "1965" {
		add("household", "户口本.jpg", "household "+p.id.Number, func() []byte {
			return specimen.Household(p.demoRow["name"], "户主", p.sexZh(), p.birthZh(), p.id.Number, p.demoRow["address"])
		})
		return
	}
	name, number := p.demoRow["name"], p.id.Number
	add("social_record", "社保记录.jpg", "record "+number, func() []byte {
		return specimen.Letter("参保缴费记录", []string{"姓名：" + name, "公民身份号码：" + number, "参保险种：企业职工基本养老保险", "缴费状态：正常", "本页为演示用的样本，不是任何机构出具的证明。"})
	})
	add("work_proof", "工作证明.jpg", "work "+number, func() []byte {
		return specimen.Letter("工作证明", []string{"兹证明 " + name + " 为本单位职工。", "本页为演示用的样本，不是任何单位出具的证明。"})
	})
}

// papers are an institution's authorisation, and its licence to practise medicine where it offers that.
func (c *demoCase) papers(add adder) {
	o, contact := c.body, c.contact
	add("authorization", "授权书.jpg", "authorization "+o.code, func() []byte {
		return specimen.Letter("授权书", []string{"机构名称：" + o.demoRow["name"], "统一社会信用代码：" + o.code, "兹授权 " + contact.demoRow["name"] + " 代表本机构办理机构认证。",
			"法定代表人：" + c.legal.demoRow["name"], "本页为演示用的样本。"})
	})
	if strings.Contains(o.demoRow["scope"], "medical") {
		add("medical_licence", "医疗许可证.jpg", "medical "+o.code, func() []byte {
			return specimen.Letter("医疗机构执业许可证", []string{"机构名称：" + o.demoRow["name"], "诊疗科目：康复医学科", "本页为演示用的样本，不是任何机关出具的证件。"})
		})
	}
}
