package hooks

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// certificateLine is one certificate as colleagues see it.
type certificateLine struct {
	ID        string `json:"id"`
	Rev       int64  `json:"rev"`
	Number    string `json:"number"`
	State     string `json:"state"`
	Type      string `json:"type"`
	From      string `json:"from"`
	Until     string `json:"until"`
	RecheckOn string `json:"recheckOn"`
	Case      string `json:"case"`
	Code      string `json:"code"`
	Proposed  string `json:"proposed,omitempty"` // the re-check that proposes to suspend it
	Hearing   string `json:"hearing,omitempty"`  // the case whose approval is being reversed
	Imported  bool   `json:"imported,omitempty"` // taken over from an earlier register
}

func certificateOf(r *records.Certificate) certificateLine {
	return certificateLine{r.ID, r.Rev, r.Number, string(r.State), r.Type, r.ValidFrom, r.ExpiresOn, r.RecheckOn, r.Application, r.Code, r.Proposed, r.Hearing, r.Imported != ""}
}

const certificateRows = 200

// certificates lists them by state, the ones that end soonest first; names are not in a list.
func certificates(c *call, _ command.View[*records.Desk]) (any, error) {
	q := c.e.Request.URL.Query()
	where := dbx.HashExp{"state": "valid"}
	var proposed dbx.Expression = dbx.NewExp("")
	if s := q.Get("state"); s == "proposed" {
		proposed = dbx.NewExp("proposed<>''")
	} else if s != "" {
		where["state"] = s
	}
	if t := q.Get("type"); t != "" {
		where["type"] = t
	}
	var rows []records.Certificate
	if err := c.s.Desk.App.DB().Select().From("certificates").Where(dbx.And(where, proposed)).OrderBy("expires_on", "id").Limit(certificateRows).All(&rows); err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, s := range flow.States(flow.NounCertificate) {
		n, err := records.Count(c.s.Desk.App.DB(), "certificates", dbx.HashExp{"state": string(s)})
		if err != nil {
			return nil, err
		}
		counts[string(s)] = n
	}
	n, err := records.Count(c.s.Desk.App.DB(), "certificates", dbx.NewExp("state='valid' AND proposed<>''"))
	if err != nil {
		return nil, err
	}
	counts["proposed"] = n
	list := []certificateLine{}
	for i := range rows {
		list = append(list, certificateOf(&rows[i]))
	}
	types, err := c.typeNames()
	return map[string]any{"rows": list, "counts": counts, "types": types}, err
}

// certificateShown shows one certificate with its holder's name and its history.
func certificateShown(c *call, v command.View[*records.Certificate]) (any, error) {
	name, latin, _, reason, err := c.s.Desk.CertificateText(v.Row)
	if err != nil {
		return nil, err
	}
	entries, err := ledger.Search(c.s.Desk.App.DB(), ledger.Query{Noun: "certificates", Target: v.Row.ID, Limit: 100, Newest: true})
	if err != nil {
		return nil, err
	}
	history := []historyLine{}
	for _, e := range entries {
		history = append(history, historyLine{records.Stamp(e.At), e.Act, c.s.actorName(e.Actor), e.From, e.To, c.s.Desk.Said(e), e.Seq})
	}
	may := map[string]bool{}
	for _, a := range []flow.Act{flow.Suspend, flow.KeepValid, flow.Reinstate, flow.Revoke} {
		may[string(a)] = c.s.Desk.May(v.By, v.Row, a) && v.Row.Hearing == "" // it ends by what is decided on the case
	}
	may[string(flow.KeepValid)] = may[string(flow.KeepValid)] && v.Row.Proposed != ""
	return map[string]any{"certificate": certificateOf(v.Row), "name": name, "latin": latin, "reason": reason, "history": history, "may": may,
		"page": c.s.publicURL() + "/v/" + v.Row.Code}, nil
}
