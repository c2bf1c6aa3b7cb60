-- SPDX-License-Identifier: GPL-3.0-or-later
-- Instruments: XForms by id and version. The XML of a version never changes.

CREATE TABLE instrument (
  row       INTEGER PRIMARY KEY,         -- in the order in which they came: the highest is the newest version
  form      TEXT NOT NULL,
  version   TEXT NOT NULL,
  title     TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('observation', 'check', 'interview', 'other')),
  languages TEXT NOT NULL DEFAULT '',    -- one a line
  b2        TEXT NOT NULL,               -- BLAKE2b-256 of the XML
  active    INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  UNIQUE (form, version)
);

-- Apart from the row that lists read, so that a list does not walk over megabytes.
CREATE TABLE instrument_xml (
  instrument INTEGER PRIMARY KEY REFERENCES instrument (row),
  xml        BLOB NOT NULL
);
