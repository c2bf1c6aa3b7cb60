/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two observers at one booth: how far their sheets agree. */

#define MERE_AGREEMENT_WINDOW_US (10 * G_USEC_PER_SEC) /* events further apart are not the same event */
#define MERE_AGREEMENT_MIN_N 30                        /* paired units per pair and period */

/* Cohen's kappa over categories 0 … n_categories - 1, with the value that prevalence does not distort. */
typedef struct
{
  gboolean known; /* FALSE without pairs, or where both gave one and the same category throughout */
  guint    n;
  double   observed; /* share of equal pairs */
  double   kappa;
  double   adjusted; /* PABAK, (k × observed - 1) / (k - 1) */
} MereKappa;

MereKappa mere_kappa_of (const guint *one, const guint *other, gsize n, guint n_categories);

/* Lin's concordance correlation coefficient, 1 - 2 … 1; known from two pairs that vary. */
gboolean mere_concordance_of (const double *one, const double *other, gsize n, double *coefficient);

/* Bland and Altman: mean difference (one - other) and its 95 % limits of agreement. */
typedef struct
{
  gboolean known; /* from two pairs on */
  guint    n;
  double   bias;
  double   lower;
  double   upper;
} MereBlandAltman;

MereBlandAltman mere_bland_altman_of (const double *one, const double *other, gsize n);

/**
 * mere_agreement_pair:
 * @one, @other: moments in µs, ascending
 * @pairs: (out callee-allocates) (transfer full) (element-type guint): index in @one, index in @other, alternating
 *
 * Pairs events of two streams in order, nearest first, none further apart than @window_us, no two pairs crossing:
 * the alignment with most pairs and, among these, the least total gap.
 *
 * Returns: number of pairs
 */
guint mere_agreement_pair (const gint64 *one, gsize n_one, const gint64 *other, gsize n_other, gint64 window_us, GArray **pairs);

G_END_DECLS
