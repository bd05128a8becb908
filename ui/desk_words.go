package ui

import (
	"encoding/json"
	"fmt"
	"sync"
)

// DeskWords returns how the desk says a key in a language: the words that its pages have, for the files that leave it. An
// unknown key says itself.
func DeskWords(lang string) func(key string) string {
	all, err := deskWordsRead()
	words := all[lang]
	if err != nil || words == nil {
		words = all[Languages[0]]
	}
	return func(key string) string {
		if s, ok := words[key]; ok {
			return s
		}
		return key
	}
}

var deskWordsRead = sync.OnceValues(func() (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for _, lang := range Languages {
		raw, err := deskFiles.ReadFile("locales/desk." + lang + ".json")
		if err != nil {
			return all, err
		}
		var words map[string]string
		if err := json.Unmarshal(raw, &words); err != nil {
			return all, fmt.Errorf("desk.%s.json: %w", lang, err)
		}
		all[lang] = words
	}
	return all, nil
})
