/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many to observe, and how sure a share is. */

#include "config.h"

#include "app/study/sampling.h"

#include <math.h>

/* Wilson 1927: inside 0 to 1 and honest for small n, where the textbook interval is neither. */
MereShare
mere_share_of (guint hits, guint n)
{
  const double z2 = MERE_Z95 * MERE_Z95;
  MereShare    share = { .hits = hits, .n = n };
  double       centre, half;

  if (n == 0 || hits > n)
    return share;
  share.known = TRUE;
  share.share = (double) hits / n;
  centre = (share.share + z2 / (2.0 * n)) / (1 + z2 / n);
  half = MERE_Z95 / (1 + z2 / n) * sqrt (share.share * (1 - share.share) / n + z2 / (4.0 * n * n));
  share.lower = hits == 0 ? 0 : MAX (0.0, centre - half);
  share.upper = hits == n ? 1 : MIN (1.0, centre + half);
  return share;
}

double
mere_share_upper_without_failure (guint n)
{
  return n == 0 ? 1 : 1 - pow (0.05, 1.0 / n);
}

/* Rounds up, but not for what only rounding has pushed above a whole number. */
static guint
at_least (double n)
{
  double whole = ceil (n - 1e-9 * n);

  return whole > 0 && whole < G_MAXUINT ? (guint) whole : 0;
}

guint
mere_sample_size_without_failure (double reliability, double confidence)
{
  if (!(reliability > 0 && reliability < 1 && confidence > 0 && confidence < 1))
    return 0;
  return at_least (log (1 - confidence) / log (reliability));
}

guint
mere_sample_size_share (double share, double margin)
{
  if (!(share > 0 && share < 1 && margin > 0 && margin < 1))
    return 0;
  return at_least (MERE_Z95 * MERE_Z95 * share * (1 - share) / (margin * margin));
}

guint
mere_sample_size_finite (guint n, guint population)
{
  if (n == 0 || population == 0)
    return 0;
  return at_least (n / (1 + (n - 1.0) / population));
}

guint
mere_sample_size_mean (double variation, double margin)
{
  if (!(variation > 0 && margin > 0))
    return 0;
  return at_least (MERE_Z95 * MERE_Z95 * variation * variation / (margin * margin));
}

double
mere_design_effect (double batch_size, double correlation)
{
  return 1 + (MAX (batch_size, 1.0) - 1) * CLAMP (correlation, 0.0, 1.0);
}

double
mere_effective_size (double n, double batch_size, double correlation)
{
  return n / mere_design_effect (batch_size, correlation);
}

guint
mere_sampling_step (guint expected, guint target)
{
  return target == 0 ? 1 : MAX (1, expected / target);
}
