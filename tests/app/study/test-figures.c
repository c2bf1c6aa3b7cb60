/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Figures: those that the textbooks give, and none where there is not enough data. */

#include "config.h"

#include "tests/support/chance.h"

#include "app/study/figures.h"
#include "app/study/flow.h"
#include "app/study/sampling.h"

#include <math.h>

#define S G_USEC_PER_SEC

static void
assert_near (double a,
             double b)
{
  g_assert_cmpfloat_with_epsilon (a, b, 1e-6);
}

/* Values 1 to n seconds, added in an order that is not theirs. */
static MereSample *
sample_of (guint n)
{
  MereSample *sample = mere_sample_new ();

  for (guint i = 0; i < n; i++)
    mere_sample_add (sample, (gint64) ((i * 7919u) % n + 1) * S);
  return sample;
}

static void
test_ranks_cover_the_quantile (void)
{
  static const struct
  {
    guint  n;
    double p;
    guint  lower, upper;
  } cases[] = {
    { 6, 0.5, 1, 6 },
    { 20, 0.5, 6, 15 },
    { 50, 0.5, 18, 33 },
    { 100, 0.5, 40, 61 },
    { 200, 0.5, 86, 115 },
    { 100, 0.9, 84, 96 },
    { 200, 0.9, 171, 189 },
    { 300, 0.9, 259, 281 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint lower = 0;
      guint upper = 0;

      g_assert_true (mere_quantile_ranks (cases[i].n, cases[i].p, 0.95, &lower, &upper));
      g_assert_cmpuint (lower, ==, cases[i].lower);
      g_assert_cmpuint (upper, ==, cases[i].upper);
    }
}

/* The smallest n for which there are ranks. */
static guint
find_least (double p)
{
  guint lower, upper, n = 1;

  while (!mere_quantile_ranks (n, p, 0.95, &lower, &upper))
    n++;
  return n;
}

static void
test_small_samples_have_no_quantile (void)
{
  guint n = 1;

  g_assert_cmpuint (find_least (0.5), ==, MERE_FIGURES_MEDIAN_MIN_N);
  g_assert_cmpuint (find_least (0.9), ==, MERE_FIGURES_P90_MIN_N);
  g_assert_cmpuint (find_least (0.95), ==, MERE_FIGURES_P95_MIN_N);
  while (mere_quantile_upper_rank (n, 0.9, 0.95) == 0)
    n++;
  g_assert_cmpuint (n, ==, MERE_FIGURES_P90_UPPER_MIN_N);
}

static void
test_figures_of_few_say_not_enough (void)
{
  g_autoptr (MereSample) five = sample_of (5);
  g_autoptr (MereSample) most = sample_of (35);
  g_autoptr (MereSample) enough = sample_of (36);
  g_autoptr (MereSample) none = mere_sample_new ();
  MereFigures few = mere_figures_of (five, 2, 1);

  g_assert_cmpuint (few.n, ==, 5);
  g_assert_cmpuint (few.censored, ==, 2);
  g_assert_cmpuint (few.wall_clock, ==, 1);
  g_assert_cmpint (few.minimum, ==, S);
  g_assert_cmpint (few.maximum, ==, 5 * S);
  assert_near (few.mean, 3.0 * S);
  g_assert_false (few.median.known);
  assert_near (few.median.value, 0);
  g_assert_true (mere_figures_of (most, 0, 0).median.known);
  g_assert_false (mere_figures_of (most, 0, 0).p90.known);
  g_assert_true (mere_figures_of (enough, 0, 0).p90.known);
  g_assert_false (mere_figures_of (enough, 0, 0).p95.known);
  g_assert_cmpuint (mere_figures_of (none, 0, 0).n, ==, 0);
}

static void
test_quantiles_lie_within_their_interval (void)
{
  g_autoptr (MereSample) sample = sample_of (100);
  MereFigures figures = mere_figures_of (sample, 0, 0);

  assert_near (figures.median.value, 50.5 * S);
  g_assert_cmpint (figures.median.lower, ==, 40 * S);
  g_assert_cmpint (figures.median.upper, ==, 61 * S);
  assert_near (figures.q1.value, 25.75 * S);
  assert_near (figures.p90.value, 90.1 * S);
  g_assert_cmpint (figures.p90.lower, ==, 84 * S);
  g_assert_cmpint (figures.p90.upper, ==, 96 * S);
  assert_near (figures.sd / S, sqrt (100.0 * 101 / 12));
}

/* The exact sums hold for samples of any size. */
static void
test_large_samples_have_ranks (void)
{
  guint lower = 0;
  guint upper = 0;

  g_assert_true (mere_quantile_ranks (1000000, 0.5, 0.95, &lower, &upper));
  /* 500,000 ± 1.96 × 500 */
  g_assert_cmpuint (lower, >=, 499018);
  g_assert_cmpuint (lower, <=, 499022);
  g_assert_cmpuint (upper, >=, 500979);
  g_assert_cmpuint (upper, <=, 500983);
}

static void
test_a_sample_stays_in_order (void)
{
  g_autoptr (MereSample) sample = mere_sample_new ();
  GArray *values = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < 2000; i++)
    {
      if (values->len > 0 && g_test_rand_int_range (0, 3) == 0)
        {
          guint at = (guint) g_test_rand_int_range (0, (gint32) values->len);

          g_assert_true (mere_sample_remove (sample, g_array_index (values, gint64, at)));
          g_array_remove_index_fast (values, at);
        }
      else
        {
          gint64 value = g_test_rand_int_range (0, 500);

          mere_sample_add (sample, value);
          g_array_append_val (values, value);
        }
    }
  g_assert_cmpuint (mere_sample_get_n (sample), ==, values->len);
  for (guint rank = 2; rank <= values->len; rank++)
    g_assert_cmpint (mere_sample_get_rank (sample, rank - 1), <=, mere_sample_get_rank (sample, rank));
  g_assert_false (mere_sample_remove (sample, 500));
  g_assert_cmpuint (mere_sample_count_up_to (sample, 499), ==, values->len);
  g_array_unref (values);
}

static void
test_sample_sizes (void)
{
  g_assert_cmpuint (mere_sample_size_share (0.5, 0.05), ==, 385);
  g_assert_cmpuint (mere_sample_size_share (0.5, 0.1), ==, 97);
  g_assert_cmpuint (mere_sample_size_share (0.1, 0.05), ==, 139);
  g_assert_cmpuint (mere_sample_size_share (0, 0.05), ==, 0);
  g_assert_cmpuint (mere_sample_size_finite (385, 600), ==, 235);
  g_assert_cmpuint (mere_sample_size_mean (0.6, 0.1), ==, 139);
  g_assert_cmpuint (mere_sample_size_mean (0.6, 0.15), ==, 62);
  g_assert_cmpuint (mere_sample_size_mean (0.6, 0.2), ==, 35);
  g_assert_cmpuint (mere_sample_size_mean (1, 0.1), ==, 385);
  g_assert_cmpuint (mere_sample_size_mean (1, 0.15), ==, 171);
  g_assert_cmpuint (mere_sample_size_without_failure (0.95, 0.95), ==, 59);
  assert_near (mere_design_effect (40, 0.1), 4.9);
  g_assert_cmpfloat_with_epsilon (mere_effective_size (200, 40, 0.1), 41, 0.5);
  g_assert_cmpuint (mere_sampling_step (120, 40), ==, 3);
  g_assert_cmpuint (mere_sampling_step (10, 40), ==, 1);
}

static void
test_shares_have_wilson_intervals (void)
{
  MereShare some = mere_share_of (8, 10);
  MereShare none = mere_share_of (0, 10);

  assert_near (some.share, 0.8);
  g_assert_cmpfloat_with_epsilon (some.lower, 0.4902, 1e-4);
  g_assert_cmpfloat_with_epsilon (some.upper, 0.9433, 1e-4);
  assert_near (none.lower, 0);
  g_assert_cmpfloat_with_epsilon (none.upper, 0.2775, 1e-4);
  g_assert_false (mere_share_of (0, 0).known);
  g_assert_cmpfloat_with_epsilon (mere_share_upper_without_failure (100), 0.03, 0.001);
}

static void
test_littles_law_is_checked (void)
{
  /* 60 an hour that wait 10 minutes are a queue of 10 */
  MereLittle agrees = mere_little_check (10.5, 60, G_GINT64_CONSTANT (3600) * S, 600.0 * S);
  MereLittle differs = mere_little_check (15, 60, G_GINT64_CONSTANT (3600) * S, 600.0 * S);

  assert_near (agrees.implied, 10);
  g_assert_false (agrees.doubtful);
  assert_near (differs.disagreement, 1.0 / 3);
  g_assert_true (differs.doubtful);
  g_assert_false (mere_little_check (1, 0, S, 1).known);
}

static void
test_arrivals_are_counted_in_bins (void)
{
  const gint64 minute = G_GINT64_CONSTANT (60) * S;
  const gint64 times[] = { 50 * minute, 0, 14 * minute, 16 * minute, 3 * minute };
  g_auto (MereArrivals) arrivals = { 0 };

  mere_arrivals_init (&arrivals, times, G_N_ELEMENTS (times), 15 * minute);
  g_assert_cmpuint (arrivals.n_bins, ==, 4);
  g_assert_cmpuint (arrivals.counts[0], ==, 3);
  g_assert_cmpuint (arrivals.counts[1], ==, 1);
  g_assert_cmpuint (arrivals.counts[2], ==, 0);
  g_assert_cmpuint (arrivals.counts[3], ==, 1);
  assert_near (mere_arrivals_get_peak (&arrivals), 12);
  /* 12 an hour of 10 minutes are two booths without a break, and 2.35 at 85 % */
  g_assert_cmpuint (mere_flow_booths_needed (12, 600.0 * S), ==, 3);
  g_assert_cmpuint (mere_flow_booths_needed (0, 600.0 * S), ==, 0);
  g_assert_cmpint (mere_flow_time_to_clear (minute, times, G_N_ELEMENTS (times)), ==, 49 * minute);
}

static void
test_bins_stay_few (void)
{
  const gint64 times[] = { 0, G_GINT64_CONSTANT (1000000) * S };
  g_auto (MereArrivals) arrivals = { 0 };

  mere_arrivals_init (&arrivals, times, 2, S);
  g_assert_cmpuint (arrivals.n_bins, <=, 10000);
  g_assert_cmpuint (arrivals.counts[arrivals.n_bins - 1], ==, 1);
}

static void
test_durations_read_as_people_do (void)
{
  static const struct
  {
    double      s;
    const char *text;
  } cases[] = { { 4.2, "4.2 s" }, { 9.94, "9.9 s" }, { 9.96, "0:10" }, { 83, "1:23" }, { 3599.4, "59:59" }, { 3599.6, "1:00:00" }, { 3723, "1:02:03" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = mere_duration_format (cases[i].s * S);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  mere_test_init_chance (&argc, &argv);
  g_test_add_func ("/figures/ranks-cover-the-quantile", test_ranks_cover_the_quantile);
  g_test_add_func ("/figures/small-samples-have-no-quantile", test_small_samples_have_no_quantile);
  g_test_add_func ("/figures/figures-of-few-say-not-enough", test_figures_of_few_say_not_enough);
  g_test_add_func ("/figures/quantiles-lie-within-their-interval", test_quantiles_lie_within_their_interval);
  g_test_add_func ("/figures/large-samples-have-ranks", test_large_samples_have_ranks);
  g_test_add_func ("/figures/a-sample-stays-in-order", test_a_sample_stays_in_order);
  g_test_add_func ("/figures/sample-sizes", test_sample_sizes);
  g_test_add_func ("/figures/shares-have-wilson-intervals", test_shares_have_wilson_intervals);
  g_test_add_func ("/figures/littles-law-is-checked", test_littles_law_is_checked);
  g_test_add_func ("/figures/arrivals-are-counted-in-bins", test_arrivals_are_counted_in_bins);
  g_test_add_func ("/figures/bins-stay-few", test_bins_stay_few);
  g_test_add_func ("/figures/durations-read-as-people-do", test_durations_read_as_people_do);
  return g_test_run ();
}
