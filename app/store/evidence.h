/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* Which item of the framework each record is evidence on: an index over the submissions, own and colleagues', made by
 * app/capture/gathering.h. It says nothing that the submissions do not say, and goes with them. */

/**
 * MereEvidence:
 * @item: "O2"
 * @question: "O2.1", or "" where the answer is about the item as a whole
 * @ref: of the form's question, without positions
 * @answer: (nullable): what was chosen from a list; %NULL for all that cannot be compared
 */
typedef struct
{
  char *item;
  char *question;
  char *ref;
  char *answer;
} MereEvidence;

void mere_evidence_free (MereEvidence *self);

/* Takes the place of what the index says of a record (element-type MereEvidence); it was looked through. */
gboolean mere_evidence_save (MereStore *store, const char *record, GPtrArray *evidence, GError **error);

/**
 * MereEvidenceSource:
 * @record: instanceID
 * @colleague: whether it is one of a colleague
 */
typedef struct
{
  char    *record;
  char    *form;
  char    *form_version;
  gboolean colleague;
} MereEvidenceSource;

/* Newest versions that can be looked through, and were not; those of one form together. (element-type MereEvidenceSource) */
GPtrArray *mere_evidence_list_unread (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Newest versions that cannot be: erased before anybody looked, or of a questionnaire that is not here. */
gboolean mere_evidence_count_unknown (MereStore *store, gint64 *n, GError **error);

/* What was erased stays evidence on its items; which questions, and what was answered, is forgotten. In one transaction, or the
 * caller's. */
gboolean mere_evidence_reduce (MereStore *store, const char *record, GError **error);
gboolean mere_evidence_reduce_colleagues (MereStore *store, GError **error);

/**
 * MereEvidenceSum:
 * @crossing: (nullable): id of the crossing
 * @item: "O2"
 * @question: "O2.1" or ""
 * @form: (nullable): of two answers; and @ref
 * @n_records: that have something on it
 * @n_people: laptops that these are of
 *
 * A line of one of the lists below, over the newest versions of all records. What a list does not sum by is %NULL.
 */
typedef struct
{
  char *crossing;
  char *item;
  char *question;
  char *form;
  char *ref;
  guint n_records;
  guint n_people;
} MereEvidenceSum;

GPtrArray *mere_evidence_sum_items (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;     /* by crossing and item */
GPtrArray *mere_evidence_sum_questions (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* and question */

/* Questions of a form to which two laptops have chosen different answers at one crossing. Interviews are left out: there,
 * two people were asked. */
GPtrArray *mere_evidence_sum_conflicts (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * MereEvidenceOwner:
 * @device: (nullable): name of the colleague's laptop; %NULL for this one
 * @n_answers: on what was asked for; of an erased record 0
 *
 * Whose record has something.
 */
typedef struct
{
  char *record;
  char *device;
  guint n_answers;
} MereEvidenceOwner;

/* @crossing: (nullable): %NULL for records without one. (element-type MereEvidenceOwner), own first. */
GPtrArray *mere_evidence_list_records (MereStore *store, const char *crossing, const char *item, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *mere_evidence_list_answers (MereStore *store, const char *crossing, const char *form, const char *ref, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void mere_evidence_source_free (MereEvidenceSource *self);
void mere_evidence_sum_free (MereEvidenceSum *self);
void mere_evidence_owner_free (MereEvidenceOwner *self);

G_END_DECLS
