/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/rescue.h"

#include "app/vault/rescue-orphans.h"
#include "app/vault/rescue-private.h"
#include "app/vault/vault-error.h"

#include <sodium.h>

#define USER_VERSION 60 /* of the first page: "Database File Format", 1.3 */
#define APPLICATION_ID 68

void
mere_rescue_clear (MereRescue *self)
{
  g_clear_pointer (&self->damage, g_free);
}

static gboolean
set_failed (MereRescueWork *self, GError **error)
{
  mere_vault_error_set_sqlite (error, self->to, sqlite3_extended_errcode (self->to), NULL, sqlite3_db_filename (self->to, "main"));
  return FALSE;
}

static gboolean
execute (MereRescueWork *self, const char *sql, GError **error)
{
  return sqlite3_exec (self->to, sql, NULL, NULL, NULL) == SQLITE_OK || set_failed (self, error);
}

static void
step (gpointer nothing, gpointer data)
{
  MereRescueWork *self = data;

  self->done++;
  if (self->progress != NULL)
    self->progress (MIN (self->done, self->all), self->all, self->data);
}

/* Rows */

static void
note_lost (MereRescueJob *job, gint64 number)
{
  if (job->line->has_numbers)
    g_hash_table_add (job->lost, g_memdup2 (&number, sizeof number));
  else
    job->n_lost++;
}

/* Returns: %FALSE if the new database cannot be written */
static gboolean
copy_cell (MereRescueWork *self, MereRescueJob *job, const MereTreeCell *cell)
{
  MereRescuePut put = MERE_RESCUE_PUT_REFUSED;

  if (mere_wreck_map_read_payload (self->map, cell, self->payload))
    put = mere_rescue_table_put (job->table, cell->number, self->payload);
  self->rescue->rows += put == MERE_RESCUE_PUT_DONE;
  if (put == MERE_RESCUE_PUT_REFUSED)
    note_lost (job, cell->number);
  return put != MERE_RESCUE_PUT_FAILED;
}

static gboolean
copy_page (MereRescueWork *self, MereRescueJob *job, guint32 page, GError **error)
{
  guint8       bytes[MERE_WRECK_PAGE];
  MereTreePage parsed;
  MereTreeCell cell;
  gboolean     done = TRUE;

  step (NULL, self);
  if (!mere_wreck_map_read (self->map, page, bytes, &parsed) || parsed.kind == MERE_TREE_TABLE_INNER)
    return TRUE;
  for (guint i = 0; i < parsed.n_cells && done; i++)
    if (mere_tree_page_get_cell (&parsed, i, &cell))
      done = copy_cell (self, job, &cell);
    else
      job->n_lost++;
  sodium_memzero (bytes, sizeof bytes);
  return (done || set_failed (self, error)) && !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* Pages that are the newest for certain come first: of two rows with one key the first counts. */
gboolean
mere_rescue_copy_pages (MereRescueWork *self, MereRescueJob *job, guint first, GError **error)
{
  static const MereWreckState states[] = { MERE_WRECK_OPENS, MERE_WRECK_UNCHECKED };
  const MereWreckTree        *tree = mere_wreck_map_get_tree (self->map, (guint) job->line->tree);

  for (guint state = 0; state < G_N_ELEMENTS (states); state++)
    for (guint i = first; i < tree->pages->len; i++)
      {
        guint32 page = g_array_index (tree->pages, guint32, i);

        if (mere_wreck_map_get_state (self->map, page) == states[state] && !copy_page (self, job, page, error))
          return FALSE;
      }
  return TRUE;
}

/* Tables */

static void
job_free (gpointer data)
{
  MereRescueJob *self = data;

  mere_rescue_table_free (self->table);
  g_hash_table_unref (self->lost);
  g_free (self);
}

/* One statement, whatever follows it in the line. */
static gboolean
make (MereRescueWork *self, const MereRescueLine *line)
{
  sqlite3_stmt *statement = NULL;
  int           status = sqlite3_prepare_v2 (self->to, line->sql, -1, &statement, NULL);

  if (status == SQLITE_OK && statement != NULL)
    status = sqlite3_step (statement);
  sqlite3_finalize (statement);
  return status == SQLITE_DONE;
}

static void
make_table (MereRescueWork *self, const MereRescueLine *line)
{
  MereRescueJob *job;

  if (line->columns == NULL || (line->sql != NULL && !mere_rescue_line_is_own (line) && !make (self, line)))
    return;
  job = g_new0 (MereRescueJob, 1);
  job->line = line;
  job->table = mere_rescue_table_new (self->to, line);
  job->lost = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_ptr_array_add (self->jobs, job);
}

static void
make_tables (MereRescueWork *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    if (mere_rescue_line_is_table (self->lines->pdata[i]))
      make_table (self, self->lines->pdata[i]);
}

static gboolean
is_counts (const MereRescueJob *job)
{
  return g_str_equal (job->line->name, "sqlite_sequence");
}

static gboolean
copy_tables (MereRescueWork *self, GError **error)
{
  for (guint i = 0; i < self->jobs->len; i++)
    if (!is_counts (self->jobs->pdata[i]) && !mere_rescue_copy_pages (self, self->jobs->pdata[i], 0, error))
      return FALSE;
  return TRUE;
}

/* Copying rows has counted already, as far as there were rows; the old counts hold. */
static gboolean
copy_counts (MereRescueWork *self, GError **error)
{
  for (guint i = 0; i < self->jobs->len; i++)
    if (is_counts (self->jobs->pdata[i]))
      return execute (self, "CREATE TEMP TABLE counted AS SELECT name, seq FROM sqlite_sequence; DELETE FROM sqlite_sequence", error) &&
             mere_rescue_copy_pages (self, self->jobs->pdata[i], 0, error) &&
             execute (self,
                      "INSERT INTO sqlite_sequence (name, seq) SELECT name, seq FROM counted AS c"
                      " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence AS s WHERE s.name = c.name); DROP TABLE counted",
                      error);
  return TRUE;
}

static void
make_rest (MereRescueWork *self)
{
  static const char *const types[] = { "index", "view", "trigger" };

  for (guint type = 0; type < G_N_ELEMENTS (types); type++)
    for (guint i = 0; i < self->lines->len; i++)
      {
        const MereRescueLine *line = self->lines->pdata[i];

        if (g_str_equal (line->type, types[type]) && line->sql != NULL)
          make (self, line);
      }
}

/* Versions that a program keeps in the header. */
static gboolean
copy_versions (MereRescueWork *self, GError **error)
{
  guint8           bytes[MERE_WRECK_PAGE];
  g_autofree char *sql = NULL;

  mere_wreck_read (self->from, 1, bytes); /* zeros where it does not open */
  sql = g_strdup_printf ("PRAGMA user_version = %d; PRAGMA application_id = %d",
                         (int) ((guint) bytes[USER_VERSION] << 24 | (guint) bytes[USER_VERSION + 1] << 16 |
                                (guint) bytes[USER_VERSION + 2] << 8 | bytes[USER_VERSION + 3]),
                         (int) ((guint) bytes[APPLICATION_ID] << 24 | (guint) bytes[APPLICATION_ID + 1] << 16 |
                                (guint) bytes[APPLICATION_ID + 2] << 8 | bytes[APPLICATION_ID + 3]));
  return execute (self, sql, error);
}

static gboolean
copy_all (MereRescueWork *self, sqlite3 *known, GError **error)
{
  self->all = 2 * mere_wreck_get_pages (self->from);
  self->map = mere_wreck_map_new (self->from, step, self, self->cancellable, error);
  if (self->map == NULL)
    return FALSE;
  self->lines = mere_rescue_schema_read (self->map, known, &self->rescue->described);
  if (!execute (self, "PRAGMA foreign_keys = OFF; BEGIN", error))
    return FALSE;
  make_tables (self);
  if (!copy_tables (self, error) || !mere_rescue_orphans (self, error))
    return FALSE;
  mere_rescue_count (self, known != NULL);
  make_rest (self);
  return copy_counts (self, error) && copy_versions (self, error) && execute (self, "COMMIT", error);
}

gboolean
mere_rescue_rows (MereWreck        *from,
                  sqlite3          *to,
                  sqlite3          *known,
                  MereRescue       *rescue,
                  MereVaultProgress progress,
                  gpointer          data,
                  GCancellable     *cancellable,
                  GError          **error)
{
  MereRescueWork self = { .from = from, .to = to, .rescue = rescue, .progress = progress, .data = data, .cancellable = cancellable };
  gboolean       done;

  *rescue = (MereRescue){ 0 };
  self.jobs = g_ptr_array_new_with_free_func (job_free);
  self.payload = g_byte_array_new ();
  done = copy_all (&self, known, error);
  rescue->damage = mere_wreck_dup_damage (from);
  g_byte_array_unref (self.payload);
  g_ptr_array_unref (self.jobs);
  g_clear_pointer (&self.lines, g_ptr_array_unref);
  mere_wreck_map_free (self.map);
  if (!done && !sqlite3_get_autocommit (to))
    sqlite3_exec (to, "ROLLBACK", NULL, NULL, NULL);
  return done;
}
