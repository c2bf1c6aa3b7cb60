-- SPDX-License-Identifier: GPL-3.0-or-later
-- schemas/sql/0015-media.sql

CREATE TABLE media_file (
  assessment_id TEXT COLLATE "C" NOT NULL DEFAULT current_setting ('merestone.assessment'),
  b2 TEXT COLLATE "C" NOT NULL,  -- BLAKE2b-256 of the content
  content BYTEA NOT NULL,
  PRIMARY KEY (b2, assessment_id)
);

CREATE TABLE instrument_media (
  assessment_id TEXT COLLATE "C" NOT NULL DEFAULT current_setting ('merestone.assessment'),
  instrument BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,  -- as the form calls it: "gate.png" of jr://images/gate.png
  b2 TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (instrument, name, assessment_id),
  FOREIGN KEY (instrument, assessment_id) REFERENCES instrument (row, assessment_id),
  FOREIGN KEY (b2, assessment_id) REFERENCES media_file (b2, assessment_id)
);
