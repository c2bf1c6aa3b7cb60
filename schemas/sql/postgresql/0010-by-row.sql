-- SPDX-License-Identifier: GPL-3.0-or-later
-- schemas/sql/0017-by-row.sql; hq_record_state as 0009-state-by-key.sql has it.

DROP VIEW hq_record_state;
DROP VIEW hq_record_review;

CREATE TABLE hq_record_by_row (
  assessment_id TEXT COLLATE "C" NOT NULL DEFAULT current_setting ('merestone.assessment'),
  row BIGINT NOT NULL,
  bundle BIGINT NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  supersedes TEXT COLLATE "C",  -- the version it replaces, here or not yet here
  received_us BIGINT NOT NULL  -- UTC
);

INSERT INTO hq_record_by_row (assessment_id, row, bundle, device, supersedes, received_us)
SELECT h.assessment_id, d.row, h.bundle, h.device, h.supersedes, h.received_us
  FROM hq_record AS h JOIN record AS d ON d.id = h.record AND d.assessment_id = h.assessment_id ORDER BY d.row;

DROP TABLE hq_record;

ALTER TABLE hq_record_by_row RENAME TO hq_record;
ALTER TABLE hq_record
  ADD PRIMARY KEY (row, assessment_id),
  ADD FOREIGN KEY (row, assessment_id) REFERENCES record (row, assessment_id),
  ADD FOREIGN KEY (bundle, assessment_id) REFERENCES hq_bundle (row, assessment_id);

CREATE INDEX hq_record_by_older ON hq_record (supersedes) WHERE supersedes IS NOT NULL;

DROP INDEX record_by_first;
CREATE INDEX record_by_first ON record (first_id, row) WHERE first_id <> id;

CREATE VIEW hq_record_state AS
SELECT h.row,
       CASE WHEN (SELECT 1 FROM hq_record_blob AS l
                   WHERE l.record = d.id
                     AND (SELECT 1 FROM attachment AS a WHERE a.b2 = l.b2 LIMIT 1) IS NULL LIMIT 1) IS NOT NULL THEN 'waiting'
            WHEN (SELECT 1 FROM instrument AS i
                   WHERE i.form = d.form AND i.version = d.form_version LIMIT 1) IS NULL THEN 'unknown-form'
            WHEN h.supersedes IS NOT NULL
             AND (SELECT 1 FROM hq_record AS o
                   WHERE o.supersedes = h.supersedes AND o.row <> h.row LIMIT 1) IS NOT NULL THEN 'conflict'
            ELSE 'complete' END AS state
  FROM hq_record AS h JOIN record AS d ON d.row = h.row;

CREATE VIEW hq_record_review AS
SELECT d.row,
       CASE (SELECT v.verdict FROM hq_review AS v
              WHERE v.record = d.id AND v.verdict <> 'comment' ORDER BY v.row DESC LIMIT 1)
         WHEN 'accept' THEN 'accepted'
         WHEN 'return' THEN 'returned'
         ELSE CASE (SELECT v.verdict
                      FROM record AS o JOIN hq_review AS v ON v.record = o.id
                     WHERE (o.id = d.first_id OR (o.first_id = d.first_id AND o.first_id <> o.id))
                       AND d.superseded = 0 AND v.verdict <> 'comment'
                     ORDER BY v.row DESC LIMIT 1)
                WHEN 'return' THEN 'answered'
                ELSE 'new' END END AS review
  FROM record AS d;
