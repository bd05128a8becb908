package ui

// Changes asks what has changed since a certificate was made. Posts changes, once for each.
type Changes struct {
	Form
	Case
	Field   Field
	Number  string // of the certificate, which holds on meanwhile
	Until   string
	Step    int
	Of      int
	Percent int
	Later   string
	Discard string
}
