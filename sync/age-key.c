/* SPDX-License-Identifier: GPL-3.0-or-later */

/* age's X25519 keys and their texts. */

#include "config.h"

#include "sync/age.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "sync/bech32.h"

#define RECIPIENT_PREFIX "age"
#define IDENTITY_PREFIX "age-secret-key-"
#define IDENTITY_LENGTH MERE_BECH32_LENGTH (sizeof IDENTITY_PREFIX - 1)

G_DEFINE_QUARK (mere_age_error, mere_age_error)

MereSecret *
mere_age_identity_new (void)
{
  MereSecret *identity = mere_secret_new (MERE_AGE_KEY_SIZE);

  randombytes_buf (mere_secret_get_data (identity), MERE_AGE_KEY_SIZE);

  return identity;
}

static MereSecret *
refuse_identity (GError    **error,
                 const char *message)
{
  g_set_error_literal (error, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY, message);

  return NULL;
}

/* One line of an identity file, in locked memory. */
static MereSecret *
parse_line (const char *line,
            gsize       length,
            GError    **error)
{
  g_autoptr (MereSecret) text = mere_secret_new (IDENTITY_LENGTH + 1);
  g_autoptr (MereSecret) identity = mere_secret_new (MERE_AGE_KEY_SIZE);
  const char *characters = (const char *) mere_secret_get_data (text);

  if (length != IDENTITY_LENGTH)
    return refuse_identity (error, _ ("This is no age identity: its length is wrong."));

  memcpy (mere_secret_get_data (text), line, length);
  if (!g_ascii_isupper (characters[0]) || !mere_bech32_decode (IDENTITY_PREFIX, characters, mere_secret_get_data (identity)))
    return refuse_identity (error, _ ("This is no age identity: “AGE-SECRET-KEY-1…” was mistyped or cut."));

  return g_steal_pointer (&identity);
}

MereSecret *
mere_age_identity_parse (const char *text,
                         GError    **error)
{
  g_autoptr (MereSecret) identity = NULL;

  while (*text != '\0')
    {
      gsize length = strcspn (text, "\n");
      gsize content = length > 0 && text[length - 1] == '\r' ? length - 1 : length;

      if (content > 0 && text[0] != '#')
        {
          if (identity != NULL)
            return refuse_identity (error, _ ("There is more than one age identity; exactly one is expected."));
          identity = parse_line (text, content, error);
          if (identity == NULL)
            return NULL;
        }
      text += length + (text[length] == '\n');
    }
  if (identity == NULL)
    return refuse_identity (error, _ ("There is no age identity in it."));

  return g_steal_pointer (&identity);
}

MereSecret *
mere_age_identity_to_text (const MereSecret *identity)
{
  MereSecret *text = mere_secret_new (IDENTITY_LENGTH + 1);
  char       *characters = (char *) mere_secret_get_data (text);

  mere_bech32_encode (IDENTITY_PREFIX, mere_secret_get_data (identity), characters);
  for (char *c = characters; *c != '\0'; c++)
    *c = g_ascii_toupper (*c);

  return text;
}

char *
mere_age_identity_dup_recipient (const MereSecret *identity)
{
  guint8 key[MERE_AGE_KEY_SIZE];

  crypto_scalarmult_base (key, mere_secret_get_data (identity));

  return mere_age_recipient_to_text (key);
}

gboolean
mere_age_recipient_parse (const char *text,
                          guint8      key[MERE_AGE_KEY_SIZE],
                          GError    **error)
{
  if (!g_ascii_isupper (text[0]) && mere_bech32_decode (RECIPIENT_PREFIX, text, key))
    return TRUE;

  g_set_error_literal (error, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY,
                       _ ("This is no age recipient: “age1…” was mistyped, cut, or is of another kind."));

  return FALSE;
}

char *
mere_age_recipient_to_text (const guint8 key[MERE_AGE_KEY_SIZE])
{
  char *text = g_malloc (MERE_BECH32_LENGTH (sizeof RECIPIENT_PREFIX - 1) + 1);

  mere_bech32_encode (RECIPIENT_PREFIX, key, text);

  return text;
}
