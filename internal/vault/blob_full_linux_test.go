package vault

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// fullDisk is a store on the system's device that has no room.
type fullDisk struct{}

func (fullDisk) Put(_ context.Context, _ string, r io.Reader) error {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(f, r)
	return err
}
func (fullDisk) Open(string) (io.ReadCloser, error)               { return nil, os.ErrNotExist }
func (fullDisk) Delete(string) error                              { return nil }
func (fullDisk) Names(func(name string, t time.Time) error) error { return nil }

func TestBlobDiskFull(t *testing.T) {
	v, _, _ := store(t)
	_, err := v.BlobsIn(fullDisk{}).Put(context.Background(), "case:a", strings.NewReader("x"))
	wants(t, err, ErrDiskFull)
}
