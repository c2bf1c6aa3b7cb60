-- SPDX-License-Identifier: GPL-3.0-or-later
-- The team: whose laptop is whose leader's. A leader's laptop counts what its colleagues have; their answers stay with them.

CREATE TABLE colleague (
  device   TEXT PRIMARY KEY,             -- as the newest pack has them, this laptop too
  label    TEXT NOT NULL,
  sign_key TEXT NOT NULL,                -- "RW…"
  box_key  TEXT NOT NULL,                -- "age1…"
  leader   TEXT                          -- device; its bundles are encrypted to that one, too
) WITHOUT ROWID;

-- Records that came in bundles of colleagues: what they are, not what they say.
CREATE TABLE colleague_record (
  record       TEXT PRIMARY KEY,         -- instanceID
  device       TEXT NOT NULL,
  supersedes   TEXT,
  form         TEXT NOT NULL,
  form_version TEXT NOT NULL,
  crossing     TEXT,
  b2           TEXT NOT NULL,            -- BLAKE2b-256 of the XML
  bundle       TEXT NOT NULL,            -- name of the one that it came in
  received_us  INTEGER NOT NULL          -- UTC
) WITHOUT ROWID;

CREATE INDEX colleague_record_by_older ON colleague_record (supersedes);

CREATE TABLE hq_team (
  member TEXT PRIMARY KEY REFERENCES hq_device (device),
  leader TEXT NOT NULL REFERENCES hq_device (device)
) WITHOUT ROWID;
