package hooks

import (
	"bytes"
	"html"
	"net/http"
	"strconv"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/credential"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// Certificates: the holder's page, and what anybody may know. All of it is rendered from the row when asked for, so that a
// revocation is seen at once.

// certificate is a certificate as its holder sees it.
func (c *call) certificate(k *records.Certificate) (ui.Certificate, error) {
	name, latin, tail, reason, err := c.s.Desk.CertificateText(k)
	if err != nil {
		return ui.Certificate{}, err
	}
	t, err := c.s.Desk.Type(k.Digest)
	if err != nil {
		return ui.Certificate{}, err
	}
	d, err := c.settings()
	if err != nil {
		return ui.Certificate{}, err
	}
	path := "/v/" + k.Code
	v := ui.Certificate{Form: c.form("/certificates/"+k.ID+"/shows", nil, nil), ID: k.ID, Number: k.Number, State: string(k.State), Name: name, Latin: latin, IDTail: tail,
		Type: t.Name.In(c.lang), Proves: t.Proves.In(c.lang), From: k.ValidFrom, Until: k.ExpiresOn, Reason: reason, Shows: k.Shows, Issuer: d.Name(c.lang),
		VerifyURL: c.s.publicURL() + path, Public: path, QR: path + "/qr.svg", QRImage: path + "/qr.png", Badge: path + "/badge.svg",
		PDF: "/certificates/" + k.ID + "/certificate.pdf", Plaque: "/certificates/" + k.ID + "/plaque.pdf", Print: "/certificates/" + k.ID + "/print"}
	v.Embed = `<a href="` + html.EscapeString(v.VerifyURL) + `"><img src="` + html.EscapeString(v.VerifyURL) + `/badge.svg" alt="` + html.EscapeString(t.Name.In(c.lang)+" "+k.Number) + `" height="96"></a>`
	today := flow.DayOf(c.s.Desk.Now(), c.s.Desk.Zone(d))
	if k.State == flow.Valid || k.State == flow.Expired || k.State == flow.Suspended {
		v.Renew = "/certificates/" + k.ID + "/renew"
		if opens := flow.RenewalOpens(flow.Day(k.ExpiresOn), t.Recheck.RenewDays); today.Before(opens) {
			v.RenewFrom = string(opens)
		}
	}
	if k.State == flow.Valid && flow.RequestableChange(flow.Day(k.ExpiresOn), t.Recheck.RenewDays, today) == nil {
		v.Change = "/certificates/" + k.ID + "/request-change"
	}
	open, err := command.OpenOn(c.s.Desk.App.DB(), k.ID)
	if err != nil {
		return v, err
	}
	if open != nil {
		v.OpenKind, v.OpenHref, v.Renew, v.Change = open.Kind, "/applications/"+open.ID, "", ""
	}
	if k.Hearing != "" {
		app, err := records.Load[*records.Application](c.s.Desk.App.DB(), k.Hearing)
		if err != nil {
			return v, err
		}
		v.Hearing, v.HearingUntil = "/applications/"+app.ID+"/hearing", app.AnswerDue
	}
	if k.SupersededBy != "" {
		if by, err := records.Load[*records.Certificate](c.s.Desk.App.DB(), k.SupersededBy); err == nil {
			v.NewNumber, v.NewHref = by.Number, "/certificates/"+by.ID
		}
	}
	return v, nil
}

func (c *call) ownCertificate() (*records.Certificate, ui.Certificate, error) {
	v, err := command.Look[*records.Certificate](c.ctx(), c.s.Desk, c.by, flow.SeeCertificate, c.id())
	if err != nil {
		return nil, ui.Certificate{}, err
	}
	page, err := c.certificate(v.Row)
	page.Institution = v.Row.HolderRow().Kind == string(sdk.HolderInstitution)
	return v.Row, page, err
}

func certificatePage(c *call) error {
	_, v, err := c.ownCertificate()
	if err != nil {
		return err
	}
	return c.show("certify/certificate", v, back("/me"))
}

func certificatePrint(c *call) error {
	_, v, err := c.ownCertificate()
	if err != nil {
		return err
	}
	return c.show("certify/print", v, back("/certificates/"+v.ID))
}

func certificateShows(c *call) error {
	if _, err := run(c, command.ShowPublicly, c.id(), command.Showing{Shows: c.values()["shows"]}); err != nil {
		return err
	}
	return c.seeOther("/certificates/"+c.id(), "saved")
}

// certificateFile sends the certificate or the plaque as a PDF.
func certificateFile(c *call) error {
	k, v, err := c.ownCertificate()
	if err != nil {
		return err
	}
	render := credential.PDF
	if c.e.Request.PathValue("file") == "plaque.pdf" {
		render = credential.Plaque
	} else if c.e.Request.PathValue("file") != "certificate.pdf" {
		return records.ErrNotFound
	}
	drawn, err := c.drawn(k)
	if err != nil {
		return err
	}
	drawn.Name, drawn.Latin, drawn.IDTail = v.Name, v.Latin, v.IDTail
	pdf, err := render(drawn, c.lang)
	if err != nil {
		return err
	}
	return c.send("application/pdf", "inline; filename="+k.Number+".pdf", pdf)
}

// drawn is what badge, QR and PDF are drawn from, without the holder.
func (c *call) drawn(k *records.Certificate) (credential.Certificate, error) {
	t, err := c.s.Desk.Type(k.Digest)
	if err != nil {
		return credential.Certificate{}, err
	}
	d, err := c.settings()
	if err != nil {
		return credential.Certificate{}, err
	}
	text := func(s sdk.Text) credential.Text { return credential.Text{ZhHans: s.ZhHans, En: s.En} }
	return credential.Certificate{Number: k.Number, Code: k.Code, State: string(k.State), TypeName: text(t.Name), Proves: text(t.Proves),
		Desk: credential.Text{ZhHans: d.NameZh, En: d.Name("en")}, ValidFrom: k.ValidFrom, ExpiresOn: k.ExpiresOn, VerifyURL: c.s.publicURL() + "/v/" + k.Code, Hotline: d.Hotline}, nil
}

func certificateRenew(c *call) error {
	r, err := run(c, command.Renew, c.id(), struct{}{})
	if err != nil {
		return c.openInstead(err, "renewal")
	}
	return c.seeOther("/applications/" + r.Answer["id"] + "/check")
}

// verifyPage finds a certificate by its typed number. A number can be guessed: it shows no name.
func verifyPage(c *call) error {
	number := flow.TypedNumber(c.e.Request.URL.Query().Get("number"))
	if number == "" {
		return c.show("certify/verify", ui.Verify{Form: c.form("/verify", nil, nil)}, back("/"))
	}
	if err := c.limit("verify_ip", c.ip()); err != nil {
		return err
	}
	k, err := records.Find[*records.Certificate](c.s.Desk.App.DB(), dbx.HashExp{"number": number})
	if err != nil {
		if err := c.limit("verify_unknown", c.ip()); err != nil {
			return err
		}
		return c.unknown(number)
	}
	v, err := c.public(k)
	if err != nil {
		return err
	}
	v.Name, v.Shown = "", "number"
	return c.show("certify/public", v)
}

func (c *call) unknown(asked string) error {
	d, err := c.settings()
	if err != nil {
		return err
	}
	if r := []rune(asked); len(r) > 60 {
		asked = string(r[:60])
	}
	return c.showAs(http.StatusNotFound, "certify/public", ui.Public{State: "unknown", Asked: asked, At: c.when(records.Stamp(c.s.Desk.Now())), Issuer: d.Name(c.lang)})
}

// byCode finds the certificate of a public picture.
func (c *call) byCode() (*records.Certificate, error) {
	if err := c.limit("verify_ip", c.ip()); err != nil {
		return nil, err
	}
	return c.certificateByCode()
}

func (c *call) certificateByCode() (*records.Certificate, error) {
	code, ok := flow.ParseCode(c.e.Request.PathValue("code"))
	if !ok {
		return nil, records.ErrNotFound
	}
	return records.Find[*records.Certificate](c.s.Desk.App.DB(), dbx.HashExp{"code": code})
}

// publicPage is asked for by strangers, often many at once: who is not signed in gets it from memory where it is kept.
func publicPage(c *call) error {
	if err := c.limit("verify_ip", c.ip()); err != nil {
		return err
	}
	c.e.Response.Header().Set("X-Robots-Tag", "noindex")
	if c.session != nil || c.e.Request.URL.RawQuery != "" || cookie(c.e.Request, noticeCookie) != "" {
		k, p, err := c.publicOf()
		if err != nil {
			return err
		}
		if k == nil {
			return c.unknown("")
		}
		return c.showPage(http.StatusOK, p)
	}
	name := c.lang + " " + strconv.FormatBool(c.large) + " " + c.e.Request.URL.Path
	kept, drops := c.s.Desk.Page(name)
	if kept == nil {
		k, p, err := c.publicOf()
		if err != nil {
			return err
		}
		if k == nil {
			return c.unknown("")
		}
		p.Chrome.Token = "" // it has no form, and the next browser is another one
		var b bytes.Buffer
		if err := c.s.UI.Render(&b, p); err != nil {
			return err
		}
		kept = b.Bytes()
		c.s.Desk.KeepPage(name, drops, k, kept)
	}
	return c.html(http.StatusOK, kept)
}

// publicOf finds the certificate of a public page and makes the page; no certificate, no error if the code is unknown.
func (c *call) publicOf() (*records.Certificate, ui.Page, error) {
	k, err := c.certificateByCode()
	if err == records.ErrNotFound {
		return nil, ui.Page{}, nil
	}
	if err != nil {
		return nil, ui.Page{}, err
	}
	v, err := c.public(k)
	return k, c.page("certify/public", v), err
}

// public is what anybody may know: what the holder allowed, never a number or a reason.
func (c *call) public(k *records.Certificate) (ui.Public, error) {
	t, err := c.s.Desk.Type(k.Digest)
	if err != nil {
		return ui.Public{}, err
	}
	d, err := c.settings()
	if err != nil {
		return ui.Public{}, err
	}
	v := ui.Public{State: string(k.State), At: c.when(records.Stamp(c.s.Desk.Now())), Number: k.Number, Shown: k.Shows, Type: t.Name.In(c.lang), Proves: t.Proves.In(c.lang),
		From: k.ValidFrom, Until: k.ExpiresOn, Issuer: d.Name(c.lang), Institution: k.HolderRow().Kind == string(sdk.HolderInstitution)}
	if k.Imported != "" {
		v.Imported = c.when(k.Made)
	}
	name, _, _, _, err := c.s.Desk.CertificateText(k)
	if err != nil {
		return v, err
	}
	switch {
	case k.HolderRow().State == flow.Erased:
		v.Shown = "erased"
	case k.Shows == "full":
		v.Name = name
	case k.Shows == "masked":
		v.Name = flow.MaskName(name)
	}
	if k.State != flow.Valid {
		last, err := ledger.Search(c.s.Desk.App.DB(), ledger.Query{Noun: "certificates", Target: k.ID, Limit: 1, Newest: true})
		if err != nil {
			return v, err
		}
		if v.Since = c.when(k.Made); len(last) > 0 { // it came so from an earlier register
			v.Since = c.when(records.Stamp(last[0].At))
		}
	}
	return v, nil
}

// publicImage sends badge or QR. They say the state of now: nobody keeps them.
func publicImage(c *call) error {
	k, err := c.byCode()
	if err != nil {
		return err
	}
	drawn, err := c.drawn(k)
	if err != nil {
		return err
	}
	c.e.Response.Header().Set("Cache-Control", "no-cache")
	c.e.Response.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	small := c.e.Request.URL.Query().Get("size") == "small"
	lang := c.lang
	if l := c.e.Request.URL.Query().Get("lang"); l == "en" || l == "zh-Hans" {
		lang = l
	}
	switch c.e.Request.PathValue("image") {
	case "badge.svg":
		return c.send("image/svg+xml", "inline", credential.Badge(drawn, lang, small))
	case "badge.png":
		png, err := credential.BadgePNG(drawn, lang, 720)
		if err != nil {
			return err
		}
		return c.send("image/png", "inline", png)
	case "qr.svg":
		svg, err := credential.QRSVG(drawn.VerifyURL)
		if err != nil {
			return err
		}
		return c.send("image/svg+xml", "inline", svg)
	case "qr.png":
		png, err := credential.QRPNG(drawn.VerifyURL, 600)
		if err != nil {
			return err
		}
		return c.send("image/png", "inline", png)
	}
	return records.ErrNotFound
}
