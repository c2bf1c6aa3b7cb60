/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/key-slot.h"
#include "app/vault/vault.h"

G_BEGIN_DECLS

/* The slots of an open vault's keys.json: who may unlock it. A change costs one or two key derivations (about a second and
 * 256 MiB each) and belongs off the main thread; it asks for a passphrase, though the vault is open, since an open vault may be
 * found by somebody else. Both copies of keys.json are replaced atomically; after a crash either all of a change is there or
 * nothing of it. No page is written. Errors: domain %MERE_VAULT_ERROR. */

#define MERE_SLOT_LONGEST_LABEL 64 /* bytes */

typedef enum {
  MERE_SLOT_PASSPHRASE,
  MERE_SLOT_RECOVERY, /* headquarters' answer: recovery.h */
  MERE_SLOT_OTHER,    /* of a newer version of the program */
} MereSlotKind;

typedef struct
{
  MereSlotKind kind;
  char        *label; /* NULL: that of the passphrase with which the vault was made */
  char        *made;  /* YYYY-MM-DD, UTC; NULL where it does not say */
  MereKeyCost  cost;  /* of a guess at it */
} MereSlot;

void mere_slot_free (MereSlot *self);

/**
 * mere_vault_list_slots:
 *
 * Returns: (transfer full) (element-type MereSlot): in their order; %NULL where neither copy of keys.json is what was written
 */
GPtrArray *mere_vault_list_slots (MereVault *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_vault_add_passphrase:
 * @passphrase: one that opens the vault
 * @label: whose the new one is; no other slot's, 1 to %MERE_SLOT_LONGEST_LABEL bytes, without brackets
 * @error: %MERE_VAULT_ERROR_PASSPHRASE, %MERE_VAULT_ERROR_EXISTS where the label is taken, %MERE_VAULT_ERROR_FAILED where it cannot
 *   be one or all slots are taken
 */
gboolean mere_vault_add_passphrase (MereVault        *self,
                                    const MereSecret *passphrase,
                                    const char       *label,
                                    const MereSecret *new_passphrase,
                                    GError          **error);

/**
 * mere_vault_remove_slot:
 * @passphrase: one that opens the vault; not that of the slot
 * @label: (nullable): of the slot that goes
 * @error: %MERE_VAULT_ERROR_PASSPHRASE, %MERE_VAULT_ERROR_FAILED where there is no such slot, or it is the one that @passphrase opens:
 *   so one always stays
 *
 * Who kept a copy of the old keys.json can still open it with the passphrase that was removed.
 */
gboolean mere_vault_remove_slot (MereVault *self, const MereSecret *passphrase, const char *label, GError **error);

/**
 * mere_vault_change_passphrase:
 * @old_passphrase: what opens the slot now
 * @new_passphrase: what opens it from now on
 * @error: return location, domain %MERE_VAULT_ERROR
 *
 * Rewraps the data key; the slot keeps its label. After a crash between the two copies either passphrase holds, until one is used.
 */
gboolean mere_vault_change_passphrase (MereVault        *self,
                                       const MereSecret *old_passphrase,
                                       const MereSecret *new_passphrase,
                                       GError          **error);

G_END_DECLS
