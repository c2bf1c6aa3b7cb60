/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bundles and where they were placed. Receipts are in receipt.c. */

#include "config.h"

#include "app/store/bundle.h"

#include "app/store/clock.h"
#include "app/store/log.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#define SELECT                                                                           \
  "SELECT b.row, b.name, b.chain, b.chain_no, b.seq, b.b2, b.prev, b.size, b.sealed_at," \
  "       b.sealed_offset_s, b.state,"                                                   \
  "       (SELECT count (*) FROM placement AS p WHERE p.bundle = b.row),"                \
  "       (SELECT count (*) FROM bundle_record AS c WHERE c.bundle = b.row)"             \
  "  FROM bundle AS b"

MereBundle *
mere_bundle_copy (const MereBundle *self)
{
  MereBundle *copy = g_new (MereBundle, 1);

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->chain = g_strdup (self->chain);
  copy->b2 = g_strdup (self->b2);
  copy->prev = g_strdup (self->prev);
  return copy;
}

void
mere_bundle_free (MereBundle *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->chain);
  g_free (self->b2);
  g_free (self->prev);
  g_free (self);
}

static MereBundle *
read_row (MereStatement *query)
{
  MereBundle *self = g_new0 (MereBundle, 1);
  const char *state = mere_statement_get_text (query, 10);

  self->row = mere_statement_get_int (query, 0);
  self->name = mere_statement_dup_text (query, 1);
  self->chain = mere_statement_dup_text (query, 2);
  self->chain_no = mere_statement_get_int (query, 3);
  self->seq = mere_statement_get_int (query, 4);
  self->b2 = mere_statement_dup_text (query, 5);
  self->prev = mere_statement_dup_text (query, 6);
  self->size = mere_statement_get_int (query, 7);
  self->sealed_us = mere_statement_get_int (query, 8);
  self->sealed_offset_s = (gint32) mere_statement_get_int (query, 9);
  self->voided = g_strcmp0 (state, "void") == 0;
  self->acknowledged = g_strcmp0 (state, "acked") == 0;
  self->n_placements = (guint) mere_statement_get_int (query, 11);
  self->n_records = (guint) mere_statement_get_int (query, 12);
  return self;
}

/* NULL without an error where there is no row. */
static MereBundle *
read_one (MereStatement *query,
          GError       **error)
{
  gboolean row;

  return mere_statement_step (query, &row, error) && row ? read_row (query) : NULL;
}

static gboolean
fail_not_found (GError **error)
{
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no such bundle."));
  return FALSE;
}

static gboolean
check_follows (MereStore        *store,
               const MereBundle *bundle,
               GError          **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (MereBundle) newest = mere_bundle_load_newest (store, bundle->chain, &failure);
  gint64 seq = newest != NULL ? newest->seq + 1 : 1;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (bundle->seq == seq && g_strcmp0 (bundle->prev, newest != NULL ? newest->b2 : NULL) == 0)
    return TRUE;
  g_set_error (error,
               MERE_STORE_ERROR,
               MERE_STORE_ERROR_CONFLICT,
               /* Translators: both are numbers of bundles in a sequence */
               _ ("Bundle %" PRId64 " does not follow the newest one of its chain; number %" PRId64
                  " would."),
               bundle->seq,
               seq);
  return FALSE;
}

/* The number of its row; 0 on failure. */
static gint64
insert_bundle (MereStore        *store,
               const MereBundle *bundle,
               GError          **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO bundle (name, chain, chain_no, seq, b2, prev, size, sealed_at, sealed_offset_s)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING row",
    error);
  gboolean row;
  gint64   utc_us;
  gint32   offset_s;

  if (insert == NULL)
    return 0;
  mere_clock_read (&utc_us, &offset_s);
  mere_statement_bind_text (insert, 1, bundle->name);
  mere_statement_bind_text (insert, 2, bundle->chain);
  mere_statement_bind_int (insert, 3, bundle->chain_no);
  mere_statement_bind_int (insert, 4, bundle->seq);
  mere_statement_bind_text (insert, 5, bundle->b2);
  mere_statement_bind_text (insert, 6, bundle->prev);
  mere_statement_bind_int (insert, 7, bundle->size);
  mere_statement_bind_int (insert, 8, utc_us);
  mere_statement_bind_int (insert, 9, offset_s);
  return mere_statement_step (insert, &row, error) ? mere_statement_get_int (insert, 0) : 0;
}

static gboolean
insert_records (MereStore *store,
                gint64     row,
                GPtrArray *records,
                GError   **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO bundle_record (bundle, record) VALUES (?1, ?2)", error);

  for (guint i = 0; insert != NULL && records != NULL && i < records->len; i++)
    {
      mere_statement_bind_int (insert, 1, row);
      mere_statement_bind_text (insert, 2, records->pdata[i]);
      if (!mere_statement_run (insert, error))
        return FALSE;
    }
  return insert != NULL;
}

gint64
mere_bundle_add (MereStore        *store,
                 const MereBundle *bundle,
                 GPtrArray        *records,
                 GError          **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  gint64 row;

  if (work == NULL || !check_follows (store, bundle, error))
    return 0;
  row = insert_bundle (store, bundle, error);
  if (row == 0 || !insert_records (store, row, records, error) ||
      !mere_log_append (store, "bundle", bundle->name, bundle->b2, error))
    return 0;
  mere_store_touch (store, MERE_STORE_BUNDLES | MERE_STORE_RECORDS);
  return mere_transaction_commit (g_steal_pointer (&work), error) ? row : 0;
}

/* Void is what nobody outside has seen. */
#define VOID                                                             \
  "UPDATE bundle SET state = 'void' WHERE row = ?1 AND state = 'sealed'" \
  " AND NOT EXISTS (SELECT 1 FROM placement AS p WHERE p.bundle = bundle.row) RETURNING name, b2"

static gboolean
void_row (MereStore *store,
          gint64     row,
          GError   **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (store, VOID, error);
  g_autofree char *name = NULL;
  g_autofree char *b2 = NULL;
  gboolean         found;

  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, row);
  if (!mere_statement_step (update, &found, error))
    return FALSE;
  if (!found)
    {
      g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("This bundle has left the laptop: it stays."));
      return FALSE;
    }
  name = mere_statement_dup_text (update, 0);
  b2 = mere_statement_dup_text (update, 1);
  /* SQLite releases no savepoint while a statement that writes is under way */
  mere_statement_reset (update);
  return mere_log_append (store, "void", name, b2, error);
}

gboolean
mere_bundle_void (MereStore *store,
                  gint64     row,
                  GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !void_row (store, row, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_BUNDLES | MERE_STORE_RECORDS);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

MereBundle *
mere_bundle_load (MereStore  *store,
                  const char *name,
                  GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, SELECT " WHERE b.name = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, name);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row)
    fail_not_found (error);
  return row ? read_row (query) : NULL;
}

MereBundle *
mere_bundle_load_newest (MereStore  *store,
                         const char *chain,
                         GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, SELECT " WHERE b.chain = ?1 ORDER BY b.seq DESC LIMIT 1", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, chain);
  return read_one (query, error);
}

GPtrArray *
mere_bundle_list (MereStore *store,
                  gboolean   only_open,
                  GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    only_open ? SELECT " WHERE b.state = 'sealed' ORDER BY b.row" : SELECT " ORDER BY b.row",
    error);

  if (query == NULL)
    return NULL;
  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_bundle_free, error);
}

GPtrArray *
mere_bundle_list_records (MereStore *store,
                          gint64     row,
                          GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT record FROM bundle_record WHERE bundle = ?1 ORDER BY record", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, row);
  return mere_statement_read_texts (query, error);
}

static GPtrArray *
list_unpacked_ids (MereStore *store,
                   gint64     after_row,
                   guint      limit,
                   GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT id FROM record WHERE state = 'final' AND row > ?1 ORDER BY row LIMIT ?2", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, after_row);
  mere_statement_bind_int (query, 2, limit);
  return mere_statement_read_texts (query, error);
}

GPtrArray *
mere_bundle_list_unpacked (MereStore *store,
                           gint64     after_row,
                           guint      limit,
                           GError   **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_record_free);
  g_autoptr (GPtrArray) ids = list_unpacked_ids (store, after_row, limit, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      MereRecord *record = mere_record_load (store, ids->pdata[i], error);

      if (record == NULL)
        return NULL;
      g_ptr_array_add (list, record);
    }
  return ids != NULL ? g_steal_pointer (&list) : NULL;
}

void
mere_placement_free (MerePlacement *self)
{
  if (self == NULL)
    return;
  g_free (self->stick);
  g_free (self->session);
  g_free (self);
}

gboolean
mere_placement_add (MereStore  *store,
                    gint64      bundle,
                    const char *stick,
                    const char *session,
                    GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO placement (bundle, stick, session, placed_at, placed_offset_s) VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (bundle, stick, session) DO NOTHING",
    error);
  gint64 utc_us;
  gint32 offset_s;

  if (insert == NULL)
    return FALSE;
  mere_clock_read (&utc_us, &offset_s);
  mere_statement_bind_int (insert, 1, bundle);
  mere_statement_bind_text (insert, 2, stick);
  mere_statement_bind_text (insert, 3, session);
  mere_statement_bind_int (insert, 4, utc_us);
  mere_statement_bind_int (insert, 5, offset_s);
  if (!mere_statement_run (insert, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_BUNDLES | MERE_STORE_RECORDS);
  return TRUE;
}

static MerePlacement *
read_placement (MereStatement *query)
{
  MerePlacement *self = g_new0 (MerePlacement, 1);

  self->bundle = mere_statement_get_int (query, 0);
  self->stick = mere_statement_dup_text (query, 1);
  self->session = mere_statement_dup_text (query, 2);
  self->placed_us = mere_statement_get_int (query, 3);
  self->placed_offset_s = (gint32) mere_statement_get_int (query, 4);
  return self;
}

GPtrArray *
mere_placement_list (MereStore *store,
                     gint64     bundle,
                     GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT bundle, stick, session, placed_at, placed_offset_s FROM placement WHERE ?1 IN (0, bundle)"
    " ORDER BY row DESC",
    error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, bundle);
  return mere_statement_read_all (query, (MereRowReader) read_placement, (GDestroyNotify) mere_placement_free, error);
}
