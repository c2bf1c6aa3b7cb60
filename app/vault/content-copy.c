/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/content-copy.h"

#include "app/vault/vault-error.h"

#include <sodium.h>

typedef struct
{
  sqlite3         *rows;
  MereContentFile *from;
  MereContentFile *to;
  MereContentTell  tell;
  gpointer         data;
  guint            done;
  guint8          *content; /* of one block */
} Walk;

typedef gboolean (*Visit) (Walk *walk, guint32 block, gint64 version, GError **error);

static gboolean
fail (sqlite3 *rows, int status, GError **error)
{
  mere_vault_error_set_sqlite (error, rows, status, "", sqlite3_db_filename (rows, "main"));
  return FALSE;
}

static gint64
ask (sqlite3 *rows, const char *sql)
{
  sqlite3_stmt *query = NULL;
  gint64        number = 0;

  if (sqlite3_prepare_v2 (rows, sql, -1, &query, NULL) == SQLITE_OK && sqlite3_step (query) == SQLITE_ROW)
    number = sqlite3_column_int64 (query, 0);
  sqlite3_finalize (query);
  return number;
}

static gboolean
has_table (sqlite3 *rows)
{
  return ask (rows, "SELECT count (*) FROM sqlite_schema WHERE type = 'table' AND name = 'attachment_block'") > 0;
}

guint
mere_content_count (sqlite3 *rows)
{
  return has_table (rows) ? (guint) ask (rows, "SELECT count (*) FROM attachment_block") : 0;
}

/* From one block to the next by its number: what is visited may be deleted. */
static gboolean
visit_next (Walk *self, sqlite3_stmt *query, Visit visit, gboolean *more, GError **error)
{
  int     status = sqlite3_step (query);
  guint32 block = status == SQLITE_ROW ? (guint32) sqlite3_column_int64 (query, 0) : 0;
  gint64  version = status == SQLITE_ROW ? sqlite3_column_int64 (query, 1) : 0;

  sqlite3_reset (query);
  *more = status == SQLITE_ROW;
  if (status == SQLITE_DONE)
    return TRUE;
  if (status != SQLITE_ROW)
    return fail (self->rows, status, error);
  sqlite3_bind_int64 (query, 1, block);
  self->done++;
  return visit (self, block, version, error) && (self->tell == NULL || self->tell (self->data, self->done, error));
}

static gboolean
walk (Walk *self, Visit visit, GError **error)
{
  sqlite3_stmt *query = NULL;
  gboolean      more = TRUE, good = TRUE;
  int           status;

  if (!has_table (self->rows))
    return TRUE;
  status = sqlite3_prepare_v2 (
    self->rows, "SELECT block, version FROM attachment_block WHERE block > coalesce (?1, 0) ORDER BY block LIMIT 1", -1, &query, NULL);
  if (status != SQLITE_OK)
    return fail (self->rows, status, error);
  self->content = g_malloc (MERE_BLOCK_SIZE);
  while (more && good)
    good = visit_next (self, query, visit, &more, error);
  sqlite3_finalize (query);
  sodium_memzero (self->content, MERE_BLOCK_SIZE);
  g_clear_pointer (&self->content, g_free);
  return good;
}

static gboolean
copy_block (Walk *self, guint32 block, gint64 version, GError **error)
{
  if (mere_content_file_read (self->to, block, version, self->content, NULL)) /* by a copy that was cut off */
    return TRUE;
  return mere_content_file_read (self->from, block, version, self->content, error) &&
         mere_content_file_write_version (self->to, block, self->content, version, error);
}

gboolean
mere_content_copy (sqlite3         *rows,
                   MereContentFile *from,
                   MereContentFile *to,
                   MereContentTell  tell,
                   gpointer         data,
                   GError         **error)
{
  Walk self = { .rows = rows, .from = from, .to = to, .tell = tell, .data = data };

  return walk (&self, copy_block, error) && mere_content_file_sync (to, error);
}

static gboolean
read_block (Walk *self, guint32 block, gint64 version, GError **error)
{
  return mere_content_file_read (self->from, block, version, self->content, error);
}

gboolean
mere_content_verify (sqlite3 *rows, MereContentFile *file, MereContentTell tell, gpointer data, GError **error)
{
  Walk self = { .rows = rows, .from = file, .tell = tell, .data = data };

  mere_content_file_forget_cached (file);
  return walk (&self, read_block, error);
}

static gboolean
drop_row (Walk *self, guint32 block, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM attachment_block WHERE block = %u", block);
  int              status = sqlite3_exec (self->rows, sql, NULL, NULL, NULL);

  return status == SQLITE_OK || fail (self->rows, status, error);
}

static gboolean
rescue_block (Walk *self, guint32 block, gint64 version, GError **error)
{
  if (!mere_content_file_read (self->from, block, version, self->content, NULL))
    return drop_row (self, block, error);
  return mere_content_file_write_version (self->to, block, self->content, version, error);
}

gboolean
mere_content_rescue (sqlite3 *rows, MereContentFile *from, MereContentFile *to, GError **error)
{
  Walk self = { .rows = rows, .from = from, .to = to };

  return walk (&self, rescue_block, error) && mere_content_file_sync (to, error);
}
