/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The index of evidence: rows come from app/capture/gathering.c, sums go to app/capture/coverage.c. */

#include "config.h"

#include "app/store/evidence.h"

#include "app/store/row-list.h"

void
mere_evidence_free (MereEvidence *self)
{
  if (self == NULL)
    return;
  g_free (self->item);
  g_free (self->question);
  g_free (self->ref);
  g_free (self->answer);
  g_free (self);
}

void
mere_evidence_source_free (MereEvidenceSource *self)
{
  if (self == NULL)
    return;
  g_free (self->record);
  g_free (self->form);
  g_free (self->form_version);
  g_free (self);
}

void
mere_evidence_sum_free (MereEvidenceSum *self)
{
  if (self == NULL)
    return;
  g_free (self->crossing);
  g_free (self->item);
  g_free (self->question);
  g_free (self->form);
  g_free (self->ref);
  g_free (self);
}

void
mere_evidence_owner_free (MereEvidenceOwner *self)
{
  if (self == NULL)
    return;
  g_free (self->record);
  g_free (self->device);
  g_free (self);
}

/* --- Coming and going ---------------------------------------------------------------------------------------------- */

static gboolean
run_for_record (MereStore  *store,
                const char *sql,
                const char *record,
                GError    **error)
{
  g_autoptr (MereStatement) statement = mere_statement_new (store, sql, error);

  if (statement == NULL)
    return FALSE;
  mere_statement_bind_text (statement, 1, record);
  return mere_statement_run (statement, error);
}

static gboolean
insert_all (MereStore  *store,
            const char *record,
            GPtrArray  *evidence,
            GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO evidence (record, item, question, ref, answer) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    error);

  for (guint i = 0; insert != NULL && i < evidence->len; i++)
    {
      const MereEvidence *line = evidence->pdata[i];

      mere_statement_bind_text (insert, 1, record);
      mere_statement_bind_text (insert, 2, line->item);
      mere_statement_bind_text (insert, 3, line->question);
      mere_statement_bind_text (insert, 4, line->ref);
      mere_statement_bind_text (insert, 5, line->answer);
      if (!mere_statement_run (insert, error))
        return FALSE;
    }
  return insert != NULL;
}

gboolean
mere_evidence_save (MereStore  *store,
                    const char *record,
                    GPtrArray  *evidence,
                    GError    **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  return work != NULL && run_for_record (store, "DELETE FROM evidence WHERE record = ?1", record, error) &&
         insert_all (store, record, evidence, error) &&
         run_for_record (store, "INSERT INTO evidence_read (record) VALUES (?1) ON CONFLICT DO NOTHING", record, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

gboolean
mere_evidence_reduce (MereStore  *store,
                      const char *record,
                      GError    **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  return work != NULL &&
         run_for_record (store,
                         "INSERT INTO evidence (record, item, question, ref)"
                         " SELECT DISTINCT record, item, '', '' FROM evidence WHERE record = ?1 ON CONFLICT DO NOTHING",
                         record, error) &&
         run_for_record (store, "DELETE FROM evidence WHERE record = ?1 AND ref <> ''", record, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

gboolean
mere_evidence_reduce_colleagues (MereStore *store,
                                 GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  return work != NULL &&
         mere_store_execute (store,
                             "INSERT INTO evidence (record, item, question, ref)"
                             " SELECT DISTINCT record, item, '', '' FROM evidence"
                             "  WHERE record IN (SELECT record FROM colleague_record) AND record NOT IN (SELECT id FROM record)"
                             " ON CONFLICT DO NOTHING;"
                             "DELETE FROM evidence WHERE ref <> '' AND record IN (SELECT record FROM colleague_record)"
                             "  AND record NOT IN (SELECT id FROM record)",
                             error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

/* --- What is to be read -------------------------------------------------------------------------------------------- */

#define UNREAD                                                                                                         \
  "SELECT t.record, t.form, t.form_version, t.device IS NOT NULL"                                                      \
  "  FROM team_record AS t JOIN instrument AS i ON i.form = t.form AND i.version = t.form_version"                     \
  " WHERE t.record NOT IN (SELECT record FROM evidence_read)"                                                          \
  "   AND CASE WHEN t.device IS NULL"                                                                                  \
  "            THEN EXISTS (SELECT 1 FROM record AS d JOIN record_xml AS x ON x.record = d.row WHERE d.id = t.record)" \
  "            ELSE EXISTS (SELECT 1 FROM colleague_xml AS x WHERE x.record = t.record) END"                           \
  " ORDER BY t.form, t.form_version, t.record"

static gpointer
read_source (MereStatement *row)
{
  MereEvidenceSource *source = g_new (MereEvidenceSource, 1);

  source->record = mere_statement_dup_text (row, 0);
  source->form = mere_statement_dup_text (row, 1);
  source->form_version = mere_statement_dup_text (row, 2);
  source->colleague = mere_statement_get_int (row, 3) != 0;
  return source;
}

GPtrArray *
mere_evidence_list_unread (MereStore *store,
                           GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, UNREAD, error);

  if (query == NULL)
    return NULL;
  return mere_statement_read_all (query, read_source, (GDestroyNotify) mere_evidence_source_free, error);
}

gboolean
mere_evidence_count_unknown (MereStore *store,
                             gint64    *n,
                             GError   **error)
{
  return mere_store_load_number (
    store, "SELECT count (*) FROM team_record WHERE record NOT IN (SELECT record FROM evidence_read)", n, error);
}

/* --- Sums ---------------------------------------------------------------------------------------------------------- */

#define FROM " FROM team_record AS t JOIN evidence AS e ON e.record = t.record "

#define PEOPLE "count (DISTINCT coalesce (t.device, ''))"

/* The columns of a #MereEvidenceSum. */
#define ITEMS                                                                       \
  "SELECT t.crossing, e.item, NULL, NULL, NULL, count (DISTINCT t.record), " PEOPLE \
    FROM "GROUP BY t.crossing, e.item ORDER BY t.crossing, e.item"
#define QUESTIONS                                                                         \
  "SELECT t.crossing, e.item, e.question, NULL, NULL, count (DISTINCT t.record), " PEOPLE \
    FROM "WHERE e.question <> '' GROUP BY t.crossing, e.item, e.question ORDER BY t.crossing, e.item, e.question"
#define CONFLICTS                                                                            \
  "SELECT t.crossing, e.item, e.question, t.form, e.ref, count (DISTINCT t.record), " PEOPLE \
    FROM "WHERE e.answer IS NOT NULL AND t.kind <> 'interview' AND t.placed"                 \
  " GROUP BY t.crossing, e.item, e.question, t.form, e.ref"                                  \
  " HAVING " PEOPLE " > 1 AND count (DISTINCT e.answer) > 1"                                 \
  " ORDER BY t.crossing, e.item, e.question, t.form, e.ref"

static gpointer
read_sum (MereStatement *row)
{
  MereEvidenceSum *line = g_new (MereEvidenceSum, 1);

  line->crossing = mere_statement_dup_text (row, 0);
  line->item = mere_statement_dup_text (row, 1);
  line->question = mere_statement_dup_text (row, 2);
  line->form = mere_statement_dup_text (row, 3);
  line->ref = mere_statement_dup_text (row, 4);
  line->n_records = (guint) mere_statement_get_int (row, 5);
  line->n_people = (guint) mere_statement_get_int (row, 6);
  return line;
}

static GPtrArray *
sum (MereStore  *store,
     const char *sql,
     GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);

  if (query == NULL)
    return NULL;
  return mere_statement_read_all (query, read_sum, (GDestroyNotify) mere_evidence_sum_free, error);
}

GPtrArray *
mere_evidence_sum_items (MereStore *store,
                         GError   **error)
{
  return sum (store, ITEMS, error);
}

GPtrArray *
mere_evidence_sum_questions (MereStore *store,
                             GError   **error)
{
  return sum (store, QUESTIONS, error);
}

GPtrArray *
mere_evidence_sum_conflicts (MereStore *store,
                             GError   **error)
{
  return sum (store, CONFLICTS, error);
}

/* --- Whose it is --------------------------------------------------------------------------------------------------- */

static gpointer
read_owner (MereStatement *row)
{
  MereEvidenceOwner *owner = g_new (MereEvidenceOwner, 1);

  owner->record = mere_statement_dup_text (row, 0);
  owner->device = mere_statement_dup_text (row, 1);
  owner->n_answers = (guint) mere_statement_get_int (row, 2);
  return owner;
}

#define OWNERS "SELECT t.record, t.device, count (DISTINCT nullif (e.ref, ''))" FROM
#define BY_OWNER " GROUP BY t.record, t.device ORDER BY t.device IS NOT NULL, t.device, t.record"

GPtrArray *
mere_evidence_list_records (MereStore  *store,
                            const char *crossing,
                            const char *item,
                            GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, OWNERS "WHERE t.crossing IS ?1 AND e.item = ?2" BY_OWNER, error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, crossing);
  mere_statement_bind_text (query, 2, item);
  return mere_statement_read_all (query, read_owner, (GDestroyNotify) mere_evidence_owner_free, error);
}

GPtrArray *
mere_evidence_list_answers (MereStore  *store,
                            const char *crossing,
                            const char *form,
                            const char *ref,
                            GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, OWNERS "WHERE t.crossing IS ?1 AND t.form = ?2 AND e.ref = ?3 AND e.answer IS NOT NULL AND t.placed" BY_OWNER, error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, crossing);
  mere_statement_bind_text (query, 2, form);
  mere_statement_bind_text (query, 3, ref);
  return mere_statement_read_all (query, read_owner, (GDestroyNotify) mere_evidence_owner_free, error);
}
