/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "app/vault/content-file.h"
#include "app/vault/secret.h"

G_BEGIN_DECLS

/**
 * MereVault:
 *
 * The encrypted store of one laptop, or of headquarters: a folder with `vault.db`, its `-wal` and `keys.json`.
 * Nothing of it is ever on the disk in the clear. Format: docs/formats.md, "Vault".
 *
 * One process at a time holds a vault open. The connection is opened in SQLite's serialized mode, so that worker
 * threads may use it; opening and changing the passphrase cost a key derivation (about a second, 256 MiB) and belong
 * off the main thread.
 */
typedef struct _MereVault MereVault;

#define MERE_VAULT_ERROR (mere_vault_error_quark ())

typedef enum {
  MERE_VAULT_ERROR_PASSPHRASE = 1, /* no slot opens with it; try another */
  MERE_VAULT_ERROR_DAMAGED,        /* a page, a frame or keys.json does not open; the message names it */
  MERE_VAULT_ERROR_IN_USE,         /* another process holds it open */
  MERE_VAULT_ERROR_NOT_A_VAULT,    /* the folder holds none, or one of a newer format */
  MERE_VAULT_ERROR_EXISTS,         /* there is a vault already; nothing was changed */
  MERE_VAULT_ERROR_SPACE,          /* the disk is full or read-only; what was saved is kept */
  MERE_VAULT_ERROR_FAILED,
} MereVaultError;

GQuark mere_vault_error_quark (void);

/**
 * mere_vault_create:
 * @path: folder that is to become the vault; it must not exist or must be empty
 * @passphrase: what will unlock it
 * @error: return location, domain %MERE_VAULT_ERROR
 *
 * Makes a vault with a random data key and one passphrase slot, and opens it. On failure nothing is left behind.
 *
 * Returns: (transfer full): an open vault
 */
MereVault *mere_vault_create (const char *path, const MereSecret *passphrase, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_vault_open:
 * @path: folder of the vault
 * @passphrase: one of its passphrases
 * @error: return location, domain %MERE_VAULT_ERROR
 *
 * Unlocks the vault and opens its database. After a crash every page is read: mere_vault_dup_damage() then tells at once what does
 * not open, and does not keep back the rest. On failure nothing on the disk has changed and no key stays in memory.
 *
 * Returns: (transfer full): an open vault
 */
MereVault *mere_vault_open (const char *path, const MereSecret *passphrase, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_vault_close:
 * @self: (nullable) (transfer full): a vault
 *
 * Locks: waits for those who hold it, closes the database and wipes every key. Statements of the database must have been finalized before.
 */
void mere_vault_close (MereVault *self);

/**
 * mere_vault_hold:
 *
 * For a thread that works on the vault while another one may lock it: mere_vault_close() waits until each hold is released. What
 * takes longer than a moment looks at mere_vault_is_closing() and gives up.
 *
 * Returns: (transfer full): @self
 */
MereVault *mere_vault_hold (MereVault *self) G_GNUC_WARN_UNUSED_RESULT;
void       mere_vault_release (MereVault *self);
gboolean   mere_vault_is_closing (MereVault *self);

const char *mere_vault_get_path (MereVault *self);
const char *mere_vault_get_id (MereVault *self);       /* 32 hex digits, random, for life */
sqlite3    *mere_vault_get_database (MereVault *self); /* borrowed; valid until mere_vault_close() */

/**
 * mere_vault_get_content:
 *
 * Returns: (transfer none): what is attached, beside the database; valid until mere_vault_close()
 */
MereContentFile *mere_vault_get_content (MereVault *self);

/**
 * mere_vault_dup_damage:
 *
 * A statement of the database that fails with %SQLITE_IOERR_DATA met something that was changed or put back from outside.
 *
 * Returns: (transfer full) (nullable): the newest of these, as part of a sentence; %NULL if there was none
 */
char *mere_vault_dup_damage (MereVault *self);

/**
 * mere_vault_get_repaired_keys:
 *
 * Returns: (nullable): the name of the copy of keys.json that was gone, damaged or of an earlier time when the vault was opened, and
 *   was written anew from the other one
 */
const char *mere_vault_get_repaired_keys (MereVault *self);

/**
 * mere_vault_is_vault:
 * @path: a folder
 *
 * Returns: whether @path holds a keys.json and a vault.db; opens neither
 */
gboolean mere_vault_is_vault (const char *path);

/**
 * mere_vault_destroy:
 * @path: folder of a vault that is not open
 *
 * Erases: overwrites and unlinks keys.json, then unlinks the database, sealed bundles, cards, copies from sticks and the folder itself,
 * if nothing else lies in it. Without keys.json the database cannot be opened.
 */
gboolean mere_vault_destroy (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereVault, mere_vault_close)

G_END_DECLS
