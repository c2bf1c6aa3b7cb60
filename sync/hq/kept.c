/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records at headquarters. A laptop adds versions in their order; here they come as sticks come, so which version is the
 * newest and which the first is derived anew from what is here, whenever a relative arrives. */

#include "config.h"

#include "sync/hq/kept.h"

#include "app/store/digest.h"
#include "app/store/log.h"
#include "app/store/statement.h"
#include "sync/hq/file-name.h"

#include <glib/gi18n-lib.h>

#define PAGE 100     /* records, where the caller does not say */
#define MAX_NAME 120 /* bytes of an attachment's name */

static const char *const states[MERE_KEPT_N_STATES] = { "complete", "waiting", "unknown-form", "conflict" };

const char *
mere_kept_state_to_string (MereKeptState state)
{
  g_return_val_if_fail ((guint) state < MERE_KEPT_N_STATES, NULL);
  return states[state];
}

gboolean
mere_kept_state_from_string (const char    *text,
                             MereKeptState *state)
{
  for (guint i = 0; i < MERE_KEPT_N_STATES; i++)
    if (g_strcmp0 (states[i], text) == 0)
      {
        *state = (MereKeptState) i;
        return TRUE;
      }
  return FALSE;
}

void
mere_kept_free (MereKept *self)
{
  if (self == NULL)
    return;
  mere_record_free (self->record);
  g_free (self->supersedes);
  g_free (self->device);
  g_free (self->label);
  g_free (self->bundle);
  g_free (self);
}

static gboolean
run_with (MereStore  *store,
          const char *sql,
          const char *first,
          const char *second,
          GError    **error)
{
  g_autoptr (MereStatement) statement = mere_statement_new (store, sql, error);

  if (statement == NULL)
    return FALSE;
  mere_statement_bind_text (statement, 1, first);
  if (second != NULL)
    mere_statement_bind_text (statement, 2, second);
  return mere_statement_run (statement, error);
}

/* The first column of the first row; %NULL without an error where there is none. */
static char *
find_text (MereStore  *store,
           const char *sql,
           const char *parameter,
           GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, parameter);
  return mere_statement_step (query, &row, error) && row ? mere_statement_dup_text (query, 0) : NULL;
}

static gboolean
look_up (MereStore         *store,
         const MereKeptNew *self,
         MereKeptResult    *result,
         GError           **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *held = find_text (store, "SELECT b2 FROM record WHERE id = ?1", self->record.id, &failure);
  g_autofree char *b2 = NULL;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  *result = MERE_KEPT_NEW;
  if (held == NULL)
    return TRUE;
  b2 = mere_digest_dup_hex_of_bytes (self->record.xml);
  *result = g_strcmp0 (held, b2) == 0 ? MERE_KEPT_SAME : MERE_KEPT_OTHER;
  return TRUE;
}

static gboolean
insert_origin (MereStore         *store,
               const MereKeptNew *self,
               GError           **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO hq_record (record, bundle, device, supersedes, received_us) VALUES (?1, ?2, ?3, ?4, ?5)",
    error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, self->record.id);
  mere_statement_bind_int (insert, 2, self->bundle);
  mere_statement_bind_text (insert, 3, self->device);
  mere_statement_bind_text (insert, 4, self->record.deprecated_id);
  mere_statement_bind_int (insert, 5, g_get_real_time ());
  return mere_statement_run (insert, error);
}

/* Its line in the log is of a kind of its own, by hash: the name may come later. */
static gboolean
insert_attachment (MereStore  *store,
                   const char *record,
                   const char *name,
                   const char *b2,
                   GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO record_attachment (record, name, b2) VALUES (?1, ?2, ?3)", error);
  g_autofree char *object = g_strconcat (record, "/", b2, NULL);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, record);
  mere_statement_bind_text (insert, 2, name);
  mere_statement_bind_text (insert, 3, b2);
  return mere_statement_run (insert, error) && mere_log_append (store, "attached", object, b2, error);
}

/* Two attachments of one name keep apart by their hashes. */
static gboolean
insert_attachments (MereStore         *store,
                    const MereKeptNew *self,
                    GError           **error)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (const char *const *b2 = self->blobs; b2 != NULL && *b2 != NULL; b2++)
    {
      g_autofree char *told = find_text (store, "SELECT name FROM hq_blob_name WHERE b2 = ?1", *b2, NULL);
      g_autofree char *name = mere_file_name_clean (told != NULL && *told != '\0' ? told : *b2, MAX_NAME);

      if (g_hash_table_contains (taken, *b2))
        continue;
      if (g_hash_table_contains (taken, name))
        {
          g_free (name);
          name = g_strdup (*b2);
        }
      if (!insert_attachment (store, self->record.id, name, *b2, error) ||
          !run_with (store, "INSERT INTO hq_record_blob (record, b2) VALUES (?1, ?2)", self->record.id, *b2, error))
        return FALSE;
      g_hash_table_add (taken, g_strdup (*b2));
      g_hash_table_add (taken, g_steal_pointer (&name));
    }
  return TRUE;
}

/* The oldest ancestor that is here. */
#define FIRST                                                                       \
  "WITH RECURSIVE up (record, supersedes, depth) AS ("                              \
  "  SELECT record, supersedes, 0 FROM hq_record WHERE record = ?1"                 \
  "  UNION SELECT h.record, h.supersedes, up.depth + 1 FROM up JOIN hq_record AS h" \
  "     ON h.record = up.supersedes WHERE up.depth < 1000)"                         \
  " SELECT record FROM up ORDER BY depth DESC LIMIT 1"

/* The record and all that came of it. */
#define SET_FIRST                                                                        \
  "WITH RECURSIVE down (record) AS ("                                                    \
  "  SELECT record FROM hq_record WHERE record = ?1"                                     \
  "  UNION SELECT h.record FROM down JOIN hq_record AS h ON h.supersedes = down.record)" \
  " UPDATE record SET first_id = ?2 WHERE id IN (SELECT record FROM down)"

/* The column is unique: where two versions replace one, that with the lower id has it, whichever came first. */
#define CLEAR_DEPRECATED "UPDATE record SET deprecated_id = NULL WHERE deprecated_id = ?1"
#define SET_DEPRECATED \
  "UPDATE record SET deprecated_id = ?1 WHERE id = (SELECT min (record) FROM hq_record WHERE supersedes = ?1)"

#define SUPERSEDE                                                                                     \
  "UPDATE record SET superseded ="                                                                    \
  " CASE WHEN EXISTS (SELECT 1 FROM hq_record AS h WHERE h.supersedes = record.id) THEN 1 ELSE 0 END" \
  " WHERE id IN (?1, ?2)"

/* Ties a new record to the versions before and after it that are here. */
static gboolean
join_versions (MereStore  *store,
               const char *id,
               const char *supersedes,
               GError    **error)
{
  g_autofree char *first = find_text (store, FIRST, id, error);

  return first != NULL && run_with (store, SET_FIRST, id, first, error) &&
         (supersedes == NULL ||
          (run_with (store, CLEAR_DEPRECATED, supersedes, NULL, error) && run_with (store, SET_DEPRECATED, supersedes, NULL, error))) &&
         run_with (store, SUPERSEDE, id, supersedes != NULL ? supersedes : id, error);
}

static gboolean
set_finalised (MereStore         *store,
               const MereKeptNew *self,
               GError           **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE record SET finalised_us = ?2, finalised_offset_s = ?3 WHERE id = ?1", error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_text (update, 1, self->record.id);
  mere_statement_bind_int (update, 2, self->record.created.utc_us);
  mere_statement_bind_int (update, 3, self->record.created.offset_s);
  return mere_statement_run (update, error);
}

gboolean
mere_kept_add (MereStore         *store,
               const MereKeptNew *self,
               MereKeptResult    *result,
               GError           **error)
{
  MereRecordNew record = self->record;

  if (!look_up (store, self, result, error))
    return FALSE;
  if (*result != MERE_KEPT_NEW)
    return TRUE;
  record.deprecated_id = NULL;
  return mere_record_add (store, &record, error) && set_finalised (store, self, error) &&
         insert_origin (store, self, error) && insert_attachments (store, self, error) &&
         join_versions (store, record.id, self->record.deprecated_id, error);
}

/* Not where another attachment of the record has that name: then the hash stays its name. */
#define NAME_ATTACHMENT                                                \
  "UPDATE record_attachment SET name = ?2 WHERE b2 = ?1 AND name = ?1" \
  " AND NOT EXISTS (SELECT 1 FROM record_attachment AS o WHERE o.record = record_attachment.record AND o.name = ?2)"

gboolean
mere_kept_name_attachment (MereStore  *store,
                           const char *b2,
                           const char *name,
                           GError    **error)
{
  g_autofree char *clean = mere_file_name_clean (*name != '\0' ? name : b2, MAX_NAME);

  return run_with (store, NAME_ATTACHMENT, b2, clean, error);
}

#define SELECT                                                                                        \
  "SELECT h.record, h.supersedes, h.device, v.label, b.name, h.received_us, s.state, d.row, w.review" \
  " FROM record AS d JOIN hq_record AS h ON h.record = d.id JOIN hq_bundle AS b ON b.row = h.bundle"  \
  " JOIN hq_device AS v ON v.device = h.device JOIN hq_record_state AS s ON s.record = d.id"          \
  " JOIN hq_record_review AS w ON w.record = d.id"

static MereKept *
read_row (MereStore     *store,
          MereStatement *query,
          GError       **error)
{
  g_autoptr (MereKept) self = g_new0 (MereKept, 1);

  self->record = mere_record_load (store, mere_statement_get_text (query, 0), error);
  if (self->record == NULL)
    return NULL;
  self->supersedes = mere_statement_dup_text (query, 1);
  self->device = mere_statement_dup_text (query, 2);
  self->label = mere_statement_dup_text (query, 3);
  self->bundle = mere_statement_dup_text (query, 4);
  self->received_us = mere_statement_get_int (query, 5);
  mere_kept_state_from_string (mere_statement_get_text (query, 6), &self->state);
  mere_reviewed_from_string (mere_statement_get_text (query, 8), &self->reviewed);
  return g_steal_pointer (&self);
}

static char *
build_list (const MereKeptFilter *filter)
{
  GString *sql = g_string_new (SELECT " WHERE d.row < ?1");

  if (filter->form != NULL)
    g_string_append (sql, " AND d.form = ?2");
  if (filter->crossing != NULL)
    g_string_append (sql, " AND d.crossing IN (SELECT ?3 UNION SELECT id FROM crossing WHERE name = ?3)");
  if (filter->device != NULL)
    g_string_append (sql, " AND h.device = ?4");
  if (filter->state >= 0)
    g_string_append (sql, " AND s.state = ?5");
  if (filter->reviewed >= 0)
    g_string_append (sql, " AND w.review = ?7");
  if (filter->reviewed == MERE_REVIEWED_ACCEPTED || filter->reviewed == MERE_REVIEWED_RETURNED)
    g_string_append (sql, " AND d.id IN (SELECT record FROM hq_review)"); /* few of many: what the view says is asked of these only */
  if (!filter->older_versions)
    g_string_append (sql, " AND d.superseded = 0");
  g_string_append (sql, " ORDER BY d.row DESC LIMIT ?6");
  return g_string_free (sql, FALSE);
}

static void
bind_filter (MereStatement        *query,
             const MereKeptFilter *filter)
{
  mere_statement_bind_int (query, 1, filter->before_row > 0 ? filter->before_row : G_MAXINT64);
  mere_statement_bind_text (query, 2, filter->form);
  mere_statement_bind_text (query, 3, filter->crossing);
  mere_statement_bind_text (query, 4, filter->device);
  if (filter->state >= 0)
    mere_statement_bind_text (query, 5, states[filter->state]);
  if (filter->reviewed >= 0)
    mere_statement_bind_text (query, 7, mere_reviewed_to_string ((MereReviewed) filter->reviewed));
  mere_statement_bind_int (query, 6, filter->limit > 0 ? filter->limit : PAGE);
}

GPtrArray *
mere_kept_list (MereStore            *store,
                const MereKeptFilter *filter,
                GError              **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_kept_free);
  g_autofree char *sql = build_list (filter);
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);
  gboolean row;

  if (query == NULL)
    return NULL;
  bind_filter (query, filter);
  for (;;)
    {
      MereKept *kept;

      if (!mere_statement_step (query, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&list);
      kept = read_row (store, query, error);
      if (kept == NULL)
        return NULL;
      g_ptr_array_add (list, kept);
    }
}

static void
fail_not_found (const char *id,
                GError    **error)
{
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no record “%s”."), id);
}

MereKept *
mere_kept_load (MereStore  *store,
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
  return row ? read_row (store, query, error) : NULL;
}

char *
mere_kept_find (MereStore  *store,
                const char *beginning,
                GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT record FROM hq_record WHERE substr (record, 1, length (?1)) = ?1 ORDER BY record LIMIT 2", error);
  g_autofree char *full = g_str_has_prefix (beginning, "uuid:") ? g_strdup (beginning) : g_strconcat ("uuid:", beginning, NULL);
  g_autofree char *found = NULL;
  gboolean         row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, full);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row)
    {
      fail_not_found (beginning, error);
      return NULL;
    }
  found = mere_statement_dup_text (query, 0);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row || g_str_equal (found, full))
    return g_steal_pointer (&found);
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("Several records begin with “%s”; give more of it."), beginning);
  return NULL;
}

GPtrArray *
mere_kept_list_forms (MereStore *store,
                      GError   **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT DISTINCT d.form FROM record AS d JOIN hq_record AS h ON h.record = d.id ORDER BY d.form", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  for (;;)
    {
      if (!mere_statement_step (query, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&list);
      g_ptr_array_add (list, mere_statement_dup_text (query, 0));
    }
}
