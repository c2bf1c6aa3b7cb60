-- SPDX-License-Identifier: GPL-3.0-or-later
-- schemas/sql/0009-returned.sql. Empty at headquarters; the store's modules ask for it.

CREATE TABLE returned (
  assessment_id TEXT COLLATE "C" NOT NULL DEFAULT current_setting ('merestone.assessment'),
  record TEXT COLLATE "C" NOT NULL,
  ref TEXT COLLATE "C" NOT NULL,
  comment TEXT COLLATE "C" NOT NULL,
  returned_us BIGINT NOT NULL,
  PRIMARY KEY (record, ref, comment, assessment_id)
);
