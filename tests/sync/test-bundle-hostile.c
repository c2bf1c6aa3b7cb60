/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bundles that nobody should make: by an enrolled device that was taken over, or by an insider. Each is like a sound one but
 * for one thing, and is refused for just that. */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <zstd.h>

#include "bundle-fixture.h"
#include "sync/code.h"
#include "sync/manifest-private.h"
#include "sync/ustar.h"

#define DECLARED 102400 /* bytes of the archive, as both manifest and comment say; filled up with zeros */
#define WINDOW_LOG_16_MIB 24

typedef struct
{
  MereTestRoad *road;
  MereManifest *head;
  GString      *files;    /* of the manifest */
  GByteArray   *members;  /* those after the manifest and its signature */
  gboolean      bare;     /* without manifest and signature */
  char         *manifest; /* instead of the one made from head and files */
  char         *inner_comment;
  char         *outer_comment;
  char         *name;  /* of the file */
  MereSecret   *inner; /* who signs; borrowed */
  MereSecret   *outer;
  const char   *recipients[4];
  int           window_log;
  guint64       filling; /* that many zeros after the archive instead of up to DECLARED */
  const char   *after_tar, *after_zstd, *after_age;
} Craft;

/* A stranger to the laptop, with keys of his own. */
static MereSecret *other_sign;
static char       *other_recipient;

static void
craft_clear (Craft *self)
{
  g_clear_pointer (&self->road, mere_test_road_free);
  g_clear_pointer (&self->head, mere_manifest_free);
  g_string_free (self->files, TRUE);
  g_byte_array_unref (self->members);
  g_free (self->manifest);
  g_free (self->inner_comment);
  g_free (self->outer_comment);
  g_free (self->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Craft, craft_clear)

static void
list_blob (Craft      *self,
           const char *content)
{
  g_autofree char *b2 = mere_test_b2 (content, strlen (content));
  MereEntry        entry = { .type = MERE_ENTRY_BLOB, .size = strlen (content), .b2 = b2 };

  g_assert_null (mere_entry_complete (&entry));
  if (self->files->len > 0)
    g_string_append_c (self->files, ',');
  mere_entry_append (self->files, &entry);
  g_free (entry.path);
  self->head->entries++;
}

static void
add_member (GByteArray   *tar,
            const char   *name,
            gconstpointer content,
            gsize         size)
{
  static const guint8 zeros[MERE_USTAR_BLOCK];
  guint8              block[MERE_USTAR_BLOCK];

  mere_ustar_write_header (block, name, size);
  g_byte_array_append (tar, block, sizeof block);
  g_byte_array_append (tar, content, size);
  g_byte_array_append (tar, zeros, mere_ustar_member_size (size) - MERE_USTAR_BLOCK - size);
}

static void
put_blob (Craft      *self,
          const char *content)
{
  g_autofree char *b2 = mere_test_b2 (content, strlen (content));
  g_autofree char *path = mere_entry_path_of_blob (b2);

  add_member (self->members, path, content, strlen (content));
}

/* A sound bundle of one file, "alpha", ready to be spoilt. */
static void
craft_init (Craft *self)
{
  memset (self, 0, sizeof *self);
  self->road = mere_test_road_new ();
  self->head = mere_test_road_new_head (self->road);
  self->head->bundle = mere_bundle_name_new (self->road->device, 1, 1);
  self->head->sign_key = mere_minisign_key_to_text (&self->road->key);
  self->head->entries = 2;
  self->head->bytes = DECLARED;
  self->files = g_string_new (NULL);
  self->members = g_byte_array_new ();
  self->inner = self->outer = self->road->sign;
  self->recipients[0] = self->road->hq_recipient;
  list_blob (self, "alpha");
}

static char *
make_manifest (const Craft *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->manifest != NULL)
    return g_strdup (self->manifest);

  mere_manifest_append_head (text, self->head);
  g_string_append_printf (text, "%s]}\n", self->files->str);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GByteArray *
make_tar (const Craft *self)
{
  GByteArray      *tar = g_byte_array_new ();
  g_autofree char *manifest = make_manifest (self);
  g_autofree char *comment = g_strdup_printf ("merestone-manifest/1 b=%s", self->head->bundle);
  g_autofree char *signature = NULL;
  guint            used;

  signature = mere_minisign_sign_data (self->inner, manifest, strlen (manifest), self->inner_comment != NULL ? self->inner_comment : comment);
  if (!self->bare)
    {
      add_member (tar, "manifest.json", manifest, strlen (manifest));
      add_member (tar, "manifest.json.minisig", signature, strlen (signature));
    }
  g_byte_array_append (tar, self->members->data, self->members->len);
  used = tar->len;
  if (self->filling == 0)
    g_byte_array_set_size (tar, DECLARED);
  memset (tar->data + used, 0, tar->len - used);
  if (self->after_tar != NULL)
    memcpy (tar->data + tar->len - strlen (self->after_tar), self->after_tar, strlen (self->after_tar));

  return tar;
}

static GByteArray *
compress (const Craft      *self,
          const GByteArray *tar)
{
  static const guint8 zeros[MERE_USTAR_BLOCK];
  GByteArray         *out = g_byte_array_new ();
  ZSTD_CCtx          *context = ZSTD_createCCtx ();
  ZSTD_inBuffer       in = { tar->data, tar->len, 0 };
  ZSTD_outBuffer      room;

  g_byte_array_set_size (out, ZSTD_compressBound (tar->len) + self->filling / MERE_USTAR_BLOCK);
  room = (ZSTD_outBuffer){ out->data, out->len, 0 };
  if (self->window_log != 0)
    ZSTD_CCtx_setParameter (context, ZSTD_c_windowLog, self->window_log);
  ZSTD_compressStream2 (context, &room, &in, ZSTD_e_continue); /* or it would learn the size, and need no window */
  for (guint64 i = 0; i < self->filling; i += sizeof zeros)
    {
      in = (ZSTD_inBuffer){ zeros, sizeof zeros, 0 };
      ZSTD_compressStream2 (context, &room, &in, ZSTD_e_continue);
    }
  g_assert_cmpuint (ZSTD_compressStream2 (context, &room, &in, ZSTD_e_end), ==, 0);
  ZSTD_freeCCtx (context);
  g_byte_array_set_size (out, room.pos);
  if (self->after_zstd != NULL)
    g_byte_array_append (out, (const guint8 *) self->after_zstd, strlen (self->after_zstd));

  return out;
}

static GByteArray *
encrypt (const Craft      *self,
         const GByteArray *plain)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MereAgeWriter) writer = mere_age_writer_new (self->recipients, mere_write_to_bytes, out, &error);

  g_assert_no_error (error);
  g_assert_true (mere_age_writer_write (writer, plain->data, plain->len, &error));
  g_assert_true (mere_age_writer_finish (writer, &error));
  if (self->after_age != NULL)
    g_byte_array_append (out, (const guint8 *) self->after_age, strlen (self->after_age));

  return out;
}

/* The pair of files; (transfer full): path of the .age. */
static char *
craft_make (const Craft *self)
{
  g_autoptr (GByteArray) tar = make_tar (self);
  g_autoptr (GByteArray) compressed = compress (self, tar);
  g_autoptr (GByteArray) age = encrypt (self, compressed);
  MereBundleComment outer = { .kind = self->head->kind, .trust = self->head->trust, .bytes = self->head->bytes, .entries = self->head->entries };
  g_autofree char  *comment = NULL;
  g_autofree char  *signature = NULL;
  g_autofree char  *signature_path = NULL;
  char             *path;

  g_strlcpy (outer.name, self->head->bundle, sizeof outer.name);
  comment = mere_bundle_comment_to_text (&outer);
  signature = mere_minisign_sign_data (self->outer, age->data, age->len, self->outer_comment != NULL ? self->outer_comment : comment);
  path = g_strdup_printf ("%s/%s" MERE_BUNDLE_SUFFIX, self->road->folder, self->name != NULL ? self->name : self->head->bundle);
  signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  mere_test_save (path, age->data, age->len);
  mere_test_save (signature_path, signature, strlen (signature));

  return path;
}

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
leave_sound (Craft *self)
{
  put_blob (self, "alpha");
}

static void
sign_over (Craft *self)
{
  leave_sound (self);
  self->outer = other_sign;
}

/* An insider strips both signatures' author: outside his, inside the laptop's, and he is enrolled himself. */
static void
sign_over_as_enrolled (Craft *self)
{
  leave_sound (self);
  self->inner = other_sign;
}

static void
claim_another_key (Craft *self)
{
  MereMinisignKey key;

  leave_sound (self);
  mere_minisign_secret_get_key (other_sign, &key);
  g_free (self->head->sign_key);
  self->head->sign_key = mere_minisign_key_to_text (&key);
}

static void
claim_another_device (Craft *self)
{
  leave_sound (self);
  g_free (self->head->device);
  g_free (self->head->bundle);
  self->head->device = g_strdup ("k7q2m9xd");
  self->head->bundle = mere_bundle_name_new ("k7q2m9xd", 1, 1);
}

static void
rename_file (Craft *self)
{
  leave_sound (self);
  self->name = mere_bundle_name_new (self->road->device, 1, 2);
}

static void
swap_manifest (Craft *self)
{
  leave_sound (self);
  self->outer_comment = g_strdup_printf ("merestone-bundle/1 b=%s k=receipt r=7 t=%d e=3", self->head->bundle, DECLARED);
}

static void
swap_manifest_of_another_bundle (Craft *self)
{
  leave_sound (self);
  self->inner_comment = g_strdup_printf ("merestone-manifest/1 b=%s-01-000002", self->road->device);
}

static void
sign_something_else (Craft *self)
{
  leave_sound (self);
  self->outer_comment = g_strdup ("merestone-manifest/1 b=k7q2m9xd-01-000042");
}

static void
declare_too_much (Craft *self)
{
  leave_sound (self);
  self->head->bytes = MERE_BUNDLE_MAX_TAR;
}

static void
declare_more_than_any (Craft *self)
{
  leave_sound (self);
  self->head->bytes = MERE_BUNDLE_MAX_TAR + 1;
}

static void
encrypt_to_others (Craft *self)
{
  leave_sound (self);
  self->recipients[0] = other_recipient;
}

/* Forwarded: the manifest says another, we were let in afterwards. */
static void
forward (Craft *self)
{
  leave_sound (self);
  g_free (self->head->recipients[0]);
  self->head->recipients[0] = g_strdup (other_recipient);
}

static void
add_a_secret_recipient (Craft *self)
{
  leave_sound (self);
  self->recipients[1] = other_recipient;
}

static void
add_after_age (Craft *self)
{
  leave_sound (self);
  self->after_age = "x";
}

static void
add_after_zstd (Craft *self)
{
  leave_sound (self);
  self->after_zstd = "not a frame";
}

static void
add_after_tar (Craft *self)
{
  leave_sound (self);
  self->after_tar = "x";
}

static void
want_a_large_window (Craft *self)
{
  leave_sound (self);
  self->window_log = WINDOW_LOG_16_MIB;
}

/* A gibibyte of zeros in 33 kilobytes: far more than declared. */
static void
bomb (Craft *self)
{
  leave_sound (self);
  self->filling = G_GUINT64_CONSTANT (1) << 30;
}

static void
leave_out_the_end (Craft *self)
{
  leave_sound (self);
  self->filling = MERE_USTAR_BLOCK;
}

static void
break_a_header (Craft *self)
{
  leave_sound (self);
  self->members->data[5] ^= 1;
}

static void
use_pax (Craft *self)
{
  struct archive_entry *entry = new_entry ("blobs/x", AE_IFREG, 5);

  archive_entry_xattr_add_entry (entry, "user.mime_type", "text/plain", 10);
  add_by_libarchive (self->members, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, entry, "alpha");
  archive_entry_free (entry);
}

static void
use_gnu_long_names (Craft *self)
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
use_a_gigantic_extension (Craft *self)
{
  guint8 block[MERE_USTAR_BLOCK];

  mere_ustar_write_header (block, "blobs/x", G_GUINT64_CONSTANT (1) << 30);
  set_type (block, 'x');
  g_byte_array_append (self->members, block, sizeof block);
}

static void
use_a_symlink (Craft *self)
{
  struct archive_entry *entry = new_entry ("blobs/x", AE_IFLNK, 0);

  archive_entry_set_symlink (entry, "/etc/passwd");
  add_by_libarchive (self->members, ARCHIVE_FORMAT_TAR_USTAR, entry, "");
  archive_entry_free (entry);
}

static void
use_a_folder (Craft *self)
{
  struct archive_entry *entry = new_entry ("records/", AE_IFDIR, 0);

  add_by_libarchive (self->members, ARCHIVE_FORMAT_TAR_USTAR, entry, "");
  archive_entry_free (entry);
}

static void
climb_out (Craft *self)
{
  add_member (self->members, "../../.bashrc", "alpha", 5);
}

static void
use_an_absolute_name (Craft *self)
{
  add_member (self->members, "/etc/cron.d/x", "alpha", 5);
}

static void
put_twice (Craft *self)
{
  put_blob (self, "alpha");
  put_blob (self, "alpha");
}

static void
put_the_manifest_twice (Craft *self)
{
  add_member (self->members, "manifest.json", "{}", 2);
}

static void
list_twice (Craft *self)
{
  put_blob (self, "alpha");
  list_blob (self, "alpha");
}

static void
put_extra (Craft *self)
{
  put_blob (self, "alpha");
  put_blob (self, "beta");
}

static void
leave_one_out (Craft *self)
{
  put_blob (self, "alpha");
  list_blob (self, "beta");
}

static void
change_the_order (Craft *self)
{
  put_blob (self, "beta");
  put_blob (self, "alpha");
  list_blob (self, "beta");
}

static void
change_content (Craft *self)
{
  g_autofree char *b2 = mere_test_b2 ("alpha", 5);
  g_autofree char *path = mere_entry_path_of_blob (b2);

  add_member (self->members, path, "alphA", 5);
}

static void
change_length (Craft *self)
{
  g_autofree char *b2 = mere_test_b2 ("alpha", 5);
  g_autofree char *path = mere_entry_path_of_blob (b2);

  add_member (self->members, path, "alpha ", 6);
}

static void
leave_out_the_manifest (Craft *self)
{
  leave_sound (self);
  self->bare = TRUE;
}

static void
break_the_manifest (Craft *self)
{
  leave_sound (self);
  self->manifest = g_strdup ("{\"format\":\"merestone-bundle\",\"version\":1,");
}

static void
be_newer (Craft *self)
{
  leave_sound (self);
  self->manifest = g_strdup ("{\"format\":\"merestone-bundle\",\"version\":1,\"critical\":[\"delta\"]}");
}

static void
count_wrong (Craft *self)
{
  leave_sound (self);
  self->head->entries++;
}

static const struct
{
  const char *name;
  void (*spoil) (Craft *craft);
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
  g_auto (Craft) craft;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  craft_init (&craft);
  cases[i].spoil (&craft);
  path = craft_make (&craft);
  if (cases[i].code != 0)
    mere_test_road_assert_refused (craft.road, path, cases[i].code);
  else
    g_assert_true (mere_test_road_read (craft.road, path, &error));
}

/* The manifest's own signature, changed while the outer one holds. */
static void
test_the_inner_signature_is_checked_by_itself (void)
{
  g_auto (Craft) craft;
  g_autofree char *manifest = NULL;
  g_autofree char *path = NULL;
  g_autofree char *comment = NULL;
  g_autofree char *of_another = NULL;

  craft_init (&craft);
  leave_sound (&craft);
  manifest = make_manifest (&craft);
  comment = g_strdup_printf ("merestone-manifest/1 b=%s", craft.head->bundle);
  of_another = mere_minisign_sign_data (craft.inner, "another", 7, comment);
  g_byte_array_set_size (craft.members, 0);
  add_member (craft.members, "manifest.json", manifest, strlen (manifest));
  add_member (craft.members, "manifest.json.minisig", of_another, strlen (of_another));
  put_blob (&craft, "alpha");
  craft.bare = TRUE;
  path = craft_make (&craft);
  mere_test_road_assert_refused (craft.road, path, MERE_BUNDLE_ERROR_INNER_SIGNATURE);
}

/* 32,500 : 1, by an enrolled sender who declares less: the reader stops there. */
static void
test_a_bomb_costs_no_memory (void)
{
  g_auto (Craft) craft;
  g_autofree char *path = NULL;
  struct rusage    before, after;

  craft_init (&craft);
  bomb (&craft);
  path = craft_make (&craft);
  getrusage (RUSAGE_SELF, &before);
  mere_test_road_assert_refused (craft.road, path, MERE_BUNDLE_ERROR_EXPANDS);
  getrusage (RUSAGE_SELF, &after);
  g_assert_cmpint (after.ru_maxrss - before.ru_maxrss, <, 32 * 1024); /* KiB */
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

  return g_test_run ();
}
