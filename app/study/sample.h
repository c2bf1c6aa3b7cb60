/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MereSample:
 *
 * Durations in µs, kept in order of size. Adding or removing one is a binary search and a memory move: at 50,000 values
 * a few µs, and nothing is ever sorted again.
 */
typedef struct _MereSample MereSample;

MereSample *mere_sample_new (void) G_GNUC_WARN_UNUSED_RESULT;
void        mere_sample_free (MereSample *self);
void        mere_sample_add (MereSample *self, gint64 us);
gboolean    mere_sample_remove (MereSample *self, gint64 us); /* FALSE where there is none such */

guint  mere_sample_get_n (const MereSample *self);
gint64 mere_sample_get_rank (const MereSample *self, guint rank);   /* from 1, the smallest */
double mere_sample_get_mean (const MereSample *self);               /* 0 when empty */
double mere_sample_get_sd (const MereSample *self);                 /* of the population it is drawn from; 0 under two */
guint  mere_sample_count_up_to (const MereSample *self, gint64 us); /* how many are at most @us */

/**
 * mere_sample_get_quantile:
 * @p: 0 to 1
 *
 * Interpolated between neighbours at 1 + (n - 1) p, as R and spreadsheets do (type 7 of Hyndman and Fan 1996), so that
 * analysts find the same figure. The sample must not be empty.
 */
double mere_sample_get_quantile (const MereSample *self, double p);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereSample, mere_sample_free)

G_END_DECLS
