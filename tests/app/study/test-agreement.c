/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two observers: tables that were worked out by hand. */

#include "config.h"

#include "app/study/agreement.h"

#include <math.h>

#define S G_USEC_PER_SEC

static void
assert_near (double a,
             double b)
{
  g_assert_cmpfloat_with_epsilon (a, b, 1e-9);
}

/* Cells of a 2 × 2 table as two rows of answers. */
static MereKappa
kappa_of_table (guint both_first,
                guint first_second,
                guint second_first,
                guint both_second)
{
  const guint cells[2][2] = { { both_first, first_second }, { second_first, both_second } };
  guint       one[256];
  guint       other[256];
  gsize       n = 0;

  for (guint i = 0; i < 2; i++)
    for (guint k = 0; k < 2; k++)
      for (guint times = 0; times < cells[i][k]; times++, n++)
        {
          one[n] = i;
          other[n] = k;
        }
  return mere_kappa_of (one, other, n, 2);
}

static void
test_kappa_of_a_table (void)
{
  /* 20 and 15 of 50 agree: 0.7; by chance (25 × 30 + 25 × 20) / 2500 = 0.5 */
  MereKappa kappa = kappa_of_table (20, 5, 10, 15);

  g_assert_true (kappa.known);
  g_assert_cmpuint (kappa.n, ==, 50);
  assert_near (kappa.observed, 0.7);
  assert_near (kappa.kappa, 0.4);
  assert_near (kappa.adjusted, 0.4);
}

static void
test_prevalence_distorts_kappa_alone (void)
{
  /* 90 of 100 agree, nearly all on one outcome: chance is 0.905² + 0.095² … */
  MereKappa kappa = kappa_of_table (90, 5, 5, 0);

  assert_near (kappa.observed, 0.9);
  assert_near (kappa.kappa, (0.9 - 0.905) / (1 - 0.905));
  assert_near (kappa.adjusted, 0.8);
}

static void
test_kappa_needs_two_categories (void)
{
  g_assert_false (kappa_of_table (30, 0, 0, 0).known);
  g_assert_false (mere_kappa_of (NULL, NULL, 0, 2).known);
}

static void
test_concordance_falls_with_a_shift (void)
{
  const double one[] = { 1, 2, 3 };
  const double shifted[] = { 2, 3, 4 };
  const double same[] = { 5, 5, 5 };
  double       coefficient = 0;

  g_assert_true (mere_concordance_of (one, one, 3, &coefficient));
  assert_near (coefficient, 1);
  /* 2 × 2/3 / (2/3 + 2/3 + 1) */
  g_assert_true (mere_concordance_of (one, shifted, 3, &coefficient));
  assert_near (coefficient, 4.0 / 7);
  g_assert_false (mere_concordance_of (same, same, 3, &coefficient));
  g_assert_false (mere_concordance_of (one, one, 1, &coefficient));
}

static void
test_limits_of_agreement (void)
{
  const double    one[] = { 11, 22, 33 };
  const double    other[] = { 10, 20, 30 };
  MereBlandAltman limits = mere_bland_altman_of (one, other, 3);

  assert_near (limits.bias, 2);
  g_assert_cmpfloat_with_epsilon (limits.lower, 2 - 1.96, 1e-4);
  g_assert_cmpfloat_with_epsilon (limits.upper, 2 + 1.96, 1e-4);
  g_assert_false (mere_bland_altman_of (one, other, 1).known);
}

static void
assert_pairs (const gint64 *one,
              gsize         n_one,
              const gint64 *other,
              gsize         n_other,
              const char   *expected)
{
  g_autoptr (GArray) pairs = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = mere_agreement_pair (one, n_one, other, n_other, MERE_AGREEMENT_WINDOW_US, &pairs);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%u-%u ", g_array_index (pairs, guint, 2 * i), g_array_index (pairs, guint, 2 * i + 1));
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_events_are_paired_in_order (void)
{
  const gint64 one[] = { 0, 10 * S, 20 * S };
  const gint64 missed[] = { 1 * S, 21 * S };
  const gint64 late[] = { 11 * S };
  const gint64 crowded[] = { 9 * S, 11 * S, 12 * S };

  assert_pairs (one, 3, one, 3, "0-0 1-1 2-2 ");
  assert_pairs (one, 3, missed, 2, "0-0 2-1 ");
  /* the nearest of two within the window */
  assert_pairs (one, 3, late, 1, "1-0 ");
  /* more pairs rather than nearer ones */
  assert_pairs (one, 3, crowded, 3, "0-0 1-1 2-2 ");
  assert_pairs (one, 3, NULL, 0, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agreement/kappa-of-a-table", test_kappa_of_a_table);
  g_test_add_func ("/agreement/prevalence-distorts-kappa-alone", test_prevalence_distorts_kappa_alone);
  g_test_add_func ("/agreement/kappa-needs-two-categories", test_kappa_needs_two_categories);
  g_test_add_func ("/agreement/concordance-falls-with-a-shift", test_concordance_falls_with_a_shift);
  g_test_add_func ("/agreement/limits-of-agreement", test_limits_of_agreement);
  g_test_add_func ("/agreement/events-are-paired-in-order", test_events_are_paired_in_order);
  return g_test_run ();
}
