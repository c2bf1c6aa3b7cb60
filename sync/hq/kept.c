/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records at headquarters, as they are asked for. How they come in: kept-batch.c. */

#include "config.h"

#include "sync/hq/kept.h"

#include "app/store/row-list.h"
#include "app/store/statement.h"
#include "app/store/words.h"
#include "sync/hq/file-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PAGE 100 /* records, where the caller does not say */

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
  int found = mere_words_find (states, MERE_KEPT_N_STATES, text);

  if (found >= 0)
    *state = (MereKeptState) found;
  return found >= 0;
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
  g_autofree char *clean = mere_file_name_clean (*name != '\0' ? name : b2, MERE_KEPT_MAX_NAME);

  g_autoptr (MereStatement) update = mere_statement_new (store, NAME_ATTACHMENT, error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_text (update, 1, b2);
  mere_statement_bind_text (update, 2, clean);
  return mere_statement_run (update, error);
}

/* Not joined: for each table of a join there are the more plans to choose from, and PostgreSQL took longer for that than for a page. */
#define ITS_STATE "(SELECT s.state FROM hq_record_state AS s WHERE s.row = d.row)"
#define ITS_REVIEW "(SELECT w.review FROM hq_record_review AS w WHERE w.row = d.row)"

#define SELECT                                                                                                         \
  "SELECT " MERE_RECORD_COLUMNS ", h.supersedes, h.device, v.label, b.name, h.received_us, " ITS_STATE ", " ITS_REVIEW \
  " FROM record AS d LEFT JOIN crossing AS c ON c.id = d.crossing"                                                     \
  " JOIN hq_record AS h ON h.row = d.row JOIN hq_bundle AS b ON b.row = h.bundle"                                      \
  " JOIN hq_device AS v ON v.device = h.device"

/* Its own columns, after those of the record. */
enum {
  SUPERSEDES = MERE_RECORD_N_COLUMNS,
  DEVICE,
  LABEL,
  BUNDLE,
  RECEIVED,
  STATE,
  REVIEW,
};

static MereKept *
read_row (MereStatement *query)
{
  MereKept *self = g_new0 (MereKept, 1);

  self->record = mere_record_read (query);
  self->supersedes = mere_statement_dup_text (query, SUPERSEDES);
  self->device = mere_statement_dup_text (query, DEVICE);
  self->label = mere_statement_dup_text (query, LABEL);
  self->bundle = mere_statement_dup_text (query, BUNDLE);
  self->received_us = mere_statement_get_int (query, RECEIVED);
  mere_kept_state_from_string (mere_statement_get_text (query, STATE), &self->state);
  mere_reviewed_from_string (mere_statement_get_text (query, REVIEW), &self->reviewed);
  return self;
}

#define FIRST_FORM 12 /* parameter */

static void
append_forms (GString           *sql,
              const char *const *forms)
{
  if (forms == NULL)
    return;
  g_string_append (sql, " AND (d.form || ' ' || d.form_version) IN (NULL");
  for (guint i = 0; forms[i] != NULL; i++)
    g_string_append_printf (sql, ", ?%u", FIRST_FORM + i);
  g_string_append (sql, ")");
}

/* For LIKE, with ! before what would mean more than itself. */
static char *
dup_pattern (const char *part)
{
  GString *pattern = g_string_new ("%");

  for (; *part != '\0'; part++)
    {
      if (strchr ("%_!", *part) != NULL)
        g_string_append_c (pattern, '!');
      g_string_append_c (pattern, g_ascii_tolower (*part));
    }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}

/* The crossing that @text is the id of, or the name; %NULL without an error where there are several of that name. One is read
 * in the order of its index, a page at a time; of several all records have to be sorted. */
static char *
find_crossing (MereStore  *store,
               const char *text,
               GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT id FROM crossing WHERE name = ?1 OR id = ?1 ORDER BY id LIMIT 2", error);
  g_autofree char *id = NULL;
  gboolean         row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, text);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  id = row ? mere_statement_dup_text (query, 0) : g_strdup (text);
  if (row && !mere_statement_step (query, &row, error))
    return NULL;
  return row ? NULL : g_steal_pointer (&id);
}

static char *
build_list (const MereKeptFilter *filter,
            gboolean              one_crossing)
{
  GString *sql = g_string_new (SELECT " WHERE d.row < ?1");

  if (filter->form != NULL)
    g_string_append (sql, " AND d.form = ?2");
  if (filter->crossing != NULL)
    g_string_append (sql, one_crossing ? " AND d.crossing = ?3" : " AND d.crossing IN (SELECT id FROM crossing WHERE name = ?3)");
  if (filter->device != NULL)
    g_string_append (sql, " AND h.device = ?4");
  if (filter->state >= 0)
    g_string_append (sql, " AND " ITS_STATE " = ?5");
  if (filter->reviewed >= 0)
    g_string_append (sql, " AND " ITS_REVIEW " = ?7");
  if (filter->reviewed == MERE_REVIEWED_ACCEPTED || filter->reviewed == MERE_REVIEWED_RETURNED)
    g_string_append (sql, " AND d.id IN (SELECT record FROM hq_review)"); /* few of many: what the view says is asked of these only */
  if (!filter->older_versions)
    g_string_append (sql, " AND d.superseded = 0");
  if (filter->after_row > 0)
    g_string_append (sql, " AND d.row > ?8");
  if (filter->since_us > 0)
    g_string_append (sql, " AND d.finalised_us >= ?9");
  if (filter->until_us > 0)
    g_string_append (sql, " AND d.finalised_us < ?10");
  if (filter->part != NULL)
    g_string_append (sql, " AND d.id LIKE ?11 ESCAPE '!'");
  append_forms (sql, filter->forms);
  g_string_append (sql, " ORDER BY d.row DESC LIMIT ?6");
  return g_string_free (sql, FALSE);
}

static void
bind_filter (MereStatement        *query,
             const MereKeptFilter *filter,
             const char           *crossing)
{
  mere_statement_bind_int (query, 1, filter->before_row > 0 ? filter->before_row : G_MAXINT64);
  mere_statement_bind_text (query, 2, filter->form);
  mere_statement_bind_text (query, 3, crossing != NULL ? crossing : filter->crossing);
  mere_statement_bind_text (query, 4, filter->device);
  if (filter->state >= 0)
    mere_statement_bind_text (query, 5, states[filter->state]);
  if (filter->reviewed >= 0)
    mere_statement_bind_text (query, 7, mere_reviewed_to_string ((MereReviewed) filter->reviewed));
  mere_statement_bind_int (query, 6, filter->limit > 0 ? filter->limit : PAGE);
  if (filter->after_row > 0)
    mere_statement_bind_int (query, 8, filter->after_row);
  if (filter->since_us > 0)
    mere_statement_bind_int (query, 9, filter->since_us);
  if (filter->until_us > 0)
    mere_statement_bind_int (query, 10, filter->until_us);
  if (filter->part != NULL)
    {
      g_autofree char *pattern = dup_pattern (filter->part);

      mere_statement_bind_text (query, 11, pattern);
    }
  for (guint i = 0; filter->forms != NULL && filter->forms[i] != NULL; i++)
    mere_statement_bind_text (query, FIRST_FORM + (int) i, filter->forms[i]);
}

GPtrArray *
mere_kept_list (MereStore            *store,
                const MereKeptFilter *filter,
                GError              **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_kept_free);
  g_autoptr (GError) failure = NULL;
  g_autofree char *crossing = filter->crossing != NULL ? find_crossing (store, filter->crossing, &failure) : NULL;
  g_autofree char *sql = build_list (filter, crossing != NULL);
  g_autoptr (MereStatement) query = failure == NULL ? mere_statement_new (store, sql, error) : NULL;
  gboolean row;

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  if (query == NULL)
    return NULL;
  bind_filter (query, filter, crossing);
  for (;;)
    {
      if (!mere_statement_step (query, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&list);
      g_ptr_array_add (list, read_row (query));
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
  return row ? read_row (query) : NULL;
}

/* The next id that begins with @beginning; %NULL without an error where there is none. */
static char *
read_next (MereStatement *query,
           const char    *beginning,
           GError       **error)
{
  gboolean row;

  if (!mere_statement_step (query, &row, error) || !row || !g_str_has_prefix (mere_statement_get_text (query, 0), beginning))
    return NULL;
  return mere_statement_dup_text (query, 0);
}

char *
mere_kept_find (MereStore  *store,
                const char *beginning,
                GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT d.id FROM record AS d JOIN hq_record AS h ON h.row = d.row WHERE d.id >= ?1 ORDER BY d.id LIMIT 2", error);
  g_autofree char *full = g_str_has_prefix (beginning, "uuid:") ? g_strdup (beginning) : g_strconcat ("uuid:", beginning, NULL);
  g_autofree char *found = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) failure = NULL;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, full);
  found = read_next (query, full, &failure);
  second = found != NULL ? read_next (query, full, &failure) : NULL;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (found == NULL)
    fail_not_found (beginning, error);
  else if (second == NULL || g_str_equal (found, full))
    return g_steal_pointer (&found);
  else
    g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("Several records begin with “%s”; give more of it."), beginning);
  return NULL;
}

GPtrArray *
mere_kept_list_forms (MereStore *store,
                      GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT DISTINCT d.form FROM record AS d JOIN hq_record AS h ON h.row = d.row ORDER BY d.form", error);

  if (query == NULL)
    return NULL;
  return mere_statement_read_texts (query, error);
}
