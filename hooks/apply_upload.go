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

// formField is how many bytes of one field are taken: much more than any may have, so that what is too long is told so.
const formField = 256 << 10

// upload reads the form, looks at the file and stores it sealed under key. What is not taken leaves nothing behind.
func (c *call) upload(key string) (u uploaded, err error) {
	if err := c.countUpload(); err != nil {
		return u, err
	}
	in, err := c.receive(key, 1)
	u.fields, u.key = in.fields, in.key()
	if err == nil && len(in.files) == 0 {
		err = errNoFile
	}
	if err == nil {
		err = c.s.storeAll(c.ctx(), key, &in)
	}
	if err == nil {
		u.Stored = in.stored[0]
	}
	u.Replace = in.fields["replace"]
	return u, err
}

// countUpload counts one more file of this person.
func (c *call) countUpload() error {
	for _, name := range []string{"upload_hour", "upload_day"} {
		if err := c.limit(name, c.by.ID); err != nil {
			return err
		}
	}
	return nil
}

// received is a form as it came in: its fields, its files sealed in the store, and those that were looked at since.
type received struct {
	fields map[string]string
	files  []receivedFile
	stored []command.Stored
}

type receivedFile struct {
	vault.Blob
	called string
}

// key is the idempotency key of the form.
func (in *received) key() string {
	key := in.fields["key"]
	return key[:min(len(key), formKey)]
}

// receive reads a form with at most so many files; further ones are passed over. An error leaves nothing in the store.
func (c *call) receive(key string, most int) (in received, err error) {
	in.fields = map[string]string{}
	if err = c.parts(&in, key, most); err == nil && !c.trusts(in.fields["token"]) {
		err = errCrossOrigin
	}
	if err != nil {
		c.s.drop(&in)
	}
	return in, err
}

// drop deletes what came with a form.
func (s *Server) drop(in *received) {
	var names []string
	for _, f := range in.files {
		names = append(names, f.Name)
	}
	for _, u := range in.stored {
		names = append(names, append(u.Views, u.Blob)...)
	}
	in.files, in.stored = nil, nil
	if len(names) > 0 {
		s.Desk.DropBlobs(names)
	}
}

// storeAll looks at every file of a form and writes its pages beside it: all of them are taken, or none.
func (s *Server) storeAll(ctx ctx, key string, in *received) error {
	for len(in.files) > 0 {
		u, file := command.Stored{Name: in.files[0].called}, in.files[0].Blob
		in.files = in.files[1:]
		if err := s.store(ctx, &u, key, file); err != nil {
			s.drop(in)
			return err
		}
		in.stored = append(in.stored, u)
	}
	return nil
}

// parts reads the fields and files of a form.
func (c *call) parts(in *received, key string, most int) error {
	r, err := c.e.Request.MultipartReader()
	if err != nil {
		return errors.Join(errNoFile, err)
	}
	for range formFields {
		part, err := r.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return tooBig(err)
		}
		if part.FormName() != "file" {
			raw, err := io.ReadAll(io.LimitReader(part, formField))
			if err != nil {
				return tooBig(err)
			}
			in.fields[part.FormName()] = string(raw)
			continue
		}
		if len(in.files) == most { // a form for one file has two inputs, for the camera and for files: the one that was used counts
			continue
		}
		_, params, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		name := fileName(params["filename"])
		file, err := c.filePart(key, name, part)
		if file.Name != "" {
			in.files = append(in.files, receivedFile{file, name})
		}
		if err != nil {
			return err
		}
	}
	return flow.Refuse("upload_broken")
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
	seen, err := s.Inspector.InspectFrom(ctx, file.Size, func() (io.ReadCloser, error) { return s.Desk.Blobs.Open(key, file.Name) }, u.Name)
	if err == nil {
		err = s.pages(ctx, u, key, file, seen)
	}
	if err != nil {
		s.Desk.DropBlobs(append(u.Views, file.Name))
	}
	return err
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
	return r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "" || token == c.token()
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
