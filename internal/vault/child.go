package vault

// The child that opens uploads: it reads one file from stdin, answers on stdout and ends. It has no
// network, no files but the compilation cache, and a bounded memory; when it dies, one upload is refused.

import (
	"fmt"
	"os"
	"runtime/debug"

	"github.com/certdesk/certdesk/internal/sandbox"
)

const inspectChild = "inspect"

// Child is the part of the binary that opens uploads; main gives it to sandbox.Reentry.
func Child() sandbox.Child { return sandbox.Child{Name: inspectChild, Main: childMain} }

func childMain() int {
	debug.SetMemoryLimit(childHeap)
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "inspect: serve or warm, and the cache folder")
		return 2
	}
	cache := os.Args[2]
	var err error
	switch os.Args[1] {
	case "warm":
		err = childWarm(cache)
	case "serve":
		err = childServe(cache)
	default:
		err = fmt.Errorf("inspect: %q", os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func childServe(cache string) error {
	up, limits, err := receiveUpload(os.Stdin)
	if err != nil {
		return err
	}
	opened, err := open(up, limits, cache)
	if err != nil {
		code, cause := reasonOf(err)
		return writeHead(os.Stdout, childAnswer{Code: code, Cause: cause})
	}
	return sendInspected(os.Stdout, opened)
}

func childWarm(cache string) error {
	answer := childAnswer{}
	if _, err := openPDF([]byte(warmPDF), DefaultLimits, cache); err != nil {
		answer.Code, answer.Cause = reasonOf(err)
	}
	return writeHead(os.Stdout, answer)
}

// open decides by content what a file is and makes pages of it. A decoder that panics refuses the file.
func open(up Upload, limits Limits, cache string) (out Inspected, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = Inspected{}, fmt.Errorf("panic: %v", p)
		}
	}()
	kind, err := kindOf(up)
	if err != nil {
		return out, err
	}
	if kind == "pdf" {
		return openPDF(up.Data, limits, cache)
	}
	return openPicture(kind, up.Data, limits)
}
