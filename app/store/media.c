/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/media.h"

#include "app/store/digest.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"

#include <string.h>

#define MAX_NAME 240 /* bytes */

MereMedia *
mere_media_new (const char *name,
                const char *b2)
{
  MereMedia *self = g_new (MereMedia, 1);

  self->name = g_strdup (name);
  self->b2 = g_strdup (b2);
  return self;
}

void
mere_media_free (MereMedia *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->b2);
  g_free (self);
}

gboolean
mere_media_is_name (const char *name)
{
  if (*name == '\0' || *name == '.' || strlen (name) > MAX_NAME || strpbrk (name, "/\\") != NULL || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

static gboolean
save_content (MereStore  *store,
              const char *b2,
              GBytes     *content,
              GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO media_file (b2, content) VALUES (?1, ?2) ON CONFLICT DO NOTHING", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, b2);
  mere_statement_bind_bytes (insert, 2, content);
  return mere_statement_run (insert, error);
}

static gboolean
remove_name (MereStore  *store,
             gint64      instrument,
             const char *name,
             GError    **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (
    store, "DELETE FROM instrument_media WHERE instrument = ?1 AND name = ?2", error);

  if (delete == NULL)
    return FALSE;
  mere_statement_bind_int (delete, 1, instrument);
  mere_statement_bind_text (delete, 2, name);
  return mere_statement_run (delete, error);
}

static gboolean
insert_name (MereStore  *store,
             gint64      instrument,
             const char *name,
             const char *b2,
             GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO instrument_media (instrument, name, b2) VALUES (?1, ?2, ?3)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, instrument);
  mere_statement_bind_text (insert, 2, name);
  mere_statement_bind_text (insert, 3, b2);
  return mere_statement_run (insert, error);
}

static gboolean
remove_unused (MereStore *store,
               GError   **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (
    store, "DELETE FROM media_file WHERE NOT EXISTS (SELECT 1 FROM instrument_media AS m WHERE m.b2 = media_file.b2)", error);

  return delete != NULL && mere_statement_run (delete, error);
}

gboolean
mere_media_save (MereStore  *store,
                 gint64      instrument,
                 const char *name,
                 GBytes     *content,
                 GError    **error)
{
  g_autofree char *b2 = mere_digest_dup_hex_of_bytes (content);
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  return work != NULL && save_content (store, b2, content, error) && remove_name (store, instrument, name, error) &&
         insert_name (store, instrument, name, b2, error) && remove_unused (store, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

gboolean
mere_media_clear (MereStore *store,
                  gint64     instrument,
                  GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereStatement) delete = NULL;

  if (work == NULL)
    return FALSE;
  delete = mere_statement_new (store, "DELETE FROM instrument_media WHERE instrument = ?1", error);
  if (delete == NULL)
    return FALSE;
  mere_statement_bind_int (delete, 1, instrument);
  return mere_statement_run (delete, error) && remove_unused (store, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

static gpointer
read_row (MereStatement *query)
{
  return mere_media_new (mere_statement_get_text (query, 0), mere_statement_get_text (query, 1));
}

GPtrArray *
mere_media_list (MereStore *store,
                 gint64     instrument,
                 GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT name, b2 FROM instrument_media WHERE instrument = ?1 ORDER BY name", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, instrument);
  return mere_statement_read_all (query, read_row, (GDestroyNotify) mere_media_free, error);
}

GBytes *
mere_media_load (MereStore  *store,
                 gint64      instrument,
                 const char *name,
                 GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT f.content FROM instrument_media AS m JOIN media_file AS f ON f.b2 = m.b2 WHERE m.instrument = ?1 AND m.name = ?2",
    error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, instrument);
  mere_statement_bind_text (query, 2, name);
  return mere_statement_step (query, &row, error) && row ? mere_statement_dup_bytes (query, 0) : NULL;
}

GBytes *
mere_media_load_content (MereStore  *store,
                         const char *b2,
                         GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT content FROM media_file WHERE b2 = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, b2);
  return mere_statement_step (query, &row, error) && row ? mere_statement_dup_bytes (query, 0) : NULL;
}
