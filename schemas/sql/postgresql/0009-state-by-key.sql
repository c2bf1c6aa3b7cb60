-- SPDX-License-Identifier: GPL-3.0-or-later
-- hq_record_state as before, by subqueries with a LIMIT: of a bare EXISTS the planner makes a table of all records when it is asked
-- for some hundred of them, which takes the longer the more there are.

CREATE OR REPLACE VIEW hq_record_state AS
SELECT h.record,
       CASE WHEN (SELECT 1 FROM hq_record_blob AS l
                   WHERE l.record = h.record
                     AND (SELECT 1 FROM attachment AS a WHERE a.b2 = l.b2 LIMIT 1) IS NULL LIMIT 1) IS NOT NULL THEN 'waiting'
            WHEN (SELECT 1 FROM record AS d JOIN instrument AS i
                      ON i.form = d.form AND i.version = d.form_version
                   WHERE d.id = h.record LIMIT 1) IS NULL THEN 'unknown-form'
            WHEN h.supersedes IS NOT NULL
             AND (SELECT 1 FROM hq_record AS o
                   WHERE o.supersedes = h.supersedes AND o.record <> h.record LIMIT 1) IS NOT NULL THEN 'conflict'
            ELSE 'complete' END AS state
  FROM hq_record AS h;
