/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/sync/road-steps.h"

#include "sync/courier-private.h"

#include <string.h>

GPtrArray *
mere_test_day_receive (MereTestDay *day)
{
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);

  return mere_test_hq_receive (day->hq, day->stick, device);
}

void
mere_test_day_acknowledge_all (MereTestDay *day)
{
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_test_receipt_accept (receipt, received);
  name = mere_test_hq_send_receipt (day->hq, day->stick, day->laptop, receipt, day->hq->history->len);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_receipts, ==, 1);
}

void
mere_test_day_pack (MereTestDay *day)
{
  g_auto (MereCourier) courier = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_sealed;

  g_assert_true (mere_courier_begin (&courier, day->laptop->store, day->stick, NULL, NULL, NULL, &error));
  g_assert_true (mere_courier_pack (&courier, NULL, NULL, &n_sealed, &error));
  g_assert_no_error (error);
}

char *
mere_test_day_send_receipt (MereTestDay         *day,
                            MereReceiptDocument *receipt)
{
  return mere_test_hq_send_receipt (day->hq, day->stick, day->laptop, receipt, 1);
}

MereCourierRead *
mere_test_day_read_in_vain (MereTestDay *day)
{
  g_autofree char *before = mere_test_laptop_dump (day->laptop);
  MereCourierRead *read = mere_test_day_read (day);
  g_autofree char *after = mere_test_laptop_dump (day->laptop);

  g_assert_cmpstr (before, ==, after);

  return read;
}

void
mere_test_day_assert_count (MereTestDay *day,
                            const char  *table,
                            gint64       expected)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", table);

  g_assert_cmpint (mere_test_laptop_ask (day->laptop, sql), ==, expected);
}

void
mere_test_day_assert_write_fails (MereTestDay *day,
                                  const char  *folder,
                                  GQuark       domain,
                                  int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mere_courier_write (day->laptop->store, folder, NULL, NULL, NULL, &error));
  if (code >= 0)
    g_assert_error (error, domain, code);
  else
    g_assert_true (error->domain == domain);
}

void
mere_test_assert_refusal (const MereCourierRead *read,
                          const char            *code)
{
  const MereCourierRefusal *refusal;

  g_assert_cmpuint (read->refusals->len, ==, 1);
  refusal = read->refusals->pdata[0];
  g_assert_cmpstr (refusal->code, ==, code);
  g_assert_cmpuint (strlen (refusal->message), >, 20);
  g_assert_cmpuint (strlen (refusal->name), >, 0);
}

GBytes *
mere_test_make_noise (gsize size)
{
  guint8 *bytes = g_malloc (size);
  guint32 state = 1;

  for (gsize i = 0; i < size; i++)
    {
      state = state * 1664525 + 1013904223;
      bytes[i] = (guint8) (state >> 24);
    }

  return g_bytes_new_take (bytes, size);
}
