-- SPDX-License-Identifier: GPL-3.0-or-later
-- schemas/sql/0012-replaced.sql

ALTER TABLE hq_device ADD COLUMN replaces TEXT COLLATE "C";
