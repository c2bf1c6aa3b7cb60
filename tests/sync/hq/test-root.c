/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The root offline: headquarters works on without it, its lists are signed elsewhere, and nothing else is taken for its word. */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <string.h>

#include "sync/enrol.h"
#include "sync/hq/device.h"
#include "sync/hq/keyring-draft.h"
#include "sync/minisign-box.h"
#include "team-fixture.h"

typedef struct
{
  MereTestTeam   *team;
  MereTestMember *laptop;
  MereSecret     *root; /* that lies offline */
  char           *folder;
} Fixture;

static MereStore *
get_store (Fixture *self)
{
  return self->team->hq->store;
}

static MereKeyring *
get_keys (Fixture *self)
{
  return self->team->hq->keys;
}

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->team = mere_test_team_new ();
  self->laptop = mere_test_team_add (self->team, "north");
  self->root = mere_secret_copy (get_keys (self)->root);
  self->folder = g_build_filename (self->team->hq->folder, "DRAFT", NULL);
  mere_keyring_forget_root (get_keys (self), get_store (self), &error);
  g_assert_no_error (error);
  g_assert_null (get_keys (self)->root);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  mere_test_team_free (self->team);
  mere_secret_free (self->root);
  g_free (self->folder);
}

static void
draft (Fixture              *self,
       const MereListChange *change)
{
  g_autoptr (GError) error = NULL;

  mere_keyring_draft (get_keys (self), get_store (self), change, self->folder, &error);
  g_assert_no_error (error);
}

static void
sign (Fixture *self)
{
  g_autoptr (MereTrust) before = NULL;
  g_autoptr (MereTrust) next = NULL;
  g_autoptr (GError) error = NULL;

  next = mere_list_sign (self->folder, self->root, &before, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (next->version, ==, before->version + 1);
}

static void
take (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  mere_keyring_take (get_keys (self), get_store (self), self->folder, &error);
  g_assert_no_error (error);
}

static void
assert_not_taken (Fixture *self)
{
  g_autofree char *before = mere_test_hq_dump_all (self->team->hq);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_keyring_take (get_keys (self), get_store (self), self->folder, &error));
  g_assert_nonnull (error);
  after = mere_test_hq_dump_all (self->team->hq);
  g_assert_cmpstr (before, ==, after);
}

/* Once around, with a record; the laptop has followed. */
static void
go_round (Fixture *self)
{
  g_autofree char *id = mere_test_member_add_record (self->laptop, "one", NULL);
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereEnrolStatus) status = NULL;

  mere_courier_written_free (mere_test_team_write (self->team, self->laptop));
  mere_test_team_receive (self->team);
  read = mere_test_team_read (self->team, self->laptop);
  g_assert_cmpuint (read->n_acknowledged, ==, 1);
  g_assert_cmpuint (read->refusals->len, ==, 0);
  status = mere_enrol_load_status (self->laptop->store, NULL);
  g_assert_cmpuint (status->trust, ==, get_keys (self)->trust->version);
  g_assert_cmpint (status->state, ==, MERE_ENROL_ACTIVE);
}

/* Packs, receipts, cards and new laptops need the everyday keys only. */
static void
test_work_goes_on_without_the_root (Fixture      *self,
                                    gconstpointer data)
{
  MereTestMember *late;

  g_assert_cmpint (mere_test_ask (get_store (self), "SELECT count (*) FROM hq_key WHERE use = 'root'"), ==, 0);
  go_round (self);
  mere_test_team_pack (self->team);
  late = mere_test_team_add (self->team, "south");
  g_assert_nonnull (late);
  go_round (self);
}

static void
test_what_the_root_signs_is_refused_without_it (Fixture      *self,
                                                gconstpointer data)
{
  for (MereKeyUse use = MERE_KEY_SIGN; use <= MERE_KEY_ROOT; use++)
    {
      g_autofree char *before = mere_test_hq_dump_all (self->team->hq);
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_false (mere_keyring_change (get_keys (self), get_store (self), use, FALSE, &error));
      g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
      after = mere_test_hq_dump_all (self->team->hq);
      g_assert_cmpstr (before, ==, after);
    }
}

static void
test_a_list_that_was_signed_elsewhere_counts (Fixture      *self,
                                              gconstpointer data)
{
  const MereListChange change = { .sign = TRUE, .box = TRUE };
  g_autofree char     *box = g_strdup (get_keys (self)->trust->operational);
  g_autofree char     *id = mere_test_member_add_record (self->laptop, "under way", NULL);
  guint                version = get_keys (self)->trust->version;
  g_autoptr (MereCourierRead) read = NULL;

  mere_courier_written_free (mere_test_team_write (self->team, self->laptop));
  draft (self, &change);
  sign (self);
  take (self);
  g_assert_cmpuint (get_keys (self)->trust->version, ==, version + 1);
  g_assert_cmpstr (get_keys (self)->trust->operational, !=, box);
  g_assert_cmpuint (get_keys (self)->old_boxes->len, ==, 1);
  g_assert_null (get_keys (self)->root);

  /* What was sealed to the key before is opened, and the laptop follows by the card that the root has signed. */
  mere_test_team_receive (self->team);
  g_assert_cmpint (mere_test_ask (get_store (self), "SELECT count (*) FROM hq_record"), ==, 1);
  read = mere_test_team_read (self->team, self->laptop);
  g_assert_cmpuint (read->n_acknowledged, ==, 1);
  go_round (self);
}

/* It is held back here at once, and the others learn of it when the root has signed. */
static void
test_a_revocation_is_drafted (Fixture      *self,
                              gconstpointer data)
{
  const MereListChange nothing = { 0 };
  MereTestMember      *lost = mere_test_team_add (self->team, "lost");
  g_autoptr (GError) error = NULL;

  mere_device_set_revoked (get_store (self), lost->device, &error);
  g_assert_no_error (error);
  g_assert_false (mere_trust_is_revoked (get_keys (self)->trust, lost->device));
  draft (self, &nothing);
  sign (self);
  take (self);
  g_assert_true (mere_trust_is_revoked (get_keys (self)->trust, lost->device));
  go_round (self);
}

static void
test_a_lent_root_leaves_again (Fixture      *self,
                               gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mere_keyring_lend_root (get_keys (self), mere_secret_copy (self->root), &error);
  g_assert_no_error (error);
  mere_keyring_change (get_keys (self), get_store (self), MERE_KEY_SIGN, TRUE, &error);
  g_assert_no_error (error);
  mere_keyring_set_escrow (get_keys (self), get_store (self), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mere_test_ask (get_store (self), "SELECT count (*) FROM hq_key WHERE use = 'root'"), ==, 0);

  /* As another process has it then. */
  mere_keyring_free (self->team->hq->keys);
  self->team->hq->keys = mere_keyring_load (get_store (self), &error);
  g_assert_no_error (error);
  g_assert_null (get_keys (self)->root);
  mere_test_team_pack (self->team);
  mere_courier_read_free (mere_test_team_read (self->team, self->laptop));
  go_round (self);
}

static void
test_another_root_is_not_lent (Fixture      *self,
                               gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_keyring_lend_root (get_keys (self), mere_minisign_secret_new (), &error));
  g_assert_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_ROOT);
  g_assert_null (get_keys (self)->root);
}

static void
test_a_root_comes_back (Fixture      *self,
                        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mere_keyring_lend_root (get_keys (self), mere_secret_copy (self->root), &error);
  g_assert_no_error (error);
  mere_keyring_return_root (get_keys (self), get_store (self), &error);
  g_assert_no_error (error);
  mere_keyring_change (get_keys (self), get_store (self), MERE_KEY_ROOT, FALSE, &error);
  g_assert_no_error (error);
  mere_test_team_pack (self->team);
  mere_courier_read_free (mere_test_team_read (self->team, self->laptop));
  go_round (self);
}

/* --- What does not count ------------------------------------------------------------------------------------------- */

static void
save (Fixture    *self,
      const char *name,
      GBytes     *bytes)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  mere_test_save (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static GBytes *
load (Fixture    *self,
      const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  return mere_test_load (path);
}

static void
assert_not_signed (Fixture *self)
{
  g_autoptr (MereTrust) before = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (mere_list_sign (self->folder, self->root, &before, &error));
  g_assert_nonnull (error);
}

static void
test_a_list_that_nobody_signed_is_not_taken (Fixture      *self,
                                             gconstpointer data)
{
  const MereListChange change = { .sign = TRUE };
  g_autoptr (MereSecret) stranger = mere_minisign_secret_new ();
  g_autoptr (GBytes) text = NULL;
  g_autofree char *lines = NULL;
  g_autoptr (GBytes) signature = NULL;

  draft (self, &change);
  assert_not_taken (self);
  text = load (self, "trust.json");
  lines = mere_minisign_sign_data (stranger, g_bytes_get_data (text, NULL), g_bytes_get_size (text), "merestone-trust/1 v=2");
  signature = g_bytes_new_static (lines, strlen (lines));
  save (self, "trust.json.minisig", signature);
  assert_not_taken (self);
}

/* An older draft that was signed after all, and one that was changed on the way. */
static void
test_only_the_last_draft_is_taken (Fixture      *self,
                                   gconstpointer data)
{
  const MereListChange     change = { .sign = TRUE };
  static const char *const names[] = { "trust.json", "trust.json.minisig", "enrol.json", "enrol.json.minisig" };
  GBytes                  *files[G_N_ELEMENTS (names)];

  draft (self, &change);
  sign (self);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    files[i] = load (self, names[i]);
  draft (self, &change);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      save (self, names[i], files[i]);
      g_bytes_unref (files[i]);
    }
  assert_not_taken (self);
  draft (self, &change);
  sign (self);
  take (self);
  assert_not_taken (self);
}

/* Each byte of each file: refused by whoever is to sign or to take it, or without meaning (a comment that nothing signs). */
static void
test_changed_files_are_refused (Fixture      *self,
                                gconstpointer data)
{
  const MereListChange nothing = { 0 };
  g_autoptr (GBytes) text = NULL;
  gsize         size;
  const guint8 *bytes;

  draft (self, &nothing);
  sign (self);
  text = load (self, "trust.json");
  bytes = g_bytes_get_data (text, &size);
  for (gsize i = 0; i < size; i += 7)
    {
      g_autofree guint8 *changed = g_memdup2 (bytes, size);
      g_autoptr (GBytes) other = NULL;
      g_autoptr (GError) error = NULL;

      changed[i] ^= 1;
      other = g_bytes_new (changed, size);
      save (self, "trust.json", other);
      g_assert_false (mere_keyring_take (get_keys (self), get_store (self), self->folder, &error));
      g_assert_nonnull (error);
    }
  save (self, "trust.json", text);
  take (self);
}

/* A list that does not follow the one in the card; no file at all; a pipe; a file without end. */
static void
test_the_root_signs_no_other_list (Fixture      *self,
                                   gconstpointer data)
{
  const MereListChange nothing = { 0 };
  g_autofree char     *path = g_build_filename (self->folder, "trust.json", NULL);
  g_autofree char     *huge = g_strnfill (70000, ' ');
  g_autoptr (GBytes) large = g_bytes_new_static (huge, 70000);

  draft (self, &nothing);
  sign (self);
  assert_not_signed (self); /* the card is that of this list now */
  g_unlink (path);
  assert_not_signed (self);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_not_signed (self);
  g_unlink (path);
  save (self, "trust.json", large);
  assert_not_signed (self);
}

/* --- The file ------------------------------------------------------------------------------------------------------ */

static void
test_the_file_opens_with_its_passphrase_alone (void)
{
  g_autoptr (MereSecret) root = mere_minisign_secret_new ();
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text ("seven wet lanterns");
  g_autoptr (MereSecret) other = mere_secret_new_from_text ("seven wet lanters");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = mere_minisign_box_close (root, passphrase, "root of headquarters", &error);
  g_autoptr (MereSecret) opened = NULL;

  g_assert_no_error (error);
  opened = mere_minisign_box_open (text, strlen (text), passphrase, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (mere_secret_get_data (opened), mere_secret_get_size (opened), mere_secret_get_data (root), mere_secret_get_size (root));
  g_assert_null (mere_minisign_box_open (text, strlen (text), other, &error));
  g_assert_error (error, MERE_MINISIGN_BOX_ERROR, MERE_MINISIGN_BOX_ERROR_PASSPHRASE);
  g_clear_error (&error);

  /* What it asks for is bounded before anything is worked out. */
  for (gsize size = 0; size < strlen (text) - 1; size += 11)
    {
      g_assert_null (mere_minisign_box_open (text, size, passphrase, &error));
      g_assert_error (error, MERE_MINISIGN_BOX_ERROR, MERE_MINISIGN_BOX_ERROR_FORMAT);
      g_clear_error (&error);
    }
}

#define ADD(name, function) g_test_add ("/root/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("work-goes-on-without-the-root", test_work_goes_on_without_the_root);
  ADD ("what-the-root-signs-is-refused-without-it", test_what_the_root_signs_is_refused_without_it);
  ADD ("a-list-that-was-signed-elsewhere-counts", test_a_list_that_was_signed_elsewhere_counts);
  ADD ("a-revocation-is-drafted", test_a_revocation_is_drafted);
  ADD ("a-lent-root-leaves-again", test_a_lent_root_leaves_again);
  ADD ("another-root-is-not-lent", test_another_root_is_not_lent);
  ADD ("a-root-comes-back", test_a_root_comes_back);
  ADD ("a-list-that-nobody-signed-is-not-taken", test_a_list_that_nobody_signed_is_not_taken);
  ADD ("only-the-last-draft-is-taken", test_only_the_last_draft_is_taken);
  ADD ("changed-files-are-refused", test_changed_files_are_refused);
  ADD ("the-root-signs-no-other-list", test_the_root_signs_no_other_list);
  g_test_add_func ("/root/the-file-opens-with-its-passphrase-alone", test_the_file_opens_with_its_passphrase_alone);

  return g_test_run ();
}
