/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The courier's errands: what both have in common, and writing. Reading is in courier-read.c. */

#include "config.h"

#include "sync/courier.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/bundle-format.h"
#include "sync/courier-private.h"
#include "sync/enrol.h"
#include "sync/hash.h"

#define READ_SIZE (1024 * 1024) /* bytes of an outbox file at a time */

G_DEFINE_QUARK (mere_courier_error, mere_courier_error)

/* Two errands at once would seal the same records twice. */
static GMutex errand;

/* What the laptop knows by itself. */
static gboolean
load_home (MereCourier *self,
           GError     **error)
{
  GError *failure = NULL;

  self->keys = mere_road_keys_load (self->store, &failure);
  if (failure == NULL)
    self->trust = mere_trust_load (self->store, 0, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  self->outbox = mere_road_dup_folder (self->store, MERE_ROAD_OUTBOX, error);

  return self->outbox != NULL;
}

static gboolean
open_stick (MereCourier *self,
            const char  *folder,
            GError     **error)
{
  if (self->keys == NULL || self->trust == NULL)
    {
      g_set_error_literal (error, MERE_COURIER_ERROR, MERE_COURIER_ERROR_NOT_ENROLLED,
                           _ ("Headquarters and this laptop do not know each other yet. Enrol it first; nothing was written."));
      return FALSE;
    }
  if (self->progress != NULL)
    self->progress (self->user_data, MERE_COURIER_LOOKING, 0, 0);
  self->stick = mere_stick_open (folder, error);
  if (self->stick != NULL)
    self->found = mere_stick_scan (self->stick, self->cancellable, error);

  return self->found != NULL;
}

gboolean
mere_courier_begin (MereCourier        *self,
                    MereStore          *store,
                    const char         *folder,
                    MereCourierProgress progress,
                    gpointer            user_data,
                    GCancellable       *cancellable,
                    GError            **error)
{
  *self = (MereCourier){ .store = mere_store_ref (store), .progress = progress, .user_data = user_data, .cancellable = cancellable };
  g_mutex_lock (&errand);

  return load_home (self, error) && (folder == NULL || open_stick (self, folder, error));
}

void
mere_courier_end (MereCourier *self)
{
  if (self->store == NULL)
    return;

  g_mutex_unlock (&errand);
  g_clear_pointer (&self->keys, mere_road_keys_free);
  g_clear_pointer (&self->trust, mere_trust_free);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_clear_pointer (&self->team, g_ptr_array_unref);
  g_clear_pointer (&self->stick, mere_stick_free);
  g_clear_pointer (&self->outbox, g_free);
  g_clear_pointer (&self->store, mere_store_unref);
}

void
mere_courier_report (gpointer report,
                     guint64  done,
                     guint64  total)
{
  const MereCourierReport *self = report;

  if (self->courier->progress != NULL)
    self->courier->progress (self->courier->user_data, self->step, done, total);
}

gboolean
mere_courier_fail (GError  *failure,
                   GError **error)
{
  if (g_error_matches (failure, MERE_STICK_ERROR, MERE_STICK_ERROR_CANCELLED))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, failure->message);
  else if (g_error_matches (failure, MERE_STICK_ERROR, MERE_STICK_ERROR_LOCAL) ||
           g_error_matches (failure, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_WRITE))
    g_set_error_literal (error, MERE_COURIER_ERROR, MERE_COURIER_ERROR_OUTBOX, failure->message);
  else
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_error_free (failure);

  return FALSE;
}

static gboolean
check_may_pack (MereStore *store,
                GError   **error)
{
  MereEnrolState state = mere_enrol_get_state (store);

  if (state == MERE_ENROL_ACTIVE)
    return TRUE;
  if (state == MERE_ENROL_REVOKED)
    g_set_error_literal (error, MERE_COURIER_ERROR, MERE_COURIER_ERROR_REVOKED,
                         _ ("Headquarters has revoked this laptop: it takes no more bundles from it. Nothing was written, and everything is still here; ask headquarters."));
  else
    g_set_error_literal (error, MERE_COURIER_ERROR, MERE_COURIER_ERROR_NOT_ENROLLED,
                         _ ("Headquarters has not confirmed this laptop yet: read its first pack before you write. Nothing was written, and everything is still here."));

  return FALSE;
}

/* Whether the sealed file is what it was. What earlier keys of this laptop have sealed is packed again: receipts for it
 * could not be opened any more. */
static gboolean
is_whole (MereCourier      *self,
          const MereBundle *bundle)
{
  g_autofree char   *path = g_strdup_printf ("%s/%s" MERE_BUNDLE_SUFFIX, self->outbox, bundle->name);
  g_autofree char   *signature = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autofree char *b2 = NULL;
  MereHash         hash;
  gssize           n;

  if (stream == NULL || !g_file_test (signature, G_FILE_TEST_IS_REGULAR) || !g_str_has_prefix (bundle->name, self->keys->device))
    return FALSE;
  mere_hash_init (&hash, MERE_HASH_SIZE);
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, READ_SIZE, NULL, NULL)) > 0)
    mere_hash_update (&hash, buffer, n);
  b2 = mere_hash_finish_hex (&hash);

  return n == 0 && strcmp (b2, bundle->b2) == 0;
}

/* Splits the bundles that are not acknowledged. */
static gboolean
sort_open (MereCourier *self,
           GPtrArray   *whole,
           GPtrArray   *lost,
           GError     **error)
{
  g_autoptr (GPtrArray) open = mere_bundle_list (self->store, TRUE, error);

  while (open != NULL && open->len > 0)
    {
      MereBundle *bundle = g_ptr_array_steal_index (open, 0);

      g_ptr_array_add (is_whole (self, bundle) ? whole : lost, bundle);
    }

  return open != NULL;
}

/* @set: ids of the records in @bundles, in the order of the bundles. */
static gboolean
gather_records (MereStore  *store,
                GPtrArray  *bundles,
                GHashTable *set,
                GPtrArray  *order,
                GError    **error)
{
  for (guint i = 0; i < bundles->len; i++)
    {
      g_autoptr (GPtrArray) ids = mere_bundle_list_records (store, ((const MereBundle *) bundles->pdata[i])->row, error);

      if (ids == NULL)
        return FALSE;
      for (guint k = 0; k < ids->len; k++)
        if (g_hash_table_add (set, g_strdup (ids->pdata[k])) && order != NULL)
          g_ptr_array_add (order, g_strdup (ids->pdata[k]));
    }

  return TRUE;
}

static gboolean
is_outstanding (MereStore  *store,
                const char *id)
{
  g_autoptr (MereRecord) record = mere_record_load (store, id, NULL);

  return record != NULL && (record->state == MERE_RECORD_PACKED || record->state == MERE_RECORD_DELIVERED);
}

/* Records that are in no bundle whose file is there: the disk has lost them, the vault has not. */
static GPtrArray *
list_lost_records (MereCourier *self,
                   GPtrArray   *lost,
                   GError     **error)
{
  g_autoptr (GPtrArray) whole = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_bundle_free);
  g_autoptr (GHashTable) safe = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);

  if (!sort_open (self, whole, lost, error) ||
      !gather_records (self->store, whole, safe, NULL, error) ||
      !gather_records (self->store, lost, safe, records, error))
    return NULL;
  for (guint i = records->len; i > 0; i--)
    if (!is_outstanding (self->store, records->pdata[i - 1]))
      g_ptr_array_remove_index (records, i - 1);

  return g_steal_pointer (&records);
}

static gboolean
is_among (GPtrArray        *bundles,
          const MereBundle *bundle)
{
  for (guint i = 0; i < bundles->len; i++)
    if (((const MereBundle *) bundles->pdata[i])->row == bundle->row)
      return TRUE;

  return FALSE;
}

/* What goes onto every stick: all that is not acknowledged. */
static GPtrArray *
list_open (MereStore *store,
           GPtrArray *lost,
           GError   **error)
{
  g_autoptr (GPtrArray) open = mere_bundle_list (store, TRUE, error);

  for (guint i = open != NULL ? open->len : 0; i > 0; i--)
    if (is_among (lost, open->pdata[i - 1]))
      g_ptr_array_remove_index (open, i - 1);

  return g_steal_pointer (&open);
}

static char **
list_paths (MereCourier *self,
            GPtrArray   *bundles)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; i < bundles->len; i++)
    {
      const MereBundle *bundle = bundles->pdata[i];
      g_autofree char  *path = g_strdup_printf ("%s/%s" MERE_BUNDLE_SUFFIX, self->outbox, bundle->name);

      g_strv_builder_add (paths, path);
    }

  return g_strv_builder_end (paths);
}

/* They were read back: that is what counts as delivered. */
static gboolean
keep_placements (MereCourier        *self,
                 GPtrArray          *bundles,
                 MereCourierWritten *written,
                 const char         *folder,
                 GError            **error)
{
  const char *id = mere_stick_get_id (self->stick);
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);

  if (work == NULL)
    return FALSE;
  written->stick = g_strdup (id);
  for (guint i = 0; i < bundles->len; i++)
    {
      const MereBundle *bundle = bundles->pdata[i];

      if (!mere_placement_add (self->store, bundle->row, id != NULL ? id : folder, written->session, error))
        return FALSE;
      written->n_bundles++;
      written->n_records += bundle->n_records;
      written->n_bytes += (guint64) bundle->size;
    }

  return mere_transaction_commit (g_steal_pointer (&work), error);
}

static gboolean
publish (MereCourier        *self,
         const char         *folder,
         GPtrArray          *lost,
         MereCourierWritten *written,
         GError            **error)
{
  MereCourierReport report = { self, MERE_COURIER_WRITING };
  g_autoptr (GPtrArray) bundles = list_open (self->store, lost, error);
  g_auto (GStrv) paths = bundles != NULL ? list_paths (self, bundles) : NULL;
  g_autofree char *session = NULL;

  if (bundles == NULL)
    return FALSE;
  if (bundles->len == 0)
    return TRUE;
  session = mere_road_take_session (self->store, error);

  return session != NULL &&
         mere_stick_publish (self->stick, MERE_STICK_TO_HQ, self->keys->device, session, (const char *const *) paths,
                             mere_courier_report, &report, self->cancellable, &written->session, error) &&
         keep_placements (self, bundles, written, folder, error);
}

static gboolean
write_all (MereCourier        *self,
           const char         *folder,
           MereCourierWritten *written,
           GError            **error)
{
  g_autoptr (GPtrArray) lost = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_bundle_free);
  g_autoptr (GPtrArray) again = NULL;

  if (!mere_courier_check_copy (self, &written->new_chain, error) || !mere_courier_tidy_outbox (self, error))
    return FALSE;
  again = list_lost_records (self, lost, error);
  if (again == NULL ||
      !mere_courier_pack (self, NULL, again, &written->n_sealed, error) ||
      !publish (self, folder, lost, written, error))
    return FALSE;

  /* What was written counts, whether or not there is still a stick to tidy up; the next insertion does it then. */
  mere_courier_clear_stick (self, &written->n_removed, NULL);

  return TRUE;
}

MereCourierWritten *
mere_courier_write (MereStore          *store,
                    const char         *folder,
                    MereCourierProgress progress,
                    gpointer            user_data,
                    GCancellable       *cancellable,
                    GError            **error)
{
  g_auto (MereCourier) self = { 0 };
  g_autoptr (MereCourierWritten) written = g_new0 (MereCourierWritten, 1);
  GError *failure = NULL;

  if (check_may_pack (store, &failure) &&
      mere_courier_begin (&self, store, folder, progress, user_data, cancellable, &failure) &&
      write_all (&self, folder, written, &failure))
    return g_steal_pointer (&written);
  mere_courier_fail (failure, error);

  return NULL;
}

void
mere_courier_written_free (MereCourierWritten *self)
{
  if (self == NULL)
    return;

  g_free (self->session);
  g_free (self->stick);
  g_free (self);
}
