/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bundles that nobody should make: by an enrolled device that was taken over, or by an insider. Each is like a sound one but
 * for one thing, and is refused for just that. */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <sodium.h>
#include <string.h>

#include "sync/ustar.h"
#include "tests/support/peak.h"
#include "tests/sync/bundle-craft.h"

#define WINDOW_LOG_16_MIB 24
#define MOST_MEMORY (32 * 1024) /* KiB more than before */
#define N_TINY_MEMBERS 100000
#define N_TINY_MEMBERS_DEEP 1000000

/* A stranger to the laptop, with keys of his own. */
static MereSecret *other_sign;
static char       *other_recipient;

/* One member as libarchive writes it, without the end of an archive. */
static void
add_by_libarchive (GByteArray           *tar,
                   int                   format,
                   struct archive_entry *entry,
                   const char           *content)
{
  struct archive *writer = archive_write_new ();
  guint8          buffer[65536];
  size_t          used = 0;

  g_assert_cmpint (archive_write_set_format (writer, format), ==, ARCHIVE_OK);
  archive_write_set_bytes_per_block (writer, MERE_USTAR_BLOCK);
  g_assert_cmpint (archive_write_open_memory (writer, buffer, sizeof buffer, &used), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_header (writer, entry), ==, ARCHIVE_OK);
  archive_write_data (writer, content, strlen (content));
  g_assert_cmpint (archive_write_close (writer), ==, ARCHIVE_OK);
  archive_write_free (writer);
  while (used >= MERE_USTAR_BLOCK && sodium_is_zero (buffer + used - MERE_USTAR_BLOCK, MERE_USTAR_BLOCK))
    used -= MERE_USTAR_BLOCK;
  g_byte_array_append (tar, buffer, used);
}

static struct archive_entry *
new_entry (const char *name,
           guint       type,
           gint64      size)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, type);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, size);

  return entry;
}

static void
leave_sound (MereTestCraft *self)
{
  mere_test_craft_put (self, "alpha");
}

static void
sign_over (MereTestCraft *self)
{
  leave_sound (self);
  self->outer = other_sign;
}

/* An insider strips both signatures' author: outside his, inside the laptop's, and he is enrolled himself. */
static void
sign_over_as_enrolled (MereTestCraft *self)
{
  leave_sound (self);
  self->inner = other_sign;
}

static void
claim_another_key (MereTestCraft *self)
{
  MereMinisignKey key;

  leave_sound (self);
  mere_minisign_secret_get_key (other_sign, &key);
  g_free (self->head->sign_key);
  self->head->sign_key = mere_minisign_key_to_text (&key);
}

static void
claim_another_device (MereTestCraft *self)
{
  leave_sound (self);
  g_free (self->head->device);
  g_free (self->head->bundle);
  self->head->device = g_strdup ("k7q2m9xd");
  self->head->bundle = mere_bundle_name_new ("k7q2m9xd", 1, 1);
}

static void
rename_file (MereTestCraft *self)
{
  leave_sound (self);
  self->name = mere_bundle_name_new (self->road->device, 1, 2);
}

static void
swap_manifest (MereTestCraft *self)
{
  leave_sound (self);
  self->outer_comment = g_strdup_printf ("merestone-bundle/1 b=%s k=receipt r=7 t=%d e=3", self->head->bundle, MERE_TEST_CRAFT_DECLARED);
}

static void
swap_manifest_of_another_bundle (MereTestCraft *self)
{
  leave_sound (self);
  self->inner_comment = g_strdup_printf ("merestone-manifest/1 b=%s-01-000002", self->road->device);
}

static void
sign_something_else (MereTestCraft *self)
{
  leave_sound (self);
  self->outer_comment = g_strdup ("merestone-manifest/1 b=k7q2m9xd-01-000042");
}

static void
declare_too_much (MereTestCraft *self)
{
  leave_sound (self);
  self->head->bytes = MERE_BUNDLE_MAX_TAR;
}

static void
declare_more_than_any (MereTestCraft *self)
{
  leave_sound (self);
  self->head->bytes = MERE_BUNDLE_MAX_TAR + 1;
}

static void
encrypt_to_others (MereTestCraft *self)
{
  leave_sound (self);
  self->recipients[0] = other_recipient;
}

/* Forwarded: the manifest says another, we were let in afterwards. */
static void
forward (MereTestCraft *self)
{
  leave_sound (self);
  g_free (self->head->recipients[0]);
  self->head->recipients[0] = g_strdup (other_recipient);
}

static void
add_a_secret_recipient (MereTestCraft *self)
{
  leave_sound (self);
  self->recipients[1] = other_recipient;
}

static void
add_after_age (MereTestCraft *self)
{
  leave_sound (self);
  self->after_age = "x";
}

static void
add_after_zstd (MereTestCraft *self)
{
  leave_sound (self);
  self->after_zstd = "not a frame";
}

static void
add_after_tar (MereTestCraft *self)
{
  leave_sound (self);
  self->after_tar = "x";
}

static void
want_a_large_window (MereTestCraft *self)
{
  leave_sound (self);
  self->window_log = WINDOW_LOG_16_MIB;
}

/* A gibibyte of zeros in 33 kilobytes: far more than declared. */
static void
bomb (MereTestCraft *self)
{
  leave_sound (self);
  self->filling = G_GUINT64_CONSTANT (1) << 30;
}

static void
leave_out_the_end (MereTestCraft *self)
{
  leave_sound (self);
  self->filling = MERE_USTAR_BLOCK;
}

static void
break_a_header (MereTestCraft *self)
{
  leave_sound (self);
  self->members->data[5] ^= 1;
}

static void
use_pax (MereTestCraft *self)
{
  struct archive_entry *entry = new_entry ("blobs/x", AE_IFREG, 5);

  archive_entry_xattr_add_entry (entry, "user.mime_type", "text/plain", 10);
  add_by_libarchive (self->members, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, entry, "alpha");
  archive_entry_free (entry);
}

static void
use_gnu_long_names (MereTestCraft *self)
{
  g_autofree char      *name = g_strnfill (300, 'a');
  struct archive_entry *entry = new_entry (name, AE_IFREG, 5);

  add_by_libarchive (self->members, ARCHIVE_FORMAT_TAR_GNUTAR, entry, "alpha");
  archive_entry_free (entry);
}

/* A header's type, and its checksum after that. */
static void
set_type (guint8 block[MERE_USTAR_BLOCK],
          char   type)
{
  guint sum = 8 * ' ';

  block[156] = type;
  for (guint i = 0; i < MERE_USTAR_BLOCK; i++)
    sum += i < 148 || i >= 156 ? block[i] : 0;
  g_snprintf ((char *) block + 148, 7, "%06o", sum);
}

static void
use_a_gigantic_extension (MereTestCraft *self)
{
  guint8 block[MERE_USTAR_BLOCK];

  mere_ustar_write_header (block, "blobs/x", G_GUINT64_CONSTANT (1) << 30);
  set_type (block, 'x');
  g_byte_array_append (self->members, block, sizeof block);
}

static void
use_a_symlink (MereTestCraft *self)
{
  struct archive_entry *entry = new_entry ("blobs/x", AE_IFLNK, 0);

  archive_entry_set_symlink (entry, "/etc/passwd");
  add_by_libarchive (self->members, ARCHIVE_FORMAT_TAR_USTAR, entry, "");
  archive_entry_free (entry);
}

static void
use_a_folder (MereTestCraft *self)
{
  struct archive_entry *entry = new_entry ("records/", AE_IFDIR, 0);

  add_by_libarchive (self->members, ARCHIVE_FORMAT_TAR_USTAR, entry, "");
  archive_entry_free (entry);
}

static void
climb_out (MereTestCraft *self)
{
  mere_test_add_member (self->members, "../../.bashrc", "alpha", 5);
}

static void
use_an_absolute_name (MereTestCraft *self)
{
  mere_test_add_member (self->members, "/etc/cron.d/x", "alpha", 5);
}

static void
put_twice (MereTestCraft *self)
{
  mere_test_craft_put (self, "alpha");
  mere_test_craft_put (self, "alpha");
}

static void
put_the_manifest_twice (MereTestCraft *self)
{
  mere_test_add_member (self->members, "manifest.json", "{}", 2);
}

static void
list_twice (MereTestCraft *self)
{
  mere_test_craft_put (self, "alpha");
  mere_test_craft_list (self, "alpha");
}

static void
put_extra (MereTestCraft *self)
{
  mere_test_craft_put (self, "alpha");
  mere_test_craft_put (self, "beta");
}

static void
leave_one_out (MereTestCraft *self)
{
  mere_test_craft_put (self, "alpha");
  mere_test_craft_list (self, "beta");
}

static void
change_the_order (MereTestCraft *self)
{
  mere_test_craft_put (self, "beta");
  mere_test_craft_put (self, "alpha");
  mere_test_craft_list (self, "beta");
}

static void
change_content (MereTestCraft *self)
{
  g_autofree char *b2 = mere_test_b2 ("alpha", 5);
  g_autofree char *path = mere_entry_path_of_blob (b2);

  mere_test_add_member (self->members, path, "alphA", 5);
}

static void
change_length (MereTestCraft *self)
{
  g_autofree char *b2 = mere_test_b2 ("alpha", 5);
  g_autofree char *path = mere_entry_path_of_blob (b2);

  mere_test_add_member (self->members, path, "alpha ", 6);
}

static void
leave_out_the_manifest (MereTestCraft *self)
{
  leave_sound (self);
  self->bare = TRUE;
}

static void
break_the_manifest (MereTestCraft *self)
{
  leave_sound (self);
  self->manifest = g_strdup ("{\"format\":\"merestone-bundle\",\"version\":1,");
}

static void
be_newer (MereTestCraft *self)
{
  leave_sound (self);
  self->manifest = g_strdup ("{\"format\":\"merestone-bundle\",\"version\":1,\"critical\":[\"delta\"]}");
}

static void
count_wrong (MereTestCraft *self)
{
  leave_sound (self);
  self->head->entries++;
}

static const struct
{
  const char *name;
  void (*spoil) (MereTestCraft *craft);
  int code; /* 0: sound */
} cases[] = {
  { "sound", leave_sound, 0 },
  { "renamed", rename_file, MERE_BUNDLE_ERROR_RENAMED },
  { "comment-of-something-else", sign_something_else, MERE_BUNDLE_ERROR_COMMENT },
  { "signed-by-an-unknown", sign_over, MERE_BUNDLE_ERROR_SENDER_UNKNOWN },
  { "declares-more-than-its-ratio", declare_too_much, MERE_BUNDLE_ERROR_TOO_LARGE },
  { "declares-more-than-any-may", declare_more_than_any, MERE_BUNDLE_ERROR_TOO_LARGE },
  { "re-signed", sign_over_as_enrolled, MERE_BUNDLE_ERROR_RESIGNED },
  { "claims-another-key", claim_another_key, MERE_BUNDLE_ERROR_RESIGNED },
  { "claims-another-device", claim_another_device, MERE_BUNDLE_ERROR_RESIGNED },
  { "manifest-of-another-kind", swap_manifest, MERE_BUNDLE_ERROR_SWAPPED },
  { "manifest-of-another-bundle", swap_manifest_of_another_bundle, MERE_BUNDLE_ERROR_SWAPPED },
  { "encrypted-to-others", encrypt_to_others, MERE_BUNDLE_ERROR_NOT_FOR_US },
  { "re-encrypted-to-us", forward, MERE_BUNDLE_ERROR_RECIPIENTS },
  { "one-recipient-more", add_a_secret_recipient, MERE_BUNDLE_ERROR_RECIPIENTS },
  { "data-after-age", add_after_age, MERE_BUNDLE_ERROR_CIPHER },
  { "data-after-zstd", add_after_zstd, MERE_BUNDLE_ERROR_COMPRESSION },
  { "data-after-tar", add_after_tar, MERE_BUNDLE_ERROR_ARCHIVE },
  { "large-window", want_a_large_window, MERE_BUNDLE_ERROR_COMPRESSION },
  { "bomb", bomb, MERE_BUNDLE_ERROR_EXPANDS },
  { "no-end-of-archive", leave_out_the_end, MERE_BUNDLE_ERROR_ARCHIVE },
  { "broken-header", break_a_header, MERE_BUNDLE_ERROR_ARCHIVE },
  { "pax-header", use_pax, MERE_BUNDLE_ERROR_EXTENSION },
  { "gnu-long-name", use_gnu_long_names, MERE_BUNDLE_ERROR_EXTENSION },
  { "extension-of-a-gigabyte", use_a_gigantic_extension, MERE_BUNDLE_ERROR_EXTENSION },
  { "symlink", use_a_symlink, MERE_BUNDLE_ERROR_LINK },
  { "folder", use_a_folder, MERE_BUNDLE_ERROR_LINK },
  { "name-that-climbs", climb_out, MERE_BUNDLE_ERROR_NAME },
  { "absolute-name", use_an_absolute_name, MERE_BUNDLE_ERROR_NAME },
  { "entry-twice", put_twice, MERE_BUNDLE_ERROR_DUPLICATE },
  { "manifest-twice", put_the_manifest_twice, MERE_BUNDLE_ERROR_DUPLICATE },
  { "listed-twice", list_twice, MERE_BUNDLE_ERROR_DUPLICATE },
  { "extra-entry", put_extra, MERE_BUNDLE_ERROR_ENTRIES },
  { "missing-entry", leave_one_out, MERE_BUNDLE_ERROR_ENTRIES },
  { "entries-in-another-order", change_the_order, MERE_BUNDLE_ERROR_ENTRIES },
  { "wrong-count", count_wrong, MERE_BUNDLE_ERROR_ENTRIES },
  { "changed-content", change_content, MERE_BUNDLE_ERROR_CONTENT },
  { "changed-length", change_length, MERE_BUNDLE_ERROR_CONTENT },
  { "no-manifest", leave_out_the_manifest, MERE_BUNDLE_ERROR_MANIFEST_MISSING },
  { "broken-manifest", break_the_manifest, MERE_BUNDLE_ERROR_MANIFEST },
  { "newer-version", be_newer, MERE_BUNDLE_ERROR_NEWER },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (MereTestCraft) craft;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  mere_test_craft_init (&craft);
  cases[i].spoil (&craft);
  path = mere_test_craft_make (&craft);
  if (cases[i].code != 0)
    mere_test_road_assert_refused (craft.road, path, cases[i].code);
  else
    g_assert_true (mere_test_road_read (craft.road, path, &error));
}

/* The manifest's own signature, changed while the outer one holds. */
static void
test_the_inner_signature_is_checked_by_itself (void)
{
  g_auto (MereTestCraft) craft;
  g_autofree char *manifest = NULL;
  g_autofree char *path = NULL;
  g_autofree char *comment = NULL;
  g_autofree char *of_another = NULL;

  mere_test_craft_init (&craft);
  leave_sound (&craft);
  manifest = mere_test_craft_make_manifest (&craft);
  comment = g_strdup_printf ("merestone-manifest/1 b=%s", craft.head->bundle);
  of_another = mere_minisign_sign_data (craft.inner, "another", 7, comment);
  g_byte_array_set_size (craft.members, 0);
  mere_test_add_member (craft.members, "manifest.json", manifest, strlen (manifest));
  mere_test_add_member (craft.members, "manifest.json.minisig", of_another, strlen (of_another));
  mere_test_craft_put (&craft, "alpha");
  craft.bare = TRUE;
  path = mere_test_craft_make (&craft);
  mere_test_road_assert_refused (craft.road, path, MERE_BUNDLE_ERROR_INNER_SIGNATURE);
}

/* 32,500 : 1, by an enrolled sender who declares less: the reader stops there. */
static void
test_a_bomb_costs_no_memory (void)
{
  g_auto (MereTestCraft) craft;
  g_autofree char *path = NULL;
  gint64           before;

  mere_test_craft_init (&craft);
  bomb (&craft);
  path = mere_test_craft_make (&craft);
  before = mere_test_peak_begin ();
  mere_test_road_assert_refused (craft.road, path, MERE_BUNDLE_ERROR_EXPANDS);
  mere_test_peak_end (before, MOST_MEMORY);
}

/* Empty files beyond what was declared. */
static void
test_a_host_of_tiny_members_costs_no_memory (void)
{
  g_auto (MereTestCraft) craft;
  g_autofree char *path = NULL;
  gint64           before;
  guint            n = g_getenv ("MERESTONE_TEST_DEEP") != NULL ? N_TINY_MEMBERS_DEEP : N_TINY_MEMBERS;

  mere_test_craft_init (&craft);
  leave_sound (&craft);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("blobs/%064u", i);

      mere_test_add_member (craft.members, name, "", 0);
    }
  craft.filling = 2 * MERE_USTAR_BLOCK;
  path = mere_test_craft_make (&craft);
  before = mere_test_peak_begin ();
  mere_test_road_assert_refused (craft.road, path, MERE_BUNDLE_ERROR_EXPANDS);
  mere_test_peak_end (before, MOST_MEMORY);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (MereSecret) other = NULL;
  g_autofree char *recipient = NULL;

  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  other_sign = mere_minisign_secret_new ();
  other = mere_age_identity_new ();
  other_recipient = recipient = mere_age_identity_dup_recipient (other);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *test_path = g_strconcat ("/bundle-hostile/", cases[i].name, NULL);

      g_test_add_data_func (test_path, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/bundle-hostile/the-inner-signature-is-checked-by-itself", test_the_inner_signature_is_checked_by_itself);
  g_test_add_func ("/bundle-hostile/a-bomb-costs-no-memory", test_a_bomb_costs_no_memory);
  g_test_add_func ("/bundle-hostile/a-host-of-tiny-members-costs-no-memory", test_a_host_of_tiny_members_costs_no_memory);

  return g_test_run ();
}
