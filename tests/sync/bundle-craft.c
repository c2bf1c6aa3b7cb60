/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/sync/bundle-craft.h"

#include <string.h>
#include <zstd.h>

#include "sync/manifest-private.h"
#include "sync/ustar.h"

#define DECLARED MERE_TEST_CRAFT_DECLARED

void
mere_test_craft_clear (MereTestCraft *self)
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

void
mere_test_craft_list (MereTestCraft *self,
                      const char    *content)
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

void
mere_test_add_member (GByteArray   *tar,
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

void
mere_test_craft_put (MereTestCraft *self,
                     const char    *content)
{
  g_autofree char *b2 = mere_test_b2 (content, strlen (content));
  g_autofree char *path = mere_entry_path_of_blob (b2);

  mere_test_add_member (self->members, path, content, strlen (content));
}

void
mere_test_craft_init (MereTestCraft *self)
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
  mere_test_craft_list (self, "alpha");
}

char *
mere_test_craft_make_manifest (const MereTestCraft *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->manifest != NULL)
    return g_strdup (self->manifest);

  mere_manifest_append_head (text, self->head);
  g_string_append_printf (text, "%s]}\n", self->files->str);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GByteArray *
make_tar (const MereTestCraft *self)
{
  GByteArray      *tar = g_byte_array_new ();
  g_autofree char *manifest = mere_test_craft_make_manifest (self);
  g_autofree char *comment = g_strdup_printf ("merestone-manifest/1 b=%s", self->head->bundle);
  g_autofree char *signature = NULL;
  guint            used;

  signature = mere_minisign_sign_data (self->inner, manifest, strlen (manifest), self->inner_comment != NULL ? self->inner_comment : comment);
  if (!self->bare)
    {
      mere_test_add_member (tar, "manifest.json", manifest, strlen (manifest));
      mere_test_add_member (tar, "manifest.json.minisig", signature, strlen (signature));
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
compress (const MereTestCraft *self,
          const GByteArray    *tar)
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
encrypt (const MereTestCraft *self,
         const GByteArray    *plain)
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

char *
mere_test_craft_make (const MereTestCraft *self)
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
