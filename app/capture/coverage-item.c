/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One item at one crossing: who did what, what is missing, and where two answers stand against each other. */

#include "config.h"

#include "app/capture/coverage-private.h"

#include "app/capture/capture.h"
#include "app/store/colleague.h"
#include "app/store/evidence.h"
#include "app/store/record.h"

#include <string.h>

static void
record_free (gpointer data)
{
  MereCoverageRecord *self = data;

  g_free (self->id);
  g_free (self->label);
  g_free (self->title);
  g_free (self);
}

static void
answer_free (gpointer data)
{
  MereCoverageAnswer *self = data;

  g_free (self->record);
  g_free (self->label);
  g_free (self->answer);
  g_free (self);
}

static void
conflict_free (gpointer data)
{
  MereCoverageConflict *self = data;

  g_free (self->question);
  g_ptr_array_unref (self->answers);
  g_free (self);
}

void
mere_coverage_item_free (MereCoverageItem *self)
{
  if (self == NULL)
    return;
  g_free (self->place);
  g_ptr_array_unref (self->records);
  g_ptr_array_unref (self->conflicts);
  g_array_unref (self->missing);
  g_free (self);
}

static MereCoverageItem *
item_new (void)
{
  MereCoverageItem *self = g_new0 (MereCoverageItem, 1);

  self->records = g_ptr_array_new_with_free_func (record_free);
  self->conflicts = g_ptr_array_new_with_free_func (conflict_free);
  self->missing = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

/* What is looked at. */
typedef struct
{
  MereStore        *store;
  const char       *crossing;
  MereFrameworkItem item;
  guint             index;
  MerePost          post;
} Subject;

/* --- Records ------------------------------------------------------------------------------------------------------- */

static gint64
parse_time (const char *text)
{
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

static gboolean
describe_own (MereStore          *store,
              MereCoverageRecord *self,
              GError            **error)
{
  g_autoptr (MereRecord) record = mere_record_load (store, self->id, error);

  if (record == NULL)
    return FALSE;
  self->title = g_strdup (record->title);
  self->kind = record->kind;
  self->finalised_us = record->finalised_us;
  self->readable = record->state != MERE_RECORD_ERASED;
  return TRUE;
}

static gboolean
describe_colleague (MereStore          *store,
                    MereCoverageRecord *self,
                    GError            **error)
{
  g_autoptr (MereColleagueRecord) record = mere_colleague_load (store, self->id, error);

  if (record == NULL)
    return FALSE;
  self->label = g_strdup (record->label);
  self->title = g_strdup (record->title);
  self->kind = record->kind;
  self->finalised_us = parse_time (record->finalised);
  self->readable = record->readable;
  return TRUE;
}

static gboolean
add_record (MereCoverageItem        *self,
            MereStore               *store,
            const MereEvidenceOwner *owner,
            GError                 **error)
{
  MereCoverageRecord *record = g_new0 (MereCoverageRecord, 1);

  g_ptr_array_add (self->records, record);
  record->id = g_strdup (owner->record);
  record->n_answers = owner->n_answers;
  return owner->device == NULL ? describe_own (store, record, error) : describe_colleague (store, record, error);
}

static guint
count_people (GPtrArray *owners)
{
  guint n = 0;

  for (guint i = 0; i < owners->len; i++)
    n += i == 0 || g_strcmp0 (((MereEvidenceOwner *) owners->pdata[i])->device, ((MereEvidenceOwner *) owners->pdata[i - 1])->device) != 0;
  return n;
}

static gboolean
add_records (MereCoverageItem *self,
             const Subject    *subject,
             GError          **error)
{
  g_autoptr (GPtrArray) owners = mere_evidence_list_records (subject->store, subject->crossing, subject->item.id, error);

  for (guint i = 0; owners != NULL && i < owners->len; i++)
    if (!add_record (self, subject->store, owners->pdata[i], error))
      return FALSE;
  if (owners == NULL)
    return FALSE;
  self->cell.n_records = owners->len;
  self->cell.n_people = count_people (owners);
  return TRUE;
}

/* --- What is missing ----------------------------------------------------------------------------------------------- */

static GHashTable *
list_answered (const Subject *subject,
               GError       **error)
{
  g_autoptr (GPtrArray) sums = mere_evidence_sum_questions (subject->store, error);
  g_autoptr (GHashTable) answered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; sums != NULL && i < sums->len; i++)
    {
      const MereEvidenceSum *sum = sums->pdata[i];

      if (g_strcmp0 (sum->crossing, subject->crossing) == 0 && strcmp (sum->item, subject->item.id) == 0)
        g_hash_table_add (answered, g_strdup (sum->question));
    }
  return sums != NULL ? g_steal_pointer (&answered) : NULL;
}

static gboolean
add_missing (MereCoverageItem *self,
             const Subject    *subject,
             GError          **error)
{
  g_autoptr (GHashTable) answered = list_answered (subject, error);
  MereFrameworkQuestion question;

  for (guint i = 0; answered != NULL && mere_framework_get_question (mere_framework_get_default (), subject->index, i, NULL, &question); i++)
    {
      if ((question.posts & subject->post) == 0)
        continue;
      self->cell.n_asked++;
      if (g_hash_table_contains (answered, question.id))
        self->cell.n_answered++;
      else
        g_array_append_val (self->missing, i);
    }
  return answered != NULL;
}

/* --- Two answers --------------------------------------------------------------------------------------------------- */

static char *
dup_label (MereStore               *store,
           const MereEvidenceOwner *owner)
{
  g_autoptr (MereColleagueRecord) record = owner->device != NULL ? mere_colleague_load (store, owner->record, NULL) : NULL;

  return record != NULL ? g_strdup (record->label) : NULL;
}

/* "B01 Reading the zone · Result": a short label says little without its group's. */
static char *
dup_question (MereFormNode *node)
{
  MereFormNode *parent = mere_form_node_get_parent (node);
  const char   *group = parent != NULL ? mere_form_node_get_label (parent) : NULL;
  const char   *label = mere_form_node_get_label (node);

  if (label == NULL)
    label = mere_form_node_get_name (node);
  return group != NULL && *group != '\0' ? g_strdup_printf ("%s · %s", group, label) : g_strdup (label);
}

/* The same question in another version of the form may be asked in other words: those of the first record are shown. */
static gboolean
add_answer (MereCoverageConflict    *self,
            MereStore               *store,
            const MereEvidenceOwner *owner,
            const char              *ref,
            GError                 **error)
{
  g_autoptr (MereFormSession) session = owner->device == NULL ? mere_capture_load_record (store, owner->record, error)
                                                              : mere_capture_load_colleague (store, owner->record, error);
  MereFormNode       *node = session != NULL ? mere_form_session_find (session, ref) : NULL;
  MereCoverageAnswer *answer;

  if (node == NULL)
    return session != NULL;
  if (self->question == NULL)
    self->question = dup_question (node);
  answer = g_new (MereCoverageAnswer, 1);
  answer->record = g_strdup (owner->record);
  answer->label = dup_label (store, owner);
  answer->answer = mere_form_node_dup_answer (node);
  g_ptr_array_add (self->answers, answer);
  return TRUE;
}

static gboolean
add_conflict (MereCoverageItem      *self,
              const Subject         *subject,
              const MereEvidenceSum *sum,
              GError               **error)
{
  g_autoptr (GPtrArray) owners = mere_evidence_list_answers (subject->store, subject->crossing, sum->form, sum->ref, error);
  MereCoverageConflict *conflict = g_new0 (MereCoverageConflict, 1);

  conflict->answers = g_ptr_array_new_with_free_func (answer_free);
  g_ptr_array_add (self->conflicts, conflict);
  for (guint i = 0; owners != NULL && i < owners->len; i++)
    if (!add_answer (conflict, subject->store, owners->pdata[i], sum->ref, error))
      return FALSE;
  return owners != NULL;
}

static gboolean
add_conflicts (MereCoverageItem *self,
               const Subject    *subject,
               GError          **error)
{
  g_autoptr (GPtrArray) sums = mere_evidence_sum_conflicts (subject->store, error);

  for (guint i = 0; sums != NULL && i < sums->len; i++)
    {
      const MereEvidenceSum *sum = sums->pdata[i];

      if (g_strcmp0 (sum->crossing, subject->crossing) == 0 && strcmp (sum->item, subject->item.id) == 0 &&
          !add_conflict (self, subject, sum, error))
        return FALSE;
    }
  self->cell.n_conflicts = self->conflicts->len;
  return sums != NULL;
}

MereCoverageItem *
mere_coverage_load_item (MereStore  *store,
                         const char *crossing,
                         guint       item,
                         GError    **error)
{
  Subject subject = { .store = store, .crossing = crossing, .index = item };
  g_autoptr (MereCoverageItem) self = item_new ();
  g_autoptr (MereCrossing) place = NULL;

  if (crossing != NULL)
    {
      place = mere_crossing_load (store, crossing, error);
      if (place == NULL)
        return NULL;
      self->place = g_strdup (place->name);
    }
  subject.post = mere_coverage_get_post (place);
  mere_framework_get_item (mere_framework_get_default (), item, NULL, &subject.item);
  if (!add_records (self, &subject, error) || !add_missing (self, &subject, error) || !add_conflicts (self, &subject, error))
    return NULL;
  self->cell.state = mere_coverage_judge (&self->cell);
  return g_steal_pointer (&self);
}
