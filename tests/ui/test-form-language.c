/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which of its languages a form is shown in, and which way it runs. */

#include "config.h"

#include "ui/form-language.h"

static const char *const languages[] = { "English (en)", "Français (fr)", "العربية (ar)", NULL };

static void
assert_picked (const char        *window,
               const char *const *from,
               const char        *expected)
{
  g_setenv ("LANG", "C.UTF-8", TRUE);
  g_setenv ("LANGUAGE", window, TRUE);
  g_assert_cmpstr (mere_form_language_pick (from), ==, expected);
}

static void
test_a_form_speaks_the_language_of_the_window (void)
{
  static const char *const regional[] = { "fr-FR", "en-GB", NULL };

  assert_picked ("fr", languages, "Français (fr)");
  assert_picked ("ar", languages, "العربية (ar)");
  assert_picked ("en_GB", regional, "en-GB");
}

static void
test_the_first_language_that_both_speak_counts (void)
{
  assert_picked ("de:fr:en", languages, "Français (fr)");
}

static void
test_a_form_that_does_not_speak_it_decides_itself (void)
{
  static const char *const unnamed[] = { "default", NULL };

  assert_picked ("ja", languages, NULL);
  assert_picked ("en", unnamed, NULL);
  assert_picked ("en", NULL, NULL);
}

static void
test_a_language_runs_as_it_is_written (void)
{
  g_assert_cmpint (mere_form_language_get_direction ("العربية (ar)"), ==, GTK_TEXT_DIR_RTL);
  g_assert_cmpint (mere_form_language_get_direction ("ar-EG"), ==, GTK_TEXT_DIR_RTL);
  g_assert_cmpint (mere_form_language_get_direction ("Français (fr)"), ==, GTK_TEXT_DIR_LTR);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/form-language/speaks-as-the-window", test_a_form_speaks_the_language_of_the_window);
  g_test_add_func ("/ui/form-language/first-that-both-speak", test_the_first_language_that_both_speak_counts);
  g_test_add_func ("/ui/form-language/decides-itself", test_a_form_that_does_not_speak_it_decides_itself);
  g_test_add_func ("/ui/form-language/direction", test_a_language_runs_as_it_is_written);

  return g_test_run ();
}
