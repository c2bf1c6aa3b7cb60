/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/app/store/rows.h"

#include <string.h>

gint64
mere_rows_add_instrument (MereStore  *store,
                          const char *form,
                          const char *version)
{
  g_autoptr (GBytes) xml = g_bytes_new_static ("<form/>", 7);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_add (store, form, version, "Lanes", MERE_INSTRUMENT_CHECK, NULL, xml, &error);

  g_assert_no_error (error);
  return instrument->row;
}

gint64
mere_rows_add_draft (MereStore  *store,
                     gint64      instrument,
                     const char *id)
{
  g_autoptr (GBytes) snapshot = g_bytes_new_static ("<data/>", 7);
  g_autoptr (GError) error = NULL;
  gint64 draft = mere_draft_add (store, id, NULL, instrument, NULL, NULL, snapshot, &error);

  g_assert_no_error (error);
  return draft;
}

void
mere_rows_add_record (MereStore  *store,
                      const char *id,
                      const char *deprecated_id)
{
  g_autofree char *text = g_strdup_printf ("<data><meta><instanceID>%s</instanceID></meta></data>", id);
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  MereRecordNew record = {
    .id = id,
    .deprecated_id = deprecated_id,
    .form = "lanes",
    .form_version = "1",
    .form_b2 = "00",
    .title = "Utopia Bridge",
    .kind = MERE_INSTRUMENT_CHECK,
    .xml = xml,
  };

  mere_record_add (store, &record, &error);
  g_assert_no_error (error);
}

char *
mere_rows_add_content (MereStore  *store,
                       const void *content,
                       gsize       size)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (content, (gssize) size, NULL);
  g_autoptr (GError) error = NULL;
  char *b2 = mere_attachment_add (store, stream, "application/octet-stream", NULL, &error);

  g_assert_no_error (error);
  return b2;
}

MereRecordState
mere_rows_get_state (MereStore  *store,
                     const char *record)
{
  g_autoptr (MereRecord) row = mere_record_load (store, record, NULL);

  g_assert_nonnull (row);
  return row->state;
}

static char *
dup_b2 (gint64 seq)
{
  return g_strdup_printf ("%0128" G_GINT64_MODIFIER "x", seq);
}

gint64
mere_rows_add_bundle (MereStore  *store,
                      const char *record,
                      const char *other)
{
  g_autoptr (MereBundle) newest = mere_bundle_load_newest (store, "c0", NULL);
  g_autoptr (GPtrArray) records = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  gint64           seq = newest != NULL ? newest->seq + 1 : 1;
  g_autofree char *name = g_strdup_printf ("dev-1-%" G_GINT64_FORMAT, seq);
  g_autofree char *b2 = dup_b2 (seq);
  MereBundle       bundle = { .name = name, .chain = (char *) "c0", .chain_no = 1, .seq = seq, .b2 = b2, .prev = newest != NULL ? newest->b2 : NULL, .size = 1000 };
  gint64           row;

  g_ptr_array_add (records, (char *) record);
  if (other != NULL)
    g_ptr_array_add (records, (char *) other);
  row = mere_bundle_add (store, &bundle, records, &error);
  g_assert_no_error (error);
  return row;
}

gboolean
mere_rows_add_receipt (MereStore        *store,
                       gint64            counter,
                       gint64            seq,
                       MereReceiptStatus status,
                       const char       *refused,
                       GError          **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT " says %d of %" G_GINT64_FORMAT, counter, status, seq);
  g_autofree char *b2 = dup_b2 (seq);
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));
  g_autoptr (GPtrArray) bundles = g_ptr_array_new ();
  g_autoptr (GPtrArray) refusals = g_ptr_array_new ();
  MereReceipt        receipt = { .hq = (char *) "hq", .counter = counter, .issued = (char *) "2026-11-24T12:00:00Z", .content = content };
  MereReceiptBundle  bundle = { "c0", seq, b2, status };
  MereReceiptRefusal refusal = { "c0", seq, refused, "E_FORM_UNKNOWN" };

  g_ptr_array_add (bundles, &bundle);
  if (refused != NULL)
    g_ptr_array_add (refusals, &refusal);
  return mere_receipt_add (store, &receipt, bundles, refusals, error);
}
