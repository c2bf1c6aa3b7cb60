/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One file of a bundle, as the manifest describes it, and the names that files may have. */

#include "config.h"

#include "sync/manifest-private.h"

#include <string.h>

#include "app/store/words.h"
#include "sync/hash.h"

#define UUID_PREFIX "uuid:"
#define UUID_LENGTH 36
#define HEX_LENGTH (2 * MERE_CONTENT_SIZE)
#define MAX_TEXT 1024

static const char *const types[] = {
  [MERE_ENTRY_RECORD] = "record",
  [MERE_ENTRY_BLOB] = "blob",
  [MERE_ENTRY_CHUNK] = "chunk",
  [MERE_ENTRY_EVENT] = "event",
  [MERE_ENTRY_INSTRUMENT] = "instrument",
  [MERE_ENTRY_TRUST] = "trust",
  [MERE_ENTRY_RECEIPT] = "receipt",
  [MERE_ENTRY_DISPATCH] = "dispatch",
};

const char *
mere_entry_type_to_string (MereEntryType type)
{
  return types[type];
}

void
mere_entry_copy (const MereEntry *self,
                 MereEntry       *copy)
{
  *copy = *self;
  copy->path = g_strdup (self->path);
  copy->b2 = g_strdup (self->b2);
  copy->record = g_strdup (self->record);
  copy->form = g_strdup (self->form);
  copy->form_version = g_strdup (self->form_version);
  copy->form_b2 = g_strdup (self->form_b2);
  copy->supersedes = g_strdup (self->supersedes);
  copy->blobs = g_strdupv (self->blobs);
  copy->assessment = g_strdup (self->assessment);
  copy->crossing = g_strdup (self->crossing);
  copy->finalised = g_strdup (self->finalised);
  copy->mime = g_strdup (self->mime);
  copy->name = g_strdup (self->name);
  copy->of = g_strdup (self->of);
}

void
mere_entry_clear (MereEntry *self)
{
  g_free (self->path);
  g_free (self->b2);
  g_free (self->record);
  g_free (self->form);
  g_free (self->form_version);
  g_free (self->form_b2);
  g_free (self->supersedes);
  g_strfreev (self->blobs);
  g_free (self->assessment);
  g_free (self->crossing);
  g_free (self->finalised);
  g_free (self->mime);
  g_free (self->name);
  g_free (self->of);
  memset (self, 0, sizeof *self);
}

/* How many of the characters at the start of @text are hex digits or, with @dash, dashes. */
static gsize
span (const char *text,
      gboolean    dash)
{
  return strspn (text, dash ? "0123456789abcdef-" : "0123456789abcdef");
}

static gboolean
record_is (const char *record)
{
  const char *uuid = record + strlen (UUID_PREFIX);

  return g_str_has_prefix (record, UUID_PREFIX) && span (uuid, TRUE) == UUID_LENGTH && uuid[UUID_LENGTH] == '\0';
}

char *
mere_entry_path_of_record (const char *record)
{
  return record_is (record) ? g_strconcat ("records/", record + strlen (UUID_PREFIX), ".xml", NULL) : NULL;
}

char *
mere_entry_path_of_blob (const char *b2)
{
  return g_strconcat ("blobs/", b2, NULL);
}

char *
mere_entry_path_of_chunk (const char *of,
                          guint       piece)
{
  return g_strdup_printf ("chunks/%s.%04u", of, piece);
}

static gboolean
record_path_is (const char *name)
{
  return span (name, TRUE) == UUID_LENGTH && (strcmp (name + UUID_LENGTH, ".xml") == 0 || strcmp (name + UUID_LENGTH, ".json") == 0);
}

static gboolean
chunk_path_is (const char *name)
{
  return span (name, FALSE) == HEX_LENGTH && name[HEX_LENGTH] == '.' &&
         strspn (name + HEX_LENGTH + 1, "0123456789") == 4 && name[HEX_LENGTH + 5] == '\0';
}

gboolean
mere_entry_path_is (const char *path)
{
  if (g_str_has_prefix (path, "records/"))
    return record_path_is (path + strlen ("records/"));
  if (g_str_has_prefix (path, "blobs/"))
    return mere_hex_is (path + strlen ("blobs/"), MERE_CONTENT_SIZE);
  if (g_str_has_prefix (path, "chunks/"))
    return chunk_path_is (path + strlen ("chunks/"));

  return strcmp (path, "manifest.json") == 0 || strcmp (path, "manifest.json.minisig") == 0;
}

static const char *
check_record (MereEntry *entry)
{
  g_autofree char *path = NULL;

  if (entry->record == NULL || !record_is (entry->record))
    return "a record without a proper id";
  if (entry->form == NULL || entry->form[0] == '\0' || entry->form_version == NULL)
    return "a record without form and version";
  if (entry->form_b2 == NULL || !mere_hex_is (entry->form_b2, MERE_CONTENT_SIZE))
    return "a record without the hash of its form";
  if (entry->supersedes != NULL && !record_is (entry->supersedes))
    return "a record that supersedes something without a proper id";
  for (gsize i = 0; entry->blobs != NULL && entry->blobs[i] != NULL; i++)
    if (!mere_hex_is (entry->blobs[i], MERE_CONTENT_SIZE))
      return "a record with an attachment that is no hash";

  path = mere_entry_path_of_record (entry->record);
  if (entry->path == NULL)
    entry->path = g_strdup (path);

  return strcmp (entry->path, path) == 0 ? NULL : "a record whose path is not that of its id";
}

static const char *
check_chunk (const MereEntry *entry)
{
  if (entry->of == NULL || !mere_hex_is (entry->of, MERE_CONTENT_SIZE))
    return "a chunk without the hash of the whole";
  if (entry->path == NULL || !g_str_has_prefix (entry->path, "chunks/") || !g_str_has_prefix (entry->path + strlen ("chunks/"), entry->of))
    return "a chunk whose path is not that of the whole";
  if (entry->offset > entry->total || entry->size > entry->total - entry->offset)
    return "a chunk that reaches beyond the whole";

  return NULL;
}

static const char *
check_blob (MereEntry *entry)
{
  g_autofree char *path = mere_entry_path_of_blob (entry->b2);

  if (entry->path == NULL)
    entry->path = g_strdup (path);
  if (strcmp (entry->path, path) == 0)
    return NULL;
  if (entry->type != MERE_ENTRY_BLOB && g_str_has_prefix (entry->path, "records/"))
    return NULL;

  return "a file whose path is not that of its hash";
}

const char *
mere_entry_complete (MereEntry *entry)
{
  const char *problem;

  if (entry->b2 == NULL || !mere_hex_is (entry->b2, MERE_CONTENT_SIZE))
    return "a file without its hash";

  if (entry->type == MERE_ENTRY_RECORD)
    problem = check_record (entry);
  else if (entry->type == MERE_ENTRY_CHUNK)
    problem = check_chunk (entry);
  else
    problem = check_blob (entry);
  if (problem == NULL && (!mere_entry_path_is (entry->path) || g_str_has_prefix (entry->path, "manifest")))
    problem = "a file whose name no bundle may hold";

  return problem;
}

static gboolean
read_type (MereJson *json,
           gpointer  structure)
{
  MereEntry       *entry = structure;
  g_autofree char *text = NULL;
  int              found;

  if (!mere_json_read_string (json, &text))
    return FALSE;
  found = mere_words_find (types, G_N_ELEMENTS (types), text);
  if (found < 0)
    return mere_json_fail (json, "a file of a type that is unknown here");
  entry->type = (MereEntryType) found;
  return TRUE;
}

#define FIELD(key, type_, flags_, most_)                              \
  {                                                                   \
#key, type_, G_STRUCT_OFFSET(MereEntry, key), flags_, most_, NULL \
  }

static const MereJsonField fields[] = {
  { "type", MERE_JSON_CUSTOM, 0, MERE_JSON_REQUIRED, 0, read_type },
  FIELD (path, MERE_JSON_STRING, MERE_JSON_REQUIRED, 100),
  FIELD (size, MERE_JSON_UINT64, MERE_JSON_REQUIRED, MERE_BUNDLE_MAX_TAR),
  FIELD (b2, MERE_JSON_STRING, MERE_JSON_REQUIRED, HEX_LENGTH),
  FIELD (record, MERE_JSON_STRING, MERE_JSON_OPTIONAL, MAX_TEXT),
  FIELD (form, MERE_JSON_STRING, MERE_JSON_OPTIONAL, MAX_TEXT),
  FIELD (form_version, MERE_JSON_STRING, MERE_JSON_OPTIONAL, MAX_TEXT),
  FIELD (form_b2, MERE_JSON_STRING, MERE_JSON_OPTIONAL, HEX_LENGTH),
  FIELD (supersedes, MERE_JSON_STRING, MERE_JSON_NULLABLE, MAX_TEXT),
  FIELD (blobs, MERE_JSON_STRINGS, MERE_JSON_NULLABLE, MERE_ENTRY_MAX_BLOBS),
  FIELD (assessment, MERE_JSON_STRING, MERE_JSON_NULLABLE, MAX_TEXT),
  FIELD (crossing, MERE_JSON_STRING, MERE_JSON_NULLABLE, MAX_TEXT),
  FIELD (finalised, MERE_JSON_STRING, MERE_JSON_NULLABLE, 64),
  FIELD (mime, MERE_JSON_STRING, MERE_JSON_NULLABLE, MAX_TEXT),
  FIELD (name, MERE_JSON_STRING, MERE_JSON_NULLABLE, MAX_TEXT),
  FIELD (of, MERE_JSON_STRING, MERE_JSON_OPTIONAL, HEX_LENGTH),
  FIELD (offset, MERE_JSON_UINT64, MERE_JSON_OPTIONAL, MERE_JSON_MAX_INT),
  FIELD (total, MERE_JSON_UINT64, MERE_JSON_OPTIONAL, MERE_JSON_MAX_INT),
};

gboolean
mere_entry_read (MereJson  *json,
                 MereEntry *entry)
{
  const char *problem;

  if (!mere_json_read_fields (json, fields, G_N_ELEMENTS (fields), entry))
    return FALSE;
  problem = mere_entry_complete (entry);

  return problem == NULL || mere_json_fail (json, problem);
}

static void
append_record (GString         *text,
               const MereEntry *entry)
{
  static const char *const none[] = { NULL };

  mere_json_append_text (text, "record", entry->record);
  mere_json_append_text (text, "form", entry->form);
  mere_json_append_text (text, "form_version", entry->form_version);
  mere_json_append_text (text, "form_b2", entry->form_b2);
  mere_json_append_key (text, "supersedes");
  mere_json_append_string (text, entry->supersedes);
  mere_json_append_strings (text, "blobs", entry->blobs != NULL ? (const char *const *) entry->blobs : none);
  mere_json_append_text (text, "assessment", entry->assessment);
  mere_json_append_text (text, "crossing", entry->crossing);
  mere_json_append_text (text, "finalised", entry->finalised);
}

void
mere_entry_append (GString         *text,
                   const MereEntry *entry)
{
  g_string_append_c (text, '{');
  mere_json_append_text (text, "path", entry->path);
  mere_json_append_int (text, "size", (gint64) entry->size);
  mere_json_append_text (text, "b2", entry->b2);
  mere_json_append_text (text, "type", mere_entry_type_to_string (entry->type));
  if (entry->type == MERE_ENTRY_RECORD)
    append_record (text, entry);
  else if (entry->type == MERE_ENTRY_CHUNK)
    {
      mere_json_append_text (text, "of", entry->of);
      mere_json_append_int (text, "offset", (gint64) entry->offset);
      mere_json_append_int (text, "total", (gint64) entry->total);
    }
  mere_json_append_text (text, "mime", entry->mime);
  mere_json_append_text (text, "name", entry->name);
  g_string_append_c (text, '}');
}
