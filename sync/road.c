/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The laptop's side of the road, as far as it lies in the vault. */

#include "config.h"

#include "sync/road.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sodium.h>

#include "app/store/settings.h"
#include "sync/age.h"
#include "sync/bundle-format.h"
#include "sync/code.h"

#define KEY_DEVICE "road.device"
#define KEY_REPLACES "road.replaces"
#define KEY_SIGN "road.sign-secret"
#define KEY_BOX "road.box-secret"
#define KEY_CHAIN "road.chain"
#define KEY_CHAIN_NO "road.chain-no"
#define KEY_PARENT "road.parent"
#define KEY_PARENT_SEQ "road.parent-seq"
#define KEY_PARENT_B2 "road.parent-b2"
#define KEY_SESSION "road.session"
#define KEY_FOLDER "road.folder"
#define CHAIN_ID_SIZE 16 /* bytes */
#define MAX_SESSION 999999

static MereRoadKeys *
keys_new (MereSecret *sign,
          MereSecret *box)
{
  MereRoadKeys *self = g_new0 (MereRoadKeys, 1);

  self->sign = sign;
  self->box = box;
  mere_minisign_secret_get_key (sign, &self->key);
  self->device = mere_device_code_new (&self->key);
  self->sign_key = mere_minisign_key_to_text (&self->key);
  self->box_key = mere_age_identity_dup_recipient (box);

  return self;
}

void
mere_road_keys_free (MereRoadKeys *self)
{
  if (self == NULL)
    return;

  mere_secret_free (self->sign);
  mere_secret_free (self->box);
  g_free (self->device);
  g_free (self->sign_key);
  g_free (self->box_key);
  g_free (self);
}

/* NULL without an error where it is not there. What the database gave is wiped. */
static MereSecret *
load_secret (MereStore  *store,
             const char *key,
             gsize       size,
             GError    **error)
{
  GBytes     *bytes = mere_settings_load_bytes (store, key, error);
  MereSecret *secret;
  guint8     *data;
  gsize       found;

  if (bytes == NULL)
    return NULL;

  data = g_bytes_unref_to_data (bytes, &found);
  secret = found == size ? mere_secret_new_from_bytes (data, size) : NULL;
  sodium_memzero (data, found);
  g_free (data);
  if (secret == NULL)
    g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED, _ ("A key of this laptop in the vault is not whole."));

  return secret;
}

MereRoadKeys *
mere_road_keys_load (MereStore *store,
                     GError   **error)
{
  g_autoptr (MereSecret) sign = load_secret (store, KEY_SIGN, MERE_MINISIGN_SECRET_SIZE, error);
  g_autoptr (MereSecret) box = sign != NULL ? load_secret (store, KEY_BOX, MERE_AGE_KEY_SIZE, error) : NULL;

  return box != NULL ? keys_new (g_steal_pointer (&sign), g_steal_pointer (&box)) : NULL;
}

static gboolean
save_secret (MereStore        *store,
             const char       *key,
             const MereSecret *secret,
             GError          **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (mere_secret_get_data (secret), mere_secret_get_size (secret));

  return mere_settings_save_bytes (store, key, bytes, error);
}

static gboolean
save_fresh_chain (MereStore *store,
                  guint      no,
                  GError   **error)
{
  guint8           random[CHAIN_ID_SIZE];
  g_autofree char *id = NULL;

  randombytes_buf (random, sizeof random);
  id = mere_hex_new (random, sizeof random);

  return mere_settings_save_text (store, KEY_CHAIN, id, error) &&
         mere_settings_save_int (store, KEY_CHAIN_NO, no, error);
}

static MereRoadKeys *
make_keys (MereStore *store,
           GError   **error)
{
  g_autoptr (MereRoadKeys) keys = keys_new (mere_minisign_secret_new (), mere_age_identity_new ());

  return save_secret (store, KEY_SIGN, keys->sign, error) &&
             save_secret (store, KEY_BOX, keys->box, error) &&
             mere_settings_save_text (store, KEY_DEVICE, keys->device, error) &&
             save_fresh_chain (store, 1, error)
           ? g_steal_pointer (&keys)
           : NULL;
}

MereRoadKeys *
mere_road_keys_ensure (MereStore *store,
                       GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereRoadKeys) keys = NULL;
  g_autoptr (GError) failure = NULL;

  if (work == NULL)
    return NULL;
  keys = mere_road_keys_load (store, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (keys == NULL)
    keys = make_keys (store, error);

  return keys != NULL && mere_transaction_commit (g_steal_pointer (&work), error) ? g_steal_pointer (&keys) : NULL;
}

char *
mere_road_load_device (MereStore *store,
                       GError   **error)
{
  return mere_settings_load_text (store, KEY_DEVICE, error);
}

char *
mere_road_load_replaced (MereStore *store,
                         GError   **error)
{
  return mere_settings_load_text (store, KEY_REPLACES, error);
}

void
mere_road_chain_free (MereRoadChain *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->parent_id);
  g_free (self->parent_b2);
  g_free (self);
}

MereRoadChain *
mere_road_chain_load (MereStore *store,
                      GError   **error)
{
  g_autoptr (MereRoadChain) self = g_new0 (MereRoadChain, 1);
  g_autoptr (GError) failure = NULL;

  self->id = mere_settings_load_text (store, KEY_CHAIN, &failure);
  if (self->id == NULL)
    {
      if (failure == NULL)
        g_set_error_literal (&failure, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("This laptop has no keys yet."));
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  self->no = (guint) mere_settings_load_int (store, KEY_CHAIN_NO, 1);
  self->parent_id = mere_settings_load_text (store, KEY_PARENT, NULL);
  self->parent_seq = (guint) mere_settings_load_int (store, KEY_PARENT_SEQ, 0);
  self->parent_b2 = mere_settings_load_text (store, KEY_PARENT_B2, NULL);

  return g_steal_pointer (&self);
}

static gboolean
save_parent (MereStore        *store,
             const MereBundle *last,
             GError          **error)
{
  return mere_settings_save_text (store, KEY_PARENT, last != NULL ? last->chain : NULL, error) &&
         mere_settings_save_int (store, KEY_PARENT_SEQ, last != NULL ? last->seq : 0, error) &&
         mere_settings_save_text (store, KEY_PARENT_B2, last != NULL ? last->b2 : NULL, error);
}

MereRoadKeys *
mere_road_keys_renew (MereStore *store,
                      GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autofree char *before = work != NULL ? mere_road_load_device (store, NULL) : NULL;
  g_autoptr (MereRoadKeys) keys = NULL;

  if (work == NULL ||
      !mere_settings_save_text (store, KEY_REPLACES, before, error) ||
      !save_parent (store, NULL, error))
    return NULL;
  keys = make_keys (store, error);

  return keys != NULL && mere_transaction_commit (g_steal_pointer (&work), error) ? g_steal_pointer (&keys) : NULL;
}

gboolean
mere_road_chain_renew (MereStore *store,
                       guint      above,
                       GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereRoadChain) chain = work != NULL ? mere_road_chain_load (store, error) : NULL;
  g_autoptr (MereBundle) last = NULL;
  g_autoptr (GError) failure = NULL;

  if (chain == NULL)
    return FALSE;
  if (MAX (above, chain->no) >= MERE_CHAIN_MAX_NO)
    {
      g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT,
                           _ ("This laptop was restored from an old copy too many times. Make a new vault and enrol it; headquarters can read what was sent."));
      return FALSE;
    }
  last = mere_bundle_load_newest (store, chain->id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return save_parent (store, last, error) &&
         save_fresh_chain (store, MAX (above, chain->no) + 1, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

char *
mere_road_dup_folder (MereStore  *store,
                      const char *name,
                      GError    **error)
{
  MereVault       *vault = mere_store_get_vault (store);
  g_autofree char *set = mere_settings_load_text (store, KEY_FOLDER, NULL);
  const char      *own = mere_store_get_folder (store);
  const char      *base = vault != NULL ? mere_vault_get_path (vault) : own != NULL ? own
                                                                                    : set;
  g_autofree char *folder = base != NULL ? g_build_filename (base, name, NULL) : NULL;
  int              failure;

  if (folder != NULL && g_mkdir_with_parents (folder, 0700) == 0)
    return g_steal_pointer (&folder);

  failure = errno;
  g_set_error (error, MERE_STORE_ERROR, folder != NULL && failure == ENOSPC ? MERE_STORE_ERROR_FULL : MERE_STORE_ERROR_FAILED,
               _ ("The folder “%s” beside the vault cannot be made: %s."), name,
               folder != NULL ? g_strerror (failure) : _ ("this store lies in no folder"));

  return NULL;
}

char *
mere_road_take_session (MereStore *store,
                        GError   **error)
{
  gint64 number = mere_settings_load_int (store, KEY_SESSION, 0) % MAX_SESSION + 1;

  return mere_settings_save_int (store, KEY_SESSION, number, error) ? g_strdup_printf ("s%06d", (int) number) : NULL;
}
