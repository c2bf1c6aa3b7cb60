/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/bundle-reader.h"
#include "sync/bundle-writer.h"

G_BEGIN_DECLS

/* The load of a bench: records and pictures in memory, the keys of both ends, and a folder. */
typedef struct
{
  char             *folder;
  GPtrArray        *contents; /* GBytes: records, then pictures */
  guint             n_records;
  guint64           size; /* of all contents */
  MereSecret       *sign;
  GPtrArray        *identities; /* headquarters' */
  char             *recipient;
  MereBundleWriter *writer; /* all contents announced: their hashes are known, as they are in a vault */
} Road;

Road *road_new (void);
void  road_free (Road *self);

/* Seals everything once more; (transfer full): what was made. */
MereSealed *road_seal (Road *self);

/* Opens and reads it to the end. */
void road_read (Road *self, const MereSealed *sealed);

/* The same contents as plain files in a folder "plain", for other tools. */
void road_save_files (Road *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Road, road_free)

G_END_DECLS
