/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/store/database.h"
#include "app/vault/secret.h"
#include "app/vault/vault.h"

G_BEGIN_DECLS

/**
 * MereStore:
 *
 * What a vault's database holds: mission, instruments, drafts, records, attachments, the log, and what is known of
 * bundles and receipts. One module a subject; this one opens, keeps transactions and says what changed.
 *
 * May be used by several threads: a transaction belongs to the thread that began it, and another thread's begin waits
 * until it ends. Keep transactions short; every function of the store's modules that writes runs in one of its own,
 * or within the caller's. A write is durable when the outermost transaction has been committed.
 *
 * Reference counted, so that what works on a store may outlive its closing: its calls then fail with
 * %MERE_STORE_ERROR_CLOSED. Format: docs/formats-store.md.
 */
typedef struct _MereStore MereStore;

#define MERE_STORE_ERROR (mere_store_error_quark ())

typedef enum {
  MERE_STORE_ERROR_FULL = 1,  /* no room on the disk; what was saved is kept, the change is not */
  MERE_STORE_ERROR_READ_ONLY, /* the disk or the file may not be written */
  MERE_STORE_ERROR_DAMAGED,   /* the database or the log does not hold together; the message says where */
  MERE_STORE_ERROR_NOT_FOUND, /* no such object */
  MERE_STORE_ERROR_CONFLICT,  /* the same identity with other content, or not allowed in the object's state */
  MERE_STORE_ERROR_CLOSED,    /* the vault was locked in the meantime */
  MERE_STORE_ERROR_NEWER,     /* written by a newer version of the program */
  MERE_STORE_ERROR_BUSY,      /* another process was at the same; nothing was changed, and doing it again helps */
  MERE_STORE_ERROR_FAILED,
} MereStoreError;

GQuark mere_store_error_quark (void);

/* What a change is about; see mere_store_get_generation(). */
typedef enum {
  MERE_STORE_SETTINGS = 1 << 0,
  MERE_STORE_ASSESSMENTS = 1 << 1,
  MERE_STORE_CROSSINGS = 1 << 2,
  MERE_STORE_INSTRUMENTS = 1 << 3,
  MERE_STORE_DRAFTS = 1 << 4,  /* a draft came, went or got an answer */
  MERE_STORE_RECORDS = 1 << 5, /* a record came or changed its state */
  MERE_STORE_BUNDLES = 1 << 6, /* bundles, placements, receipts */
  MERE_STORE_STUDIES = 1 << 7, /* events of a running observation */
  MERE_STORE_OTHER = 1 << 8,   /* tables of sync and headquarters */
  MERE_STORE_ALL = (1 << 9) - 1,
} MereStoreTopic;

/**
 * mere_store_open:
 * @vault: (transfer full): an open vault; taken over, and closed again on failure
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Opens the store of a vault and applies the migrations that it lacks. %MERE_STORE_ERROR_NEWER where a newer program
 * wrote it; then nothing was changed.
 *
 * Returns: (transfer full): an open store
 */
MereStore *mere_store_open (MereVault *vault, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_store_open_database:
 * @database: (transfer full): a connection without open statements; taken over, and closed again on failure
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * The same over any SQLite database, for tests and tools. Sets write-ahead logging and full synchronisation.
 *
 * Returns: (transfer full): an open store
 */
MereStore *mere_store_open_database (sqlite3 *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_store_open_engine:
 * @database: (transfer full): a connection of any engine, without open statements; closed again on failure
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * The same over another engine; see app/store/database.h.
 *
 * Returns: (transfer full): an open store
 */
MereStore *mere_store_open_engine (MereDatabase *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_store_close:
 * @self: (nullable) (transfer full): a store
 *
 * Locks: waits for another thread's transaction, rolls back one of this thread, closes database and vault, and
 * releases the reference. Whoever holds another one gets %MERE_STORE_ERROR_CLOSED from now on.
 */
void mere_store_close (MereStore *self);

MereStore *mere_store_ref (MereStore *self);
void       mere_store_unref (MereStore *self); /* the last one closes */

gboolean   mere_store_is_open (MereStore *self);
MereVault *mere_store_get_vault (MereStore *self);    /* borrowed; NULL where there is none, or closed */
sqlite3   *mere_store_get_database (MereStore *self); /* borrowed; NULL when closed, or of another engine */

/* Whether other processes may write at the same time. */
gboolean mere_store_is_shared (MereStore *self);

/* For a store that lies in no vault: the folder of what lies beside it, and the key that seals secrets in it. Set once
 * after opening. Both are NULL where they were not set. */
void              mere_store_set_folder (MereStore *self, const char *folder);
const char       *mere_store_get_folder (MereStore *self);
void              mere_store_set_seal (MereStore *self, MereSecret *key); /* (transfer full) */
const MereSecret *mere_store_get_seal (MereStore *self);

/**
 * mere_store_hold_vault:
 * @error: return location, %MERE_STORE_ERROR_CLOSED
 *
 * For a thread that works on the vault itself: it stays open until mere_vault_release(). Nothing may be asked of the store meanwhile: closing
 * waits for the one with the other in its hands.
 *
 * Returns: (transfer full): the vault of the store, or %NULL
 */
MereVault *mere_store_hold_vault (MereStore *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_store_begin:
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Begins a transaction, or a savepoint within the one of this thread. Every successful begin is followed by one
 * mere_store_commit() or mere_store_rollback() in the same thread. #MereTransaction does that by itself.
 */
gboolean mere_store_begin (MereStore *self, GError **error);
gboolean mere_store_commit (MereStore *self, GError **error); /* on failure all of this level is rolled back */
void     mere_store_rollback (MereStore *self);

/**
 * MereTransaction:
 *
 * A transaction that rolls back unless committed:
 *
 * |[
 *   g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
 *
 *   if (work == NULL || !do_this (store, error) || !do_that (store, error))
 *     return FALSE;
 *   return mere_transaction_commit (g_steal_pointer (&work), error);
 * ]|
 */
typedef struct _MereTransaction MereTransaction;

MereTransaction *mere_transaction_begin (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean         mere_transaction_commit (MereTransaction *self, GError **error); /* (transfer full) self */
void             mere_transaction_free (MereTransaction *self);                   /* rolls back */

/**
 * mere_store_touch:
 * @topics: %MereStoreTopic flags
 *
 * Says that a topic changes; call it within the transaction that changes it. It counts when that is committed.
 */
void mere_store_touch (MereStore *self, guint topics);

/**
 * mere_store_get_generation:
 * @topic: one topic
 *
 * Returns: a number that grows with each committed change of @topic; cheap, for pages that refresh when they are shown
 */
guint64 mere_store_get_generation (MereStore *self, MereStoreTopic topic);

typedef void (*MereStoreChanged) (MereStore *self, guint topics, gpointer user_data);

/**
 * mere_store_watch:
 * @topics: %MereStoreTopic flags
 * @changed: called in the thread-default main context of this call, when idle, once for a burst of commits
 *
 * Returns: an id for mere_store_unwatch(). Closing the store ends all watches.
 */
guint mere_store_watch (MereStore *self, guint topics, MereStoreChanged changed, gpointer user_data);
void  mere_store_unwatch (MereStore *self, guint id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStore, mere_store_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTransaction, mere_transaction_free)

G_END_DECLS
