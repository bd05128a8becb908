package command_test

import (
	"sync"
	"testing"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/records"
)

// What is kept in memory is what the last act left, also while others read, and nobody's change of a copy reaches it.
func TestSettingsAreThoseOfTheLastAct(t *testing.T) {
	w := open(t)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					w.Desk.Desk.Settings()
				}
			}
		})
	}
	for i := range int64(30) {
		in := w.settings()
		in.TakeBackMinutes = i % 10
		must(w, command.Of(w.manager), command.Adjust, records.DeskID, in)
		for range 2 {
			d, err := w.Desk.Desk.Settings()
			if err != nil || d.TakeBackMinutes != i%10 {
				t.Fatalf("after act %d: %d minutes, %v", i, d.TakeBackMinutes, err)
			}
			d.TakeBackMinutes = 99
		}
	}
	close(stop)
	readers.Wait()
}

// An act that fails leaves what is kept as it was, and a digest that nobody knows stays unknown.
func TestSettingsOutliveARefusal(t *testing.T) {
	w := open(t)
	before, err := w.Desk.Desk.Settings()
	if err != nil {
		t.Fatal(err)
	}
	in := w.settings()
	in.NameZh = "别的名字"
	if err := try(w, command.Of(w.chen), command.Adjust, records.DeskID, in); err == nil {
		t.Fatal("a reviewer changed the settings")
	}
	after, err := w.Desk.Desk.Settings()
	if err != nil || after.NameZh != before.NameZh {
		t.Fatalf("%q, want %q: %v", after.NameZh, before.NameZh, err)
	}
	for range 2 {
		if _, err := w.Desk.Desk.Type("nobody"); err != records.ErrNotFound {
			t.Fatalf("an unknown digest: %v", err)
		}
	}
}
