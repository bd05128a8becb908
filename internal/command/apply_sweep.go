package command

// The document store against the rows: bytes that no row names are deleted. They are left where the desk died between
// storing a document and entering it, or between entering a removal and deleting.

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
)

const (
	sweepAge    = 24 * time.Hour // what is younger may belong to an upload under way
	sweepAtOnce = 500_000        // rows whose documents' names are held in memory at once
	sweepMost   = 200            // unnamed documents, beside 1 in 100, beyond which it is the rows that are missing
)

// SweepDocuments deletes stored documents that no row names and that are older than a day, and returns how many. Where
// there are so many that the rows must be older than the documents, as after a wrong restore, it deletes none and says so.
func (d *Desk) SweepDocuments(ctx context.Context) (int, error) {
	var rows int
	if err := d.App.DB().Select("COUNT(*)").From("documents").Row(&rows); err != nil {
		return 0, err
	}
	var unnamed []string
	stored, parts := 0, uint64(1+rows/sweepAtOnce)
	for part := range parts {
		named, err := d.named(ctx, func(n uint64) bool { return n%parts == part })
		if err != nil {
			return 0, err
		}
		err = d.Blobs.Names(func(name string, made time.Time) error {
			n := short(name)
			if n%parts != part {
				return ctx.Err()
			}
			stored++
			if _, found := slices.BinarySearch(named, n); !found && time.Since(made) > sweepAge {
				unnamed = append(unnamed, name)
			}
			return ctx.Err()
		})
		if err != nil {
			return 0, err
		}
	}
	if len(unnamed) > sweepMost+stored/100 {
		return 0, fmt.Errorf("no row names %d of %d stored documents: are the data older than the documents? None was deleted", len(unnamed), stored)
	}
	d.DropBlobs(unnamed)
	return len(unnamed), nil
}

// named reads which stored documents the rows name, in order.
func (d *Desk) named(ctx context.Context, mine func(uint64) bool) ([]uint64, error) {
	rows, err := d.App.DB().Select("blob", "views").From("documents").Where(dbx.NewExp("blob<>''")).WithContext(ctx).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var named []uint64
	for rows.Next() {
		var blob, views string
		if err := rows.Scan(&blob, &views); err != nil {
			return nil, err
		}
		for name := range strings.SplitSeq(blob+","+views, ",") {
			if n := short(name); mine(n) {
				named = append(named, n)
			}
		}
	}
	slices.Sort(named)
	return named, rows.Err()
}

// short is half of a name. Names are random: two with the same half would leave one document too many, never too few.
func short(name string) uint64 {
	n, _ := strconv.ParseUint(name[:min(16, len(name))], 16, 64)
	return n
}
