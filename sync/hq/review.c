/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reviews: said, listed, and told to laptops. How a version stands is the view hq_record_review of
 * schemas/sql/0010-review.sql. */

#include "config.h"

#include "sync/hq/review.h"

#include "app/capture/remarks.h"
#include "app/store/clock.h"
#include "app/store/record.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"
#include "app/store/words.h"
#include "sync/hq/submission.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_REVIEWER 240 /* bytes */

/* Of one receipt: words, and their bytes. Written as JSON they grow to twice that at most, and a receipt holds 10,000 and
 * 16 MiB. What is beyond follows when the first ones are answered. */
#define MAX_WORDS 10000
#define MAX_RETURNED (4 * 1024 * 1024)

static const char *const verdicts[MERE_REVIEW_N_VERDICTS] = { "accept", "return", "comment" };
static const char *const states[MERE_REVIEWED_N_STATES] = { "new", "accepted", "returned", "answered" };

const char *
mere_review_verdict_to_string (MereReviewVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < MERE_REVIEW_N_VERDICTS, NULL);
  return verdicts[verdict];
}

const char *
mere_reviewed_to_string (MereReviewed reviewed)
{
  g_return_val_if_fail ((guint) reviewed < MERE_REVIEWED_N_STATES, NULL);
  return states[reviewed];
}

gboolean
mere_reviewed_from_string (const char   *text,
                           MereReviewed *reviewed)
{
  int found = mere_words_find (states, MERE_REVIEWED_N_STATES, text);

  if (found >= 0)
    *reviewed = (MereReviewed) found;
  return found >= 0;
}

void
mere_review_free (MereReview *self)
{
  if (self == NULL)
    return;
  g_free (self->record);
  g_free (self->ref);
  g_free (self->comment);
  g_free (self->reviewer);
  g_free (self);
}

MereReviewQuestion *
mere_review_question_new (const char *ref,
                          const char *comment)
{
  MereReviewQuestion *self = g_new (MereReviewQuestion, 1);

  self->ref = g_strdup (ref);
  self->comment = g_strdup (comment);
  return self;
}

void
mere_review_question_free (MereReviewQuestion *self)
{
  if (self == NULL)
    return;
  g_free (self->ref);
  g_free (self->comment);
  g_free (self);
}

/* It travels as JSON and is shown as text: no control characters but the line's end and the tab. */
static gboolean
check_text (const char *text,
            gsize       most,
            GError    **error)
{
  const char *at = text;

  while ((guint8) *at >= ' ' || *at == '\n' || *at == '\t')
    at++;
  if (*at == '\0' && strlen (text) <= most && g_utf8_validate (text, -1, NULL))
    return TRUE;
  g_set_error (error,
               G_OPTION_ERROR,
               G_OPTION_ERROR_BAD_VALUE,
               _ ("A comment is text of at most %u bytes, a reviewer’s name of at most %u. Nothing was kept."),
               MERE_REVIEW_MAX_COMMENT,
               MAX_REVIEWER);
  return FALSE;
}

static gboolean
check_texts (const char       *reviewer,
             MereReviewVerdict verdict,
             const char       *comment,
             GPtrArray        *questions,
             GError          **error)
{
  gboolean any = *comment != '\0';

  if (!check_text (reviewer, MAX_REVIEWER, error) || !check_text (comment, MERE_REVIEW_MAX_COMMENT, error))
    return FALSE;
  for (guint i = 0; i < questions->len; i++)
    {
      const MereReviewQuestion *remark = questions->pdata[i];

      if (!check_text (remark->comment, MERE_REVIEW_MAX_COMMENT, error))
        return FALSE;
      any = any || *remark->comment != '\0';
    }
  if (any || verdict == MERE_REVIEW_ACCEPT)
    return TRUE;
  g_set_error_literal (error,
                       G_OPTION_ERROR,
                       G_OPTION_ERROR_BAD_VALUE,
                       verdict == MERE_REVIEW_RETURN
                         ? _ ("Say what is to be corrected: give --comment TEXT or --question PATH=TEXT. Nothing was kept.")
                         : _ ("Give --comment TEXT or --question PATH=TEXT. Nothing was kept."));
  return FALSE;
}

/* A verdict on a version that was replaced would tell nobody anything. */
static gboolean
check_version (MereStore        *store,
               const char       *record,
               MereReviewVerdict verdict,
               GError          **error)
{
  g_autoptr (MereRecord) row = mere_record_load (store, record, error);
  g_autoptr (GPtrArray) versions = row != NULL ? mere_record_list_versions (store, record, error) : NULL;
  const MereRecord *newest = row;

  if (versions == NULL)
    return FALSE;
  if (row->latest || verdict == MERE_REVIEW_COMMENT)
    return TRUE;
  for (guint i = 0; i < versions->len; i++)
    if (((MereRecord *) versions->pdata[i])->latest)
      newest = versions->pdata[i];
  g_set_error (error,
               MERE_STORE_ERROR,
               MERE_STORE_ERROR_CONFLICT,
               _ ("This record has a newer version, %s; look at that one. Nothing was kept."),
               newest->id);
  return FALSE;
}

/* Of a leaf and all that is around it, without positions that are 1. */
static void
add_path (gpointer           paths,
          const char        *ref,
          const MereXmlNode *node)
{
  g_autofree char *plain = mere_remarks_dup_plain (ref);

  for (char *end = plain + strlen (plain); end != NULL && end > plain; end = strrchr (plain, '/'))
    {
      *end = '\0';
      if (!g_hash_table_add (paths, g_strdup (plain)))
        return;
    }
}

static gboolean
check_questions (MereStore  *store,
                 const char *record,
                 GPtrArray  *questions,
                 GError    **error)
{
  g_autoptr (GBytes) xml = questions->len > 0 ? mere_record_load_xml (store, record, error) : NULL;
  g_autoptr (MereSubmission) submission = xml != NULL ? mere_submission_parse (xml, error) : NULL;
  g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (questions->len == 0)
    return TRUE;
  if (submission == NULL)
    return FALSE;
  mere_submission_walk (submission, NULL, add_path, paths);
  for (guint i = 0; i < questions->len; i++)
    {
      const MereReviewQuestion *remark = questions->pdata[i];
      g_autofree char          *plain = mere_remarks_dup_plain (remark->ref);

      if (g_hash_table_contains (paths, plain))
        continue;
      g_set_error (error,
                   MERE_STORE_ERROR,
                   MERE_STORE_ERROR_NOT_FOUND,
                   _ ("The record has no question “%s”; “records show --json” lists the paths of its questions. Nothing was kept."),
                   remark->ref);
      return FALSE;
    }
  return TRUE;
}

static gboolean
insert (MereStore        *store,
        const MereReview *self,
        GError          **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO hq_review (record, verdict, ref, comment, reviewer, said_us, said_offset_s)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, self->record);
  mere_statement_bind_text (insert, 2, verdicts[self->verdict]);
  mere_statement_bind_text (insert, 3, self->ref);
  mere_statement_bind_text (insert, 4, self->comment);
  mere_statement_bind_text (insert, 5, self->reviewer);
  mere_statement_bind_int (insert, 6, self->said_us);
  mere_statement_bind_int (insert, 7, self->said_offset_s);
  return mere_statement_run (insert, error);
}

/* The comments first, then what they lead to. */
static gboolean
insert_all (MereStore *store,
            MereReview self,
            GPtrArray *questions,
            GError   **error)
{
  MereReview question = self;

  question.verdict = MERE_REVIEW_COMMENT;
  for (guint i = 0; i < questions->len; i++)
    {
      const MereReviewQuestion *remark = questions->pdata[i];

      question.ref = remark->ref;
      question.comment = remark->comment;
      if (!insert (store, &question, error))
        return FALSE;
    }
  return (self.verdict == MERE_REVIEW_COMMENT && *self.comment == '\0') || insert (store, &self, error);
}

gboolean
mere_review_say (MereStore        *store,
                 const char       *record,
                 MereReviewVerdict verdict,
                 const char       *reviewer,
                 const char       *comment,
                 GPtrArray        *questions,
                 GError          **error)
{
  MereReview self = { (char *) record, verdict, NULL, (char *) comment, (char *) reviewer, 0, 0 };
  g_autoptr (MereTransaction) work = NULL;

  if (!check_texts (reviewer, verdict, comment, questions, error))
    return FALSE;
  work = mere_transaction_begin (store, error);
  if (work == NULL || !check_version (store, record, verdict, error) || !check_questions (store, record, questions, error))
    return FALSE;
  mere_clock_read (&self.said_us, &self.said_offset_s);
  if (!insert_all (store, self, questions, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_RECORDS);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

static MereReview *
read_row (MereStatement *query)
{
  MereReview *self = g_new0 (MereReview, 1);

  self->record = mere_statement_dup_text (query, 0);
  for (guint i = 0; i < MERE_REVIEW_N_VERDICTS; i++)
    if (g_str_equal (verdicts[i], mere_statement_get_text (query, 1)))
      self->verdict = (MereReviewVerdict) i;
  self->ref = mere_statement_dup_text (query, 2);
  self->comment = mere_statement_dup_text (query, 3);
  self->reviewer = mere_statement_dup_text (query, 4);
  self->said_us = mere_statement_get_int (query, 5);
  self->said_offset_s = (gint32) mere_statement_get_int (query, 6);
  return self;
}

#define SELECT "SELECT record, verdict, ref, comment, reviewer, said_us, said_offset_s FROM hq_review"

static GPtrArray *
list (MereStore  *store,
      const char *sql,
      const char *record,
      GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, record);
  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_review_free, error);
}

GPtrArray *
mere_review_list (MereStore  *store,
                  const char *record,
                  GError    **error)
{
  return list (store, SELECT " WHERE record = ?1 ORDER BY row", record, error);
}

GPtrArray *
mere_review_list_history (MereStore  *store,
                          const char *record,
                          GError    **error)
{
  return list (store,
               SELECT " WHERE record IN (SELECT d.id FROM record AS d WHERE " MERE_RECORD_VERSIONS ")"
                      " ORDER BY row",
               record,
               error);
}

gboolean
mere_review_load (MereStore    *store,
                  const char   *record,
                  MereReviewed *reviewed,
                  GError      **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT s.review FROM record AS d JOIN hq_record_review AS s ON s.row = d.row WHERE d.id = ?1", error);
  gboolean row;

  *reviewed = MERE_REVIEWED_NEW;
  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, record);
  if (!mere_statement_step (query, &row, error))
    return FALSE;
  if (row)
    mere_reviewed_from_string (mere_statement_get_text (query, 0), reviewed);
  return TRUE;
}

static void
add_word (MereReceiptDocument *document,
          const MereReview    *review,
          gsize               *size)
{
  *size += strlen (review->record) + strlen (review->comment) + (review->ref != NULL ? strlen (review->ref) : 0);
  mere_receipt_document_return (document, review->record, review->ref, review->comment);
}

/* The newest return's word on the whole, also where it is empty, and every comment on a question. */
static gboolean
add_return (MereStore           *store,
            const char          *record,
            MereReceiptDocument *document,
            gsize               *size,
            GError             **error)
{
  g_autoptr (GPtrArray) reviews = mere_review_list (store, record, error);
  const MereReview *whole = NULL;

  for (guint i = 0; reviews != NULL && i < reviews->len; i++)
    {
      const MereReview *review = reviews->pdata[i];

      if (review->ref == NULL && review->verdict == MERE_REVIEW_RETURN)
        whole = review;
    }
  if (whole == NULL)
    return reviews != NULL;
  add_word (document, whole, size);
  for (guint i = 0; i < reviews->len && document->returned->len < MAX_WORDS; i++)
    if (((MereReview *) reviews->pdata[i])->ref != NULL)
      add_word (document, reviews->pdata[i], size);
  return TRUE;
}

gboolean
mere_review_fill_receipt (MereStore           *store,
                          const char          *device,
                          MereReceiptDocument *document,
                          GError             **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT DISTINCT v.record FROM hq_review AS v JOIN record AS d ON d.id = v.record"
    " JOIN hq_record AS h ON h.row = d.row JOIN hq_record_review AS s ON s.row = d.row"
    " WHERE v.verdict = 'return' AND h.device = ?1 AND d.superseded = 0 AND s.review = 'returned' ORDER BY v.record",
    error);
  gsize    size = 0;
  gboolean row = TRUE;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, device);
  while (size < MAX_RETURNED && document->returned->len < MAX_WORDS)
    {
      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      if (!add_return (store, mere_statement_get_text (query, 0), document, &size, error))
        return FALSE;
    }
  return TRUE;
}

GPtrArray *
mere_review_list_devices (MereStore *store,
                          GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT DISTINCT h.device FROM hq_review AS v JOIN record AS d ON d.id = v.record JOIN hq_record AS h ON h.row = d.row"
    " JOIN hq_device AS w ON w.device = h.device WHERE v.verdict = 'return' AND w.state = 'active' ORDER BY h.device",
    error);

  if (query == NULL)
    return NULL;
  return mere_statement_read_texts (query, error);
}
