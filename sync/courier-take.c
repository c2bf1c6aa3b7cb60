/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One bundle of headquarters: checked to its last byte while its few entries are gathered in memory; only then is
 * anything of it believed. */

#include "config.h"

#include "sync/courier-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/bundle-reader.h"
#include "sync/code.h"
#include "sync/dispatch.h"
#include "sync/receipt.h"

#define MAX_INSTRUMENT (64 * 1048576)                    /* bytes of an XForm */
#define MAX_CONTENT (256 * G_GUINT64_CONSTANT (1048576)) /* bytes of all entries */
#define SIGNATURE_NAME MERE_TRUST_NAME MERE_MINISIGN_SUFFIX

/* The largest entry of each type that is taken; 0 for those that headquarters does not send. */
static const guint64 limits[] = {
  [MERE_ENTRY_BLOB] = MAX (MERE_DISPATCH_MAX_LIST, MERE_DISPATCH_MAX_MEDIA),
  [MERE_ENTRY_INSTRUMENT] = MAX_INSTRUMENT,
  [MERE_ENTRY_TRUST] = MERE_TRUST_MAX_SIZE,
  [MERE_ENTRY_RECEIPT] = MERE_RECEIPT_MAX_SIZE,
  [MERE_ENTRY_DISPATCH] = MERE_DISPATCH_MAX_SIZE,
};

typedef struct
{
  MereCourier       *courier;
  MereCourierContent content;
  GByteArray        *current;
  guint64            size; /* of all entries so far */
} Gathering;

static void
gathering_clear (Gathering *self)
{
  g_ptr_array_unref (self->content.trusts);
  g_clear_pointer (&self->content.document, g_bytes_unref);
  g_hash_table_unref (self->content.contents);
  g_clear_pointer (&self->content.proof, g_bytes_unref);
  g_free (self->content.signer);
  g_clear_pointer (&self->current, g_byte_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gathering, gathering_clear)

/* A #MereBundleSender: keys of the trust list, under the name of its root. */
static gboolean
find_sender (gpointer                 user_data,
             const MereBundleComment *comment,
             const guint8             number[8],
             MereMinisignKey         *key,
             GError                 **error)
{
  const MereCourier *self = user_data;

  if (!g_str_has_prefix (comment->name, self->trust->hq))
    return FALSE;

  return mere_trust_find_signer (self->trust, number, key) ||
         mere_bundle_refuse (error, MERE_BUNDLE_ERROR_SENDER_UNKNOWN,
                             _ ("It is signed with a key that this laptop does not know to be headquarters’. If headquarters has changed its keys, its card brings the new ones: ask for a stick with that card, and read it. Nothing was taken from this."));
}

static gboolean
refuse_kind (GError **error)
{
  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_MANIFEST,
                             _ ("Headquarters’ key has signed something that headquarters does not send to laptops. Nothing was taken from it."));
}

static gboolean
begin (gpointer            user_data,
       const MereManifest *manifest,
       GError            **error)
{
  const Gathering *self = user_data;

  return (manifest->kind != MERE_BUNDLE_RECORDS && strcmp (manifest->device, self->courier->trust->hq) == 0) || refuse_kind (error);
}

static gboolean
begin_entry (gpointer         user_data,
             guint            index,
             const MereEntry *entry,
             GError         **error)
{
  Gathering *self = user_data;
  guint64    limit = entry->type < G_N_ELEMENTS (limits) ? limits[entry->type] : 0;

  self->size += entry->size;
  if (limit == 0)
    return refuse_kind (error);
  if (entry->size > limit || self->size > MAX_CONTENT)
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_TOO_LARGE,
                               _ ("A file in the bundle is larger than its kind may be. Nothing was taken from it."));
  self->current = g_byte_array_sized_new ((guint) entry->size);

  return TRUE;
}

static gboolean
take_data (gpointer      user_data,
           const guint8 *bytes,
           gsize         size,
           GError      **error)
{
  g_byte_array_append (((Gathering *) user_data)->current, bytes, (guint) size);

  return TRUE;
}

/* Lists and signatures take turns, a list first. */
static gboolean
take_trust (Gathering       *self,
            const MereEntry *entry,
            GBytes          *bytes,
            GError         **error)
{
  const char *expected = self->content.trusts->len % 2 == 0 ? MERE_TRUST_NAME : SIGNATURE_NAME;

  if (g_strcmp0 (entry->name, expected) != 0)
    return refuse_kind (error);
  g_ptr_array_add (self->content.trusts, g_bytes_ref (bytes));

  return TRUE;
}

static gboolean
end_entry (gpointer         user_data,
           guint            index,
           const MereEntry *entry,
           GError         **error)
{
  Gathering *self = user_data;
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&self->current));

  if (entry->type == MERE_ENTRY_TRUST)
    return take_trust (self, entry, bytes, error);
  if (entry->type != MERE_ENTRY_RECEIPT && entry->type != MERE_ENTRY_DISPATCH)
    {
      g_hash_table_replace (self->content.contents, g_strdup (entry->b2), g_steal_pointer (&bytes));
      return TRUE;
    }
  if (self->content.document != NULL)
    return refuse_kind (error);
  self->content.document = g_steal_pointer (&bytes);

  return TRUE;
}

/* Kept with a receipt: what an auditor checks with stock tools. */
static GBytes *
make_proof (MereBundleReader *reader)
{
  GBytes     *text = mere_manifest_get_text (mere_bundle_reader_get_manifest (reader));
  GBytes     *signature = mere_bundle_reader_get_manifest_signature (reader);
  GByteArray *proof = g_byte_array_new ();

  g_byte_array_append (proof, g_bytes_get_data (text, NULL), (guint) g_bytes_get_size (text));
  g_byte_array_append (proof, g_bytes_get_data (signature, NULL), (guint) g_bytes_get_size (signature));

  return g_byte_array_free_to_bytes (proof);
}

static gboolean
gather (Gathering        *self,
        MereBundleReader *reader,
        GError          **error)
{
  static const MereBundleHandler handler = { begin, begin_entry, take_data, end_entry };
  g_autoptr (GPtrArray) identities = g_ptr_array_new ();

  g_ptr_array_add (identities, self->courier->keys->box);
  if (!mere_bundle_reader_read (reader, identities, &handler, self, NULL, NULL, self->courier->cancellable, error))
    return FALSE;
  if (self->content.document == NULL || self->content.trusts->len % 2 != 0)
    return refuse_kind (error);

  self->content.proof = make_proof (reader);
  self->content.signer = mere_device_code_new (mere_bundle_reader_get_key (reader));

  return TRUE;
}

/* A list that came with the bundle may have dropped the very key that signed it. */
static gboolean
check_still_speaks (MereCourier           *self,
                    const MereMinisignKey *key,
                    GError               **error)
{
  MereMinisignKey found;

  if (mere_trust_find_signer (self->trust, key->number, &found) && mere_minisign_key_equal (&found, key))
    return TRUE;

  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_SENDER_UNKNOWN,
                             _ ("The bundle is signed with a key that headquarters has withdrawn. Nothing was taken from it but the withdrawal."));
}

static gboolean
apply (MereCourier              *self,
       MereBundleReader         *reader,
       const MereCourierContent *content,
       MereCourierRead          *read,
       MereCourierTaking        *taking,
       GError                  **error)
{
  if (!mere_courier_apply_trusts (self, content->trusts, error) ||
      !check_still_speaks (self, mere_bundle_reader_get_key (reader), error))
    return FALSE;
  if (mere_bundle_reader_get_comment (reader)->kind == MERE_BUNDLE_RECEIPT)
    return mere_courier_apply_receipt (self, content, read, taking, error);

  return mere_courier_apply_dispatch (self, content, read, taking, error);
}

gboolean
mere_courier_take (MereCourier       *self,
                   const char        *path,
                   MereCourierRead   *read,
                   MereCourierTaking *taking,
                   GError           **error)
{
  g_auto (Gathering) gathering = { .courier = self };
  g_autoptr (MereBundleReader) reader = NULL;
  GError *failure = NULL;

  gathering.content.trusts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gathering.content.contents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  reader = mere_bundle_reader_open (path, find_sender, self, self->cancellable, error);
  if (reader == NULL)
    return FALSE;
  if (gather (&gathering, reader, &failure))
    return apply (self, reader, &gathering.content, read, taking, error);
  if (!g_error_matches (failure, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_NOT_FOR_US))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_error_free (failure);
  *taking = MERE_COURIER_OTHERS;

  return TRUE;
}
