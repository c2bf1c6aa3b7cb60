/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Crossings by items: sums of the index, set against what the framework asks at a place of that kind. */

#include "config.h"

#include "app/capture/coverage.h"
#include "app/capture/coverage-private.h"

#include "app/capture/gathering.h"
#include "app/store/evidence.h"

static void
place_free (gpointer data)
{
  MereCoveragePlace *self = data;

  g_free (self->crossing);
  g_free (self->name);
  g_free (self->cells);
  g_free (self);
}

void
mere_coverage_free (MereCoverage *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->places);
  g_free (self);
}

MerePost
mere_coverage_get_post (const MereCrossing *crossing)
{
  static const MerePost posts[] = {
    [MERE_CROSSING_LAND] = MERE_POST_LAND,
    [MERE_CROSSING_AIR] = MERE_POST_AIR,
    [MERE_CROSSING_SEA] = MERE_POST_SEA,
    [MERE_CROSSING_RAIL] = MERE_POST_RAIL,
  };

  return crossing != NULL ? posts[crossing->kind] : MERE_POST_CAPITAL;
}

static guint
count_asked (guint    item,
             MerePost post)
{
  MereFramework        *framework = mere_framework_get_default ();
  MereFrameworkQuestion question;
  guint                 n = 0;

  for (guint i = 0; mere_framework_get_question (framework, item, i, NULL, &question); i++)
    n += (question.posts & post) != 0;
  return n;
}

static MereCoveragePlace *
place_new (const MereCrossing *crossing,
           guint               n_items)
{
  MereCoveragePlace *self = g_new0 (MereCoveragePlace, 1);

  if (crossing != NULL)
    {
      self->crossing = g_strdup (crossing->id);
      self->name = g_strdup (crossing->name);
      self->kind = crossing->kind;
    }
  self->cells = g_new0 (MereCoverageCell, n_items);
  for (guint i = 0; i < n_items; i++)
    self->cells[i].n_asked = count_asked (i, mere_coverage_get_post (crossing));
  return self;
}

/* --- Sums ---------------------------------------------------------------------------------------------------------- */

typedef struct
{
  MereCoverage *coverage;
  GHashTable   *places; /* id, or "" → MereCoveragePlace */
} Sums;

/* What the index says of a crossing that this laptop does not know counts as of none. */
static MereCoverageCell *
find_cell (const Sums            *self,
           const MereEvidenceSum *sum,
           int                   *question,
           MerePost              *post)
{
  const char        *id = sum->question != NULL && *sum->question != '\0' ? sum->question : sum->item;
  MereCoveragePlace *place = sum->crossing != NULL ? g_hash_table_lookup (self->places, sum->crossing) : NULL;
  MereCrossing       kind;
  guint              item;

  if (!mere_framework_find (mere_framework_get_default (), id, &item, question) || item >= self->coverage->n_items)
    return NULL;
  if (place == NULL)
    place = g_hash_table_lookup (self->places, "");
  kind.kind = place->kind;
  *post = mere_coverage_get_post (place->crossing != NULL ? &kind : NULL);
  return &place->cells[item];
}

static void
add_items (const Sums *self,
           GPtrArray  *sums)
{
  for (guint i = 0; i < sums->len; i++)
    {
      const MereEvidenceSum *sum = sums->pdata[i];
      int                    question;
      MerePost               post;
      MereCoverageCell      *cell = find_cell (self, sum, &question, &post);

      if (cell == NULL)
        continue;
      cell->n_records += sum->n_records;
      cell->n_people = MAX (cell->n_people, sum->n_people);
    }
}

static void
add_questions (const Sums *self,
               GPtrArray  *sums)
{
  for (guint i = 0; i < sums->len; i++)
    {
      const MereEvidenceSum *sum = sums->pdata[i];
      MereFrameworkQuestion  asked;
      int                    question;
      MerePost               post;
      guint                  item;
      MereCoverageCell      *cell = find_cell (self, sum, &question, &post);

      if (cell != NULL && question >= 0 && mere_framework_find (mere_framework_get_default (), sum->item, &item, NULL) &&
          mere_framework_get_question (mere_framework_get_default (), item, (guint) question, NULL, &asked) && (asked.posts & post) != 0)
        cell->n_answered++;
    }
}

static void
add_conflicts (const Sums *self,
               GPtrArray  *sums)
{
  for (guint i = 0; i < sums->len; i++)
    {
      int               question;
      MerePost          post;
      MereCoverageCell *cell = find_cell (self, sums->pdata[i], &question, &post);

      if (cell != NULL)
        cell->n_conflicts++;
    }
}

static gboolean
add_sums (const Sums *self,
          MereStore  *store,
          GError    **error)
{
  static const struct
  {
    GPtrArray *(*load) (MereStore *store, GError **error);
    void (*add) (const Sums *self, GPtrArray *sums);
  } steps[] = {
    { mere_evidence_sum_items, add_items },
    { mere_evidence_sum_questions, add_questions },
    { mere_evidence_sum_conflicts, add_conflicts },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GPtrArray) sums = steps[i].load (store, error);

      if (sums == NULL)
        return FALSE;
      steps[i].add (self, sums);
    }
  return TRUE;
}

MereCoverageState
mere_coverage_judge (const MereCoverageCell *cell)
{
  if (cell->n_records == 0)
    return cell->n_asked > 0 ? MERE_COVERAGE_MISSING : MERE_COVERAGE_NOT_ASKED;
  return cell->n_asked > 0 && cell->n_answered >= cell->n_asked ? MERE_COVERAGE_WHOLE : MERE_COVERAGE_PARTLY;
}

static void
judge_place (MereCoveragePlace *place,
             guint              n_items)
{
  for (guint i = 0; i < n_items; i++)
    {
      MereCoverageCell *cell = &place->cells[i];

      cell->state = mere_coverage_judge (cell);
      place->n_begun += cell->state >= MERE_COVERAGE_PARTLY;
      place->n_whole += cell->state == MERE_COVERAGE_WHOLE;
      place->n_asked += cell->state != MERE_COVERAGE_NOT_ASKED;
      place->n_conflicts += cell->n_conflicts;
    }
}

/* --- The whole ----------------------------------------------------------------------------------------------------- */

static gboolean
add_places (Sums      *self,
            MereStore *store,
            GError   **error)
{
  g_autoptr (GPtrArray) crossings = mere_crossing_list (store, TRUE, error);

  for (guint i = 0; crossings != NULL && i <= crossings->len; i++)
    {
      const MereCrossing *crossing = i < crossings->len ? crossings->pdata[i] : NULL;
      MereCoveragePlace  *place = place_new (crossing, self->coverage->n_items);

      g_ptr_array_add (self->coverage->places, place);
      g_hash_table_insert (self->places, g_strdup (crossing != NULL ? crossing->id : ""), place);
    }
  return crossings != NULL;
}

/* Retired crossings, and the line of what belongs to none, are shown where something is there. */
static gboolean
drop_empty_places (MereCoverage *self,
                   MereStore    *store,
                   GError      **error)
{
  g_autoptr (GPtrArray) active = mere_crossing_list (store, FALSE, error);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; active != NULL && i < active->len; i++)
    g_hash_table_add (ids, ((MereCrossing *) active->pdata[i])->id);
  for (guint i = self->places->len; active != NULL && i > 0; i--)
    {
      const MereCoveragePlace *place = self->places->pdata[i - 1];

      if (place->n_begun == 0 && (place->crossing == NULL || !g_hash_table_contains (ids, place->crossing)))
        g_ptr_array_remove_index (self->places, i - 1);
    }
  return active != NULL;
}

static gboolean
sum_up (MereCoverage *self,
        MereStore    *store,
        GError      **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Sums sums = { self, places };

  if (!add_places (&sums, store, error) || !add_sums (&sums, store, error))
    return FALSE;
  for (guint i = 0; i < self->places->len; i++)
    judge_place (self->places->pdata[i], self->n_items);
  return drop_empty_places (self, store, error) && mere_evidence_count_unknown (store, &self->n_unknown, error);
}

MereCoverage *
mere_coverage_load (MereStore    *store,
                    GCancellable *cancellable,
                    GError      **error)
{
  g_autoptr (MereCoverage) self = g_new0 (MereCoverage, 1);

  self->places = g_ptr_array_new_with_free_func (place_free);
  self->n_items = mere_framework_get_n_items (mere_framework_get_default ());
  return mere_gathering_run (store, cancellable, error) && sum_up (self, store, error) ? g_steal_pointer (&self) : NULL;
}
