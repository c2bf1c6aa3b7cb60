/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/key-slot.h"

G_BEGIN_DECLS

/**
 * MereKeyFile:
 *
 * What keys.json says: the vault's id, and slots that each hold the data key under something a person knows or has.
 * Authenticated under the data key, so that whoever opens one slot knows that no other was added or changed. Slots of kinds
 * that this version does not know are kept. Format: docs/formats.md, "keys.json".
 */
typedef struct _MereKeyFile MereKeyFile;

#define MERE_KEY_FILE_MOST_BYTES (64 * 1024)
#define MERE_KEY_FILE_MOST_SLOTS 8

MereKeyFile *mere_key_file_new (const guint8 *id) G_GNUC_WARN_UNUSED_RESULT;
void         mere_key_file_free (MereKeyFile *self);

/**
 * mere_key_file_parse:
 * @text: (array length=size): hostile bytes
 * @error: return location, %MERE_VAULT_ERROR_NOT_A_VAULT for another format or a newer version, else %MERE_VAULT_ERROR_DAMAGED
 *
 * Returns: (transfer full): what they say; not yet authenticated
 */
MereKeyFile *mere_key_file_parse (const char *text, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_key_file_unlock:
 * @kind: of the slots to try
 * @secret: what may open one
 * @slot: (out) (optional): which slot opened
 * @error: return location, domain %MERE_VAULT_ERROR: PASSPHRASE, DAMAGED if a slot opens and the file is not what was written,
 *   FAILED without memory
 *
 * Tries each slot of this kind, which costs what the slots say, and authenticates the file.
 *
 * Returns: (transfer full): the data key
 */
MereSecret *mere_key_file_unlock (MereKeyFile      *self,
                                  MereKeySlotKind   kind,
                                  const MereSecret *secret,
                                  guint            *slot,
                                  GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether it is what was written by somebody with the data key. */
gboolean mere_key_file_is_authentic (MereKeyFile *self, const MereSecret *data_key);

guint       mere_key_file_get_n_slots (MereKeyFile *self);
JsonObject *mere_key_file_get_slot (MereKeyFile *self, guint index); /* borrowed */

/* Changes what mere_key_file_seal() will write. Replaced by %NULL, a slot goes. */
void mere_key_file_add_slot (MereKeyFile *self, JsonObject *slot);
void mere_key_file_replace_slot (MereKeyFile *self, guint index, JsonObject *slot);

/**
 * mere_key_file_seal:
 * @data_key: authenticates
 *
 * Returns: (transfer full): the bytes of keys.json
 */
GBytes *mere_key_file_seal (MereKeyFile *self, const MereSecret *data_key) G_GNUC_WARN_UNUSED_RESULT;

const guint8 *mere_key_file_get_id (MereKeyFile *self);
GBytes       *mere_key_file_get_text (MereKeyFile *self); /* as it was parsed */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereKeyFile, mere_key_file_free)

G_END_DECLS
