/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Forms by id and version. Which version is the newest is a matter of arrival, not of comparing version strings. */

#include "config.h"

#include "app/store/instrument.h"

#include "app/store/digest.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"
#include "app/store/words.h"

#include <glib/gi18n-lib.h>

#define COLUMNS "row, form, version, title, kind, languages, b2, active"

static const char *const kinds[MERE_INSTRUMENT_N_KINDS] = { "observation", "check", "interview", "other" };

G_DEFINE_BOXED_TYPE (MereInstrument, mere_instrument, mere_instrument_copy, mere_instrument_free)

MereInstrument *
mere_instrument_copy (const MereInstrument *self)
{
  MereInstrument *copy = g_new (MereInstrument, 1);

  *copy = *self;
  copy->form = g_strdup (self->form);
  copy->version = g_strdup (self->version);
  copy->title = g_strdup (self->title);
  copy->languages = g_strdupv (self->languages);
  copy->b2 = g_strdup (self->b2);
  return copy;
}

void
mere_instrument_free (MereInstrument *self)
{
  if (self == NULL)
    return;
  g_free (self->form);
  g_free (self->version);
  g_free (self->title);
  g_strfreev (self->languages);
  g_free (self->b2);
  g_free (self);
}

const char *
mere_instrument_kind_to_string (MereInstrumentKind kind)
{
  g_return_val_if_fail ((guint) kind < MERE_INSTRUMENT_N_KINDS, NULL);
  return kinds[kind];
}

gboolean
mere_instrument_kind_from_string (const char         *text,
                                  MereInstrumentKind *kind)
{
  int found = mere_words_find (kinds, MERE_INSTRUMENT_N_KINDS, text);

  if (found >= 0)
    *kind = (MereInstrumentKind) found;
  return found >= 0;
}

static char **
split_languages (const char *lines)
{
  return lines == NULL || *lines == '\0' ? NULL : g_strsplit (lines, "\n", -1);
}

static MereInstrument *
read_row (MereStatement *query)
{
  MereInstrument *self = g_new0 (MereInstrument, 1);

  self->row = mere_statement_get_int (query, 0);
  self->form = mere_statement_dup_text (query, 1);
  self->version = mere_statement_dup_text (query, 2);
  self->title = mere_statement_dup_text (query, 3);
  mere_instrument_kind_from_string (mere_statement_get_text (query, 4), &self->kind);
  self->languages = split_languages (mere_statement_get_text (query, 5));
  self->b2 = mere_statement_dup_text (query, 6);
  self->active = mere_statement_get_int (query, 7) != 0;
  return self;
}

static MereInstrument *
read_only_row (MereStatement *query,
               const char    *form,
               GError       **error)
{
  gboolean row;

  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (row)
    return read_row (query);
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no instrument “%s”."), form);
  return NULL;
}

MereInstrument *
mere_instrument_load (MereStore  *store,
                      const char *form,
                      const char *version,
                      GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM instrument WHERE form = ?1 AND version = ?2", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, form);
  mere_statement_bind_text (query, 2, version);
  return read_only_row (query, form, error);
}

MereInstrument *
mere_instrument_load_row (MereStore *store,
                          gint64     row,
                          GError   **error)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, row);
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM instrument WHERE row = ?1", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, row);
  return read_only_row (query, name, error);
}

MereInstrument *
mere_instrument_load_latest (MereStore  *store,
                             const char *form,
                             GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM instrument WHERE form = ?1 AND active = 1 ORDER BY row DESC LIMIT 1", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, form);
  return read_only_row (query, form, error);
}

GBytes *
mere_instrument_load_xml (MereStore *store,
                          gint64     row,
                          GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT xml FROM instrument_xml WHERE instrument = ?1", error);
  gboolean found;

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, row);
  if (!mere_statement_step (query, &found, error))
    return NULL;
  if (found)
    return mere_statement_dup_bytes (query, 0);
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no such instrument."));
  return NULL;
}

static gboolean
insert_row (MereStore         *store,
            const char        *form,
            const char        *version,
            const char        *title,
            MereInstrumentKind kind,
            const char *const *languages,
            const char        *b2,
            GError           **error)
{
  g_autofree char *lines = languages != NULL ? g_strjoinv ("\n", (char **) languages) : NULL;
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO instrument (form, version, title, kind, languages, b2, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)"
    " ON CONFLICT (form, version) DO UPDATE SET title = excluded.title, kind = excluded.kind, active = 1",
    error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, form);
  mere_statement_bind_text (insert, 2, version);
  mere_statement_bind_text (insert, 3, title);
  mere_statement_bind_text (insert, 4, mere_instrument_kind_to_string (kind));
  mere_statement_bind_text (insert, 5, lines != NULL ? lines : "");
  mere_statement_bind_text (insert, 6, b2);
  return mere_statement_run (insert, error);
}

static gboolean
insert_xml (MereStore *store,
            gint64     row,
            GBytes    *xml,
            GError   **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO instrument_xml (instrument, xml) VALUES (?1, ?2) ON CONFLICT (instrument) DO NOTHING", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, row);
  mere_statement_bind_bytes (insert, 2, xml);
  return mere_statement_run (insert, error);
}

/* Whether (form, version) may be kept with this content. */
static gboolean
check_same (MereStore  *store,
            const char *form,
            const char *version,
            const char *b2,
            GError    **error)
{
  g_autoptr (GError) none = NULL;
  g_autoptr (MereInstrument) held = mere_instrument_load (store, form, version, &none);

  if (held == NULL && !g_error_matches (none, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&none));
      return FALSE;
    }
  if (held == NULL || g_str_equal (held->b2, b2))
    return TRUE;
  g_set_error (error,
               MERE_STORE_ERROR,
               MERE_STORE_ERROR_CONFLICT,
               _ ("Instrument “%s” is already here in version “%s”, with other content. A changed form needs a new "
                  "version; the one that is here was kept."),
               form,
               version);
  return FALSE;
}

MereInstrument *
mere_instrument_add (MereStore         *store,
                     const char        *form,
                     const char        *version,
                     const char        *title,
                     MereInstrumentKind kind,
                     const char *const *languages,
                     GBytes            *xml,
                     GError           **error)
{
  g_autofree char *b2 = mere_digest_dup_hex_of_bytes (xml);
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereInstrument) self = NULL;

  if (work == NULL || !check_same (store, form, version, b2, error) ||
      !insert_row (store, form, version, title, kind, languages, b2, error))
    return NULL;
  self = mere_instrument_load (store, form, version, error);
  if (self == NULL || !insert_xml (store, self->row, xml, error))
    return NULL;
  mere_store_touch (store, MERE_STORE_INSTRUMENTS);
  if (!mere_transaction_commit (g_steal_pointer (&work), error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
mere_instrument_set_active (MereStore *store,
                            gint64     row,
                            gboolean   active,
                            GError   **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE instrument SET active = ?2 WHERE row = ?1", error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, row);
  mere_statement_bind_int (update, 2, active != FALSE);
  if (!mere_statement_run (update, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_INSTRUMENTS);
  return TRUE;
}

static GPtrArray *
read_all (MereStatement *query,
          GError       **error)
{

  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_instrument_free, error);
}

static int
compare_titles (gconstpointer a,
                gconstpointer b)
{
  const MereInstrument *left = *(MereInstrument *const *) a;
  const MereInstrument *right = *(MereInstrument *const *) b;
  int                   order = g_utf8_collate (left->title, right->title);

  return order != 0 ? order : g_strcmp0 (left->form, right->form);
}

GPtrArray *
mere_instrument_list_latest (MereStore *store,
                             int        kind,
                             GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT " COLUMNS " FROM instrument WHERE row IN (SELECT max (row) FROM instrument WHERE active = 1 GROUP BY form)"
    " AND (?1 IS NULL OR kind = ?1)",
    error);
  GPtrArray *list;

  if (query == NULL)
    return NULL;
  if (kind >= 0)
    mere_statement_bind_text (query, 1, mere_instrument_kind_to_string ((MereInstrumentKind) kind));
  list = read_all (query, error);
  if (list != NULL)
    g_ptr_array_sort (list, compare_titles);
  return list;
}

GPtrArray *
mere_instrument_list (MereStore *store,
                      GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM instrument ORDER BY form, row", error);

  return query != NULL ? read_all (query, error) : NULL;
}
