/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The hash-chained log. What is hashed is text, so that `printf` and `b2sum` can check it: docs/formats-store.md. */

#include "config.h"

#include "app/store/log.h"

#include "app/store/bulk.h"
#include "app/store/clock.h"
#include "app/store/digest.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define COLUMNS "seq, utc_us, offset_s, kind, object, b2, hash"
#define FIRST_PREVIOUS "0000000000000000000000000000000000000000000000000000000000000000"

void
mere_log_line_free (MereLogLine *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->object);
  g_free (self->b2);
  g_free (self->hash);
  g_free (self);
}

static MereLogLine *
read_row (MereStatement *query)
{
  MereLogLine *self = g_new0 (MereLogLine, 1);

  self->seq = mere_statement_get_int (query, 0);
  self->utc_us = mere_statement_get_int (query, 1);
  self->offset_s = (gint32) mere_statement_get_int (query, 2);
  self->kind = mere_statement_dup_text (query, 3);
  self->object = mere_statement_dup_text (query, 4);
  self->b2 = mere_statement_dup_text (query, 5);
  self->hash = mere_statement_dup_text (query, 6);
  return self;
}

static char *
hash_line (const MereLogLine *line,
           const char        *previous)
{
  g_autofree char *text = g_strdup_printf ("merestone-log/1\n"
                                           "%" G_GINT64_FORMAT "\n"
                                           "%" G_GINT64_FORMAT "\n"
                                           "%d\n%s\n%s\n%s\n%s\n",
                                           line->seq,
                                           line->utc_us,
                                           line->offset_s,
                                           line->kind,
                                           line->object,
                                           line->b2,
                                           previous);

  return mere_digest_dup_hex (text, strlen (text));
}

MereLogLine *
mere_log_load_head (MereStore *store,
                    GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM log ORDER BY seq DESC LIMIT 1", error);
  gboolean row;

  if (query == NULL || !mere_statement_step (query, &row, error) || !row)
    return NULL;
  return read_row (query);
}

static gboolean
insert_line (MereStore         *store,
             const MereLogLine *line,
             GError           **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO log (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, line->seq);
  mere_statement_bind_int (insert, 2, line->utc_us);
  mere_statement_bind_int (insert, 3, line->offset_s);
  mere_statement_bind_text (insert, 4, line->kind);
  mere_statement_bind_text (insert, 5, line->object);
  mere_statement_bind_text (insert, 6, line->b2);
  mere_statement_bind_text (insert, 7, line->hash);
  return mere_statement_run (insert, error);
}

/* A line break would let two different lines be the same text. */
static gboolean
check_text (const char *text,
            GError    **error)
{
  if (text != NULL && strchr (text, '\n') == NULL)
    return TRUE;
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("A name with a line break cannot be logged."));
  return FALSE;
}

static gboolean
check_line (const char *kind,
            const char *object,
            const char *b2,
            GError    **error)
{
  return check_text (kind, error) && check_text (object, error) && check_text (b2, error);
}

/* The newest line, which nobody else follows until the transaction ends; one of seq 0 where there is none. */
static MereLogLine *
hold_head (MereStore *store,
           GError   **error)
{
  g_autoptr (GError) failure = NULL;
  MereLogLine *head = mere_store_lock (store, "log", &failure) ? mere_log_load_head (store, &failure) : NULL;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (head != NULL)
    return head;
  head = g_new0 (MereLogLine, 1);
  head->hash = g_strdup (FIRST_PREVIOUS);
  return head;
}

gboolean
mere_log_append (MereStore  *store,
                 const char *kind,
                 const char *object,
                 const char *b2,
                 GError    **error)
{
  g_autoptr (MereTransaction) work = NULL;
  g_autoptr (MereLogLine) head = NULL;
  g_autofree char *hash = NULL;
  MereLogLine      line = { .kind = (char *) kind, .object = (char *) object, .b2 = (char *) b2 };

  if (!check_line (kind, object, b2, error))
    return FALSE;
  work = mere_transaction_begin (store, error);
  head = work != NULL ? hold_head (store, error) : NULL;
  if (head == NULL)
    return FALSE;
  line.seq = head->seq + 1;
  mere_clock_read (&line.utc_us, &line.offset_s);
  line.hash = hash = hash_line (&line, head->hash);
  return insert_line (store, &line, error) && mere_transaction_commit (g_steal_pointer (&work), error);
}

MereLogLine *
mere_log_line_new (const char *kind,
                   const char *object,
                   const char *b2)
{
  MereLogLine *self = g_new0 (MereLogLine, 1);

  self->kind = g_strdup (kind);
  self->object = g_strdup (object);
  self->b2 = g_strdup (b2);
  return self;
}

static gboolean
add_in_bulk (MereStore         *store,
             const MereLogLine *line,
             GError           **error)
{
  const MereValue values[] = {
    mere_value_int (line->seq),
    mere_value_int (line->utc_us),
    mere_value_int (line->offset_s),
    mere_value_text (line->kind),
    mere_value_text (line->object),
    mere_value_text (line->b2),
    mere_value_text (line->hash),
  };

  return mere_bulk_add (store, values, error);
}

static gboolean
append_after (MereStore   *store,
              MereLogLine *head,
              GPtrArray   *lines,
              GError     **error)
{
  const char *previous = head->hash;
  gint64      utc_us;
  gint32      offset_s;

  mere_clock_read (&utc_us, &offset_s);
  for (guint i = 0; i < lines->len; i++)
    {
      MereLogLine *line = lines->pdata[i];

      if (!check_line (line->kind, line->object, line->b2, error))
        return FALSE;
      line->seq = head->seq + 1 + i;
      line->utc_us = utc_us;
      line->offset_s = offset_s;
      g_free (line->hash);
      line->hash = hash_line (line, previous);
      previous = line->hash;
      if (!add_in_bulk (store, line, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
mere_log_append_all (MereStore *store,
                     GPtrArray *lines,
                     GError   **error)
{
  static const char *const columns[] = { "seq", "utc_us", "offset_s", "kind", "object", "b2", "hash", NULL };
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereLogLine) head = work != NULL ? hold_head (store, error) : NULL;
  gboolean added;

  if (head == NULL || !mere_bulk_begin (store, "log", columns, error))
    return FALSE;
  added = append_after (store, head, lines, error);
  return mere_bulk_end (store, added ? error : NULL) && added && mere_transaction_commit (g_steal_pointer (&work), error);
}

GPtrArray *
mere_log_list (MereStore *store,
               gint64     after_seq,
               guint      limit,
               GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM log WHERE seq > ?1 ORDER BY seq LIMIT ?2", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, after_seq);
  mere_statement_bind_int (query, 2, limit);
  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_log_line_free, error);
}

static gboolean
fail_line (gint64      seq,
           const char *what,
           GError    **error)
{
  g_set_error (error,
               MERE_STORE_ERROR,
               MERE_STORE_ERROR_DAMAGED,
               /* Translators: the number of a line of the log, and what is wrong with it */
               _ ("Line %" PRId64 " of the log does not hold: %s"),
               seq,
               what);
  return FALSE;
}

/* The record that a line names: it must have the line's hash, and its XML too as long as it was not erased. */
static gboolean
verify_record (MereStore         *store,
               const MereLogLine *line,
               GError           **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT d.b2, d.erased_us, x.xml FROM record AS d LEFT JOIN record_xml AS x ON x.record = d.row WHERE d.id = ?1",
    error);
  g_autoptr (GBytes) xml = NULL;
  g_autofree char *b2 = NULL;
  gboolean         row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, line->object);
  if (!mere_statement_step (query, &row, error))
    return FALSE;
  if (!row)
    return fail_line (line->seq, _ ("its record is gone."), error);
  if (g_strcmp0 (mere_statement_get_text (query, 0), line->b2) != 0)
    return fail_line (line->seq, _ ("its record has another hash."), error);
  if (!mere_statement_is_null (query, 1))
    return TRUE;
  xml = mere_statement_dup_bytes (query, 2);
  b2 = xml != NULL ? mere_digest_dup_hex_of_bytes (xml) : NULL;
  return g_strcmp0 (b2, line->b2) == 0 || fail_line (line->seq, _ ("its record was changed."), error);
}

/* What a query of one row says of the object must be the line's hash. */
static gboolean
compare_hash (MereStatement     *query,
              const MereLogLine *line,
              GError           **error)
{
  gboolean row;

  if (!mere_statement_step (query, &row, error))
    return FALSE;
  if (!row)
    return fail_line (line->seq, _ ("what it names is gone."), error);
  return g_strcmp0 (mere_statement_get_text (query, 0), line->b2) == 0 || fail_line (line->seq, _ ("what it names has another hash."), error);
}

static gboolean
verify_bundle (MereStore         *store,
               const MereLogLine *line,
               GError           **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT b2 FROM bundle WHERE name = ?1", error);

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, line->object);
  return compare_hash (query, line, error);
}

/* "INSTANCEID/NAME" */
static gboolean
verify_attachment (MereStore         *store,
                   const MereLogLine *line,
                   GError           **error)
{
  const char      *slash = strchr (line->object, '/');
  g_autofree char *record = slash != NULL ? g_strndup (line->object, (gsize) (slash - line->object)) : NULL;
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT b2 FROM record_attachment WHERE record = ?1 AND name = ?2", error);

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, record);
  mere_statement_bind_text (query, 2, slash != NULL ? slash + 1 : NULL);
  return compare_hash (query, line, error);
}

/* "HQ/COUNTER": the receipt's bytes must have the line's hash. */
static gboolean
verify_receipt (MereStore         *store,
                const MereLogLine *line,
                GError           **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT content FROM receipt WHERE hq || '/' || CAST (counter AS TEXT) = ?1", error);
  g_autoptr (GBytes) content = NULL;
  g_autofree char *b2 = NULL;
  gboolean         row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, line->object);
  if (!mere_statement_step (query, &row, error))
    return FALSE;
  content = row ? mere_statement_dup_bytes (query, 0) : NULL;
  b2 = content != NULL ? mere_digest_dup_hex_of_bytes (content) : NULL;
  return g_strcmp0 (b2, line->b2) == 0 || fail_line (line->seq, _ ("its receipt is gone or was changed."), error);
}

/* What is looked at beside the chain itself; of other kinds the line alone counts. */
static const struct
{
  const char *kind;
  gboolean (*verify) (MereStore *store, const MereLogLine *line, GError **error);
} verifiers[] = {
  { "record", verify_record },
  { "attachment", verify_attachment },
  { "bundle", verify_bundle },
  { "receipt", verify_receipt },
};

static gboolean
verify_line (MereStore         *store,
             const MereLogLine *line,
             gint64             seq,
             const char        *previous,
             GError           **error)
{
  g_autofree char *hash = hash_line (line, previous);

  if (line->seq != seq)
    return fail_line (seq, _ ("it is missing."), error);
  if (!g_str_equal (hash, line->hash))
    return fail_line (seq, _ ("it was changed, or a line before it was."), error);
  for (guint i = 0; i < G_N_ELEMENTS (verifiers); i++)
    if (g_str_equal (verifiers[i].kind, line->kind))
      return verifiers[i].verify (store, line, error);
  return TRUE;
}

static gboolean
verify_count (MereStore *store,
              gint64     n_records,
              GError   **error)
{
  gint64 n;

  if (!mere_store_load_number (store, "SELECT count (*) FROM record", &n, error))
    return FALSE;
  if (n == n_records)
    return TRUE;
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED, _ ("There are records that the log does not know."));
  return FALSE;
}

#define PORTION 512 /* lines read at once */

gboolean
mere_log_verify (MereStore    *store,
                 GCancellable *cancellable,
                 GError      **error)
{
  g_autofree char *previous = g_strdup (FIRST_PREVIOUS);
  gint64           seq = 0;
  gint64           n_records = 0;

  for (;;)
    {
      g_autoptr (GPtrArray) lines = mere_log_list (store, seq, PORTION, error);

      if (lines == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (lines->len == 0)
        return verify_count (store, n_records, error);
      for (guint i = 0; i < lines->len; i++)
        {
          MereLogLine *line = lines->pdata[i];

          if (!verify_line (store, line, ++seq, previous, error))
            return FALSE;
          n_records += g_str_equal (line->kind, "record");
          g_free (previous);
          previous = g_steal_pointer (&line->hash);
        }
    }
}
