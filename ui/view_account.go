package ui

// What the pages of account show.

// SignIn is a form with one contact, and for a password the password: phone, email, password, register, reset, acting.
// Posts contact, and password where the page asks for it; to where it goes on is posted as next.
type SignIn struct {
	Form
	SMS  bool   // codes by SMS are offered
	Mail bool   // codes by mail are offered
	Next string // local address to go to afterwards
}

// Code asks for a code. Posts code, own (this is my own device) and next.
type Code struct {
	Form
	Purpose string // sign_in, confirm, contact, withdraw
	Channel string // sms or mail
	Contact string // masked
	Again   string // where a new code is asked for, by post
	Change  string // where another contact is given
	Other   string // sign_in: the other way; empty: none
	Minutes int    // how long the code is good
	Trouble bool   // messages cannot be handed on at the moment
	Own     bool   // offers to stay signed in on one's own device
	Next    string
}

// Identify asks a browser that the account was never signed in on for the ID number of one of its holders, and does not say who
// they are: the phone number may have passed to somebody else. Posts id_number.
type Identify struct {
	Form
}

// NewPassword sets a password. With Contact (a reset) it also asks for the code that was sent there; with Change for the
// old password. Posts code, old, password.
type NewPassword struct {
	Form
	Channel string // sms or mail
	Contact string // masked
	Trouble bool   // messages cannot be handed on at the moment
	Again   string // where a new code is asked for, by post of contact
	To      string // what this browser gave as contact
	Old     bool   // the account has a password, which is asked for
}

// Privacy is the privacy notice of the desk.
type Privacy struct {
	Version string
	Since   string
}

// Consent asks for what has to be agreed to. Posts privacy=yes, identity=yes.
type Consent struct {
	Form
	Version  string
	Privacy  bool // still to be agreed to
	Identity bool // still to be agreed to
	Next     string
}

// Me is the applicant's own page.
type Me struct {
	Todo         []Todo
	Applications []CaseLine
	Certificates []CertificateLine
	Holders      int // for how many one may act
}

// Todo is something that waits for the applicant.
type Todo struct {
	What string // draft, awaiting_applicant, renew, consent, agree, sanction, recovery
	Name string // what it is about
	By   string // until when; empty: no date
	Href string
	Drop string // draft: address of the page that asks whether to delete it
}

// Recovery says that somebody came to the desk for this account, and when it will be theirs. Posts that it must not be.
type Recovery struct {
	Form
	Name  string // the holder
	Other bool   // another person of the institution, not the same one
	At    string
	Due   string // the day on which it counts
}

// CaseLine is one application in a list.
type CaseLine struct {
	Case
	State string
	Since string
	Href  string
}

// CertificateLine is one certificate in a list.
type CertificateLine struct {
	Number string
	Type   string
	Holder string
	State  string
	Until  string
	Href   string
}

// Account is what the account holds and how it wants to be told. Its forms are many: each error belongs to the form whose
// field it names. Preferences post channel and lang.
type Account struct {
	Form            // the preferences
	Email    string // masked; empty: none
	EmailOK  bool
	Phone    string
	PhoneOK  bool
	Channel  string // sms or mail
	Language string // in which messages are written
	Password bool   // there is one
	SMS      bool   // the desk can send SMS
	Devices  []Device
	Holders  []HolderLine
	Consents []ConsentLine
	SignOut  string // posts: this browser, and with all=yes every one
}

// Device is a browser that is signed in.
type Device struct {
	Here bool
	How  string // password, mail_code, sms_code
	Seen string
}

// HolderLine is a holder that the account acts for.
type HolderLine struct {
	ID          string
	Name        string
	Own         bool
	Institution bool
	State       string // pending, active, withdrawn
	How         string // self, code, sheet
	Since       string
	Owner       bool // of the institution: may change its members
}

// ConsentLine is a consent on record.
type ConsentLine struct {
	Kind      string // privacy or identity
	Version   string
	At        string
	Withdrawn string
	Withdraw  string // where its withdrawal is posted; empty: cannot be
}

// Contact asks for a new e-mail or phone. Posts contact.
type Contact struct {
	Form
	Channel string // mail or sms
	Old     string // masked; empty: none yet
}

// HolderKinds asks for whom: oneself, somebody else, an institution.
type HolderKinds struct {
	Own  bool   // there is a holder for oneself already
	Type string // type that was chosen before; empty: none
}

// HolderForm makes a holder. Posts name, for somebody else also relation (kept on the device only: it is not stored), for
// an institution also role. Type goes along.
type HolderForm struct {
	Form
	Type string
}

// OwnData offers somebody what the desk holds on them. It asks for a new sign-in if the last was long ago.
type OwnData struct {
	Form
	Fresh  bool
	SignIn string
}

// HolderConsent asks a holder's consent: by a code to their own phone, or by a photographed sheet. The first form posts
// phone; Upload posts file.
type HolderConsent struct {
	Form
	ID     string
	Name   string
	Sent   bool   // a code was sent: asks for it; posts code
	Phone  string // masked, where it was sent
	Again  string
	SMS    bool   // codes by SMS are offered
	Upload string // where the sheet is posted to
	Sheet  string // address of the sheet to print
	Have   bool   // a sheet was uploaded and waits to be looked at
	MaxMB  int
}

// Sheet is the sheet of consent, for printing.
type Sheet struct {
	Holder  string
	Helper  string // who is to act: the contact of the account
	Ref     string
	Version string
}

// Members lists who acts for an institution. The form posts channel, contact, role.
type Members struct {
	Form
	ID      string
	Name    string
	Members []Member
	SMS     bool
}

// Member is one of them.
type Member struct {
	ID     string
	Name   string // masked contact
	Role   string // owner or clerk
	You    bool
	Remove string // where the removal is posted; empty: cannot be
}

// Acting shows a holder, who proved their phone, who acts for them.
type Acting struct {
	Holder string
	By     []Helper
}

// Helper is somebody who acts for a holder.
type Helper struct {
	Name  string
	Since string
	End   string // where the end is posted
}

// Setup is the first run. Its first page posts code; the second posts manager email password name_zh name_en zone lang
// public_url hotline hours_zh hours_en free mail_host mail_port mail_security mail_user mail_password mail_from sms_url
// sms_secret, and with test=mail or test=sms (to test_to) tries without opening the desk.
type Setup struct {
	Form
	Zones    []Option
	MailDone string // what came of the test: sent, or a sentence about why not; empty: not tried
	MailOK   bool
	SMSDone  string
	SMSOK    bool
}
