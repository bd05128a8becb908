-- The ledger in data.db. Entries, hashes and checkpoints are only ever added; of an entry only payload and salt may be emptied.
CREATE TABLE IF NOT EXISTS ledger_entries (
  seq     INTEGER PRIMARY KEY,        -- 1, 2, 3 … without gaps
  at      TEXT NOT NULL,
  actor   TEXT NOT NULL,
  role    TEXT NOT NULL,
  act     TEXT NOT NULL,
  noun    TEXT NOT NULL,
  target  TEXT NOT NULL,
  key     TEXT NOT NULL,              -- idempotency key, '' if none
  data    BLOB NOT NULL,              -- the canonical JSON that is hashed; the columns above repeat parts of it
  payload TEXT NOT NULL,              -- sealed personal part, '' if none or erased
  salt    TEXT NOT NULL               -- of the payload's commitment, erased with it
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS ledger_entries_key ON ledger_entries (actor, key) WHERE key <> '';
CREATE INDEX IF NOT EXISTS ledger_entries_target ON ledger_entries (noun, target);
CREATE INDEX IF NOT EXISTS ledger_entries_actor ON ledger_entries (actor);
CREATE INDEX IF NOT EXISTS ledger_entries_act ON ledger_entries (act);
CREATE INDEX IF NOT EXISTS ledger_entries_at ON ledger_entries (at);

CREATE TABLE IF NOT EXISTS ledger_hashes (
  id INTEGER PRIMARY KEY,             -- 0, 1, 2 …: tlog's stored hash index
  h  BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS ledger_rows (
  noun   TEXT NOT NULL,
  id     TEXT NOT NULL,
  digest TEXT NOT NULL,               -- the last one that an entry named for this row
  seq    INTEGER NOT NULL,            -- that entry
  gone   INTEGER NOT NULL,            -- 1 if that entry says the row is deleted
  PRIMARY KEY (noun, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS checkpoints (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL,
  made TEXT NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS ledger_entries_insert BEFORE INSERT ON ledger_entries
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger_entries)
  OR (NEW.key <> '' AND EXISTS (SELECT 1 FROM ledger_entries WHERE actor = NEW.actor AND key = NEW.key AND key <> ''))
BEGIN SELECT raise(ABORT, 'ledger: entries are only added at the end, one for each key'); END;

CREATE TRIGGER IF NOT EXISTS ledger_entries_update BEFORE UPDATE ON ledger_entries
WHEN NEW.seq <> OLD.seq OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor OR NEW.role <> OLD.role OR NEW.act <> OLD.act
  OR NEW.noun <> OLD.noun OR NEW.target <> OLD.target OR NEW.key <> OLD.key OR NEW.data <> OLD.data
  OR NEW.payload NOT IN ('', OLD.payload) OR NEW.salt NOT IN ('', OLD.salt)
BEGIN SELECT raise(ABORT, 'ledger: of an entry only payload and salt can be emptied'); END;

CREATE TRIGGER IF NOT EXISTS ledger_entries_delete BEFORE DELETE ON ledger_entries
BEGIN SELECT raise(ABORT, 'ledger: entries stay'); END;

CREATE TRIGGER IF NOT EXISTS ledger_hashes_insert BEFORE INSERT ON ledger_hashes
WHEN NEW.id <> (SELECT coalesce(max(id), -1) + 1 FROM ledger_hashes)
BEGIN SELECT raise(ABORT, 'ledger: hashes are only added at the end'); END;

CREATE TRIGGER IF NOT EXISTS ledger_hashes_update BEFORE UPDATE ON ledger_hashes
BEGIN SELECT raise(ABORT, 'ledger: hashes stay'); END;

CREATE TRIGGER IF NOT EXISTS ledger_hashes_delete BEFORE DELETE ON ledger_hashes
BEGIN SELECT raise(ABORT, 'ledger: hashes stay'); END;

CREATE TRIGGER IF NOT EXISTS checkpoints_insert BEFORE INSERT ON checkpoints
WHEN EXISTS (SELECT 1 FROM checkpoints WHERE size >= NEW.size)
BEGIN SELECT raise(ABORT, 'ledger: checkpoints are only added at the end'); END;

CREATE TRIGGER IF NOT EXISTS checkpoints_update BEFORE UPDATE ON checkpoints
BEGIN SELECT raise(ABORT, 'ledger: checkpoints stay'); END;

CREATE TRIGGER IF NOT EXISTS checkpoints_delete BEFORE DELETE ON checkpoints
BEGIN SELECT raise(ABORT, 'ledger: checkpoints stay'); END;
