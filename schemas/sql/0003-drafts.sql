-- SPDX-License-Identifier: GPL-3.0-or-later
-- Drafts: a snapshot of the instance, and a journal of the steps since.

CREATE TABLE draft (
  row              INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: a page may still hold an old one
  instance_id      TEXT NOT NULL UNIQUE,
  edits            TEXT UNIQUE,          -- the final record that is being edited
  instrument       INTEGER NOT NULL REFERENCES instrument (row),
  assessment       TEXT,
  crossing         TEXT,
  title            TEXT,                 -- the instance's own name, where the form gives one
  created_us       INTEGER NOT NULL,
  created_offset_s INTEGER NOT NULL,
  updated_us       INTEGER NOT NULL,
  updated_offset_s INTEGER NOT NULL,
  last_seq         INTEGER NOT NULL DEFAULT 0,
  snapshot_seq     INTEGER NOT NULL DEFAULT 0,
  n_answered       INTEGER NOT NULL DEFAULT 0,
  n_asked          INTEGER NOT NULL DEFAULT 0,
  deleted_us       INTEGER               -- in the waste basket since
);

CREATE INDEX draft_by_instrument ON draft (instrument);

-- The instance as of snapshot_seq.
CREATE TABLE draft_snapshot (
  draft INTEGER PRIMARY KEY REFERENCES draft (row) ON DELETE CASCADE,
  xml   BLOB NOT NULL
);

CREATE TABLE draft_step (
  draft    INTEGER NOT NULL REFERENCES draft (row) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,             -- 1, 2, 3 …
  op       TEXT NOT NULL CHECK (op IN ('set', 'add', 'remove', 'restore', 'language', 'comment')),
  turn     TEXT NOT NULL CHECK (turn IN ('do', 'undo', 'redo')),
  of       INTEGER NOT NULL DEFAULT 0,   -- the step that is undone or redone
  ref      TEXT,
  value    TEXT,
  previous TEXT,
  utc_us   INTEGER NOT NULL,
  offset_s INTEGER NOT NULL,
  boot_us  INTEGER NOT NULL,
  boot     INTEGER NOT NULL,
  PRIMARY KEY (draft, seq)
) WITHOUT ROWID;

-- The instance before a step that could not be undone otherwise.
CREATE TABLE draft_before (
  draft INTEGER NOT NULL,
  seq   INTEGER NOT NULL,
  xml   BLOB NOT NULL,
  PRIMARY KEY (draft, seq),
  FOREIGN KEY (draft, seq) REFERENCES draft_step (draft, seq) ON DELETE CASCADE
);
