/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/block.h"

#include "app/store/statement.h"
#include "app/store/store-private.h"

/* With the store's lock held: another thread may close the vault. */
static MereContentFile *
get_file (MereStore *store)
{
  MereVault *vault = store->database != NULL ? mere_store_get_vault (store) : NULL;

  return vault != NULL ? mere_vault_get_content (vault) : NULL;
}

gboolean
mere_block_is_kept (MereStore *store)
{
  gboolean kept;

  g_rec_mutex_lock (&store->lock);
  kept = get_file (store) != NULL;
  g_rec_mutex_unlock (&store->lock);
  return kept;
}

/* The first column of the first row; 0 where there is none. */
static gboolean
ask (MereStore *store, const char *sql, gint64 *number, GError **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);
  gboolean row;

  *number = 0;
  if (query == NULL || !mere_statement_step (query, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  *number = mere_statement_get_int (query, 0);
  return mere_statement_step (query, &row, error); /* a RETURNING is done at its end */
}

#define LAST "SELECT coalesce (max (block), 0) FROM attachment_block"

/* One that was emptied, or else the one behind the last. */
static gboolean
take_block (MereStore *store, gint64 *block, GError **error)
{
  gint64 free_last;

  if (!ask (store, "DELETE FROM free_block WHERE block = (SELECT min (block) FROM free_block WHERE empty = 1) RETURNING block", block, error))
    return FALSE;
  if (*block > 0)
    return TRUE;
  if (!ask (store, LAST, block, error) || !ask (store, "SELECT max (block) FROM free_block", &free_last, error))
    return FALSE;
  *block = MAX (*block, free_last) + 1;
  return TRUE;
}

static gboolean
name_block (MereStore *store, gint64 block, gint64 attachment, gint64 number, gint64 version, GError **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO attachment_block (block, attachment, number, version) VALUES (?1, ?2, ?3, ?4)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, block);
  mere_statement_bind_int (insert, 2, attachment);
  mere_statement_bind_int (insert, 3, number);
  mere_statement_bind_int (insert, 4, version);
  return mere_statement_run (insert, error);
}

gboolean
mere_block_write (MereStore *store, gint64 attachment, gint64 number, const guint8 *bytes, GError **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  gint64 block, version;

  return work != NULL && take_block (store, &block, error) &&
         mere_content_file_write (get_file (store), (guint32) block, bytes, &version, error) &&
         name_block (store, block, attachment, number, version, error) && mere_transaction_commit (g_steal_pointer (&work), error);
}

static GBytes *
read_block (MereStore *store, guint32 block, gint64 version, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (MERE_BLOCK_SIZE);
  GError            *failure = NULL;

  if (mere_content_file_read (get_file (store), block, version, bytes, &failure))
    return g_bytes_new_take (g_steal_pointer (&bytes), MERE_BLOCK_SIZE);
  if (g_error_matches (failure, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED))
    g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED, failure->message);
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  g_clear_error (&failure);
  return NULL;
}

/* The statement keeps the store from being closed meanwhile. */
GBytes *
mere_block_read (MereStore *store, gint64 attachment, gint64 number, GError **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT block, version FROM attachment_block WHERE attachment = ?1 AND number = ?2", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, attachment);
  mere_statement_bind_int (query, 2, number);
  if (!mere_statement_step (query, &row, error) || !row)
    return NULL;
  return read_block (store, (guint32) mere_statement_get_int (query, 0), mere_statement_get_int (query, 1), error);
}

gboolean
mere_block_sync (MereStore *store, GError **error)
{
  MereContentFile *file = get_file (store);

  return file == NULL || mere_content_file_sync (file, error);
}

/* Emptied before the rows say so: a crash between the two empties once more. */
static gboolean
empty_all (MereStore *store, MereContentFile *file, GError **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT block FROM free_block WHERE empty = 0", error);
  gboolean row;

  while (query != NULL)
    {
      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (!row)
        return mere_content_file_sync (file, error);
      if (!mere_content_file_empty (file, (guint32) mere_statement_get_int (query, 0), error))
        return FALSE;
    }
  return FALSE;
}

/* Within a transaction what is free may come back. */
static gboolean
settle (MereStore *store, MereContentFile *file, GError **error)
{
  gint64 any;
  g_autoptr (MereTransaction) work = NULL;

  if (file == NULL || store->depth > 0 || mere_content_file_is_held (file))
    return TRUE;
  if (!ask (store, "SELECT 1 FROM free_block WHERE empty = 0 LIMIT 1", &any, error))
    return FALSE;
  if (any == 0)
    return TRUE;
  work = mere_transaction_begin (store, error);
  return work != NULL && empty_all (store, file, error) && mere_store_execute (store, "UPDATE free_block SET empty = 1 WHERE empty = 0", error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

gboolean
mere_block_settle (MereStore *store, GError **error)
{
  gboolean done;

  g_rec_mutex_lock (&store->lock);
  done = settle (store, get_file (store), error);
  g_rec_mutex_unlock (&store->lock);
  return done;
}

/* Nobody else has the store yet. */
gboolean
mere_block_tidy (MereStore *store, GError **error)
{
  MereContentFile *file = get_file (store);
  gint64           last;

  return file == NULL || (mere_block_settle (store, error) &&
                          mere_store_execute (store, "DELETE FROM free_block WHERE empty = 1 AND block > (" LAST ")", error) &&
                          ask (store, LAST, &last, error) && mere_content_file_cut (file, (guint32) last, error) &&
                          mere_content_file_sync (file, error));
}
