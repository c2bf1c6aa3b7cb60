-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where a record came from is found by the record's number, which goes up, and no more by its id, which is random: in each tree with random
-- keys, each record that comes in changes a page of its own, and among a million they are too many for a cache. One such tree is left, that of the ids.

DROP VIEW hq_record_state;
DROP VIEW hq_record_review;

ALTER TABLE hq_record RENAME TO hq_record_by_id;
DROP INDEX hq_record_by_older;

CREATE TABLE hq_record (
  row         INTEGER PRIMARY KEY REFERENCES record (row),
  bundle      INTEGER NOT NULL REFERENCES hq_bundle (row),
  device      TEXT NOT NULL,
  supersedes  TEXT,                      -- the version it replaces, here or not yet here
  received_us INTEGER NOT NULL           -- UTC
);

-- Both are read in the order of their ids, and sorted once.
INSERT INTO hq_record (row, bundle, device, supersedes, received_us)
SELECT d.row, h.bundle, h.device, h.supersedes, h.received_us
  FROM hq_record_by_id AS h CROSS JOIN record AS d ON d.id = h.record ORDER BY d.row;

DROP TABLE hq_record_by_id;

CREATE INDEX hq_record_by_older ON hq_record (supersedes) WHERE supersedes IS NOT NULL;

-- Of most records there is one version: the first, which is found by its id.
DROP INDEX record_by_first;
CREATE INDEX record_by_first ON record (first_id, row) WHERE first_id <> id;

-- A record's state here. The arrival of pieces and of older versions changes it, so nothing is stored.
CREATE VIEW hq_record_state AS
SELECT h.row,
       CASE WHEN EXISTS (SELECT 1 FROM hq_record_blob AS l
                          WHERE l.record = d.id
                            AND NOT EXISTS (SELECT 1 FROM attachment AS a WHERE a.b2 = l.b2)) THEN 'waiting'
            WHEN NOT EXISTS (SELECT 1 FROM instrument AS i
                              WHERE i.form = d.form AND i.version = d.form_version) THEN 'unknown-form'
            WHEN h.supersedes IS NOT NULL
             AND EXISTS (SELECT 1 FROM hq_record AS o
                          WHERE o.supersedes = h.supersedes AND o.row <> h.row) THEN 'conflict'
            ELSE 'complete' END AS state
  FROM hq_record AS h JOIN record AS d ON d.row = h.row;

-- How a version stands with its reviewers. A newer version of a record that was sent back is the answer to that.
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
