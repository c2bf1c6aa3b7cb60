/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* For SQLite. Ids are random, so a bundle changes pages all over their index. Enough of them stay opened (256 MiB) that a million
 * records do not make each page be read and decrypted for each record: the index has 80 MiB then, and some 150 MiB of pages that are
 * written once pass through between two changes of one of its own. And the log is copied only where it has grown as large as 128 MiB
 * (in pages), so that a page which several bundles change is copied once, and a part of the page table stored once. */
#define MERE_PLACE_CACHE "PRAGMA cache_size = -262144; PRAGMA wal_autocheckpoint = 32768"

/**
 * MerePlace:
 * @vault: folder of a vault, or %NULL
 * @address: of a database, or %NULL; see sync/hq/postgres.h
 * @folder: (nullable): where a database's bundles lie that come in, go out and are held back; %NULL: the user's state folder
 *
 * Where headquarters keeps what it has: one of the first two.
 */
typedef struct
{
  char *vault;
  char *address;
  char *folder;
} MerePlace;

/* Whether one of the two is given. */
gboolean mere_place_check (const MerePlace *self, GError **error);

/* Makes the store of a new headquarters, or opens that of one; each costs a key derivation. (transfer full) */
MereStore *mere_place_create (const MerePlace *self, const MereSecret *passphrase, GError **error) G_GNUC_WARN_UNUSED_RESULT;
MereStore *mere_place_open (const MerePlace *self, const MereSecret *passphrase, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full): the folder that all of headquarters' files lie in. */
char *mere_place_dup_folder (const MerePlace *self);

/* Takes back a mere_place_create() whose headquarters did not come about; takes @store. */
gboolean mere_place_undo (const MerePlace *self, MereStore *store, GError **error);

G_END_DECLS
