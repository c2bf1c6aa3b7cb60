-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mission: what a pack brings, and small values by name.

CREATE TABLE setting (
  key   TEXT PRIMARY KEY,
  value                                  -- TEXT, INTEGER or BLOB
) WITHOUT ROWID;

CREATE TABLE assessment (
  row     INTEGER PRIMARY KEY,           -- in the order in which they came
  id      TEXT NOT NULL UNIQUE,          -- UUID
  title   TEXT NOT NULL,
  country TEXT NOT NULL,
  starts  TEXT,                          -- YYYY-MM-DD
  ends    TEXT
);

CREATE TABLE crossing (
  row        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,       -- UUID, the same on every laptop for what came with a pack
  assessment TEXT REFERENCES assessment (id),
  name       TEXT NOT NULL CHECK (name <> ''),
  note       TEXT NOT NULL DEFAULT '',
  kind       TEXT NOT NULL CHECK (kind IN ('land', 'air', 'sea', 'rail')),
  origin     TEXT NOT NULL CHECK (origin IN ('pack', 'local')),
  latitude   REAL CHECK (latitude BETWEEN -90 AND 90),
  longitude  REAL CHECK (longitude BETWEEN -180 AND 180),
  active     INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
);
