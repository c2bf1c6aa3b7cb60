/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Receipts: what headquarters has of a laptop, said as a whole each time. */

#include "config.h"

#include "sync/hq/answer.h"

#include "app/store/statement.h"
#include "sync/hq/chain.h"
#include "sync/hq/device.h"
#include "sync/hq/outbox.h"

/* Laptops that do not hold the list with the present box key encrypt to the one before. */
static void
note_old_key (MereReceiptDocument *document,
              MereKeyring         *keys,
              const MereDevice    *device)
{
  const MereOldBox *newest = keys->old_boxes->len > 0 ? keys->old_boxes->pdata[0] : NULL;
  g_autoptr (GStrvBuilder) notices = NULL;

  if (newest == NULL || device->seen_trust >= newest->trust)
    return;
  notices = g_strv_builder_new ();
  g_strv_builder_addv (notices, (const char **) document->notices);
  g_strv_builder_add (notices, MERE_NOTICE_KEY_OLD);
  g_strfreev (document->notices);
  document->notices = g_strv_builder_end (notices);
}

static void
fill_head (MereReceiptDocument *document,
           MereKeyring         *keys,
           const MereDevice    *device,
           gint64               counter,
           const char          *issued)
{
  document->hq = g_strdup (keys->hq);
  document->to = g_strdup (device->device);
  document->trust = keys->trust->version;
  document->counter = counter;
  document->issued = g_strdup (issued);
  note_old_key (document, keys, device);
}

/* The newest receipt of the laptop, if the same one would be written again now. */
static gint64
find_current (MereStore        *store,
              MereKeyring      *keys,
              const MereDevice *device,
              GError          **error)
{
  g_autoptr (MereOutboxSent) sent = mere_outbox_load_newest (store, MERE_BUNDLE_RECEIPT, device->device, error);
  g_autoptr (MereReceiptDocument) before = sent != NULL ? mere_receipt_document_parse (sent->content, error) : NULL;
  g_autoptr (MereReceiptDocument) now = before != NULL ? mere_chain_list (store, device->device, device->seen_receipt, error) : NULL;
  g_autoptr (GBytes) text = NULL;

  if (now == NULL)
    return 0;
  fill_head (now, keys, device, before->counter, before->issued);
  text = mere_receipt_document_write (now);
  return g_bytes_equal (text, sent->content) && mere_outbox_has_file (store, sent->name) ? sent->row : 0;
}

static gint64
seal_new (MereStore        *store,
          MereKeyring      *keys,
          const MereDevice *device,
          GError          **error)
{
  const char *const recipients[] = { device->box_key, NULL };
  g_autoptr (MereReceiptDocument) document = mere_chain_list (store, device->device, device->seen_receipt, error);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *issued = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autoptr (GBytes) text = NULL;
  MereParcel parcel = { .kind = MERE_BUNDLE_RECEIPT, .device = device->device, .recipients = recipients };

  if (document == NULL || !mere_outbox_take_counter (store, MERE_BUNDLE_RECEIPT, &parcel.counter, error))
    return 0;
  fill_head (document, keys, device, parcel.counter, issued);
  text = mere_receipt_document_write (document);
  parcel.document = text;
  parcel.seen_trust = device->seen_trust;
  return mere_chain_set_told (store, device->device, parcel.counter, error) ? mere_outbox_seal (store, keys, &parcel, error) : 0;
}

gint64
mere_answer_make (MereStore   *store,
                  MereKeyring *keys,
                  const char  *device_name,
                  GError     **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereDevice) device = work != NULL && mere_store_lock (store, MERE_OUTBOX_LOCK, error) ? mere_device_load (store, device_name, error) : NULL;
  gint64 row = device != NULL ? find_current (store, keys, device, &failure) : 0;

  if (device == NULL)
    return 0;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return 0;
    }
  if (row == 0)
    row = seal_new (store, keys, device, error);
  return row != 0 && mere_transaction_commit (g_steal_pointer (&work), error) ? row : 0;
}
