/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/rescue-table.h"
#include "app/vault/rescue.h"

G_BEGIN_DECLS

/* What the parts of a rescue share. */

/* A table that is copied. */
typedef struct
{
  const MereRescueLine *line;
  MereRescueTable      *table;
  GHashTable           *lost;      /* set of gint64: numbers of rows that were there and did not open so far */
  gboolean              is_listed; /* whether an index lists all rows, and @lost has those that are missing */
  gint64                n_lost;    /* rows without a number that do not open */
} MereRescueJob;

typedef struct
{
  MereWreck        *from;
  sqlite3          *to;
  MereRescue       *rescue;
  MereVaultProgress progress;
  gpointer          data;
  GCancellable     *cancellable;
  MereWreckMap     *map;
  GPtrArray        *lines; /* MereRescueLine */
  GPtrArray        *jobs;  /* MereRescueJob */
  GByteArray       *payload;
  guint             done, all; /* pages */
} MereRescueWork;

/* Copies the rows of a table, from the @first of its tree's pages on. Fails where the new database cannot be written. */
gboolean mere_rescue_copy_pages (MereRescueWork *self, MereRescueJob *job, guint first, GError **error);

G_END_DECLS
