package ui

// Certificate is a certificate as its holder sees it. The form posts shows (full, masked or none).
type Certificate struct {
	Form
	ID           string
	Number       string
	State        string // valid, suspended, revoked, expired, superseded
	Name         string
	Latin        string // empty: none
	IDTail       string // last four of the ID number, on paper only
	Type         string
	Proves       string
	From         string
	Until        string
	Reason       string // why it is suspended or revoked: the holder may read it
	Institution  bool
	Shows        string
	Issuer       string
	VerifyURL    string // the public page, whole
	Public       string // the same, as a path
	QR           string // address of the code as SVG
	QRImage      string // the same as PNG, to save
	Badge        string // address of the badge
	Embed        string // what goes on a web page
	PDF          string
	Plaque       string
	Print        string
	Renew        string // where a renewal is started, by post; empty: not possible
	RenewFrom    string // from when it is possible; empty: now
	Change       string // where a change is started, by post; empty: not possible
	OpenKind     string // a renewal, change or recheck is open; empty: none
	OpenHref     string // where it goes on
	Hearing      string // where its holder is heard before an approval is reversed; empty: no
	HearingUntil string // until when; empty: that is over
	NewNumber    string // superseded: by which
	NewHref      string
}

// Verify asks for a certificate number. It is a reading: a form that gets.
type Verify struct{ Form }

// Public is what anybody may know about a certificate.
type Public struct {
	State       string // valid, suspended, revoked, expired, superseded or unknown
	At          string // when it was looked up
	Asked       string // unknown: what was asked for
	Number      string
	Name        string // as far as the holder allows
	Shown       string // full, masked or none; "number" where a typed number shows no name, "erased" where nobody knows it any more
	Institution bool
	Type        string
	Proves      string
	From        string
	Until       string
	Since       string // since when it is suspended, revoked, expired or superseded
	Issuer      string
	Imported    string // when it was taken over from an earlier register
}
