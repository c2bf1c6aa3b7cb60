/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "field-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "app/capture/capture.h"
#include "app/store/settings.h"
#include "app/store/statement.h"
#include "sync/enrol.h"
#include "sync/hq/device.h"
#include "sync/hq/outbox.h"

static void
open_store (MereTestField *self)
{
  g_autofree char *path = g_build_filename (self->folder, "laptop.db", NULL);
  g_autoptr (GError) error = NULL;
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  self->store = mere_store_open_database (database, &error);
  g_assert_no_error (error);
  mere_store_execute (self->store, "PRAGMA synchronous = OFF", &error);
  mere_settings_save_text (self->store, "road.folder", self->folder, &error);
  g_assert_no_error (error);
}

/* Headquarters types the laptop's digits. */
static void
approve (MereTestField *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStick) stick = mere_stick_open (self->stick, &error);
  g_autoptr (GPtrArray) found = mere_stick_scan (stick, NULL, &error);
  g_autoptr (GPtrArray) cards = mere_card_scan (stick, found, NULL, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < cards->len; i++)
    {
      const MereCard *card = cards->pdata[i];

      if (g_str_equal (card->device, self->device))
        mere_device_approve (self->hq->store, card, "Laptop 1", NULL, &error);
      g_assert_no_error (error);
    }
}

static void
enrol (MereTestField *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *code = mere_keyring_dup_code (self->hq->keys);
  g_autoptr (MereStick) stick = mere_stick_open (self->stick, &error);
  g_autoptr (MereEnrolStatus) status = NULL;

  g_assert_no_error (error);
  mere_enrol_write (self->store, self->stick, NULL, &error);
  g_assert_no_error (error);
  mere_outbox_carry_card (self->hq->store, self->hq->keys, stick, NULL, &error);
  g_assert_no_error (error);
  mere_enrol_trust (self->store, self->stick, code, &error);
  g_assert_no_error (error);
  status = mere_enrol_load_status (self->store, &error);
  self->device = g_strdup (status->device);
  approve (self);
}

GPtrArray *
mere_test_forms (const char *const *forms)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (; *forms != NULL; forms++)
    g_ptr_array_add (list, g_bytes_new (*forms, strlen (*forms)));
  return list;
}

MereTestField *
mere_test_field_new (const char *const *forms)
{
  MereTestField *self = g_new0 (MereTestField, 1);
  g_autoptr (GPtrArray) instruments = mere_test_forms (forms);
  const MereMissionChange change = { .title = "Utopia 2026", .country = "UTO", .instruments = instruments };
  g_autoptr (MerePacked) packed = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (GError) error = NULL;

  self->hq = mere_test_hq_new ();
  self->folder = g_dir_make_tmp ("merestone-field-XXXXXX", &error);
  g_assert_no_error (error);
  self->stick = g_build_filename (self->folder, "stick", NULL);
  g_assert_cmpint (g_mkdir (self->stick, 0700), ==, 0);
  open_store (self);
  enrol (self);
  packed = mere_test_field_pack (self, &change);
  read = mere_test_field_read (self);
  g_assert_cmpuint (read->n_dispatches, ==, 1);
  return self;
}

void
mere_test_field_free (MereTestField *self)
{
  mere_store_close (self->store);
  mere_test_hq_free (self->hq);
  mere_test_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->stick);
  g_free (self->device);
  g_free (self);
}

MerePacked *
mere_test_field_pack (MereTestField           *self,
                      const MereMissionChange *change)
{
  const MereMissionChange none = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStick) stick = mere_stick_open (self->stick, &error);
  MerePacked *packed;

  g_assert_no_error (error);
  packed = mere_pack_write (self->hq->store, self->hq->keys, change != NULL ? change : &none, stick, &error);
  g_assert_no_error (error);
  return packed;
}

void
mere_test_field_write (MereTestField *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierWritten) written = mere_courier_write (self->store, self->stick, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
}

MereReceived *
mere_test_field_receive (MereTestField *self)
{
  g_autoptr (GError) error = NULL;
  MereReceived *received = mere_received_new ();

  mere_receive_stick (self->hq->store, self->hq->keys, self->stick, NULL, received, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (received->failures->len, ==, 0);
  return received;
}

MereCourierRead *
mere_test_field_read (MereTestField *self)
{
  g_autoptr (GError) error = NULL;
  MereCourierRead *read = mere_courier_read (self->store, self->stick, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (read->refusals->len, ==, 0);
  return read;
}

void
mere_test_field_exchange (MereTestField *self)
{
  g_autoptr (MereReceived) received = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_test_field_write (self);
  received = mere_test_field_receive (self);
  read = mere_test_field_read (self);
}

/* A repeat's instance that is not there yet is added. */
static void
answer (MereCapture *capture,
        const char  *ref,
        const char  *value)
{
  MereFormSession *session = mere_capture_get_session (capture);
  MereFormNode    *node = mere_form_session_find (session, ref);
  const char      *bracket = strchr (ref, '[');
  g_autoptr (GError) error = NULL;

  if (node == NULL && bracket != NULL)
    {
      g_autofree char *repeat = g_strndup (ref, (gsize) (bracket - ref));

      mere_capture_add (capture, mere_form_session_find (session, repeat), &error);
      g_assert_no_error (error);
      node = mere_form_session_find (session, ref);
    }
  g_assert_nonnull (node);
  mere_capture_set (capture, node, value, &error);
  g_assert_no_error (error);
}

static char *
finish (MereCapture *capture,
        va_list      pairs)
{
  g_autoptr (GError) error = NULL;
  char *id;

  for (const char *ref = va_arg (pairs, const char *); ref != NULL; ref = va_arg (pairs, const char *))
    answer (capture, ref, va_arg (pairs, const char *));
  id = mere_capture_finalise (capture, NULL, &error);
  g_assert_no_error (error);
  return id;
}

char *
mere_test_field_fill (MereTestField *self,
                      const char    *form,
                      ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_load_latest (self->store, form, &error);
  g_autoptr (MereCapture) capture = instrument != NULL ? mere_capture_new (self->store, instrument->row, NULL, &error) : NULL;
  va_list pairs;
  char   *id;

  g_assert_no_error (error);
  va_start (pairs, form);
  id = finish (capture, pairs);
  va_end (pairs);
  return id;
}

char *
mere_test_field_edit (MereTestField *self,
                      const char    *record,
                      ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCapture) capture = mere_capture_edit (self->store, record, &error);
  va_list pairs;
  char   *id;

  g_assert_no_error (error);
  va_start (pairs, record);
  id = finish (capture, pairs);
  va_end (pairs);
  return id;
}
