-- SPDX-License-Identifier: GPL-3.0-or-later
-- schemas/sql/0013-team.sql, but for what only laptops have.

CREATE TABLE hq_team (
  assessment_id TEXT COLLATE "C" NOT NULL DEFAULT current_setting ('merestone.assessment'),
  member TEXT COLLATE "C" NOT NULL,
  leader TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (member, assessment_id),
  FOREIGN KEY (member, assessment_id) REFERENCES hq_device (device, assessment_id),
  FOREIGN KEY (leader, assessment_id) REFERENCES hq_device (device, assessment_id)
);
