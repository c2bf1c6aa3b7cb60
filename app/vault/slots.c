/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/slots.h"

#include "app/vault/key-copies.h"
#include "app/vault/vault-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
mere_slot_free (MereSlot *self)
{
  g_free (self->label);
  g_free (self->made);
  g_free (self);
}

/* Bounded before the JSON is parsed, by counting brackets: key-file.c. */
static gboolean
is_label (const char *label)
{
  gsize size = strlen (label);

  return size > 0 && size <= MERE_SLOT_LONGEST_LABEL && g_utf8_validate (label, -1, NULL) && strpbrk (label, "[]{}") == NULL;
}

/* Without a label it is a passphrase; a slot of another kind goes by its own ways. */
static gboolean
find_slot (MereKeyFile *file, const char *label, guint *index)
{
  for (guint i = 0; i < mere_key_file_get_n_slots (file); i++)
    if (g_strcmp0 (mere_key_json_get_text (mere_key_file_get_slot (file, i), MERE_KEY_SLOT_LABEL), label) == 0 &&
        (label != NULL || mere_key_slot_is (mere_key_file_get_slot (file, i), MERE_KEY_SLOT_PASSPHRASE)))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
check_new (MereKeyFile *file, const char *label, GError **error)
{
  guint index;

  if (!is_label (label))
    g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED, _ ("“%s” cannot be the name of a passphrase."), label);
  else if (find_slot (file, label, &index))
    g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_EXISTS, _ ("There is a passphrase “%s” already. Nothing was changed."), label);
  else if (mere_key_file_get_n_slots (file) == MERE_KEY_FILE_MOST_SLOTS)
    g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED, _ ("This vault has %d passphrases already; remove one first."),
                 MERE_KEY_FILE_MOST_SLOTS);
  else
    return TRUE;
  return FALSE;
}

static gboolean
save (MereVault *self, MereKeyFile *file, GError **error)
{
  g_autoptr (GBytes) text = mere_key_file_seal (file, mere_vault_get_data_key (self));

  return mere_key_copies_save (mere_vault_get_path (self), text, error);
}

static MereKeyFile *
unlock (MereVault *self, const MereSecret *passphrase, guint *index, GError **error)
{
  g_autoptr (MereSecret) data_key = NULL;

  return mere_key_copies_unlock (mere_vault_get_path (self), MERE_KEY_SLOT_PASSPHRASE, passphrase, &data_key, index, error);
}

static MereSlotKind
get_kind (JsonObject *slot)
{
  if (mere_key_slot_is (slot, MERE_KEY_SLOT_PASSPHRASE))
    return MERE_SLOT_PASSPHRASE;
  return mere_key_slot_is (slot, MERE_KEY_SLOT_RECOVERY) ? MERE_SLOT_RECOVERY : MERE_SLOT_OTHER;
}

static JsonObject *
new_slot (MereVault *self, MereKeyFile *file, const MereSecret *passphrase, const MereKeyCost *cost, const char *label, GError **error)
{
  JsonObject *slot = mere_key_slot_new (MERE_KEY_SLOT_PASSPHRASE, mere_key_file_get_id (file), mere_vault_get_data_key (self), passphrase, cost, error);

  if (slot != NULL && label != NULL)
    json_object_set_string_member (slot, MERE_KEY_SLOT_LABEL, label);
  return slot;
}

GPtrArray *
mere_vault_list_slots (MereVault *self, GError **error)
{
  g_autoptr (GPtrArray) slots = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_slot_free);
  g_autoptr (MereKeyFile) file = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  file = mere_key_copies_load (mere_vault_get_path (self), mere_vault_get_data_key (self), error);
  if (file == NULL)
    return NULL;
  for (guint i = 0; i < mere_key_file_get_n_slots (file); i++)
    {
      JsonObject *object = mere_key_file_get_slot (file, i);
      MereSlot   *slot = g_new0 (MereSlot, 1);

      slot->kind = get_kind (object);
      slot->label = g_strdup (mere_key_json_get_text (object, MERE_KEY_SLOT_LABEL));
      slot->made = g_strdup (mere_key_json_get_text (object, MERE_KEY_SLOT_MADE));
      slot->cost = mere_key_slot_get_cost (object);
      g_ptr_array_add (slots, slot);
    }
  return g_steal_pointer (&slots);
}

gboolean
mere_vault_add_passphrase_with_cost (MereVault         *self,
                                     const MereSecret  *passphrase,
                                     const char        *label,
                                     const MereSecret  *new_passphrase,
                                     const MereKeyCost *cost,
                                     GError           **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (MereKeyFile) file = NULL;
  g_autoptr (JsonObject) slot = NULL;
  guint index;

  g_return_val_if_fail (self != NULL && passphrase != NULL && label != NULL && new_passphrase != NULL, FALSE);
  locker = g_mutex_locker_new (mere_vault_get_keys_mutex (self));

  file = unlock (self, passphrase, &index, error);
  if (file == NULL || !check_new (file, label, error))
    return FALSE;
  slot = new_slot (self, file, new_passphrase, cost, label, error);
  if (slot == NULL)
    return FALSE;
  mere_key_file_add_slot (file, slot);
  return save (self, file, error);
}

gboolean
mere_vault_add_passphrase (MereVault        *self,
                           const MereSecret *passphrase,
                           const char       *label,
                           const MereSecret *new_passphrase,
                           GError          **error)
{
  MereKeyCost cost = mere_key_cost_calibrate ();

  return mere_vault_add_passphrase_with_cost (self, passphrase, label, new_passphrase, &cost, error);
}

gboolean
mere_vault_remove_slot (MereVault *self, const MereSecret *passphrase, const char *label, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (MereKeyFile) file = NULL;
  guint own, index;

  g_return_val_if_fail (self != NULL && passphrase != NULL, FALSE);
  locker = g_mutex_locker_new (mere_vault_get_keys_mutex (self));

  file = unlock (self, passphrase, &own, error);
  if (file == NULL)
    return FALSE;
  if (!find_slot (file, label, &index) || index == own)
    {
      g_set_error_literal (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED,
                           _ ("Only another passphrase than the one that was typed can be removed. Nothing was changed."));
      return FALSE;
    }
  mere_key_file_replace_slot (file, index, NULL);
  return save (self, file, error);
}

gboolean
mere_vault_change_passphrase (MereVault        *self,
                              const MereSecret *old_passphrase,
                              const MereSecret *new_passphrase,
                              GError          **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (MereKeyFile) file = NULL;
  g_autoptr (JsonObject) slot = NULL;
  MereKeyCost cost;
  const char *label;
  guint       index;

  g_return_val_if_fail (self != NULL && old_passphrase != NULL && new_passphrase != NULL, FALSE);
  locker = g_mutex_locker_new (mere_vault_get_keys_mutex (self));

  file = unlock (self, old_passphrase, &index, error);
  if (file == NULL)
    return FALSE;
  cost = mere_key_cost_calibrate ();
  label = mere_key_json_get_text (mere_key_file_get_slot (file, index), MERE_KEY_SLOT_LABEL);
  slot = new_slot (self, file, new_passphrase, &cost, label, error);
  if (slot == NULL)
    return FALSE;
  mere_key_file_replace_slot (file, index, slot);
  return save (self, file, error);
}
