-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keys that headquarters has replaced, and keeps because laptops may still encrypt to them.

CREATE TABLE hq_old_key (
  recipient   TEXT PRIMARY KEY,          -- "age1…"
  secret      BLOB NOT NULL,             -- age identity of 32 bytes
  trust       INTEGER NOT NULL,          -- version of the list that replaced it
  replaced_us INTEGER NOT NULL           -- UTC
) WITHOUT ROWID;
