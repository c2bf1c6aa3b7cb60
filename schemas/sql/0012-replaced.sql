-- SPDX-License-Identifier: GPL-3.0-or-later
-- A laptop that goes on with new keys, or was installed anew, stands for the one that it was before.

ALTER TABLE hq_device ADD COLUMN replaces TEXT; -- its name before, as its card says and somebody has confirmed
