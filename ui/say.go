package ui

// Date says a day ("2026-11-23") as people of that language do.
func (u *UI) Date(lang, day string) string {
	t := u.texts[lang]
	if t == nil {
		t = u.texts[Languages[0]]
	}
	return t.date(day)
}
