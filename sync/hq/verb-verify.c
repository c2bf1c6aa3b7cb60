/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `verify`: what a bundle is, and who made it. Takes nothing in. With the vault both signatures are checked and all of the
 * content; for an auditor without one, --key alone checks the outer signature and --identity the rest. */

#include "config.h"

#include "sync/bundle-reader.h"
#include "sync/code.h"
#include "sync/hq/device.h"
#include "sync/hq/keyring.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  MereStore      *store; /* NULL without a vault */
  MereKeyring    *keys;  /* likewise */
  MereMinisignKey key;   /* of --key */
  gboolean        has_key;
  GPtrArray      *identities; /* MereSecret: what may open it */
  MereDevice     *device;     /* that signed it, where it is known */
  gboolean        is_own;     /* headquarters has signed it */
} Verifying;

static void
verifying_clear (Verifying *self)
{
  g_clear_pointer (&self->keys, mere_keyring_free);
  g_clear_pointer (&self->identities, g_ptr_array_unref);
  g_clear_pointer (&self->device, mere_device_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Verifying, verifying_clear)

static void
secret_free (gpointer secret)
{
  mere_secret_free (secret);
}

static gboolean
load_key (Verifying  *self,
          const char *path,
          GError    **error)
{
  g_autofree char *text = NULL;

  if (path == NULL)
    return TRUE;
  self->has_key = TRUE;
  return g_file_get_contents (path, &text, NULL, error) && mere_minisign_key_parse (text, &self->key, error);
}

static gboolean
load_identity (Verifying  *self,
               const char *path,
               GError    **error)
{
  g_autofree char *text = NULL;
  gsize            size = 0;
  MereSecret      *identity;

  if (path == NULL)
    return TRUE;
  if (!g_file_get_contents (path, &text, &size, error))
    return FALSE;
  identity = mere_age_identity_parse (text, error);
  sodium_memzero (text, size);
  if (identity != NULL)
    g_ptr_array_add (self->identities, identity);
  return identity != NULL;
}

static gboolean
load_vault (Verifying *self,
            MereHq    *hq,
            GError   **error)
{
  if (mere_hq_get_place (hq)->vault == NULL && mere_hq_get_place (hq)->address == NULL)
    {
      if (!self->has_key)
        g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("Whose signature is it to be? Give --vault DIR, --store ADDRESS or --key FILE."));
      return self->has_key;
    }
  self->store = mere_hq_open (hq, error);
  self->keys = self->store != NULL ? mere_keyring_load (self->store, error) : NULL;
  if (self->keys == NULL)
    return FALSE;
  g_ptr_array_add (self->identities, mere_secret_copy (self->keys->box));
  return TRUE;
}

static gboolean
find_sender (gpointer                 user_data,
             const MereBundleComment *comment,
             const guint8             number[8],
             MereMinisignKey         *key,
             GError                 **error)
{
  Verifying *self = user_data;

  if (self->has_key && mere_bundle_sender_is (&self->key, comment, number, key, error))
    return TRUE;
  if (self->store == NULL)
    return FALSE;
  if (mere_trust_find_signer (self->keys->trust, number, key))
    {
      self->is_own = TRUE;
      return TRUE;
    }
  self->device = mere_device_load_by_number (self->store, number, error);
  return self->device != NULL && mere_minisign_key_parse (self->device->sign_key, key, error);
}

static JsonObject *
entry_to_json (const MereEntry *entry)
{
  JsonObject *object = json_object_new ();

  mere_hq_set_text (object, "path", entry->path);
  mere_hq_set_text (object, "type", mere_entry_type_to_string (entry->type));
  json_object_set_int_member (object, "size", (gint64) entry->size);
  mere_hq_set_text (object, "b2", entry->b2);
  mere_hq_set_text (object, "record", entry->record);
  mere_hq_set_text (object, "form", entry->form);
  return object;
}

static void
add_inside (JsonObject         *object,
            const MereManifest *manifest)
{
  JsonArray *files = json_array_new ();
  g_auto (MereEntry) entry = { 0 };
  MereManifestWalk walk;

  mere_manifest_walk_init (&walk, manifest);
  while (mere_manifest_walk_next (&walk, &entry))
    json_array_add_object_element (files, entry_to_json (&entry));
  mere_hq_set_text (object, "created", manifest->created);
  mere_hq_set_text (object, "chain", manifest->chain_id);
  json_object_set_int_member (object, "seq", manifest->seq);
  mere_hq_set_text (object, "prev", manifest->prev);
  json_object_set_array_member (object, "files", files);
}

static void
add_outside (JsonObject       *object,
             Verifying        *self,
             MereBundleReader *reader)
{
  const MereBundleComment *comment = mere_bundle_reader_get_comment (reader);
  g_autofree char         *key = mere_minisign_key_to_text (mere_bundle_reader_get_key (reader));

  mere_hq_set_text (object, "bundle", comment->name);
  mere_hq_set_text (object, "kind", mere_bundle_kind_to_string (comment->kind));
  mere_hq_set_text (object, "sign_key", key);
  mere_hq_set_text (object, "device", self->is_own ? self->keys->hq : (self->device != NULL ? self->device->device : NULL));
  mere_hq_set_text (object, "label", self->is_own ? self->keys->label : (self->device != NULL ? self->device->label : NULL));
  json_object_set_boolean_member (object, "revoked", self->device != NULL && self->device->revoked);
  mere_hq_set_text (object, "b2", mere_bundle_reader_get_b2 (reader));
  json_object_set_int_member (object, "size", (gint64) mere_bundle_reader_get_size (reader));
  json_object_set_int_member (object, "trust", comment->trust);
}

static void
print_entries (const MereManifest *manifest)
{
  g_auto (MereEntry) entry = { 0 };
  MereManifestWalk walk;

  mere_manifest_walk_init (&walk, manifest);
  while (mere_manifest_walk_next (&walk, &entry))
    mere_hq_print ("    %10" G_GUINT64_FORMAT "  %-10s  %s  %s\n",
                   entry.size,
                   mere_entry_type_to_string (entry.type),
                   entry.path,
                   entry.form != NULL ? entry.form : (entry.name != NULL ? entry.name : ""));
}

static void
print_text (Verifying        *self,
            MereBundleReader *reader,
            gboolean          opened)
{
  const MereBundleComment *comment = mere_bundle_reader_get_comment (reader);
  g_autofree char         *key = mere_minisign_key_to_text (mere_bundle_reader_get_key (reader));

  mere_hq_print (_ ("Bundle:     %s (%s)\n"), comment->name, mere_bundle_kind_to_string (comment->kind));
  mere_hq_print (_ ("Signed by:  %s\n"), key);
  if (self->is_own)
    mere_hq_print (_ ("            headquarters %s\n"), self->keys->hq);
  else if (self->device != NULL)
    mere_hq_print (_ ("            laptop %s %s%s\n"), self->device->device, self->device->label, self->device->revoked ? _ (" (revoked)") : "");
  mere_hq_print ("b2sum:      %s\n", mere_bundle_reader_get_b2 (reader));
  if (opened)
    print_entries (mere_bundle_reader_get_manifest (reader));
}

/* "sound": both signatures and all of the content. "signed": the outer signature only; the rest is not ours to open. */
static int
tell (MereHq           *hq,
      Verifying        *self,
      MereBundleReader *reader,
      gboolean          opened)
{
  JsonObject *object;

  if (!mere_hq_wants_json (hq))
    print_text (self, reader, opened);
  else
    {
      object = json_object_new ();
      mere_hq_set_text (object, "verdict", opened ? "sound" : "signed");
      add_outside (object, self, reader);
      if (opened)
        add_inside (object, mere_bundle_reader_get_manifest (reader));
      mere_hq_print_json (mere_hq_object_node (object));
    }
  if (opened)
    mere_hq_say ("%s", _ ("Both signatures hold, and the content is what they say, to the last byte."));
  else
    mere_hq_say ("%s", _ ("The outer signature holds. What is inside was not looked at: no key here opens it."));
  return MERE_HQ_DONE;
}

static int
refuse (MereHq       *hq,
        const char   *path,
        const GError *error)
{
  JsonObject *object;

  if (error->domain != MERE_BUNDLE_ERROR)
    return mere_hq_fail (error);
  if (mere_hq_wants_json (hq))
    {
      object = json_object_new ();
      mere_hq_set_text (object, "file", path);
      mere_hq_set_text (object, "verdict", "refused");
      mere_hq_set_text (object, "code", mere_bundle_error_get_name (error->code));
      mere_hq_set_text (object, "message", error->message);
      mere_hq_print_json (mere_hq_object_node (object));
    }
  mere_hq_say ("%s: %s: %s", path, mere_bundle_error_get_name (error->code), error->message);
  return MERE_HQ_REFUSED;
}

/* A laptop's name is the hash of its key; what it says of itself must be that. */
static gboolean
check_name (MereBundleReader *reader,
            GError          **error)
{
  const MereManifest *manifest = mere_bundle_reader_get_manifest (reader);
  g_autofree char    *device = mere_device_code_new (mere_bundle_reader_get_key (reader));

  if (manifest->kind != MERE_BUNDLE_RECORDS || g_str_equal (manifest->device, device))
    return TRUE;
  g_set_error_literal (error,
                       MERE_BUNDLE_ERROR,
                       MERE_BUNDLE_ERROR_RESIGNED,
                       _ ("The bundle says that it comes from another laptop than the one that signed it."));
  return FALSE;
}

static int
verify (MereHq     *hq,
        Verifying  *self,
        const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereBundleReader) reader = mere_bundle_reader_open (path, find_sender, self, NULL, &error);

  if (reader == NULL)
    return refuse (hq, path, error);
  if (self->identities->len == 0)
    return tell (hq, self, reader, FALSE);
  if (mere_bundle_reader_read (reader, self->identities, NULL, NULL, NULL, NULL, NULL, &error))
    return check_name (reader, &error) ? tell (hq, self, reader, TRUE) : refuse (hq, path, error);
  /* What headquarters sends is encrypted to laptops only. */
  if (self->is_own && g_error_matches (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_NOT_FOR_US))
    return tell (hq, self, reader, FALSE);
  return refuse (hq, path, error);
}

int
mere_verb_verify (MereHq *hq,
                  char ***args)
{
  g_autofree char   *key = NULL;
  g_autofree char   *identity = NULL;
  g_autofree char   *path = NULL;
  gboolean           age = FALSE;
  const GOptionEntry entries[] = {
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, N_ ("Public key of the sender, as minisign -p reads it"), N_ ("FILE") },
    { "identity", 'i', 0, G_OPTION_ARG_FILENAME, &identity, N_ ("Key that opens it, as age -i reads it"), N_ ("FILE") },
    { "age", 0, 0, G_OPTION_ARG_NONE, &age, N_ ("It is any age file: decrypt it to standard output, with --identity"), NULL },
    { NULL },
  };
  g_auto (Verifying) self = { 0 };
  g_autoptr (GError) error = NULL;
  int status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  self.identities = g_ptr_array_new_with_free_func (secret_free);
  if (!load_identity (&self, identity, &error))
    return mere_hq_fail (error);
  if (age && identity != NULL)
    return mere_verify_age ((*args)[1], self.identities);
  if (age)
    {
      mere_hq_say ("%s", _ ("What opens it? Give --identity FILE."));
      return MERE_HQ_USAGE;
    }
  if (!load_key (&self, key, &error) || !load_vault (&self, hq, &error))
    return mere_hq_fail (error);
  path = g_strdup ((*args)[1]);
  if (g_str_has_suffix (path, MERE_MINISIGN_SUFFIX))
    path[strlen (path) - strlen (MERE_MINISIGN_SUFFIX)] = '\0';
  return verify (hq, &self, path);
}
