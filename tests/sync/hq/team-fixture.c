/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "team-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "app/store/digest.h"
#include "app/store/record.h"
#include "app/store/settings.h"
#include "app/store/statement.h"
#include "sync/enrol.h"
#include "sync/hq/answer.h"
#include "sync/hq/device.h"
#include "sync/hq/mission.h"
#include "sync/hq/outbox.h"

static char *
get_database_path (const MereTestMember *self)
{
  return g_build_filename (self->folder, "store.db", NULL);
}

static void
open_store (MereTestMember *self)
{
  g_autofree char *path = get_database_path (self);
  g_autoptr (GError) error = NULL;
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  self->store = mere_store_open_database (database, &error);
  g_assert_no_error (error);
  /* What a crash leaves is the store's own matter, and tested there. */
  mere_store_execute (self->store, "PRAGMA synchronous = OFF", &error);
  g_assert_no_error (error);
  g_assert_true (mere_settings_save_text (self->store, "road.folder", self->folder, &error));
}

static void
member_free (gpointer data)
{
  MereTestMember *self = data;

  mere_store_close (self->store);
  g_free (self->folder);
  g_free (self->label);
  g_free (self->device);
  g_free (self);
}

MereTestTeam *
mere_test_team_new (void)
{
  MereTestTeam *self = g_new0 (MereTestTeam, 1);

  self->hq = mere_test_hq_new ();
  self->stick = g_build_filename (self->hq->folder, "STICK", NULL);
  self->laptops = g_ptr_array_new_with_free_func (member_free);
  g_assert_cmpint (g_mkdir (self->stick, 0700), ==, 0);
  return self;
}

void
mere_test_team_free (MereTestTeam *self)
{
  g_ptr_array_unref (self->laptops);
  g_free (self->stick);
  mere_test_hq_free (self->hq);
  g_free (self);
}

static MereStick *
open_stick (MereTestTeam *self)
{
  g_autoptr (GError) error = NULL;
  MereStick *stick = mere_stick_open (self->stick, &error);

  g_assert_no_error (error);
  return stick;
}

/* Headquarters types the digits that the laptop shows. */
static void
approve (MereTestTeam   *self,
         MereTestMember *laptop)
{
  g_autoptr (MereStick) stick = open_stick (self);
  g_autoptr (GPtrArray) found = mere_stick_scan (stick, NULL, NULL);
  g_autoptr (GPtrArray) cards = mere_card_scan (stick, found, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < cards->len; i++)
    if (g_str_equal (((MereCard *) cards->pdata[i])->device, laptop->device))
      {
        mere_device_approve (self->hq->store, cards->pdata[i], laptop->label, NULL, &error);
        g_assert_no_error (error);
        return;
      }
  g_assert_not_reached ();
}

/* The laptop types those of headquarters, and reads the first word from there. */
static void
trust (MereTestTeam   *self,
       MereTestMember *laptop)
{
  g_autoptr (MereStick) stick = open_stick (self);
  g_autofree char *code = mere_keyring_dup_code (self->hq->keys);
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (GError) error = NULL;
  gint64 row;

  mere_outbox_carry_card (self->hq->store, self->hq->keys, stick, NULL, &error);
  g_assert_no_error (error);
  row = mere_answer_make (self->hq->store, self->hq->keys, laptop->device, &error);
  g_assert_no_error (error);
  mere_outbox_carry (self->hq->store, stick, row, NULL, NULL, &error);
  g_assert_no_error (error);
  mere_enrol_trust (laptop->store, self->stick, code, &error);
  g_assert_no_error (error);
  read = mere_test_team_read (self, laptop);
  g_assert_cmpuint (read->n_receipts, ==, 1);
}

void
mere_test_team_enrol (MereTestTeam   *self,
                      MereTestMember *laptop)
{
  g_autoptr (MereEnrolStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_enrol_prepare (laptop->store, laptop->label, &error));
  g_assert_true (mere_enrol_write (laptop->store, self->stick, NULL, &error));
  g_assert_no_error (error);
  status = mere_enrol_load_status (laptop->store, &error);
  g_free (laptop->device);
  laptop->device = g_strdup (status->device);
  approve (self, laptop);
  trust (self, laptop);
}

MereTestMember *
mere_test_team_add (MereTestTeam *self,
                    const char   *label)
{
  MereTestMember *laptop = g_new0 (MereTestMember, 1);

  laptop->folder = g_build_filename (self->hq->folder, label, NULL);
  laptop->label = g_strdup (label);
  g_assert_cmpint (g_mkdir (laptop->folder, 0700), ==, 0);
  open_store (laptop);
  g_ptr_array_add (self->laptops, laptop);
  mere_test_team_enrol (self, laptop);
  return laptop;
}

static void
copy_file (const char *from,
           const char *to)
{
  g_autoptr (GBytes) bytes = mere_test_load (from);

  mere_test_save (to, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* Closing merges what lies beside the database into it. */
char *
mere_test_member_copy (MereTestMember *self)
{
  static guint     n;
  g_autofree char *database = get_database_path (self);
  char            *copy = g_strdup_printf ("%s.copy%u", database, ++n);

  mere_store_close (self->store);
  copy_file (database, copy);
  open_store (self);
  return copy;
}

void
mere_test_member_put_back (MereTestMember *self,
                           const char     *copy)
{
  g_autofree char *database = get_database_path (self);

  mere_store_close (self->store);
  copy_file (copy, database);
  open_store (self);
}

char *
mere_test_member_add_record (MereTestMember *self,
                             const char     *answer,
                             const char     *crossing)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *id = g_strconcat ("uuid:", uuid, NULL);
  g_autofree char *text = mere_test_record_xml (uuid, NULL, NULL, answer);
  g_autofree char *form_b2 = mere_digest_dup_hex ("form", 4);
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  const MereRecordNew record = {
    .id = id,
    .form = "gate",
    .form_version = "1",
    .form_b2 = form_b2,
    .title = "Gate",
    .crossing = crossing,
    .kind = MERE_INSTRUMENT_INTERVIEW,
    .created = mere_moment_now (),
    .xml = xml,
  };

  mere_record_add (self->store, &record, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&id);
}

gint64
mere_test_ask (MereStore  *store,
               const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, &error);
  gboolean row = FALSE;

  g_assert_no_error (error);
  g_assert_true (mere_statement_step (query, &row, &error) && row);
  return mere_statement_get_int (query, 0);
}

MereCourierWritten *
mere_test_team_write (MereTestTeam   *self,
                      MereTestMember *laptop)
{
  g_autoptr (GError) error = NULL;
  MereCourierWritten *written = mere_courier_write (laptop->store, self->stick, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return written;
}

MereCourierRead *
mere_test_team_read (MereTestTeam   *self,
                     MereTestMember *laptop)
{
  g_autoptr (GError) error = NULL;
  MereCourierRead *read = mere_courier_read (laptop->store, self->stick, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return read;
}

void
mere_test_team_receive (MereTestTeam *self)
{
  g_autoptr (MereReceived) received = mere_received_new ();
  g_autoptr (GError) error = NULL;

  mere_receive_stick (self->hq->store, self->hq->keys, self->stick, NULL, received, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

void
mere_test_team_pack (MereTestTeam *self)
{
  g_autoptr (MereStick) stick = open_stick (self);
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  const MereMissionChange change = { (char *) "Utopia 2026", (char *) "UTO", NULL, NULL, FALSE };

  g_assert_true (mere_store_begin (self->hq->store, NULL));
  mere_mission_change (self->hq->store, &change, &error);
  g_assert_no_error (error);
  mere_mission_dispatch (self->hq->store, self->hq->keys, &rows, &error);
  g_assert_no_error (error);
  g_assert_true (mere_store_commit (self->hq->store, NULL));
  mere_outbox_carry_card (self->hq->store, self->hq->keys, stick, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    mere_outbox_carry (self->hq->store, stick, g_array_index (rows, gint64, i), NULL, NULL, &error);
  g_assert_no_error (error);
}

void
mere_test_team_wipe_stick (MereTestTeam *self)
{
  mere_test_remove_tree (self->stick);
  g_assert_cmpint (g_mkdir (self->stick, 0700), ==, 0);
}
