/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A challenge and its answer. The secret behind all answers of a laptop is X25519 of its own key and the recovery key; an answer is a
 * keyed hash of the challenge, cut to what a person can read out. 80 bits: each guess costs the vault's key derivation. */

#include "config.h"

#include "sync/recover.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "app/store/settings.h"
#include "app/vault/recovery.h"
#include "sync/code.h"
#include "sync/hash.h"
#include "sync/road.h"
#include "sync/trust.h"

#define DOMAIN_ANSWER "merestone-recover/1"
#define DOMAIN_CHECK "merestone-recover-check/1"
#define GROUP 5
#define RANDOM 8 /* characters: 40 bits */
#define CHECK 4  /* characters: 20 bits */
#define KEY_REFUSED "recover.refused"

G_DEFINE_QUARK (mere_recover_error, mere_recover_error)

G_STATIC_ASSERT (MERE_DEVICE_CODE_LENGTH + RANDOM + CHECK == MERE_RECOVER_LENGTH);

/* 5 bits of each byte. */
static void
put_characters (char         *to,
                const guint8 *bytes,
                gsize         n)
{
  for (gsize i = 0; i < n; i++)
    to[i] = mere_code_alphabet[bytes[i] & 31];
}

/* @challenge: what stands before the check */
static void
put_check (char        to[CHECK],
           const char *challenge,
           const char *recovery)
{
  MereHash hash;
  guint8   bytes[MERE_CONTENT_SIZE];

  mere_hash_init (&hash, sizeof bytes);
  mere_hash_update (&hash, DOMAIN_CHECK, strlen (DOMAIN_CHECK));
  mere_hash_update (&hash, challenge, MERE_RECOVER_LENGTH - CHECK);
  mere_hash_update (&hash, recovery, strlen (recovery));
  mere_hash_finish (&hash, bytes);
  put_characters (to, bytes, CHECK);
}

char *
mere_recover_challenge_new (const char *device,
                            const char *recovery)
{
  char  *challenge = g_malloc0 (MERE_RECOVER_LENGTH + 1);
  guint8 random[RANDOM];

  g_return_val_if_fail (mere_device_code_is (device), challenge);

  randombytes_buf (random, sizeof random);
  memcpy (challenge, device, MERE_DEVICE_CODE_LENGTH);
  put_characters (challenge + MERE_DEVICE_CODE_LENGTH, random, RANDOM);
  put_check (challenge + MERE_RECOVER_LENGTH - CHECK, challenge, recovery);

  return challenge;
}

static gboolean
is_challenge (const char *text)
{
  return strlen (text) == MERE_RECOVER_LENGTH && strspn (text, mere_code_alphabet) == MERE_RECOVER_LENGTH;
}

char *
mere_recover_challenge_group (const char *challenge)
{
  g_autoptr (GString) text = g_string_new (challenge);

  if (!is_challenge (challenge))
    return NULL;
  for (gssize at = MERE_RECOVER_LENGTH - GROUP; at > 0; at -= GROUP)
    g_string_insert_c (text, at, '-');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* As Crockford reads what people write; 0: nothing that counts. */
static gunichar
read_character (gunichar c)
{
  if (g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION || g_unichar_type (c) == G_UNICODE_FORMAT)
    return 0;
  c = g_unichar_tolower (c);
  if (c == 'o')
    return '0';

  return c == 'i' || c == 'l' ? '1' : c;
}

char *
mere_recover_challenge_read (const char *typed,
                             GError    **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!g_utf8_validate (typed, -1, NULL))
    typed = "?";
  for (const char *at = typed; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = read_character (g_utf8_get_char (at));

      if (c == 0)
        continue;
      if (c > 127 || strchr (mere_code_alphabet, (int) c) == NULL)
        {
          g_set_error (error, MERE_RECOVER_ERROR, MERE_RECOVER_ERROR_CHARACTER,
                       _ ("A challenge has letters and digits only; “%.*s” is neither, or one that is never used."),
                       (int) (g_utf8_next_char (at) - at), at);
          return NULL;
        }
      g_string_append_c (text, (char) c);
    }
  if (text->len == MERE_RECOVER_LENGTH)
    return g_string_free (g_steal_pointer (&text), FALSE);
  g_set_error (error, MERE_RECOVER_ERROR, MERE_RECOVER_ERROR_LENGTH,
               _ ("A challenge has %d letters and digits; these are %zu."), MERE_RECOVER_LENGTH, text->len);

  return NULL;
}

gboolean
mere_recover_challenge_is_for (const char *challenge,
                               const char *recovery)
{
  char check[CHECK];

  if (!is_challenge (challenge))
    return FALSE;
  put_check (check, challenge, recovery);

  return memcmp (check, challenge + MERE_RECOVER_LENGTH - CHECK, CHECK) == 0;
}

char *
mere_recover_challenge_dup_device (const char *challenge)
{
  return g_strndup (challenge, MERE_DEVICE_CODE_LENGTH);
}

/* Answers */

/* The keyed hash of the challenge under the shared secret. */
static gboolean
derive (guint8            hash[MERE_CONTENT_SIZE],
        const MereSecret *identity,
        const guint8     *laptop,
        const guint8     *recovery,
        const char       *challenge)
{
  g_autoptr (MereSecret) shared = mere_secret_new (MERE_AGE_KEY_SIZE);
  crypto_generichash_state state;
  guint8                   own[MERE_AGE_KEY_SIZE];

  crypto_scalarmult_base (own, mere_secret_get_data (identity));
  if (crypto_scalarmult (mere_secret_get_data (shared), mere_secret_get_data (identity),
                         memcmp (own, laptop, sizeof own) == 0 ? recovery : laptop) != 0)
    return FALSE;
  crypto_generichash_init (&state, mere_secret_get_data (shared), MERE_AGE_KEY_SIZE, MERE_CONTENT_SIZE);
  crypto_generichash_update (&state, (const guint8 *) DOMAIN_ANSWER, strlen (DOMAIN_ANSWER));
  crypto_generichash_update (&state, laptop, MERE_AGE_KEY_SIZE);
  crypto_generichash_update (&state, recovery, MERE_AGE_KEY_SIZE);
  crypto_generichash_update (&state, (const guint8 *) challenge, MERE_RECOVER_LENGTH);
  crypto_generichash_final (&state, hash, MERE_CONTENT_SIZE);
  sodium_memzero (&state, sizeof state);

  return TRUE;
}

MereSecret *
mere_recover_answer_new (const MereSecret *identity,
                         const char       *laptop,
                         const char       *recovery,
                         const char       *challenge,
                         GError          **error)
{
  g_autoptr (MereSecret) answer = mere_secret_new (MERE_CODE_LENGTH);
  guint8 keys[2][MERE_AGE_KEY_SIZE], hash[MERE_CONTENT_SIZE];

  g_return_val_if_fail (is_challenge (challenge), NULL);

  if (!mere_age_recipient_parse (laptop, keys[0], error) || !mere_age_recipient_parse (recovery, keys[1], error))
    return NULL;
  if (!derive (hash, identity, keys[0], keys[1], challenge))
    {
      g_set_error_literal (error, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY, _ ("This is no age recipient: its key is not a key."));
      return NULL;
    }
  mere_code_put (hash, (char *) mere_secret_get_data (answer));
  sodium_memzero (hash, sizeof hash);

  return g_steal_pointer (&answer);
}

MereSecret *
mere_recover_answer_read (const char *typed,
                          GError    **error)
{
  char       *digits = mere_code_read (typed, error);
  MereSecret *answer;

  if (digits == NULL)
    return NULL;
  answer = mere_secret_new_from_text (digits);
  sodium_memzero (digits, strlen (digits));
  g_free (digits);

  return answer;
}

/* The laptop's side */

gboolean
mere_recover_is_wanted (MereStore *store)
{
  return mere_settings_load_int (store, KEY_REFUSED, 0) == 0;
}

gboolean
mere_recover_set_wanted (MereStore *store,
                         gboolean   wanted,
                         GError   **error)
{
  return mere_settings_save_int (store, KEY_REFUSED, !wanted, error);
}

/* NULL without an error: there is no way through headquarters. */
static char *
load_recovery (MereStore *store,
               GError   **error)
{
  g_autoptr (MereTrust) trust = mere_recover_is_wanted (store) ? mere_trust_load (store, 0, error) : NULL;

  return trust != NULL ? g_strdup (trust->recovery) : NULL;
}

static gboolean
arm (MereVault          *vault,
     const MereRoadKeys *keys,
     const char         *recovery,
     GError            **error)
{
  g_autofree char *challenge = mere_recover_challenge_new (keys->device, recovery);
  g_autoptr (MereSecret) answer = mere_recover_answer_new (keys->box, keys->box_key, recovery, challenge, error);

  return answer != NULL && mere_vault_arm_recovery (vault, challenge, answer, error);
}

static gboolean
is_armed (MereVault  *vault,
          const char *device,
          const char *recovery)
{
  g_autofree char *challenge = mere_recovery_dup_challenge (mere_vault_get_path (vault));

  return challenge != NULL && g_str_has_prefix (challenge, device) && mere_recover_challenge_is_for (challenge, recovery);
}

/* @keys: (nullable): without them there is nobody to ask */
static gboolean
put_in_place (MereVault          *vault,
              const MereRoadKeys *keys,
              const char         *recovery,
              GError            **error)
{
  if (keys == NULL)
    return mere_vault_disarm_recovery (vault, error);

  return is_armed (vault, keys->device, recovery) || arm (vault, keys, recovery, error);
}

gboolean
mere_recover_ensure (MereStore *store,
                     GError   **error)
{
  g_autofree char *recovery = NULL;
  g_autoptr (MereRoadKeys) keys = NULL;
  g_autoptr (GError) failure = NULL;
  MereVault *vault;
  gboolean   done;

  if (mere_store_get_vault (store) == NULL)
    return TRUE;
  recovery = load_recovery (store, &failure);
  if (failure == NULL && recovery != NULL)
    keys = mere_road_keys_load (store, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  vault = mere_store_hold_vault (store, error);
  if (vault == NULL)
    return FALSE;
  done = put_in_place (vault, keys, recovery, error);
  mere_vault_release (vault);

  return done;
}
