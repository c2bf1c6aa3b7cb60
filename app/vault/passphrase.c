/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/passphrase.h"

#include <glib/gi18n-lib.h>
#include <pwquality.h>

/* Where distributions keep the dictionary of words that are guessed first. */
static const char *const dictionaries[] = {
  "/var/cache/cracklib/cracklib_dict.pwd",
  "/usr/share/cracklib/pw_dict.pwd",
};

static gboolean
has_dictionary (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dictionaries); i++)
    if (g_file_test (dictionaries[i], G_FILE_TEST_EXISTS))
      return TRUE;
  return FALSE;
}

int
mere_passphrase_rate (const char *text, char **advice)
{
  pwquality_settings_t *settings;
  void                 *detail = NULL;
  int                   rating;

  if (advice != NULL)
    *advice = NULL;
  if (*text == '\0')
    return 0;

  settings = pwquality_default_settings ();
  if (settings == NULL)
    return 0;
  /* Without its dictionary the library refuses everything. */
  if (!has_dictionary ())
    pwquality_set_int_value (settings, PWQ_SETTING_DICT_CHECK, 0);
  rating = pwquality_check (settings, text, NULL, NULL, &detail);
  if (rating < 0 && advice != NULL)
    {
      char reason[PWQ_MAX_ERROR_MESSAGE_LEN];

      *advice = g_strdup (pwquality_strerror (reason, sizeof reason, rating, detail));
    }
  else if (rating < MERE_PASSPHRASE_MINIMUM && advice != NULL)
    *advice = g_strdup (_ ("Too easy to guess: add a few words that do not belong together"));
  pwquality_free_settings (settings);
  return CLAMP (rating, 0, 100);
}
