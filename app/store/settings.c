/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/settings.h"

#include "app/store/statement.h"

/* The statement stands on the row; NULL without an error where there is none. */
static MereStatement *
find (MereStore  *store,
      const char *key,
      GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT value FROM setting WHERE key = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, key);
  if (!mere_statement_step (query, &row, error) || !row)
    return NULL;
  return g_steal_pointer (&query);
}

char *
mere_settings_load_text (MereStore  *store,
                         const char *key,
                         GError    **error)
{
  g_autoptr (MereStatement) query = find (store, key, error);

  return query != NULL ? mere_statement_dup_text (query, 0) : NULL;
}

GBytes *
mere_settings_load_bytes (MereStore  *store,
                          const char *key,
                          GError    **error)
{
  g_autoptr (MereStatement) query = find (store, key, error);

  return query != NULL ? mere_statement_dup_bytes (query, 0) : NULL;
}

gint64
mere_settings_load_int (MereStore  *store,
                        const char *key,
                        gint64      fallback)
{
  g_autoptr (MereStatement) query = find (store, key, NULL);

  return query != NULL ? mere_statement_get_int (query, 0) : fallback;
}

/* @statement has the key at 1 and, where it inserts, the value at 2. */
static gboolean
finish (MereStore     *store,
        MereStatement *statement,
        const char    *key,
        GError       **error)
{
  mere_statement_bind_text (statement, 1, key);
  if (!mere_statement_run (statement, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_SETTINGS);
  return TRUE;
}

static gboolean
unset (MereStore  *store,
       const char *key,
       GError    **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (store, "DELETE FROM setting WHERE key = ?1", error);

  return delete != NULL && finish (store, delete, key, error);
}

static MereStatement *
prepare_save (MereStore *store,
              GError   **error)
{
  return mere_statement_new (store,
                             "INSERT INTO setting (key, value) VALUES (?1, ?2)"
                             " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                             error);
}

gboolean
mere_settings_save_text (MereStore  *store,
                         const char *key,
                         const char *text,
                         GError    **error)
{
  g_autoptr (MereStatement) save = NULL;

  if (text == NULL)
    return unset (store, key, error);
  save = prepare_save (store, error);
  if (save == NULL)
    return FALSE;
  mere_statement_bind_text (save, 2, text);
  return finish (store, save, key, error);
}

gboolean
mere_settings_save_bytes (MereStore  *store,
                          const char *key,
                          GBytes     *bytes,
                          GError    **error)
{
  g_autoptr (MereStatement) save = NULL;

  if (bytes == NULL)
    return unset (store, key, error);
  save = prepare_save (store, error);
  if (save == NULL)
    return FALSE;
  mere_statement_bind_bytes (save, 2, bytes);
  return finish (store, save, key, error);
}

gboolean
mere_settings_save_int (MereStore  *store,
                        const char *key,
                        gint64      value,
                        GError    **error)
{
  g_autoptr (MereStatement) save = prepare_save (store, error);

  if (save == NULL)
    return FALSE;
  mere_statement_bind_int (save, 2, value);
  return finish (store, save, key, error);
}
