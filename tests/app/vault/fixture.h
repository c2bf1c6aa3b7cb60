/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/vault-private.h"

G_BEGIN_DECLS

/* A vault in a temporary folder, and the hands of somebody who has the folder but not the passphrase. */

typedef struct
{
  char       *folder; /* temporary; the vault lies in it */
  char       *path;   /* of the vault */
  MereSecret *passphrase;
  MereVault  *vault; /* NULL while it is closed */
} MereTestVault;

#define MERE_TEST_PASSPHRASE "Utopia Eriksson L898902C3"
#define MERE_TEST_CANARY "Anna Maria Eriksson"

/* Cheap to guess at, so cheap to open. */
extern const MereKeyCost mere_test_cost;

MereTestVault *mere_test_vault_new (void);                 /* open, with an empty table `answers (id, text)` */
MereTestVault *mere_test_vault_new_with_rows (guint rows); /* closed, all in the database, no log */
MereTestVault *mere_test_vault_copy (MereTestVault *self); /* of a closed one; closed */
void           mere_test_vault_free (MereTestVault *self);
void           mere_test_vault_open (MereTestVault *self);
void           mere_test_vault_close (MereTestVault *self);

/* Opens and expects to fail so. */
void mere_test_vault_assert_refused (MereTestVault *self, MereVaultError code, const char *words);

/* Opens and reads all. Returns: whether it could, and is open then; else @damage says what was met */
gboolean mere_test_vault_reads_all (MereTestVault *self, char **damage);

/* Opens, reads all, and expects to meet this damage at the latest then. */
void mere_test_vault_assert_damaged (MereTestVault *self, const char *words);

void   mere_test_add_rows (MereTestVault *self, guint first, guint rows); /* a transaction each */
void   mere_test_execute (sqlite3 *database, const char *sql);
gint64 mere_test_query (sqlite3 *database, const char *sql);

/* Leaves the folder as a killed process would: a child does @work with the vault open and is gone. */
void mere_test_vault_do_and_die (MereTestVault *self, void (*work) (MereTestVault *self));

/* Files of the vault, by their names in it. */
GBytes  *mere_test_read (MereTestVault *self, const char *name);
void     mere_test_write (MereTestVault *self, const char *name, GBytes *bytes);
void     mere_test_remove (MereTestVault *self, const char *name);
void     mere_test_flip (MereTestVault *self, const char *name, gsize offset);
void     mere_test_move (MereTestVault *self, const char *name, gsize from, gsize to, gsize size); /* copies bytes within */
gboolean mere_test_exists (MereTestVault *self, const char *name);

/* Whether any file of @folder, or its name, holds @needle. */
gboolean mere_test_folder_holds (const char *folder, const char *needle);
void     mere_test_remove_tree (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestVault, mere_test_vault_free)

G_END_DECLS
