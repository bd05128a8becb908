package testkit

// Whether what a desk holds fits together: the record, rows, keys and documents.

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Whole says what does not fit together in a desk: the record against the rows, rows whose key or document is missing,
// sealed texts that do not open, those apart that were emptied by an erasure. Documents that no row names are no fault: the sweep deletes them.
func Whole(ctx context.Context, d *command.Desk) error {
	report, err := d.Verify(ctx)
	if err == nil && !report.OK() {
		err = fmt.Errorf("the record does not verify: %+v", report.Findings)
	}
	return errors.Join(err, opened(d, func(app *records.Application) error {
		if app.ErasedAt != "" {
			return nil
		}
		_, err := d.Answers(app)
		return err
	}), opened(d, func(h *records.Holder) error {
		if h.State == flow.Erased {
			return nil
		}
		_, err := d.HolderName(h)
		return err
	}), opened(d, func(c *records.Certificate) error {
		if c.Name == "" { // erased
			return nil
		}
		_, _, _, _, err := d.CertificateText(c)
		return err
	}), opened(d, func(m *records.Message) error {
		if m.Words == "" { // erased
			return nil
		}
		_, _, err := d.MessageWords(m)
		return err
	}), opened(d, func(doc *records.Document) error { return readable(d, doc) }), keyed(d))
}

func opened[R records.Row](d *command.Desk, open func(R) error) error {
	rows, err := records.All[R](d.App.DB(), nil)
	for _, row := range rows {
		if e := open(row); e != nil {
			err = errors.Join(err, fmt.Errorf("%s %s: %w", row.Table(), row.Header().ID, e))
		}
	}
	return err
}

// keyed finds cases and holders without a key, also those with nothing sealed in them yet; what was erased has none.
func keyed(d *command.Desk) error {
	var names []string
	for _, q := range []string{"SELECT 'case-'||id FROM applications WHERE erased_at=''", "SELECT 'holder-'||id FROM holders WHERE state<>'erased'"} {
		var some []string
		if err := d.App.DB().NewQuery(q).Column(&some); err != nil {
			return err
		}
		names = append(names, some...)
	}
	for _, name := range names {
		if has, err := d.Vault.HasKey(name); err != nil || !has {
			return errors.Join(fmt.Errorf("no key %s", name), err)
		}
	}
	return nil
}

func readable(d *command.Desk, doc *records.Document) error {
	if doc.State != "kept" {
		return nil
	}
	for _, name := range append(records.List(doc.Views), doc.Blob) {
		r, err := d.Blobs.Open(doc.Key(), name)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r)
		if err := errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}
