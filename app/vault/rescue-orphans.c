/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/rescue-orphans.h"

#include <sodium.h>

#define MOST_TRIED 64 /* rows of a leaf that are tried in a table */

/* What indexes say */

/* The rows that an index lists and the table does not have. Returns: whether it lists all that there were */
static gboolean
compare_index (MereRescueWork *self, const MereRescueLine *line, MereRescueJob *job)
{
  const MereWreckTree *tree = mere_wreck_map_get_tree (self->map, (guint) line->tree);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (MereTreeValue));
  gboolean     whole = tree->root != 0 && tree->gaps->len == 0 && !line->is_partial;
  guint8       bytes[MERE_WRECK_PAGE];
  MereTreePage page;
  MereTreeCell cell;

  for (guint i = 0; i < tree->pages->len; i++)
    {
      guint32 number = g_array_index (tree->pages, guint32, i);

      if (mere_wreck_map_get_state (self->map, number) != MERE_WRECK_OPENS || !mere_wreck_map_read (self->map, number, bytes, &page))
        {
          whole = FALSE; /* one of an earlier time lists what was deleted since */
          continue;
        }
      for (guint k = 0; k < page.n_cells; k++)
        {
          gint64 row;

          if (!mere_tree_page_get_cell (&page, k, &cell) || !mere_wreck_map_read_payload (self->map, &cell, self->payload) ||
              !mere_tree_record_parse (self->payload->data, self->payload->len, self->payload->len, values) || values->len == 0)
            {
              whole = FALSE;
              continue;
            }
          row = mere_tree_value_get_int (&g_array_index (values, MereTreeValue, values->len - 1), self->payload->data);
          if (!mere_rescue_table_has (job->table, row))
            g_hash_table_add (job->lost, g_memdup2 (&row, sizeof row));
        }
    }
  return whole;
}

static gboolean
is_broken (MereRescueWork *self, const MereRescueJob *job)
{
  const MereWreckTree *tree = mere_wreck_map_get_tree (self->map, (guint) job->line->tree);

  return tree->gaps->len > 0 || tree->root == 0;
}

/* Asks every index of a table of which something is missing. */
static void
compare_indexes (MereRescueWork *self, MereRescueJob *job)
{
  if (!job->line->has_numbers || job->is_listed || !is_broken (self, job))
    return;
  for (guint i = 0; i < self->lines->len; i++)
    {
      const MereRescueLine *line = self->lines->pdata[i];

      if (g_str_equal (line->type, "index") && g_str_equal (line->table, job->line->name) && line->tree >= 0)
        job->is_listed = compare_index (self, line, job) || job->is_listed;
    }
}

/* Whose is it? */

typedef struct
{
  MereRescueWork       *work;
  MereTreePage          page;
  guint8                bytes[MERE_WRECK_PAGE];
  GArray               *values;
  const MereRescueLine *best;
  gint64                least; /* that speaks against it */
  guint                 fitting, equal;
} Question;

static MereRescueJob *
find_job (MereRescueWork *self, const MereRescueLine *line)
{
  for (guint i = 0; i < self->jobs->len; i++)
    if (((MereRescueJob *) self->jobs->pdata[i])->line == line)
      return self->jobs->pdata[i];
  return NULL;
}

static gboolean
is_missing (const MereWreckTree *tree, gint64 number)
{
  for (guint i = 0; i < tree->gaps->len; i++)
    {
      const MereWreckGap *gap = &g_array_index (tree->gaps, MereWreckGap, i);

      if (number <= gap->last && (number > gap->after || gap->after == G_MININT64) && !mere_wreck_tree_misses_leaf (tree, gap))
        return TRUE;
    }
  return tree->root == 0;
}

/* What speaks against a row's number; -1: everything */
static int
judge_number (Question *self, const MereWreckTree *tree, const MereRescueJob *job, gint64 number)
{
  gboolean listed = job != NULL && g_hash_table_contains (job->lost, &number);

  if (!tree->is_table)
    return 0;
  if (!is_missing (tree, number) || (job != NULL && job->is_listed && !listed))
    return -1;
  return !listed;
}

/* By the form of its rows, and the numbers that are missing. -1: it cannot be */
static gint64
judge_form (Question *self, const MereRescueLine *line)
{
  const MereWreckTree *tree = mere_wreck_map_get_tree (self->work->map, (guint) line->tree);
  const MereRescueJob *job = find_job (self->work, line);
  gint64               against = 0;
  MereTreeCell         cell;

  if (!mere_wreck_tree_is_broken (tree) || tree->is_table != mere_tree_is_table (self->page.kind))
    return -1;
  for (guint i = 0; i < self->page.n_cells; i++)
    {
      int number, form;

      if (!mere_tree_page_get_cell (&self->page, i, &cell) ||
          !mere_tree_record_parse (cell.local, cell.n_local, cell.size, self->values))
        continue;
      number = judge_number (self, tree, job, cell.number);
      form = mere_rescue_line_judge (line, self->values);
      if (number < 0 || form < 0)
        return -1;
      against += number + form;
    }
  return against;
}

/* By what the table itself says to them. */
static gint64
judge_content (Question *self, MereRescueJob *job)
{
  sqlite3      *to = self->work->to;
  GByteArray   *payload = self->work->payload;
  gint64        before = mere_rescue_table_count_orphans (job->table), against = 0;
  MereRescuePut put = MERE_RESCUE_PUT_DONE;
  MereTreeCell  cell;

  sqlite3_exec (to, "SAVEPOINT trial", NULL, NULL, NULL);
  for (guint i = 0; i < MIN (self->page.n_cells, MOST_TRIED) && put == MERE_RESCUE_PUT_DONE; i++)
    if (mere_tree_page_get_cell (&self->page, i, &cell) && mere_wreck_map_read_payload (self->work->map, &cell, payload))
      put = mere_rescue_table_put (job->table, cell.number, payload);
  against = put == MERE_RESCUE_PUT_DONE ? mere_rescue_table_count_orphans (job->table) - before : -1;
  sqlite3_exec (to, "ROLLBACK TO trial; RELEASE trial", NULL, NULL, NULL);
  return against;
}

static MereRescueJob *
find_job_of_index (MereRescueWork *self, const MereRescueLine *line)
{
  for (guint i = 0; i < self->jobs->len; i++)
    {
      MereRescueJob *job = self->jobs->pdata[i];

      if (!mere_rescue_line_is_table (line) && job->line->has_numbers && g_str_equal (job->line->name, line->table))
        return job;
    }
  return NULL;
}

/* Whether the first value of each entry is that of the row that it leads to. */
static gboolean
leads_to_rows (Question *self, const MereRescueLine *line)
{
  MereRescueJob *job = find_job_of_index (self->work, line);
  const char    *column = g_array_index (line->columns, MereRescueColumn, 0).name;
  GByteArray    *payload = self->work->payload;
  GArray        *values = self->values;
  MereTreeCell   cell;
  gboolean       leads = job != NULL && column != NULL;

  for (guint i = 0; leads && i < MIN (self->page.n_cells, MOST_TRIED); i++)
    leads = mere_tree_page_get_cell (&self->page, i, &cell) && mere_wreck_map_read_payload (self->work->map, &cell, payload) &&
            mere_tree_record_parse (payload->data, payload->len, payload->len, values) && values->len > 1 &&
            mere_rescue_table_matches (job->table, mere_tree_value_get_int (&g_array_index (values, MereTreeValue, values->len - 1), payload->data),
                                       column, &g_array_index (values, MereTreeValue, 0), payload->data);
  return leads;
}

static void
consider (Question *self, const MereRescueLine *line, gint64 against)
{
  if (against < 0)
    return;
  self->fitting++;
  if (self->best != NULL && against == self->least && (mere_rescue_line_is_table (line) || mere_rescue_line_is_table (self->best)))
    self->equal++; /* of which index it is does not matter */
  if (self->best != NULL && against >= self->least)
    return;
  self->best = line;
  self->least = against;
  self->equal = 1;
}

static void
ask (Question *self, gboolean content)
{
  GPtrArray *lines = self->work->lines;

  self->best = NULL;
  self->fitting = self->equal = 0;
  for (guint i = 0; i < lines->len; i++)
    {
      const MereRescueLine *line = lines->pdata[i];
      MereRescueJob        *job = find_job (self->work, line);
      gint64                against = line->columns != NULL ? judge_form (self, line) : -1;

      if (content && against >= 0 && job != NULL)
        {
          gint64 more = judge_content (self, job);

          against = more < 0 ? -1 : against + more;
        }
      if (content && against >= 0)
        against = 2 * against + !leads_to_rows (self, line); /* nothing but an index does */
      consider (self, line, against);
    }
}

/* Returns: (nullable): the table or index whose leaf this is, as far as one fits better than all others */
static const MereRescueLine *
find_owner (MereRescueWork *work, guint32 leaf)
{
  Question self = { .work = work };

  if (leaf == 0 || !mere_wreck_map_read (work->map, leaf, self.bytes, &self.page))
    return NULL;
  self.values = g_array_new (FALSE, FALSE, sizeof (MereTreeValue));
  ask (&self, FALSE);
  if (self.fitting > 1)
    ask (&self, TRUE);
  g_array_unref (self.values);
  sodium_memzero (self.bytes, sizeof self.bytes);
  return self.equal == 1 ? self.best : NULL;
}

/* Returns: whether it was given to a table or an index */
static gboolean
place (MereRescueWork *self, guint32 top, GError **error)
{
  const MereRescueLine *line = find_owner (self, mere_wreck_map_find_leaf (self->map, top));
  MereRescueJob        *job = line != NULL ? find_job (self, line) : NULL;
  guint                 first;

  if (line == NULL)
    return FALSE;
  first = mere_wreck_map_get_tree (self->map, (guint) line->tree)->pages->len;
  mere_wreck_map_take (self->map, (guint) line->tree, top);
  return job == NULL || mere_rescue_copy_pages (self, job, first, error);
}

/* Again as long as it helps: what was placed is what others refer to. */
gboolean
mere_rescue_orphans (MereRescueWork *self, GError **error)
{
  gboolean placed = TRUE;

  for (guint i = 0; i < self->jobs->len; i++)
    compare_indexes (self, self->jobs->pdata[i]);
  while (placed)
    {
      g_autoptr (GArray) tops = mere_wreck_map_list_orphans (self->map);

      placed = FALSE;
      for (guint i = 0; i < tops->len; i++)
        {
          GError *failed = NULL;

          placed = place (self, g_array_index (tops, guint32, i), &failed) || placed;
          if (failed == NULL)
            continue;
          g_propagate_error (error, failed);
          return FALSE;
        }
    }
  return TRUE;
}

/* What is lost */

/* Some rows that do not open lie in another page as well, as one of an earlier time may. */
static gint64
count_lost (MereRescueJob *job)
{
  GHashTableIter iter;
  gpointer       number;
  gint64         n = job->n_lost;

  g_hash_table_iter_init (&iter, job->lost);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    n += !mere_rescue_table_has (job->table, *(gint64 *) number);
  return n;
}

/* Gaps that are inner pages as far as one can see: something hung below them. */
static guint
count_inner_gaps (const MereWreckTree *tree)
{
  guint n = tree->root == 0;

  for (guint i = 0; i < tree->gaps->len && tree->taken > 0; i++)
    n += !mere_wreck_tree_misses_leaf (tree, &g_array_index (tree->gaps, MereWreckGap, i));
  return n;
}

/* An inner page has one child more than rows. */
static void
count_table (MereRescueWork *self, MereRescueJob *job)
{
  const MereWreckTree *tree = mere_wreck_map_get_tree (self->map, (guint) job->line->tree);
  guint                inner = count_inner_gaps (tree);

  compare_indexes (self, job);
  self->rescue->lost += count_lost (job);
  if (!job->line->has_numbers && tree->taken > inner)
    self->rescue->lost += tree->taken - inner;
  if (!job->is_listed)
    self->rescue->holes += tree->gaps->len - (inner - (tree->root == 0));
}

static void
follow_rows (MereRescueWork *self, guint32 number)
{
  guint8       bytes[MERE_WRECK_PAGE];
  MereTreePage page;
  MereTreeCell cell;

  if (!mere_wreck_map_read (self->map, number, bytes, &page))
    return;
  for (guint i = 0; i < page.n_cells; i++)
    if (mere_tree_page_get_cell (&page, i, &cell) && cell.overflow != 0)
      mere_wreck_map_read_payload (self->map, &cell, self->payload);
}

/* Of the pages to which nothing leads so far, those in which rows of indexes go on held nothing that is not elsewhere. */
static guint
count_unknown (MereRescueWork *self)
{
  for (guint i = 0; i < self->lines->len && mere_wreck_map_count_unknown (self->map) > 0; i++)
    {
      const MereRescueLine *line = self->lines->pdata[i];
      const MereWreckTree  *tree = line->tree >= 0 ? mere_wreck_map_get_tree (self->map, (guint) line->tree) : NULL;

      for (guint k = 0; tree != NULL && !mere_rescue_line_is_table (line) && k < tree->pages->len; k++)
        follow_rows (self, g_array_index (tree->pages, guint32, k));
    }
  return mere_wreck_map_count_unknown (self->map);
}

void
mere_rescue_count (MereRescueWork *self, gboolean is_known)
{
  for (guint i = 0; i < self->jobs->len; i++)
    count_table (self, self->jobs->pdata[i]);
  if (!is_known)
    self->rescue->holes += mere_wreck_map_get_tree (self->map, 0)->gaps->len - count_inner_gaps (mere_wreck_map_get_tree (self->map, 0));
  self->rescue->holes += count_unknown (self);
  self->rescue->unplaced = mere_wreck_map_count_orphans (self->map);
  self->rescue->unchecked = mere_wreck_map_count_unchecked (self->map);
  self->rescue->lost_frames = mere_wreck_get_lost_frames (self->from);
}
