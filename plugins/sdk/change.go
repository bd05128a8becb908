package sdk

// Change is something that can change while a certificate holds: what the holder ticks, and what is then asked anew. What no
// ticked change names is kept as it was certified.
type Change struct {
	ID    string   `json:"id"`
	Text  Text     `json:"text"` // "身份证换了新的"
	Hint  Text     `json:"hint"`
	Pages []string `json:"pages,omitempty"` // asked anew
	Slots []string `json:"slots,omitempty"` // to be sent anew
}
