/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stick comes in. Each bundle by itself: one that is refused keeps no other out. */

#include "config.h"

#include "sync/hq/receive.h"

#include "app/store/digest.h"
#include "sync/bundle-format.h"
#include "sync/hq/answer.h"
#include "sync/hq/copying.h"
#include "sync/hq/device.h"
#include "sync/hq/incoming.h"
#include "sync/hq/outbox.h"
#include "sync/hq/quarantine.h"
#include "sync/road.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

MereReceived *
mere_received_new (void)
{
  MereReceived *self = g_new0 (MereReceived, 1);

  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_inbox_result_free);
  self->failures = g_ptr_array_new_with_free_func (g_free);
  self->receipts = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
mere_received_free (MereReceived *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->results);
  g_ptr_array_unref (self->failures);
  g_ptr_array_unref (self->receipts);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_free (self);
}

void
mere_received_forget (MereReceived *self)
{
  g_ptr_array_set_size (self->results, 0);
  g_ptr_array_set_size (self->failures, 0);
  g_ptr_array_set_size (self->receipts, 0);
  self->n_unfinished = 0;
  self->n_others = 0;
  if (self->seen == NULL)
    self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* One stick, or the quarantine. */
typedef struct
{
  MereStore        *store;
  MereKeyring      *keys;
  MereReceived     *received;
  MereReceiveReport report;
  gpointer          report_data;
  GCancellable     *cancellable;
  MereStick        *stick;
  const char       *path;  /* of the stick, for messages */
  GHashTable       *heard; /* laptops that have to be answered */
} Receiving;

static void
note_failure (Receiving  *self,
              const char *path,
              GError     *failure)
{
  g_ptr_array_add (self->received->failures, g_strdup_printf ("%s: %s", path, failure->message));
  g_error_free (failure);
}

static void
add_result (Receiving       *self,
            MereInboxResult *result)
{
  g_ptr_array_add (self->received->results, result);
  if (result->device != NULL && g_strcmp0 (result->code, MERE_INBOX_CODE_REVOKED) != 0)
    g_hash_table_add (self->heard, g_strdup (result->device));
  if (self->report != NULL)
    self->report (self->report_data, result);
}

static gboolean
keep_apart (Receiving       *self,
            MereInboxResult *result,
            const char      *copy,
            const char      *b2,
            GError         **error)
{
  gboolean kept = FALSE;

  if (!mere_quarantine_keep (self->store, copy, b2, &kept, error))
    return FALSE;
  if (kept)
    return TRUE;
  g_free (result->message);
  result->message = g_strdup (_ ("It should be held back, but the quarantine is full: it was not kept. Look at what lies there, then receive again."));
  return TRUE;
}

static gboolean
take_copy (Receiving    *self,
           const char   *copy,
           const guint8 *hash,
           GError      **error)
{
  g_autofree char *b2 = mere_hex_new (hash, MERE_HASH_SIZE);
  MereInboxResult *result = mere_inbox_take (self->store, self->keys, copy, hash, NULL, NULL, self->cancellable, error);

  if (result == NULL)
    {
      mere_copy_remove (copy);
      return FALSE;
    }
  add_result (self, result);
  if (result->verdict == MERE_INBOX_QUARANTINED)
    return keep_apart (self, result, copy, b2, error);
  mere_copy_remove (copy);
  return TRUE;
}

/* What its signature says it is; not to be believed, but enough to leave it alone. */
static gboolean
is_for_hq (Receiving            *self,
           const MereStickFound *found,
           GBytes               *text)
{
  g_autoptr (MereMinisign) signature = NULL;
  MereBundleComment comment;

  if (g_str_has_prefix (found->name, self->keys->hq))
    return FALSE;
  if (text != NULL)
    signature = mere_minisign_parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL);
  return signature == NULL || !mere_bundle_comment_parse (signature->trusted_comment, &comment, NULL) ||
         comment.kind == MERE_BUNDLE_RECORDS;
}

/* There may be none. */
static gboolean
take_copied (Receiving   *self,
             MereCopying *copying,
             GError     **error)
{
  const MereStickFound *found = copying->found;
  g_autofree char      *copy = NULL;
  g_autoptr (GError) failure = NULL;

  if (found == NULL)
    return TRUE;
  mere_copying_wait (copying);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  copy = mere_copying_finish (copying, &failure);
  if (copy == NULL)
    {
      g_autofree char *place = g_build_filename (self->path, found->folder, found->name, NULL);

      note_failure (self, place, g_steal_pointer (&failure));
      return TRUE;
    }
  return take_copy (self, copy, copying->hash, error);
}

/* The same pair at the same place as before: its signature tells. */
static gboolean
was_seen (Receiving            *self,
          const MereStickFound *found,
          GBytes               *signature)
{
  g_autofree char *b2 = NULL;

  if (self->received->seen == NULL || signature == NULL)
    return FALSE;
  b2 = mere_digest_dup_hex_of_bytes (signature);
  return !g_hash_table_add (self->received->seen, g_strconcat (found->folder, "/", found->name, ":", b2, NULL));
}

static gboolean
is_wanted (Receiving            *self,
           const MereStickFound *found)
{
  g_autoptr (GBytes) signature = NULL;

  if (found->enrolment)
    return FALSE;
  if (!found->finished)
    {
      self->received->n_unfinished++;
      return FALSE;
    }
  signature = mere_stick_load_signature (self->stick, found, NULL);
  if (was_seen (self, found, signature))
    return FALSE;
  if (is_for_hq (self, found, signature))
    return TRUE;
  self->received->n_others++;
  return FALSE;
}

/* Copies have the names of what they are copies of: of one name there is one at a time. */
static gboolean
look_at (Receiving            *self,
         const MereStickFound *found,
         const char           *folder,
         MereCopying          *copying,
         GError              **error)
{
  g_auto (MereCopying) before = { 0 };

  mere_copying_wait (copying);
  if (!is_wanted (self, found))
    return TRUE;
  if (copying->found != NULL && g_str_equal (copying->found->name, found->name) && !take_copied (self, copying, error))
    return FALSE;
  before = *copying;
  mere_copying_start (copying, self->stick, found, folder, self->cancellable);
  return take_copied (self, &before, error);
}

static gboolean
look_at_all (Receiving *self,
             GPtrArray *found,
             GError   **error)
{
  g_autofree char *folder = mere_incoming_open (self->store, error);
  gboolean         done = folder != NULL;
  g_auto (MereCopying) copying = { 0 };

  for (guint i = 0; done && i < found->len; i++)
    done = !g_cancellable_set_error_if_cancelled (self->cancellable, error) && look_at (self, found->pdata[i], folder, &copying, error);
  done = done && take_copied (self, &copying, error);
  mere_copying_clear (&copying);
  if (folder != NULL)
    mere_incoming_close (self->store, folder);
  return done;
}

/* A file by itself, as it comes with a mail: its folder is the stick. */
static GPtrArray *
find_file (const char *path,
           guint64     size)
{
  GPtrArray       *found = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_stick_found_free);
  MereStickFound  *file = g_new0 (MereStickFound, 1);
  g_autofree char *signature = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);

  file->folder = g_strdup ("");
  file->name = g_path_get_basename (path);
  file->size = size;
  file->finished = g_file_test (signature, G_FILE_TEST_IS_REGULAR);
  g_ptr_array_add (found, file);
  return found;
}

/* What is to be looked at, and the stick it lies on; %NULL where that cannot be read. */
static GPtrArray *
open_path (Receiving  *self,
           const char *path,
           gboolean   *is_file,
           GError    **failure)
{
  GStatBuf         status;
  g_autofree char *folder = NULL;

  *is_file = g_stat (path, &status) == 0 && S_ISREG (status.st_mode);
  folder = *is_file ? g_path_get_dirname (path) : g_strdup (path);
  self->stick = mere_stick_open (folder, failure);
  if (self->stick == NULL)
    return NULL;
  return *is_file ? find_file (path, (guint64) status.st_size) : mere_stick_scan (self->stick, self->cancellable, failure);
}

/* Whether a laptop that was heard of holds an older trust list than the newest: it follows by headquarters' card. */
static gboolean
is_behind (Receiving  *self,
           const char *device_name,
           gboolean   *behind,
           GError    **error)
{
  g_autoptr (MereDevice) device = mere_device_load (self->store, device_name, error);

  if (device == NULL)
    return FALSE;
  *behind |= device->seen_trust < self->keys->trust->version;
  return TRUE;
}

/* A stick that cannot be written is the stick's trouble; anything else ends the receiving. */
static gboolean
note_or_fail (Receiving  *self,
              const char *path,
              GError     *failure,
              GError    **error)
{
  if (failure->domain == MERE_STICK_ERROR)
    {
      note_failure (self, path, failure);
      return TRUE;
    }
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
answer_one (Receiving  *self,
            MereStick  *stick,
            const char *path,
            const char *device,
            GError    **error)
{
  gint64  row = mere_answer_make (self->store, self->keys, device, error);
  GError *failure = NULL;

  if (row == 0)
    return FALSE;
  if (!mere_outbox_carry (self->store, stick, row, NULL, self->cancellable, &failure))
    return note_or_fail (self, path, failure, error);
  g_ptr_array_add (self->received->receipts, g_strdup (device));
  return TRUE;
}

static gboolean
answer_heard (Receiving  *self,
              MereStick  *stick,
              const char *path,
              GError    **error)
{
  GHashTableIter iter;
  gpointer       device;
  gboolean       behind = FALSE;
  GError        *failure = NULL;

  g_hash_table_iter_init (&iter, self->heard);
  while (g_hash_table_iter_next (&iter, &device, NULL))
    if (!answer_one (self, stick, path, device, error) || !is_behind (self, device, &behind, error))
      return FALSE;
  return !behind || mere_outbox_carry_card (self->store, self->keys, stick, self->cancellable, &failure) ||
         note_or_fail (self, path, failure, error);
}

/* @stick is %NULL where receipts go to another place than the one that was read. */
static gboolean
answer_all (Receiving  *self,
            const char *path,
            MereStick  *stick,
            GError    **error)
{
  g_autoptr (MereStick) other = NULL;
  GError *failure = NULL;

  if (g_hash_table_size (self->heard) == 0)
    return TRUE;
  if (stick == NULL)
    stick = other = mere_stick_open (path, &failure);
  if (stick == NULL)
    {
      note_failure (self, path, failure);
      return TRUE;
    }
  return answer_heard (self, stick, path, error);
}

static void
receiving_clear (Receiving *self)
{
  g_clear_pointer (&self->stick, mere_stick_free);
  g_clear_pointer (&self->heard, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Receiving, receiving_clear)

gboolean
mere_receive_stick (MereStore        *store,
                    MereKeyring      *keys,
                    const char       *path,
                    const char       *answer_to,
                    MereReceived     *received,
                    MereReceiveReport report,
                    gpointer          report_data,
                    GCancellable     *cancellable,
                    GError          **error)
{
  g_auto (Receiving) self = { store, keys, received, report, report_data, cancellable, NULL, path, NULL };
  g_autoptr (GPtrArray) found = NULL;
  GError  *failure = NULL;
  gboolean is_file;

  self.heard = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  found = open_path (&self, path, &is_file, &failure);
  if (found == NULL)
    {
      note_failure (&self, path, failure);
      return TRUE;
    }
  if (!look_at_all (&self, found, error))
    return FALSE;
  if (answer_to != NULL)
    return answer_all (&self, answer_to, NULL, error);
  return is_file || answer_all (&self, path, self.stick, error);
}

/* Whether the sender of a bundle that is held back is known by now, and not revoked. */
static gboolean
is_free (MereStore  *store,
         const char *path,
         gboolean   *is,
         GError    **error)
{
  g_autofree char *signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autofree char *text = NULL;
  g_autoptr (MereMinisign) signature = NULL;
  g_autoptr (MereDevice) device = NULL;
  g_autoptr (GError) failure = NULL;
  gsize size;

  *is = FALSE;
  if (!g_file_get_contents (signature_path, &text, &size, NULL) || (signature = mere_minisign_parse (text, size, NULL)) == NULL)
    return TRUE;
  device = mere_device_load_by_number (store, signature->number, &failure);
  *is = device != NULL && !device->revoked;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
take_held (Receiving  *self,
           const char *path,
           GError    **error)
{
  MereInboxResult *result;
  gboolean         is = FALSE;
  g_autoptr (GError) failure = NULL;

  if (!is_free (self->store, path, &is, error))
    return FALSE;
  if (!is)
    return TRUE;
  result = mere_inbox_take (self->store, self->keys, path, NULL, NULL, NULL, self->cancellable, &failure);
  if (result == NULL && mere_store_is_shared (self->store) && !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE; /* another process was faster */
  if (result == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  add_result (self, result);
  if (result->verdict != MERE_INBOX_QUARANTINED)
    mere_quarantine_remove (path);
  return TRUE;
}

gboolean
mere_receive_quarantine (MereStore        *store,
                         MereKeyring      *keys,
                         MereReceived     *received,
                         MereReceiveReport report,
                         gpointer          report_data,
                         GCancellable     *cancellable,
                         GError          **error)
{
  g_auto (Receiving) self = { store, keys, received, report, report_data, cancellable, NULL, NULL, NULL };
  g_autoptr (GPtrArray) held = mere_quarantine_list (store, error);

  self.heard = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; held != NULL && i < held->len; i++)
    if (!take_held (&self, held->pdata[i], error))
      return FALSE;
  return held != NULL;
}
