/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One bundle into the store. The reader checks the bundle while it streams; what it hands on is written within a
 * transaction that is committed only when the reader says yes to the last byte. What becomes of each entry: intake.c. */

#include "config.h"

#include "sync/hq/inbox.h"

#include "app/store/log.h"
#include "app/store/statement.h"
#include "sync/bundle-reader.h"
#include "sync/hq/chain.h"
#include "sync/hq/device.h"
#include "sync/hq/intake.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const verdicts[] = { "accepted", "partial", "duplicate", "quarantined", "refused" };

const char *
mere_inbox_verdict_to_string (MereInboxVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (verdicts), NULL);
  return verdicts[verdict];
}

static void
rejection_free (gpointer data)
{
  MereInboxRejection *rejection = data;

  g_free (rejection->record);
  g_free (rejection->code);
  g_free (rejection);
}

MereInboxResult *
mere_inbox_result_new (const char *name)
{
  MereInboxResult *self = g_new0 (MereInboxResult, 1);

  self->name = g_strdup (name);
  self->rejections = g_ptr_array_new_with_free_func (rejection_free);
  return self;
}

void
mere_inbox_result_free (MereInboxResult *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->code);
  g_free (self->message);
  g_free (self->device);
  g_free (self->label);
  g_free (self->b2);
  g_ptr_array_unref (self->rejections);
  g_free (self);
}

gboolean
mere_inbox_log_refusal (MereStore             *store,
                        const MereInboxResult *result,
                        GError               **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO hq_refusal (name, code, message, b2, refused_us) VALUES (?1, ?2, ?3, ?4, ?5)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, result->name);
  mere_statement_bind_text (insert, 2, result->code);
  mere_statement_bind_text (insert, 3, result->message);
  mere_statement_bind_text (insert, 4, result->b2);
  mere_statement_bind_int (insert, 5, g_get_real_time ());
  return mere_statement_run (insert, error);
}

/* One bundle on its way in. */
typedef struct
{
  MereStore       *store;
  MereKeyring     *keys;
  MereInboxResult *result;
  MereDevice      *device;
} Taking;

static gboolean
find_sender (gpointer                 user_data,
             const MereBundleComment *comment,
             const guint8             number[8],
             MereMinisignKey         *key,
             GError                 **error)
{
  Taking *self = user_data;

  g_clear_pointer (&self->device, mere_device_free);
  self->device = mere_device_load_by_number (self->store, number, error);
  return self->device != NULL && g_str_has_prefix (comment->name, self->device->device) &&
         mere_minisign_key_parse (self->device->sign_key, key, error);
}

/* Whether a failure says something about the bundle, rather than about us. */
static gboolean
is_about_bundle (const GError *failure)
{
  return failure->domain == MERE_BUNDLE_ERROR && failure->code != MERE_BUNDLE_ERROR_WRITE;
}

static void
set_verdict (MereInboxResult *result,
             MereInboxVerdict verdict,
             const char      *code,
             const char      *message)
{
  result->verdict = verdict;
  result->code = g_strdup (code);
  result->message = g_strdup (message);
}

static gboolean
judge_failure (Taking  *self,
               GError  *failure,
               GError **error)
{
  gboolean unknown = g_error_matches (failure, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_SENDER_UNKNOWN);

  if (!is_about_bundle (failure))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  set_verdict (self->result,
               unknown ? MERE_INBOX_QUARANTINED : MERE_INBOX_REFUSED,
               mere_bundle_error_get_name (failure->code),
               failure->message);
  g_error_free (failure);
  return TRUE;
}

static void
note_sender (Taking           *self,
             MereBundleReader *reader)
{
  self->result->device = g_strdup (self->device->device);
  self->result->label = g_strdup (self->device->label);
  self->result->b2 = g_strdup (mere_bundle_reader_get_b2 (reader));
}

static gboolean
is_held (Taking   *self,
         gboolean *held,
         GError  **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    self->store,
    "SELECT 1 FROM hq_bundle WHERE device = ?1 AND b2 = ?2 AND status IN ('accepted', 'partial')",
    error);

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, self->result->device);
  mere_statement_bind_text (query, 2, self->result->b2);
  return mere_statement_step (query, held, error);
}

/* What can be said before a byte is decrypted: %TRUE where that is the verdict. */
static gboolean
judge_outside (Taking           *self,
               MereBundleReader *reader,
               gboolean         *done,
               GError          **error)
{
  gboolean held = FALSE;

  if (!is_held (self, &held, error) ||
      (held && !mere_chain_tell_again (self->store, self->device->device, self->result->b2, self->device->seen_receipt, error)))
    return FALSE;
  *done = TRUE;
  if (held)
    set_verdict (self->result, MERE_INBOX_DUPLICATE, NULL, NULL);
  else if (self->device->revoked)
    set_verdict (self->result,
                 MERE_INBOX_QUARANTINED,
                 MERE_INBOX_CODE_REVOKED,
                 _ ("The laptop that sent it was revoked. The bundle is held back; nothing was taken from it."));
  else if (mere_bundle_reader_get_comment (reader)->kind != MERE_BUNDLE_RECORDS)
    set_verdict (self->result,
                 MERE_INBOX_REFUSED,
                 MERE_INBOX_CODE_NOT_FOR_HQ,
                 _ ("This is a receipt or a dispatch, which headquarters does not take in. Nothing was taken from it."));
  else
    *done = FALSE;
  return TRUE;
}

static gboolean
log_bundle (Taking  *self,
            GError **error)
{
  return mere_log_append (self->store, "received", self->result->name, self->result->b2, error);
}

/* The reader reads, intake writes; committed together or not at all. */
static gboolean
read_inside (Taking           *self,
             MereBundleReader *reader,
             MereProgressFunc  progress,
             gpointer          progress_data,
             GCancellable     *cancellable,
             GError          **error)
{
  g_autoptr (MereIntake) intake = mere_intake_new (self->store, self->device, reader, self->result);
  g_autoptr (GPtrArray) identities = mere_keyring_list_identities (self->keys);

  if (!mere_bundle_reader_read (
        reader, identities, mere_intake_get_handler (), intake, progress, progress_data, cancellable, error) ||
      !mere_intake_finish (intake, error) || !log_bundle (self, error))
    return FALSE;
  mere_store_touch (self->store, MERE_STORE_OTHER | MERE_STORE_RECORDS);
  return TRUE;
}

static void
forget_records (MereInboxResult *result)
{
  result->n_new = 0;
  result->n_known = 0;
  g_ptr_array_set_size (result->rejections, 0);
}

/* A sound manifest with unsound content: the laptop is told that its bundle came, and that it was not taken. */
static gboolean
note_held_back (Taking           *self,
                MereBundleReader *reader,
                GError          **error)
{
  return mere_bundle_reader_get_manifest (reader) == NULL || mere_bundle_reader_get_manifest_signature (reader) == NULL ||
         mere_intake_save_bundle (self->store, self->device, reader, "quarantined", 0, NULL, error);
}

/* One process at a time takes in what a laptop has sent; what another one has taken meanwhile is a duplicate then. */
static MereTransaction *
begin_work (Taking  *self,
            GError **error)
{
  g_autofree char *lock = g_strconcat ("device:", self->device->device, NULL);
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);

  return work != NULL && mere_store_lock_shared (self->store, MERE_INBOX_LOCK, error) && mere_store_lock (self->store, lock, error) ? g_steal_pointer (&work) : NULL;
}

static gboolean
take (Taking          *self,
      const char      *path,
      const guint8    *hash,
      MereProgressFunc progress,
      gpointer         progress_data,
      GCancellable    *cancellable,
      GError         **error)
{
  GError  *failure = NULL;
  gboolean done = FALSE;
  g_autoptr (MereBundleReader) reader = mere_bundle_reader_open_hashed (path, hash, find_sender, self, cancellable, &failure);
  g_autoptr (MereTransaction) work = NULL;

  if (reader == NULL)
    return judge_failure (self, failure, error);
  note_sender (self, reader);
  work = begin_work (self, error);
  if (work == NULL || !judge_outside (self, reader, &done, error))
    return FALSE;
  if (done)
    return mere_transaction_commit (g_steal_pointer (&work), error);
  if (read_inside (self, reader, progress, progress_data, cancellable, &failure) &&
      mere_transaction_commit (g_steal_pointer (&work), &failure))
    {
      self->result->verdict = self->result->rejections->len > 0 ? MERE_INBOX_PARTIAL : MERE_INBOX_ACCEPTED;
      return TRUE;
    }
  g_clear_pointer (&work, mere_transaction_free);
  forget_records (self->result);
  return judge_failure (self, failure, error) && note_held_back (self, reader, error);
}

static MereInboxResult *
take_once (MereStore       *store,
           MereKeyring     *keys,
           const char      *path,
           const guint8    *hash,
           MereProgressFunc progress,
           gpointer         progress_data,
           GCancellable    *cancellable,
           GError         **error)
{
  g_autofree char *file = g_path_get_basename (path);
  g_autofree char *name = g_str_has_suffix (file, MERE_BUNDLE_SUFFIX)
                            ? g_strndup (file, strlen (file) - strlen (MERE_BUNDLE_SUFFIX))
                            : g_strdup (file);
  g_autoptr (MereInboxResult) result = mere_inbox_result_new (name);
  Taking   self = { store, keys, result, NULL };
  gboolean taken = take (&self, path, hash, progress, progress_data, cancellable, error);

  mere_device_free (self.device);
  if (!taken || (result->code != NULL && !mere_inbox_log_refusal (store, result, error)))
    return NULL;
  return g_steal_pointer (&result);
}

#define MOST_TRIES 8

/* What another process did at the same moment fails the work of this one: a second look finds it done. */
static gboolean
is_worth_another_try (MereStore    *store,
                      const GError *failure)
{
  return mere_store_is_shared (store) && (g_error_matches (failure, MERE_STORE_ERROR, MERE_STORE_ERROR_BUSY) ||
                                          g_error_matches (failure, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT));
}

MereInboxResult *
mere_inbox_take (MereStore       *store,
                 MereKeyring     *keys,
                 const char      *path,
                 const guint8    *hash,
                 MereProgressFunc progress,
                 gpointer         progress_data,
                 GCancellable    *cancellable,
                 GError         **error)
{
  for (guint tries = 1;; tries++)
    {
      g_autoptr (GError) failure = NULL;
      MereInboxResult *result = take_once (store, keys, path, hash, progress, progress_data, cancellable, &failure);

      if (result != NULL)
        return result;
      if (tries < MOST_TRIES && is_worth_another_try (store, failure))
        continue;
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
}
