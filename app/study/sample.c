/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Durations in order of size. */

#include "config.h"

#include "app/study/sample.h"

#include <math.h>

struct _MereSample
{
  GArray *values; /* of gint64, ascending */
};

MereSample *
mere_sample_new (void)
{
  MereSample *self = g_new (MereSample, 1);

  self->values = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

void
mere_sample_free (MereSample *self)
{
  g_array_unref (self->values);
  g_free (self);
}

/* How many values are below @us, or up to it. */
static guint
position (const MereSample *self, gint64 us, gboolean up_to)
{
  const gint64 *values = (const gint64 *) (gconstpointer) self->values->data;
  guint         low = 0, high = self->values->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (values[middle] < us || (up_to && values[middle] == us))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
mere_sample_add (MereSample *self, gint64 us)
{
  g_array_insert_val (self->values, position (self, us, TRUE), us);
}

gboolean
mere_sample_remove (MereSample *self, gint64 us)
{
  guint index = position (self, us, FALSE);

  if (index == self->values->len || g_array_index (self->values, gint64, index) != us)
    return FALSE;
  g_array_remove_index (self->values, index);
  return TRUE;
}

guint
mere_sample_get_n (const MereSample *self)
{
  return self->values->len;
}

gint64
mere_sample_get_rank (const MereSample *self, guint rank)
{
  g_return_val_if_fail (rank >= 1 && rank <= self->values->len, 0);

  return g_array_index (self->values, gint64, rank - 1);
}

double
mere_sample_get_mean (const MereSample *self)
{
  double sum = 0;

  for (guint i = 0; i < self->values->len; i++)
    sum += (double) g_array_index (self->values, gint64, i);
  return self->values->len == 0 ? 0 : sum / self->values->len;
}

double
mere_sample_get_sd (const MereSample *self)
{
  double mean = mere_sample_get_mean (self);
  double squares = 0;

  if (self->values->len < 2)
    return 0;
  for (guint i = 0; i < self->values->len; i++)
    {
      double distance = (double) g_array_index (self->values, gint64, i) - mean;

      squares += distance * distance;
    }
  return sqrt (squares / (self->values->len - 1));
}

guint
mere_sample_count_up_to (const MereSample *self, gint64 us)
{
  return position (self, us, TRUE);
}

double
mere_sample_get_quantile (const MereSample *self, double p)
{
  double place, below;
  guint  rank;

  g_return_val_if_fail (self->values->len > 0, 0);

  place = (self->values->len - 1) * CLAMP (p, 0.0, 1.0);
  rank = (guint) place + 1;
  below = (double) mere_sample_get_rank (self, rank);
  if (rank == self->values->len)
    return below;
  return below + (place - (rank - 1)) * ((double) mere_sample_get_rank (self, rank + 1) - below);
}
