/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments in a vault: whole pieces lie beside the database, and are lost, left over or used again only as its rows say. */

#include "config.h"

#include "app/store/rescue.h"
#include "app/vault/backup.h"
#include "app/vault/rekey.h"
#include "app/vault/vault-private.h"
#include "tests/app/store/rows.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASSPHRASE "Utopia Eriksson L898902C3"
#define CONTENT "vault.db-content"
#define STRIDE (MERE_BLOCK_SIZE + 4096)

static const MereKeyCost cost = { 1, 8192 };

typedef struct
{
  char       *folder;
  char       *path;
  char       *other; /* of a second vault */
  MereSecret *passphrase;
  MereStore  *store;
} Fixture;

static void
open_store (Fixture *self, const char *path)
{
  g_autoptr (GError) error = NULL;

  self->store = mere_store_open (mere_vault_open (path, self->passphrase, &error), &error);
  g_assert_no_error (error);
}

static void
close_store (Fixture *self)
{
  g_clear_pointer (&self->store, mere_store_close);
}

static Fixture *
fixture_new (void)
{
  g_autoptr (GError) error = NULL;
  Fixture *self = g_new0 (Fixture, 1);

  self->folder = g_dir_make_tmp ("merestone-block-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "utopia.vault", NULL);
  self->other = g_build_filename (self->folder, "other.vault", NULL);
  self->passphrase = mere_secret_new_from_text (PASSPHRASE);
  mere_vault_close (mere_vault_create_with_cost (self->path, self->passphrase, &cost, &error));
  g_assert_no_error (error);
  open_store (self, self->path);
  return self;
}

static void
fixture_free (Fixture *self)
{
  close_store (self);
  mere_vault_destroy (self->path, NULL);
  mere_vault_destroy (self->other, NULL);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  mere_secret_free (self->passphrase);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->other);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static gint64
ask (Fixture *self, const char *sql)
{
  g_autoptr (MereStatement) query = mere_statement_new (self->store, sql, NULL);
  gboolean row;

  g_assert_true (mere_statement_step (query, &row, NULL) && row);
  return mere_statement_get_int (query, 0);
}

static void
execute (Fixture *self, const char *sql)
{
  g_autoptr (GError) error = NULL;

  mere_store_execute (self->store, sql, &error);
  g_assert_no_error (error);
}

/* Content that nothing else has, the same for the same seed. */
static GBytes *
content_new (guint8 seed, gsize size)
{
  guint8 *bytes = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (seed * 7 + i * 31 + (i >> 8));
  return g_bytes_new_take (bytes, size);
}

static char *
add (Fixture *self, guint8 seed, gsize size)
{
  g_autoptr (GBytes) content = content_new (seed, size);

  return mere_rows_add_content (self->store, g_bytes_get_data (content, NULL), size);
}

static void
assert_content (Fixture *self, const char *b2, guint8 seed, gsize size)
{
  g_autoptr (GBytes) expected = content_new (seed, size);
  g_autofree guint8 *found = g_malloc (size + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = mere_attachment_open (self->store, b2, 0, &error);
  gsize n;

  g_assert_no_error (error);
  g_input_stream_read_all (stream, found, size + 1, &n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (found, n, g_bytes_get_data (expected, NULL), size);
}

static gint64
measure_file (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->path, CONTENT, NULL);
  GStatBuf         info;

  return g_stat (path, &info) == 0 ? (gint64) info.st_size : 0;
}

static void
test_content_of_any_size_comes_back (void)
{
  static const gsize sizes[] = { 0, 1, MERE_BLOCK_SIZE - 1, MERE_BLOCK_SIZE, MERE_BLOCK_SIZE + 1, 4 * MERE_BLOCK_SIZE + 77 };
  g_autoptr (Fixture) self = fixture_new ();
  char *b2[G_N_ELEMENTS (sizes)];

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    b2[i] = add (self, (guint8) i, sizes[i]);
  close_store (self);
  open_store (self, self->path);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      assert_content (self, b2[i], (guint8) i, sizes[i]);
      g_assert_true (mere_attachment_verify (self->store, b2[i], NULL, NULL));
      g_free (b2[i]);
    }
  g_assert_cmpint (ask (self, "SELECT count (*) FROM attachment_block"), ==, 6);
  g_assert_cmpint (ask (self, "SELECT max (length (data)) FROM attachment_chunk"), <, MERE_BLOCK_SIZE);
}

/* Chunks of older vaults lie in the database. */
static void
test_whole_pieces_in_the_database_are_read (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *b2 = add (self, 1, 2 * MERE_BLOCK_SIZE + 5);
  g_autoptr (GBytes) content = content_new (1, 2 * MERE_BLOCK_SIZE + 5);

  for (int number = 0; number < 2; number++)
    {
      g_autoptr (MereStatement) insert = mere_statement_new (
        self->store, "INSERT INTO attachment_chunk (attachment, number, data) SELECT row, ?1, ?2 FROM attachment", NULL);
      g_autoptr (GBytes) piece = g_bytes_new_from_bytes (content, (gsize) number * MERE_BLOCK_SIZE, MERE_BLOCK_SIZE);

      mere_statement_bind_int (insert, 1, number);
      mere_statement_bind_bytes (insert, 2, piece);
      g_assert_true (mere_statement_run (insert, NULL));
    }
  execute (self, "DELETE FROM attachment_block");
  assert_content (self, b2, 1, 2 * MERE_BLOCK_SIZE + 5);
}

static void
drop (Fixture *self, const char *b2)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, NULL);
  g_autoptr (MereStatement) delete = mere_statement_new (self->store, "DELETE FROM attachment WHERE b2 = ?1", NULL);

  mere_statement_bind_text (delete, 1, b2);
  g_assert_true (mere_statement_run (delete, NULL));
  g_assert_true (mere_transaction_commit (g_steal_pointer (&work), NULL));
}

static void
test_room_is_used_again (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *first = add (self, 1, 3 * MERE_BLOCK_SIZE);
  g_autofree char *second = add (self, 2, 2 * MERE_BLOCK_SIZE);
  g_autofree char *third = NULL;
  gint64           size = measure_file (self);

  drop (self, first);
  g_assert_cmpint (ask (self, "SELECT count (*) FROM free_block WHERE empty = 1"), ==, 3);
  third = add (self, 3, 3 * MERE_BLOCK_SIZE);
  g_assert_cmpint (measure_file (self), ==, size);
  assert_content (self, second, 2, 2 * MERE_BLOCK_SIZE);
  assert_content (self, third, 3, 3 * MERE_BLOCK_SIZE);
  drop (self, second);
  drop (self, third);
  close_store (self);
  open_store (self, self->path);
  g_assert_cmpint (measure_file (self), ==, 0);
}

static gboolean
is_zero (Fixture *self, gsize block)
{
  g_autofree char *path = g_build_filename (self->path, CONTENT, NULL);
  g_autofree char *bytes = NULL;
  gsize            size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpuint (size, >=, block * STRIDE);
  for (gsize i = (block - 1) * STRIDE + MERE_BLOCK_SIZE; i < (block - 1) * STRIDE + MERE_BLOCK_SIZE + 40; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

static void
test_what_is_deleted_can_be_opened_by_nobody (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *first = add (self, 1, MERE_BLOCK_SIZE);
  g_autofree char *second = add (self, 2, MERE_BLOCK_SIZE);

  g_assert_false (is_zero (self, 1));
  drop (self, first);
  g_assert_true (is_zero (self, 1));
  assert_content (self, second, 2, MERE_BLOCK_SIZE);
}

static void
test_what_was_not_committed_changes_nothing (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *first = add (self, 1, 3 * MERE_BLOCK_SIZE);
  g_autofree char *second = NULL;
  MereTransaction *work = mere_transaction_begin (self->store, NULL);

  execute (self, "DELETE FROM attachment");
  second = add (self, 2, 3 * MERE_BLOCK_SIZE); /* not over the first */
  assert_content (self, second, 2, 3 * MERE_BLOCK_SIZE);
  mere_transaction_free (work);
  assert_content (self, first, 1, 3 * MERE_BLOCK_SIZE);
  g_assert_cmpint (ask (self, "SELECT count (*) FROM attachment"), ==, 1);
  g_assert_cmpint (ask (self, "SELECT count (*) FROM free_block"), ==, 0);
}

/* In another process, which is gone then without closing anything. */
static void
do_and_die (Fixture *self, void (*work) (Fixture *self))
{
  pid_t child;
  int   status;

  close_store (self);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      open_store (self, self->path);
      work (self);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  open_store (self, self->path);
}

static void
begin_and_stop (Fixture *self)
{
  g_autoptr (GBytes) content = content_new (9, 3 * MERE_BLOCK_SIZE);
  MereAttachmentWriter *writer = mere_attachment_writer_new (self->store, "video/webm", NULL);

  g_assert_true (mere_attachment_writer_write (writer, g_bytes_get_data (content, NULL), g_bytes_get_size (content), NULL));
}

static void
add_and_stop (Fixture *self)
{
  g_assert_nonnull (mere_transaction_begin (self->store, NULL));
  g_free (add (self, 9, 3 * MERE_BLOCK_SIZE));
}

static void
test_a_crash_leaves_nothing_over (void)
{
  static void (*const works[]) (Fixture *) = { begin_and_stop, add_and_stop };
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *kept = add (self, 1, MERE_BLOCK_SIZE);
  gint64           size = measure_file (self);

  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    {
      do_and_die (self, works[i]);
      g_assert_cmpint (ask (self, "SELECT count (*) FROM attachment"), ==, 1);
      g_assert_cmpint (ask (self, "SELECT count (*) FROM free_block"), ==, 0);
      g_assert_cmpint (measure_file (self), <=, (size + 4095) / 4096 * 4096);
      assert_content (self, kept, 1, MERE_BLOCK_SIZE);
    }
}

/* Deleted and committed, and gone before the block was emptied. */
static void
delete_and_stop (Fixture *self)
{
  mere_content_file_hold (mere_vault_get_content (mere_store_get_vault (self->store)));
  execute (self, "DELETE FROM attachment WHERE row = 1");
}

static void
test_what_a_crash_left_is_emptied (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *first = add (self, 1, MERE_BLOCK_SIZE);
  g_autofree char *second = add (self, 2, MERE_BLOCK_SIZE);

  do_and_die (self, delete_and_stop);
  g_assert_true (is_zero (self, 1));
  assert_content (self, second, 2, MERE_BLOCK_SIZE);
}

#define KILLS 8

/* Adds and deletes until it is killed. */
static void
work_until_killed (Fixture *self)
{
  for (guint8 seed = 0;; seed++)
    {
      g_free (add (self, seed, (1 + seed % 3u) * MERE_BLOCK_SIZE + seed));
      execute (self, "DELETE FROM attachment WHERE row = (SELECT min (row) FROM attachment) AND (SELECT count (*) FROM attachment) > 3");
    }
}

static void
kill_at_some_moment (Fixture *self)
{
  pid_t child;
  int   status;

  close_store (self);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      open_store (self, self->path);
      work_until_killed (self);
    }
  g_usleep ((gulong) g_test_rand_int_range (20000, 150000)); /* the moment of the kill, not a wait for anything */
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  open_store (self, self->path);
}

static void
test_killed_at_any_moment_all_that_is_named_is_there (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  for (guint i = 0; i < KILLS; i++)
    {
      g_autoptr (MereStatement) query = NULL;
      gboolean row;

      kill_at_some_moment (self);
      query = mere_statement_new (self->store, "SELECT b2 FROM attachment", NULL);
      while (mere_statement_step (query, &row, NULL) && row)
        g_assert_true (mere_attachment_verify (self->store, mere_statement_get_text (query, 0), NULL, NULL));
      g_clear_pointer (&query, mere_statement_free);
      g_assert_cmpint (ask (self, "SELECT count (*) FROM free_block WHERE block IN (SELECT block FROM attachment_block)"), ==, 0);
      g_assert_cmpint (ask (self, "SELECT count (*) FROM free_block WHERE empty = 0"), ==, 0);
    }
}

static void
fill_the_disk (Fixture *self)
{
  const struct rlimit limit = { 3 * STRIDE, 3 * STRIDE };
  g_autoptr (GBytes) content = content_new (9, 8 * MERE_BLOCK_SIZE);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (content);
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_null (mere_attachment_add (self->store, stream, "video/webm", NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (ask (self, "SELECT count (*) FROM attachment"), ==, 1);
}

static void
test_a_full_disk_loses_nothing (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *kept = add (self, 1, MERE_BLOCK_SIZE);

  do_and_die (self, fill_the_disk);
  assert_content (self, kept, 1, MERE_BLOCK_SIZE);
  g_assert_cmpint (ask (self, "SELECT count (*) FROM attachment"), ==, 1);
}

/* A VFS over SQLite's own, which looks at each sync of a log: what a committed row names is on the disk by then. */
static struct
{
  sqlite3_vfs        vfs;
  sqlite3_vfs       *below;
  sqlite3_io_methods methods;
  int (*sync) (sqlite3_file *file, int flags);
  MereContentFile *content;
  guint            syncs;
} watching;

static int
watch_sync (sqlite3_file *file, int flags)
{
  if (watching.content != NULL)
    {
      g_assert_false (mere_content_file_is_dirty (watching.content));
      watching.syncs++;
    }
  return watching.sync (file, flags);
}

static int
watch_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  int status = watching.below->xOpen (watching.below, name, file, flags, out_flags);

  if (status != SQLITE_OK || name == NULL || !g_str_has_suffix (name, "vault.db-wal"))
    return status;
  watching.methods = *file->pMethods;
  watching.sync = watching.methods.xSync;
  watching.methods.xSync = watch_sync;
  file->pMethods = &watching.methods;
  return status;
}

static void
begin_watching (void)
{
  watching.below = sqlite3_vfs_find (NULL);
  watching.vfs = *watching.below;
  watching.vfs.zName = "watching";
  watching.vfs.xOpen = watch_open;
  sqlite3_vfs_register (&watching.vfs, TRUE);
}

static void
end_watching (void)
{
  sqlite3_vfs_register (watching.below, TRUE);
  sqlite3_vfs_unregister (&watching.vfs);
}

static void
test_content_is_durable_before_its_row (void)
{
  Fixture         *self;
  MereTransaction *work;

  begin_watching ();
  self = fixture_new ();
  watching.content = mere_vault_get_content (mere_store_get_vault (self->store));
  g_free (add (self, 1, 2 * MERE_BLOCK_SIZE));
  work = mere_transaction_begin (self->store, NULL);
  g_free (add (self, 2, 5 * MERE_BLOCK_SIZE + 3));
  g_assert_true (mere_content_file_is_dirty (watching.content));
  g_assert_true (mere_transaction_commit (work, NULL));
  g_assert_cmpuint (watching.syncs, >, 2);
  watching.content = NULL;
  fixture_free (self);
  end_watching ();
}

static void
delete_meanwhile (guint done, guint all, gpointer data)
{
  Fixture         *self = data;
  g_autofree char *b2 = NULL;

  if (done == 0 || ask (self, "SELECT count (*) FROM attachment") != 2)
    return;
  execute (self, "DELETE FROM attachment WHERE row = 1");
  b2 = add (self, 3, 2 * MERE_BLOCK_SIZE);
}

static void
test_a_backup_has_it (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *first = add (self, 1, 3 * MERE_BLOCK_SIZE + 9);
  g_autofree char *second = add (self, 2, MERE_BLOCK_SIZE);
  g_autoptr (GError) error = NULL;

  mere_vault_backup (mere_store_get_vault (self->store), self->other, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  close_store (self);
  open_store (self, self->other);
  assert_content (self, first, 1, 3 * MERE_BLOCK_SIZE + 9);
  assert_content (self, second, 2, MERE_BLOCK_SIZE);
}

/* Whatever state it has, all that its rows name is there. */
static void
test_a_backup_is_whole_whatever_is_deleted_meanwhile (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *first = add (self, 1, 3 * MERE_BLOCK_SIZE + 9);
  g_autofree char *second = add (self, 2, MERE_BLOCK_SIZE);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) query = NULL;
  gboolean row;

  mere_vault_backup (mere_store_get_vault (self->store), self->other, delete_meanwhile, self, NULL, &error);
  g_assert_no_error (error);
  close_store (self);
  open_store (self, self->other);
  query = mere_statement_new (self->store, "SELECT b2 FROM attachment", NULL);
  while (mere_statement_step (query, &row, NULL) && row)
    g_assert_true (mere_attachment_verify (self->store, mere_statement_get_text (query, 0), NULL, NULL));
  g_clear_pointer (&query, mere_statement_free);
}

static void
flip (Fixture *self, gsize offset)
{
  g_autofree char *path = g_build_filename (self->path, CONTENT, NULL);
  g_autofree char *bytes = NULL;
  gsize            size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  bytes[offset] ^= 1;
  g_assert_true (g_file_set_contents_full (path, bytes, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
test_a_backup_of_damage_is_refused (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *b2 = add (self, 1, 2 * MERE_BLOCK_SIZE);
  g_autoptr (GError) error = NULL;

  close_store (self);
  flip (self, STRIDE + 5);
  open_store (self, self->path);
  g_assert_false (mere_attachment_verify (self->store, b2, NULL, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_false (mere_vault_backup (mere_store_get_vault (self->store), self->other, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED);
  g_assert_false (g_file_test (self->other, G_FILE_TEST_EXISTS));
}

static void
test_other_keys_seal_it_anew (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *first = add (self, 1, 3 * MERE_BLOCK_SIZE + 9);
  g_autofree char *second = add (self, 2, MERE_BLOCK_SIZE);
  g_autofree char *path = g_build_filename (self->path, CONTENT, NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize size, size_after;

  drop (self, first);
  close_store (self);
  g_assert_true (g_file_get_contents (path, &before, &size, NULL));
  mere_vault_rekey (self->path, self->passphrase, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &after, &size_after, NULL));
  g_assert_cmpuint (size, ==, size_after);
  g_assert_cmpint (memcmp (before + 3 * STRIDE, after + 3 * STRIDE, 64), !=, 0);
  open_store (self, self->path);
  assert_content (self, second, 2, MERE_BLOCK_SIZE);
}

static void
test_rescue_takes_what_opens (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *first = add (self, 1, 3 * MERE_BLOCK_SIZE + 9);
  g_autofree char *second = add (self, 2, MERE_BLOCK_SIZE + 4);
  g_autoptr (MereSalvage) salvage = NULL;
  g_autoptr (GError) error = NULL;

  close_store (self);
  flip (self, STRIDE + 5);
  salvage = mere_salvage_run (self->path, self->passphrase, self->other, &cost, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  open_store (self, self->other);
  assert_content (self, second, 2, MERE_BLOCK_SIZE + 4);
  g_assert_cmpint (ask (self, "SELECT count (*) FROM attachment"), ==, 1);
  g_assert_cmpint (ask (self, "SELECT count (*) FROM attachment_block"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/block/content-of-any-size", test_content_of_any_size_comes_back);
  g_test_add_func ("/store/block/pieces-in-the-database", test_whole_pieces_in_the_database_are_read);
  g_test_add_func ("/store/block/room-is-used-again", test_room_is_used_again);
  g_test_add_func ("/store/block/deleted", test_what_is_deleted_can_be_opened_by_nobody);
  g_test_add_func ("/store/block/not-committed", test_what_was_not_committed_changes_nothing);
  g_test_add_func ("/store/block/a-crash-leaves-nothing", test_a_crash_leaves_nothing_over);
  g_test_add_func ("/store/block/a-crash-before-emptying", test_what_a_crash_left_is_emptied);
  g_test_add_func ("/store/block/killed-at-any-moment", test_killed_at_any_moment_all_that_is_named_is_there);
  g_test_add_func ("/store/block/a-full-disk", test_a_full_disk_loses_nothing);
  g_test_add_func ("/store/block/durable-before-its-row", test_content_is_durable_before_its_row);
  g_test_add_func ("/store/block/a-backup", test_a_backup_has_it);
  g_test_add_func ("/store/block/a-backup-while-deleting", test_a_backup_is_whole_whatever_is_deleted_meanwhile);
  g_test_add_func ("/store/block/a-backup-of-damage", test_a_backup_of_damage_is_refused);
  g_test_add_func ("/store/block/other-keys", test_other_keys_seal_it_anew);
  g_test_add_func ("/store/block/rescue", test_rescue_takes_what_opens);
  return g_test_run ();
}
