/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A headquarters as small as can be, made of the modules that the real one shares with the laptop. */

#include "config.h"

#include "road-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/store/digest.h"
#include "sync/code.h"

#define CHAIN "00112233445566778899aabbccddeeff"

static char *
dup_public (const MereSecret *secret)
{
  MereMinisignKey key;

  mere_minisign_secret_get_key (secret, &key);

  return mere_minisign_key_to_text (&key);
}

static void
seal_trust (MereTestHq *self,
            MereTrust  *draft)
{
  g_autoptr (GError) error = NULL;
  MereTrust *next = mere_trust_seal (draft, self->trust, self->root, &error);

  g_assert_no_error (error);
  g_ptr_array_add (self->history, next);
  self->trust = next;
}

MereTestHq *
mere_test_hq_new (const char *folder)
{
  MereTestHq *self = g_new0 (MereTestHq, 1);
  g_autoptr (MereTrust) draft = mere_trust_new ();
  g_autofree char *key = NULL;

  self->folder = g_strdup (folder);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  self->root = mere_minisign_secret_new ();
  self->sign = mere_minisign_secret_new ();
  self->box = mere_age_identity_new ();
  self->recovery = mere_age_identity_new ();
  self->history = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_trust_free);
  self->chain = g_strdup (CHAIN);
  key = dup_public (self->sign);
  mere_trust_add_signer (draft, key, 1);
  draft->operational = mere_age_identity_dup_recipient (self->box);
  draft->recovery = mere_age_identity_dup_recipient (self->recovery);
  draft->issued = g_strdup ("2026-11-25T08:00:00Z");
  seal_trust (self, draft);

  return self;
}

void
mere_test_hq_free (MereTestHq *self)
{
  mere_secret_free (self->root);
  mere_secret_free (self->sign);
  mere_secret_free (self->box);
  mere_secret_free (self->recovery);
  g_ptr_array_unref (self->history);
  g_free (self->folder);
  g_free (self->chain);
  g_free (self->prev);
  g_free (self);
}

char *
mere_test_hq_dup_code (MereTestHq *self)
{
  g_autoptr (MereCard) card = mere_card_new_hq (self->trust, NULL, "Headquarters");

  return mere_card_dup_code (card);
}

void
mere_test_hq_write_card (MereTestHq *self,
                         const char *stick_path)
{
  g_autoptr (MereCard) card = mere_card_new_hq (self->trust, NULL, "Headquarters");
  g_autofree char *folder = g_build_filename (self->folder, "card", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStick) stick = mere_stick_open (stick_path, &error);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;

  g_assert_no_error (error);
  mere_card_sign (card, self->root, &text, &signature);
  g_assert_true (mere_card_publish (stick, card->device, text, signature, folder, "s000001", NULL, &error));
  g_assert_no_error (error);
}

void
mere_test_hq_renew_trust (MereTestHq *self,
                          const char *revoked)
{
  g_autoptr (MereTrust) draft = mere_trust_copy (self->trust);
  const char *const list[] = { revoked, NULL };

  if (revoked != NULL)
    {
      g_strfreev (draft->revoked);
      draft->revoked = g_strdupv ((char **) list);
    }
  seal_trust (self, draft);
}

void
mere_test_hq_change_key (MereTestHq *self)
{
  g_autoptr (MereTrust) draft = mere_trust_copy (self->trust);
  g_autofree char *key = NULL;

  mere_secret_free (self->sign);
  self->sign = mere_minisign_secret_new ();
  key = dup_public (self->sign);
  g_ptr_array_set_size (draft->signers, 0);
  mere_trust_add_signer (draft, key, self->trust->version + 1);
  seal_trust (self, draft);
  self->n_receipts = 0;
  self->n_dispatches = 0;
}

static gboolean
write_content (gpointer         entries,
               guint            index,
               const MereEntry *entry,
               MereWriteFunc    write,
               gpointer         sink,
               GError         **error)
{
  GBytes *bytes = ((MereTestEntry *) entries)[index].bytes;

  return write (sink, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

static MereManifest *
new_head (MereTestHq    *self,
          const char    *box_key,
          MereBundleKind kind)
{
  MereManifest     *head = mere_manifest_new ();
  const char *const recipients[] = { box_key, NULL };

  head->kind = kind;
  head->device = g_strdup (self->trust->hq);
  head->box_key = mere_age_identity_dup_recipient (self->box);
  head->recipients = g_strdupv ((char **) recipients);
  head->trust = self->trust->version;
  head->chain_id = g_strdup (self->chain);
  head->chain_no = 1;
  head->seq = self->seq + 1;
  head->prev = g_strdup (self->prev);
  head->created = g_strdup ("2026-11-25T08:00:00Z");
  head->app_name = g_strdup ("merestone");
  head->app_version = g_strdup ("0");

  return head;
}

static void
carry (const char       *stick_path,
       const char       *device,
       const MereSealed *sealed,
       guint             seq)
{
  const char *const paths[] = { sealed->path, NULL };
  g_autofree char  *session = g_strdup_printf ("s%06u", seq);
  g_autofree char  *placed = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStick) stick = mere_stick_open (stick_path, &error);

  g_assert_no_error (error);
  g_assert_true (mere_stick_publish (stick, MERE_STICK_TO_FIELD, device, session, paths, NULL, NULL, NULL, &placed, &error));
  g_assert_no_error (error);
}

char *
mere_test_hq_send (MereTestHq    *self,
                   const char    *stick,
                   const char    *device,
                   const char    *box_key,
                   MereBundleKind kind,
                   MereTestEntry *entries,
                   gsize          n_entries)
{
  g_autoptr (MereManifest) head = new_head (self, box_key, kind);
  g_autoptr (MereBundleWriter) writer = mere_bundle_writer_new (head);
  g_autoptr (MereSealed) sealed = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n_entries; i++)
    {
      g_autofree char *b2 = mere_digest_dup_hex_of_bytes (entries[i].bytes);
      MereEntry        entry = { .type = entries[i].type, .b2 = b2, .name = (char *) entries[i].name };

      entry.size = g_bytes_get_size (entries[i].bytes);
      g_assert_true (mere_bundle_writer_add (writer, &entry, &error));
      g_assert_no_error (error);
    }
  sealed = mere_bundle_writer_seal (writer, self->sign, self->folder, write_content, entries, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n_entries; i++)
    g_bytes_unref (entries[i].bytes);

  self->seq++;
  g_free (self->prev);
  self->prev = g_strdup (sealed->b2);
  carry (stick, device, sealed, self->seq);

  return g_strdup (sealed->name);
}

/* Pairs of the lists after @after into the front of @entries. */
static gsize
add_trusts (MereTestHq    *self,
            MereTestEntry *entries,
            guint          after)
{
  gsize n = 0;

  for (guint i = after; i < self->history->len; i++)
    {
      const MereTrust *trust = self->history->pdata[i];

      entries[n++] = (MereTestEntry){ MERE_ENTRY_TRUST, MERE_TRUST_NAME, g_bytes_ref (trust->text) };
      entries[n++] = (MereTestEntry){ MERE_ENTRY_TRUST, MERE_TRUST_NAME MERE_MINISIGN_SUFFIX, g_bytes_ref (trust->signature) };
    }

  return n;
}

static char *
dup_box_key (MereTestLaptop *to)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (to->folder, "card", NULL);
  g_autofree char *path = g_build_filename (folder, "enrol.json", NULL);
  g_autofree char *signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (GBytes) text = mere_test_load (path);
  g_autoptr (GBytes) signature = mere_test_load (signature_path);
  g_autoptr (MereCard) card = mere_card_open (text, signature, &error);

  g_assert_no_error (error);

  return g_strdup (card->box_key);
}

char *
mere_test_hq_send_receipt (MereTestHq          *self,
                           const char          *stick,
                           MereTestLaptop      *to,
                           MereReceiptDocument *receipt,
                           guint                after)
{
  MereTestEntry    entries[32];
  g_autofree char *box_key = dup_box_key (to);
  g_autofree char *device = mere_test_laptop_dup_device (to);
  gsize            n = add_trusts (self, entries, after);

  entries[n++] = (MereTestEntry){ MERE_ENTRY_RECEIPT, MERE_RECEIPT_NAME, mere_receipt_document_write (receipt) };

  return mere_test_hq_send (self, stick, device, box_key, MERE_BUNDLE_RECEIPT, entries, n);
}

MereReceiptDocument *
mere_test_hq_begin_receipt (MereTestHq     *self,
                            MereTestLaptop *to)
{
  MereReceiptDocument *receipt = mere_receipt_document_new ();

  receipt->hq = g_strdup (self->trust->hq);
  receipt->to = mere_test_laptop_dup_device (to);
  receipt->counter = ++self->n_receipts;
  receipt->trust = self->trust->version;
  receipt->issued = g_strdup ("2026-11-25T09:00:00Z");

  return receipt;
}

static MereReceiptChain *
find_chain (MereReceiptDocument *receipt,
            const MereManifest  *manifest)
{
  for (guint i = 0; i < receipt->chains->len; i++)
    if (strcmp (((MereReceiptChain *) receipt->chains->pdata[i])->id, manifest->chain_id) == 0)
      return receipt->chains->pdata[i];

  return mere_receipt_document_add_chain (receipt, manifest->chain_id, manifest->chain_no);
}

void
mere_test_receipt_accept (MereReceiptDocument *receipt,
                          GPtrArray           *received)
{
  for (guint i = 0; i < received->len; i++)
    {
      const MereTestReceived *bundle = received->pdata[i];
      MereReceiptChain       *chain = find_chain (receipt, bundle->manifest);

      mere_receipt_chain_add_line (chain, bundle->manifest->seq, bundle->b2, MERE_RECEIPT_ACCEPTED, bundle->records->len);
      if (bundle->manifest->seq > chain->through)
        {
          chain->through = bundle->manifest->seq;
          g_free (chain->head);
          chain->head = g_strdup (bundle->b2);
        }
    }
}

GBytes *
mere_test_make_instrument (const char *version)
{
  char *text = g_strdup_printf (
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\">"
    "<h:head><h:title>Interview</h:title><model><instance><data id=\"" MERE_TEST_FORM "\" version=\"%s\">"
    "<answer/><meta><instanceID/></meta></data></instance>"
    "<bind nodeset=\"/data/answer\" type=\"string\"/>"
    "<bind nodeset=\"/data/meta/instanceID\" type=\"string\" readonly=\"true()\" calculate=\"concat('uuid:', uuid())\"/>"
    "</model></h:head><h:body><input ref=\"/data/answer\"><label>Answer</label></input></h:body></h:html>",
    version);

  return g_bytes_new_take (text, strlen (text));
}

static GBytes *
make_crossings (void)
{
  g_autoptr (GPtrArray) crossings = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_crossing_free);
  MereCrossing *land = mere_crossing_new ("Utopia North", MERE_CROSSING_LAND, "Road 7");
  MereCrossing *air = mere_crossing_new ("Utopia Airport", MERE_CROSSING_AIR, "");

  g_free (land->id);
  land->id = g_strdup ("5b0c6a3e-0000-4000-8000-000000000001");
  land->latitude = -12.5;
  land->longitude = 130.25;
  g_free (air->id);
  air->id = g_strdup ("5b0c6a3e-0000-4000-8000-000000000002");
  g_ptr_array_add (crossings, land);
  g_ptr_array_add (crossings, air);

  return mere_dispatch_write_crossings (crossings);
}

char *
mere_test_hq_send_dispatch (MereTestHq     *self,
                            const char     *stick,
                            MereTestLaptop *to,
                            const char     *version,
                            guint           after)
{
  MereTestEntry     entries[32];
  gsize             n = add_trusts (self, entries, after);
  g_autofree char  *box_key = dup_box_key (to);
  g_autofree char  *device = mere_test_laptop_dup_device (to);
  const char *const devices[] = { device, NULL };
  GBytes           *instrument = mere_test_make_instrument (version);
  GBytes           *crossings = make_crossings ();
  g_autofree char  *instrument_b2 = mere_digest_dup_hex_of_bytes (instrument);
  g_autofree char  *crossings_b2 = mere_digest_dup_hex_of_bytes (crossings);
  g_autoptr (MereDispatch) dispatch = mere_dispatch_new ();

  dispatch->counter = ++self->n_dispatches;
  dispatch->to = g_strdupv ((char **) devices);
  dispatch->trust = self->trust->version;
  dispatch->assessment = mere_assessment_new ("5b0c6a3e-0000-4000-8000-000000000000", "Utopia 2026", "UTO", "2026-11-01", NULL);
  dispatch->message = g_strdup ("Begin in the north.");
  mere_dispatch_add_instrument (dispatch, MERE_TEST_FORM, version, instrument_b2, TRUE);
  mere_dispatch_add_list (dispatch, MERE_DISPATCH_CROSSINGS, 1, crossings_b2);
  entries[n++] = (MereTestEntry){ MERE_ENTRY_DISPATCH, MERE_DISPATCH_NAME, mere_dispatch_write (dispatch) };
  entries[n++] = (MereTestEntry){ MERE_ENTRY_INSTRUMENT, MERE_TEST_FORM, instrument };
  entries[n++] = (MereTestEntry){ MERE_ENTRY_BLOB, MERE_DISPATCH_CROSSINGS, crossings };

  return mere_test_hq_send (self, stick, device, box_key, MERE_BUNDLE_DISPATCH, entries, n);
}

/* Reading, as headquarters does it: the laptop's key is that of the manifest, whose name must be of the key. */

static void
received_free (gpointer data)
{
  MereTestReceived *self = data;

  mere_manifest_free (self->manifest);
  g_free (self->b2);
  g_ptr_array_unref (self->records);
  g_hash_table_unref (self->contents);
  g_free (self);
}

typedef struct
{
  MereTestReceived *received;
  GByteArray       *current;
} Reading;

static gboolean
begin_entry (gpointer         data,
             guint            index,
             const MereEntry *entry,
             GError         **error)
{
  Reading *self = data;

  self->current = g_byte_array_new ();
  if (entry->type == MERE_ENTRY_RECORD)
    g_ptr_array_add (self->received->records, g_strdup (entry->record));

  return TRUE;
}

static gboolean
take_data (gpointer      data,
           const guint8 *bytes,
           gsize         size,
           GError      **error)
{
  g_byte_array_append (((Reading *) data)->current, bytes, (guint) size);

  return TRUE;
}

static gboolean
end_entry (gpointer         data,
           guint            index,
           const MereEntry *entry,
           GError         **error)
{
  Reading *self = data;

  g_hash_table_insert (self->received->contents, g_strdup (entry->path), g_byte_array_free_to_bytes (self->current));

  return TRUE;
}

static MereTestReceived *
receive_one (MereTestHq            *self,
             const char            *path,
             const MereMinisignKey *key)
{
  static const MereBundleHandler handler = { NULL, begin_entry, take_data, end_entry };
  g_autoptr (GPtrArray) identities = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MereBundleReader) reader = mere_bundle_reader_open (path, mere_bundle_sender_is, (gpointer) key, NULL, &error);
  MereTestReceived *received = g_new0 (MereTestReceived, 1);
  Reading           reading = { received, NULL };

  g_assert_no_error (error);
  received->records = g_ptr_array_new_with_free_func (g_free);
  received->contents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (identities, self->box);
  g_assert_true (mere_bundle_reader_read (reader, identities, &handler, &reading, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  received->manifest = mere_manifest_copy (mere_bundle_reader_get_manifest (reader));
  received->b2 = g_strdup (mere_bundle_reader_get_b2 (reader));

  return received;
}

/* The key stands on the laptop's card, which is on the stick or was. */
static void
find_key (MereTestHq      *self,
          const char      *device,
          MereMinisignKey *key)
{
  g_autofree char *above = g_path_get_dirname (self->folder);
  g_auto (GStrv) cards = mere_test_list_files (above, "enrol.json");

  for (gsize i = 0; cards[i] != NULL; i++)
    {
      g_autofree char *signature_path = g_strconcat (cards[i], MERE_MINISIGN_SUFFIX, NULL);
      g_autoptr (GBytes) text = mere_test_load (cards[i]);
      g_autoptr (GBytes) signature = mere_test_load (signature_path);
      g_autoptr (MereCard) card = mere_card_open (text, signature, NULL);

      if (card != NULL && strcmp (card->device, device) == 0)
        {
          g_assert_true (mere_minisign_key_parse (card->sign_key, key, NULL));
          return;
        }
    }
  g_assert_not_reached ();
}

GPtrArray *
mere_test_hq_receive (MereTestHq *self,
                      const char *stick,
                      const char *device)
{
  GPtrArray *received = g_ptr_array_new_with_free_func (received_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) paths = mere_test_list_files (stick, MERE_BUNDLE_SUFFIX);
  MereMinisignKey key;

  find_key (self, device, &key);
  for (gsize i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *name = g_path_get_basename (paths[i]);
      g_autofree char *signature = g_strconcat (paths[i], MERE_MINISIGN_SUFFIX, NULL);

      if (g_file_test (signature, G_FILE_TEST_EXISTS) && g_str_has_prefix (name, device) && g_hash_table_add (seen, g_strdup (name)))
        g_ptr_array_add (received, receive_one (self, paths[i], &key));
    }

  return received;
}
