/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/key-file.h"

G_BEGIN_DECLS

/* keys.json lies in the vault's folder twice, as `keys.json` and `keys-spare.json`, since without it all else is lost. Each
 * copy is replaced atomically; where a crash left two different ones, each opens with its own passphrase. */

/* Whether there is either copy. */
gboolean mere_key_copies_exist (const char *folder);

/**
 * mere_key_copies_unlock:
 * @kind: of the slots that @secret may open
 * @data_key: (out) (transfer full): the data key
 * @slot: (out): which slot opened
 * @error: return location, domain %MERE_VAULT_ERROR
 *
 * Opens the first copy that @secret opens. Costs one key derivation a slot, twice that only where the copies differ.
 *
 * Returns: (transfer full): what that copy says
 */
MereKeyFile *mere_key_copies_unlock (const char       *folder,
                                     MereKeySlotKind   kind,
                                     const MereSecret *secret,
                                     MereSecret      **data_key,
                                     guint            *slot,
                                     GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) (nullable): what the first readable copy says. Anybody may have written it: for showing what to ask for. */
MereKeyFile *mere_key_copies_peek (const char *folder) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_key_copies_load:
 * @data_key: of the vault, which is open
 * @error: return location, domain %MERE_VAULT_ERROR
 *
 * Returns: (transfer full): what the first copy says that is authentic
 */
MereKeyFile *mere_key_copies_load (const char *folder, const MereSecret *data_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_key_copies_save:
 * @error: return location, domain %MERE_VAULT_ERROR
 *
 * Writes both copies, if they do not say this already, and overwrites those that they replace. Both new ones are on the disk
 * before the first takes its place, so a full disk changes neither.
 */
gboolean mere_key_copies_save (const char *folder, GBytes *text, GError **error);

/* (transfer full) (nullable): the name of a copy that is gone or says something else; %NULL if there is none. */
char *mere_key_copies_dup_stale (const char *folder, GBytes *text) G_GNUC_WARN_UNUSED_RESULT;

/* Moves both from another folder, @from, over those of @folder, which it overwrites; those that were moved before stay. */
gboolean mere_key_copies_take (const char *folder, const char *from, GError **error);

/* Overwrites and unlinks both. A copy that is not there is no error. */
gboolean mere_key_copies_shred (const char *folder, GError **error);

G_END_DECLS
