-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whole pieces of content in blocks of a file beside the database (docs/formats.md, "vault.db-content"), where it lies in a vault.

CREATE TABLE attachment_block (
  block      INTEGER PRIMARY KEY,        -- where in the file, from 1
  attachment INTEGER NOT NULL REFERENCES attachment (row) ON DELETE CASCADE,
  number     INTEGER NOT NULL,           -- of the piece, as in attachment_chunk
  version    INTEGER NOT NULL,           -- of what was written there, random
  UNIQUE (attachment, number)
);

CREATE TABLE free_block (
  block INTEGER PRIMARY KEY,
  empty INTEGER NOT NULL DEFAULT 0 CHECK (empty IN (0, 1)) -- 0: what it held may still be there, so it is not used yet
);

CREATE INDEX free_block_to_empty ON free_block (block) WHERE empty = 0;

CREATE TRIGGER attachment_block_freed AFTER DELETE ON attachment_block
BEGIN
  INSERT INTO free_block (block) VALUES (OLD.block);
END;
