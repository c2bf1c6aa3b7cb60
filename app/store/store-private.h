/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"
#include "app/store/database.h"

G_BEGIN_DECLS

/* What store.c and statement.c share. */

#define MERE_STORE_N_TOPICS 9
G_STATIC_ASSERT (MERE_STORE_ALL == (1 << MERE_STORE_N_TOPICS) - 1);

struct _MereStore
{
  gatomicrefcount references;

  /* Held from a begin to its commit, and while a statement is in use: what another thread reads is never half done.
   * Guards everything below. */
  GRecMutex     lock;
  MereDatabase *database; /* NULL: closed */
  guint         depth;    /* of transactions; all of the thread that holds the lock */
  guint         touched;

  char       *folder; /* beside the database, where it lies in no vault */
  MereSecret *seal;   /* what secrets are sealed with, where the database itself is not */

  GHashTable *idle; /* SQL text (of the statement itself) → MerePrepared */
  GHashTable *busy; /* set of MereStatement */

  guint64 generations[MERE_STORE_N_TOPICS];
  GSList *watches;
  guint   last_watch;
};

/* Runs a statement of the transaction machinery, whatever state the transaction is in. */
gboolean mere_store_run_raw (MereStore *self, const char *sql, GError **error);

/* Finalizes every statement, in use or not. */
void mere_store_drop_statements (MereStore *self);

/* Fails where the store is closed, or where the database gave the transaction up by itself, as SQLite does when the
 * disk is full: each further statement would then be a transaction of its own. */
gboolean mere_store_check_whole (MereStore *self, GError **error);

G_END_DECLS
