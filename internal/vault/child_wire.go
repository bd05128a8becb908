package vault

// How host and child talk: a head in JSON behind its length, then plain bytes. Every length is bounded
// before anything is allocated for it.

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

const maxHead = 64 << 10

// childJob is the head of a file on its way to the child.
type childJob struct {
	Name   string
	Size   int64
	Limits Limits
}

// childAnswer is the head of what the child found; the pages follow in order.
type childAnswer struct {
	Code, Cause string // set if the file is refused; then nothing else is
	Media       string
	Sharpness   int
	PHash       uint64
	Pages       []int // bytes of each page
}

func writeHead(w io.Writer, head any) error {
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if len(text) > maxHead {
		return fmt.Errorf("head of %d bytes", len(text))
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...))
	return err
}

func readHead(r io.Reader, head any) error {
	var size uint32
	if err := binary.Read(r, binary.BigEndian, &size); err != nil {
		return fmt.Errorf("head: %w", err)
	}
	if size > maxHead {
		return fmt.Errorf("head of %d bytes", size)
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(r, text); err != nil {
		return fmt.Errorf("head: %w", err)
	}
	return json.Unmarshal(text, head)
}

func sendUpload(w io.Writer, name string, size int64, file io.Reader, limits Limits) error {
	name = name[max(0, len(name)-255):] // only its end matters
	if err := writeHead(w, childJob{Name: name, Size: size, Limits: limits}); err != nil {
		return err
	}
	_, err := io.CopyN(w, file, size)
	return err
}

func receiveUpload(r io.Reader) (Upload, Limits, error) {
	var job childJob
	if err := readHead(r, &job); err != nil {
		return Upload{}, Limits{}, err
	}
	if job.Size < 0 || job.Size > job.Limits.MaxBytes {
		return Upload{}, Limits{}, fmt.Errorf("file of %d bytes", job.Size)
	}
	up := Upload{Name: job.Name, Data: make([]byte, job.Size)}
	_, err := io.ReadFull(r, up.Data)
	return up, job.Limits, err
}

func sendInspected(w io.Writer, in Inspected) error {
	answer := childAnswer{Media: in.Media, Sharpness: in.Sharpness, PHash: in.PHash}
	for _, p := range in.Pages {
		answer.Pages = append(answer.Pages, len(p.JPEG))
	}
	if err := writeHead(w, answer); err != nil {
		return err
	}
	for _, p := range in.Pages {
		if _, err := w.Write(p.JPEG); err != nil {
			return err
		}
	}
	return nil
}
