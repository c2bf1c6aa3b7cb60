/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/sync/schedule-world.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/store/settings.h"
#include "sync/hq/answer.h"
#include "sync/hq/device.h"
#include "sync/hq/outbox.h"

#define HEADQUARTERS "hq"
#define BACKUPS "backups"
#define IN_MEMORY "/dev/shm"

void
mere_test_use_memory (void)
{
  if (access (IN_MEMORY, W_OK) == 0)
    g_setenv ("TMPDIR", IN_MEMORY, TRUE);
}

static char *
dup_laptop_folder (const char *folder,
                   guint       laptop)
{
  g_autofree char *name = g_strdup_printf ("laptop-%u", laptop);

  return g_build_filename (folder, name, NULL);
}

void
mere_test_copy_tree (const char *from,
                     const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_assert_cmpint (g_mkdir_with_parents (to, 0700), ==, 0);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);

      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        {
          mere_test_copy_tree (source, target);
        }
      else
        {
          g_autoptr (GBytes) content = mere_test_load (source);

          mere_test_save (target, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
        }
    }
}

static MereStore *
open_hq (const char *folder)
{
  g_autofree char *home = g_build_filename (folder, HEADQUARTERS, NULL);
  g_autofree char *path = g_build_filename (home, "store.db", NULL);
  g_autoptr (GError) error = NULL;
  sqlite3   *database = NULL;
  MereStore *store;

  g_assert_cmpint (g_mkdir_with_parents (home, 0700), ==, 0);
  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  store = mere_store_open_database (database, &error);
  g_assert_no_error (error);
  g_assert_true (mere_settings_save_text (store, "road.folder", home, &error));

  return store;
}

/* Both sides type their digits; the first receipt answers. */
static void
enrol (MereStore      *hq,
       MereKeyring    *keys,
       MereTestLaptop *laptop,
       const char     *stick_path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStick) stick = mere_stick_open (stick_path, &error);
  g_autofree char *code = mere_keyring_dup_code (keys);
  g_autofree char *device = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autofree char *card_path = g_build_filename (laptop->folder, "card", "enrol.json", NULL);
  g_autofree char *signature_path = g_strconcat (card_path, MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (MereCard) card = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  g_assert_true (mere_outbox_carry_card (hq, keys, stick, NULL, &error));
  g_assert_true (mere_enrol_write (laptop->store, stick_path, NULL, &error));
  g_assert_true (mere_enrol_trust (laptop->store, stick_path, code, &error));
  device = mere_test_laptop_dup_device (laptop);
  text = mere_test_load (card_path);
  signature = mere_test_load (signature_path);
  card = mere_card_open (text, signature, &error);
  g_assert_no_error (error);
  g_assert_true (mere_device_approve (hq, card, NULL, NULL, &error));
  g_assert_true (mere_outbox_carry (hq, stick, mere_answer_make (hq, keys, device, &error), NULL, NULL, &error));
  read = mere_courier_read (laptop->store, stick_path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mere_enrol_get_state (laptop->store), ==, MERE_ENROL_ACTIVE);
}

void
mere_test_world_prepare (const char *folder)
{
  MereStore *hq = open_hq (folder);
  g_autoptr (MereKeyring) keys = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *stick = g_build_filename (folder, "first-stick", NULL);

  g_assert_cmpint (g_mkdir (stick, 0700), ==, 0);
  g_assert_true (mere_keyring_make (hq, "Headquarters", NULL, &error));
  keys = mere_keyring_load (hq, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < MERE_TEST_N_LAPTOPS; i++)
    {
      g_autofree char *home = dup_laptop_folder (folder, i);
      MereTestLaptop  *laptop = mere_test_laptop_new (home);

      enrol (hq, keys, laptop, stick);
      mere_test_laptop_free (laptop);
    }
  mere_test_remove_tree (stick);
  mere_store_close (hq);
}

static void
add_laptop (MereTestWorld *self)
{
  g_autofree char *home = dup_laptop_folder (self->folder, self->laptops->len);
  MereTestLaptop  *laptop = mere_test_laptop_new (home);

  g_ptr_array_add (self->laptops, laptop);
  g_ptr_array_add (self->devices, mere_test_laptop_dup_device (laptop));
}

MereTestWorld *
mere_test_world_new (const char *prepared,
                     const char *folder)
{
  MereTestWorld *self = g_new0 (MereTestWorld, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_strdup (folder);
  self->laptops = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_test_laptop_free);
  self->devices = g_ptr_array_new_with_free_func (g_free);
  mere_test_copy_tree (prepared, folder);
  self->hq = open_hq (folder);
  self->keys = mere_keyring_load (self->hq, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < MERE_TEST_N_LAPTOPS; i++)
    add_laptop (self);
  for (guint i = 0; i < MERE_TEST_N_STICKS; i++)
    {
      g_autofree char *name = g_strdup_printf ("stick-%u", i);

      self->sticks[i] = g_build_filename (folder, name, NULL);
      g_assert_cmpint (g_mkdir (self->sticks[i], 0700), ==, 0);
    }

  return self;
}

void
mere_test_world_free (MereTestWorld *self)
{
  g_ptr_array_unref (self->laptops);
  g_ptr_array_unref (self->devices);
  for (guint i = 0; i < MERE_TEST_N_STICKS; i++)
    g_free (self->sticks[i]);
  mere_keyring_free (self->keys);
  mere_store_close (self->hq);
  mere_test_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self);
}

/* A laptop is switched off while its disk is copied. */
static void
copy_disk (MereTestWorld *self,
           guint          laptop,
           const char    *from,
           const char    *to)
{
  g_autofree char *home = dup_laptop_folder (self->folder, laptop);

  g_clear_pointer (&self->laptops->pdata[laptop], mere_test_laptop_free);
  if (g_file_test (to, G_FILE_TEST_IS_DIR))
    mere_test_remove_tree (to);
  mere_test_copy_tree (from, to);
  self->laptops->pdata[laptop] = mere_test_laptop_new (home);
}

static char *
dup_backup_folder (MereTestWorld *self,
                   guint          laptop)
{
  g_autofree char *above = g_build_filename (self->folder, BACKUPS, NULL);

  return dup_laptop_folder (above, laptop);
}

void
mere_test_world_back_up (MereTestWorld *self,
                         guint          laptop)
{
  g_autofree char *home = dup_laptop_folder (self->folder, laptop);
  g_autofree char *backup = dup_backup_folder (self, laptop);

  copy_disk (self, laptop, home, backup);
}

gboolean
mere_test_world_restore (MereTestWorld *self,
                         guint          laptop)
{
  g_autofree char *home = dup_laptop_folder (self->folder, laptop);
  g_autofree char *backup = dup_backup_folder (self, laptop);

  if (!g_file_test (backup, G_FILE_TEST_IS_DIR))
    return FALSE;
  copy_disk (self, laptop, backup, home);

  return TRUE;
}

guint
mere_test_world_clone (MereTestWorld *self,
                       guint          original)
{
  g_autofree char *home = dup_laptop_folder (self->folder, original);
  g_autofree char *clone = dup_laptop_folder (self->folder, self->laptops->len);

  copy_disk (self, original, home, clone);
  add_laptop (self);

  return self->laptops->len - 1;
}
