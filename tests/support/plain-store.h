/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/instrument.h"
#include "app/store/store.h"

G_BEGIN_DECLS

/* A store over a plain SQLite file in a temporary folder: what it holds outlives its closing, as that of a vault does. */
typedef struct
{
  char      *folder;
  char      *path;
  MereStore *store;
} MerePlainStore;

MerePlainStore *mere_plain_store_new (void);
void            mere_plain_store_free (MerePlainStore *self); /* and the folder */

/* Closes it as a crash would find it, and opens it again. */
void mere_plain_store_reopen (MerePlainStore *self);

/* Lets the database grow by @pages at most from now on, -1 for as much as it likes. */
void mere_plain_store_limit (MerePlainStore *self, int pages);

/* Whether every transaction fails at its very end. */
void mere_plain_store_refuse_commits (MerePlainStore *self, gboolean refuse);

/* One number from the database. */
gint64 mere_plain_store_ask (MerePlainStore *self, const char *sql);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MerePlainStore, mere_plain_store_free)

G_END_DECLS
