/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rates: what arrives, what is carried, and whether the two agree. */

#include "config.h"

#include "app/study/flow.h"

#include <math.h>

#define BINS_MAX 10000

MereLittle
mere_little_check (double seen, guint arrivals, gint64 period_us, double mean_wait_us)
{
  MereLittle little = { .seen = seen };
  double     larger;

  if (period_us <= 0 || arrivals == 0 || seen < 0 || mean_wait_us < 0)
    return little;
  little.known = TRUE;
  little.implied = arrivals / (double) period_us * mean_wait_us;
  larger = MAX (little.seen, little.implied);
  little.disagreement = larger > 0 ? fabs (little.seen - little.implied) / larger : 0;
  little.doubtful = little.disagreement > MERE_FLOW_LITTLE_TOLERANCE;
  return little;
}

static void
find_ends (const gint64 *times_us, gsize n, gint64 *first, gint64 *last)
{
  *first = *last = times_us[0];
  for (gsize i = 1; i < n; i++)
    {
      *first = MIN (*first, times_us[i]);
      *last = MAX (*last, times_us[i]);
    }
}

void
mere_arrivals_init (MereArrivals *self, const gint64 *times_us, gsize n, gint64 bin_us)
{
  gint64 first, last;

  g_return_if_fail (bin_us > 0);

  *self = (MereArrivals){ .bin_us = bin_us };
  if (n == 0)
    return;
  find_ends (times_us, n, &first, &last);
  while ((last - first) / self->bin_us >= BINS_MAX)
    self->bin_us *= 2;
  self->start_us = first;
  self->n_bins = (guint) ((last - first) / self->bin_us) + 1;
  self->counts = g_new0 (guint, self->n_bins);
  for (gsize i = 0; i < n; i++)
    self->counts[(times_us[i] - first) / self->bin_us]++;
}

void
mere_arrivals_clear (MereArrivals *self)
{
  g_clear_pointer (&self->counts, g_free);
  self->n_bins = 0;
}

double
mere_arrivals_get_peak (const MereArrivals *self)
{
  guint most = 0;

  for (guint i = 0; i < self->n_bins; i++)
    most = MAX (most, self->counts[i]);
  return most == 0 ? 0 : most * 3600.0 * G_USEC_PER_SEC / (double) self->bin_us;
}

guint
mere_flow_booths_needed (double per_hour, double service_us)
{
  double load = per_hour * service_us / (3600.0 * G_USEC_PER_SEC);

  return load > 0 ? (guint) ceil (load / MERE_FLOW_TARGET_UTILISATION - 1e-9) : 0;
}

gint64
mere_flow_time_to_clear (gint64 doors_open_us, const gint64 *decisions_us, gsize n)
{
  gint64 last = doors_open_us;

  for (gsize i = 0; i < n; i++)
    last = MAX (last, decisions_us[i]);
  return last - doors_open_us;
}
