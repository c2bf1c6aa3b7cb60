/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"
#include "sync/receipt.h"

G_BEGIN_DECLS

/* What reviewers say of records, kept with who and when. What was said stays; the newest verdict on a version counts. A
 * record that is sent back travels to its laptop with the next receipt, and is answered by its next version. */

typedef enum {
  MERE_REVIEW_ACCEPT,
  MERE_REVIEW_RETURN,
  MERE_REVIEW_COMMENT, /* changes nothing of how it stands */
} MereReviewVerdict;

#define MERE_REVIEW_N_VERDICTS 3

/* "accept", "return", "comment". */
const char *mere_review_verdict_to_string (MereReviewVerdict verdict);

/* How a version stands with its reviewers. */
typedef enum {
  MERE_REVIEWED_NEW, /* no verdict yet */
  MERE_REVIEWED_ACCEPTED,
  MERE_REVIEWED_RETURNED, /* sent back */
  MERE_REVIEWED_ANSWERED, /* the new version of one that was sent back; no verdict on it yet */
} MereReviewed;

#define MERE_REVIEWED_N_STATES 4

/* "new", "accepted", "returned", "answered". */
const char *mere_reviewed_to_string (MereReviewed reviewed);
gboolean    mere_reviewed_from_string (const char *text, MereReviewed *reviewed);

/**
 * MereReview:
 * @record: instanceID of the version
 * @ref: (nullable): the question that is commented on, by its path in the submission; %NULL: the record as a whole
 * @comment: ""
 * @reviewer: who
 * @said_us: when, UTC
 */
typedef struct
{
  char             *record;
  MereReviewVerdict verdict;
  char             *ref;
  char             *comment;
  char             *reviewer;
  gint64            said_us;
  gint32            said_offset_s;
} MereReview;

void mere_review_free (MereReview *self);

/* A comment on a question. */
typedef struct
{
  char *ref; /* its path in the submission; positions that are 1 may be left out */
  char *comment;
} MereReviewQuestion;

MereReviewQuestion *mere_review_question_new (const char *ref, const char *comment) G_GNUC_WARN_UNUSED_RESULT;
void                mere_review_question_free (MereReviewQuestion *self);

#define MERE_REVIEW_MAX_COMMENT 8000 /* bytes; docs/formats-road.md, "Receipt" */

/**
 * mere_review_say:
 * @record: instanceID
 * @reviewer: who says it
 * @comment: on the record as a whole; ""
 * @questions: (element-type MereReviewQuestion): comments on its questions
 * @error: return location, domain %MERE_STORE_ERROR: NOT_FOUND where the record has no such question, CONFLICT where a
 *   verdict is given on a version that has a newer one; %G_OPTION_ERROR where a text is too long or nothing is said
 *
 * Keeps it, in one transaction.
 */
gboolean mere_review_say (MereStore        *store,
                          const char       *record,
                          MereReviewVerdict verdict,
                          const char       *reviewer,
                          const char       *comment,
                          GPtrArray        *questions,
                          GError          **error);

/* (element-type MereReview): all that was said of a version, in that order; of all versions of the record. */
GPtrArray *mere_review_list (MereStore *store, const char *record, GError **error);
GPtrArray *mere_review_list_history (MereStore *store, const char *record, GError **error);

/* How a version stands. */
gboolean mere_review_load (MereStore *store, const char *record, MereReviewed *reviewed, GError **error);

/* Names the records of a laptop that are sent back and not yet answered in a receipt for it. */
gboolean mere_review_fill_receipt (MereStore *store, const char *device, MereReceiptDocument *document, GError **error);

/* (element-type utf8): active laptops that have, or had, something to be told by a receipt. */
GPtrArray *mere_review_list_devices (MereStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereReview, mere_review_free)

G_END_DECLS
