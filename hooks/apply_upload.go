package hooks

// How a file comes in: read as a stream, sealed while it arrives, looked at in its turn, kept with its pages or not at all.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"unicode"
	"unicode/utf8"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/vault"
)

// uploaded is a form with a file, read as a stream: nothing of it is written to disk in clear.
type uploaded struct {
	command.Stored
	fields map[string]string
	key    string
}

var errNoFile = flow.Refuse("upload_none")

// formFields is how many fields a form with a file may have: ours have fewer than ten.
const formFields = 40

// upload reads the form, looks at the file and stores it sealed under key. What is not taken leaves nothing behind.
func (c *call) upload(key string) (u uploaded, err error) {
	for _, name := range []string{"upload_hour", "upload_day"} {
		if err := c.limit(name, c.by.ID); err != nil {
			return u, err
		}
	}
	u.fields = map[string]string{}
	var file vault.Blob
	if file, err = c.parts(&u, key); err == nil {
		u.key, u.Replace = u.fields["key"], u.fields["replace"]
		switch {
		case !c.trusts(u.fields["token"]):
			err = errCrossOrigin
		case file.Name == "":
			err = errNoFile
		default:
			return u, c.s.store(c.ctx(), &u.Stored, key, file)
		}
	}
	if file.Name != "" {
		c.s.Desk.DropBlobs([]string{file.Name})
	}
	return u, err
}

// parts reads the fields of a form into u, and its file into the store.
func (c *call) parts(u *uploaded, key string) (file vault.Blob, err error) {
	r, err := c.e.Request.MultipartReader()
	if err != nil {
		return file, errors.Join(errNoFile, err)
	}
	for range formFields {
		part, err := r.NextPart()
		if err == io.EOF {
			return file, nil
		}
		if err != nil {
			return file, tooBig(err)
		}
		if part.FormName() != "file" {
			raw, err := io.ReadAll(io.LimitReader(part, 4096))
			if err != nil {
				return file, tooBig(err)
			}
			u.fields[part.FormName()] = string(raw)
			continue
		}
		if file.Name != "" { // the form has two inputs, for the camera and for files: the one that was used counts
			continue
		}
		_, params, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		u.Name = fileName(params["filename"])
		if file, err = c.filePart(key, u.Name, part); err != nil {
			return file, err
		}
	}
	return file, flow.Refuse("upload_broken")
}

// filePart seals a file while it comes in, up to the limit, and takes the rest off the line unkept. An input in which no
// file was chosen is no file and no error; a file of no bytes is refused.
func (c *call) filePart(key, name string, part io.Reader) (file vault.Blob, err error) {
	in := &arriving{r: bufio.NewReader(io.LimitReader(part, maxFileMB<<20+1))}
	if _, err := in.r.Peek(1); err == io.EOF {
		if name == "" {
			return file, nil
		}
		return file, &vault.Refusal{Code: "empty"}
	}
	file, err = c.s.Desk.Blobs.Put(c.ctx(), key, in)
	switch {
	case in.err != nil:
		return file, tooBig(in.err)
	case err != nil:
		return file, err
	case file.Size > maxFileMB<<20:
		if _, err := io.Copy(io.Discard, part); err != nil {
			return file, tooBig(err)
		}
		return file, flow.Refuse("upload_too_big", fmt.Sprint(maxFileMB))
	}
	return file, nil
}

// arriving is what comes over the line; it keeps the line's own error apart from the disk's.
type arriving struct {
	r   *bufio.Reader
	err error
}

func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if err != nil && err != io.EOF {
		a.err = err
	}
	return n, err
}

func tooBig(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return flow.Refuse("upload_too_big", fmt.Sprint(maxFileMB))
	}
	return errors.Join(flow.Refuse("upload_broken"), err)
}

// fileName keeps what a person called a file: its last part, at most 100 characters, without those that cannot be seen or
// that turn the others round.
func fileName(raw string) string {
	var out []rune
	for _, r := range raw {
		switch {
		case r == '/' || r == '\\':
			out = out[:0]
		case r != utf8.RuneError && !unicode.In(r, unicode.C, unicode.Zl, unicode.Zp):
			out = append(out, r)
		}
	}
	return string(out[max(0, len(out)-100):])
}

// store looks at a file that lies in the store, and writes its pages beside it, sealed. What is refused is deleted.
func (s *Server) store(ctx ctx, u *command.Stored, key string, file vault.Blob) error {
	seen, err := s.Inspector.InspectFrom(ctx, file.Size, func() ([]byte, error) { return s.read(key, file) }, u.Name)
	if err == nil {
		err = s.pages(ctx, u, key, file, seen)
	}
	if err != nil {
		s.Desk.DropBlobs(append(u.Views, file.Name))
	}
	return err
}

func (s *Server) read(key string, file vault.Blob) ([]byte, error) {
	r, err := s.Desk.Blobs.Open(key, file.Name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out bytes.Buffer
	out.Grow(int(file.Size) + bytes.MinRead)
	_, err = out.ReadFrom(r)
	return out.Bytes(), err
}

// keep seals and writes a file that was looked at, and its pages: all of them, or none.
func (s *Server) keep(ctx ctx, u *command.Stored, key string, data []byte, seen vault.Inspected) (err error) {
	defer func() {
		if err != nil && u.Blob != "" {
			s.Desk.DropBlobs(append(u.Views, u.Blob))
		}
	}()
	file, err := s.Desk.Blobs.Put(ctx, key, bytes.NewReader(data))
	if err != nil {
		return err
	}
	return s.pages(ctx, u, key, file, seen)
}

// pages writes the pages of a file beside it.
func (s *Server) pages(ctx ctx, u *command.Stored, key string, file vault.Blob, seen vault.Inspected) error {
	u.Blob, u.Mark, u.Media, u.Bytes, u.Pages, u.Blur = file.Name, file.PlainSHA256, seen.Media, file.Size, int64(len(seen.Pages)), int64(seen.Sharpness)
	u.Width, u.Height = int64(seen.Pages[0].Width), int64(seen.Pages[0].Height)
	for _, p := range seen.Pages {
		blob, err := s.Desk.Blobs.Put(ctx, key, bytes.NewReader(p.JPEG))
		if err != nil {
			return err
		}
		u.Views = append(u.Views, blob.Name)
	}
	return nil
}

// trusts checks the token of a multipart form, which could not be read before the body.
func (c *call) trusts(token string) bool {
	r := c.e.Request
	return r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "" || token == c.token
}

func isUpload(err error) bool {
	var refused *vault.Refusal
	return errors.As(err, &refused)
}

// uploadTrouble is the sentence for a file that was refused: the reason, and what to do.
func (c *call) uploadTrouble(err error) string {
	var refused *vault.Refusal
	if errors.As(err, &refused) {
		return c.s.UI.Error(c.lang, "upload_"+refused.Code, []string{fmt.Sprint(maxFileMB)})
	}
	return ""
}
