-- SPDX-License-Identifier: GPL-3.0-or-later
-- Files beside questionnaires: pictures of labels and choices, and tables that choices come from. Content once, by its hash.

CREATE TABLE media_file (
  b2      TEXT PRIMARY KEY,              -- BLAKE2b-256 of the content
  content BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE instrument_media (
  instrument INTEGER NOT NULL REFERENCES instrument (row),
  name       TEXT NOT NULL,              -- as the form calls it: "gate.png" of jr://images/gate.png
  b2         TEXT NOT NULL REFERENCES media_file (b2),
  PRIMARY KEY (instrument, name)
) WITHOUT ROWID;
