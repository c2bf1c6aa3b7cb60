-- SPDX-License-Identifier: GPL-3.0-or-later
-- schemas/sql/0011-old-keys.sql

CREATE TABLE hq_old_key (
  assessment_id TEXT COLLATE "C" NOT NULL DEFAULT current_setting ('merestone.assessment'),
  recipient TEXT COLLATE "C" NOT NULL,
  secret BYTEA NOT NULL,  -- sealed: docs/formats-store.md
  trust BIGINT NOT NULL,
  replaced_us BIGINT NOT NULL,
  PRIMARY KEY (recipient, assessment_id)
);
