-- SPDX-License-Identifier: GPL-3.0-or-later
-- Headquarters: its keys, the laptops it knows, what came from them, and what was sent. Empty on a laptop. Records
-- themselves are kept in the same tables as on a laptop; what is said here is where each came from.

CREATE TABLE hq_key (
  use    TEXT PRIMARY KEY CHECK (use IN ('root', 'sign', 'box')),
  secret BLOB NOT NULL                   -- minisign secret of 72 bytes, or age identity of 32
) WITHOUT ROWID;

CREATE TABLE hq_device (
  device        TEXT PRIMARY KEY,        -- eight characters of the hash of its signing key
  sign_key      TEXT NOT NULL UNIQUE,    -- minisign, "RW…"
  box_key       TEXT NOT NULL,           -- "age1…"
  label         TEXT NOT NULL DEFAULT '',
  state         TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
  approved_us   INTEGER NOT NULL,        -- UTC: when its digits were typed
  revoked_us    INTEGER,
  heard_us      INTEGER,                 -- UTC: when the newest bundle of it was taken in
  seen_trust    INTEGER NOT NULL DEFAULT 0,  -- highest counters of ours that it said to hold
  seen_receipt  INTEGER NOT NULL DEFAULT 0,
  seen_dispatch INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Every bundle of a known laptop whose manifest could be read. Two rows of one place in a chain are a fork: both count.
CREATE TABLE hq_bundle (
  row                INTEGER PRIMARY KEY AUTOINCREMENT,
  device             TEXT NOT NULL REFERENCES hq_device (device),
  name               TEXT NOT NULL,
  chain              TEXT NOT NULL,
  chain_no           INTEGER NOT NULL,
  seq                INTEGER NOT NULL,
  b2                 TEXT NOT NULL,      -- BLAKE2b-512 of the .age
  prev               TEXT,
  size               INTEGER NOT NULL,
  status             TEXT NOT NULL CHECK (status IN ('accepted', 'partial', 'quarantined')),
  n_records          INTEGER NOT NULL,   -- records of it that are kept
  created            TEXT,               -- as the laptop says, RFC 3339
  log_seq            INTEGER NOT NULL,   -- newest line of the laptop's log, and its hash
  log_hash           TEXT,
  received_us        INTEGER NOT NULL,   -- UTC
  told               INTEGER,            -- counter of the first receipt that lists it
  manifest           BLOB NOT NULL,      -- with its signature: the proof of who wrote each record
  manifest_signature BLOB NOT NULL,
  UNIQUE (device, chain, seq, b2)
);

CREATE INDEX hq_bundle_by_b2 ON hq_bundle (b2);

-- Where a record came from. One that came in several bundles counts for the first of them.
CREATE TABLE hq_record (
  record      TEXT PRIMARY KEY REFERENCES record (id),
  bundle      INTEGER NOT NULL REFERENCES hq_bundle (row),
  device      TEXT NOT NULL,
  supersedes  TEXT,                      -- the version it replaces, here or not yet here
  received_us INTEGER NOT NULL           -- UTC
) WITHOUT ROWID;

CREATE INDEX hq_record_by_device ON hq_record (device);
CREATE INDEX hq_record_by_older  ON hq_record (supersedes) WHERE supersedes IS NOT NULL;

-- The attachments of a record as its manifest names them, here or not yet here.
CREATE TABLE hq_record_blob (
  record TEXT NOT NULL REFERENCES record (id),
  b2     TEXT NOT NULL,
  PRIMARY KEY (record, b2)
) WITHOUT ROWID;

CREATE INDEX hq_record_blob_by_content ON hq_record_blob (b2);

CREATE TABLE hq_blob_name (
  b2   TEXT PRIMARY KEY,
  name TEXT NOT NULL,                    -- as the laptop calls it; advice only
  mime TEXT
) WITHOUT ROWID;

-- Pieces of large attachments, until all of one are here.
CREATE TABLE hq_piece (
  device TEXT NOT NULL,                  -- that sent it: one laptop cannot spoil what another one sends
  of     TEXT NOT NULL,                  -- b2 of the whole
  start  INTEGER NOT NULL,               -- bytes
  size   INTEGER NOT NULL,
  total  INTEGER NOT NULL,
  b2     TEXT NOT NULL,                  -- of the piece, an attachment by itself
  PRIMARY KEY (device, of, start)
) WITHOUT ROWID;

-- Records that were not taken, though the bundle they came in was. What another record's id was used for is kept as it
-- came: it may be the work of a copied laptop.
CREATE TABLE hq_rejection (
  bundle INTEGER NOT NULL REFERENCES hq_bundle (row),
  record TEXT NOT NULL,
  code   TEXT NOT NULL,                  -- "E_RECORD_CONFLICT"
  b2     TEXT NOT NULL,
  xml    BLOB,
  PRIMARY KEY (bundle, record)
) WITHOUT ROWID;

-- Files that were not taken at all: the log of refusals. Nothing of them is anywhere else but in the quarantine.
CREATE TABLE hq_refusal (
  row        INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,              -- of the file
  code       TEXT NOT NULL,              -- "E_SIGNATURE"
  message    TEXT NOT NULL,
  b2         TEXT,                       -- of what was copied, where anything was
  refused_us INTEGER NOT NULL            -- UTC
);

-- What headquarters sent, beside the row in `bundle`.
CREATE TABLE hq_sent (
  bundle  INTEGER PRIMARY KEY REFERENCES bundle (row),
  kind    TEXT NOT NULL CHECK (kind IN ('receipt', 'dispatch')),
  device  TEXT NOT NULL,                 -- or "all"
  counter INTEGER NOT NULL,
  part    INTEGER NOT NULL,              -- of the bundles that were sent together, from 0
  content BLOB NOT NULL                  -- receipt.json or dispatch.json
);

CREATE INDEX hq_sent_by_device ON hq_sent (device, kind, counter);

-- A record's state here. The arrival of pieces and of older versions changes it, so nothing is stored.
CREATE VIEW hq_record_state AS
SELECT h.record,
       CASE WHEN EXISTS (SELECT 1 FROM hq_record_blob AS l
                          WHERE l.record = h.record
                            AND NOT EXISTS (SELECT 1 FROM attachment AS a WHERE a.b2 = l.b2)) THEN 'waiting'
            WHEN NOT EXISTS (SELECT 1 FROM record AS d JOIN instrument AS i
                                ON i.form = d.form AND i.version = d.form_version
                              WHERE d.id = h.record) THEN 'unknown-form'
            WHEN h.supersedes IS NOT NULL
             AND EXISTS (SELECT 1 FROM hq_record AS o
                          WHERE o.supersedes = h.supersedes AND o.record <> h.record) THEN 'conflict'
            ELSE 'complete' END AS state
  FROM hq_record AS h;
