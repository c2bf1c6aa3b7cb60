/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What headquarters sends: sealed into its chain. How it gets onto a stick: outbox-carry.c. */

#include "config.h"

#include "sync/hq/outbox.h"

#include "app/store/bundle.h"
#include "app/store/digest.h"
#include "app/store/settings.h"
#include "app/store/statement.h"
#include "sync/age.h"
#include "sync/dispatch.h"
#include "sync/receipt.h"
#include "sync/road.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>

#define CHAIN "hq.chain"
#define CHAIN_NO 1

MereParcelFile *
mere_parcel_file_new (MereEntryType type,
                      const char   *name,
                      GBytes       *content)
{
  MereParcelFile *self = g_new (MereParcelFile, 1);

  self->type = type;
  self->name = g_strdup (name);
  self->content = g_bytes_ref (content);
  return self;
}

void
mere_parcel_file_free (MereParcelFile *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_bytes_unref (self->content);
  g_free (self);
}

void
mere_outbox_sent_free (MereOutboxSent *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_free (self);
}

gboolean
mere_outbox_take_counter (MereStore     *store,
                          MereBundleKind kind,
                          gint64        *counter,
                          GError       **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT coalesce (max (counter), 0) + 1 FROM hq_sent WHERE kind = ?1", error);
  gboolean row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, mere_bundle_kind_to_string (kind));
  if (!mere_statement_step (query, &row, error))
    return FALSE;
  *counter = mere_statement_get_int (query, 0);
  return TRUE;
}

MereOutboxSent *
mere_outbox_load_newest (MereStore     *store,
                         MereBundleKind kind,
                         const char    *device,
                         GError       **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT b.row, b.name, s.counter, s.content FROM hq_sent AS s JOIN bundle AS b ON b.row = s.bundle"
    " WHERE s.kind = ?1 AND s.device = ?2 ORDER BY s.counter DESC LIMIT 1",
    error);
  MereOutboxSent *self;
  gboolean        row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, mere_bundle_kind_to_string (kind));
  mere_statement_bind_text (query, 2, device);
  if (!mere_statement_step (query, &row, error) || !row)
    return NULL;
  self = g_new0 (MereOutboxSent, 1);
  self->row = mere_statement_get_int (query, 0);
  self->name = mere_statement_dup_text (query, 1);
  self->counter = mere_statement_get_int (query, 2);
  self->content = mere_statement_dup_bytes (query, 3);
  return self;
}

static char *
load_chain (MereStore *store,
            GError   **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *chain = mere_settings_load_text (store, CHAIN, &failure);
  guint8           random[16];

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (chain != NULL)
    return g_steal_pointer (&chain);
  randombytes_buf (random, sizeof random);
  chain = mere_hex_new (random, sizeof random);
  return mere_settings_save_text (store, CHAIN, chain, error) ? g_steal_pointer (&chain) : NULL;
}

/* The place of the next bundle in the chain. */
static gboolean
fill_chain (MereStore    *store,
            MereManifest *head,
            GError      **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (MereBundle) newest = NULL;

  head->chain_id = load_chain (store, error);
  if (head->chain_id == NULL)
    return FALSE;
  newest = mere_bundle_load_newest (store, head->chain_id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  head->chain_no = CHAIN_NO;
  head->seq = newest != NULL ? (guint) newest->seq + 1 : 1;
  head->prev = newest != NULL ? g_strdup (newest->b2) : NULL;
  return TRUE;
}

static MereManifest *
new_head (MereStore        *store,
          MereKeyring      *keys,
          const MereParcel *parcel,
          GError          **error)
{
  g_autoptr (MereManifest) head = mere_manifest_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  head->kind = parcel->kind;
  head->device = g_strdup (keys->hq);
  head->box_key = mere_age_identity_dup_recipient (keys->box);
  head->recipients = g_strdupv ((char **) parcel->recipients);
  head->trust = keys->trust->version;
  head->seen_trust = keys->trust->version;
  head->created = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  head->app_name = g_strdup (PACKAGE_NAME);
  head->app_version = g_strdup (PACKAGE_VERSION);
  return fill_chain (store, head, error) ? g_steal_pointer (&head) : NULL;
}

/* The trust lists that the recipients may lack, each with its signature. */
static gboolean
add_trusts (MereStore        *store,
            MereKeyring      *keys,
            const MereParcel *parcel,
            GPtrArray        *files,
            GError          **error)
{
  guint newest = keys->trust->version;

  for (guint version = MIN ((guint) parcel->seen_trust + 1, newest); version <= newest; version++)
    {
      GError *failure = NULL;
      g_autoptr (MereTrust) trust = mere_trust_load (store, version, &failure);

      if (failure == NULL && trust == NULL)
        g_set_error_literal (&failure, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED, _ ("Headquarters' trust list is missing from this vault."));
      if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      g_ptr_array_add (files, mere_parcel_file_new (MERE_ENTRY_TRUST, MERE_TRUST_NAME, trust->text));
      g_ptr_array_add (files, mere_parcel_file_new (MERE_ENTRY_TRUST, MERE_TRUST_NAME MERE_MINISIGN_SUFFIX, trust->signature));
    }
  return TRUE;
}

static GPtrArray *
list_files (MereStore        *store,
            MereKeyring      *keys,
            const MereParcel *parcel,
            GError          **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_parcel_file_free);
  gboolean receipt = parcel->kind == MERE_BUNDLE_RECEIPT;

  if (!add_trusts (store, keys, parcel, files, error))
    return NULL;
  g_ptr_array_add (files,
                   mere_parcel_file_new (receipt ? MERE_ENTRY_RECEIPT : MERE_ENTRY_DISPATCH,
                                         receipt ? MERE_RECEIPT_NAME : MERE_DISPATCH_NAME,
                                         parcel->document));
  for (guint i = 0; parcel->files != NULL && i < parcel->files->len; i++)
    {
      const MereParcelFile *file = parcel->files->pdata[i];

      g_ptr_array_add (files, mere_parcel_file_new (file->type, file->name, file->content));
    }
  return g_steal_pointer (&files);
}

static gboolean
announce (MereBundleWriter     *writer,
          const MereParcelFile *file,
          GError              **error)
{
  g_autofree char *b2 = mere_digest_dup_hex_of_bytes (file->content);
  MereEntry        entry = { .type = file->type, .b2 = b2, .name = file->name, .size = g_bytes_get_size (file->content) };

  return mere_bundle_writer_add (writer, &entry, error);
}

static gboolean
give_content (gpointer         files,
              guint            index,
              const MereEntry *entry,
              MereWriteFunc    write,
              gpointer         sink,
              GError         **error)
{
  const MereParcelFile *file = ((GPtrArray *) files)->pdata[index];

  return write (sink, g_bytes_get_data (file->content, NULL), g_bytes_get_size (file->content), error);
}

static gboolean
keep_sent (MereStore        *store,
           gint64            row,
           const MereParcel *parcel,
           GError          **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO hq_sent (bundle, kind, device, counter, part, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, row);
  mere_statement_bind_text (insert, 2, mere_bundle_kind_to_string (parcel->kind));
  mere_statement_bind_text (insert, 3, parcel->device);
  mere_statement_bind_int (insert, 4, parcel->counter);
  mere_statement_bind_int (insert, 5, parcel->part);
  mere_statement_bind_bytes (insert, 6, parcel->document);
  return mere_statement_run (insert, error);
}

static gint64
keep (MereStore          *store,
      const MereManifest *head,
      const MereSealed   *sealed,
      const MereParcel   *parcel,
      GError            **error)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  MereBundle bundle = { .name = sealed->name, .chain = head->chain_id, .b2 = sealed->b2, .prev = head->prev };
  gint64     row;

  bundle.chain_no = head->chain_no;
  bundle.seq = head->seq;
  bundle.size = (gint64) sealed->size;
  row = mere_bundle_add (store, &bundle, none, error);
  return row > 0 && keep_sent (store, row, parcel, error) ? row : 0;
}

gint64
mere_outbox_seal (MereStore        *store,
                  MereKeyring      *keys,
                  const MereParcel *parcel,
                  GError          **error)
{
  g_autoptr (MereManifest) head = new_head (store, keys, parcel, error);
  g_autoptr (GPtrArray) files = head != NULL ? list_files (store, keys, parcel, error) : NULL;
  g_autofree char *folder = files != NULL ? mere_road_dup_folder (store, MERE_ROAD_OUTBOX, error) : NULL;
  g_autoptr (MereBundleWriter) writer = NULL;
  g_autoptr (MereSealed) sealed = NULL;

  if (folder == NULL)
    return 0;
  writer = mere_bundle_writer_new (head);
  for (guint i = 0; i < files->len; i++)
    if (!announce (writer, files->pdata[i], error))
      return 0;
  sealed = mere_bundle_writer_seal (writer, keys->sign, folder, give_content, files, NULL, NULL, NULL, error);
  return sealed != NULL ? keep (store, head, sealed, parcel, error) : 0;
}
