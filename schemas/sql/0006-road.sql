-- SPDX-License-Identifier: GPL-3.0-or-later
-- The road: bundles, where they were placed, and what headquarters says of them. The state of a record follows.

CREATE TABLE bundle (
  row             INTEGER PRIMARY KEY AUTOINCREMENT,
  name            TEXT NOT NULL UNIQUE,  -- "<dev>-<chain no>-<seq>"
  chain           TEXT NOT NULL,         -- 32 hex digits
  chain_no        INTEGER NOT NULL,
  seq             INTEGER NOT NULL,
  b2              TEXT NOT NULL,         -- BLAKE2b-512 of the .age file
  prev            TEXT,                  -- b2 of the one before; NULL for seq 1
  size            INTEGER NOT NULL,
  sealed_at       INTEGER NOT NULL,      -- UTC, µs
  sealed_offset_s INTEGER NOT NULL,
  state           TEXT NOT NULL DEFAULT 'sealed' CHECK (state IN ('sealed', 'acked', 'void')),
  UNIQUE (chain, seq)
);

CREATE INDEX bundle_open ON bundle (row) WHERE state = 'sealed';

CREATE TABLE bundle_record (
  bundle INTEGER NOT NULL REFERENCES bundle (row),
  record TEXT NOT NULL REFERENCES record (id),
  PRIMARY KEY (bundle, record)
) WITHOUT ROWID;

CREATE INDEX bundle_record_by_record ON bundle_record (record);

CREATE TABLE placement (
  row             INTEGER PRIMARY KEY,
  bundle          INTEGER NOT NULL REFERENCES bundle (row),
  stick           TEXT NOT NULL,
  session         TEXT NOT NULL,
  placed_at       INTEGER NOT NULL,      -- UTC, µs; written and read back the same
  placed_offset_s INTEGER NOT NULL,
  UNIQUE (bundle, stick, session)
);

CREATE TABLE receipt (
  row               INTEGER PRIMARY KEY,
  hq                TEXT NOT NULL,
  counter           INTEGER NOT NULL,
  trust             INTEGER NOT NULL,
  issued            TEXT NOT NULL,       -- RFC 3339
  received_at       INTEGER NOT NULL,    -- UTC, µs
  received_offset_s INTEGER NOT NULL,
  content           BLOB NOT NULL,       -- the signed bytes
  signature         BLOB,
  UNIQUE (hq, counter)
);

-- What receipts said, bundle by bundle: rows come and never go. A bundle that this laptop does not know is kept, too.
CREATE TABLE receipt_bundle (
  chain   TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  b2      TEXT NOT NULL,
  receipt INTEGER NOT NULL REFERENCES receipt (row),
  status  TEXT NOT NULL CHECK (status IN ('accepted', 'partial', 'quarantined')),
  PRIMARY KEY (chain, seq, b2, receipt)
) WITHOUT ROWID;

CREATE TABLE receipt_refusal (
  record  TEXT NOT NULL,
  chain   TEXT NOT NULL,                 -- and seq: the bundle it came in
  seq     INTEGER NOT NULL,
  receipt INTEGER NOT NULL REFERENCES receipt (row),
  code    TEXT NOT NULL,
  PRIMARY KEY (record, chain, seq, receipt)
) WITHOUT ROWID;

-- The one definition of a bundle's and a record's state. The columns `state` are copies of these, for the indexes.
CREATE VIEW bundle_derived AS
SELECT b.row,
       CASE WHEN b.state = 'void' THEN 'void'
            WHEN EXISTS (SELECT 1 FROM receipt_bundle AS r
                          WHERE r.chain = b.chain AND r.seq = b.seq AND r.b2 = b.b2
                            AND r.status IN ('accepted', 'partial')) THEN 'acked'
            ELSE 'sealed' END AS state
  FROM bundle AS b;

-- A record has arrived when a receipt took one of its bundles and did not refuse the record in the same line.
CREATE VIEW record_derived AS
SELECT d.row,
       CASE WHEN d.erased_us IS NOT NULL THEN 'erased'
            WHEN EXISTS (SELECT 1 FROM bundle_record AS c
                           JOIN bundle AS b ON b.row = c.bundle
                           JOIN receipt_bundle AS r ON r.chain = b.chain AND r.seq = b.seq AND r.b2 = b.b2
                          WHERE c.record = d.id AND b.state <> 'void' AND r.status IN ('accepted', 'partial')
                            AND NOT EXISTS (SELECT 1 FROM receipt_refusal AS x
                                             WHERE x.record = d.id AND x.chain = r.chain AND x.seq = r.seq
                                               AND x.receipt = r.receipt)) THEN 'acknowledged'
            WHEN EXISTS (SELECT 1 FROM receipt_refusal AS x WHERE x.record = d.id) THEN 'refused'
            WHEN EXISTS (SELECT 1 FROM bundle_record AS c
                           JOIN bundle AS b ON b.row = c.bundle
                           JOIN placement AS p ON p.bundle = b.row
                          WHERE c.record = d.id AND b.state <> 'void') THEN 'delivered'
            WHEN EXISTS (SELECT 1 FROM bundle_record AS c
                           JOIN bundle AS b ON b.row = c.bundle
                          WHERE c.record = d.id AND b.state <> 'void') THEN 'packed'
            ELSE 'final' END AS state
  FROM record AS d;

-- A receipt may be here before the bundle: in a vault that was put back from a copy.
CREATE TRIGGER bundle_comes AFTER INSERT ON bundle
BEGIN
  UPDATE bundle SET state = (SELECT v.state FROM bundle_derived AS v WHERE v.row = bundle.row) WHERE row = NEW.row;
END;

CREATE TRIGGER bundle_record_comes AFTER INSERT ON bundle_record
BEGIN
  UPDATE record SET state = (SELECT v.state FROM record_derived AS v WHERE v.row = record.row)
   WHERE id = NEW.record;
END;

CREATE TRIGGER placement_comes AFTER INSERT ON placement
BEGIN
  UPDATE record SET state = (SELECT v.state FROM record_derived AS v WHERE v.row = record.row)
   WHERE id IN (SELECT record FROM bundle_record WHERE bundle = NEW.bundle);
END;

CREATE TRIGGER receipt_bundle_comes AFTER INSERT ON receipt_bundle
BEGIN
  UPDATE bundle SET state = (SELECT v.state FROM bundle_derived AS v WHERE v.row = bundle.row)
   WHERE chain = NEW.chain AND seq = NEW.seq;
  UPDATE record SET state = (SELECT v.state FROM record_derived AS v WHERE v.row = record.row)
   WHERE id IN (SELECT c.record FROM bundle AS b JOIN bundle_record AS c ON c.bundle = b.row
                 WHERE b.chain = NEW.chain AND b.seq = NEW.seq);
END;

CREATE TRIGGER receipt_refusal_comes AFTER INSERT ON receipt_refusal
BEGIN
  UPDATE record SET state = (SELECT v.state FROM record_derived AS v WHERE v.row = record.row)
   WHERE id = NEW.record;
END;

CREATE TRIGGER bundle_is_voided AFTER UPDATE OF state ON bundle WHEN NEW.state = 'void' AND OLD.state <> 'void'
BEGIN
  UPDATE record SET state = (SELECT v.state FROM record_derived AS v WHERE v.row = record.row)
   WHERE id IN (SELECT record FROM bundle_record WHERE bundle = NEW.row);
END;

CREATE TRIGGER record_is_erased AFTER UPDATE OF erased_us ON record
BEGIN
  UPDATE record SET state = (SELECT v.state FROM record_derived AS v WHERE v.row = record.row)
   WHERE row = NEW.row;
END;
