package backup_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/command"
)

// service is a small S3 service: objects, lists in pages of two, uploads in parts, and no answer to a stranger.
type service struct {
	mu      sync.Mutex
	objects map[string][]byte
	parts   map[string]map[string][]byte
	uploads int
}

// realS3 is the URL of a service that is no stand-in, with an empty bucket "copies" and somebody:secret (make s3-test).
var realS3 = flag.String("s3", "", "URL of an S3 service instead of the small one of these tests")

func serveS3(t *testing.T) (*service, string) {
	if *realS3 != "" {
		return nil, *realS3
	}
	s := &service{objects: map[string][]byte{}, parts: map[string]map[string][]byte{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, server.URL
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, q := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/copies"), "/"), r.URL.Query()
	body, _ := io.ReadAll(r.Body)
	id := q.Get("uploadId")
	switch {
	case !strings.Contains(r.Header.Get("Authorization"), "Credential=somebody/"):
		s.fault(w, http.StatusForbidden, "AccessDenied")
	case r.Method == http.MethodGet && q.Has("list-type"):
		s.list(w, q.Get("prefix"), q.Get("continuation-token"))
	case r.Method == http.MethodPost && q.Has("uploads"):
		s.uploads++
		id = fmt.Sprint("upload", s.uploads)
		s.parts[id] = map[string][]byte{}
		fmt.Fprintf(w, "<InitiateMultipartUploadResult><Bucket>copies</Bucket><Key>%s</Key><UploadId>%s</UploadId></InitiateMultipartUploadResult>", key, id)
	case r.Method == http.MethodPut && id != "":
		s.parts[id][fmt.Sprintf("%05s", q.Get("partNumber"))] = body
		w.Header().Set("ETag", `"part"`)
	case r.Method == http.MethodPost && id != "":
		s.objects[key] = joined(s.parts[id])
		delete(s.parts, id)
		fmt.Fprint(w, "<CompleteMultipartUploadResult/>")
	case r.Method == http.MethodDelete && id != "":
		delete(s.parts, id)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPut:
		s.objects[key] = body
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		object, ok := s.objects[key]
		if !ok {
			s.fault(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		http.ServeContent(w, r, "", testTime, bytes.NewReader(object))
	}
}

func (s *service) fault(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}

func joined(parts map[string][]byte) (whole []byte) {
	var names []string
	for n := range parts {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		whole = append(whole, parts[n]...)
	}
	return whole
}

func (s *service) list(w http.ResponseWriter, prefix, after string) {
	type entry struct{ Key, LastModified, ETag string }
	var out struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		Contents              []entry
		IsTruncated           bool
		NextContinuationToken string
	}
	var keys []string
	for k := range s.objects {
		if strings.HasPrefix(k, prefix) && k > after {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	const page = 2
	if out.IsTruncated = len(keys) > page; out.IsTruncated {
		keys = keys[:page]
		out.NextContinuationToken = keys[page-1]
	}
	for _, k := range keys {
		out.Contents = append(out.Contents, entry{k, testTime.Format("2006-01-02T15:04:05.000Z"), `"x"`})
	}
	xml.NewEncoder(w).Encode(out)
}

func (h *home) toS3(t *testing.T, url string) {
	for place, name := range map[*backup.Place]string{&h.copies.Data: "data", &h.copies.Keys: "deep/keys"} {
		p, err := backup.OpenPlace("s3://copies/"+name+"?style=path&endpoint="+url, "somebody:secret")
		if err != nil {
			t.Fatal(err)
		}
		*place = p
	}
}

// TestS3 makes, tries, restores and prunes copies in buckets, one document being large enough to go in parts.
func TestS3(t *testing.T) {
	s, url := serveS3(t)
	h := open(t)
	h.toS3(t, url)
	h.copies.Keep = 1
	large := h.another(strings.Repeat("0123456789abcdef", 13<<20/16))
	first := h.make()
	if s != nil && s.uploads == 0 {
		t.Error("nothing went in parts: the test does not reach what it is for")
	}
	trial, err := h.desk.Try(h.ctx, h.copies)
	if err != nil || !trial.OK || trial.Opened < 3 {
		t.Fatalf("trial %+v: %v", trial, err)
	}
	second := h.make()
	if _, err := (backup.Restore{Data: h.copies.Data, Keys: h.copies.Keys, ID: first.ID, Dir: t.TempDir() + "/d", KeysDir: t.TempDir() + "/k"}).Run(h.ctx); !is(err, backup.ErrHalf) {
		t.Errorf("the pruned copy: %v", err)
	}
	r := h.back()
	done, err := r.Run(h.ctx)
	if err != nil || done.ID != second.ID {
		t.Fatalf("restore %s: %v", done.ID, err)
	}
	h.reads(r, large)
	kept, err := h.copies.Data.List(h.ctx, "data")
	if err != nil || len(kept) < 2 {
		t.Errorf("kept: %v, %v", kept, err)
	}
	for _, key := range kept {
		if strings.Contains(key, first.ID) {
			t.Errorf("%s is still there", key)
		}
	}
}

// TestS3Stranger is told no by the service, and says so.
func TestS3Stranger(t *testing.T) {
	_, url := serveS3(t)
	h := open(t)
	p, err := backup.OpenPlace("s3://copies/data?style=path&endpoint="+url, "stranger:secret")
	if err != nil {
		t.Fatal(err)
	}
	h.copies.Data = p
	if _, err := h.desk.Make(h.ctx, h.copies); err == nil || !strings.Contains(err.Error(), "s3://copies/data") || strings.ContainsAny(err.Error(), "<\n") || strings.Contains(err.Error(), "secret") {
		t.Errorf("a stranger's copy: %v", err)
	}
}

func (h *home) another(text string) string {
	app := h.application()
	return h.document(command.Account(app.Applicant), app.ID, "id_back", text)
}
