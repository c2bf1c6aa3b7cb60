/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Content beside the database: each block opens in its place and as its version alone, in this vault alone. */

#include "config.h"

#include "app/vault/content-file.h"
#include "tests/app/vault/fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "vault.db-content"
#define STRIDE (MERE_BLOCK_SIZE + 4096)

static guint8 *
new_block (guint8 seed)
{
  guint8 *bytes = g_malloc (MERE_BLOCK_SIZE);

  for (gsize i = 0; i < MERE_BLOCK_SIZE; i++)
    bytes[i] = (guint8) (seed + i * 31 + (i >> 8));
  memcpy (bytes + 1000, MERE_TEST_CANARY, strlen (MERE_TEST_CANARY));
  return bytes;
}

static gint64
write_block (MereTestVault *vault, guint32 block, guint8 seed)
{
  g_autofree guint8 *bytes = new_block (seed);
  g_autoptr (GError) error = NULL;
  gint64 version;

  mere_content_file_write (mere_vault_get_content (vault->vault), block, bytes, &version, &error);
  g_assert_no_error (error);
  mere_content_file_sync (mere_vault_get_content (vault->vault), &error);
  g_assert_no_error (error);
  return version;
}

static void
assert_holds (MereTestVault *vault, guint32 block, gint64 version, guint8 seed)
{
  g_autofree guint8 *expected = new_block (seed);
  g_autofree guint8 *found = g_malloc (MERE_BLOCK_SIZE);
  g_autoptr (GError) error = NULL;

  mere_content_file_read (mere_vault_get_content (vault->vault), block, version, found, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (found, MERE_BLOCK_SIZE, expected, MERE_BLOCK_SIZE);
}

static void
assert_does_not_open (MereTestVault *vault, guint32 block, gint64 version)
{
  g_autofree guint8 *found = g_malloc (MERE_BLOCK_SIZE);
  g_autofree guint8 *zeros = g_malloc0 (MERE_BLOCK_SIZE);
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_content_file_read (mere_vault_get_content (vault->vault), block, version, found, &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED);
  g_assert_cmpmem (found, MERE_BLOCK_SIZE, zeros, MERE_BLOCK_SIZE);
}

static void
test_blocks_come_back (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  gint64 third = write_block (vault, 3, 3), first = write_block (vault, 1, 1);

  assert_holds (vault, 1, first, 1);
  assert_holds (vault, 3, third, 3);
  mere_test_vault_close (vault);
  g_assert_false (mere_test_folder_holds (vault->folder, MERE_TEST_CANARY));
  mere_test_vault_open (vault);
  assert_holds (vault, 1, first, 1);
  assert_holds (vault, 3, third, 3);
  assert_does_not_open (vault, 2, third);
  assert_does_not_open (vault, 4, third);
}

static void
test_another_time_is_noticed (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  gint64 before = write_block (vault, 1, 1), after;
  g_autoptr (GBytes) earlier = mere_test_read (vault, FILE_NAME);

  after = write_block (vault, 1, 2);
  g_assert_cmpint (before, !=, after);
  assert_does_not_open (vault, 1, before);
  mere_test_vault_close (vault);
  mere_test_write (vault, FILE_NAME, earlier);
  mere_test_vault_open (vault);
  assert_does_not_open (vault, 1, after);
}

static void
test_each_part_is_sealed (void)
{
  static const gsize parts[] = { 0, MERE_BLOCK_SIZE / 2, MERE_BLOCK_SIZE - 1, MERE_BLOCK_SIZE, MERE_BLOCK_SIZE + 24, MERE_BLOCK_SIZE + 39 };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (MereTestVault) vault = mere_test_vault_new ();
      gint64 version = write_block (vault, 1, 1);

      mere_test_vault_close (vault);
      mere_test_flip (vault, FILE_NAME, parts[i]);
      mere_test_vault_open (vault);
      assert_does_not_open (vault, 1, version);
      mere_test_vault_close (vault);
      mere_test_flip (vault, FILE_NAME, parts[i]);
      mere_test_vault_open (vault);
      assert_holds (vault, 1, version, 1);
    }
}

static void
test_a_block_opens_in_its_place_alone (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  gint64 version = write_block (vault, 1, 1);

  write_block (vault, 2, 2);
  mere_test_vault_close (vault);
  mere_test_move (vault, FILE_NAME, 0, STRIDE, MERE_BLOCK_SIZE + 48);
  mere_test_vault_open (vault);
  assert_holds (vault, 1, version, 1);
  assert_does_not_open (vault, 2, version);
}

static void
test_a_block_opens_in_its_vault_alone (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (MereTestVault) other = mere_test_vault_new ();
  gint64 version = write_block (vault, 1, 1);
  g_autoptr (GBytes) bytes = mere_test_read (vault, FILE_NAME);

  write_block (other, 1, 2);
  mere_test_vault_close (other);
  mere_test_write (other, FILE_NAME, bytes);
  mere_test_vault_open (other);
  assert_does_not_open (other, 1, version);
}

static gint64
measure_room (MereTestVault *vault)
{
  g_autofree char *path = g_build_filename (vault->path, FILE_NAME, NULL);
  GStatBuf         info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return (gint64) info.st_blocks * 512;
}

static void
test_an_emptied_block_is_gone (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  gint64 first = write_block (vault, 1, 1), second = write_block (vault, 2, 2);
  gint64 room = measure_room (vault);

  g_assert_true (mere_content_file_empty (mere_vault_get_content (vault->vault), 1, NULL));
  assert_does_not_open (vault, 1, first);
  assert_holds (vault, 2, second, 2);
  g_assert_cmpint (measure_room (vault), <=, room);
  g_assert_true (mere_content_file_cut (mere_vault_get_content (vault->vault), 1, NULL));
  assert_does_not_open (vault, 2, second);
  g_assert_cmpint (measure_room (vault), <, room);
  second = write_block (vault, 2, 3);
  assert_holds (vault, 2, second, 3);
}

static void
test_without_the_file_nothing_opens (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();

  assert_does_not_open (vault, 1, 7);
  g_assert_true (mere_content_file_empty (mere_vault_get_content (vault->vault), 1, NULL));
  g_assert_true (mere_content_file_cut (mere_vault_get_content (vault->vault), 0, NULL));
  g_assert_true (mere_content_file_sync (mere_vault_get_content (vault->vault), NULL));
  g_assert_false (mere_test_exists (vault, FILE_NAME));
}

/* A link in the folder does not lead out of it. */
static void
test_a_link_is_not_followed (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autofree char   *target = g_build_filename (vault->folder, "elsewhere", NULL);
  g_autofree char   *link = g_build_filename (vault->path, FILE_NAME, NULL);
  g_autofree guint8 *bytes = new_block (1);
  gint64             version;

  g_assert_true (g_file_set_contents (target, "", 0, NULL));
  g_assert_cmpint (symlink (target, link), ==, 0);
  g_assert_false (mere_content_file_write (mere_vault_get_content (vault->vault), 1, bytes, &version, NULL));
}

static void
test_erasing_the_vault_takes_it_away (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();

  write_block (vault, 1, 1);
  mere_test_vault_close (vault);
  g_assert_true (mere_vault_destroy (vault->path, NULL));
  g_assert_false (g_file_test (vault->path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/content/blocks-come-back", test_blocks_come_back);
  g_test_add_func ("/vault/content/another-time-is-noticed", test_another_time_is_noticed);
  g_test_add_func ("/vault/content/each-part-is-sealed", test_each_part_is_sealed);
  g_test_add_func ("/vault/content/in-its-place-alone", test_a_block_opens_in_its_place_alone);
  g_test_add_func ("/vault/content/in-its-vault-alone", test_a_block_opens_in_its_vault_alone);
  g_test_add_func ("/vault/content/an-emptied-block-is-gone", test_an_emptied_block_is_gone);
  g_test_add_func ("/vault/content/without-the-file", test_without_the_file_nothing_opens);
  g_test_add_func ("/vault/content/a-link-is-not-followed", test_a_link_is_not_followed);
  g_test_add_func ("/vault/content/erasing-takes-it-away", test_erasing_the_vault_takes_it_away);
  return g_test_run ();
}
