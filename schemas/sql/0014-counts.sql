-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many records came from each laptop, so that nobody has to count a million rows to say so. Records never go.

ALTER TABLE hq_device ADD COLUMN n_records INTEGER NOT NULL DEFAULT 0;

UPDATE hq_device SET n_records = (SELECT count (*) FROM hq_record AS h WHERE h.device = hq_device.device);

DROP INDEX hq_record_by_device;
