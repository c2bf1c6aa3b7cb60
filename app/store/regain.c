/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/regain.h"

#include "app/store/digest.h"
#include "app/store/statement.h"

#include <string.h>

#define META_DEPTH 3 /* root, meta, what it holds: ODK XForms, "Metadata" */

/* What an instance of a form says of itself: a submission, a snapshot, or the model of an XForm. */
typedef struct
{
  char    *form;
  char    *version;
  char    *id;
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
  g_free (self->id);
  g_free (self->deprecated_id);
  g_free (self->name);
}

static const char *
get_local (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

/* Where an instance begins. */
static void
read_root (Submission  *self,
           const char **names,
           const char **values)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], "id") && self->form == NULL)
      self->form = g_strdup (values[i]);
    else if (g_str_equal (names[i], "version") && self->version == NULL)
      self->version = g_strdup (values[i]);
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
  if (self->depth == 1)
    read_root (self, names, values);
  if (self->depth == META_DEPTH - 1)
    self->in_meta = g_str_equal (local, "meta");
  self->text = NULL;
  if (self->depth == META_DEPTH && self->in_meta && g_str_equal (local, "instanceID"))
    self->text = &self->id;
  else if (self->depth == META_DEPTH && self->in_meta && g_str_equal (local, "deprecatedID"))
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

/* An XForm: its title, and the root of its first instance. */
static void
on_form_start (GMarkupParseContext *context,
               const char          *name,
               const char         **names,
               const char         **values,
               gpointer             user_data,
               GError             **error)
{
  Submission *self = user_data;
  const char *local = get_local (name);

  self->text = g_str_equal (local, "title") && self->name == NULL ? &self->name : NULL;
  if (self->in_meta && self->form == NULL)
    read_root (self, names, values);
  self->in_meta = g_str_equal (local, "instance");
}

static const GMarkupParser submission_parser = { on_start, on_end, on_text, NULL, NULL };
static const GMarkupParser form_parser = { on_form_start, on_end, on_text, NULL, NULL };

static gboolean
submission_read (Submission          *self,
                 const GMarkupParser *parser,
                 GBytes              *xml)
{
  GMarkupParseContext *context = g_markup_parse_context_new (parser, (GMarkupParseFlags) 0, self, NULL);
  gsize                size;
  const char          *bytes = g_bytes_get_data (xml, &size);
  gboolean             read = g_markup_parse_context_parse (context, bytes, (gssize) size, NULL) && g_markup_parse_context_end_parse (context, NULL);

  g_markup_parse_context_free (context);
  return read && self->form != NULL;
}

/* All of these take the same: row, deprecatedID, form, version, name, hash and size of the XML, instanceID. */

/* The questionnaire and the log know the rest. */
#define INSERT_RECORD                                                                                                                               \
  "INSERT INTO record (row, id, deprecated_id, first_id, form, form_version, form_b2, title, kind, b2, size,"                                       \
  " created_us, created_offset_s, finalised_us, finalised_offset_s)"                                                                                \
  " SELECT ?1, l.object, ?2, coalesce (?2, l.object), ?3, ?4, coalesce (i.b2, ''), coalesce (?5, i.title, ?3), coalesce (i.kind, 'other'), ?6, ?7," \
  " l.utc_us, l.offset_s, l.utc_us, l.offset_s FROM log AS l LEFT JOIN instrument AS i ON i.form = ?3 AND i.version = ?4"                           \
  " WHERE l.kind = 'record' AND l.b2 = ?6 AND NOT EXISTS (SELECT 1 FROM record AS r WHERE r.id = l.object)"                                         \
  " AND (?8 IS NULL OR ?8 = l.object)"                                                                                                              \
  " ORDER BY l.seq DESC LIMIT 1 ON CONFLICT DO NOTHING"

#define INSERT_INSTRUMENT                                                                                                                         \
  "INSERT INTO instrument (row, form, version, title, kind, b2)"                                                                                  \
  " SELECT ?1, ?3, ?4, coalesce (?5, ?3), coalesce ((SELECT r.kind FROM record AS r WHERE r.form = ?3 ORDER BY r.row DESC LIMIT 1), 'other'), ?6" \
  " WHERE ?7 > 0 AND ?2 IS NULL AND ?8 IS NULL ON CONFLICT DO NOTHING"

/* Up to which step the snapshot goes is not known: all that were taken count as being in it. */
#define INSERT_DRAFT                                                                                                                                \
  "INSERT INTO draft (row, instance_id, edits, instrument, title, created_us, created_offset_s, updated_us, updated_offset_s,"                      \
  " last_seq, snapshot_seq)"                                                                                                                        \
  " SELECT ?1, ?8, ?2, i.row, ?5, coalesce (min (s.utc_us), 0), coalesce (min (s.offset_s), 0), coalesce (max (s.utc_us), 0),"                      \
  " coalesce (max (s.offset_s), 0), coalesce (max (s.seq), 0), coalesce (max (s.seq), 0)"                                                           \
  " FROM instrument AS i LEFT JOIN draft_step AS s ON s.draft = ?1 WHERE i.form = ?3 AND i.version = ?4 AND ?8 IS NOT NULL AND ?6 <> '' AND ?7 > 0" \
  " GROUP BY i.row ON CONFLICT DO NOTHING"

/* What lost its row, and how it is made anew. */
static const struct
{
  const GMarkupParser *parser;
  const char          *find;
  const char          *insert;
} kinds[] = {
  { &form_parser, "SELECT instrument, xml FROM instrument_xml WHERE instrument NOT IN (SELECT row FROM instrument) ORDER BY instrument",
    INSERT_INSTRUMENT },
  { &submission_parser, "SELECT record, xml FROM record_xml WHERE record NOT IN (SELECT row FROM record) ORDER BY record", INSERT_RECORD },
  { &submission_parser, "SELECT draft, xml FROM draft_snapshot WHERE draft NOT IN (SELECT row FROM draft) ORDER BY draft", INSERT_DRAFT },
};

static gboolean
insert (MereStore        *store,
        const char       *sql,
        gint64            row,
        const Submission *submission,
        GBytes           *xml,
        GError          **error)
{
  g_autofree char *b2 = mere_digest_dup_hex_of_bytes (xml);
  g_autoptr (MereStatement) statement = mere_statement_new (store, sql, error);

  if (statement == NULL)
    return FALSE;
  mere_statement_bind_int (statement, 1, row);
  mere_statement_bind_text (statement, 2, submission->deprecated_id);
  mere_statement_bind_text (statement, 3, submission->form);
  mere_statement_bind_text (statement, 4, submission->version != NULL ? submission->version : "");
  mere_statement_bind_text (statement, 5, submission->name);
  mere_statement_bind_text (statement, 6, b2);
  mere_statement_bind_int (statement, 7, (gint64) g_bytes_get_size (xml));
  mere_statement_bind_text (statement, 8, submission->id);
  return mere_statement_run (statement, error);
}

static gboolean
regain_one (MereStore *store,
            guint      kind,
            gint64     row,
            GBytes    *xml,
            GError   **error)
{
  Submission submission = { NULL };
  gboolean   done = !submission_read (&submission, kinds[kind].parser, xml) || insert (store, kinds[kind].insert, row, &submission, xml, error);

  submission_clear (&submission);
  return done;
}

static gboolean
regain_all (MereStore *store,
            guint      kind,
            GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, kinds[kind].find, error);
  gboolean row;

  if (query == NULL)
    return FALSE;
  for (;;)
    {
      g_autoptr (GBytes) xml = NULL;

      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      xml = mere_statement_dup_bytes (query, 1);
      if (!regain_one (store, kind, mere_statement_get_int (query, 0), xml, error))
        return FALSE;
    }
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
mere_regain (MereStore *store,
             GError   **error)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    if (!regain_all (store, kind, error))
      return FALSE;
  return mere_store_execute (store, order, error);
}
