-- SPDX-License-Identifier: GPL-3.0-or-later
-- schemas/sql/0014-counts.sql

ALTER TABLE hq_device ADD COLUMN n_records BIGINT NOT NULL DEFAULT 0;

UPDATE hq_device SET n_records = (SELECT count (*) FROM hq_record AS h WHERE h.device = hq_device.device);

DROP INDEX hq_record_by_device;
