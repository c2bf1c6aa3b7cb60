/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a database in the clear must not tell. The passphrase's slots are those of a vault's keys.json, kept as a setting. */

#include "config.h"

#include "sync/hq/seal.h"

#include "app/store/settings.h"
#include "app/vault/key-file.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>

#define SLOTS "hq.seal"
#define ID_SIZE 16 /* bytes, as keys.json has it */

/* A subkey of the data key for headquarters' secrets: crypto_kdf, docs/formats-store.md. */
#define SUBKEY_CONTEXT "merehqky"
#define SUBKEY 1
#define ASSOCIATED "merestone-hq-key/1 "

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

static void
give_key (MereStore        *store,
          const MereSecret *data_key)
{
  MereSecret *key = mere_secret_new (crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

  crypto_kdf_derive_from_key (
    mere_secret_get_data (key), mere_secret_get_size (key), SUBKEY, SUBKEY_CONTEXT, mere_secret_get_data (data_key));
  mere_store_set_seal (store, key);
}

static gboolean
check_none (MereStore *store,
            GError   **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) slots = mere_settings_load_bytes (store, SLOTS, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (slots == NULL)
    return TRUE;
  g_set_error_literal (
    error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("There is a headquarters in this database already. Nothing was changed."));
  return FALSE;
}

gboolean
mere_seal_make (MereStore        *store,
                const MereSecret *passphrase,
                GError          **error)
{
  MereKeyCost cost;
  guint8      id[ID_SIZE];
  g_autoptr (JsonObject) slot = NULL;
  g_autoptr (MereSecret) data_key = mere_secret_new (crypto_kdf_KEYBYTES);
  g_autoptr (MereKeyFile) file = NULL;
  g_autoptr (GBytes) text = NULL;

  if (!check_none (store, error))
    return FALSE;
  cost = mere_key_cost_calibrate ();
  randombytes_buf (id, sizeof id);
  randombytes_buf (mere_secret_get_data (data_key), mere_secret_get_size (data_key));
  slot = mere_key_slot_new (MERE_KEY_SLOT_PASSPHRASE, id, data_key, passphrase, &cost, error);
  if (slot == NULL)
    return FALSE;
  file = mere_key_file_new (id);
  mere_key_file_add_slot (file, slot);
  text = mere_key_file_seal (file, data_key);
  give_key (store, data_key);
  return mere_settings_save_bytes (store, SLOTS, text, error);
}

gboolean
mere_seal_open (MereStore        *store,
                const MereSecret *passphrase,
                GError          **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) text = mere_settings_load_bytes (store, SLOTS, &failure);
  g_autoptr (MereKeyFile) file = NULL;
  g_autoptr (MereSecret) data_key = NULL;

  if (text == NULL && failure == NULL)
    g_set_error_literal (&failure,
                         MERE_STORE_ERROR,
                         MERE_STORE_ERROR_NOT_FOUND,
                         _ ("There is no headquarters in this database. “merestone-hq init” founds one."));
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  file = mere_key_file_parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text), error);
  data_key = file != NULL ? mere_key_file_unlock (file, MERE_KEY_SLOT_PASSPHRASE, passphrase, NULL, error) : NULL;
  if (data_key == NULL)
    return FALSE;
  give_key (store, data_key);
  return TRUE;
}

GBytes *
mere_seal_close_secret (MereStore        *store,
                        const char       *use,
                        const MereSecret *secret,
                        GError          **error)
{
  const MereSecret *key = mere_store_get_seal (store);
  g_autofree char  *about = g_strconcat (ASSOCIATED, use, NULL);
  gsize             size = mere_secret_get_size (secret);
  guint8           *sealed;

  if (key == NULL && mere_store_is_shared (store))
    {
      g_set_error_literal (
        error, MERE_STORE_ERROR, MERE_STORE_ERROR_FAILED, _ ("A secret key does not go into a database in the clear. Nothing was changed."));
      return NULL;
    }
  if (key == NULL)
    return g_bytes_new_static (mere_secret_get_data (secret), size);
  sealed = g_malloc (NONCE + size + TAG);
  randombytes_buf (sealed, NONCE);
  crypto_aead_xchacha20poly1305_ietf_encrypt (sealed + NONCE,
                                              NULL,
                                              mere_secret_get_data (secret),
                                              size,
                                              (const guint8 *) about,
                                              strlen (about),
                                              NULL,
                                              sealed,
                                              mere_secret_get_data (key));
  return g_bytes_new_take (sealed, NONCE + size + TAG);
}

MereSecret *
mere_seal_open_secret (MereStore  *store,
                       const char *use,
                       const void *data,
                       gsize       size,
                       GError    **error)
{
  const MereSecret *key = mere_store_get_seal (store);
  g_autofree char  *about = g_strconcat (ASSOCIATED, use, NULL);
  const guint8     *sealed = data;
  g_autoptr (MereSecret) secret = NULL;

  if (key == NULL)
    return mere_secret_new_from_bytes (data, size);
  secret = size > NONCE + TAG ? mere_secret_new (size - NONCE - TAG) : NULL;
  if (secret != NULL && crypto_aead_xchacha20poly1305_ietf_decrypt (mere_secret_get_data (secret),
                                                                    NULL,
                                                                    NULL,
                                                                    sealed + NONCE,
                                                                    size - NONCE,
                                                                    (const guint8 *) about,
                                                                    strlen (about),
                                                                    sealed,
                                                                    mere_secret_get_data (key)) == 0)
    return g_steal_pointer (&secret);
  g_set_error_literal (
    error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED, _ ("A secret key in the database is damaged or was changed from outside."));
  return NULL;
}
