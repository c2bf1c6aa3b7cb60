-- SPDX-License-Identifier: GPL-3.0-or-later
-- What colleagues' records say, on the laptop of their leader; and what records, own and colleagues', are evidence on.

ALTER TABLE colleague_record ADD COLUMN finalised TEXT;   -- RFC 3339, as its laptop says
ALTER TABLE colleague_record ADD COLUMN erased_us INTEGER; -- UTC: what it says was erased here, and does not come back

-- Apart from the row that lists read, so that a list does not walk over megabytes.
CREATE TABLE colleague_xml (
  row    INTEGER PRIMARY KEY,
  record TEXT NOT NULL UNIQUE REFERENCES colleague_record (record),
  xml    BLOB NOT NULL
);

-- Until now only what they are was kept: bundles that are still on a stick may be read once more.
DELETE FROM setting WHERE key IN (SELECT 'road.seen.' || bundle FROM colleague_record);

-- An index over the submissions: which item of the framework each answer is evidence on. Can be made anew from them.
CREATE TABLE evidence (
  record   TEXT NOT NULL,
  item     TEXT NOT NULL,                -- "O2"
  question TEXT NOT NULL,                -- "O2.1", or "" where the answer is about the item as a whole
  ref      TEXT NOT NULL,                -- of the form's question, without positions; "" where the record was erased
  answer   TEXT,                         -- what was chosen from a list, sorted; NULL for all that cannot be compared
  PRIMARY KEY (record, item, question, ref)
) WITHOUT ROWID;

-- Records that were looked through, whether or not there was anything.
CREATE TABLE evidence_read (
  record TEXT PRIMARY KEY
) WITHOUT ROWID;

-- The newest versions that a team has; one that is this laptop's own counts as that alone. A crossing that a colleague has added on the
-- own laptop is not known here: then `crossing` is NULL, and `placed` 0.
CREATE VIEW team_record AS
SELECT d.id AS record, NULL AS device, c.id AS crossing, d.crossing IS NULL OR c.id IS NOT NULL AS placed,
       d.form, d.form_version, d.kind
  FROM record AS d LEFT JOIN crossing AS c ON c.id = d.crossing WHERE d.superseded = 0
UNION ALL
SELECT d.record, d.device, c.id, d.crossing IS NULL OR c.id IS NOT NULL, d.form, d.form_version, coalesce (i.kind, 'other')
  FROM colleague_record AS d LEFT JOIN crossing AS c ON c.id = d.crossing
  LEFT JOIN instrument AS i ON i.form = d.form AND i.version = d.form_version
 WHERE NOT EXISTS (SELECT 1 FROM colleague_record AS n WHERE n.supersedes = d.record)
   AND NOT EXISTS (SELECT 1 FROM record AS o WHERE o.id = d.record);
