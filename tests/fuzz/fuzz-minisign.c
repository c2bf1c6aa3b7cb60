/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Texts of signatures and keys, each reader by itself. What is taken has one spelling only. */

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "fuzz.h"
#include "sync/age.h"
#include "sync/code.h"
#include "sync/minisign.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return sodium_init () < 0;
}

static void
read_keys (const char *text)
{
  MereMinisignKey  key;
  guint8           box[MERE_AGE_KEY_SIZE];
  g_autofree char *code = mere_code_read (text, NULL);
  g_autoptr (MereSecret) identity = mere_age_identity_parse (text, NULL);

  if (mere_minisign_key_parse (text, &key, NULL))
    {
      g_autofree char *again = mere_minisign_key_to_text (&key);

      g_assert (strstr (text, again) != NULL);
    }
  if (mere_age_recipient_parse (text, box, NULL))
    {
      g_autofree char *again = mere_age_recipient_to_text (box);

      g_assert (strcmp (text, again) == 0);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (MereMinisign) signature = mere_minisign_parse ((const char *) data, size, NULL);

  if (signature != NULL)
    g_assert (strlen (signature->trusted_comment) <= MERE_MINISIGN_MAX_TRUSTED_COMMENT && g_utf8_validate (signature->trusted_comment, -1, NULL));
  read_keys (text);

  return 0;
}
