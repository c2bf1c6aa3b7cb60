/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Units a booth should be busy of its open time, at most, so that a queue dies down. */
#define MERE_FLOW_TARGET_UTILISATION 0.85
/* Little's law holds for whole cycles; a larger disagreement says that something was not counted. */
#define MERE_FLOW_LITTLE_TOLERANCE 0.20

/* Little's law over one period: the mean queue that the rate and the mean wait imply, beside the one seen. */
typedef struct
{
  gboolean known;
  double   seen;         /* mean of the snapshots */
  double   implied;      /* arrivals per second × mean wait */
  double   disagreement; /* share of the larger of the two */
  gboolean doubtful;     /* over MERE_FLOW_LITTLE_TOLERANCE */
} MereLittle;

MereLittle mere_little_check (double seen, guint arrivals, gint64 period_us, double mean_wait_us);

/**
 * MereArrivals:
 *
 * Arrivals counted in bins of the same length from @start_us on; all bins up to the last arrival are there, empty ones too.
 */
typedef struct
{
  gint64 start_us;
  gint64 bin_us;
  guint  n_bins;
  guint *counts;
} MereArrivals;

/* @times_us in any order; at most 10,000 bins, beyond that the bin is doubled until they fit. */
void mere_arrivals_init (MereArrivals *self, const gint64 *times_us, gsize n, gint64 bin_us);
void mere_arrivals_clear (MereArrivals *self);
/* Per hour in the fullest bin: for bins of 15 minutes, the peak × 4. */
double mere_arrivals_get_peak (const MereArrivals *self);

/* Booths that carry @per_hour units of @service_us each at MERE_FLOW_TARGET_UTILISATION; at least 1 where there is any. */
guint mere_flow_booths_needed (double per_hour, double service_us);

/* Time to clear a batch: from doors open to its last decision. */
gint64 mere_flow_time_to_clear (gint64 doors_open_us, const gint64 *decisions_us, gsize n);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereArrivals, mere_arrivals_clear)

G_END_DECLS
