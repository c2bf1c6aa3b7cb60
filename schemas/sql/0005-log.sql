-- SPDX-License-Identifier: GPL-3.0-or-later
-- The log: a line for each final version, attachment, bundle, receipt and erasure, bound to the line before it.

CREATE TABLE log (
  seq      INTEGER PRIMARY KEY,          -- 1, 2, 3 …
  utc_us   INTEGER NOT NULL,
  offset_s INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  object   TEXT NOT NULL,
  b2       TEXT NOT NULL,
  hash     TEXT NOT NULL
);

CREATE TRIGGER log_is_not_changed BEFORE UPDATE ON log
BEGIN
  SELECT RAISE (ABORT, 'the log is not changed');
END;

CREATE TRIGGER log_is_not_shortened BEFORE DELETE ON log
BEGIN
  SELECT RAISE (ABORT, 'the log is not shortened');
END;
