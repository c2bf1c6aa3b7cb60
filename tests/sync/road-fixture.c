/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The day and the laptop; headquarters is in road-hq.c. */

#include "config.h"

#include "tests/sync/road-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/store/attachment.h"
#include "app/store/digest.h"
#include "app/store/settings.h"
#include "app/store/statement.h"

#define DATABASE "store.db"

static char *
get_database_path (const MereTestLaptop *self)
{
  return g_build_filename (self->folder, DATABASE, NULL);
}

static void
open_store (MereTestLaptop *self)
{
  g_autofree char *path = get_database_path (self);
  g_autoptr (GError) error = NULL;
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  self->store = mere_store_open_database (database, &error);
  g_assert_no_error (error);
  g_assert_true (mere_settings_save_text (self->store, "road.folder", self->folder, &error));
}

MereTestLaptop *
mere_test_laptop_new (const char *folder)
{
  MereTestLaptop *self = g_new0 (MereTestLaptop, 1);

  self->folder = g_strdup (folder);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  open_store (self);

  return self;
}

void
mere_test_laptop_free (MereTestLaptop *self)
{
  mere_store_close (self->store);
  g_free (self->folder);
  g_free (self);
}

static void
copy_file (const char *from,
           const char *to)
{
  g_autoptr (GBytes) bytes = mere_test_load (from);

  mere_test_save (to, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* Closing merges what lies beside the database into it. */
void
mere_test_laptop_copy_to (MereTestLaptop *self,
                          const char     *path)
{
  g_autofree char *database = get_database_path (self);

  mere_store_close (self->store);
  copy_file (database, path);
  open_store (self);
}

void
mere_test_laptop_restore (MereTestLaptop *self,
                          const char     *path)
{
  g_autofree char *database = get_database_path (self);

  mere_store_close (self->store);
  copy_file (path, database);
  open_store (self);
}

char *
mere_test_laptop_dup_device (MereTestLaptop *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereEnrolStatus) status = mere_enrol_load_status (self->store, &error);

  g_assert_no_error (error);

  return g_strdup (status->device);
}

static char *
attach (MereTestLaptop *self,
        GBytes         *file)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (file);
  g_autoptr (GError) error = NULL;
  char *b2 = mere_attachment_add (self->store, stream, "image/png", NULL, &error);

  g_assert_no_error (error);

  return b2;
}

/* A record has an attachment through its draft; the shortest way to the same rows. */
static void
link_attachment (MereTestLaptop *self,
                 const char     *record,
                 const char     *b2)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    self->store, "INSERT INTO record_attachment (record, name, b2) VALUES (?1, 'passport.png', ?2)", NULL);

  mere_statement_bind_text (insert, 1, record);
  mere_statement_bind_text (insert, 2, b2);
  g_assert_true (mere_statement_run (insert, NULL));
}

char *
mere_test_laptop_add_record (MereTestLaptop *self,
                             const char     *answer)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *id = g_strconcat ("uuid:", uuid, NULL);
  g_autofree char *text = g_strdup_printf ("<data id=\"%s\"><answer>%s</answer><meta><instanceID>%s</instanceID></meta></data>",
                                           MERE_TEST_FORM, answer, id);
  g_autofree char *form_b2 = mere_digest_dup_hex ("form", 4);
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  const MereRecordNew record = {
    .id = id,
    .form = MERE_TEST_FORM,
    .form_version = "1",
    .form_b2 = form_b2,
    .title = "Interview",
    .kind = MERE_INSTRUMENT_INTERVIEW,
    .created = mere_moment_now (),
    .xml = xml,
  };

  g_assert_true (mere_record_add (self->store, &record, &error));
  g_assert_no_error (error);

  return g_steal_pointer (&id);
}

char *
mere_test_laptop_add_record_with (MereTestLaptop *self,
                                  const char     *answer,
                                  GBytes         *file)
{
  g_autofree char *b2 = attach (self, file);
  char            *record = mere_test_laptop_add_record (self, answer);

  link_attachment (self, record, b2);

  return record;
}

MereRecordState
mere_test_laptop_get_state (MereTestLaptop *self,
                            const char     *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereRecord) found = mere_record_load (self->store, record, &error);

  g_assert_no_error (error);

  return found->state;
}

gint64
mere_test_laptop_ask (MereTestLaptop *self,
                      const char     *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) query = mere_statement_new (self->store, sql, &error);
  gboolean row = FALSE;

  g_assert_no_error (error);
  g_assert_true (mere_statement_step (query, &row, &error) && row);

  return mere_statement_get_int (query, 0);
}

static void
dump_table (MereTestLaptop *self,
            const char     *table,
            GString        *text)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", table);
  sqlite3_stmt    *query = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (mere_store_get_database (self->store), sql, -1, &query, NULL), ==, SQLITE_OK);
  while (sqlite3_step (query) == SQLITE_ROW)
    {
      g_string_append (text, table);
      for (int i = 0; i < sqlite3_column_count (query); i++)
        {
          gconstpointer    data = sqlite3_column_blob (query, i);
          int              size = sqlite3_column_bytes (query, i);
          g_autofree char *b2 = mere_digest_dup_hex (data, (gsize) size);

          g_string_append_printf (text, " %.12s", b2);
        }
      g_string_append_c (text, '\n');
    }
  sqlite3_finalize (query);
}

char *
mere_test_laptop_dump (MereTestLaptop *self)
{
  static const char *const tables[] = { "setting", "assessment", "crossing", "instrument", "record", "bundle", "bundle_record",
                                        "placement", "receipt", "receipt_bundle", "receipt_refusal", "log" };
  GString                 *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    dump_table (self, tables[i], text);

  return g_string_free (text, FALSE);
}

MereTestDay *
mere_test_day_new (void)
{
  MereTestDay     *self = g_new0 (MereTestDay, 1);
  g_autofree char *laptop = NULL;
  g_autofree char *hq = NULL;

  self->folder = g_dir_make_tmp ("merestone-day-XXXXXX", NULL);
  self->stick = g_build_filename (self->folder, "stick", NULL);
  g_assert_cmpint (g_mkdir (self->stick, 0700), ==, 0);
  laptop = g_build_filename (self->folder, "laptop", NULL);
  self->laptop = mere_test_laptop_new (laptop);
  hq = g_build_filename (self->folder, "hq", NULL);
  self->hq = mere_test_hq_new (hq);

  return self;
}

void
mere_test_day_free (MereTestDay *self)
{
  mere_test_laptop_free (self->laptop);
  mere_test_hq_free (self->hq);
  mere_test_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->stick);
  g_free (self);
}

MereTestDay *
mere_test_day_new_enrolled (void)
{
  MereTestDay     *self = mere_test_day_new ();
  g_autofree char *code = mere_test_hq_dup_code (self->hq);
  g_autofree char *sent = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_test_hq_write_card (self->hq, self->stick);
  g_assert_true (mere_enrol_write (self->laptop->store, self->stick, NULL, &error));
  g_assert_true (mere_enrol_trust (self->laptop->store, self->stick, code, &error));
  g_assert_no_error (error);
  sent = mere_test_hq_send_dispatch (self->hq, self->stick, self->laptop, "1", 1);
  read = mere_test_day_read (self);
  g_assert_cmpuint (read->n_dispatches, ==, 1);
  g_assert_cmpint (mere_enrol_get_state (self->laptop->store), ==, MERE_ENROL_ACTIVE);

  return self;
}

void
mere_test_day_wipe_stick (MereTestDay *self)
{
  mere_test_remove_tree (self->stick);
  g_assert_cmpint (g_mkdir (self->stick, 0700), ==, 0);
}

MereCourierWritten *
mere_test_day_write (MereTestDay *self)
{
  g_autoptr (GError) error = NULL;
  MereCourierWritten *written = mere_courier_write (self->laptop->store, self->stick, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (written);

  return written;
}

MereCourierRead *
mere_test_day_read (MereTestDay *self)
{
  g_autoptr (GError) error = NULL;
  MereCourierRead *read = mere_courier_read (self->laptop->store, self->stick, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (read);

  return read;
}

static gint
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
gather_files (const char *folder,
              const char *suffix,
              GPtrArray  *paths)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        gather_files (path, suffix, paths);
      else if (g_str_has_suffix (name, suffix))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
}

char **
mere_test_list_files (const char *folder,
                      const char *suffix)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  gather_files (folder, suffix, paths);
  g_ptr_array_sort (paths, compare_paths);
  g_ptr_array_add (paths, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}
