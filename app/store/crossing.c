/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/crossing.h"

#include "app/store/row-list.h"
#include "app/store/statement.h"
#include "app/store/words.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define COLUMNS "id, assessment, name, note, kind, origin, latitude, longitude, active"

static const char *const kinds[MERE_CROSSING_N_KINDS] = { "land", "air", "sea", "rail" };

G_DEFINE_BOXED_TYPE (MereCrossing, mere_crossing, mere_crossing_copy, mere_crossing_free)

MereCrossing *
mere_crossing_new (const char      *name,
                   MereCrossingKind kind,
                   const char      *note)
{
  MereCrossing *self = g_new0 (MereCrossing, 1);

  self->id = g_uuid_string_random ();
  self->name = g_strdup (name);
  self->note = g_strdup (note != NULL ? note : "");
  self->kind = kind;
  self->origin = MERE_CROSSING_LOCAL;
  self->latitude = NAN;
  self->longitude = NAN;
  self->active = TRUE;
  return self;
}

MereCrossing *
mere_crossing_copy (const MereCrossing *self)
{
  MereCrossing *copy = g_new (MereCrossing, 1);

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->assessment = g_strdup (self->assessment);
  copy->name = g_strdup (self->name);
  copy->note = g_strdup (self->note);
  return copy;
}

void
mere_crossing_free (MereCrossing *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->assessment);
  g_free (self->name);
  g_free (self->note);
  g_free (self);
}

const char *
mere_crossing_kind_to_string (MereCrossingKind kind)
{
  g_return_val_if_fail ((guint) kind < MERE_CROSSING_N_KINDS, NULL);
  return kinds[kind];
}

gboolean
mere_crossing_kind_from_string (const char       *text,
                                MereCrossingKind *kind)
{
  int found = mere_words_find (kinds, MERE_CROSSING_N_KINDS, text);

  if (found >= 0)
    *kind = (MereCrossingKind) found;
  return found >= 0;
}

static MereCrossing *
read_row (MereStatement *query)
{
  MereCrossing *self = g_new0 (MereCrossing, 1);

  self->id = mere_statement_dup_text (query, 0);
  self->assessment = mere_statement_dup_text (query, 1);
  self->name = mere_statement_dup_text (query, 2);
  self->note = mere_statement_dup_text (query, 3);
  mere_crossing_kind_from_string (mere_statement_get_text (query, 4), &self->kind);
  self->origin = g_str_equal (mere_statement_get_text (query, 5), "pack") ? MERE_CROSSING_PACK : MERE_CROSSING_LOCAL;
  self->latitude = mere_statement_get_real (query, 6);
  self->longitude = mere_statement_get_real (query, 7);
  self->active = mere_statement_get_int (query, 8) != 0;
  return self;
}

static void
bind_row (MereStatement      *save,
          const MereCrossing *self)
{
  mere_statement_bind_text (save, 1, self->id);
  mere_statement_bind_text (save, 2, self->assessment);
  mere_statement_bind_text (save, 3, self->name);
  mere_statement_bind_text (save, 4, self->note != NULL ? self->note : "");
  mere_statement_bind_text (save, 5, mere_crossing_kind_to_string (self->kind));
  mere_statement_bind_text (save, 6, self->origin == MERE_CROSSING_PACK ? "pack" : "local");
  mere_statement_bind_real (save, 7, self->latitude);
  mere_statement_bind_real (save, 8, self->longitude);
  mere_statement_bind_int (save, 9, self->active != FALSE);
}

/* Drafts and records carry a crossing's name in lists. */
#define TOUCHED (MERE_STORE_CROSSINGS | MERE_STORE_DRAFTS | MERE_STORE_RECORDS)

gboolean
mere_crossing_save (MereStore          *store,
                    const MereCrossing *self,
                    GError            **error)
{
  g_autoptr (MereStatement) save = NULL;

  if (self->name == NULL || *self->name == '\0')
    {
      g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("A crossing needs a name."));
      return FALSE;
    }
  save = mere_statement_new (store,
                             "INSERT INTO crossing (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                             " ON CONFLICT (id) DO UPDATE SET assessment = excluded.assessment, name = excluded.name,"
                             "   note = excluded.note, kind = excluded.kind, origin = excluded.origin,"
                             "   latitude = excluded.latitude, longitude = excluded.longitude,"
                             "   active = excluded.active",
                             error);
  if (save == NULL)
    return FALSE;
  bind_row (save, self);
  if (!mere_statement_run (save, error))
    return FALSE;
  mere_store_touch (store, TOUCHED);
  return TRUE;
}

MereCrossing *
mere_crossing_load (MereStore  *store,
                    const char *id,
                    GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM crossing WHERE id = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, id);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (row)
    return read_row (query);
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no crossing “%s”."), id);
  return NULL;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const MereCrossing *left = *(MereCrossing *const *) a;
  const MereCrossing *right = *(MereCrossing *const *) b;
  int                 order = g_utf8_collate (left->name, right->name);

  return order != 0 ? order : g_strcmp0 (left->id, right->id);
}

GPtrArray *
mere_crossing_list (MereStore *store,
                    gboolean   with_inactive,
                    GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM crossing WHERE active = 1 OR ?1 = 1", error);
  GPtrArray *list;

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, with_inactive != FALSE);
  list = mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_crossing_free, error);
  if (list != NULL)
    g_ptr_array_sort (list, compare_names);
  return list;
}
