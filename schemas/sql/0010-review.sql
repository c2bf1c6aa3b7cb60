-- SPDX-License-Identifier: GPL-3.0-or-later
-- What reviewers say at headquarters. Rows only come: what was said stays, and the newest verdict counts. Empty on a laptop,
-- which has 0009-returned.sql.

CREATE TABLE hq_review (
  row           INTEGER PRIMARY KEY,
  record        TEXT NOT NULL REFERENCES record (id),
  verdict       TEXT NOT NULL CHECK (verdict IN ('accept', 'return', 'comment')),
  ref           TEXT,                    -- the question that is commented on: a path in the submission; NULL: the record
  comment       TEXT NOT NULL,
  reviewer      TEXT NOT NULL,
  said_us       INTEGER NOT NULL,        -- UTC
  said_offset_s INTEGER NOT NULL
);

CREATE INDEX hq_review_by_record ON hq_review (record, row);

-- How a version stands with its reviewers. A newer version of a record that was sent back is the answer to that.
CREATE VIEW hq_record_review AS
SELECT h.record,
       CASE (SELECT v.verdict FROM hq_review AS v
              WHERE v.record = h.record AND v.verdict <> 'comment' ORDER BY v.row DESC LIMIT 1)
         WHEN 'accept' THEN 'accepted'
         WHEN 'return' THEN 'returned'
         ELSE CASE (SELECT v.verdict
                      FROM record AS d JOIN record AS o ON o.first_id = d.first_id JOIN hq_review AS v ON v.record = o.id
                     WHERE d.id = h.record AND d.superseded = 0 AND v.verdict <> 'comment'
                     ORDER BY v.row DESC LIMIT 1)
                WHEN 'return' THEN 'answered'
                ELSE 'new' END END AS review
  FROM hq_record AS h;
