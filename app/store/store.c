/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening and closing, transactions, and who is told of changes. SQL is in the modules of the subjects. */

#include "config.h"

#include "app/store/store.h"
#include "app/store/store-private.h"

#include "app/store/block.h"
#include "app/store/migration.h"
#include "app/store/sqlite.h"
#include "app/store/statement.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (mere_store_error, mere_store_error)

/* One who wants to know. The source is attached while there is something to tell. */
typedef struct
{
  guint            id;
  guint            topics;
  guint            pending;
  MereStoreChanged changed;
  gpointer         user_data;
  GMainContext    *context;
  GSource         *source;
} Watch;

/* What an idle source carries: it finds its watch by id, so that a watch may end at any time. */
typedef struct
{
  MereStore *store;
  guint      id;
} Notice;

static void
watch_silence (Watch *watch)
{
  if (watch->source == NULL)
    return;
  g_source_destroy (watch->source);
  g_clear_pointer (&watch->source, g_source_unref);
}

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  watch_silence (watch);
  g_main_context_unref (watch->context);
  g_free (watch);
}

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  mere_store_unref (notice->store);
  g_free (notice);
}

static Watch *
find_watch (MereStore *self,
            guint      id)
{
  for (GSList *link = self->watches; link != NULL; link = link->next)
    if (((Watch *) link->data)->id == id)
      return link->data;
  return NULL;
}

static gboolean
deliver_notice (gpointer data)
{
  Notice          *notice = data;
  Watch           *watch;
  MereStoreChanged changed = NULL;
  gpointer         user_data = NULL;
  guint            topics = 0;

  g_rec_mutex_lock (&notice->store->lock);
  watch = find_watch (notice->store, notice->id);
  if (watch != NULL)
    {
      changed = watch->changed;
      user_data = watch->user_data;
      topics = watch->pending;
      watch->pending = 0;
      g_clear_pointer (&watch->source, g_source_unref);
    }
  g_rec_mutex_unlock (&notice->store->lock);
  if (changed != NULL)
    changed (notice->store, topics, user_data);
  return G_SOURCE_REMOVE;
}

static void
watch_tell (Watch     *watch,
            MereStore *self,
            guint      topics)
{
  Notice *notice;

  watch->pending |= topics & watch->topics;
  if (watch->pending == 0 || watch->source != NULL)
    return;
  notice = g_new (Notice, 1);
  notice->store = mere_store_ref (self);
  notice->id = watch->id;
  watch->source = g_idle_source_new ();
  g_source_set_callback (watch->source, deliver_notice, notice, notice_free);
  g_source_attach (watch->source, watch->context);
}

static void
tell_changes (MereStore *self)
{
  guint topics = self->touched;

  self->touched = 0;
  for (guint i = 0; i < MERE_STORE_N_TOPICS; i++)
    if (topics & (1u << i))
      self->generations[i]++;
  for (GSList *link = self->watches; link != NULL; link = link->next)
    watch_tell (link->data, self, topics);
}

static MereStore *
store_new (MereDatabase *database)
{
  MereStore *self = g_new0 (MereStore, 1);

  g_atomic_ref_count_init (&self->references);
  g_rec_mutex_init (&self->lock);
  self->database = database;
  self->idle = g_hash_table_new (g_str_hash, g_str_equal);
  self->busy = g_hash_table_new (NULL, NULL);
  return self;
}

/* What a crash may have left: attachments that were being written. */
static gboolean
tidy (MereStore *self,
      GError   **error)
{
  return mere_store_execute (self, "DELETE FROM attachment WHERE b2 IS NULL", error) && mere_block_tidy (self, error);
}

MereStore *
mere_store_open_engine (MereDatabase *database,
                        GError      **error)
{
  g_autoptr (MereStore) self = store_new (database);

  return mere_migration_apply (self, G_MAXUINT, error) && tidy (self, error) ? g_steal_pointer (&self) : NULL;
}

#define PRAGMAS "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"

static MereStore *
open_sqlite (MereDatabase *database,
             const char   *pragmas,
             GError      **error)
{
  if (database->engine->execute (database, pragmas, error))
    return mere_store_open_engine (database, error);
  database->engine->close (database);
  return NULL;
}

MereStore *
mere_store_open (MereVault *vault,
                 GError   **error)
{
  g_return_val_if_fail (vault != NULL, NULL);
  return open_sqlite (mere_sqlite_new (mere_vault_get_database (vault), vault), PRAGMAS, error);
}

MereStore *
mere_store_open_database (sqlite3 *database,
                          GError **error)
{
  g_return_val_if_fail (database != NULL, NULL);
  return open_sqlite (mere_sqlite_new (database, NULL), "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" PRAGMAS, error);
}

/* With the lock held. Transactions of this thread that are still open find the store closed when they end. */
static void
close_database (MereStore *self)
{
  if (self->database == NULL)
    return;
  if (self->database->engine->in_transaction (self->database))
    mere_store_run_raw (self, "ROLLBACK", NULL);
  self->touched = 0;
  mere_store_drop_statements (self);
  self->database->engine->close (self->database);
  self->database = NULL;
  g_clear_pointer (&self->seal, mere_secret_free);
  g_slist_free_full (g_steal_pointer (&self->watches), watch_free);
}

void
mere_store_close (MereStore *self)
{
  if (self == NULL)
    return;
  g_rec_mutex_lock (&self->lock);
  close_database (self);
  g_rec_mutex_unlock (&self->lock);
  mere_store_unref (self);
}

MereStore *
mere_store_ref (MereStore *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
mere_store_unref (MereStore *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  close_database (self);
  g_hash_table_unref (self->idle);
  g_hash_table_unref (self->busy);
  g_free (self->folder);
  g_rec_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
mere_store_is_open (MereStore *self)
{
  return self->database != NULL;
}

MereVault *
mere_store_get_vault (MereStore *self)
{
  return mere_sqlite_get_vault (self->database);
}

MereVault *
mere_store_hold_vault (MereStore *self,
                       GError   **error)
{
  MereVault *vault;

  g_rec_mutex_lock (&self->lock);
  vault = mere_store_get_vault (self);
  if (vault != NULL)
    vault = mere_vault_hold (vault);
  g_rec_mutex_unlock (&self->lock);
  if (vault == NULL)
    g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CLOSED, _ ("The vault is locked."));
  return vault;
}

sqlite3 *
mere_store_get_database (MereStore *self)
{
  return mere_sqlite_get_connection (self->database);
}

gboolean
mere_store_is_shared (MereStore *self)
{
  return self->database != NULL && self->database->engine->lock != NULL;
}

void
mere_store_set_folder (MereStore  *self,
                       const char *folder)
{
  g_free (self->folder);
  self->folder = g_strdup (folder);
}

const char *
mere_store_get_folder (MereStore *self)
{
  return self->folder;
}

void
mere_store_set_seal (MereStore  *self,
                     MereSecret *key)
{
  g_clear_pointer (&self->seal, mere_secret_free);
  self->seal = key;
}

const MereSecret *
mere_store_get_seal (MereStore *self)
{
  return self->seal;
}

static gboolean
is_given_up (MereStore *self)
{
  return self->depth > 0 && !self->database->engine->in_transaction (self->database);
}

gboolean
mere_store_run_raw (MereStore  *self,
                    const char *sql,
                    GError    **error)
{
  return self->database->engine->execute (self->database, sql, error);
}

gboolean
mere_store_check_whole (MereStore *self,
                        GError   **error)
{
  if (self->database == NULL)
    {
      g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CLOSED, _ ("The vault is locked."));
      return FALSE;
    }
  if (!is_given_up (self))
    return TRUE;
  g_set_error_literal (error,
                       MERE_STORE_ERROR,
                       MERE_STORE_ERROR_FAILED,
                       _ ("The change was given up as a whole after an error. What was saved before is kept."));
  return FALSE;
}

gboolean
mere_store_begin (MereStore *self,
                  GError   **error)
{
  g_rec_mutex_lock (&self->lock);
  /* All savepoints have one name: the innermost is meant. */
  if (mere_store_check_whole (self, error) &&
      mere_store_run_raw (self, self->depth == 0 ? self->database->engine->begin : "SAVEPOINT level", error))
    {
      self->depth++;
      return TRUE;
    }
  g_rec_mutex_unlock (&self->lock);
  return FALSE;
}

static void
undo_level (MereStore *self)
{
  if (self->database == NULL || is_given_up (self))
    return;
  if (self->depth == 1)
    mere_store_run_raw (self, "ROLLBACK", NULL);
  else if (mere_store_run_raw (self, "ROLLBACK TO level", NULL))
    mere_store_run_raw (self, "RELEASE level", NULL);
}

static void
leave_level (MereStore *self)
{
  if (--self->depth == 0)
    tell_changes (self);
  g_rec_mutex_unlock (&self->lock);
}

gboolean
mere_store_commit (MereStore *self,
                   GError   **error)
{
  g_return_val_if_fail (self->depth > 0, FALSE);
  if (!mere_store_check_whole (self, error) || (self->depth == 1 && !mere_block_sync (self, error)) ||
      !mere_store_run_raw (self, self->depth == 1 ? "COMMIT" : "RELEASE level", error))
    {
      mere_store_rollback (self);
      return FALSE;
    }
  leave_level (self);
  mere_block_settle (self, NULL); /* it is committed, whatever becomes of this */
  return TRUE;
}

void
mere_store_rollback (MereStore *self)
{
  g_return_if_fail (self->depth > 0);
  undo_level (self);
  /* Topics that an outer level touched stay touched: one notice too many does no harm. */
  if (self->depth == 1)
    self->touched = 0;
  leave_level (self);
}

struct _MereTransaction
{
  MereStore *store;
};

MereTransaction *
mere_transaction_begin (MereStore *store,
                        GError   **error)
{
  MereTransaction *self;

  if (!mere_store_begin (store, error))
    return NULL;
  self = g_new (MereTransaction, 1);
  self->store = mere_store_ref (store);
  return self;
}

static MereStore *
transaction_end (MereTransaction *self)
{
  MereStore *store = self->store;

  g_free (self);
  return store;
}

gboolean
mere_transaction_commit (MereTransaction *self,
                         GError         **error)
{
  g_autoptr (MereStore) store = transaction_end (self);

  return mere_store_commit (store, error);
}

void
mere_transaction_free (MereTransaction *self)
{
  g_autoptr (MereStore) store = NULL;

  if (self == NULL)
    return;
  store = transaction_end (self);
  mere_store_rollback (store);
}

void
mere_store_touch (MereStore *self,
                  guint      topics)
{
  g_rec_mutex_lock (&self->lock);
  self->touched |= topics & MERE_STORE_ALL;
  if (self->depth == 0)
    tell_changes (self);
  g_rec_mutex_unlock (&self->lock);
}

guint64
mere_store_get_generation (MereStore     *self,
                           MereStoreTopic topic)
{
  guint64 generation;

  g_return_val_if_fail (topic > 0 && topic < MERE_STORE_ALL, 0);
  g_rec_mutex_lock (&self->lock);
  generation = self->generations[g_bit_nth_lsf (topic, -1)];
  g_rec_mutex_unlock (&self->lock);
  return generation;
}

guint
mere_store_watch (MereStore       *self,
                  guint            topics,
                  MereStoreChanged changed,
                  gpointer         user_data)
{
  Watch *watch = g_new0 (Watch, 1);
  guint  id;

  watch->topics = topics;
  watch->changed = changed;
  watch->user_data = user_data;
  watch->context = g_main_context_ref_thread_default ();
  g_rec_mutex_lock (&self->lock);
  watch->id = id = ++self->last_watch;
  self->watches = g_slist_append (self->watches, watch);
  g_rec_mutex_unlock (&self->lock);
  return id;
}

void
mere_store_unwatch (MereStore *self,
                    guint      id)
{
  Watch *watch;

  g_rec_mutex_lock (&self->lock);
  watch = find_watch (self, id);
  if (watch != NULL)
    {
      self->watches = g_slist_remove (self->watches, watch);
      watch_free (watch);
    }
  g_rec_mutex_unlock (&self->lock);
}
