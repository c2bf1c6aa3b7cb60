/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MERE_Z95 1.959963984540054 /* 97.5 % quantile of the normal distribution */

/* A share with its 95 % interval by Wilson's score, 0 to 1; @known is FALSE where @n is 0. */
typedef struct
{
  gboolean known;
  guint    hits;
  guint    n;
  double   share;
  double   lower;
  double   upper;
} MereShare;

MereShare mere_share_of (guint hits, guint n);

/* Upper 95 % bound of a share of failures when none was seen in @n tests: 1 - 0.05^(1/n), about 3/n. */
double mere_share_upper_without_failure (guint n);
/* Tests without a failure that show at least @reliability with @confidence: 59 for 0.95 and 0.95. */
guint mere_sample_size_without_failure (double reliability, double confidence);

/* How many to observe. 0 where the arguments make no sense. */
guint mere_sample_size_share (double share, double margin);    /* ±@margin at 95 %: 385 for 0.5 and 0.05 */
guint mere_sample_size_finite (guint n, guint population);     /* 235 instead of 385 where there are 600 */
guint mere_sample_size_mean (double variation, double margin); /* both as shares of the mean: 139 for 0.6, 0.1 */

/* People who come in one bus or flight resemble each other. */
double mere_design_effect (double batch_size, double correlation); /* 4.9 for 40 and 0.1 */
double mere_effective_size (double n, double batch_size, double correlation);

/* Systematic sampling: every k-th unit, k at least 1. */
guint mere_sampling_step (guint expected, guint target);

G_END_DECLS
