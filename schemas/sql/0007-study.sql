-- SPDX-License-Identifier: GPL-3.0-or-later
-- Events of observations. Rows only come; a mistake is a row that takes another one back.

CREATE TABLE study (
  id    TEXT PRIMARY KEY,                -- instanceID of the observation, draft or record
  sight INTEGER NOT NULL                 -- which events its observer can see: bits as app/study has them
) WITHOUT ROWID;

CREATE TABLE study_event (
  study     TEXT NOT NULL,               -- instanceID of the observation, draft or record
  seq       INTEGER NOT NULL,            -- 1, 2, 3 …
  kind      TEXT NOT NULL CHECK (kind <> ''),
  passenger INTEGER NOT NULL DEFAULT 0,
  target    INTEGER NOT NULL DEFAULT 0,
  shift_us  INTEGER NOT NULL DEFAULT 0,
  name      TEXT,
  value     TEXT,
  utc_us    INTEGER NOT NULL,
  offset_s  INTEGER NOT NULL,
  boot_us   INTEGER NOT NULL,
  boot      INTEGER NOT NULL,
  PRIMARY KEY (study, seq)
) WITHOUT ROWID;
