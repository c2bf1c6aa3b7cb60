/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/record-regain.h"

#include "app/store/digest.h"
#include "app/store/statement.h"

#include <string.h>

#define META_DEPTH 3 /* root, meta, what it holds: ODK XForms, "Metadata" */

/* What a submission says of itself. */
typedef struct
{
  char    *form;
  char    *version;
  char    *deprecated_id;
  char    *name;
  guint    depth;
  gboolean in_meta;
  char   **text; /* into which it is read; or NULL */
} Submission;

static void
submission_clear (Submission *self)
{
  g_free (self->form);
  g_free (self->version);
  g_free (self->deprecated_id);
  g_free (self->name);
}

static const char *
get_local (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

static void
on_start (GMarkupParseContext *context,
          const char          *name,
          const char         **names,
          const char         **values,
          gpointer             user_data,
          GError             **error)
{
  Submission *self = user_data;
  const char *local = get_local (name);

  self->depth++;
  for (guint i = 0; self->depth == 1 && names[i] != NULL; i++)
    if (g_str_equal (names[i], "id"))
      self->form = g_strdup (values[i]);
    else if (g_str_equal (names[i], "version"))
      self->version = g_strdup (values[i]);
  if (self->depth == META_DEPTH - 1)
    self->in_meta = g_str_equal (local, "meta");
  self->text = NULL;
  if (self->depth == META_DEPTH && self->in_meta && g_str_equal (local, "deprecatedID"))
    self->text = &self->deprecated_id;
  else if (self->depth == META_DEPTH && self->in_meta && g_str_equal (local, "instanceName"))
    self->text = &self->name;
}

static void
on_end (GMarkupParseContext *context,
        const char          *name,
        gpointer             user_data,
        GError             **error)
{
  Submission *self = user_data;

  self->depth--;
  self->text = NULL;
}

static void
on_text (GMarkupParseContext *context,
         const char          *text,
         gsize                size,
         gpointer             user_data,
         GError             **error)
{
  Submission *self = user_data;

  if (self->text == NULL || size == 0)
    return;
  g_free (*self->text);
  *self->text = g_strndup (text, size);
}

static gboolean
submission_read (Submission *self,
                 GBytes     *xml)
{
  static const GMarkupParser parser = { on_start, on_end, on_text, NULL, NULL };
  GMarkupParseContext       *context = g_markup_parse_context_new (&parser, (GMarkupParseFlags) 0, self, NULL);
  gsize                      size;
  const char                *bytes = g_bytes_get_data (xml, &size);
  gboolean                   read = g_markup_parse_context_parse (context, bytes, (gssize) size, NULL) && g_markup_parse_context_end_parse (context, NULL);

  g_markup_parse_context_free (context);
  return read && self->form != NULL;
}

/* The questionnaire and the log know the rest. */
#define INSERT                                                                                                                                      \
  "INSERT INTO record (row, id, deprecated_id, first_id, form, form_version, form_b2, title, kind, b2, size,"                                       \
  " created_us, created_offset_s, finalised_us, finalised_offset_s)"                                                                                \
  " SELECT ?1, l.object, ?2, coalesce (?2, l.object), ?3, ?4, coalesce (i.b2, ''), coalesce (?5, i.title, ?3), coalesce (i.kind, 'other'), ?6, ?7," \
  " l.utc_us, l.offset_s, l.utc_us, l.offset_s FROM log AS l LEFT JOIN instrument AS i ON i.form = ?3 AND i.version = ?4"                           \
  " WHERE l.kind = 'record' AND l.b2 = ?6 AND NOT EXISTS (SELECT 1 FROM record AS r WHERE r.id = l.object)"                                         \
  " ORDER BY l.seq DESC LIMIT 1 ON CONFLICT DO NOTHING"

static gboolean
regain_one (MereStore *store,
            gint64     row,
            GBytes    *xml,
            GError   **error)
{
  g_autofree char *b2 = mere_digest_dup_hex_of_bytes (xml);
  g_autoptr (MereStatement) insert = NULL;
  Submission submission = { NULL };
  gboolean   done = TRUE;

  if (submission_read (&submission, xml))
    {
      insert = mere_statement_new (store, INSERT, error);
      done = insert != NULL;
    }
  if (insert != NULL)
    {
      mere_statement_bind_int (insert, 1, row);
      mere_statement_bind_text (insert, 2, submission.deprecated_id);
      mere_statement_bind_text (insert, 3, submission.form);
      mere_statement_bind_text (insert, 4, submission.version != NULL ? submission.version : "");
      mere_statement_bind_text (insert, 5, submission.name);
      mere_statement_bind_text (insert, 6, b2);
      mere_statement_bind_int (insert, 7, (gint64) g_bytes_get_size (xml));
      done = mere_statement_run (insert, error);
    }
  submission_clear (&submission);
  return done;
}

/* The first version of each, and which are replaced: from what their versions say of each other. A chain is walked one step at a time. */
static const char order[] =
  "WITH RECURSIVE chain (id, first) AS"
  " (SELECT r.id, r.id FROM record AS r WHERE r.deprecated_id IS NULL OR r.deprecated_id NOT IN (SELECT id FROM record)"
  "  UNION ALL SELECT r.id, c.first FROM record AS r JOIN chain AS c ON r.deprecated_id = c.id)"
  " UPDATE record SET first_id = (SELECT o.first_id FROM chain AS c JOIN record AS o ON o.id = c.first WHERE c.id = record.id)"
  " WHERE id IN (SELECT id FROM chain);"
  "UPDATE record SET superseded = EXISTS (SELECT 1 FROM record AS n WHERE n.deprecated_id = record.id);"
  "UPDATE record SET state = (SELECT v.state FROM record_derived AS v WHERE v.row = record.row);";

gboolean
mere_record_regain (MereStore *store,
                    GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT record, xml FROM record_xml WHERE record NOT IN (SELECT row FROM record) ORDER BY record", error);
  gboolean row, any = FALSE;

  if (query == NULL)
    return FALSE;
  for (;;)
    {
      g_autoptr (GBytes) xml = NULL;

      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (!row)
        return !any || mere_store_execute (store, order, error);
      any = TRUE;
      xml = mere_statement_dup_bytes (query, 1);
      if (!regain_one (store, mere_statement_get_int (query, 0), xml, error))
        return FALSE;
    }
}
