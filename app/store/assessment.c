/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/assessment.h"

#include "app/store/settings.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"

#include <glib/gi18n-lib.h>

#define CURRENT "assessment.current"
#define COLUMNS "id, title, country, starts, ends"

G_DEFINE_BOXED_TYPE (MereAssessment, mere_assessment, mere_assessment_copy, mere_assessment_free)

MereAssessment *
mere_assessment_new (const char *id,
                     const char *title,
                     const char *country,
                     const char *starts,
                     const char *ends)
{
  MereAssessment *self = g_new0 (MereAssessment, 1);

  self->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  self->title = g_strdup (title);
  self->country = g_strdup (country);
  self->starts = g_strdup (starts);
  self->ends = g_strdup (ends);
  return self;
}

MereAssessment *
mere_assessment_copy (const MereAssessment *self)
{
  return mere_assessment_new (self->id, self->title, self->country, self->starts, self->ends);
}

void
mere_assessment_free (MereAssessment *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->title);
  g_free (self->country);
  g_free (self->starts);
  g_free (self->ends);
  g_free (self);
}

static MereAssessment *
read_row (MereStatement *query)
{
  return mere_assessment_new (mere_statement_get_text (query, 0),
                              mere_statement_get_text (query, 1),
                              mere_statement_get_text (query, 2),
                              mere_statement_get_text (query, 3),
                              mere_statement_get_text (query, 4));
}

gboolean
mere_assessment_save (MereStore            *store,
                      const MereAssessment *self,
                      GError              **error)
{
  g_autoptr (MereStatement) save = mere_statement_new (
    store,
    "INSERT INTO assessment (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (id) DO UPDATE SET title = excluded.title, country = excluded.country,"
    "   starts = excluded.starts, ends = excluded.ends",
    error);

  if (save == NULL)
    return FALSE;
  mere_statement_bind_text (save, 1, self->id);
  mere_statement_bind_text (save, 2, self->title);
  mere_statement_bind_text (save, 3, self->country);
  mere_statement_bind_text (save, 4, self->starts);
  mere_statement_bind_text (save, 5, self->ends);
  if (!mere_statement_run (save, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_ASSESSMENTS);
  return TRUE;
}

MereAssessment *
mere_assessment_load (MereStore  *store,
                      const char *id,
                      GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM assessment WHERE id = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, id);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (row)
    return read_row (query);
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no assessment “%s”."), id);
  return NULL;
}

static GPtrArray *
list_sorted (MereStore  *store,
             const char *sql,
             GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);

  if (query == NULL)
    return NULL;
  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_assessment_free, error);
}

GPtrArray *
mere_assessment_list (MereStore *store,
                      GError   **error)
{
  return list_sorted (store, "SELECT " COLUMNS " FROM assessment ORDER BY starts DESC, row DESC", error);
}

static MereAssessment *
load_chosen (MereStore  *store,
             const char *id)
{
  return id != NULL ? mere_assessment_load (store, id, NULL) : NULL;
}

MereAssessment *
mere_assessment_load_current (MereStore *store,
                              GError   **error)
{
  g_autofree char *id = mere_settings_load_text (store, CURRENT, NULL);
  g_autoptr (MereAssessment) chosen = load_chosen (store, id);
  g_autoptr (GPtrArray) newest = NULL;

  if (chosen != NULL)
    return g_steal_pointer (&chosen);
  newest = list_sorted (store, "SELECT " COLUMNS " FROM assessment ORDER BY row DESC LIMIT 1", error);
  if (newest == NULL || newest->len == 0)
    return NULL;
  return g_ptr_array_steal_index (newest, 0);
}

gboolean
mere_assessment_set_current (MereStore  *store,
                             const char *id,
                             GError    **error)
{
  mere_store_touch (store, MERE_STORE_ASSESSMENTS);
  return mere_settings_save_text (store, CURRENT, id, error);
}
