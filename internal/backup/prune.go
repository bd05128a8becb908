package backup

// What does not stay: copies of keys after their days, copies of data beyond their number, halves that nobody is writing
// any more, and documents that no copy names.

import (
	"context"
	"errors"
	"path"
	"slices"
	"time"
)

// halfLife is how old half a copy is when nobody can still be writing it.
const halfLife = 24 * time.Hour

// prune removes what is older than before, and what is beyond keep in number; 0 keeps any number. The copy fresh stays.
func prune(ctx context.Context, in Place, kind string, before time.Time, keep int, fresh string) error {
	ids, halves, err := whole(ctx, in, kind)
	if err != nil {
		return err
	}
	var errs []error
	for i, id := range ids {
		if id != fresh && (made(id).Before(before) || keep > 0 && i >= keep) {
			errs = append(errs, drop(ctx, in, kind, id))
		}
	}
	for _, id := range halves {
		if made(fresh).Sub(made(id)) > halfLife {
			errs = append(errs, drop(ctx, in, kind, id))
		}
	}
	if kind == "data" && keep > 0 {
		errs = append(errs, pruneDocuments(ctx, in))
	}
	return errors.Join(errs...)
}

// made is the moment in the name of a copy.
func made(id string) time.Time {
	t, err := time.Parse(idLayout, id[:min(len(id), len(idLayout))])
	if err != nil {
		return time.Time{}
	}
	return t
}

// drop removes a copy, its manifest first, so that what is left counts as nothing.
func drop(ctx context.Context, in Place, kind, id string) error {
	if err := in.Delete(ctx, path.Join(kind, id, manifestName)); err != nil {
		return err
	}
	names, err := in.List(ctx, path.Join(kind, id)+"/")
	if err != nil {
		return err
	}
	for _, n := range names {
		err = errors.Join(err, in.Delete(ctx, n))
	}
	return err
}

// pruneDocuments removes documents that no whole copy names. If one of the copies does not say what it names, all stay.
func pruneDocuments(ctx context.Context, in Place) error {
	ids, _, err := whole(ctx, in, "data")
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, id := range ids {
		m, err := read(ctx, in, "data", id)
		if err != nil {
			return err
		}
		of, err := sums(ctx, in, m)
		if err != nil {
			return err
		}
		for name := range of {
			named[name] = true
		}
	}
	there, err := in.List(ctx, "documents/")
	if err != nil {
		return err
	}
	there = slices.DeleteFunc(there, func(n string) bool { return named[path.Base(n)] })
	for _, n := range there {
		err = errors.Join(err, in.Delete(ctx, n))
	}
	return err
}
