/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Statements: a cache of prepared ones, whatever the engine. */

#include "config.h"

#include "app/store/statement.h"
#include "app/store/store-private.h"

#include <math.h>
#include <string.h>

/* Statements kept prepared. The modules here use about a hundred; one costs some kilobytes. */
#define CACHE_SIZE 256

struct _MereStatement
{
  MereStore        *store;
  const MereEngine *engine;
  MerePrepared     *prepared; /* NULL once the store was closed */
};

static MerePrepared *
take_prepared (MereStore  *store,
               const char *sql,
               GError    **error)
{
  MerePrepared *prepared = g_hash_table_lookup (store->idle, sql);

  if (prepared == NULL)
    return store->database->engine->prepare (store->database, sql, error);
  g_hash_table_remove (store->idle, sql);
  return prepared;
}

static void
give_back (MereStore    *store,
           MerePrepared *prepared)
{
  if (g_hash_table_size (store->idle) >= CACHE_SIZE || g_hash_table_contains (store->idle, prepared->sql))
    {
      store->database->engine->finalize (prepared);
      return;
    }
  store->database->engine->clear (prepared);
  g_hash_table_insert (store->idle, prepared->sql, prepared);
}

MereStatement *
mere_statement_new (MereStore  *store,
                    const char *sql,
                    GError    **error)
{
  MereStatement *self;
  MerePrepared  *prepared;

  g_rec_mutex_lock (&store->lock);
  prepared = mere_store_check_whole (store, error) ? take_prepared (store, sql, error) : NULL;
  if (prepared == NULL)
    {
      g_rec_mutex_unlock (&store->lock);
      return NULL;
    }
  self = g_new (MereStatement, 1);
  self->store = mere_store_ref (store);
  self->engine = store->database->engine;
  self->prepared = prepared;
  g_hash_table_add (store->busy, self);
  return self;
}

void
mere_statement_free (MereStatement *self)
{
  MereStore *store;

  if (self == NULL)
    return;
  store = self->store;
  g_hash_table_remove (store->busy, self);
  if (self->prepared != NULL)
    give_back (store, self->prepared);
  g_free (self);
  g_rec_mutex_unlock (&store->lock);
  mere_store_unref (store);
}

void
mere_store_drop_statements (MereStore *self)
{
  GHashTableIter iter;
  gpointer       item;

  g_hash_table_iter_init (&iter, self->busy);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    g_clear_pointer (&((MereStatement *) item)->prepared, self->database->engine->finalize);
  g_hash_table_iter_init (&iter, self->idle);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    {
      g_hash_table_iter_steal (&iter);
      self->database->engine->finalize (item);
    }
}

static void
bind (MereStatement   *self,
      int              parameter,
      const MereValue *value)
{
  if (self->prepared != NULL)
    self->engine->bind (self->prepared, parameter, value);
}

void
mere_statement_bind_text (MereStatement *self,
                          int            parameter,
                          const char    *text)
{
  MereValue value = mere_value_text (text);

  bind (self, parameter, &value);
}

void
mere_statement_bind_int (MereStatement *self,
                         int            parameter,
                         gint64         number)
{
  MereValue value = mere_value_int (number);

  bind (self, parameter, &value);
}

void
mere_statement_bind_real (MereStatement *self,
                          int            parameter,
                          double         number)
{
  MereValue value = { .kind = isnan (number) ? MERE_VALUE_NULL : MERE_VALUE_REAL, .real = number };

  bind (self, parameter, &value);
}

void
mere_statement_bind_data (MereStatement *self,
                          int            parameter,
                          const void    *data,
                          gsize          size)
{
  MereValue value = { .kind = MERE_VALUE_BYTES, .data = data, .size = size };

  bind (self, parameter, &value);
}

void
mere_statement_bind_lasting (MereStatement *self,
                             int            parameter,
                             const void    *data,
                             gsize          size)
{
  MereValue value = { .kind = MERE_VALUE_BYTES, .data = data, .size = size, .lasts = TRUE };

  bind (self, parameter, &value);
}

void
mere_statement_bind_bytes (MereStatement *self,
                           int            parameter,
                           GBytes        *bytes)
{
  MereValue value = mere_value_bytes (bytes);

  bind (self, parameter, &value);
}

void
mere_statement_bind_null (MereStatement *self,
                          int            parameter)
{
  MereValue value = { .kind = MERE_VALUE_NULL };

  bind (self, parameter, &value);
}

gboolean
mere_statement_step (MereStatement *self,
                     gboolean      *row,
                     GError       **error)
{
  *row = FALSE;
  return mere_store_check_whole (self->store, error) && self->engine->step (self->prepared, row, error);
}

gboolean
mere_statement_run (MereStatement *self,
                    GError       **error)
{
  gboolean row;

  do
    if (!mere_statement_step (self, &row, error))
      return FALSE;
  while (row);
  mere_statement_reset (self);
  return TRUE;
}

void
mere_statement_reset (MereStatement *self)
{
  if (self->prepared != NULL)
    self->engine->reset (self->prepared);
}

const char *
mere_statement_get_text (MereStatement *self,
                         int            column)
{
  return self->engine->get_text (self->prepared, column);
}

char *
mere_statement_dup_text (MereStatement *self,
                         int            column)
{
  return g_strdup (mere_statement_get_text (self, column));
}

gint64
mere_statement_get_int (MereStatement *self,
                        int            column)
{
  return self->engine->get_int (self->prepared, column);
}

double
mere_statement_get_real (MereStatement *self,
                         int            column)
{
  return self->engine->get_real (self->prepared, column);
}

const void *
mere_statement_get_data (MereStatement *self,
                         int            column,
                         gsize         *size)
{
  return self->engine->get_data (self->prepared, column, size);
}

GBytes *
mere_statement_dup_bytes (MereStatement *self,
                          int            column)
{
  gsize       size;
  const void *data;

  if (mere_statement_is_null (self, column))
    return NULL;
  data = mere_statement_get_data (self, column, &size);
  return g_bytes_new (data, size);
}

gboolean
mere_statement_is_null (MereStatement *self,
                        int            column)
{
  return self->engine->is_null (self->prepared, column);
}

gboolean
mere_store_execute (MereStore  *self,
                    const char *sql,
                    GError    **error)
{
  gboolean done;

  g_rec_mutex_lock (&self->lock);
  done = mere_store_check_whole (self, error) && self->database->engine->execute (self->database, sql, error);
  g_rec_mutex_unlock (&self->lock);
  return done;
}

/* @sql is %NULL where there is nobody to wait for. */
static gboolean
wait_for (MereStore  *self,
          const char *sql,
          const char *name,
          GError    **error)
{
  g_autoptr (MereStatement) wait = NULL;

  g_return_val_if_fail (self->depth > 0, FALSE);
  if (!mere_store_check_whole (self, error))
    return FALSE;
  if (sql == NULL)
    return TRUE;
  wait = mere_statement_new (self, sql, error);
  if (wait == NULL)
    return FALSE;
  mere_statement_bind_text (wait, 1, name);
  return mere_statement_run (wait, error);
}

gboolean
mere_store_lock (MereStore  *self,
                 const char *name,
                 GError    **error)
{
  return wait_for (self, self->database != NULL ? self->database->engine->lock : NULL, name, error);
}

gboolean
mere_store_lock_shared (MereStore  *self,
                        const char *name,
                        GError    **error)
{
  return wait_for (self, self->database != NULL ? self->database->engine->lock_shared : NULL, name, error);
}

gint64
mere_store_get_changes (MereStore *self)
{
  return self->database->engine->get_changes (self->database);
}
