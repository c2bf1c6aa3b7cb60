-- SPDX-License-Identifier: GPL-3.0-or-later
-- What headquarters sends back to a laptop with a comment, as its newest receipt says. A record may have several.

CREATE TABLE returned (
  record      TEXT NOT NULL,             -- instanceID; it need not be here: the laptop may have been made anew
  ref         TEXT NOT NULL,             -- path of the question, '' for the record as a whole
  comment     TEXT NOT NULL,
  returned_us INTEGER NOT NULL,          -- UTC: when it was first read here
  PRIMARY KEY (record, ref, comment)
) WITHOUT ROWID;
