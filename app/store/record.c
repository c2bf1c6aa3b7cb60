/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Final records: written once, read by page. What changes of a row is derived: `superseded` from the newer version,
 * `state` by the triggers of schemas/sql/0006-road.sql. */

#include "config.h"

#include "app/store/record.h"

#include "app/store/attachment.h"
#include "app/store/digest.h"
#include "app/store/evidence.h"
#include "app/store/log.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"
#include "app/store/words.h"
#include "app/store/clock.h"

#include <glib/gi18n-lib.h>

#define PAGE 100 /* records, where the caller does not say */

#define SELECT "SELECT " MERE_RECORD_COLUMNS " FROM record AS d LEFT JOIN crossing AS c ON c.id = d.crossing"

static const char *const states[MERE_RECORD_N_STATES] = {
  "final", "packed", "delivered", "acknowledged", "refused", "erased"
};

G_DEFINE_BOXED_TYPE (MereRecord, mere_record, mere_record_copy, mere_record_free)

MereRecord *
mere_record_copy (const MereRecord *self)
{
  MereRecord *copy = g_new (MereRecord, 1);

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->deprecated_id = g_strdup (self->deprecated_id);
  copy->first_id = g_strdup (self->first_id);
  copy->form = g_strdup (self->form);
  copy->form_version = g_strdup (self->form_version);
  copy->form_b2 = g_strdup (self->form_b2);
  copy->title = g_strdup (self->title);
  copy->assessment = g_strdup (self->assessment);
  copy->crossing = g_strdup (self->crossing);
  copy->crossing_name = g_strdup (self->crossing_name);
  copy->b2 = g_strdup (self->b2);
  return copy;
}

void
mere_record_free (MereRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->deprecated_id);
  g_free (self->first_id);
  g_free (self->form);
  g_free (self->form_version);
  g_free (self->form_b2);
  g_free (self->title);
  g_free (self->assessment);
  g_free (self->crossing);
  g_free (self->crossing_name);
  g_free (self->b2);
  g_free (self);
}

const char *
mere_record_state_to_string (MereRecordState state)
{
  g_return_val_if_fail ((guint) state < MERE_RECORD_N_STATES, NULL);
  return states[state];
}

static MereRecordState
state_from_string (const char *text)
{
  int found = mere_words_find (states, MERE_RECORD_N_STATES, text);

  return found >= 0 ? (MereRecordState) found : MERE_RECORD_FINAL;
}

MereRecord *
mere_record_read (MereStatement *query)
{
  MereRecord *self = g_new0 (MereRecord, 1);

  self->row = mere_statement_get_int (query, 0);
  self->id = mere_statement_dup_text (query, 1);
  self->deprecated_id = mere_statement_dup_text (query, 2);
  self->first_id = mere_statement_dup_text (query, 3);
  self->latest = mere_statement_get_int (query, 4) == 0;
  self->form = mere_statement_dup_text (query, 5);
  self->form_version = mere_statement_dup_text (query, 6);
  self->form_b2 = mere_statement_dup_text (query, 7);
  self->title = mere_statement_dup_text (query, 8);
  mere_instrument_kind_from_string (mere_statement_get_text (query, 9), &self->kind);
  self->assessment = mere_statement_dup_text (query, 10);
  self->crossing = mere_statement_dup_text (query, 11);
  self->crossing_name = mere_statement_dup_text (query, 12);
  self->b2 = mere_statement_dup_text (query, 13);
  self->size = mere_statement_get_int (query, 14);
  self->created_us = mere_statement_get_int (query, 15);
  self->created_offset_s = (gint32) mere_statement_get_int (query, 16);
  self->finalised_us = mere_statement_get_int (query, 17);
  self->finalised_offset_s = (gint32) mere_statement_get_int (query, 18);
  self->state = state_from_string (mere_statement_get_text (query, 19));
  self->returned = mere_statement_get_int (query, 20) != 0;
  return self;
}

static GPtrArray *
read_all (MereStatement *query,
          GError       **error)
{

  return mere_statement_read_all (query, (MereRowReader) mere_record_read, (GDestroyNotify) mere_record_free, error);
}

static gboolean
fail_not_found (const char *id,
                GError    **error)
{
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no record “%s”."), id);
  return FALSE;
}

/* The first version of what @record replaces, else the record itself; marks the replaced one. */
static char *
supersede (MereStore           *store,
           const MereRecordNew *record,
           GError             **error)
{
  g_autoptr (MereStatement) update = NULL;
  gboolean row;

  if (record->deprecated_id == NULL)
    return g_strdup (record->id);
  update = mere_statement_new (
    store, "UPDATE record SET superseded = 1 WHERE id = ?1 AND superseded = 0 RETURNING first_id", error);
  if (update == NULL)
    return NULL;
  mere_statement_bind_text (update, 1, record->deprecated_id);
  if (!mere_statement_step (update, &row, error))
    return NULL;
  if (row)
    return mere_statement_dup_text (update, 0);
  g_set_error_literal (error,
                       MERE_STORE_ERROR,
                       MERE_STORE_ERROR_CONFLICT,
                       _ ("The record that is edited already has a newer version, or is not here."));
  return NULL;
}

static void
bind_identity (MereStatement       *insert,
               const MereRecordNew *record,
               const char          *first_id)
{
  mere_statement_bind_text (insert, 1, record->id);
  mere_statement_bind_text (insert, 2, record->deprecated_id);
  mere_statement_bind_text (insert, 3, first_id);
  mere_statement_bind_text (insert, 4, record->form);
  mere_statement_bind_text (insert, 5, record->form_version);
  mere_statement_bind_text (insert, 6, record->form_b2);
  mere_statement_bind_text (insert, 7, record->title);
  mere_statement_bind_text (insert, 8, mere_instrument_kind_to_string (record->kind));
  mere_statement_bind_text (insert, 9, record->assessment);
  mere_statement_bind_text (insert, 10, record->crossing);
}

/* The number of its row; 0 on failure. */
static gint64
insert_row (MereStore           *store,
            const MereRecordNew *record,
            const char          *first_id,
            const char          *b2,
            GError             **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO record (id, deprecated_id, first_id, form, form_version, form_b2, title, kind, assessment, crossing,"
    "                    b2, size, created_us, created_offset_s, finalised_us, finalised_offset_s)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) RETURNING row",
    error);
  gboolean row;
  gint64   utc_us;
  gint32   offset_s;

  if (insert == NULL)
    return 0;
  mere_clock_read (&utc_us, &offset_s);
  bind_identity (insert, record, first_id);
  mere_statement_bind_text (insert, 11, b2);
  mere_statement_bind_int (insert, 12, (gint64) g_bytes_get_size (record->xml));
  mere_statement_bind_int (insert, 13, record->created.utc_us);
  mere_statement_bind_int (insert, 14, record->created.offset_s);
  mere_statement_bind_int (insert, 15, utc_us);
  mere_statement_bind_int (insert, 16, offset_s);
  return mere_statement_step (insert, &row, error) ? mere_statement_get_int (insert, 0) : 0;
}

static gboolean
insert_xml (MereStore *store,
            gint64     row,
            GBytes    *xml,
            GError   **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO record_xml (record, xml) VALUES (?1, ?2)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, row);
  mere_statement_bind_bytes (insert, 2, xml);
  return mere_statement_run (insert, error);
}

static gboolean
take_attachments (MereStore           *store,
                  const MereRecordNew *record,
                  GError             **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO record_attachment (record, name, b2) SELECT ?1, name, b2 FROM draft_attachment WHERE draft = ?2",
    error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, record->id);
  mere_statement_bind_int (insert, 2, record->draft);
  return mere_statement_run (insert, error);
}

static gboolean
log_attachments (MereStore  *store,
                 const char *id,
                 GError    **error)
{
  g_autoptr (GPtrArray) list = mere_attachment_list_of_record (store, id, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MereAttachment *attachment = list->pdata[i];
      g_autofree char      *object = g_strconcat (id, "/", attachment->name, NULL);

      if (!mere_log_append (store, "attachment", object, attachment->b2, error))
        return FALSE;
    }
  return list != NULL;
}

gboolean
mere_record_add (MereStore           *store,
                 const MereRecordNew *record,
                 GError             **error)
{
  g_autofree char *b2 = mere_digest_dup_hex_of_bytes (record->xml);
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autofree char *first_id = work != NULL ? supersede (store, record, error) : NULL;
  gint64           row = first_id != NULL ? insert_row (store, record, first_id, b2, error) : 0;

  if (row == 0 || !insert_xml (store, row, record->xml, error) ||
      !take_attachments (store, record, error) || !log_attachments (store, record->id, error) ||
      !mere_log_append (store, "record", record->id, b2, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_RECORDS);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

/* One arm of the list: what @filter asks for, in one state or (NULL) in any. */
static void
append_arm (GString                *sql,
            const MereRecordFilter *filter,
            const char             *state)
{
  if (sql->len > 0)
    g_string_append (sql, " UNION ALL ");
  g_string_append (sql, SELECT " WHERE d.row < ?1");
  if (filter->form != NULL)
    g_string_append (sql, " AND d.form = ?2");
  if (filter->crossing != NULL)
    g_string_append (sql, " AND d.crossing = ?3");
  if (filter->kind >= 0)
    g_string_append (sql, " AND d.kind = ?4");
  if (!filter->older_versions)
    g_string_append (sql, " AND d.superseded = 0");
  if (filter->returned)
    g_string_append (sql, " AND " MERE_RECORD_RETURNED);
  if (state != NULL)
    g_string_append_printf (sql, " AND d.state = '%s'", state);
}

/* Several states are several arms, each read in its index's order and merged: the cost is the page, not the matches. */
static char *
build_list (const MereRecordFilter *filter)
{
  GString *sql = g_string_new (NULL);

  if (filter->states == 0)
    append_arm (sql, filter, NULL);
  for (guint i = 0; i < MERE_RECORD_N_STATES; i++)
    if (filter->states & (1u << i))
      append_arm (sql, filter, states[i]);
  g_string_append (sql, " ORDER BY 1 DESC LIMIT ?5");
  return g_string_free (sql, FALSE);
}

GPtrArray *
mere_record_list (MereStore              *store,
                  const MereRecordFilter *filter,
                  GError                **error)
{
  g_autofree char *sql = build_list (filter);
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, filter->before_row > 0 ? filter->before_row : G_MAXINT64);
  mere_statement_bind_text (query, 2, filter->form);
  mere_statement_bind_text (query, 3, filter->crossing);
  if (filter->kind >= 0)
    mere_statement_bind_text (query, 4, mere_instrument_kind_to_string ((MereInstrumentKind) filter->kind));
  mere_statement_bind_int (query, 5, filter->limit > 0 ? filter->limit : PAGE);
  return read_all (query, error);
}

MereRecord *
mere_record_load (MereStore  *store,
                  const char *id,
                  GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, SELECT " WHERE d.id = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, id);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row)
    fail_not_found (id, error);
  return row ? mere_record_read (query) : NULL;
}

GBytes *
mere_record_load_xml (MereStore  *store,
                      const char *id,
                      GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT x.xml FROM record AS d JOIN record_xml AS x ON x.record = d.row WHERE d.id = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, id);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row)
    fail_not_found (id, error);
  return row ? mere_statement_dup_bytes (query, 0) : NULL;
}

GPtrArray *
mere_record_list_versions (MereStore  *store,
                           const char *id,
                           GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, SELECT " WHERE " MERE_RECORD_VERSIONS " ORDER BY d.row", error);
  GPtrArray *list;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, id);
  list = read_all (query, error);
  if (list == NULL || list->len > 0)
    return list;
  g_ptr_array_unref (list);
  fail_not_found (id, error);
  return NULL;
}

gboolean
mere_record_count (MereStore *store,
                   gint64     counts[MERE_RECORD_N_STATES],
                   GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT state, count (*) FROM record GROUP BY state", error);
  gboolean row;

  memset (counts, 0, MERE_RECORD_N_STATES * sizeof *counts);
  if (query == NULL)
    return FALSE;
  for (;;)
    {
      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      counts[state_from_string (mere_statement_get_text (query, 0))] = mere_statement_get_int (query, 1);
    }
}

static gboolean
run_for_row (MereStore  *store,
             const char *sql,
             gint64      row,
             GError    **error)
{
  g_autoptr (MereStatement) statement = mere_statement_new (store, sql, error);

  if (statement == NULL)
    return FALSE;
  mere_statement_bind_int (statement, 1, row);
  return mere_statement_run (statement, error);
}

static gboolean
check_erasable (const MereRecord *record,
                GError          **error)
{
  if (record->state == MERE_RECORD_ACKNOWLEDGED && !record->returned)
    return TRUE;
  g_set_error_literal (error,
                       MERE_STORE_ERROR,
                       MERE_STORE_ERROR_CONFLICT,
                       record->state == MERE_RECORD_ERASED ? _ ("This record was erased before.")
                       : record->returned                  ? _ ("This record is kept: headquarters has sent it back to be corrected.")
                                                           : _ ("This record is kept: headquarters has not confirmed that it has it."));
  return FALSE;
}

/* The instance's name may be made of answers: the questionnaire's stays. */
#define MARK_ERASED                                                                                                          \
  "UPDATE record SET erased_us = ?2,"                                                                                        \
  " title = coalesce ((SELECT i.title FROM instrument AS i WHERE i.form = record.form AND i.version = record.form_version)," \
  "                   form)"                                                                                                 \
  " WHERE row = ?1"

static gboolean
mark_erased (MereStore *store,
             gint64     row,
             GError   **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (store, MARK_ERASED, error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, row);
  mere_statement_bind_int (update, 2, g_get_real_time ());
  return mere_statement_run (update, error);
}

/* Attachments of the record that nothing else has. */
#define DELETE_ATTACHMENTS                                                                       \
  "DELETE FROM attachment WHERE b2 IN (SELECT l.b2 FROM record AS d JOIN record_attachment AS l" \
  "                                     ON l.record = d.id WHERE d.row = ?1)"                    \
  " AND NOT EXISTS (SELECT 1 FROM draft_attachment AS l WHERE l.b2 = attachment.b2)"             \
  " AND NOT EXISTS (SELECT 1 FROM record_attachment AS l JOIN record AS d ON d.id = l.record"    \
  "                  WHERE l.b2 = attachment.b2 AND d.erased_us IS NULL)"
#define DELETE_EVENTS "DELETE FROM study_event WHERE study = (SELECT id FROM record WHERE row = ?1)"
#define DELETE_STUDY "DELETE FROM study WHERE id = (SELECT id FROM record WHERE row = ?1)"

gboolean
mere_record_erase (MereStore  *store,
                   const char *id,
                   GError    **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereRecord) record = work != NULL ? mere_record_load (store, id, error) : NULL;

  if (record == NULL || !check_erasable (record, error) ||
      !run_for_row (store, "DELETE FROM record_xml WHERE record = ?1", record->row, error) ||
      !mark_erased (store, record->row, error) ||
      !run_for_row (store, DELETE_ATTACHMENTS, record->row, error) ||
      !run_for_row (store, DELETE_EVENTS, record->row, error) ||
      !run_for_row (store, DELETE_STUDY, record->row, error) ||
      !mere_evidence_reduce (store, record->id, error) ||
      !mere_log_append (store, "erase", record->id, record->b2, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_RECORDS);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

static gboolean
derive (MereStore  *store,
        const char *sql,
        gint64     *n_changed,
        GError    **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (store, sql, error);

  if (update == NULL || !mere_statement_run (update, error))
    return FALSE;
  *n_changed += mere_store_get_changes (store);
  return TRUE;
}

gboolean
mere_record_derive_states (MereStore *store,
                           gint64    *n_changed,
                           GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  gint64 n = 0;

  if (work == NULL ||
      !derive (store,
               "UPDATE bundle SET state = v.state FROM bundle_derived AS v"
               " WHERE v.row = bundle.row AND v.state <> bundle.state",
               &n,
               error) ||
      !derive (store,
               "UPDATE record SET state = v.state FROM record_derived AS v"
               " WHERE v.row = record.row AND v.state <> record.state",
               &n,
               error))
    return FALSE;
  if (n_changed != NULL)
    *n_changed = n;
  if (n > 0)
    mere_store_touch (store, MERE_STORE_RECORDS | MERE_STORE_BUNDLES);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}
