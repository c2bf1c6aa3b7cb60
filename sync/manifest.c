/* SPDX-License-Identifier: GPL-3.0-or-later */

/* manifest.json: read and checked. The files stay in the text and are read again at each walk: a manifest of 200,000
 * files is held as its own bytes. */

#include "config.h"

#include "sync/manifest.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "sync/age.h"
#include "sync/code.h"
#include "sync/manifest-private.h"
#include "sync/minisign.h"

#define MAX_UNACKED 10000
#define CHAIN_ID_SIZE 16 /* bytes */

MereManifest *
mere_manifest_new (void)
{
  return g_new0 (MereManifest, 1);
}

void
mere_manifest_free (MereManifest *self)
{
  if (self == NULL)
    return;

  g_free (self->bundle);
  g_free (self->device);
  g_free (self->sign_key);
  g_free (self->box_key);
  g_strfreev (self->recipients);
  g_free (self->chain_id);
  g_free (self->prev);
  g_free (self->parent_id);
  g_free (self->parent_b2);
  g_free (self->created);
  g_clear_pointer (&self->unacked, g_array_unref);
  g_free (self->log_hash);
  g_free (self->app_name);
  g_free (self->app_version);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self);
}

MereManifest *
mere_manifest_copy (const MereManifest *self)
{
  MereManifest *copy = g_memdup2 (self, sizeof *self);

  copy->bundle = g_strdup (self->bundle);
  copy->device = g_strdup (self->device);
  copy->sign_key = g_strdup (self->sign_key);
  copy->box_key = g_strdup (self->box_key);
  copy->recipients = g_strdupv (self->recipients);
  copy->chain_id = g_strdup (self->chain_id);
  copy->prev = g_strdup (self->prev);
  copy->parent_id = g_strdup (self->parent_id);
  copy->parent_b2 = g_strdup (self->parent_b2);
  copy->created = g_strdup (self->created);
  copy->unacked = self->unacked != NULL ? g_array_copy (self->unacked) : NULL;
  copy->log_hash = g_strdup (self->log_hash);
  copy->app_name = g_strdup (self->app_name);
  copy->app_version = g_strdup (self->app_version);
  copy->text = self->text != NULL ? g_bytes_ref (self->text) : NULL;

  return copy;
}

GBytes *
mere_manifest_get_text (const MereManifest *self)
{
  return self->text;
}

/* While a manifest is read: it (first, so that one table of fields serves both), and what is checked across its parts. */
typedef struct
{
  MereManifest manifest;
  char        *format;
  guint        version;
  char       **critical;
  char        *kind;
  GArray      *hashes; /* guint64 of each path */
  guint8       key[crypto_shorthash_KEYBYTES];
} Reading;

#define OF_READING(member) G_STRUCT_OFFSET (Reading, member)
#define OF(member) G_STRUCT_OFFSET (MereManifest, member)

/* Readers of the manifest's own objects: each is a table. */
#define READER(name)                                                                             \
  static gboolean read_##name (MereJson *json, gpointer structure)                               \
  {                                                                                              \
    return mere_json_read_fields (json, name##_fields, G_N_ELEMENTS (name##_fields), structure); \
  }

static const MereJsonField sender_fields[] = {
  { "device", MERE_JSON_STRING, OF (device), MERE_JSON_REQUIRED, 8, NULL },
  { "sign_key", MERE_JSON_STRING, OF (sign_key), MERE_JSON_REQUIRED, 56, NULL },
  { "box_key", MERE_JSON_STRING, OF (box_key), MERE_JSON_REQUIRED, 62, NULL },
};

READER (sender)

static const MereJsonField parent_fields[] = {
  { "id", MERE_JSON_STRING, OF (parent_id), MERE_JSON_REQUIRED, 32, NULL },
  { "seq", MERE_JSON_UINT, OF (parent_seq), MERE_JSON_REQUIRED, MERE_CHAIN_MAX_SEQ, NULL },
  { "b2", MERE_JSON_STRING, OF (parent_b2), MERE_JSON_REQUIRED, 128, NULL },
};

READER (parent)

static const MereJsonField chain_fields[] = {
  { "id", MERE_JSON_STRING, OF (chain_id), MERE_JSON_REQUIRED, 32, NULL },
  { "no", MERE_JSON_UINT, OF (chain_no), MERE_JSON_REQUIRED, MERE_CHAIN_MAX_NO, NULL },
  { "seq", MERE_JSON_UINT, OF (seq), MERE_JSON_REQUIRED, MERE_CHAIN_MAX_SEQ, NULL },
  { "prev", MERE_JSON_STRING, OF (prev), MERE_JSON_REQUIRED | MERE_JSON_NULLABLE, 128, NULL },
  { "parent", MERE_JSON_CUSTOM, 0, MERE_JSON_NULLABLE, 0, read_parent },
};

READER (chain)

static const MereJsonField clock_fields[] = {
  { "trusted", MERE_JSON_BOOL, OF (clock_trusted), MERE_JSON_OPTIONAL, 0, NULL },
  { "boots", MERE_JSON_UINT, OF (boots), MERE_JSON_OPTIONAL, 0, NULL },
};

READER (clock)

static const MereJsonField seen_fields[] = {
  { "trust", MERE_JSON_UINT64, OF (seen_trust), MERE_JSON_OPTIONAL, 0, NULL },
  { "receipt", MERE_JSON_UINT64, OF (seen_receipt), MERE_JSON_OPTIONAL, 0, NULL },
  { "dispatch", MERE_JSON_UINT64, OF (seen_dispatch), MERE_JSON_OPTIONAL, 0, NULL },
};

READER (seen)

static const MereJsonField log_fields[] = {
  { "seq", MERE_JSON_UINT64, OF (log_seq), MERE_JSON_REQUIRED, 0, NULL },
  { "hash", MERE_JSON_STRING, OF (log_hash), MERE_JSON_REQUIRED, 64, NULL },
};

READER (log)

static const MereJsonField app_fields[] = {
  { "name", MERE_JSON_STRING, OF (app_name), MERE_JSON_OPTIONAL, 64, NULL },
  { "version", MERE_JSON_STRING, OF (app_version), MERE_JSON_OPTIONAL, 64, NULL },
};

READER (app)

static const MereJsonField tar_fields[] = {
  { "entries", MERE_JSON_UINT, OF (entries), MERE_JSON_REQUIRED, MERE_BUNDLE_MAX_ENTRIES, NULL },
  { "bytes", MERE_JSON_UINT64, OF (bytes), MERE_JSON_REQUIRED, MERE_BUNDLE_MAX_TAR, NULL },
};

READER (tar)

/* [[chain no, seq]…] */
static gboolean
read_unacked (MereJson *json,
              gpointer  structure)
{
  MereManifest *manifest = structure;

  manifest->unacked = g_array_new (FALSE, FALSE, sizeof (MereChainPlace));
  if (!mere_json_begin_array (json))
    return FALSE;
  while (mere_json_next_item (json))
    {
      gint64         numbers[2] = { 0 };
      guint          n = 0;
      MereChainPlace place;

      if (!mere_json_begin_array (json))
        return FALSE;
      while (mere_json_next_item (json))
        if (n == 2 || !mere_json_read_int (json, &numbers[n++]))
          return mere_json_fail (json, "a pair of numbers is expected");
      if (n != 2 || numbers[0] < 1 || numbers[0] > MERE_CHAIN_MAX_NO || numbers[1] < 1 || numbers[1] > MERE_CHAIN_MAX_SEQ)
        return mere_json_fail (json, "a pair that is no place in a chain");
      if (manifest->unacked->len == MAX_UNACKED)
        return mere_json_fail (json, "a list is too long");
      place = (MereChainPlace){ numbers[0], numbers[1] };
      g_array_append_val (manifest->unacked, place);
    }

  return json->problem == NULL;
}

static guint64
hash_path (const Reading *reading,
           const char    *path)
{
  guint64 hash;

  crypto_shorthash ((guint8 *) &hash, (const guint8 *) path, strlen (path), reading->key);

  return hash;
}

static gboolean
read_files (MereJson *json,
            gpointer  structure)
{
  Reading *reading = structure;
  g_auto (MereEntry) entry = { 0 };

  if (!mere_json_begin_array (json))
    return FALSE;
  reading->manifest.files = json->at;
  while (mere_json_next_item (json))
    {
      guint64 hash;

      mere_entry_clear (&entry);
      if (reading->hashes->len == MERE_BUNDLE_MAX_ENTRIES)
        return mere_json_fail (json, "too many files");
      if (!mere_entry_read (json, &entry))
        return FALSE;
      hash = hash_path (reading, entry.path);
      g_array_append_val (reading->hashes, hash);
    }

  return json->problem == NULL;
}

static const MereJsonField fields[] = {
  { "format", MERE_JSON_STRING, OF_READING (format), MERE_JSON_REQUIRED, 64, NULL },
  { "version", MERE_JSON_UINT, OF_READING (version), MERE_JSON_REQUIRED, 0, NULL },
  { "critical", MERE_JSON_STRINGS, OF_READING (critical), MERE_JSON_OPTIONAL, 64, NULL },
  { "kind", MERE_JSON_STRING, OF_READING (kind), MERE_JSON_REQUIRED, 64, NULL },
  { "bundle", MERE_JSON_STRING, OF (bundle), MERE_JSON_REQUIRED, MERE_BUNDLE_NAME_LENGTH, NULL },
  { "sender", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_sender },
  { "recipients", MERE_JSON_STRINGS, OF (recipients), MERE_JSON_REQUIRED, MERE_AGE_MAX_RECIPIENTS, NULL },
  { "trust", MERE_JSON_UINT, OF (trust), MERE_JSON_REQUIRED, 0, NULL },
  { "chain", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_chain },
  { "created", MERE_JSON_STRING, OF (created), MERE_JSON_OPTIONAL, 64, NULL },
  { "clock", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_clock },
  { "seen", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_seen },
  { "unacked", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_unacked },
  { "log", MERE_JSON_CUSTOM, 0, MERE_JSON_NULLABLE, 0, read_log },
  { "app", MERE_JSON_CUSTOM, 0, MERE_JSON_OPTIONAL, 0, read_app },
  { "tar", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_tar },
  { "files", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_files },
};

static int
compare_hashes (gconstpointer a,
                gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return (x > y) - (x < y);
}

static gboolean
has_twins (GArray *hashes)
{
  g_array_sort (hashes, compare_hashes);
  for (guint i = 1; i < hashes->len; i++)
    if (g_array_index (hashes, guint64, i - 1) == g_array_index (hashes, guint64, i))
      return TRUE;

  return FALSE;
}

static const char *
check_recipients (char **recipients)
{
  guint8 key[MERE_AGE_KEY_SIZE];

  if (recipients[0] == NULL)
    return "no recipient";
  for (gsize i = 0; recipients[i] != NULL; i++)
    {
      if (!mere_age_recipient_parse (recipients[i], key, NULL))
        return "a recipient that is no age key";
      for (gsize k = 0; k < i; k++)
        if (strcmp (recipients[k], recipients[i]) == 0)
          return "a recipient that comes twice";
    }

  return NULL;
}

static const char *
check_chain (const MereManifest *self)
{
  guint chain_no, seq;
  char  device[MERE_DEVICE_CODE_LENGTH + 1];

  if (!mere_bundle_name_parse (self->bundle, device, &chain_no, &seq))
    return "a name that is none of a bundle";
  if (strcmp (device, self->device) != 0 || chain_no != self->chain_no || seq != self->seq)
    return "a name that is not that of its device, chain and sequence";
  if (!mere_hex_is (self->chain_id, CHAIN_ID_SIZE))
    return "a chain whose id is not 32 hex digits";
  if ((self->prev == NULL) != (self->seq == 1) || (self->prev != NULL && !mere_hex_is (self->prev, MERE_HASH_SIZE)))
    return "a chain whose link is missing, out of place or no hash";
  if (self->parent_id != NULL && (!mere_hex_is (self->parent_id, CHAIN_ID_SIZE) || !mere_hex_is (self->parent_b2, MERE_HASH_SIZE)))
    return "a parent that is no chain";

  return NULL;
}

/* The rules between the parts. NULL, or what is broken. */
static const char *
check (const MereManifest *self)
{
  MereMinisignKey key;
  guint8          box[MERE_AGE_KEY_SIZE];
  const char     *problem = check_recipients (self->recipients);

  if (problem == NULL)
    problem = check_chain (self);
  if (problem == NULL && !mere_minisign_key_parse (self->sign_key, &key, NULL))
    problem = "a sender without a proper signing key";
  if (problem == NULL && !mere_age_recipient_parse (self->box_key, box, NULL))
    problem = "a sender without a proper age key";
  if (problem == NULL && self->log_hash != NULL && !mere_hex_is (self->log_hash, MERE_CONTENT_SIZE))
    problem = "a log whose newest hash is none";

  return problem;
}

static gboolean
refuse (GError    **error,
        const char *problem,
        gsize       at)
{
  /* Translators: the first %s is a technical phrase in English. */
  g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_MANIFEST,
               _ ("The manifest breaks the format (%s, at byte %zu). Nothing was taken from the bundle."), problem, at);

  return FALSE;
}

static gboolean
finish (Reading  *reading,
        MereJson *json,
        GError  **error)
{
  MereManifest *self = &reading->manifest;
  const char   *problem;

  if (strcmp (reading->format, MERE_MANIFEST_FORMAT) != 0 || !mere_bundle_kind_parse (reading->kind, &self->kind))
    return refuse (error, "another format or kind", 0);
  problem = check (self);
  if (problem != NULL)
    return refuse (error, problem, json->at);
  if (has_twins (reading->hashes))
    {
      g_set_error_literal (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_DUPLICATE,
                           _ ("The manifest lists a file twice. Nothing was taken from the bundle."));
      return FALSE;
    }
  if (self->entries != reading->hashes->len + 2)
    {
      g_set_error_literal (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_ENTRIES,
                           _ ("The manifest lists more or fewer files than it says. Nothing was taken from the bundle."));
      return FALSE;
    }
  return TRUE;
}

static gboolean
parse (Reading *reading,
       GBytes  *text,
       GError **error)
{
  gsize       size;
  const char *characters = g_bytes_get_data (text, &size);
  MereJson    json;
  gboolean    read;

  mere_json_init (&json, characters, size);
  read = mere_json_read_fields (&json, fields, G_N_ELEMENTS (fields), reading) && mere_json_end (&json);
  if (reading->version > MERE_MANIFEST_VERSION || (reading->critical != NULL && reading->critical[0] != NULL))
    {
      g_set_error_literal (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_NEWER,
                           _ ("The bundle was made by a newer version and must not be read by this one. It was kept; update this program."));
      return FALSE;
    }
  if (!read)
    return refuse (error, json.problem, json.at);
  if (reading->version != MERE_MANIFEST_VERSION)
    return refuse (error, "a version that there never was", 0);

  return finish (reading, &json, error);
}

MereManifest *
mere_manifest_parse (GBytes  *text,
                     GError **error)
{
  Reading reading = { .manifest.text = g_bytes_ref (text) };
  g_autoptr (MereManifest) self = NULL;
  gboolean sound;

  reading.hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  randombytes_buf (reading.key, sizeof reading.key);
  sound = parse (&reading, text, error);
  g_array_unref (reading.hashes);
  g_free (reading.format);
  g_free (reading.kind);
  g_strfreev (reading.critical);
  self = g_memdup2 (&reading.manifest, sizeof reading.manifest);

  return sound ? g_steal_pointer (&self) : NULL;
}

void
mere_manifest_walk_init (MereManifestWalk   *self,
                         const MereManifest *manifest)
{
  *self = (MereManifestWalk){ .manifest = manifest, .at = manifest->files, .index = G_MAXUINT };
}

gboolean
mere_manifest_walk_next (MereManifestWalk *self,
                         MereEntry        *entry)
{
  MereJson    json;
  gsize       size;
  const char *text = g_bytes_get_data (self->manifest->text, &size);

  mere_json_init (&json, text, size);
  json.at = self->at;
  json.depth = 2;
  json.fresh = self->index == G_MAXUINT;
  mere_entry_clear (entry);
  if (!mere_json_next_item (&json) || !mere_entry_read (&json, entry))
    return FALSE;
  self->at = json.at;
  self->index++;

  return TRUE;
}
