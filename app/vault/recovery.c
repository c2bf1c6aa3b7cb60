/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/recovery.h"

#include "app/vault/key-copies.h"
#include "app/vault/vault-private.h"

#include <glib/gi18n-lib.h>

#define CHALLENGE "challenge"

/* Returns: whether there is a slot of @kind; the first one's @index */
static gboolean
find_slot (MereKeyFile *file, MereKeySlotKind kind, guint *index)
{
  for (guint i = 0; i < mere_key_file_get_n_slots (file); i++)
    if (mere_key_slot_is (mere_key_file_get_slot (file, i), kind))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

/* The passphrase with which the vault was made has no label. */
static gboolean
find_passphrase (MereKeyFile *file, guint *index)
{
  for (guint i = 0; i < mere_key_file_get_n_slots (file); i++)
    {
      JsonObject *slot = mere_key_file_get_slot (file, i);

      if (mere_key_slot_is (slot, MERE_KEY_SLOT_PASSPHRASE) && mere_key_json_get_text (slot, MERE_KEY_SLOT_LABEL) == NULL)
        {
          *index = i;
          return TRUE;
        }
    }
  return find_slot (file, MERE_KEY_SLOT_PASSPHRASE, index);
}

static gboolean
save (MereVault *self, MereKeyFile *file, GError **error)
{
  g_autoptr (GBytes) text = mere_key_file_seal (file, mere_vault_get_data_key (self));

  return mere_key_copies_save (mere_vault_get_path (self), text, error);
}

static MereKeyFile *
load (MereVault *self, GError **error)
{
  return mere_key_copies_load (mere_vault_get_path (self), mere_vault_get_data_key (self), error);
}

static void
put_slot (MereKeyFile *file, JsonObject *slot)
{
  guint index;

  if (find_slot (file, MERE_KEY_SLOT_RECOVERY, &index))
    mere_key_file_replace_slot (file, index, slot);
  else
    mere_key_file_add_slot (file, slot);
}

static gboolean
has_room (MereKeyFile *file, GError **error)
{
  guint index;

  if (find_slot (file, MERE_KEY_SLOT_RECOVERY, &index) || mere_key_file_get_n_slots (file) < MERE_KEY_FILE_MOST_SLOTS)
    return TRUE;
  g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED,
               _ ("Headquarters cannot help to open this vault: it has %d passphrases already. Remove one."), MERE_KEY_FILE_MOST_SLOTS);
  return FALSE;
}

gboolean
mere_vault_arm_recovery (MereVault *self, const char *challenge, const MereSecret *answer, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (MereKeyFile) file = NULL;
  g_autoptr (JsonObject) slot = NULL;
  MereKeyCost cost;
  guint       index;

  g_return_val_if_fail (self != NULL && challenge != NULL && answer != NULL, FALSE);
  locker = g_mutex_locker_new (mere_vault_get_keys_mutex (self));

  file = load (self, error);
  if (file == NULL || !has_room (file, error))
    return FALSE;
  if (!find_passphrase (file, &index))
    g_return_val_if_reached (FALSE);
  cost = mere_key_slot_get_cost (mere_key_file_get_slot (file, index));
  slot = mere_key_slot_new (MERE_KEY_SLOT_RECOVERY, mere_key_file_get_id (file), mere_vault_get_data_key (self), answer, &cost, error);
  if (slot == NULL)
    return FALSE;
  json_object_set_string_member (slot, CHALLENGE, challenge);
  put_slot (file, slot);
  return save (self, file, error);
}

gboolean
mere_vault_disarm_recovery (MereVault *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (MereKeyFile) file = NULL;
  guint index;

  g_return_val_if_fail (self != NULL, FALSE);
  locker = g_mutex_locker_new (mere_vault_get_keys_mutex (self));

  file = load (self, error);
  if (file == NULL)
    return FALSE;
  if (!find_slot (file, MERE_KEY_SLOT_RECOVERY, &index))
    return TRUE;
  mere_key_file_replace_slot (file, index, NULL);
  return save (self, file, error);
}

char *
mere_recovery_dup_challenge (const char *path)
{
  g_autoptr (MereKeyFile) file = mere_key_copies_peek (path);
  guint index;

  if (file == NULL || !find_slot (file, MERE_KEY_SLOT_RECOVERY, &index))
    return NULL;
  return g_strdup (mere_key_json_get_text (mere_key_file_get_slot (file, index), CHALLENGE));
}

/* A slot that does not open says that it was the passphrase. */
static void
say_answer (GError **error)
{
  if (error == NULL || !g_error_matches (*error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE))
    return;
  g_clear_error (error);
  g_set_error_literal (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE,
                       _ ("That is not the answer to the challenge of this vault. An answer holds for one challenge, and once."));
}

gboolean
mere_recovery_check (const char *path, const MereSecret *answer, GError **error)
{
  g_autoptr (MereSecret) data_key = NULL;
  g_autoptr (MereKeyFile) file = NULL;
  guint slot;

  file = mere_key_copies_unlock (path, MERE_KEY_SLOT_RECOVERY, answer, &data_key, &slot, error);
  if (file == NULL)
    say_answer (error);
  return file != NULL;
}

static gboolean
exchange_slots (MereVault *self, const MereSecret *passphrase, const MereKeyCost *cost, GError **error)
{
  g_autoptr (MereKeyFile) file = load (self, error);
  g_autoptr (JsonObject) slot = NULL;
  const char *label;
  guint       index;

  if (file == NULL)
    return FALSE;
  slot = mere_key_slot_new (MERE_KEY_SLOT_PASSPHRASE, mere_key_file_get_id (file), mere_vault_get_data_key (self), passphrase, cost, error);
  if (slot == NULL)
    return FALSE;
  if (find_passphrase (file, &index))
    {
      label = mere_key_json_get_text (mere_key_file_get_slot (file, index), MERE_KEY_SLOT_LABEL);
      if (label != NULL)
        json_object_set_string_member (slot, MERE_KEY_SLOT_LABEL, label);
      mere_key_file_replace_slot (file, index, slot);
    }
  else
    mere_key_file_add_slot (file, slot);
  if (find_slot (file, MERE_KEY_SLOT_RECOVERY, &index))
    mere_key_file_replace_slot (file, index, NULL);
  return save (self, file, error);
}

MereVault *
mere_vault_recover_with_cost (const char        *path,
                              const MereSecret  *answer,
                              const MereSecret  *passphrase,
                              const MereKeyCost *cost,
                              GError           **error)
{
  g_autoptr (MereVault) self = mere_vault_open_by (path, MERE_KEY_SLOT_RECOVERY, answer, error);

  if (self == NULL)
    say_answer (error);
  if (self == NULL || !exchange_slots (self, passphrase, cost, error))
    return NULL;
  return g_steal_pointer (&self);
}

MereVault *
mere_vault_recover (const char *path, const MereSecret *answer, const MereSecret *passphrase, GError **error)
{
  MereKeyCost cost = mere_key_cost_calibrate ();

  return mere_vault_recover_with_cost (path, answer, passphrase, &cost, error);
}
