-- SPDX-License-Identifier: GPL-3.0-or-later
-- Records: every version is a row that never changes, but for what is derived (state, superseded) and for erasing.

CREATE TABLE record (
  row                 INTEGER PRIMARY KEY AUTOINCREMENT,
  id                  TEXT NOT NULL UNIQUE,   -- instanceID, "uuid:…"
  deprecated_id       TEXT UNIQUE,            -- the version it replaces: a version is replaced once
  first_id            TEXT NOT NULL,          -- the first version of the same record
  superseded          INTEGER NOT NULL DEFAULT 0 CHECK (superseded IN (0, 1)),
  form                TEXT NOT NULL,
  form_version        TEXT NOT NULL,
  form_b2             TEXT NOT NULL,
  title               TEXT NOT NULL,
  kind                TEXT NOT NULL CHECK (kind IN ('observation', 'check', 'interview', 'other')),
  assessment          TEXT,
  crossing            TEXT,
  b2                  TEXT NOT NULL,          -- BLAKE2b-256 of the XML
  size                INTEGER NOT NULL,
  created_us          INTEGER NOT NULL,
  created_offset_s    INTEGER NOT NULL,
  finalised_us        INTEGER NOT NULL,
  finalised_offset_s  INTEGER NOT NULL,
  erased_us           INTEGER,
  state               TEXT NOT NULL DEFAULT 'final'
                      CHECK (state IN ('final', 'packed', 'delivered', 'acknowledged', 'refused', 'erased'))
);

-- Each ends with the row, so that a page is read in its order.
CREATE INDEX record_by_crossing ON record (crossing, row);
CREATE INDEX record_by_form     ON record (form, row);
CREATE INDEX record_by_kind     ON record (kind, row);
CREATE INDEX record_by_state    ON record (state, row);
CREATE INDEX record_by_first    ON record (first_id, row);

CREATE TABLE record_xml (
  record INTEGER PRIMARY KEY REFERENCES record (row),
  xml    BLOB NOT NULL
);

-- Attachments: content once, by its hash, in chunks.
CREATE TABLE attachment (
  row  INTEGER PRIMARY KEY AUTOINCREMENT,
  b2   TEXT UNIQUE,                      -- BLAKE2b-256 of the content; NULL while it is being written
  mime TEXT NOT NULL,
  size INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX attachment_unfinished ON attachment (row) WHERE b2 IS NULL;

CREATE TABLE attachment_chunk (
  attachment INTEGER NOT NULL REFERENCES attachment (row) ON DELETE CASCADE,
  number     INTEGER NOT NULL,           -- from 0; 262,144 bytes each but the last
  data       BLOB NOT NULL,
  PRIMARY KEY (attachment, number)
);

CREATE TABLE draft_attachment (
  draft INTEGER NOT NULL REFERENCES draft (row) ON DELETE CASCADE,
  name  TEXT NOT NULL,
  b2    TEXT NOT NULL REFERENCES attachment (b2),
  PRIMARY KEY (draft, name)
) WITHOUT ROWID;

CREATE TABLE record_attachment (
  record TEXT NOT NULL REFERENCES record (id),
  name   TEXT NOT NULL,
  b2     TEXT NOT NULL,
  PRIMARY KEY (record, name)
) WITHOUT ROWID;

CREATE INDEX draft_attachment_by_content  ON draft_attachment (b2);
CREATE INDEX record_attachment_by_content ON record_attachment (b2);
