// Package sqlite is how SQL reaches SQLite. A statement is prepared once on each connection and kept, for preparing it
// costs more than running it; and SQL that is written out can be run as it is, without dbx's rewriting.
package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/pocketbase/dbx"
	modernc "modernc.org/sqlite" // the driver that PocketBase uses
)

// Open opens a database whose connections keep up to keep statements each.
func Open(dsn string, keep int) (*dbx.DB, error) {
	c, err := modernc.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return dbx.NewFromDB(sql.OpenDB(connector{c, dsn, keep}), "sqlite"), nil
}

type connector struct {
	driver.Connector
	dsn  string
	keep int
}

// Connect opens one connection.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return newConn(inner, c.dsn, c.keep)
}
